"""The archive's size and age are bounded: its oldest files go, whole, with the rows of their pages.

Whose pages they are is not asked; the text of every version of every article is in the database for good.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, delete, exists, select

from storage import archive
from storage.database import Store
from storage.tables import PAGE


@dataclass(frozen=True, kw_only=True)
class Pruned:
    """What retention has taken away."""

    files: int = 0
    bytes: int = 0
    pages: int = 0
    quarantined: tuple[str, ...] = ()
    """Addresses of pages that left the quarantine with it, read by no extractor."""


def prune(store: Store, folder: Path, *, keep_days: int | None, keep_bytes: int | None, now: datetime) -> Pruned:
    """Removes the oldest closed files, whole, with the rows of their pages; None: that bound is not set.

    Raises:
        StorageError: a file can't be removed.
    """
    with archive.told(folder):
        doomed = _doomed(folder, keep_days, keep_bytes, now)
        if not doomed:
            return Pruned()
        with store.write() as connection:
            pages, quarantined = _forget(connection, [path.name for path, _ in doomed])
        for path, _ in doomed:
            path.unlink(missing_ok=True)  # after the commit: cut short here, the next time takes the file all the same
    return Pruned(files=len(doomed), bytes=sum(size for _, size in doomed), pages=pages, quarantined=quarantined)


def _forget(connection: Connection, files: list[str]) -> tuple[int, tuple[str, ...]]:
    """How many pages stood in these files, and the addresses of those in quarantine.

    Earlier pages of the same articles are forgotten with them: the newest that is known must not be an old one.
    """
    pages, quarantined = 0, list[str]()
    gone = PAGE.alias("gone")
    for name in files:
        waits = (PAGE.c.file == name) & PAGE.c.quarantined_at.is_not(None)
        quarantined += connection.scalars(select(PAGE.c.url).where(waits).order_by(PAGE.c.id))
        articles = select(gone.c.article_id).where((gone.c.file == name) & gone.c.article_id.is_not(None))
        older = PAGE.c.article_id.in_(articles) & exists(
            articles.where((gone.c.article_id == PAGE.c.article_id) & (gone.c.id > PAGE.c.id))
        )
        connection.execute(delete(PAGE).where((PAGE.c.file != name) & PAGE.c.quarantined_at.is_(None) & older))
        pages += connection.execute(delete(PAGE).where(PAGE.c.file == name)).rowcount
    return pages, tuple(quarantined)


def _doomed(folder: Path, keep_days: int | None, keep_bytes: int | None, now: datetime) -> list[tuple[Path, int]]:
    """The files to remove and their sizes; a file is as old as the last page in it."""
    files = sorted(_files(folder))
    total = sum(size for _, _, size in files)
    oldest = -math.inf if keep_days is None else (now - timedelta(days=keep_days)).timestamp()
    most = math.inf if keep_bytes is None else keep_bytes
    doomed = []
    for written, path, size in files:
        if path.suffix != archive.OPEN and (written < oldest or total > most):
            doomed.append((path, size))
            total -= size
    return doomed


def _files(folder: Path) -> Iterator[tuple[float, Path, int]]:
    """When each file was last written, and its size in bytes."""
    for path in folder.glob(f"*{archive.CLOSED}*"):
        with suppress(FileNotFoundError):  # closed just now, and so renamed
            found = path.stat()
            yield found.st_mtime, path, found.st_size
