"""What is owed and not sent, as a person asks for it: what it is about, and why it waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import Connection, func, select

from storage import deliveries
from storage.tables import ARTICLE, DELIVERY, OUTBOX


@dataclass(frozen=True, kw_only=True)
class Owed:
    """A mail that has not gone, or something that nobody is addressed with yet."""

    id: int | None
    """The delivery's; None: nobody is addressed with it yet."""
    state: str
    """`waiting`, `dead`, or `unaddressed`."""
    kind: str
    recipient: str | None
    born_at: datetime
    next_try_at: datetime | None
    tries: int
    error: str | None
    message_id: str | None
    articles: tuple[int, ...]
    titles: tuple[str, ...]


UNADDRESSED = "unaddressed"


def listing(connection: Connection) -> list[Owed]:
    """All that waits or has been given up, the oldest first."""
    rows = deliveries.listing(connection, (deliveries.WAITING, deliveries.DEAD))
    mails = [row for row in rows if row.batch_id is None]
    about = _about(connection)
    unaddressed = select(OUTBOX, ARTICLE.c.title).join(ARTICLE, ARTICLE.c.id == OUTBOX.c.article_id)
    unaddressed = unaddressed.where(OUTBOX.c.addressed_at.is_(None)).order_by(OUTBOX.c.id)
    return [
        *(
            Owed(
                id=row.id,
                state=row.state,
                kind=row.kind,
                recipient=row.recipient,
                born_at=row.born_at,
                next_try_at=row.next_try_at if row.state == deliveries.WAITING else None,
                tries=row.tries,
                error=row.error,
                message_id=row.message_id,
                articles=tuple(article for article, _ in about.get(row.id, ())),
                titles=tuple(title for _, title in about.get(row.id, ()) if title),
            )
            for row in mails
        ),
        *(
            Owed(
                id=None,
                state=UNADDRESSED,
                kind=row.kind,
                recipient=None,
                born_at=row.born_at,
                next_try_at=None,
                tries=0,
                error=None,
                message_id=None,
                articles=(row.article_id,),
                titles=(row.title,) if row.title else (),
            )
            for row in connection.execute(unaddressed)
        ),
    ]


def _about(connection: Connection) -> dict[int, Sequence[tuple[int, str | None]]]:
    """The articles that each mail tells of, with their titles."""
    mail = func.coalesce(DELIVERY.c.batch_id, DELIVERY.c.id)
    tables = DELIVERY.join(OUTBOX, OUTBOX.c.id == DELIVERY.c.outbox_id).join(
        ARTICLE, ARTICLE.c.id == OUTBOX.c.article_id
    )
    told = (
        select(mail.label("mail"), ARTICLE.c.id, ARTICLE.c.title)
        .select_from(tables)
        .where(DELIVERY.c.state.in_((deliveries.WAITING, deliveries.DEAD)))
        .order_by(mail, OUTBOX.c.id)
    )
    rows = connection.execute(told)
    return {key: [(row.id, row.title) for row in group] for key, group in groupby(rows, key=lambda row: int(row.mail))}
