"""Spans of time as people write them: a whole number and s, m, h or d, like `15m`."""

from __future__ import annotations

import re
from datetime import timedelta

_SPAN = re.compile(r"([0-9]{1,8})([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def read(span: str) -> timedelta | None:
    """The span, which may be nothing; None: this is none."""
    match = _SPAN.fullmatch(span.strip())
    return timedelta(**{_UNITS[match[2]]: int(match[1])}) if match else None


def written(span: timedelta) -> str:
    """A span of whole seconds in its largest unit."""
    seconds = int(span.total_seconds())
    for unit, length in (("d", 86400), ("h", 3600), ("m", 60)):
        if seconds and seconds % length == 0:
            return f"{seconds // length}{unit}"
    return f"{seconds}s"
