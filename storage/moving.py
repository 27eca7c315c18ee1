"""Moving a whole store to another database: every row with its id, SQLite to PostgreSQL and back.

The target gets everything in one transaction, and is read again before its commit. A move that is cut short leaves
nothing there, and can be begun anew; the source is only read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import JSON, Connection, Engine, Select, Table, Text, cast, func, literal, select, text
from sqlalchemy.exc import DataError, IntegrityError

from storage import upgrade
from storage.database import SCHEMA, StorageError, Store, schema_in, sqlite_file
from storage.tables import METADATA

CHUNK = 5000
"""Rows in memory at a time."""

CACHE_KB = 262_144
"""What SQLite may keep in memory while it fills: the band table grows in no order."""

_MODULUS = 1 << 128

Told = Callable[[str, int], None]
"""Hears of so many more rows of a table: once when they are copied, once when they are checked."""

Rows = Iterable[Sequence[tuple[Any, ...]]]
"""Rows in chunks."""


@dataclass(frozen=True, kw_only=True)
class Content:
    """What a table holds."""

    table: str
    rows: int
    digest: str
    """The sum of all rows' hashes: the same whatever their order, which databases do not agree on."""


def lock_of(url: str, home: Path) -> Path:
    """The file that first comers to a database wait at: beside a SQLite file, as where that is a state folder's."""
    file = sqlite_file(url)
    return (file.parent if file else home) / "upgrade.lock"


def size(store: Store) -> int:
    """All rows of a store."""
    with store.read() as connection:
        return sum(_count(connection, table) for table in METADATA.sorted_tables)


def move(source: Store, target: Engine, lock: Path, told: Told) -> list[Content]:
    """Copies all tables to an empty database and compares; no writer comes between. `lock`: as in `upgrade.alone`.

    Raises:
        StorageError: there is nothing to move, the target holds something or refuses a row, or the copy differs.
    """
    try:
        with source.write(), _snapshot(source) as here, upgrade.alone(target, lock) as there:
            if not any(map(_holder_of_rows(here), METADATA.sorted_tables)):
                raise StorageError("there is nothing to move: the database holds no rows")
            _make_room(there)
            copied = [_copy(here, there, table, told) for table in METADATA.sorted_tables]
            for table, content in zip(METADATA.sorted_tables, copied, strict=True):
                _check(there, table, content, told)
            if there.dialect.name == "postgresql":
                there.execute(text("ANALYZE"))
            return copied
    except (DataError, IntegrityError, psycopg.Error) as error:
        words = " ".join(str(getattr(error, "orig", error)).split())
        raise StorageError(f"the target refused a row: {words}; nothing was moved") from error


@contextmanager
def _snapshot(store: Store) -> Iterator[Connection]:
    """One state of the whole store, whatever is written meanwhile."""
    if store.is_sqlite:
        with store.read() as connection:
            yield connection
    else:
        with store.engine.execution_options(isolation_level="REPEATABLE READ").begin() as connection:
            yield connection


def _make_room(there: Connection) -> None:
    """Makes the tables of the target, unless they stand there and are empty.

    Raises:
        StorageError: the target holds something.
    """
    found = schema_in(there)
    if found is None:
        upgrade.migrate(there)
    elif found != SCHEMA or any(map(_holder_of_rows(there), METADATA.sorted_tables)):
        raise StorageError(f"the target holds a store already (schema {found}); name an empty database")
    if there.dialect.name == "sqlite":
        there.exec_driver_sql(f"PRAGMA cache_size=-{CACHE_KB}")
        there.exec_driver_sql("PRAGMA defer_foreign_keys=ON")  # a mail names the batch that came after it


def _holder_of_rows(connection: Connection) -> Callable[[Table], bool]:
    return lambda table: connection.scalar(select(literal(1)).select_from(table).limit(1)) is not None


