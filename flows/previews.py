"""Mails that nobody is sent: what waits, as it would look, and a sample."""

from __future__ import annotations

import base64
import contextlib
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from email.message import EmailMessage

from articles.model import Evidence, Stamp
from articles.recipients import Recipient
from articles.revision import Telling
from flows import inputs, letters, mailrooms
from flows.post import Post, Undelivered
from flows.settings import Settings
from storage import deliveries, periods
from storage.periods import Choose
from storage.summaries import Item

MADE_UP = Recipient(address="reader@example.org")
"""Whoever is shown what waits where nobody is to be written to yet."""


class _Undone(Exception):
    """Ends a transaction that was never meant to last."""


def waiting(settings: Settings, digests: Choose | None = None, *, to: str | None = None) -> list[EmailMessage]:
    """The mails that the next `rasid alert` would send (`to` this address), with `digests`; nothing is sent or marked.

    Raises:
        Faults: recipients.toml can't be used.
        StorageError: the database or the state folder can't be used.
    """
    readers = _readers(settings, to)
    now, mails = datetime.now(UTC), tuple[deliveries.Delivery, ...]()
    with mailrooms.working(settings) as (store, life):
        # Decided by the sender's own rules, then taken back.
        with contextlib.suppress(_Undone), store.write() as connection:
            if digests is not None:
                periods.owe(connection, readers, digests, now)
            deliveries.address(connection, readers, now)
            mails = deliveries.claim(connection, life, now, force=True)
            raise _Undone
        compose = mailrooms.composer(settings, store, readers)
        return [compose(mail) for mail in mails if to is None or mail.recipient == to]


def page(message: EmailMessage) -> str:
    """A mail's HTML with its pictures inside, for a browser."""
    body = message.get_body(("html",))
    html: str = body.get_content() if body is not None else ""
    for part in message.walk():
        data = part.get_payload(decode=True)
        if part.get_content_maintype() == "image" and isinstance(data, bytes):
            picture = f"data:{part.get_content_type()};base64,{base64.b64encode(data).decode()}"
            html = html.replace(f"cid:{part['Content-ID'].strip('<>')}", picture)
    return html


def send_samples(settings: Settings, to: Sequence[Recipient]) -> list[tuple[str, Undelivered | None]]:
    """Sends everyone a sample now, whatever waits; says of each why it could not, if so."""
    if settings.mail_server is None:
        raise ValueError("a sample needs a mail server")
    sent: list[tuple[str, Undelivered | None]] = []
    for reader in to:
        try:
            with Post(settings.mail_server) as post:
                post.send(_sample(settings, reader), sender=settings.mail_from, to=reader.address)
            sent.append((reader.address, None))
        except Undelivered as fault:
            sent.append((reader.address, fault))
            if fault.silent:
                break
    return sent


def _readers(settings: Settings, to: str | None) -> tuple[Recipient, ...]:
    known = inputs.recipients_of(settings)
    if to is not None and to not in {reader.address for reader in known}:
        return (*known, Recipient(address=to))
    return known or (MADE_UP,)


def _sample(settings: Settings, reader: Recipient) -> EmailMessage:
    envelope = mailrooms.envelope(settings, reader, f"test.{uuid.uuid4().hex}")
    return letters.sample(envelope, SAMPLE)


_TITLE = "سفير فلسطين لدى كازاخستان يفتتح معرضا للتطريز في أستانا"
_TEXT = (
    "افتتح سفير دولة فلسطين لدى كازاخستان في العاصمة أستانا معرضا للتطريز يضم ستين ثوبا.\n"
    "Посол Палестины в Казахстане поблагодарил музей за помощь; выставка открыта до конца месяца.\n"
    "Көрме ай соңына дейін ашық. The exhibition stays open until the end of the month."
)

SAMPLE = Item(
    id=0,
    version=1,
    name=None,
    now=Telling(title=_TITLE, text=_TEXT),
    before=None,
    language="ar",
    url="https://news.example/sample",
    source="news.example",
    kind="A",
    review=False,
    evidence=(
        Evidence(side="palestine", term="فلسطين", where="title", sentence=_TITLE),
        Evidence(side="kazakhstan", term="كازاخستان", where="title", sentence=_TITLE),
        Evidence(side="kazakhstan", term="أستانا", where="title", sentence=_TITLE),
    ),
    published=Stamp(at=datetime(2026, 1, 15, tzinfo=UTC), precision="day", evidence=""),
    first_seen_at=datetime(2026, 1, 15, tzinfo=UTC),
    story=0,
)
"""A made-up article in four languages."""
