"""Tags as JSON lines: what a tagger is given, and what it says, line by line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from articles import spans
from articles.faults import Faults
from articles.text import one_line, safe
from storage import tags
from storage.database import Store
from storage.tags import Submitted, Tag, Task

BATCH = 50
"""Lines kept in one transaction."""

LONGEST_LEASE = timedelta(days=366)

LONGEST_VERSION = 200
"""Letters of a tagger's version: it stands in an index, whose entries are bounded."""

LARGEST = 1e300
"""What a database's number can hold, and more than any confidence is."""

_HASH = re.compile(r"[0-9a-f]{16}")
_KEYS = ("id", "content_hash", "stance", "confidence", "target", "rationale", "tagger_version")


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of a submission and what became of it."""

    number: int
    submitted: Submitted


def lease(span: str) -> timedelta:
    """A span such as `15m`. Raises `Faults` where it is none."""
    length = spans.read(span)
    if length is None or not timedelta(0) < length <= LONGEST_LEASE:
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


def line(task: Task) -> str:
    """A document as a tagger is given it."""
    return json.dumps(asdict(task), ensure_ascii=False)


def read_tag(line: str) -> Tag | str:
    """A line as a tag, or why it is none."""
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        return "is no JSON"
    if not isinstance(said, dict):
        return 'is no JSON object; write {"id": …, "content_hash": …, "stance": …}'
    return tag_of(said)


def tag_of(said: dict[str, Any]) -> Tag | str:
    """A JSON object as a tag, or why it is none."""
    values = {key: said.get(key) for key in _KEYS}
    return _fault(values) or _tag(values)


def _fault(values: dict[str, Any]) -> str | None:
    if not isinstance(values["id"], int) or isinstance(values["id"], bool) or not 0 < values["id"] < 2**31:
        return "id: is no document's id"
    if not isinstance(values["content_hash"], str) or not _HASH.fullmatch(values["content_hash"]):
        return "content_hash: is not 16 lowercase hex digits"
    if not isinstance(values["stance"], str) or not one_line(values["stance"]):
        return "stance: is missing or no text"
    for key in ("target", "rationale", "tagger_version"):
        if not isinstance(values[key], str | None):
            return f"{key}: is no text"
    if len(values["tagger_version"] or "") > LONGEST_VERSION:
        return f"tagger_version: is longer than {LONGEST_VERSION} letters"
    confidence = values["confidence"]
    if confidence is not None and (isinstance(confidence, bool) or not isinstance(confidence, int | float)):
        return "confidence: is no number"
    if confidence is not None and not abs(confidence) <= LARGEST:
        return "confidence: is no number that can be kept"
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
