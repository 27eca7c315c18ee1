"""The mailroom that the settings describe: who is written to, and what each mail says."""

from __future__ import annotations

import functools
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage

from articles import recipients
from articles.faults import Faults
from articles.recipients import Recipient
from flows import alerts, bulletin, inputs, letters
from flows.alerts import Compose, Mailroom, Sending
from flows.letters import Envelope
from flows.settings import Settings
from flows.stores import opened
from storage import deliveries, lives, outbox, periods, summaries
from storage.database import Store
from storage.deliveries import Delivery
from storage.lives import Life
from storage.periods import Choose


def mailroom(settings: Settings, store: Store) -> Mailroom:
    """The mailroom of these settings; its mails are composed of what stands in the store at that moment.

    Raises:
        Faults: all that is wrong with recipients.toml.
    """
    to = inputs.recipients_of(settings)
    return Mailroom(
        server=settings.mail_server,
        sender=settings.mail_from,
        recipients=to,
        compose=composer(settings, store, to),
    )


def send(settings: Settings, digests: Choose | None = None, *, force: bool) -> Sending:
    """Sends what waits and is due (`force`: whatever its backoff), and before that the digests that are owed.

    Raises:
        Faults: recipients.toml can't be used.
        StorageError: the database or the state folder can't be used.
    """
    to = inputs.recipients_of(settings)
    with working(settings) as (store, life):
        if digests is not None:
            with store.write() as connection:
                periods.owe(connection, to, digests, datetime.now(UTC))
        return alerts.drain(store, mailroom(settings, store), life, force=force)


@contextmanager
def working(settings: Settings) -> Iterator[tuple[Store, Life]]:
    """The open store, and a sender's life."""
    run = f"alert-{uuid.uuid4().hex[:12]}"
    with opened(settings) as store, lives.life(store, run, settings.home / "runs") as life:
        yield store, life


def composer(settings: Settings, store: Store, to: tuple[Recipient, ...]) -> Compose:
    """What turns a delivery to one of these recipients into a mail."""
    names = functools.cache(functools.partial(_names, settings))
    readers = {recipient.address: recipient for recipient in to}

    def compose(mail: Delivery) -> EmailMessage:
        reader = readers.get(mail.recipient, Recipient(address=mail.recipient))
        return _compose(store, mail, reader, envelope(settings, reader, mail.message_id, names()))

    return compose


def envelope(
    settings: Settings, reader: Recipient, message_id: str, names: Mapping[str, str] | None = None
) -> Envelope:
    """The outside of a mail to a reader, with why they get it."""
    return Envelope(
        sender=settings.mail_from,
        to=reader.address,
        message_id=message_id,
        date=datetime.now(UTC),
        why=_why(settings, reader),
        stop=_stop(settings),
        names=names or {},
    )


def _compose(store: Store, mail: Delivery, reader: Recipient, around: Envelope) -> EmailMessage:
    with store.read() as connection:
        if mail.period is not None:
            return letters.digest(around, bulletin.bulletin(periods.period(connection, *mail.period), reader))
        items = [summaries.item(connection, told) for told in mail.told]
        if mail.kind == deliveries.BATCH:
            return letters.batch(around, items)
        (item,) = items
        first = summaries.thread(connection, mail.recipient, item.story, mail.id)
    around = replace(around, answers=first)
    return letters.revision(around, item) if mail.kind == outbox.REVISION else letters.story(around, item)


def _names(settings: Settings) -> dict[str, str]:
    """The sources' titles; where the catalogue can't be read a mail names them by their slugs."""
    try:
        return {source.name: source.title for source in inputs.sources_of(settings)}
    except Faults:
        return {}


def _why(settings: Settings, reader: Recipient) -> str:
    wishes = _wishes(reader)
    in_setting = reader.address.casefold() in {address.casefold() for address in settings.mail_to}
    if in_setting and reader == Recipient(address=reader.address):
        return f"{reader.address} stands in RASID_MAIL_TO, which is told of everything."
    if settings.recipients.is_file():
        return f"{reader.address} stands in {settings.recipients.name}, which asks for {wishes}."
    return f"{reader.address} asked for {wishes}."


def _wishes(reader: Recipient) -> str:
    """A recipient's block in words."""
    wishes = [
        f"{name} {', '.join(values)}"
        for name, values in (
            ("languages", reader.languages),
            ("classes", reader.classes),
            ("sources", reader.sources),
        )
        if values
    ]
    when = {
        recipients.AT_ONCE: "mail at once",
        recipients.DIGEST: f"a digest each {reader.digest}",
        recipients.BOTH: f"mail at once and a digest each {reader.digest}",
    }[reader.mail]
    return f"{'; '.join(wishes) or 'everything'}, by {when}"


def _stop(settings: Settings) -> str:
    return (
        f"Have your address taken out of RASID_MAIL_TO and {settings.recipients.name}: whoever runs this watch"
        f" reads {settings.mail_from}."
    )
