"""WARC files that others have written: their pages one after the other, from any record on."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from articles.model import Answer

MOST = 10 << 20
"""Bytes of a page; what is longer is left out, as when it is fetched."""

_BLOCK = 1 << 16
_HTML = ("text/html", "application/xhtml+xml")


class Unreadable(Exception):
    """The file can't be read any further; the message says why."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """A record, and where the one after it begins."""

    end: int
    page: Answer | None
    """None: it is no page, or not a wanted one."""


def pages(path: Path, start: int, wanted: Callable[[str], bool]) -> Iterator[Found]:
    """The records of a file from `start` on; the pages are those whose address is `wanted`.

    Raises:
        Unreadable: the file can't be read, is no WARC file, or is cut off; what is whole came before.
    """
    try:
        with path.open("rb") as file:
            file.seek(start)
            records = ArchiveIterator(file, block_size=_BLOCK)
            for record in records:
                if record.rec_headers.get_header("WARC-Type") is None:
                    raise EOFError(f"what stands at byte {start} is no WARC record")
                page = _page(record, wanted)
                end = records.get_record_offset() + records.get_record_length()
                if getattr(record.raw_stream, "limit", 0) > 0:
                    raise EOFError(f"its last record, at byte {start}, is cut off")
                yield Found(end=end, page=page)
                start = end
            if start < path.stat().st_size:
                raise EOFError(f"no record begins at byte {start}")
    except OSError as error:
        raise Unreadable(f"{path} can't be read: {error.strerror or error}") from error
    except (ArchiveLoadFailed, EOFError, ValueError, zlib.error) as error:
        says = " ".join(str(error).split())[:200]
        raise Unreadable(f"{path} can't be read as a WARC file any further: {says or type(error).__name__}") from error


def _page(record: Any, wanted: Callable[[str], bool]) -> Answer | None:
    fields, http = record.rec_headers, record.http_headers
    if record.rec_type != "response" or http is None or http.get_statuscode() != "200":
        return None
    url = (fields.get_header("WARC-Target-URI") or "").strip("<>")
    content_type = http.get_header("Content-Type") or ""
    if not content_type.lower().startswith(_HTML) or not wanted(url):
        return None
    body = record.content_stream().read(MOST + 1)
    if not body or len(body) > MOST:
        return None
    return Answer(
        asked=url,
        url=url,
        status=200,
        content_type=content_type,
        body=body,
        fetched_at=datetime.fromisoformat(fields.get_header("WARC-Date")),
        headers=tuple((str(name), str(value)) for name, value in http.headers),
    )
