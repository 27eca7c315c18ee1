"""Every fetched page as it came: WARC files in a folder, and a row a page that says where it stands.

One file a process and run, `.open` until it is closed, never continued after a crash. A page's row is written after
its bytes have reached the disk, so that a row always points at whole records. Each fetch has records of its own,
also when the bytes are the same again: files then go without a thought for one another.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import FileIO
from itertools import accumulate
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any, BinaryIO, Self

from sqlalchemy import Connection, update

from articles.model import Answer
from storage import warc
from storage.database import StorageError, insert
from storage.tables import PAGE

CLOSED, OPEN = ".warc.gz", ".open"
"""How the names of files end, and what follows while a process still writes."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a page stands: `length` bytes at `offset` of a file of the archive, named as it is when closed."""

    file: str
    offset: int
    length: int


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What an extractor made of a page."""

    extractor: str
    steps: tuple[str, ...] = ()
    refused: str | None = None
    """Why it is no article."""


@dataclass(frozen=True, kw_only=True)
class Page:
    """A fetched page, put into the archive and read."""

    source: str
    answer: Answer
    place: Place
    reading: Reading
    link_id: int | None = None
    article_id: int | None = None


class Archive:
    """The file that a run writes; made when the first page comes. Entering closes the files of dead runs."""

    def __init__(self, folder: Path, run: str, extractor: str) -> None:
        self._folder = folder
        self._run = run
        self._extractor = extractor
        self._name = f"{run}-{os.getpid()}{CLOSED}"
        self._file: FileIO | None = None
        self._end = 0
        self._over = False
        self._lock = Lock()

    def __enter__(self) -> Self:
        """Raises StorageError: the folder can't be written."""
        with told(self._folder):
            for path in self._folder.glob(f"*{OPEN}"):
                _close_dead(path)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:  # a page may still be on its way in an abandoned thread
            self._over = True
            if self._file:
                with self._file, told(self._folder):
                    self._file.truncate(self._end)
                    _close(self._path(OPEN), self._end)

    def put(self, answer: Answer) -> Place:
        """Writes a page, flushed to the disk. Any thread may call; it blocks for some milliseconds.

        Raises:
            StorageError: the folder can't be written, or the disk is full; nothing of the page is left there.
        """
        return self.put_all([answer])[0]

    def put_all(self, answers: Sequence[Answer]) -> list[Place]:
        """Writes some pages, flushed to the disk once; as `put` otherwise."""
        records = [warc.pack(answer) for answer in answers]  # outside the lock: compression lets other threads run
        with self._lock, told(self._folder):
            if self._over:
                raise StorageError(f"the archive's file {self._name} is closed")
            if self._file is None:
                self._file = self._begin()
            opening = b"" if self._end else warc.opening(self._name, self._run, self._extractor)
            begin = self._end + len(opening)
            self._append(self._file, opening + b"".join(records))
        lengths = [len(one) for one in records]
        return [
            Place(file=self._name, offset=begin + before, length=length)
            for before, length in zip(accumulate(lengths, initial=0), lengths, strict=False)
        ]

    def get(self, place: Place) -> Answer:
        """A page that was put there; any thread may call. Raises StorageError: the file can't be read."""
        return read(self._folder, place)

    def _begin(self) -> FileIO:
        self._folder.mkdir(parents=True, exist_ok=True)
        if self._path().exists():
            raise FileExistsError(0, "a file of this run and process is closed already", self._name)
        while True:
            file = FileIO(self._path(OPEN), "x")
            fcntl.flock(file, fcntl.LOCK_EX)
            if _stands_at(self._path(OPEN), file):
                return file
            file.close()  # somebody took it for a dead run's and removed it before the lock

    def _append(self, file: FileIO, data: bytes) -> None:
        written = 0
        try:
            while written < len(data):
                written += os.pwrite(file.fileno(), data[written:], self._end + written)
            os.fdatasync(file.fileno())
        except OSError:
            with suppress(OSError):
                file.truncate(self._end)
            raise
        self._end += written

    def _path(self, suffix: str = "") -> Path:
        return self._folder / f"{self._name}{suffix}"


def read(folder: Path, place: Place) -> Answer:
    """The page that stands there.

    Raises:
        StorageError: its file is no longer in the archive, or is damaged.
    """
    try:
        with _opened(folder, place.file) as file:
            file.seek(place.offset)
            return warc.unpack(file.read(place.length))
    except FileNotFoundError as error:
        raise StorageError(f"{place.file} is not in the archive {folder}") from error
    except OSError as error:
        raise StorageError(f"{place.file} of the archive can't be read: {error.strerror}") from error
    except ValueError as error:
        raise StorageError(f"{place.file} of the archive is damaged at {place.offset}: {error}") from error


def note(connection: Connection, page: Page) -> int:
    """Writes a page's row; one that gave an article ends the quarantine of its link's earlier pages. Gives its id."""
    answer, reading = page.answer, page.reading
    if page.link_id is not None and reading.refused is None:
        earlier = (PAGE.c.link_id == page.link_id) & PAGE.c.quarantined_at.is_not(None)
        connection.execute(update(PAGE).where(earlier).values(quarantined_at=None))
    row = {
        "source": page.source,
        "asked": answer.asked,
        "url": answer.url,
        "status": answer.status,
        "fetched_at": answer.fetched_at,
        "file": page.place.file,
        "offset": page.place.offset,
        "length": page.place.length,
        "link_id": page.link_id,
        "article_id": page.article_id,
        **_columns(reading),
        "replays": 0,
    }
    return int(connection.execute(insert(connection, PAGE).values(row).returning(PAGE.c.id)).scalar_one())


def reread(connection: Connection, page_id: int, reading: Reading, article_id: int) -> None:
    """Notes what a later extractor made of a page, and the article that it gave."""
    values = _columns(reading) | {"article_id": article_id}
    connection.execute(update(PAGE).where(PAGE.c.id == page_id).values(values))


@contextmanager
def told(folder: Path) -> Iterator[None]:
    """Whatever keeps the archive's folder from being written becomes a `StorageError`."""
    try:
        yield
    except OSError as error:
        raise StorageError(f"the archive {folder} can't be written: {error.strerror}") from error


def _columns(reading: Reading) -> dict[str, Any]:
    return {"extractor": reading.extractor, "steps": list(reading.steps), "refused": reading.refused}


def _close_dead(path: Path) -> None:
    """Closes a file whose process is dead, without the record that it was writing; a living one keeps its own."""
    with suppress(FileNotFoundError, BlockingIOError), path.open("r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if _stands_at(path, file):
            end = warc.whole(file)
            file.truncate(end)
            _close(path, end)


def _close(path: Path, end: int) -> None:
    if end:
        path.rename(path.with_suffix(""))
    else:
        path.unlink()


def _stands_at(path: Path, file: BinaryIO | FileIO) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


def _opened(folder: Path, name: str) -> BinaryIO:
    """The file, closed or still open; tried again, as it may be closed just then."""
    for suffix in ("", OPEN):
        with suppress(FileNotFoundError):
            return (folder / f"{name}{suffix}").open("rb")
    return (folder / name).open("rb")
