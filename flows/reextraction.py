"""Archived pages read again by today's extractor: those of stored articles, and those in quarantine."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from articles import topic
from articles.model import Article, Refusal, Source, Stamp, Verdict
from articles.text import matching_copy, one_line
from articles.topic import Topic
from extractors.pool import Pool
from extractors.version import EXTRACTOR
from flows import orders
from flows.settings import Settings
from flows.stores import opened
from storage import archive, corpus, lives, pages, quarantine
from storage.archive import Reading
from storage.database import StorageError, Store
from storage.pages import Archived, Stored
from storage.quarantine import Quarantined
from storage.writer import Writer

AT_ONCE = 8
"""Pages in memory: enough to keep the workers busy."""

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What today's extractor makes of a stored article's page, held against what is stored."""

    id: int
    name: str | None
    source: str
    url: str
    title: bool = False
    text: bool = False
    published: bool = False
    added: int = 0
    """Words that the text has now and had not."""
    removed: int = 0
    refused: str | None = None
    """Why it is no article today, or why it could not be read; it stays as it is stored."""
    version: int | None = None
    """The version that it was written as."""

    @property
    def changed(self) -> bool:
        return self.title or self.text or self.published


@dataclass(frozen=True, kw_only=True)
class Replayed:
    """What became of a page in quarantine."""

    id: int
    url: str
    article_id: int | None = None
    reason: str | None = None
    """Why it stays."""


@dataclass(frozen=True, kw_only=True)
class Bench:
    """What pages are read again with."""

    run: str
    store: Store
    writer: Writer
    pool: Pool
    sources: Mapping[str, Source]
    topic: Topic
    archive: Path
    corpus: Path
    now: datetime


@asynccontextmanager
async def bench(settings: Settings) -> AsyncIterator[Bench]:
    """Everything open that reading pages again takes.

    Raises:
        Faults: catalogue or topic can't be used.
        StorageError: the database or the state folder can't be used.
    """
    order, now = orders.order(settings), datetime.now(UTC)
    run = f"reextraction-{now:%Y%m%dt%H%M%S%f}"
    with opened(settings) as store, lives.life(store, run, settings.home / "runs"):
        async with Writer(store) as writer, Pool() as pool:
            yield Bench(
                run=run,
                store=store,
                writer=writer,
                pool=pool,
                sources={source.name: source for source in order.catalogue},
                topic=order.topic,
                archive=settings.archive,
                corpus=settings.corpus,
                now=now,
            )


async def compare(bench: Bench, articles: Iterable[Stored], *, apply: bool, done: Callable[[Difference], None]) -> None:
    """Reads the articles' newest pages again; `apply` writes what has changed, as versions that are no edits.

    Raises:
        StorageError: the database or the corpus folder can't be used.
    """

    async def one(stored: Stored) -> Difference:
        found = await _read(bench, stored.page)
        difference = _difference(stored, found)
        if apply and difference.changed and isinstance(found, Article):
            return replace(difference, version=await _correct(bench, stored, found))
        return difference

    await _in_order(articles, one, done)


async def replay(bench: Bench, waiting: Iterable[Quarantined], done: Callable[[Replayed], None]) -> None:
    """Reads pages in quarantine again; one that gives an article goes the ordinary way, the rest stays.

    Raises:
        StorageError: the database or the corpus folder can't be used.
    """

    async def one(quarantined: Quarantined) -> Replayed:
        page = quarantined.page
        found = await _read(bench, page)
        if isinstance(found, Article) and page.link:
            return await _keep(bench, page, found)
        reason = found.reason if isinstance(found, Refusal) else "No link leads to it."
        await bench.writer.do(partial(quarantine.stay, page_id=page.id, reason=reason))
        return Replayed(id=page.id, url=page.url, reason=reason)

    await _in_order(waiting, one, done)


async def _in_order(
    items: Iterable[Item], work: Callable[[Item], Coroutine[Any, Any, Result]], done: Callable[[Result], None]
) -> None:
    """Has the work on some items done side by side, and hands the results on in the items' order."""
    try:
        async with asyncio.TaskGroup() as group:
            under_way: deque[asyncio.Task[Result]] = deque()
            for item in items:
                if len(under_way) == AT_ONCE:
                    done(await under_way.popleft())
                under_way.append(group.create_task(work(item)))
            for task in under_way:
                done(await task)
    except ExceptionGroup as errors:
        raise errors.exceptions[0] from errors


async def _read(bench: Bench, page: Archived) -> Article | Refusal:
    """The page by today's extractor, on the day that it was fetched: "today" in it means that day."""
    source = bench.sources.get(page.source)
    if source is None:
        return Refusal(url=page.url, reason=f"The catalogue has no source {page.source} any more.")
    try:
        answer = await asyncio.to_thread(archive.read, bench.archive, page.place)
    except StorageError as error:
        return Refusal(url=page.url, reason=one_line(f"The page can't be read: {error}."))
    return await bench.pool.extract(answer, source, page.fetched_at, page.link.link if page.link else None)


def _difference(stored: Stored, found: Article | Refusal) -> Difference:
    same = Difference(id=stored.id, name=stored.name, source=stored.page.source, url=stored.page.url)
    if isinstance(found, Refusal):
        return replace(same, refused=found.reason)
    had, has = matching_copy(stored.text), matching_copy(found.text)
    before, after = Counter(had.split()), Counter(has.split())
    return replace(
        same,
        title=found.title is not None and matching_copy(found.title) != matching_copy(stored.title or ""),
        text=had != has,
        published=found.published is not None and not _same_moment(found.published, stored.published),
        added=(after - before).total(),
        removed=(before - after).total(),
    )


def _same_moment(one: Stamp, other: Stamp | None) -> bool:
    return other is not None and (one.at, one.precision) == (other.at, other.precision)


async def _correct(bench: Bench, stored: Stored, article: Article) -> int | None:
    """The number of the version that the article has now; None: it stayed as it was."""
    correct = partial(
        pages.correct,
        stored=stored,
        article=article,
        verdict=_judge(bench, article),
        reading=Reading(extractor=EXTRACTOR, steps=article.steps),
        now=bench.now,
    )
    revised = await bench.writer.do(correct)
    if revised is None:
        return None
    await _file(bench, revised.file)
    return revised.version


async def _keep(bench: Bench, page: Archived, article: Article) -> Replayed:
    keep = partial(
        quarantine.keep,
        page_id=page.id,
        article=article,
        verdict=_judge(bench, article),
        reading=Reading(extractor=EXTRACTOR, steps=article.steps),
        now=bench.now,
    )
    kept = await bench.writer.do(keep)
    if kept is None:
        return Replayed(id=page.id, url=page.url, reason="It left the quarantine meanwhile.")
    await _file(bench, kept.file)
    return Replayed(id=page.id, url=page.url, article_id=kept.article_id)


def _judge(bench: Bench, article: Article) -> Verdict:
    return topic.judge(bench.topic, title=article.title, text=article.text, language=article.language)


async def _file(bench: Bench, file: corpus.Document | None) -> None:
    if file:
        await asyncio.to_thread(corpus.write, bench.corpus, file, bench.run)
