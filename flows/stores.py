"""Opening the store that the settings name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flows.settings import Settings
from storage.database import StorageError, Store
from storage.opening import open_store


@contextmanager
def opened(settings: Settings) -> Iterator[Store]:
    """The store of these settings, made where there is none yet.

    Raises:
        StorageError: the database or the state folder can't be used.
    """
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"RASID_HOME can't be used: {error.strerror}: {settings.home}") from error
    store = open_store(settings.database_url, settings.home / "upgrade.lock")
    try:
        yield store
    finally:
        store.close()
