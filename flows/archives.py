"""Archive files: their pages glanced at, and those that may name both sides taken in as a pass takes its own in.

Pages go to the workers, into the archive and into the database several at a time. The cursor is the byte behind the
last record whose page is settled; it moves in the transaction that settles it.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from articles import topic
from articles.model import Answer, Article, Failure, Refusal, Source
from articles.ranges import Range
from extractors import discover
from extractors.glance import Glance
from extractors.version import EXTRACTOR
from flows.desk import Desk
from flows.headway import Headway
from flows.orders import Order
from storage import corpus, frontiers, hauls, warcs
from storage.archive import Page, Reading
from storage.database import StorageError, Store
from storage.frontiers import Cursor, Frontier
from storage.hauls import Catch

KIND = "archive"

BATCH = 8
"""Pages handed over together, to a worker and to the database."""

AHEAD = 3
"""Batches under way for each worker: one is extracted, one waits, one is being stored."""

RECORDS = 2_000
"""Records without a page worth reading after which the cursor moves all the same."""

FILE_BYTES = 8 << 30
"""Of an archive file that is fetched; those of CC-NEWS have one gigabyte."""

log = logging.getLogger("rasid")


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """What archive files are taken in with."""

    desk: Desk
    store: Store
    glance: Glance
    sources: Mapping[str, Source]
    """By their hosts, without www."""
    every_host: bool
    folder: Path
    """Where fetched files stand until they are done."""
    documents: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, order: Order, store: Store, desk: Desk, *, every_host: bool) -> Self:
        """For an order: of every host, or of its sources' alone."""
        known = order.catalogue if every_host else order.wanted
        return cls(
            desk=desk,
            store=store,
            glance=Glance(order.topic),
            sources={host: source for source in known for host in _hosts(source)},
            every_host=every_host,
            folder=order.settings.home / "backfill",
        )

    def source(self, url: str) -> Source | None:
        """The catalogue's source that a page belongs to, by its host or one above it."""
        host = _bare_host(url)
        while host:
            if host in self.sources:
                return self.sources[host]
            host = host.partition(".")[2]
        return None

    def wants(self, url: str) -> bool:
        """Whether a page may be an article of a host that is wanted."""
        source = self.source(url)
        return self.every_host if source is None else discover.is_wanted(url, source)


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Pages that may name both sides, and the cursor behind the record of the last of them."""

    pages: tuple[Answer, ...]
    cursor: Cursor
    fault: str | None = None
    """Why nothing can be read behind it, if that is not the file's end."""


async def take_in(shelf: Shelf, frontier: Frontier, headway: Headway) -> str | None:
    """One archive file, from the cursor to its end; returns why it stopped before that, if it did.

    Batches are extracted side by side and stored in their order, so that nothing before the cursor is open.
    """
    path = await _at_hand(shelf, frontier.look.address)
    if isinstance(path, Failure):
        return path.reason
    size = path.stat().st_size if path.is_file() else None
    batches, fault = _batches(shelf, path, frontier.cursor), None
    under_way: deque[tuple[Batch, asyncio.Task[list[Catch]]]] = deque()
    async with asyncio.TaskGroup() as group:
        while batch := await asyncio.to_thread(next, batches, None):
            fault = batch.fault
            under_way.append((batch, group.create_task(_read(shelf, batch, frontier.look.days))))
            if len(under_way) > AHEAD * shelf.desk.pool.workers:
                await _store(shelf, frontier, *under_way.popleft())
            headway.at(frontier.look, batch.cursor["byte"], size)
        for one in under_way:
            await _store(shelf, frontier, *one)
    if fault is None:
        _forget(shelf, path)
    return fault


def _batches(shelf: Shelf, path: Path, cursor: Cursor) -> Iterator[Batch]:
    """The file in batches, from the cursor on. Every page is looked at here."""
    pages, records, fault = list[Answer](), 0, None
    so_far = {"byte": 0, "seen": 0, "aside": 0} | cursor
    try:
        for found in warcs.pages(path, so_far["byte"], shelf.wants):
            so_far, records = so_far | {"byte": found.end}, records + 1
            if found.page is not None:
                named = shelf.glance.names_both(found.page.body)
                so_far |= {"seen": so_far["seen"] + 1, "aside": so_far["aside"] + (not named)}
                pages += [found.page] if named else []
            if len(pages) == BATCH or records == RECORDS:
                yield Batch(pages=tuple(pages), cursor=so_far)
                pages, records = [], 0
    except warcs.Unreadable as error:
        fault = f"{error}."
    yield Batch(pages=tuple(pages), cursor=so_far, fault=fault)


