"""Writing to the catalogue file: whole or not at all, and never what could not be read again."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from articles import catalogue
from articles.faults import Faults
from extractors import selectors
from flows.settings import Settings


def change(settings: Settings, edit: Callable[[str], str]) -> None:
    """Changes the catalogue's text as it stands now, and writes it if it can be used.

    Raises:
        Faults: the file can't be read or written, or the new text is no catalogue; nothing was written then.
    """
    path = settings.sources.resolve()
    try:
        before = path.read_bytes()
        new = edit(before.decode("utf-8-sig"))
        catalogue.load(new, file=path.name, selector_fault=selectors.fault)
        mark = b"\xef\xbb\xbf" if before.startswith(b"\xef\xbb\xbf") else b""
        _write(path, mark + new.encode())
    except OSError as error:
        raise Faults([f"{path}: can't be written ({error.strerror}); RASID_SOURCES names the file"]) from error
    except UnicodeDecodeError as error:
        raise Faults([f"{path}: is not UTF-8 ({error.reason}); save it as UTF-8"]) from error


def _write(path: Path, body: bytes) -> None:
    """Under a name of its own first, then in the place of the old file, whose mode it takes."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    new = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        new.chmod(path.stat().st_mode & 0o7777)
        new.replace(path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
