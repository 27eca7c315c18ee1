"""The way in: a store of this version's schema, made where there is none yet."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine

from storage.database import SCHEMA, StorageError, Store, connect, schema_of


def open_store(url: str, lock: Path) -> Store:
    """The store, made when there is none yet; `lock` is a file that SQLite's first comers wait at.

    Raises:
        StorageError: it can't be opened, or its schema is of another version.
    """
    engine = connect(url)
    try:
        _check(engine, lock)
    except BaseException:
        engine.dispose()
        raise
    return Store(engine)


def _check(engine: Engine, lock: Path) -> None:
    found = schema_of(engine)
    if found is None:
        from storage import upgrade  # Alembic is wanted here alone, and dear to import

        upgrade.upgrade(engine, lock)
    elif found != SCHEMA:
        raise StorageError(f"the database has schema {found}, this program needs {SCHEMA}: run `rasid upgrade`")
