"""The Wayback Machine: its list of captures (the CDX server), and the address of a page as it was captured."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

from articles import urls
from articles.ranges import Range

LIMIT = 1000
"""Captures in one answer; the next one begins where its key says."""

_CAPTURE = re.compile(r"https?://[^/]+/web/(\d{14})id_/(.+)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Captures:
    """One answer of the list."""

    addresses: tuple[str, ...]
    """Where captures are to be fetched, each page once."""
    key: str | None
    """Where the list goes on; None: this was its end."""


def listing(endpoint: str, host: str, days: Range, key: str | None) -> str:
    """The address of a part of the list of a host's captured pages."""
    asked = {
        "url": host,
        "matchType": "domain",
        "output": "json",
        "fl": "timestamp,original",
        "filter": ["statuscode:200", "mimetype:text/html"],
        "collapse": "urlkey",
        "limit": str(LIMIT),
        "showResumeKey": "true",
        "from": f"{days.since:%Y%m%d}" if days.since else None,
        "to": f"{days.until:%Y%m%d}" if days.until else None,
        "resumeKey": key,
    }
    pairs = [
        (name, one) for name, value in asked.items() if value for one in ([value] if isinstance(value, str) else value)
    ]
    return f"{endpoint}/cdx/search/cdx?" + "&".join(f"{name}={quote(value, safe=':/')}" for name, value in pairs)


def read(body: bytes, endpoint: str) -> Captures | None:
    """What an answer lists; None for what is no such answer."""
    try:
        rows = json.loads(body or b"[]")
    except (ValueError, RecursionError):
        return None
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        return None
    key = rows[-1][0] if len(rows) > 1 and len(rows[-1]) == 1 and isinstance(rows[-1][0], str) else None
    return Captures(addresses=tuple(dict.fromkeys(_addresses(rows[1:], endpoint))), key=key)


def original(address: str) -> tuple[str, datetime] | None:
    """The page that a capture's address leads to, and when it was captured; None: it is no capture's."""
    found = _CAPTURE.fullmatch(address)
    if found is None:
        return None
    try:
        return urls.canonical(found[2]), datetime.strptime(found[1], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def _addresses(rows: list[list[object]], endpoint: str) -> Iterator[str]:
    for row in rows:
        if len(row) == 2 and all(isinstance(cell, str) for cell in row):
            address = f"{endpoint}/web/{row[0]}id_/{row[1]}"
            if original(address):
                yield address
