"""What the dashboard shows of a pass: its sources, its new documents, what waits for people and taggers. Pure.

Titles and sentences come from strangers: everything is stripped of controls, escaped, and set in its own direction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from markupsafe import Markup, escape

from articles.text import one_line
from flows import health, letter_parts
from flows.letter_parts import Block
from flows.report import Report, SourceReport
from storage.periods import Document, Health
from storage.tags import Status

SOURCES, NEWS, WAITING = "sources", "new-documents", "waiting"
"""The artifacts' keys: fixed, so that each has its history at /artifacts/key/KEY."""

ROWS = 200
"""Sources in a table: a pass leaves one every quarter of an hour, and Prefect keeps them for weeks."""

LISTED = 50
"""New documents told one by one."""

Row = dict[str, str | int]

_RANK = {state: rank for rank, state in enumerate((health.BROKEN, health.SILENT, health.FAILING))}


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """What is owed to people and taggers."""

    mails: int
    mails_since: datetime | None
    note: str | None
    """Why mail waits, where that is known."""
    taggers: tuple[Status, ...]
    longest: timedelta
    """A document that waits longer for a tag is told of."""


def sources(report: Report, known: Sequence[Health]) -> list[Row]:
    """A row for each source of a pass: those visited in the catalogue's order, then the others, ailing ones first."""
    by_name = {one.source: one for one in known}
    states = {one.source: health.state(one) for one in known}
    visited = [one for one in report.sources if one.seconds]
    others = [one for one in report.sources if not one.seconds]
    others.sort(key=lambda one: _RANK.get(states.get(one.name, ""), len(_RANK)))
    return [_row(one, by_name.get(one.name)) for one in (*visited, *others)[:ROWS]]


def told(report: Report) -> str:
    """A pass in one sentence."""
    totals = report.json()["totals"]
    read = sum(one.seconds > 0 for one in report.sources)
    return (
        f"{letter_parts.many(read, 'source')} of {len(report.sources)} visited in {report.seconds:.1f} s: "
        f"{letter_parts.many(totals['new'], 'new article')}, {totals['on_topic']} on topic, "
        f"{totals['duplicates']} already here, {letter_parts.many(totals['failed'], 'page')} failed."
    )


def news(documents: Sequence[Document], names: Mapping[str, str]) -> str:
    """The new documents as Markdown; `names` are the sources' titles."""
    head = f"**{letter_parts.many(len(documents), 'new document')}**"
    blocks = [_document(one, names) for one in documents[:LISTED]]
    more = [f"… and {len(documents) - LISTED} more: `rasid list --on-topic`"] if len(documents) > LISTED else []
    return "\n\n".join([head, *blocks, *more])


def waiting(this: Waiting, now: datetime) -> list[Row]:
    """A row for the mail and one for each tagger: how much waits, and how old it is."""
    mail: Row = {
        "for": "mail",
        "waiting": this.mails,
        "oldest": _age(this.mails_since, now),
        "usual delay": "",
        "late": "",
        "why": this.note or "",
    }
    return [mail, *(_tagger(one, this.longest, now) for one in this.taggers)]


def _row(one: SourceReport, known: Health | None) -> Row:
    return {
        "source": one.name,
        "health": health.state(known) if known else health.UNREAD,
        "outcome": str(one.outcome),
        "found": one.discovered,
        "new": one.new,
        "same": one.duplicates,
        "on topic": one.on_topic,
        "failed": one.failed,
        "seconds": f"{one.seconds:.1f}" if one.seconds else "",
        "last read": _moment(known.succeeded_at if known else None),
        "next due": _moment(known.due_at if known else None),
        "why": letter_parts.shortened(one_line(letter_parts.plain(one.error or "")), 200),
    }


def _tagger(one: Status, longest: timedelta, now: datetime) -> Row:
    since = one.oldest_waiting_since
    return {
        "for": f"tagger {one.tagger}",
        "waiting": one.waiting,
        "oldest": _age(since, now),
        "usual delay": "" if one.p50_seconds is None else _span(one.p50_seconds),
        "late": "yes" if since and now - since > longest else "",
        "why": "",
    }


def _document(one: Document, names: Mapping[str, str]) -> Markup:
    """A document as one block of HTML: a blank line within would make Markdown of it again."""
    title = letter_parts.title(one.title, one.begins, one.language)
    lead = letter_parts.lead(one.evidence, one.language)
    about = letter_parts.block(one_line(names.get(one.source or "", one.source or "")), one.language)
    parts = [Markup("<strong>{}</strong>").format(_linked(title, one.url))]
    facts = Block(f"{letter_parts.brief(one.published)} · class {one.kind}", "ltr", "en")
    parts.append(Markup("{} · {}").format(_isolated(about), _isolated(facts)))
    if lead:
        parts.append(Markup("<em>{}</em>").format(letter_parts.plain("".join(piece.text for piece in lead.pieces))))
    parts.append(Markup("<code>{}</code>").format(_isolated(Block(one.name or "", "ltr", "en"))))
    inner = Markup("<br>").join(parts)
    return Markup('<div dir="{}" lang="{}">{}<br><br></div>').format(title.dir, title.lang, inner)


def _linked(title: Block, url: str | None) -> Markup:
    text = escape(one_line(letter_parts.plain(title.text)))
    address = letter_parts.link(url)
    return Markup('<a href="{}" rel="noreferrer noopener">{}</a>').format(address, text) if address else text


def _isolated(block: Block) -> Markup:
    """A text that keeps its order whatever runs around it: a date or a file name among Arabic is else turned about."""
    return Markup('<bdi dir="{}">{}</bdi>').format(block.dir, letter_parts.plain(block.text))


def _moment(moment: datetime | None) -> str:
    return f"{moment.astimezone(UTC):%d.%m. %H:%M}" if moment else ""


def _age(since: datetime | None, now: datetime) -> str:
    return _span((now - since).total_seconds()) if since else ""


def _span(seconds: float) -> str:
    """A span as a person says it, in its largest sensible unit."""
    for unit, length in (("days", 86_400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{max(seconds, 0):.0f} s"
