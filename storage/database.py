"""Opening the store: one engine, short write transactions in a row, a schema of the right version."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.sql.schema import Table

SCHEMA = "0009"
"""The newest migration: what this program reads and writes."""

BUSY_SECONDS = 60
"""How long a writer waits for another's transaction; those last milliseconds, so this is a stuck machine."""

_WRITE_LOCK = 0x7261736964
"""The advisory lock that makes PostgreSQL's write transactions follow one another ("rasid" in ASCII)."""


class StorageError(Exception):
    """The database or the state folder can't be used; the message says why, and what mends it."""


class Store:
    """The open database. `read()` and `write()` are its only doors."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._writing = engine.execution_options(rasid_write=True)

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent view; keep it short, an open reader stops SQLite's checkpoints."""
        with translated(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that no other writer overlaps: what is read in it stays true until its commit."""
        with translated(), self._writing.begin() as connection:
            if not self.is_sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITE_LOCK})
            yield connection

    def close(self) -> None:
        self.engine.dispose()


def insert(connection: Connection, table: Table) -> Any:
    """An INSERT that knows `on_conflict_do_nothing` and `on_conflict_do_update` on either database."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    return dialect.insert(table)


@contextmanager
def translated() -> Iterator[None]:
    """Errors of the database become `StorageError`, with the cause kept; those of a value it was given do not."""
    try:
        yield
    except (DataError, IntegrityError):
        raise
    except DBAPIError as error:
        words = " ".join(str(error.orig).split())
        raise StorageError(f"the database refused: {words}") from error


def address_fault(url: str) -> str | None:
    """Why an address names no database this program can use, and the mend; None: it does."""
    mend = "write postgresql+psycopg://user@host/name, or sqlite:////folder/rasid.db"
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        return f"can't be read as an address; {mend}"
    if parsed.drivername not in ("sqlite", "postgresql+psycopg"):
        return f"{parsed.drivername}:// is not known; {mend}"
    if not parsed.database or parsed.database == ":memory:":
        return f"names no database; {mend}"
    return None


def masked(url: str) -> str:
    """The address without its password."""
    return make_url(url).render_as_string(hide_password=True)


def sqlite_at(path: Path) -> str:
    """The address of a SQLite file."""
    return URL.create("sqlite", database=str(path)).render_as_string()


def sqlite_file(url: str) -> Path | None:
    """The file that an address without fault names; None: it is no SQLite's."""
    parsed = make_url(url)
    return Path(parsed.database or "") if parsed.drivername == "sqlite" else None


def anchored(url: str, root: Path) -> str:
    """The address with a relative SQLite file meant from `root`."""
    parsed = make_url(url)
    if parsed.drivername != "sqlite" or parsed.database is None:
        return url
    return sqlite_at(root / parsed.database)


def connect(url: str) -> Engine:
    """The engine for an address without fault, with SQLite told to be safe. Nothing is opened yet.

    Raises:
        StorageError: the folder of a SQLite file can't be made, or the driver is missing.
    """
    parsed = make_url(url)
    try:
        return _sqlite(parsed) if parsed.drivername == "sqlite" else _postgresql(parsed)
    except OSError as error:
        raise StorageError(f"the state folder can't be used: {error.strerror}: {parsed.database}") from error
    except (ModuleNotFoundError, SQLAlchemyError) as error:
        raise StorageError(f"the database address can't be used: {error}") from error


def _postgresql(url: URL) -> Engine:
    return create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": 10})


def _sqlite(url: URL) -> Engine:
    if url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver begins no transaction of its own: `_begin_sqlite` does
    # FULL: files and mails follow a commit, so a power cut must not take one back.
    for pragma in ("synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_SECONDS * 1000}"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A read that upgrades to a write gets "database is locked" at once, whatever the busy timeout.
    writing = connection.get_execution_options().get("rasid_write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def schema_of(engine: Engine) -> str | None:
    """The version of the schema that stands there; None: an empty database.

    Raises:
        StorageError: it can't be opened, or somebody else's tables stand in it.
    """
    with translated(), engine.begin() as connection:
        return schema_in(connection)


def schema_in(connection: Connection) -> str | None:
    """`schema_of`, inside a transaction of the caller's."""
    tables = inspect(connection).get_table_names()
    if "alembic_version" in tables:
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if tables:
        raise StorageError("the database holds other tables and is not Rasid's; name another one")
    return None
