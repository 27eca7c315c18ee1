"""A backup: one file with the database, the corpus folder and the configuration; and the way back.

Its last member is a manifest with every member's digest and every table's rows: a file that was cut short has none, and
what comes back is held against it.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import re
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, cast

import zstandard

from articles.faults import Faults
from flows.settings import Settings
from flows.stores import opened
from storage import copying, corpus, database
from storage.archive import CLOSED
from storage.copying import Counts
from storage.corpus import Finding
from storage.database import StorageError

SUFFIXES = (".tar.zst", ".tar.gz")

MANIFEST = "manifest.json"
VERSION = 1
"""Of the file's shape."""

_MEMBER = re.compile(rf"(?:database|corpus|archive|config)/[^/\\\x00]+|{re.escape(MANIFEST)}")
_CONFIG = ("sources", "topic", "recipients", "taggers")


@dataclass(frozen=True, kw_only=True)
class Made:
    """A backup that was made."""

    file: str
    bytes: int
    files: int
    """Documents and pages in it."""
    rows: Counts


@dataclass(frozen=True, kw_only=True)
class Restored:
    """What came back."""

    folder: str
    made_at: str
    schema: str
    rows: Counts
    findings: tuple[Finding, ...]
    """Between the files and the database, as `rasid corpus verify` tells them."""

    @property
    def sound(self) -> bool:
        """Files and database fit each other; a file that was never taken in is no fault of the backup."""
        return all(finding.mended or finding.kind == "stray" for finding in self.findings)


def make(known: Settings, target: Path, now: datetime, *, pages: bool) -> Made:
    """Makes a backup at `target`, or in it where it is a folder; `pages`: with the archive of fetched pages.

    It appears whole or not at all. The watch may go on meanwhile.

    Raises:
        Faults: the target's name does not say how it is packed.
        StorageError: something can't be read or written.
    """
    if target.is_dir():
        target = target / f"rasid-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}{SUFFIXES[0]}"
    if not target.name.endswith(SUFFIXES):
        raise Faults([f"{target}: a backup's name ends in {' or '.join(SUFFIXES)}; or name a folder"])
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".rasid-backup-") as folder:
            packed = Path(folder) / target.name
            rows, files = _pack(known, packed, now, pages=pages)
            size = packed.stat().st_size
            packed.replace(target)
    except OSError as error:
        raise StorageError(f"{target} can't be written: {error.strerror or error}") from error
    return Made(file=str(target), bytes=size, files=files, rows=rows)


def restore(file: Path, into: Path, database_url: str | None = None) -> Restored:
    """Unpacks a backup into a folder that is empty or not there yet, and holds everything against its manifest.

    `database_url`: an empty PostgreSQL database, which a backup of one is put back into.

    Raises:
        Faults: the folder is not empty, or a database is to be named, or must not be.
        StorageError: the backup is damaged, or something can't be written.
    """
    if into.exists() and (not into.is_dir() or any(into.iterdir())):
        raise Faults([f"--into {into}: is not empty; name a folder that is, or one that is not there yet"])
    try:
        into.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=into.parent, prefix=".rasid-restore-") as folder:
            fresh = Path(folder) / "home"
            fresh.mkdir()
            manifest = _unpack(file, fresh)
            url = _put_back(manifest, fresh, database_url)
            findings = _verified(manifest, fresh, url)
            fresh.rename(into)
    except (OSError, EOFError, tarfile.TarError, zstandard.ZstdError) as error:
        raise StorageError(f"{file} can't be restored: {error}") from error
    return Restored(
        folder=str(into),
        made_at=manifest["made_at"],
        schema=manifest["schema"],
        rows=manifest["rows"],
        findings=findings,
    )


def _pack(known: Settings, packed: Path, now: datetime, *, pages: bool) -> tuple[Counts, int]:
    # The folders are listed before the database is copied: whatever stands in them then, the copy knows as well.
    documents = [known.corpus / name for name in corpus.names(known.corpus)]
    archived = sorted(known.archive.glob(f"*{CLOSED}")) if pages else []
    digests: dict[str, str] = {}
    with _written(packed) as tar:
        with opened(known) as store:
            copied, rows = copying.copy(store, known.database_url, packed.parent)
        _add(tar, digests, f"database/{copied.name}", copied)
        copied.unlink()
        for path in documents:
            _add(tar, digests, f"corpus/{path.name}", path)
        for path in archived:
            _add(tar, digests, f"archive/{path.name}", path)
        for name in _CONFIG:
            if (path := getattr(known, name)).is_file():
                _add(tar, digests, f"config/{name}.toml", path)
        manifest = {
            "version": VERSION,
            "made_at": now.astimezone(UTC).isoformat(timespec="seconds"),
            "schema": database.SCHEMA,
            "rows": rows,
            "sha256": digests,
        }
        body = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
        tar.addfile(_head(MANIFEST, len(body), now.timestamp()), io.BytesIO(body))
    return rows, len(documents) + len(archived)


