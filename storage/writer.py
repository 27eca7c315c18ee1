"""Many small writes, one commit: each waits for the transaction that it went into, none waits for a timer.

A commit costs a flush to disk. While one runs, the writes that arrive gather; the next transaction takes them
all. A write that fails is run again alone, so that it costs nobody else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self, TypeVar

from sqlalchemy import Connection

from storage.database import Store

T = TypeVar("T")
Item = TypeVar("Item")
Write = Callable[[Connection], T]
WriteMany = Callable[[Connection, list[Item]], None]

BATCH = 50
"""Writes in one transaction: measured elsewhere, 50 rows a commit reach the driver's own speed."""


@dataclass(frozen=True)
class _Entry:
    write: Write[Any]
    done: asyncio.Future[Any]


class Writer:
    """The one way in which a pass writes. All of its database work runs in one thread."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: asyncio.Queue[_Entry] = asyncio.Queue()
        self._gathering: dict[WriteMany[Any], tuple[list[Any], _Entry]] = {}
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store")

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._serve())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        self._thread.shutdown()

    async def do(self, write: Write[T]) -> T:
        """Runs `write` in a transaction and returns its answer once that is committed.

        Raises:
            StorageError: the database refused it. Whatever else `write` raises comes through.
        """
        entry = self._enter(write)
        answer: T = await entry.done
        return answer

    async def do_together(self, write: WriteMany[Item], item: Item) -> None:
        """Has `item` written with all other items that wait for the same `write`, in one call of it.

        Raises:
            As `do`; what `write` raises comes to all whose items it was given.
        """
        if write not in self._gathering:
            items: list[Item] = []
            self._gathering[write] = items, self._enter(lambda connection: write(connection, items))
        items, entry = self._gathering[write]
        items.append(item)
        await asyncio.shield(entry.done)

    def _enter(self, write: Write[Any]) -> _Entry:
        entry = _Entry(write, asyncio.get_running_loop().create_future())
        self._waiting.put_nowait(entry)
        return entry

    async def _serve(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            batch = [await self._waiting.get()]
            while len(batch) < BATCH and not self._waiting.empty():
                batch.append(self._waiting.get_nowait())
            self._gathering = {key: one for key, one in self._gathering.items() if one[1] not in batch}
            answers = await loop.run_in_executor(self._thread, self._commit, [entry.write for entry in batch])
            for entry, answer in zip(batch, answers, strict=True):
                _settle(entry.done, answer)

    def _commit(self, writes: list[Write[Any]]) -> list[Any]:
        try:
            with self._store.write() as connection:
                return [write(connection) for write in writes]
        except Exception as error:
            if len(writes) == 1:
                return [_Failed(error)]
            return [answer for write in writes for answer in self._commit([write])]


@dataclass(frozen=True)
class _Failed:
    error: Exception


def _settle(done: asyncio.Future[Any], answer: Any) -> None:
    if done.cancelled():
        return
    if isinstance(answer, _Failed):
        done.set_exception(answer.error)
    else:
        done.set_result(answer)
