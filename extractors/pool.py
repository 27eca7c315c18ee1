"""Extraction, and reading big front pages, in processes of their own: a worker can be killed at a deadline.

Threads give 1.06 times one core's speed here, processes 1.83 on two. Workers are forked from a clean server
process (never from this one: it has threads and an open database) and die with their parent.
"""

from __future__ import annotations

import asyncio
import ctypes
import logging
import multiprocessing
import os
import resource
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import TimeoutError
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from pebble import ProcessExpired, ProcessPool

from articles.model import Answer, Article, Failure, Link, Outcome, Refusal, Source
from extractors.discover import Front, Read

T = TypeVar("T")

WORKERS = 2
"""Processes, whatever the machine: their memory is counted together."""

SECONDS = 30
"""What one page may take before its worker is killed: the deadline of trafilatura's own command line."""

MEMORY = 1 << 30
"""Bytes of address space a worker may use beyond what it starts with."""

PAGES = 150
"""Pages after which a worker makes room for a new one: what libraries keep (a language model is 75 MB) goes with it."""

_PR_SET_PDEATHSIG = 1
_M_TRIM_THRESHOLD, _M_ARENA_MAX = -1, -8  # malloc.h of glibc
_TRIM = 1 << 17
"""Bytes: glibc's own first value, which it raises by itself as soon as something big was freed."""
_BIG_PAGE = 200_000
"""Bytes of a page after which a worker gives back what its tree took: tens of MB, and a millisecond to return them."""

_LIBC = ctypes.CDLL(None)

log = logging.getLogger("rasid")


class Pool:
    """Workers that extract pages; started when the first page comes."""

    def __init__(self, workers: int = WORKERS, seconds: float = SECONDS) -> None:
        self.workers = workers
        self._seconds = seconds
        self._pool: ProcessPool | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool:
            self._pool.stop()  # type: ignore[no-untyped-call]  # pebble's only untyped method
            await asyncio.to_thread(self._pool.join)

    async def extract(
        self, answer: Answer, source: Source | None, now: datetime, link: Link | None
    ) -> Article | Refusal:
        """`extractors.article.extract` in a worker; one that runs too long or dies is a refusal, and replaced."""
        try:
            return await self._run(_extract, answer, source, now, link)
        except _Failed as failed:
            return Refusal(url=answer.url, reason=f"Its extraction {failed}.", failed=True)

    async def extract_many(self, pages: Sequence[tuple[Answer, Source | None]]) -> list[Article | Refusal]:
        """Pages extracted in one turn of a worker, each as of when it was fetched: handing over costs less so.

        Where the worker fails on one of them, the others are extracted one by one.
        """
        try:
            return await self._run(_extract_many, pages)
        except _Failed:
            return [await self.extract(answer, source, answer.fetched_at, None) for answer, source in pages]

    async def read(self, how: Read, answer: Answer, source: Source, now: datetime) -> Front | Failure:
        """A front page read in a worker by a function of `extractors.discover`; too long a time is a failure."""
        try:
            return await self._run(_read, how, answer, source, now)
        except _Failed as failed:
            return Failure(url=answer.url, outcome=Outcome.BROKEN, reason=f"Its reading {failed}.", http=answer.status)

    async def _run(self, work: Callable[..., T], answer: Any, *rest: Any) -> T:
        future = self._started().schedule(work, args=[answer, *rest], timeout=self._seconds)
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
            log.exception("%s failed on %s", work.__name__, getattr(answer, "url", "some pages"))
            raise _Failed(f"failed: {type(error).__name__}") from error

    def _started(self) -> ProcessPool:
        if self._pool is None:
            context = multiprocessing.get_context("forkserver")
            context.set_forkserver_preload(["extractors.article"])
            self._pool = ProcessPool(self.workers, max_tasks=PAGES, context=context, initializer=_prepare)
        return self._pool


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


def _read(how: Read, answer: Answer, source: Source, now: datetime) -> Front | Failure:
    try:
        return how(answer, source, now)
    finally:
        _give_back(answer)


def _give_back(answer: Answer) -> None:
    if len(answer.body) > _BIG_PAGE and hasattr(_LIBC, "malloc_trim"):
        _LIBC.malloc_trim(0)


def _prepare() -> None:
    """In a worker, before its first page: leave interrupts to the parent, die with it, use bounded memory."""
    logging.getLogger("trafilatura").setLevel(logging.ERROR)  # it warns of each page without text; we say so ourselves
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() == 1:
        os._exit(1)  # the parent died before the line above
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, resource.RLIM_INFINITY))
    if hasattr(_LIBC, "mallopt"):
        _LIBC.mallopt(_M_TRIM_THRESHOLD, _TRIM)
        _LIBC.mallopt(_M_ARENA_MAX, 1)
