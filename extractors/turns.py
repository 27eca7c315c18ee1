"""Politeness: a host is asked by one at a time, and not again before its delay is over."""

from __future__ import annotations

import asyncio
import contextlib
import math
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Protocol

from extractors.trouble import NoConnection, Trouble


class Sharing(Protocol):
    """The other passes that ask the same hosts."""

    async def take(self, host: str, delay: float) -> None:
        """Waits until no other pass asks the host, and `delay` seconds have gone since one did."""
        ...

    async def leave(self, host: str, delay: float, since: float) -> None:
        """Lets others come `delay` seconds from its answer, which came `since` seconds ago."""
        ...


@dataclass(slots=True)
class Host:
    """One host and port in this pass. Whoever holds the lock has its one connection."""

    name: str = ""
    sharing: Sharing | None = None
    """None: no other pass asks it."""
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
            if self.sharing:
                await self.sharing.take(self.name, self.delay)
            self.asked = loop.time()
            try:
                yield
            except Trouble as trouble:
                if isinstance(trouble, NoConnection) or trouble.http == 429:
                    self.closed = trouble
                raise
            finally:
                if self.sharing:
                    await self.sharing.leave(self.name, self.delay, loop.time() - self.asked)

    def _check(self) -> None:
        if self.closed:
            raise self.closed.with_traceback(None)


class Clock:
    """What is left of some seconds; it stands still while nothing is on the wire."""

    def __init__(self, seconds: float, within: Clock | None = None) -> None:
        """`within`: a longer clock that runs while this one does, and ends it too."""
        self.seconds = seconds
        self._own = seconds
        self._within = within

    @property
    def left(self) -> float:
        """Seconds."""
        return self._own if self._within is None else min(self._own, self._within.left)

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Raise TimeoutError when the seconds are used up."""
        loop = asyncio.get_running_loop()
        started = loop.time()
        try:
            async with asyncio.timeout(self.left):
                yield
        finally:
            self._spend(loop.time() - started)

    def _spend(self, seconds: float) -> None:
        self._own -= seconds
        if self._within is not None:
            self._within._spend(seconds)
