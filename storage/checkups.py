"""What the daily look at each source found last, and since when it says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select

from storage.database import insert
from storage.tables import CHECKUP


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a look at a source found: a verdict in a word, and a sentence."""

    source: str
    verdict: str
    says: str
    checked_at: datetime
    since: datetime | None = None
    """When the verdict last changed; None: with this look."""


def all_found(connection: Connection) -> dict[str, Found]:
    """What was found last, by source."""
    return {
        row.source: Found(
            source=row.source,
            verdict=row.verdict,
            says=row.says,
            checked_at=row.checked_at,
            since=row.since,
        )
        for row in connection.execute(select(CHECKUP).order_by(CHECKUP.c.source))
    }


def keep(connection: Connection, found: Sequence[Found], known: Sequence[str]) -> None:
    """Remembers what was found in the place of what was before; sources that are not `known` are forgotten."""
    before = all_found(connection)
    connection.execute(delete(CHECKUP).where(CHECKUP.c.source.not_in(known)))
    rows = [
        {
            "source": one.source,
            "verdict": one.verdict,
            "says": one.says,
            "checked_at": one.checked_at,
            "since": _since(one, before.get(one.source)),
        }
        for one in found
    ]
    if rows:
        statement = insert(connection, CHECKUP)
        changed = {column: statement.excluded[column] for column in list(rows[0])[1:]}
        connection.execute(statement.on_conflict_do_update(index_elements=["source"], set_=changed), rows)


def _since(now: Found, before: Found | None) -> datetime:
    same = before is not None and before.verdict == now.verdict
    return before.since if same and before and before.since else now.checked_at
