"""Extraction, and reading big front pages, in processes of their own: a worker can be killed at a deadline.

Threads give 1.06 times one core's speed here, processes 1.83 on two. Workers are forked from a clean server
process (never from this one: it has threads and an open database) and die with their parent.
"""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import resource
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import TimeoutError
from datetime import datetime
from multiprocessing import forkserver
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from pebble import ProcessExpired, ProcessPool

from articles.model import Answer, Article, Failure, Link, Outcome, Refusal, Source
from extractors import heap, mortal, sitemaps

T = TypeVar("T")

WORKERS = 2
"""Processes, whatever the machine: their memory is counted together. One more while there are big pages."""

SECONDS = 30
"""What one page may take before its worker is killed: the deadline of trafilatura's own command line."""

MEMORY = 1 << 28
"""Bytes of address space a worker may use beyond what it starts with: 321 pages of news sites, one after another, took
163 MB of it, a sitemap of 13 MB 49 MB."""

BIG = 500_000
"""Bytes of a page that gets a worker of its own, a new one each time: what libxml2 keeps of it goes with it (a feed of
4 MB left 170 MB), and all others have theirs. One page in thirteen of 321 is as big. It costs a tenth of a second."""

PAGES = 150
"""Pages after which a worker makes room for a new one: what libraries keep (a language model is 75 MB) goes with it."""

_TREE_BYTES = 200_000
"""Bytes of a page after which a worker gives back what its tree took: tens of MB."""

log = logging.getLogger("rasid")


class Pool:
    """Workers that extract pages; started when the first page comes."""

    def __init__(self, workers: int = WORKERS, seconds: float = SECONDS) -> None:
        self.workers = workers
        self._seconds = seconds
        self._pools: dict[bool, ProcessPool] = {}
        """For big pages, and for all others."""
        self.big = asyncio.Semaphore(1)
        """Held by who brings a big page that waited elsewhere: only one at a time is read."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for pool in self._pools.values():
            pool.stop()  # type: ignore[no-untyped-call]  # pebble's only untyped method
            await asyncio.to_thread(pool.join)

    async def extract(
        self, answer: Answer, source: Source | None, now: datetime, link: Link | None
    ) -> Article | Refusal:
        """`extractors.article.extract` in a worker; one that runs too long or dies is a refusal, and replaced."""
        try:
            return await self._run(_extract, [answer], answer, source, now, link)
        except _Failed as failed:
            return Refusal(url=answer.url, reason=f"Its extraction {failed}.", failed=True)

    async def extract_many(self, pages: Sequence[tuple[Answer, Source | None]]) -> list[Article | Refusal]:
        """Pages extracted in one turn of a worker, each as of when it was fetched: handing over costs less so.

        Where the worker fails on one of them, the others are extracted one by one.
        """
        try:
            return await self._run(_extract_many, [answer for answer, _ in pages], pages)
        except _Failed:
            return [await self.extract(answer, source, answer.fetched_at, None) for answer, source in pages]

    async def read(
        self, how: Callable[[Answer, Source, datetime], T], answer: Answer, source: Source, now: datetime
    ) -> T | Failure:
        """A page read in a worker by a function of this room; too long a time is a failure."""
        try:
            return await self._run(_read, [answer], answer, how, source, now)
        except _Failed as failed:
            return Failure(url=answer.url, outcome=Outcome.BROKEN, reason=f"Its reading {failed}.", http=answer.status)

    async def _run(self, work: Callable[..., T], answers: Sequence[Answer], *args: Any) -> T:
        # A packed sitemap is small until it is read.
        big = any(len(answer.body) >= BIG or answer.body.startswith(sitemaps.GZIP) for answer in answers)
        future = self._started(big).schedule(work, args=args, timeout=self._seconds)
        try:
            found: T = await asyncio.wrap_future(future)
            return found
        except TimeoutError as error:
            raise _Failed(f"took longer than {self._seconds:g} s") from error
        except ProcessExpired as error:
            raise _Failed("ended the process that ran it") from error
        except MemoryError as error:
            raise _Failed("wanted too much memory") from error
        except Exception as error:
            log.exception("%s failed on %s", work.__name__, answers[0].url)
            raise _Failed(f"failed: {type(error).__name__}") from error

    def _started(self, big: bool) -> ProcessPool:
        if big not in self._pools:
            context = multiprocessing.get_context("forkserver")
            context.set_forkserver_preload(["extractors.preload"])
            forkserver.ensure_running()  # by this thread: it dies with the one that starts it
            workers, pages = (1, 1) if big else (self.workers, PAGES)
            self._pools[big] = ProcessPool(workers, max_tasks=pages, context=context, initializer=_prepare)
        return self._pools[big]


class _Failed(Exception):
    """A worker gave nothing; the message is the end of a sentence."""


def _extract_many(pages: Sequence[tuple[Answer, Source | None]]) -> list[Article | Refusal]:
    return [_extract(answer, source, answer.fetched_at, None) for answer, source in pages]


def _extract(answer: Answer, source: Source | None, now: datetime, link: Link | None) -> Article | Refusal:
    from extractors import article  # the worker has it already; this process need not

    try:
        return article.extract(answer, source, now, link)
    finally:
        _give_back(answer)


def _read(answer: Answer, how: Callable[[Answer, Source, datetime], T], source: Source, now: datetime) -> T:
    try:
        return how(answer, source, now)
    finally:
        _give_back(answer)


def _give_back(answer: Answer) -> None:
    if len(answer.body) > _TREE_BYTES:
        heap.give_back()


def _prepare() -> None:
    """In a worker, before its first page: leave interrupts to the parent, die with it, use bounded memory."""
    logging.getLogger("trafilatura").setLevel(logging.ERROR)  # it warns of each page without text; we say so ourselves
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    mortal.die_with(os.getppid())
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, resource.RLIM_INFINITY))
    heap.bound(arenas=1)