def _add(tar: tarfile.TarFile, digests: dict[str, str], name: str, path: Path) -> None:
    """Adds a file as it is now, and its digest."""
    with path.open("rb") as file:
        status = os.fstat(file.fileno())
        hashed = _Hashed(file)
        tar.addfile(_head(name, status.st_size, status.st_mtime), cast("IO[bytes]", hashed))
    digests[name] = hashed.digest.hexdigest()


def _head(name: str, size: int, moment: float) -> tarfile.TarInfo:
    head = tarfile.TarInfo(name)
    head.size, head.mtime, head.mode = size, int(moment), 0o600
    return head


class _Hashed:
    """A file whose digest is made while it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(size)
        self.digest.update(piece)
        return piece


@contextmanager
def _written(packed: Path) -> Iterator[tarfile.TarFile]:
    """A tar file, packed as its name says, on the disk when the block ends; for its owner's eyes alone."""
    with os.fdopen(os.open(packed, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as raw:
        with _packing(raw, packed.name) as stream, tarfile.open(fileobj=stream, mode="w|") as tar:
            yield tar
        raw.flush()
        os.fsync(raw.fileno())


@contextmanager
def _packing(raw: IO[bytes], name: str) -> Iterator[IO[bytes]]:
    if name.endswith(".gz"):
        with gzip.GzipFile(fileobj=raw, mode="wb", filename="", mtime=0) as stream:
            yield cast("IO[bytes]", stream)
    else:
        with zstandard.ZstdCompressor(level=9).stream_writer(raw, closefd=False) as stream:
            yield stream


@contextmanager
def _unpacking(file: Path) -> Iterator[IO[bytes]]:
    with file.open("rb") as raw:
        if file.name.endswith(".gz"):
            with gzip.GzipFile(fileobj=raw, mode="rb") as stream:
                yield cast("IO[bytes]", stream)
        else:
            with zstandard.ZstdDecompressor().stream_reader(raw) as stream:
                yield stream


def _unpack(file: Path, fresh: Path) -> dict[str, Any]:
    """Writes the members to where they belong; returns the manifest, against which each was held."""
    digests: dict[str, str] = {}
    body = b""
    with _unpacking(file) as stream, tarfile.open(fileobj=stream, mode="r|") as tar:
        for member in tar:
            source = tar.extractfile(member) if member.isreg() else None
            if source is None or not _MEMBER.fullmatch(member.name) or member.name.endswith(("/.", "/..")):
                raise StorageError(f"{file} is no backup of Rasid's: it holds {member.name!r}")
            if member.name == MANIFEST:
                body = source.read()
            else:
                digests[member.name] = _placed(source, fresh / _place(member.name))
    if not body:
        raise StorageError(f"{file} was cut short: it has no {MANIFEST}")
    manifest: dict[str, Any] = json.loads(body)
    if manifest["version"] != VERSION:
        raise StorageError(f"{file} is of shape {manifest['version']}, this program reads {VERSION}: upgrade it")
    if manifest["sha256"] != digests:
        names = sorted(name for name, _ in set(manifest["sha256"].items()) ^ set(digests.items()))
        raise StorageError(f"{file} is damaged: {', '.join(names[:5])} differ from its manifest")
    return manifest


def _place(member: str) -> str:
    """Where a member belongs in a state folder: the database and the configuration at its top."""
    folder, _, name = member.partition("/")
    return member if folder in ("corpus", "archive") else name


def _placed(source: IO[bytes], path: Path) -> str:
    path.parent.mkdir(exist_ok=True)
    hashed = _Hashed(source)
    with path.open("xb") as target:
        shutil.copyfileobj(cast("IO[bytes]", hashed), target)
        os.fsync(target.fileno())
    return hashed.digest.hexdigest()


def _put_back(manifest: dict[str, Any], fresh: Path, database_url: str | None) -> str:
    """The address of the database that came back, with as many rows as it had."""
    dump = fresh / copying.POSTGRESQL
    if dump.is_file() != (database_url is not None):
        says = "holds a PostgreSQL database; name an empty one that it is put back into"
        other = "holds a SQLite database, which needs no other; leave --database out"
        raise Faults([f"--database: the backup {says if dump.is_file() else other}"])
    if database_url is not None:
        rows = copying.put_back(dump, database_url)
        dump.unlink()
    else:
        rows = copying.counts_at(fresh / copying.SQLITE)
    if rows != manifest["rows"]:
        names = sorted(name for name, _ in set(rows.items()) ^ set(manifest["rows"].items()))
        raise StorageError(f"what came back has other rows than the backup says in {', '.join(sorted(set(names)))}")
    return database_url or database.sqlite_at(fresh / copying.SQLITE)


def _verified(manifest: dict[str, Any], fresh: Path, url: str) -> tuple[Finding, ...]:
    """Holds the corpus folder against the database; a file that was not written yet when the copy was made is now."""
    (fresh / "corpus").mkdir(exist_ok=True)
    engine = database.connect(url)
    try:
        with database.translated(), engine.begin() as connection:
            run = re.sub(r"[^0-9a-z]+", "-", str(manifest["made_at"]).lower())
            return tuple(corpus.verify(fresh / "corpus", connection, f"restore-{run}"))
    finally:
        engine.dispose()