def _count(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0


def _copy(here: Connection, there: Connection, table: Table, told: Told) -> Content:
    """Copies a table with the ids that it will give next; returns what was read of it."""
    tally = _Tally(table, told)
    rows = tally.watched(_rows(here, table))
    if there.dialect.name == "postgresql":
        _copy_in(there, table, rows)
    else:
        _insert(there, table, rows)
    if table.autoincrement_column is not None:
        _set_position(there, table, _position(here, table))
    return tally.content


def _check(there: Connection, table: Table, expected: Content, told: Told) -> None:
    tally = _Tally(table, told)
    for _ in tally.watched(_rows(there, table)):
        pass
    if tally.content != expected:
        raise StorageError(f"the copy of table {table.name} differs from its source; nothing was moved")


class _Tally:
    """Counts and hashes rows as they go by."""

    def __init__(self, table: Table, told: Told) -> None:
        self._table, self._told = table.name, told
        self._rows = self._sum = 0

    @property
    def content(self) -> Content:
        return Content(table=self._table, rows=self._rows, digest=f"{self._sum:032x}")

    def watched(self, rows: Rows) -> Rows:
        for chunk in rows:
            hashes = (hashlib.blake2b(repr(row).encode(), digest_size=16).digest() for row in chunk)
            self._sum = (self._sum + sum(int.from_bytes(one, "big") for one in hashes)) % _MODULUS
            self._rows += len(chunk)
            yield chunk
            self._told(self._table, len(chunk))


def _rows(connection: Connection, table: Table) -> Rows:
    """A table's rows as values that are the same on both databases."""
    for chunk in connection.execute(_selected(table)).partitions():
        yield [tuple(row) for row in chunk]


def _selected(table: Table) -> Select[Any]:
    # JSON as it is written: read as a value, a null of JSON is not told from none at all.
    columns = [cast(column, Text) if isinstance(column.type, JSON) else column for column in table.columns]
    return select(*columns).execution_options(yield_per=CHUNK)


def _copy_in(there: Connection, table: Table, rows: Rows) -> None:
    driver = there.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    name, columns = _names(there, table)
    with driver.cursor() as cursor, cursor.copy(f"COPY {name} ({columns}) FROM STDIN".encode()) as copy:
        for chunk in rows:
            for row in chunk:
                copy.write_row(row)


def _insert(there: Connection, table: Table, rows: Rows) -> None:
    name, columns = _names(there, table)
    marks = ", ".join("?" for _ in table.columns)
    for chunk in rows:
        there.exec_driver_sql(f"INSERT INTO {name} ({columns}) VALUES ({marks})", _for_sqlite(there, table, chunk))


def _for_sqlite(there: Connection, table: Table, chunk: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The rows as the driver takes them: moments as text, truth as 0 and 1."""
    makers = []
    for place, column in enumerate(table.columns):
        maker = column.type.dialect_impl(there.dialect).bind_processor(there.dialect)
        if maker is not None and not isinstance(column.type, JSON):
            makers.append((place, maker))
    if not makers:
        return list(chunk)
    made = [list(row) for row in chunk]
    for row in made:
        for place, maker in makers:
            row[place] = maker(row[place])
    return [tuple(row) for row in made]


def _names(connection: Connection, table: Table) -> tuple[str, str]:
    quoting = connection.dialect.identifier_preparer
    return quoting.format_table(table), ", ".join(quoting.format_column(column) for column in table.columns)


def _position(connection: Connection, table: Table) -> int:
    """The newest id that a table has given; those of rows that are gone are not given again."""
    if connection.dialect.name == "postgresql":
        last, given = connection.execute(
            text(f"SELECT last_value, is_called FROM {_sequence(connection, table)}")
        ).one()
        return int(last) if given else 0
    given = select(text("seq")).select_from(text("sqlite_sequence")).where(text("name = :name"))
    if table.dialect_options["sqlite"]["autoincrement"]:
        return connection.scalar(given, {"name": table.name}) or 0
    return connection.scalar(select(func.max(table.autoincrement_column))) or 0


def _set_position(connection: Connection, table: Table, position: int) -> None:
    if connection.dialect.name == "postgresql":
        values = {"name": _sequence(connection, table), "value": max(position, 1), "given": position > 0}
        connection.execute(text("SELECT setval(:name, :value, :given)"), values)
    elif table.dialect_options["sqlite"]["autoincrement"]:
        row = {"name": table.name, "seq": position}
        connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), row)
        connection.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :seq)"), row)


def _sequence(connection: Connection, table: Table) -> str:
    column = table.autoincrement_column
    assert column is not None
    name, _ = _names(connection, table)
    found = connection.scalar(
        text("SELECT pg_get_serial_sequence(:table, :column)"), {"table": name, "column": column.name}
    )
    return str(found)
