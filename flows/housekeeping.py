"""What keeps an installation from growing without bound, and its database quick."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from flows.settings import Settings
from storage import retention, upkeep
from storage.database import Store
from storage.retention import Pruned
from storage.upkeep import Tended

log = logging.getLogger("rasid")


def prune(settings: Settings, store: Store) -> Pruned:
    """Keeps the archive of fetched pages, and with it the quarantine, within its bounds.

    Raises:
        StorageError: a file can't be removed.
    """
    pruned = retention.prune(
        store,
        settings.archive,
        keep_days=settings.archive_days or None,
        keep_bytes=settings.archive_gigabytes * 10**9 or None,
        now=datetime.now(UTC),
    )
    for url in pruned.quarantined:
        log.warning("quarantine: %s has left with the archive's oldest pages, read by no extractor", url)
    return pruned


def keep(settings: Settings, store: Store) -> tuple[Pruned, Tended]:
    """All of it, and a line in the log about each.

    Raises:
        StorageError: the database or the state folder can't be used.
    """
    pruned, tended = prune(settings, store), upkeep.tend(store)
    log.info("archive: %d files with %d pages removed (%.1f MB)", pruned.files, pruned.pages, pruned.bytes / 1e6)
    log.info("database: %.1f MB", tended.bytes / 1e6)
    if tended.log_left:
        log.warning("database: a reader holds %d pages of the log back; it is emptied another day", tended.log_left)
    return pruned, tended
