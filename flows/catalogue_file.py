"""Writing to the catalogue file: whole or not at all, and never what could not be read again. It need not be there."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from articles import catalogue, faults
from articles.faults import Faults
from articles.model import Source
from extractors import selectors
from flows.settings import Settings

MODE = 0o644
"""Of a new file."""


def known(settings: Settings) -> tuple[Source, ...]:
    """The sources of the catalogue; none where there is no file yet, or nothing in it.

    Raises:
        Faults: all that is wrong with it.
    """
    with _reported(settings.sources):
        text = _read(settings.sources).decode("utf-8-sig")
    if "source" not in faults.parse(text, file=settings.sources.name).values:
        return ()
    return catalogue.load(text, file=settings.sources.name, selector_fault=selectors.fault)


def change(settings: Settings, edit: Callable[[str], str]) -> None:
    """Changes the catalogue's text as it stands now, and writes it if it can be used.

    Raises:
        Faults: the file can't be read or written, or the new text is no catalogue; nothing was written then.
    """
    path = settings.sources.resolve()
    with _reported(path):
        before = _read(path)
        new = _edited(before.decode("utf-8-sig"), path, edit)
        catalogue.load(new, file=path.name, selector_fault=selectors.fault)
        mark = b"\xef\xbb\xbf" if before.startswith(b"\xef\xbb\xbf") else b""
        _write(path, mark + new.encode())


def _edited(text: str, path: Path, edit: Callable[[str], str]) -> str:
    try:
        return edit(text)
    except KeyError as error:
        raise Faults([f"{path.name}: source {error}: is not there any more; look at it again"]) from error


@contextmanager
def _reported(path: Path) -> Iterator[None]:
    """Trouble with the file as a fault that names it."""
    try:
        yield
    except OSError as error:
        raise Faults([f"{path}: can't be used ({error.strerror}); RASID_SOURCES names the file"]) from error
    except UnicodeDecodeError as error:
        raise Faults([f"{path}: is not UTF-8 ({error.reason}); save it as UTF-8"]) from error


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def _write(path: Path, body: bytes) -> None:
    """Under a name of its own first, then in the place of the old file, whose mode it takes."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    new = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        new.chmod(path.stat().st_mode & 0o7777 if path.exists() else MODE)
        new.replace(path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
