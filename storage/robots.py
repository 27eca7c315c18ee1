"""The robots files of all hosts, kept for a day so that a pass need not ask again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select

from articles.model import RobotsFile
from storage.database import insert
from storage.tables import ROBOTS

KEPT = timedelta(days=1)


def fresh(connection: Connection, now: datetime) -> list[RobotsFile]:
    """The files read within the last day."""
    rows = connection.execute(select(ROBOTS).where(ROBOTS.c.read_at > now - KEPT))
    return [RobotsFile(origin=row.origin, body=row.body, read_at=row.read_at) for row in rows]


def remember(connection: Connection, records: Iterable[RobotsFile], now: datetime) -> None:
    """Stores what was read in this pass, and forgets what is older than a day."""
    connection.execute(delete(ROBOTS).where(ROBOTS.c.read_at <= now - KEPT))
    rows = [{"origin": r.origin, "body": r.body, "read_at": r.read_at} for r in records]
    if rows:
        statement = insert(connection, ROBOTS)
        changed = {"body": statement.excluded.body, "read_at": statement.excluded.read_at}
        connection.execute(statement.on_conflict_do_update(index_elements=["origin"], set_=changed), rows)
