"""Letters: what a mail says, as one message of plain text and HTML. Pure; what it tells is given.

Titles, sentences and addresses come from strangers: everything passes `letter_parts.plain`, and is escaped in HTML.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from articles.text import one_line
from flows import charts, digest_words, letter_parts
from flows.bulletin import Bulletin
from flows.mail_server import ascii_host
from storage.summaries import Item

SUBJECT_CHARS = 150
LISTED = 60
"""Entries under one heading of a digest; some readers cut a mail off at 100 KB."""

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, kw_only=True, slots=True)
class Envelope:
    """Who writes to whom, and why."""

    sender: str
    to: str
    message_id: str
    """The left side; the sender's host is the right one."""
    date: datetime
    why: str
    """Why they get this mail, in a plain sentence."""
    stop: str
    """How to get it no longer."""
    answers: str | None = None
    """The left side of the Message-ID of the first mail on the same story."""
    names: Mapping[str, str] = field(default_factory=dict)
    """The sources' titles by their names."""


def story(envelope: Envelope, item: Item) -> EmailMessage:
    """A story that begins."""
    return _letter(envelope, "story", _subject(item, "", ""), {"item": item})


def revision(envelope: Envelope, item: Item) -> EmailMessage:
    """A document that its publisher has changed."""
    changes = letter_parts.changes(item.before, item.now, item.language) if item.before else ()
    told = {"item": item, "changes": changes}
    return _letter(envelope, "revision", _subject(item, ", revised", "، نص معدّل"), told)


def batch(envelope: Envelope, items: Sequence[Item]) -> EmailMessage:
    """Several at once, when there are too many for a mail each."""
    return _letter(envelope, "batch", f"Rasid: {letter_parts.many(len(items), 'alert')} at once", {"items": items})


def digest(envelope: Envelope, bulletin: Bulletin) -> EmailMessage:
    """A day or a week at a glance."""
    news = "nothing new" if bulletin.nothing else letter_parts.many(bulletin.news, "new document")
    subject = f"Rasid digest: {news}, {letter_parts.day(bulletin.end)}"
    message = _letter(envelope, "digest", subject, {"this": bulletin, "listed": LISTED, "chart": _chart_cid(envelope)})
    _illustrate(message, bulletin, _chart_cid(envelope))
    return message


def sample(envelope: Envelope, item: Item) -> EmailMessage:
    """A sample, to see whether mail arrives and how it looks."""
    return _letter(envelope, "test", "Rasid: a test mail", {"item": item})


def notice(envelope: Envelope, subject: str, text: str) -> EmailMessage:
    """Word to an operator, in plain text."""
    message = EmailMessage(policy=POLICY)
    _head(message, envelope, subject)
    message.set_content(text)
    return message


def host(address: str) -> str:
    """The host of an address as headers write it."""
    return ascii_host(address).rpartition("@")[2]


def _letter(envelope: Envelope, kind: str, subject: str, told: dict[str, Any]) -> EmailMessage:
    message = EmailMessage(policy=POLICY)
    _head(message, envelope, subject)
    around = {"envelope": envelope, "kind": kind, "subject": subject, **told}
    message.set_content(_render(f"{kind}.txt.j2", around))
    message.add_alternative(_render(f"{kind}.html.j2", around), subtype="html")
    return message


def _head(message: EmailMessage, envelope: Envelope, subject: str) -> None:
    here = host(envelope.sender)
    message["Subject"] = subject_line(subject)
    message["From"] = _address("Rasid", envelope.sender)
    message["To"] = _address("", envelope.to)
    message["Date"] = format_datetime(envelope.date)
    message["Message-ID"] = f"<{envelope.message_id}@{here}>"
    if envelope.answers:
        message["In-Reply-To"] = message["References"] = f"<{envelope.answers}@{here}>"
    message["List-Id"] = f"Rasid <rasid.{here}>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"


def _address(name: str, address: str) -> Address:
    # By its two halves: as a whole the library takes no name in another script.
    user, _, domain = ascii_host(address).rpartition("@")
    return Address(name, username=user, domain=domain)


def _subject(item: Item, note: str, note_rtl: str) -> str:
    """The title behind the watch's name, in the script of the title: so it reads from one side throughout."""
    title = letter_parts.title(item.now.title, item.now.text, item.language)
    return f"راصد{note_rtl}: {title.text}" if title.dir == "rtl" else f"Rasid{note}: {title.text}"


def subject_line(text: str) -> str:
    """A text as a Subject: one line without controls, direction marks, or what reads as an encoded word."""
    return letter_parts.shortened(one_line(letter_parts.plain(text)), SUBJECT_CHARS).replace("=?", "= ?")


def _illustrate(message: EmailMessage, bulletin: Bulletin, cid: str) -> None:
    usual = bulletin.usual
    picture = charts.bars(
        [count for _, count in usual.days],
        now=usual.now,
        usual=None if usual.mean is None else usual.mean / usual.now,
        begin=f"{usual.days[0][0]:%d.%m.%Y}",
        end=f"{usual.days[-1][0]:%d.%m.%Y}",
    )
    *_, page = message.iter_parts()
    assert isinstance(page, EmailMessage)
    page.add_related(picture, "image", "png", cid=f"<{cid}>", disposition="inline", filename="documents.png")


def _chart_cid(envelope: Envelope) -> str:
    return f"chart.{envelope.message_id}@{host(envelope.sender)}"


class _Policy(EmailPolicy):
    """SMTP's, with a Subject that is not ASCII encoded as a whole.

    The library encodes the words that need it one by one, and loses or adds spaces between them (Python 3.11: one
    subject in ten of mixed scripts comes back changed).
    """

    def fold(self, name: str, value: Any) -> str:
        return self._whole(name, value) or super().fold(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        whole = self._whole(name, value)
        return whole.encode("ascii") if whole else super().fold_binary(name, value)

    def _whole(self, name: str, value: str) -> str | None:
        if name.lower() != "subject" or (value.isascii() and len(value) < 60):
            return None
        encoded = Header(str(value), "utf-8", header_name=name).encode(linesep=self.linesep)
        return f"{name}: {encoded}{self.linesep}"


# 7bit: not every server takes bytes above 127 as they are.
POLICY = _Policy(linesep="\r\n", max_line_length=78, cte_type="7bit")


def _render(template: str, around: Mapping[str, object]) -> str:
    return _ENVIRONMENT.get_template(template).render(around)


def _finalize(value: object) -> object:
    """The last door: whatever a template prints has passed it."""
    return letter_parts.plain(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=lambda name: name is not None and ".html" in name,
        undefined=StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    parts = letter_parts
    environment.globals |= {
        "brief": parts.brief,
        "classes": parts.CLASSES,
        "clock": parts.clock,
        "day": parts.day,
        "lead": parts.lead,
        "link": parts.link,
        "many": parts.many,
        "opening": parts.opening,
        "published": parts.published,
        "sentences": parts.sentences,
        "title": parts.title,
        "words": digest_words,
        "block": parts.block,
        "places": _places,
    }
    return environment


def _places(item: Item) -> Iterator[tuple[str, Sequence[Any]]]:
    """Where else it was told, under a heading each."""
    yield from (
        (heading, places)
        for heading, places in (
            ("The same text was also seen at", item.sightings),
            ("Near copies", item.copies),
            ("Other reports of this story", item.reports),
        )
        if places
    )


_ENVIRONMENT = _environment()
