"""How a source is doing, told from what is stored: it can't be read, or it answers and brings nothing. Pure.

Digests, the dashboard and the events for automations all ask here, so that they never disagree.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from storage.periods import Health

ENOUGH_ARTICLES = 8
MISSED = 6
"""A source is quiet once it has skipped so many articles by its own rate: were they random, by chance once in 400."""

BROKEN_AFTER = 3
"""Failed turns in a row: one or two are a bad hour, and at the third a source is asked at a quarter of its pace."""

UNREAD, SOUND, FAILING, BROKEN, SILENT = "not read yet", "sound", "failing", "broken", "silent"


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """A source whose state has changed: it is now `broken` or `silent`, or `sound` again."""

    health: Health
    state: str


def is_quiet(health: Health, now: datetime) -> bool:
    """Whether a source that answers has brought nothing for longer than its own rhythm explains."""
    if health.brought < ENOUGH_ARTICLES or health.first_at is None or health.last_at is None:
        return False
    rate = (health.brought - 1) / max((health.last_at - health.first_at).total_seconds(), 86_400.0)
    return rate * (now - health.last_at).total_seconds() >= MISSED


def state(health: Health) -> str:
    """In a word, how a source did when it was last visited."""
    if _is_broken(health):
        return BROKEN
    if health.failures:
        return FAILING
    if health.tried_at is None:
        return UNREAD
    return SILENT if _is_silent(health) else SOUND


def turns(before: Sequence[Health], after: Sequence[Health]) -> Iterator[Turn]:
    """The sources whose state changed between two looks at them."""
    earlier = {one.source: one for one in before}
    for one in after:
        if one.source not in earlier:
            continue
        was = earlier[one.source]
        if _is_broken(one) and not _is_broken(was):
            yield Turn(health=one, state=BROKEN)
        elif _is_silent(one) and not _is_silent(was):
            yield Turn(health=one, state=SILENT)
        elif _is_back(was, one):
            yield Turn(health=one, state=SOUND)


def _is_back(was: Health, now: Health) -> bool:
    """Readable again, or with news again. Silence that is merely too long ago to be measured has not ended."""
    if _is_broken(was) and not now.failures:
        return not _is_silent(now)
    brought = now.last_at is not None and now.last_at != was.last_at
    return _is_silent(was) and not _is_silent(now) and brought and not now.failures


def _is_broken(health: Health) -> bool:
    return health.failures >= BROKEN_AFTER


def _is_silent(health: Health) -> bool:
    # As of its last reading: a visit that failed says nothing of what there was to read.
    return health.succeeded_at is not None and is_quiet(health, health.succeeded_at)
