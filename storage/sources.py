"""How each source is doing: when it is due, how often, and which run holds it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select, update

from articles.model import Outcome, Source
from storage import fronts, rhythm
from storage.database import insert
from storage.fronts import Fronts
from storage.lives import Life
from storage.tables import LINK, SOURCE, Utc

LEASE = timedelta(minutes=20)
"""The backstop behind the holder's life; renewed every few minutes by a pass that still works."""

SLACK = 20
"""A source is due when a twentieth of its interval is still to go, a minute at most: a pass takes some seconds
to begin, and a schedule as long as the interval must not find it a moment too early every other time."""

_FEW = 500
"""Names in one statement."""

Rows = Mapping[str, Row[Any]]
"""Rows of sources by name."""


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A source that this run holds, with what it needs to know about it."""

    run: str
    baseline: bool
    """Its first completed pass is still to come: nothing it brings is news."""
    failures: int
    """Failed turns in a row before this one."""
    waiting: bool
    """It has links whose turn has come, whatever its front pages say."""
    interval: int | None = None
    """Seconds between two readings as it is now; None: as the catalogue has it."""
    succeeded_at: datetime | None = None
    """When it was last read."""
    fronts: Fronts = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Denial:
    """Why a source is left alone in this pass."""

    outcome: Outcome
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class End:
    """How a source's turn ended."""

    source: Source
    claim: Claim
    outcome: Outcome
    error: str | None
    at: datetime
    complete: bool
    """Every due link was tried: with a successful front page this ends the baseline."""
    retry_after: float | None = None
    fronts: Fronts = field(default_factory=dict)
    """The front pages that were read."""
    discovered: int = 0
    """Links that they gave."""
    known: int = 0
    """How many of these were known before."""
    dice: float = 0.5
    """A number in [0, 1), by chance: spreads the waits of failing sources."""


def claim(
    connection: Connection, sources: Sequence[Source], life: Life, now: datetime, *, force: bool
) -> dict[str, Claim | Denial]:
    """Takes the sources that are due (`force`: all) and that no live run holds, under the run's lease."""
    introduce(connection, sources, now)
    rows = rows_of(connection, sources)
    alive: dict[str, bool] = {}
    denials: dict[str, Claim | Denial] = {}
    for source in sources:
        if denied := denial(rows[source.name], source, life, alive, now, force=force):
            denials[source.name] = denied
    free = [source for source in sources if source.name not in denials]
    return denials | hold(connection, free, rows, life, now, force=force)


def hold(
    connection: Connection, sources: Sequence[Source], rows: Rows, life: Life, now: datetime, *, force: bool
) -> dict[str, Claim]:
    """Puts these sources, which nobody holds, under the run's lease. `rows`: theirs, as `rows_of` has them."""
    taken = {source.name for source in sources}
    if taken:
        connection.execute(
            update(SOURCE).where(SOURCE.c.name == bindparam("b_name")),
            [{"b_name": name, "holder": life.run, "held_until": now + LEASE} for name in sorted(taken)],
        )
    seen = fronts.held(connection, life.run)
    waiting = _waiting(connection, life.run, now, force=force)
    return {
        source.name: Claim(
            run=life.run,
            baseline=rows[source.name].baseline_at is None,
            failures=rows[source.name].failures,
            waiting=source.name in waiting,
            interval=_interval(rows[source.name], source),
            succeeded_at=rows[source.name].succeeded_at,
            fronts=seen.get(source.name, {}),
        )
        for source in sources
    }


def renew(connection: Connection, run: str, now: datetime) -> None:
    """Moves the end of all leases of a run that still works."""
    connection.execute(update(SOURCE).where(SOURCE.c.holder == run).values(held_until=now + LEASE))


def release(connection: Connection, run: str) -> None:
    """Lets go whatever a run still holds."""
    connection.execute(update(SOURCE).where(SOURCE.c.holder == run).values(holder=None, held_until=None))


def finish(connection: Connection, items: Sequence[End]) -> None:
    """Remembers how sources' turns ended, when they are due again, and last of all their validators.

    A turn whose lease has gone to another run meanwhile does not end that run's.
    """
    columns: dict[str, Any] = {
        name: bindparam(f"b_{name}")
        for name in ("tried_at", "failures", "outcome", "error", "due_at", "interval", "interval_from")
    }
    held = (SOURCE.c.name == bindparam("b_name")) & (SOURCE.c.holder == bindparam("b_run"))
    statement = (
        update(SOURCE)
        .where(held)
        .values(
            **columns,
            holder=None,
            held_until=None,
            stay_away_until=bindparam("b_stay_away_until"),
            succeeded_at=func.coalesce(bindparam("b_succeeded_at", type_=Utc()), SOURCE.c.succeeded_at),
            baseline_at=func.coalesce(SOURCE.c.baseline_at, bindparam("b_baseline_at", type_=Utc())),
        )
    )
    ends = sorted(items, key=lambda end: end.source.name)
    connection.execute(statement, [{f"b_{name}": value for name, value in _row(end).items()} for end in ends])
    fronts.remember(connection, ((end.source.name, end.fronts, end.claim.fronts) for end in ends))


