"""What stands in the heads of requests and answers: validators there and back, and all of it for the record."""

from __future__ import annotations

import re
from collections.abc import Iterable

import httpx

from articles.model import Headers, Validators

_SENDABLE = re.compile(r"[\x21-\x7e\x80-\xff](?:[\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?")
_PRIVATE = (b"authorization", b"cookie", b"proxy-authorization")


def validators(headers: httpx.Headers, old: Validators) -> Validators:
    """What the server gave to ask with next time; what it did not give stays as it was."""
    given = {name.lower(): value.decode("latin-1") for name, value in headers.raw}
    etag, modified = given.get(b"etag", ""), given.get(b"last-modified", "")
    return Validators(
        etag=etag if _SENDABLE.fullmatch(etag) else old.etag,
        last_modified=modified if _SENDABLE.fullmatch(modified) else old.last_modified,
    )


def conditions(known: Validators) -> list[tuple[bytes, bytes]]:
    """The headers that ask "has it changed?": the server's own bytes, or nothing where they can't be sent."""
    values = ((b"If-None-Match", known.etag), (b"If-Modified-Since", known.last_modified))
    return [(name, value.encode("latin-1")) for name, value in values if value and _SENDABLE.fullmatch(value)]


def on_record(raw: Iterable[tuple[bytes, bytes]]) -> Headers:
    """Names and values as they went over the wire, without what is nobody else's business."""
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1")) for name, value in raw if name.lower() not in _PRIVATE
    )
