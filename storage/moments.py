"""A publisher's moment in four columns: the instant, its offset, its precision, the words that were read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from articles.model import Stamp


def columns(stamp: Stamp | None) -> dict[str, Any]:
    """The four columns of a stamp, or of none."""
    offset = stamp.at.utcoffset() if stamp else None
    return {
        "published_at": stamp.at if stamp else None,
        "published_offset": None if offset is None else int(offset.total_seconds()) // 60,
        "published_precision": stamp.precision if stamp else None,
        "published_evidence": stamp.evidence if stamp else None,
    }


def iso(moment: datetime) -> str:
    """A moment as every command prints it: in UTC, to the second."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def stamp(row: Any) -> Stamp | None:
    """The stamp of a row that has the four columns, with the publisher's offset restored."""
    if row.published_at is None:
        return None
    zone = timezone(timedelta(minutes=row.published_offset or 0))
    return Stamp(
        at=row.published_at.astimezone(zone),
        precision=row.published_precision,
        evidence=row.published_evidence,
    )
