"""Politeness: a host is asked by one at a time, and not again before its delay is over."""

from __future__ import annotations

import asyncio
import contextlib
import math
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from extractors import outcomes
from extractors.outcomes import Trouble


@dataclass(slots=True)
class Host:
    """One host and port in this pass. Whoever holds the lock has its one connection."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    delay: float = 0.0
    asked: float = -math.inf
    closed: Trouble | None = None
    """Why it is not asked again in this pass."""

    def slow_down(self, delay: float) -> None:
        """Ask no faster than one of these many seconds apart: of several wishes the slowest holds."""
        self.delay = max(self.delay, delay)

    @contextlib.asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait until the host may be asked; close it for the pass where it shows that it can't be.

        Raises:
            Trouble: it was closed before.
        """
        self._check()
        async with self.lock:
            self._check()
            loop = asyncio.get_running_loop()
            wait = self.asked + self.delay - loop.time()
            if wait > 0:
                await asyncio.sleep(wait)
            self.asked = loop.time()
            try:
                yield
            except Trouble as trouble:
                if isinstance(trouble, outcomes.NoConnection) or trouble.http == 429:
                    self.closed = trouble
                raise

    def _check(self) -> None:
        if self.closed:
            raise self.closed.with_traceback(None)


class Clock:
    """What is left of an exchange's seconds; it stands still while nothing is on the wire."""

    def __init__(self, seconds: float) -> None:
        self._left = seconds

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Raise TimeoutError when the seconds are used up."""
        loop = asyncio.get_running_loop()
        started = loop.time()
        try:
            async with asyncio.timeout(self._left):
                yield
        finally:
            self._left -= loop.time() - started
