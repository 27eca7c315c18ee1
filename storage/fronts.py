"""What is remembered of front pages, so that they need not be read again in vain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from articles.model import Validators
from storage.database import insert
from storage.tables import FRONT, SOURCE


@dataclass(frozen=True, kw_only=True)
class FrontState:
    """What is remembered of a front page from its last full read."""

    validators: Validators
    body_hash: str | None
    read_at: datetime
    rules: str
    """The catalogue's rules that it was read by: under others the same bytes may give other links."""
    frozen_at: datetime | None = None
    """When its validators were found out: they stay while its bytes change, and are not used since."""
    asked_at: datetime | None = None
    """When it was last asked for, where an index names it."""
    changed_at: datetime | None = None
    """What its index said of its last change when it was last read; None: to be read again."""


Fronts = Mapping[str, FrontState]
"""Front pages by their addresses."""


def held(connection: Connection, run: str) -> dict[str, dict[str, FrontState]]:
    """The front pages of all sources that a run holds."""
    mine = select(SOURCE.c.name).where(SOURCE.c.holder == run)
    fronts: dict[str, dict[str, FrontState]] = {}
    for row in connection.execute(select(FRONT).where(FRONT.c.source.in_(mine))):
        fronts.setdefault(row.source, {})[row.url] = FrontState(
            validators=Validators(etag=row.etag, last_modified=row.last_modified),
            body_hash=row.body_hash,
            read_at=row.read_at,
            rules=row.rules,
            frozen_at=row.frozen_at,
            asked_at=row.asked_at,
            changed_at=row.changed_at,
        )
    return fronts


def remember(connection: Connection, seen: Iterable[tuple[str, Fronts, Fronts]]) -> None:
    """Stores front pages that are not as they were: sources' names, their pages now, and their pages before."""
    rows = [
        _row(source, url, state)
        for source, now, before in seen
        for url, state in sorted(now.items())
        if state != before.get(url)
    ]
    if rows:
        statement = insert(connection, FRONT)
        changed = {column: statement.excluded[column] for column in list(rows[0])[2:]}
        connection.execute(statement.on_conflict_do_update(index_elements=["source", "url"], set_=changed), rows)


def _row(source: str, url: str, state: FrontState) -> dict[str, object]:
    return {
        "source": source,
        "url": url,
        "etag": state.validators.etag,
        "last_modified": state.validators.last_modified,
        "body_hash": state.body_hash,
        "read_at": state.read_at,
        "rules": state.rules,
        "frozen_at": state.frozen_at,
        "asked_at": state.asked_at,
        "changed_at": state.changed_at,
    }