async def _read(shelf: Shelf, batch: Batch, days: Range) -> list[Catch]:
    """The pages that are not stored yet, extracted, archived and judged; without what is no article of these days."""
    known = await asyncio.to_thread(_stored, shelf, batch.pages)
    pages = [(page, shelf.source(page.url)) for page in batch.pages if page.url not in known]
    if not pages:
        return []
    found = await shelf.desk.pool.extract_many(pages)
    kept = [
        (answer, source, one)
        for (answer, source), one in zip(pages, found, strict=True)
        if (days.may_hold(one.published, None) if isinstance(one, Article) else one.failed)
    ]
    return await asyncio.to_thread(_judged, shelf, kept)


def _stored(shelf: Shelf, pages: Sequence[Answer]) -> frozenset[str]:
    with shelf.store.read() as connection:
        return frontiers.stored(connection, [page.url for page in pages])


def _judged(shelf: Shelf, kept: Sequence[tuple[Answer, Source | None, Article | Refusal]]) -> list[Catch]:
    places = shelf.desk.archive.put_all([answer for answer, _, _ in kept])
    catches = []
    for (answer, source, one), place in zip(kept, places, strict=True):
        article = one if isinstance(one, Article) else None
        reason = one.reason if isinstance(one, Refusal) else None
        reading = Reading(extractor=EXTRACTOR, steps=article.steps if article else (), refused=reason)
        name = source.name if source else _bare_host(answer.url)
        verdict = (
            topic.judge(shelf.desk.topic, title=article.title, text=article.text, language=article.language)
            if article
            else None
        )
        page = Page(source=name, answer=answer, place=place, reading=reading)
        catches.append(Catch(page=page, article=article, verdict=verdict, reason=reason))
    return catches


async def _store(shelf: Shelf, frontier: Frontier, batch: Batch, reading: asyncio.Task[list[Catch]]) -> None:
    desk, catches = shelf.desk, await reading
    keep = partial(hauls.keep, frontier=frontier, cursor=batch.cursor, now=desk.now())
    try:
        files = await desk.writer.do(partial(keep, catches=catches))
    except StorageError:
        raise
    except Exception:  # one page that the database does not take costs its batch nothing
        files = []
        for one in catches:
            try:
                files += await desk.writer.do(partial(keep, catches=[one], cursor=frontier.cursor))
            except StorageError:
                raise
            except Exception:
                log.exception("%s", one.page.answer.url)
        await desk.writer.do(partial(keep, catches=[]))
    for file in files:
        await asyncio.to_thread(corpus.write, desk.corpus, file, desk.run)
        shelf.documents.append(file.name)


async def _at_hand(shelf: Shelf, address: str) -> Path | Failure:
    """The file itself, fetched before where it stands at an address."""
    if "://" not in address:
        return Path(address)
    name = hashlib.sha256(address.encode()).hexdigest()[:16]
    path = shelf.folder / f"{name}.warc"
    if path.is_file():
        return path
    shelf.folder.mkdir(parents=True, exist_ok=True)
    coming = path.with_suffix(f".{shelf.desk.run}.part")
    with coming.open("wb") as file:
        failure = await shelf.desk.web.download(address, file, most=FILE_BYTES)
    if failure is not None:
        coming.unlink()
        return failure
    coming.rename(path)
    return path


def _forget(shelf: Shelf, path: Path) -> None:
    """A fetched file that is done goes; one that stood on the disk before stays."""
    if path.parent == shelf.folder:
        with suppress(FileNotFoundError):
            path.unlink()


def _hosts(source: Source) -> Iterator[str]:
    named = (source.home, *source.feeds, *source.sitemaps, *(listing.url for listing in source.listings))
    yield from {_bare_host(url) for url in named if url}


def _bare_host(url: str) -> str:
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
        return (parts.hostname or "").removeprefix("www.") + port
    except ValueError:
        return ""
