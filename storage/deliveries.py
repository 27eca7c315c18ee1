"""Mails to recipients: written from what is owed, claimed under a lease, marked once they are handed over.

Sent, then marked: a sender that dies between the two sends again, under the same Message-ID.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, func, or_, select, update

from articles import recipients
from articles.recipients import Recipient
from storage import outbox
from storage.database import insert
from storage.lives import Life
from storage.tables import ARTICLE, DELIVERY, OUTBOX, SIGHTING

BATCH, DIGEST = "batch", "digest"
WAITING, SENT, DEAD, CANCELLED = "waiting", "sent", "dead", "cancelled"

LEASE = timedelta(minutes=10)
"""The backstop behind the sender's life."""

AT_ONCE = 10
WINDOW = timedelta(minutes=30)
"""Mails at once to one recipient in this span; what comes above goes in one batch."""

FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=5), timedelta(hours=6)
GIVEN_UP = timedelta(days=7)
"""After which a mail that could never be handed over is a dead letter: kept, shown, not tried again."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """One thing that a mail tells: a version of an article, and why."""

    kind: str
    article_id: int
    version: int


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """A mail that this sender holds."""

    id: int
    recipient: str
    kind: str
    message_id: str
    born_at: datetime
    tries: int
    told: tuple[Told, ...] = ()
    """What it tells; nothing for a digest, which tells of its period."""
    period: tuple[datetime, datetime] | None = None


def address(connection: Connection, to: Sequence[Recipient], now: datetime) -> None:
    """Writes a delivery of everything that is owed for each recipient who wants it. Without recipients all waits."""
    if not to:
        return
    owed = select(OUTBOX, ARTICLE.c.birth, ARTICLE.c.language, ARTICLE.c.kind.label("klass")).join(
        ARTICLE, ARTICLE.c.id == OUTBOX.c.article_id
    )
    # What an edit or a rule has taken off topic meanwhile is told to nobody.
    still = ARTICLE.c.on_topic & ARTICLE.c.same_as.is_(None)
    for row in connection.execute(owed.where(OUTBOX.c.addressed_at.is_(None), still).order_by(OUTBOX.c.id)).all():
        seen = select(SIGHTING.c.source).where(SIGHTING.c.article_id == row.article_id)
        sources = frozenset(connection.scalars(seen))
        rows = [
            _row(recipient, row, now)
            for recipient in to
            if recipient.mail != recipients.DIGEST
            and recipients.wants(recipient, language=row.language, kind=row.klass, sources=sources)
        ]
        if rows:
            connection.execute(insert(connection, DELIVERY).on_conflict_do_nothing(), rows)
    connection.execute(update(OUTBOX).where(OUTBOX.c.addressed_at.is_(None)).values(addressed_at=now))


def owe_digest(connection: Connection, recipient: Recipient, period: tuple[datetime, datetime], now: datetime) -> None:
    """Writes down that a recipient is to have the digest of a period; a second time changes nothing."""
    identity = f"{DIGEST} {recipient.address} {period[1].isoformat()}"
    row = _new(recipient.address, DIGEST, identity, now) | {"period_from": period[0], "period_until": period[1]}
    connection.execute(insert(connection, DELIVERY).values(row).on_conflict_do_nothing())


def last_digest(connection: Connection, recipient: Recipient) -> datetime | None:
    """Where the last digest of a recipient ended."""
    mine = (DELIVERY.c.recipient == recipient.address) & (DELIVERY.c.kind == DIGEST)
    until: datetime | None = connection.scalar(select(func.max(DELIVERY.c.period_until)).where(mine))
    return until


def claim(connection: Connection, life: Life, now: datetime, *, force: bool) -> tuple[Delivery, ...]:
    """Takes the mails whose time has come (`force`: all that wait) and that no live sender holds."""
    _withdraw(connection, now)
    due = (DELIVERY.c.state == WAITING) & DELIVERY.c.batch_id.is_(None)
    if not force:
        due &= DELIVERY.c.next_try_at <= now
    found = connection.execute(select(DELIVERY).where(due).order_by(DELIVERY.c.recipient, DELIVERY.c.id)).all()
    alive = {holder: life.alive(holder) for holder in {row.holder for row in found if row.holder}}
    free = [row for row in found if not (row.holder and row.held_until > now and alive[row.holder])]
    ids: list[int] = []
    for recipient, rows in groupby(free, key=_recipient):
        ids += _gather(connection, recipient, list(rows), now)
    if not ids:
        return ()
    held = {"holder": life.run, "held_until": now + LEASE}
    connection.execute(update(DELIVERY).where(DELIVERY.c.id.in_(ids)).values(held))
    mine = connection.execute(select(DELIVERY).where(DELIVERY.c.id.in_(ids)).order_by(DELIVERY.c.id))
    told = _told(connection, ids)
    return tuple(_delivery(row, told.get(row.id, ())) for row in mine)


def sent(connection: Connection, delivery_id: int, now: datetime) -> None:
    """Marks a mail, and those it tells of in a batch, as handed over."""
    mine = or_(DELIVERY.c.id == delivery_id, DELIVERY.c.batch_id == delivery_id)
    settled = {"state": SENT, "settled_at": now, "error": None, "holder": None, "held_until": None}
    connection.execute(update(DELIVERY).where(mine, DELIVERY.c.state == WAITING).values(settled))


def failed(connection: Connection, delivery: Delivery, reason: str, now: datetime) -> None:
    """Puts a mail off that could not be handed over; after a week of that it is a dead letter."""
    wait = min(FIRST_WAIT * 2 ** min(delivery.tries, 10), LONGEST_WAIT)
    values: dict[str, Any] = {"tries": delivery.tries + 1, "error": reason, "next_try_at": now + wait}
    values |= {"holder": None, "held_until": None}
    if now - delivery.born_at > GIVEN_UP:
        values |= {"state": DEAD, "settled_at": now}
    mine = or_(DELIVERY.c.id == delivery.id, DELIVERY.c.batch_id == delivery.id)
    connection.execute(update(DELIVERY).where(mine, DELIVERY.c.state == WAITING).values(values))


def release(connection: Connection, run: str) -> None:
    """Lets go what a sender still holds."""
    connection.execute(update(DELIVERY).where(DELIVERY.c.holder == run).values(holder=None, held_until=None))


def cancel(connection: Connection, delivery_id: int, now: datetime) -> bool:
    """Takes a mail back that has not been sent; False: there is none such."""
    mine = (DELIVERY.c.id == delivery_id) & DELIVERY.c.state.in_((WAITING, DEAD))
    cancelled = update(DELIVERY).where(mine).values(state=CANCELLED, settled_at=now)
    return connection.execute(cancelled).rowcount == 1


def resend(connection: Connection, delivery_id: int, now: datetime) -> bool:
    """Makes a mail wait again, whatever became of it; it goes out under its own Message-ID."""
    again = {"state": WAITING, "settled_at": None, "next_try_at": now, "born_at": now, "batch_id": None}
    return connection.execute(update(DELIVERY).where(DELIVERY.c.id == delivery_id).values(again)).rowcount == 1


def pending(connection: Connection) -> int:
    """How much waits to be told: what nobody is addressed with yet, and mails that are not sent."""
    owed = select(func.count()).select_from(OUTBOX).where(OUTBOX.c.addressed_at.is_(None))
    waiting = (DELIVERY.c.state == WAITING) & DELIVERY.c.batch_id.is_(None)
    mails = select(func.count()).select_from(DELIVERY).where(waiting)
    return connection.execute(owed).scalar_one() + connection.execute(mails).scalar_one()


def waiting_since(connection: Connection) -> datetime | None:
    """Since when the oldest of what is pending waits; None: nothing is."""
    owed = select(OUTBOX.c.born_at).where(OUTBOX.c.addressed_at.is_(None))
    mails = select(DELIVERY.c.born_at).where((DELIVERY.c.state == WAITING) & DELIVERY.c.batch_id.is_(None))
    first: datetime | None = connection.scalar(select(func.min(owed.union_all(mails).subquery().c.born_at)))
    return first


def listing(connection: Connection, states: Iterable[str]) -> list[Row[Any]]:
    """The mails in these states, the oldest first."""
    wanted = select(DELIVERY).where(DELIVERY.c.state.in_(list(states))).order_by(DELIVERY.c.id)
    return list(connection.execute(wanted))


def _withdraw(connection: Connection, now: datetime) -> None:
    """Cancels the mails on what has left the topic since they were addressed, and batches with nothing left to tell."""
    left = select(OUTBOX.c.id).join(ARTICLE, ARTICLE.c.id == OUTBOX.c.article_id)
    left = left.where(~ARTICLE.c.on_topic | ARTICLE.c.same_as.is_not(None))
    gone = DELIVERY.c.outbox_id.in_(left)
    members = DELIVERY.alias("member")
    empty = (DELIVERY.c.kind == BATCH) & ~select(members.c.id).where(
        members.c.batch_id == DELIVERY.c.id, members.c.state != CANCELLED
    ).exists()
    for withdrawn in (gone, empty):
        cancelled = {"state": CANCELLED, "settled_at": now, "error": "What it told of has left the topic."}
        connection.execute(update(DELIVERY).where(DELIVERY.c.state == WAITING, withdrawn).values(cancelled))


def _gather(connection: Connection, recipient: str, rows: Sequence[Row[Any]], now: datetime) -> list[int]:
    """The mails to send of those that wait for a recipient: one each, and one for all that would be too many."""
    lately = (DELIVERY.c.recipient == recipient) & (DELIVERY.c.settled_at > now - WINDOW) & (DELIVERY.c.state == SENT)
    alone = DELIVERY.c.batch_id.is_(None) & DELIVERY.c.kind.in_(outbox.KINDS)
    told = connection.execute(select(func.count()).select_from(DELIVERY).where(lately, alone)).scalar_one()
    single = [row.id for row in rows if row.kind in outbox.KINDS]
    others = [row.id for row in rows if row.kind not in outbox.KINDS]
    room = max(0, AT_ONCE - told)
    rest = single[room:]
    if len(rest) < 2:
        return [*single, *others]
    identity = " ".join([BATCH, *(row.message_id for row in rows if row.id in set(rest))])
    batch = insert(connection, DELIVERY).values(_new(recipient, BATCH, identity, now))
    batch_id = connection.execute(batch.returning(DELIVERY.c.id)).scalar_one()
    connection.execute(update(DELIVERY).where(DELIVERY.c.id.in_(rest)).values(batch_id=batch_id))
    return [*single[:room], *others, batch_id]


def _row(recipient: Recipient, owed: Row[Any], now: datetime) -> dict[str, Any]:
    identity = f"{owed.kind} {owed.birth} {owed.version} {owed.born_at.isoformat()} {recipient.address}"
    row = _new(recipient.address, owed.kind, identity, now)
    return row | {"outbox_id": owed.id, "next_try_at": recipients.free_from(recipient, now)}


def _new(recipient: str, kind: str, identity: str, now: datetime) -> dict[str, Any]:
    return {
        "recipient": recipient,
        "kind": kind,
        # From what is told, not from a clock or a die: a repeat is recognised by it.
        "message_id": hashlib.sha256(identity.encode()).hexdigest()[:32],
        "state": WAITING,
        "born_at": now,
        "next_try_at": now,
        "tries": 0,
    }


def _told(connection: Connection, ids: Sequence[int]) -> Mapping[int, tuple[Told, ...]]:
    """What each mail tells: the owed thing of its own, or those of its batch."""
    mail = func.coalesce(DELIVERY.c.batch_id, DELIVERY.c.id)
    owed = (
        select(mail.label("mail"), OUTBOX.c.kind, OUTBOX.c.article_id, OUTBOX.c.version)
        .join(OUTBOX, OUTBOX.c.id == DELIVERY.c.outbox_id)
        .where(mail.in_(list(ids)), DELIVERY.c.state != CANCELLED)
        .order_by(mail, OUTBOX.c.id)
    )
    return {
        mail_id: tuple(Told(kind=row.kind, article_id=row.article_id, version=row.version) for row in rows)
        for mail_id, rows in groupby(connection.execute(owed), key=lambda row: int(row.mail))
    }


def _delivery(row: Row[Any], told: tuple[Told, ...]) -> Delivery:
    return Delivery(
        id=row.id,
        recipient=row.recipient,
        kind=row.kind,
        message_id=row.message_id,
        born_at=row.born_at,
        tries=row.tries,
        told=told,
        period=(row.period_from, row.period_until) if row.period_until else None,
    )


def _recipient(row: Row[Any]) -> str:
    recipient: str = row.recipient
    return recipient
