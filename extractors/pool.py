"""Extraction in processes of their own: it is CPU-bound, and a worker can be killed at a deadline.

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
from concurrent.futures import TimeoutError
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from pebble import ProcessExpired, ProcessPool

from articles.model import Answer, Article, Link, Refusal, Source

WORKERS = 2
"""Processes, whatever the machine: their memory is counted together."""

SECONDS = 30
"""What one page may take before its worker is killed: the deadline of trafilatura's own command line."""

MEMORY = 1 << 30
"""Bytes of address space a worker may use beyond what it starts with."""

_PR_SET_PDEATHSIG = 1

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

    async def extract(self, answer: Answer, source: Source, now: datetime, link: Link | None) -> Article | Refusal:
        """`extractors.article.extract` in a worker; one that runs too long or dies is a refusal, and replaced."""
        future = self._started().schedule(_extract, args=[answer, source, now, link], timeout=self._seconds)
        try:
            found: Article | Refusal = await asyncio.wrap_future(future)
            return found
        except TimeoutError:
            return Refusal(url=answer.url, reason=f"Its extraction took longer than {self._seconds:g} s.")
        except ProcessExpired:
            return Refusal(url=answer.url, reason="Its extraction ended the process that ran it.")
        except MemoryError:
            return Refusal(url=answer.url, reason="Its extraction wanted too much memory.")
        except Exception as error:
            log.exception("extraction of %s failed", answer.url)
            return Refusal(url=answer.url, reason=f"Its extraction failed: {type(error).__name__}.")

    def _started(self) -> ProcessPool:
        if self._pool is None:
            context = multiprocessing.get_context("forkserver")
            context.set_forkserver_preload(["extractors.article"])
            self._pool = ProcessPool(max_workers=self.workers, context=context, initializer=_prepare)
        return self._pool


def _extract(answer: Answer, source: Source, now: datetime, link: Link | None) -> Article | Refusal:
    from extractors import article  # the worker has it already; this process need not

    return article.extract(answer, source, now, link)


def _prepare() -> None:
    """In a worker, before its first page: leave interrupts to the parent, die with it, use bounded memory."""
    logging.getLogger("trafilatura").setLevel(logging.ERROR)  # it warns of each page without text; we say so ourselves
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() == 1:
        os._exit(1)  # the parent died before the line above
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, resource.RLIM_INFINITY))
