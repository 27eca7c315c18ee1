"""Tags as JSON lines: what a tagger is given, and what it says, line by line."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from articles.faults import Faults
from articles.text import one_line, safe
from storage import tags
from storage.database import Store
from storage.tags import Submitted, Tag

BATCH = 50
"""Lines kept in one transaction."""

LONGEST_LEASE = timedelta(days=366)

_SPAN = re.compile(r"([0-9]{1,8})([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_HASH = re.compile(r"[0-9a-f]{16}")
_KEYS = ("id", "content_hash", "stance", "confidence", "target", "rationale", "tagger_version")


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of a submission and what became of it."""

    number: int
    submitted: Submitted


def lease(span: str) -> timedelta:
    """A span such as `15m`. Raises `Faults` where it is none."""
    match = _SPAN.fullmatch(span)
    length = timedelta(**{_UNITS[match[2]]: int(match[1])}) if match else timedelta(0)
    if not timedelta(0) < length <= LONGEST_LEASE:
        raise Faults([f"--lease {span}: is no lease; write a whole number and s, m, h or d, like 15m, a year at most"])
    return length


def submit(store: Store, tagger: str, lines: Iterable[str]) -> Iterator[Line]:
    """Keeps what a tagger says, in batches; a line that can't be kept stops no other."""
    numbered = ((number, line) for number, line in enumerate(lines, 1) if line.strip())
    while batch := list(islice(numbered, BATCH)):
        read = [(number, read_tag(line)) for number, line in batch]
        with store.write() as connection:
            now = datetime.now(UTC)
            kept = [
                (number, Submitted(fault=tag) if isinstance(tag, str) else tags.submit(connection, tagger, tag, now))
                for number, tag in read
            ]
        yield from (Line(number=number, submitted=submitted) for number, submitted in kept)


def read_tag(line: str) -> Tag | str:
    """A line as a tag, or why it is none."""
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        return "is no JSON"
    if not isinstance(said, dict):
        return 'is no JSON object; write {"id": …, "content_hash": …, "stance": …}'
    values = {key: said.get(key) for key in _KEYS}
    return _fault(values) or _tag(values)


def _fault(values: dict[str, Any]) -> str | None:
    if not isinstance(values["id"], int) or isinstance(values["id"], bool) or not 0 < values["id"] < 2**31:
        return "id: is no document's id"
    if not isinstance(values["content_hash"], str) or not _HASH.fullmatch(values["content_hash"]):
        return "content_hash: is not 16 lowercase hex digits"
    if not isinstance(values["stance"], str) or not values["stance"].strip():
        return "stance: is missing or no text"
    for key in ("target", "rationale", "tagger_version"):
        if not isinstance(values[key], str | None):
            return f"{key}: is no text"
    confidence = values["confidence"]
    if confidence is not None and (
        isinstance(confidence, bool) or not isinstance(confidence, int | float) or not math.isfinite(confidence)
    ):
        return "confidence: is no number"
    return None


def _tag(values: dict[str, Any]) -> Tag:
    return Tag(
        id=values["id"],
        content_hash=values["content_hash"],
        stance=one_line(values["stance"]),
        confidence=values["confidence"],
        target=_text(values["target"]),
        rationale=_text(values["rationale"]),
        tagger_version=one_line(values["tagger_version"] or ""),
    )


def _text(value: str | None) -> str | None:
    return None if value is None else safe(value)
