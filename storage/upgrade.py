"""Bringing a database to this version's schema, once, whoever comes first and however it was interrupted."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from storage.database import SCHEMA, StorageError, schema_in, translated

_UPGRADE_LOCK = 0x7261736965


def upgrade(engine: Engine, lock: Path) -> str | None:
    """Makes or upgrades the schema in one transaction under one lock; returns the version found before.

    Raises:
        StorageError: the schema is newer than this program, or the database can't be used.
    """
    with alone(engine, lock) as connection:
        return migrate(connection)


@contextmanager
def alone(engine: Engine, lock: Path) -> Iterator[Connection]:
    """A transaction that no other upgrade overlaps; `lock` is a file that SQLite's comers wait at.

    Raises:
        StorageError: the database can't be used.
    """
    if engine.dialect.name == "sqlite":
        with _file_lock(lock):
            _use_wal(engine)
            with translated(), engine.execution_options(rasid_write=True).begin() as connection:
                yield connection
    else:
        with translated(), engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _UPGRADE_LOCK})
            yield connection


def migrate(connection: Connection) -> str | None:
    """Makes or upgrades the schema inside a transaction of the caller's; returns the version found before.

    Raises:
        StorageError: the schema is newer than this program, or somebody else's tables stand there.
    """
    found = schema_in(connection)
    if found != SCHEMA:
        config = configuration()
        known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
        if found is not None and found not in known:
            raise StorageError(
                f"the database has schema {found}, newer than this program's {SCHEMA}: upgrade the program, "
                "then run `rasid upgrade`"
            )
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return found


def configuration() -> Config:
    """Alembic's settings, without a file: the migrations stand beside this module."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def _use_wal(engine: Engine) -> None:
    # The journal mode is a property of the file and can't change inside a transaction.
    with translated():
        raw = engine.raw_connection()
        try:
            raw.cursor().execute("PRAGMA journal_mode=WAL")
        finally:
            raw.close()


@contextmanager
def _file_lock(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