def _row(end: End) -> dict[str, object]:
    read = _was_read(end)
    failures = 0 if read else end.claim.failures + 1
    interval = _adapted(end) if read else _present(end)
    wait = timedelta(seconds=interval) if read else rhythm.failing(interval, failures, end.outcome, end.dice)
    away = timedelta(seconds=end.retry_after or 0)
    return {
        "name": end.source.name,
        "run": end.claim.run,
        "tried_at": end.at,
        "failures": failures,
        "outcome": end.outcome.value,
        "error": end.error,
        "due_at": end.at + max(wait, away),
        "interval": interval,
        "interval_from": end.source.interval,
        "stay_away_until": end.at + away if away else None,
        "succeeded_at": end.at if read else None,
        "baseline_at": end.at if read and end.complete else None,
    }


def _was_read(end: End) -> bool:
    """Was anything read? A page that another one led to may have been, although the catalogue's own is gone."""
    if end.outcome in (Outcome.OK, Outcome.UNCHANGED, Outcome.EMPTY):
        return True
    return any(state.body_hash for state in end.fronts.values())


def _present(end: End) -> int:
    return end.source.interval if end.claim.interval is None else end.claim.interval


def _adapted(end: End) -> int:
    """The interval after a reading; one without links, unless nothing has changed, says nothing of the rhythm."""
    if end.outcome == Outcome.UNCHANGED:
        overlap = 1.0
    elif end.discovered:
        overlap = end.known / end.discovered
    else:
        return _present(end)
    before = end.claim.succeeded_at
    return rhythm.adapted(
        _present(end),
        end.source.interval,
        overlap=overlap,
        new=end.discovered - end.known,
        gap=end.at - before if before else None,
    )


def away(connection: Connection, now: datetime) -> dict[str, datetime]:
    """The sources whose servers asked for time that is not over, and until when."""
    asked = select(SOURCE.c.name, SOURCE.c.stay_away_until).where(SOURCE.c.stay_away_until > now)
    return {row.name: row.stay_away_until for row in connection.execute(asked)}


def absolve(connection: Connection, names: Sequence[str], now: datetime) -> None:
    """Takes a failure back that was our own network's: the sources stay due."""
    innocent = SOURCE.c.name.in_(names) & (SOURCE.c.failures > 0)
    connection.execute(update(SOURCE).where(innocent).values(failures=SOURCE.c.failures - 1, due_at=now))


def introduce(connection: Connection, sources: Iterable[Source], now: datetime) -> None:
    """Writes down the sources that were never heard of; they are due at once."""
    rows = [{"name": name, "due_at": now, "failures": 0} for name in sorted(s.name for s in sources)]
    connection.execute(insert(connection, SOURCE).on_conflict_do_nothing(), rows)


def rows_of(connection: Connection, sources: Sequence[Source]) -> Rows:
    """The rows of these sources by their names; of more than a few, those of all."""
    wanted = select(SOURCE)
    if len(sources) <= _FEW:
        wanted = wanted.where(SOURCE.c.name.in_([source.name for source in sources]))
    return {row.name: row for row in connection.execute(wanted)}


def denial(
    row: Row[Any],
    source: Source,
    life: Life,
    alive: dict[str, bool],
    now: datetime,
    *,
    force: bool,
) -> Denial | None:
    """Why a source can't be taken now; None: it can. `alive` remembers which holders were found alive."""
    if row.holder and row.held_until and row.held_until > now:
        if row.holder not in alive:
            alive[row.holder] = life.alive(row.holder)
        if alive[row.holder]:
            return Denial(outcome=Outcome.NOT_DUE, reason="Another live pass is reading it.")
    if force:
        if row.stay_away_until and row.stay_away_until > now:
            until = row.stay_away_until.isoformat(timespec="seconds")
            return Denial(outcome=Outcome.RATE_LIMITED, reason=f"The server asked to be left alone until {until}.")
        return None
    due, interval = _due(row, source)
    early = min(interval / SLACK, timedelta(minutes=1))
    # A due time further away than any rule puts it was written under another clock.
    longest = max(timedelta(seconds=rhythm.LONGEST), interval)
    return Denial(outcome=Outcome.NOT_DUE) if early < due - now <= longest else None


def _due(row: Any, source: Source) -> tuple[datetime, timedelta]:
    """When a source is due, and its interval; an edit of the catalogue's is not waited for."""
    interval = timedelta(seconds=_interval(row, source))
    edited = row.interval_from not in (None, source.interval)
    due = min(row.due_at, row.tried_at + interval) if edited and not row.failures and row.tried_at else row.due_at
    return max(due, row.stay_away_until or due), interval


def _interval(row: Any, source: Source) -> int:
    """Seconds between two readings: as they came to be, or anew as the catalogue has them after an edit."""
    kept: int | None = row.interval if row.interval_from == source.interval else None
    return source.interval if kept is None else kept


def _waiting(connection: Connection, run: str, now: datetime, *, force: bool) -> set[str]:
    mine = LINK.c.source.in_(select(SOURCE.c.name).where(SOURCE.c.holder == run))
    turn = LINK.c.next_try_at.is_not(None) if force else LINK.c.next_try_at <= now
    new = select(LINK.c.source).where(mine, LINK.c.article_id.is_(None), LINK.c.frontier.is_(None), turn)
    again = select(LINK.c.source).where(mine, LINK.c.next_look_at <= now)
    return set(connection.scalars(new.union(again)))
