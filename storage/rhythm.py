"""How often a source is read: as often as it brings something, and ever more rarely while it fails. Pure."""

from __future__ import annotations

from datetime import timedelta

from articles.model import Outcome

SHORTEST = 600
"""Seconds. A catalogue's interval below that is meant literally, and is never adapted."""

LONGEST = 86_400
"""Seconds. Nothing is read more rarely than once a day, unless the catalogue wants it so."""

MOST_RARELY = 4
"""A quiet source is read so many times more rarely than the catalogue says, not more. Enough to spare three requests
in four; and what comes after a quiet night is seen within four intervals, two hours for most."""

MOSTLY_KNOWN, MOSTLY_NEW = 0.67, 0.33
LONGER, SHORTER = 1.25, 0.5
"""Slow to tire, quick to wake: a missed quarter of an hour costs more than a request."""

JITTER = 0.1
"""What failed together does not come back together."""

_DOUBLES, _QUADRUPLES = 2.0, 4.0
_GROWTH = dict.fromkeys((Outcome.GONE, Outcome.FORBIDDEN, Outcome.DISALLOWED, Outcome.BLOCKED), _QUADRUPLES)
_MOST_FAILURES = 20  # more make no difference: the wait is a day long before that


def adapted(current: int, configured: int, *, overlap: float, new: int, gap: timedelta | None) -> int:
    """The interval (seconds) after a reading that brought `new` links and knew the share `overlap` of all.

    `gap` is the time since the reading before; None: there was none. A reading out of turn says little: one that came
    early knows nearly all, one that came late hardly anything.
    """
    if configured < SHORTEST or gap is None:
        return current
    seconds = gap.total_seconds()
    if overlap > MOSTLY_KNOWN and seconds >= 0.9 * current:
        longest = max(configured, min(MOST_RARELY * configured, LONGEST))
        return min(round(current * LONGER), longest)
    if overlap < MOSTLY_NEW and new and seconds <= 2 * current:
        return max(round(current * SHORTER), SHORTEST)
    return current


def failing(interval: int, failures: int, outcome: Outcome, dice: float) -> timedelta:
    """How long a source is left alone after so many failures in a row; `dice` in [0, 1) spreads it by a tenth.

    The first time one interval; then twice, four times, eight times as long. What will not pass by itself (gone,
    forbidden, disallowed, blocked) grows twice as fast. At most a day, or the interval where that is longer.
    """
    growth = _GROWTH.get(outcome, _DOUBLES) ** (min(failures, _MOST_FAILURES) - 1)
    longest = max(interval, LONGEST)
    return timedelta(seconds=min(min(interval * growth, longest) * (1 + JITTER * (2 * dice - 1)), longest))
