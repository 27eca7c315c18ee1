"""Politeness between passes on PostgreSQL: a host is asked by one of them at a time, its delay after the last.

A pass holds a host for the length of one request. What it leaves is the moment from which on others may come; one
that died leaves nothing, so whoever finds that out waits the whole delay from then on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Any, Self, TypeVar

from sqlalchemy import Connection, TextClause, text

from storage import lives
from storage.database import Store, translated

T = TypeVar("T")

SHORTEST_POLL, LONGEST_POLL = 0.02, 1.0
"""Seconds between two looks at a host that another pass is asking: soon at first, then ever more rarely."""

_TAKE = text(
    """INSERT INTO host (name, holder, asked_at, free_at) VALUES (:host, :run, clock_timestamp(), clock_timestamp())
    ON CONFLICT (name) DO UPDATE SET holder = excluded.holder
    WHERE host.holder IS NULL
      AND greatest(host.free_at, host.asked_at + make_interval(secs => :delay)) <= clock_timestamp()
    RETURNING name"""
)
_LOOK = text(
    """SELECT holder, extract(epoch FROM greatest(free_at, asked_at + make_interval(secs => :delay))
                              - clock_timestamp())::float AS wait FROM host WHERE name = :host"""
)
_LEAVE = text(
    """UPDATE host SET holder = NULL, asked_at = clock_timestamp() - make_interval(secs => :since),
        free_at = clock_timestamp() + make_interval(secs => :delay - :since)
    WHERE name = :host AND holder = :run"""
)
_TIDY = text("DELETE FROM host WHERE holder IS NULL AND free_at < clock_timestamp() - interval '1 day'")


class Hosts:
    """The hosts of all passes on a database, as one of them takes and leaves them."""

    def __init__(self, store: Store, run: str) -> None:
        self._store = store
        self._run = run
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="hosts")

    async def __aenter__(self) -> Self:
        self._session = await self._do(self._open)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._do(self._close)
        self._thread.shutdown()

    async def take(self, host: str, delay: float) -> None:
        """Waits until the host may be asked, `delay` seconds after it was last, and holds it.

        Raises:
            StorageError: the database can't be used.
        """
        poll = SHORTEST_POLL
        while (wait := await self._do(self._take, host, delay, poll)) is not None:
            await asyncio.sleep(wait)
            poll = min(2 * poll, LONGEST_POLL)

    async def leave(self, host: str, delay: float, since: float) -> None:
        """Lets the host go, which answered `since` seconds ago and is to be left alone for `delay` from then on.

        Raises:
            StorageError: the database can't be used.
        """
        values = {"host": host, "run": self._run, "delay": delay, "since": since}
        await self._do(self._execute, _LEAVE, values)

    async def _do(self, work: Callable[..., T], *words: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *words)

    def _open(self) -> Connection:
        with translated():
            session = self._store.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            # What a crash of the server takes back are the last moments of hosts that nobody asks just then.
            session.execute(text("SET synchronous_commit = off"))
            return session

    def _close(self) -> None:
        self._execute(_TIDY, {})
        self._session.invalidate()  # its setting must not go back to the pool
        self._session.close()

    def _take(self, host: str, delay: float, poll: float) -> float | None:
        """None: the host is held now. Else the seconds after which to try again."""
        values = {"host": host, "run": self._run, "delay": delay}
        if self._execute(_TAKE, values).first() is not None:
            return None
        row = self._execute(_LOOK, values).first()
        if row is None or row.holder is None:
            return max(row.wait, 0.001) if row else 0.0
        if lives.is_held(self._session, row.holder):
            return poll
        # A killed pass may have asked until just now: as if it left only now.
        self._execute(_LEAVE, values | {"run": row.holder, "since": 0.0})
        return delay

    def _execute(self, statement: TextClause, values: dict[str, object]) -> Any:
        with translated():
            return self._session.execute(statement, values)
