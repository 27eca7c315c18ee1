"""The corpus folder: a projection of the database, written after the commit and repaired at every run.

A document is one file `NNN_<16 hex>.txt`. Its number is never reused, and a name once given stays.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Connection, select

from storage.database import StorageError, insert
from storage.lives import Life
from storage.tables import COUNTER, FILE

# Nine digits at most: a number has to fit a database's integer.
_NAME = re.compile(r"([0-9]{3,9})_([0-9a-f]{16})\.txt")
_TEMPORARY = re.compile(r"\.(.+)\.([0-9a-z-]+)\.tmp")
_COUNTER = "document"


@dataclass(frozen=True, kw_only=True)
class Document:
    """A file of the corpus, whole."""

    name: str
    body: bytes


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing wrong between folder and database, and whether it was mended."""

    kind: str
    """`missing`, `altered`, `renumbered`, `stray`, `unreadable`."""
    name: str
    message: str
    mended: bool = False


def number(name: str) -> int:
    """The document number in a file name of the corpus."""
    match = _NAME.fullmatch(name)
    if match is None:
        raise ValueError(f"no name of a corpus document: {name}")
    return int(match[1])


def names(folder: Path) -> list[str]:
    """The hash-named files in the folder, by number; an absent folder has none.

    Raises:
        StorageError: the folder can't be listed.
    """
    try:
        found = [path.name for path in folder.iterdir() if _NAME.fullmatch(path.name) and path.is_file()]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise StorageError(f"the corpus folder {folder} can't be read: {error.strerror}") from error
    return sorted(found, key=lambda name: (number(name), name))


def highest(folder: Path) -> int:
    """The highest number in the folder, whatever became of its file; -1 where there is none.

    Raises:
        StorageError: the folder can't be listed.
    """
    return max(map(number, names(folder)), default=-1)


def known(connection: Connection) -> dict[str, str]:
    """SHA-256 of every file the database knows, by name."""
    return {row.name: row.sha256 for row in connection.execute(select(FILE.c.name, FILE.c.sha256))}


def strangers(folder: Path, connection: Connection) -> list[str]:
    """Hash-named files to adopt: unknown to the database, and no renumbered copy of a known one."""
    filed = known(connection)
    copies = {(name.partition("_")[2], sha) for name, sha in filed.items()}
    return [
        name
        for name in names(folder)
        if name not in filed and (name.partition("_")[2], _sha256(folder / name)) not in copies
    ]


def newest_number(connection: Connection) -> int:
    """The newest number that was given; -1 before the first."""
    value = connection.scalar(select(COUNTER.c.value).where(COUNTER.c.name == _COUNTER))
    return -1 if value is None else value


def next_name(connection: Connection, content_hash: str) -> str:
    """The name of the next document. Called inside the write transaction, so numbers have no gaps."""
    number = newest_number(connection) + 1
    _set_counter(connection, number)
    return name_of(number, content_hash)


def name_of(number: int, content_hash: str) -> str:
    """The file name of a document's text."""
    return f"{number:03d}_{content_hash}.txt"


def raise_counter(connection: Connection, number: int) -> None:
    """Makes sure that `number` is not given again."""
    if number > newest_number(connection):
        _set_counter(connection, number)


def write(folder: Path, document: Document, run: str) -> None:
    """Puts a document into the folder, whole or not at all.

    Raises:
        StorageError: the folder can't be written.
    """
    temporary = folder / f".{document.name}.{run}.tmp"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb") as file:
            file.write(document.body)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(folder / document.name)
    except OSError as error:
        raise StorageError(f"the corpus folder {folder} can't be written: {error.strerror}") from error


def repair(folder: Path, connection: Connection, life: Life) -> list[str]:
    """Writes the files that the folder lacks, sweeps what dead runs left half-written; returns the names."""
    for path in folder.glob(".*.tmp"):
        leftover = _TEMPORARY.fullmatch(path.name)
        if leftover and not life.alive(leftover[2]):
            path.unlink(missing_ok=True)
    missing = sorted(known(connection).keys() - set(names(folder)))
    for name in missing:
        write(folder, document(connection, name), life.run)
    return missing


def document(connection: Connection, name: str) -> Document:
    """A file of the corpus as the database keeps it."""
    body = connection.execute(select(FILE.c.body).where(FILE.c.name == name)).scalar_one()
    return Document(name=name, body=body)


def compare(folder: Path, connection: Connection) -> Iterator[Finding]:
    """Holds folder and database against each other, and touches nothing."""
    filed = known(connection)
    present = set(names(folder))
    shas = {name: _sha256(folder / name) for name in sorted(present)}
    for name in sorted(filed.keys() - present):
        yield Finding(kind="missing", name=name, message="is missing; `rasid corpus verify` writes it again")
    for name in sorted(present & filed.keys()):
        if shas[name] is None:
            yield Finding(kind="unreadable", name=name, message="can't be read; check its permissions")
        elif shas[name] != filed[name]:
            message = "differs from what was stored; delete it and it is written again as it was"
            yield Finding(kind="altered", name=name, message=message)
    by_sha = {sha: name for name, sha in filed.items()}
    for name in sorted(present - filed.keys()):
        if original := by_sha.get(shas[name] or ""):
            message = f"is {original} under another number; delete this copy"
            yield Finding(kind="renumbered", name=name, message=message)
        else:
            yield Finding(kind="stray", name=name, message="is not in the database; run `rasid corpus adopt`")
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.name not in present and not path.name.startswith("."):
            yield Finding(kind="stray", name=path.name, message="is no document; move it elsewhere")


def verify(folder: Path, connection: Connection, run: str) -> Iterator[Finding]:
    """`compare`, and mends what is safe: a missing file is written again, the rest is told."""
    for finding in list(compare(folder, connection)):
        if finding.kind == "missing":
            write(folder, document(connection, finding.name), run)
            yield replace(finding, message="was missing; written again", mended=True)
        else:
            yield finding


def _sha256(path: Path) -> str | None:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None


def _set_counter(connection: Connection, value: int) -> None:
    statement = insert(connection, COUNTER).values(name=_COUNTER, value=value)
    connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"value": value}))
