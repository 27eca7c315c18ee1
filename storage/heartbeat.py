"""When a pass last came to its end: what tells a watch that is quiet from one that has stopped."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, select

from storage.database import insert
from storage.tables import COUNTER

_COUNTER = "pass"
_MINUTE = timedelta(minutes=1)
"""The counter's unit: seconds since 1970 outgrow its 32 bits in 2038."""

_BEGIN = datetime(1970, 1, 1, tzinfo=UTC)


def beat(connection: Connection, now: datetime) -> None:
    """A pass has come to its end."""
    value = (now - _BEGIN) // _MINUTE
    statement = insert(connection, COUNTER).values(name=_COUNTER, value=value)
    connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"value": value}))


def last(connection: Connection) -> datetime | None:
    """When, to the minute; None: there was no pass yet."""
    value = connection.scalar(select(COUNTER.c.value).where(COUNTER.c.name == _COUNTER))
    return None if value is None else _BEGIN + value * _MINUTE
