"""Opening the store that the settings name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flows.settings import Settings
from storage import database
from storage.database import StorageError, Store
from storage.opening import open_store


@contextmanager
def opened(settings: Settings) -> Iterator[Store]:
    """The store of these settings, made where there is none yet.

    Raises:
        StorageError: the database or the state folder can't be used.
    """
    make_home(settings)
    store = open_store(settings.database_url, _lock(settings))
    try:
        yield store
    finally:
        store.close()


def upgrade(settings: Settings) -> str | None:
    """Brings the store's schema to this version; returns the one found before, None: there was no store.

    Raises:
        StorageError: the database or the state folder can't be used, or the schema is newer than this program.
    """
    from storage import upgrade as upgrading  # Alembic is dear to import

    make_home(settings)
    return upgrading.upgrade(database.connect(settings.database_url), _lock(settings))


def make_home(settings: Settings) -> None:
    """Makes the state folder.

    Raises:
        StorageError: something else stands there, or it can't be made.
    """
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"RASID_HOME can't be used: {error.strerror}: {settings.home}") from error


def _lock(settings: Settings) -> Path:
    return settings.home / "upgrade.lock"
