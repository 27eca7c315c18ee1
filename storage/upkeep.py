"""Looking after the database: statistics that its planner goes by, and a log that does not stay long."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text

from storage.database import Store, translated

CHECKPOINT_SECONDS = 5
"""How long a checkpoint waits for readers: writers wait behind it. What it can't do today it does tomorrow."""


@dataclass(frozen=True, kw_only=True)
class Tended:
    """What upkeep came to."""

    bytes: int
    """What the database takes."""
    log_left: int = 0
    """Pages of SQLite's write-ahead log that a reader held back; 0: it is empty now."""


def tend(store: Store) -> Tended:
    """Brings the planner's statistics up to date, and SQLite's write-ahead log into its file.

    Nothing is vacuumed: Rasid deletes next to nothing, and what it does delete makes room for what comes.

    Raises:
        StorageError: the database can't be used.
    """
    return _sqlite(store) if store.is_sqlite else _postgresql(store)


def _sqlite(store: Store) -> Tended:
    # Neither works within a transaction, which the engine's own connections begin.
    with translated():
        raw = store.engine.raw_connection()
        try:
            cursor = raw.cursor()
            (patience,) = cursor.execute("PRAGMA busy_timeout").fetchone()
            cursor.execute(f"PRAGMA busy_timeout={CHECKPOINT_SECONDS * 1000}")
            cursor.execute("PRAGMA optimize")
            _, pages, moved = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            cursor.execute(f"PRAGMA busy_timeout={patience}")
            (count,) = cursor.execute("PRAGMA page_count").fetchone()
            (size,) = cursor.execute("PRAGMA page_size").fetchone()
        finally:
            raw.close()
    return Tended(bytes=count * size, log_left=max(pages - moved, 0))


def _postgresql(store: Store) -> Tended:
    with store.read() as connection:
        connection.execute(text("ANALYZE"))
        return Tended(bytes=connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())
