"""Which runs are alive: a lock that the operating system or the database server lets go when its holder dies.

A lease names its holder; it holds only while that holder lives, so a killed pass frees its sources at once.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from pathlib import Path
from types import TracebackType
from typing import IO, Protocol, Self

from sqlalchemy import Connection, text

from storage.database import Store

_CLASS = 0x7261
"""The first half of the advisory locks that stand for runs; the second is made of the run's id."""

_HELD = """SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = :a AND objid = :b
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"""

_OTHERS = _HELD.replace("objid = :b", "objid <> :b")


class Life(Protocol):
    """The sign that this run is alive, from entering to leaving the block."""

    run: str

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def alive(self, holder: str) -> bool:
        """Whether the run `holder` is alive, anywhere on this database."""
        ...

    def alone(self) -> bool:
        """Whether no other run is alive on this database."""
        ...


def life(store: Store, run: str, folder: Path) -> Life:
    """The kind of life that suits the database; `folder` holds the lock files of runs on SQLite."""
    return FileLife(run, folder) if store.is_sqlite else SessionLife(run, store)


class FileLife:
    """A lock on a file of the run: one machine, as SQLite itself."""

    def __init__(self, run: str, folder: Path) -> None:
        self.run = run
        self._folder = folder
        self._file: IO[str] | None = None

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True)
        while self._file is None:
            self._file = self._locked()
        return self

    def _locked(self) -> IO[str] | None:
        """The file, locked; None where somebody took it for a dead run's and removed it before the lock."""
        file = self._path(self.run).open("w")
        fcntl.flock(file, fcntl.LOCK_EX)
        try:
            if os.path.samestat(os.fstat(file.fileno()), self._path(self.run).stat()):
                return file
        except FileNotFoundError:
            pass
        file.close()
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._path(self.run).unlink(missing_ok=True)
        if self._file:
            self._file.close()

    def alive(self, holder: str) -> bool:
        if holder == self.run:
            return True
        try:
            file = self._path(holder).open("r+")
        except FileNotFoundError:
            return False
        with file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
            self._path(holder).unlink(missing_ok=True)
            return False

    def alone(self) -> bool:
        others = [path.stem for path in self._folder.glob("*.lock") if path.stem != self.run]
        return not any(self.alive(other) for other in others)

    def _path(self, run: str) -> Path:
        return self._folder / f"{run}.lock"


class SessionLife:
    """An advisory lock of a PostgreSQL session: any number of machines."""

    def __init__(self, run: str, store: Store) -> None:
        self.run = run
        self._engine = store.engine
        self._session: Connection | None = None

    def __enter__(self) -> Self:
        # Autocommit: an open transaction would keep the server from tidying up behind other writers.
        self._session = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        self._session.execute(text("SELECT pg_advisory_lock(:a, :b)"), {"a": _CLASS, "b": _half(self.run)})
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session:
            self._session.invalidate()  # ends the session, and its lock with it
            self._session.close()

    def alive(self, holder: str) -> bool:
        assert self._session is not None, "asked outside the run"
        return is_held(self._session, holder)

    def alone(self) -> bool:
        assert self._session is not None, "asked outside the run"
        others = self._session.execute(text(_OTHERS), {"a": _CLASS, "b": _half(self.run)})
        return others.first() is None


def is_held(session: Connection, holder: str) -> bool:
    """Whether the run `holder` is alive, by a PostgreSQL session of the caller's."""
    held = session.execute(text(_HELD), {"a": _CLASS, "b": _half(holder)})
    return held.first() is not None


def _half(run: str) -> int:
    """31 bits of the run's id: what one half of an advisory lock holds, without a sign."""
    return int.from_bytes(hashlib.sha256(run.encode()).digest()[:4], "big") >> 1
