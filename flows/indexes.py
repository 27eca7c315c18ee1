"""Sitemap indexes: so many of their sitemaps a pass, and in the next ones those that are left over.

What stands in the database is when each sitemap was asked for and what its index said of it then. So an index need
not be kept: whatever it names now, and that was not read since it changed, is still to be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from articles.model import Outcome, Validators
from extractors import discover
from extractors.discover import Child
from flows import fronts
from flows.fronts import Reading, Visit
from storage.fronts import FrontState

SITEMAPS = 50
"""Sitemap files of one index in a pass."""

DEPTH = 3
"""Indexes may name indexes: no deeper than this, counted from the one in the catalogue."""

_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_OUT_OF_REACH = (Outcome.RATE_LIMITED, Outcome.UNREACHABLE)
"""Of the host rather than of the sitemap: nothing further is asked for."""


@dataclass(frozen=True, kw_only=True)
class _Next:
    """A sitemap whose turn it is, and how deep it stands."""

    child: Child
    depth: int


async def follow(visit: Visit, index: Reading, readings: list[Reading]) -> None:
    """Reads the sitemaps of an index whose turn it is; `readings` gets each of them as soon as it is read."""
    wanted = _unread(visit, index.further)
    # What was read before, and has not changed, is as good as read now.
    whole = len(wanted) < len(index.further)
    readings.append(replace(index, outcome=Outcome.UNCHANGED, speaks=whole))
    waiting = [_Next(child=child, depth=2) for child in _in_turn(visit, wanted, SITEMAPS)]
    asked = {index.url}
    while waiting and len(asked) <= SITEMAPS and visit.clock.left > 0:
        turn = waiting.pop(0)
        if turn.child.url in asked:
            continue
        asked.add(turn.child.url)
        reading = await fronts.read(visit, turn.child.url, discover.sitemap)
        if reading.outcome in _OUT_OF_REACH:
            readings.append(reading)
            return
        below = _unread(visit, reading.further) if turn.depth < DEPTH else []
        left = SITEMAPS + 1 - len(asked)
        waiting[:0] = [_Next(child=child, depth=turn.depth + 1) for child in _in_turn(visit, below, left)]
        state = _state(visit, turn.child, reading, settled=not below)
        readings.append(replace(reading, state=state, speaks=not reading.further))


def _unread(visit: Visit, children: Iterable[Child]) -> list[Child]:
    return [child for child in children if not _is_read(visit, child)]


def _is_read(visit: Visit, child: Child) -> bool:
    """Was it read since its index last said that it changed? One whose index says nothing is never done with."""
    state = visit.known.get(child.url)
    if state is None or child.changed is None:
        return False
    return state.changed_at == child.changed and state.rules == fronts.rules_of(visit.source, child.url)


def _in_turn(visit: Visit, children: Sequence[Child], most: int) -> list[Child]:
    """Half of the turns go to the newest, the others to those that wait longest: some indexes call all of it new."""
    by_date = sorted(children, key=lambda child: child.changed or _LONG_AGO, reverse=True)
    newest = [child for child in by_date if child.changed][: most // 2]
    rest = set(by_date).difference(newest)
    others = sorted((child for child in by_date if child in rest), key=lambda child: _asked_at(visit, child))
    return [*newest, *others[: most - len(newest)]]


def _asked_at(visit: Visit, child: Child) -> datetime:
    state = visit.known.get(child.url)
    return (state.asked_at if state else None) or _LONG_AGO


def _state(visit: Visit, child: Child, reading: Reading, *, settled: bool) -> FrontState:
    """What to remember: that it was asked for, and unless it failed or has more below, what it was read as."""
    now = visit.desk.now()
    read = reading.outcome in (Outcome.OK, Outcome.UNCHANGED, Outcome.EMPTY) and settled
    rules = fronts.rules_of(visit.source, child.url)
    state = reading.state or FrontState(validators=Validators(), body_hash=None, read_at=now, rules=rules)
    return replace(state, asked_at=now, changed_at=child.changed if read else None)
