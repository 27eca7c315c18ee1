"""How each source is doing: when it is due, which run holds it, what its front pages were."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select, update

from articles.model import Outcome, Source, Validators
from storage.database import insert
from storage.lives import Life
from storage.tables import FRONT, LINK, SOURCE, Utc

LEASE = timedelta(minutes=20)
"""The backstop behind the holder's life; renewed every few minutes by a pass that still works."""

SLACK = 20
"""A source is due when a twentieth of its interval is still to go, a minute at most: a pass takes some seconds
to begin, and a schedule as long as the interval must not find it a moment too early every other time."""

LONGEST_WAIT = timedelta(hours=24)
"""Failing sources slow down to once a day, they are never switched off."""


@dataclass(frozen=True, kw_only=True)
class FrontState:
    """What is remembered of a front page from its last full read."""

    validators: Validators
    body_hash: str | None
    read_at: datetime
    rules: str
    """The catalogue's rules that it was read by: under others the same bytes may give other links."""


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
    fronts: Mapping[str, FrontState] = field(default_factory=dict)


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
    fronts: Mapping[str, FrontState] = field(default_factory=dict)


def claim(
    connection: Connection, sources: Sequence[Source], life: Life, now: datetime, *, force: bool
) -> dict[str, Claim | Denial]:
    """Takes the sources that are due (`force`: all) and that no live run holds, under the run's lease."""
    _introduce(connection, sources, now)
    rows = {row.name: row for row in connection.execute(select(SOURCE))}
    alive: dict[str, bool] = {}
    denials: dict[str, Claim | Denial] = {}
    for source in sources:
        if denial := _denial(rows[source.name], source, life, alive, now, force=force):
            denials[source.name] = denial
    taken = [source.name for source in sources if source.name not in denials]
    if taken:
        connection.execute(
            update(SOURCE).where(SOURCE.c.name == bindparam("b_name")),
            [{"b_name": name, "holder": life.run, "held_until": now + LEASE} for name in taken],
        )
    fronts = _fronts(connection)
    waiting = _waiting(connection, now, force=force)
    return denials | {
        name: Claim(
            run=life.run,
            baseline=rows[name].baseline_at is None,
            failures=rows[name].failures,
            waiting=name in waiting,
            fronts=fronts.get(name, {}),
        )
        for name in taken
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
        name: bindparam(f"b_{name}") for name in ("tried_at", "failures", "outcome", "error", "due_at")
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
    _remember_fronts(connection, ends)


def _row(end: End) -> dict[str, object]:
    success = end.outcome in (Outcome.OK, Outcome.UNCHANGED, Outcome.EMPTY)
    failures = 0 if success else end.claim.failures + 1
    away = timedelta(seconds=end.retry_after or 0)
    return {
        "name": end.source.name,
        "run": end.claim.run,
        "tried_at": end.at,
        "failures": failures,
        "outcome": end.outcome.value,
        "error": end.error,
        "due_at": end.at + max(_wait(end.source, failures), away),
        "stay_away_until": end.at + away if away else None,
        "succeeded_at": end.at if success else None,
        "baseline_at": end.at if success and end.complete else None,
    }


def absolve(connection: Connection, names: Sequence[str], now: datetime) -> None:
    """Takes a failure back that was our own network's: the sources stay due."""
    innocent = SOURCE.c.name.in_(names) & (SOURCE.c.failures > 0)
    connection.execute(update(SOURCE).where(innocent).values(failures=SOURCE.c.failures - 1, due_at=now))


def _introduce(connection: Connection, sources: Iterable[Source], now: datetime) -> None:
    rows = [{"name": name, "due_at": now, "failures": 0} for name in sorted(s.name for s in sources)]
    connection.execute(insert(connection, SOURCE).on_conflict_do_nothing(), rows)


def _denial(
    row: Row[tuple[object, ...]],
    source: Source,
    life: Life,
    alive: dict[str, bool],
    now: datetime,
    *,
    force: bool,
) -> Denial | None:
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
    # A due time further away than any rule puts it was written under another clock.
    interval = timedelta(seconds=source.interval)
    wait = row.due_at - now
    early = min(interval / SLACK, timedelta(minutes=1))
    return Denial(outcome=Outcome.NOT_DUE) if early < wait <= max(LONGEST_WAIT, interval) else None


def _wait(source: Source, failures: int) -> timedelta:
    """One interval, and one more for each failure in a row, to once a day (or the interval, where longer)."""
    interval = timedelta(seconds=source.interval)
    return min(interval * (1 + failures), max(interval, LONGEST_WAIT))


def _waiting(connection: Connection, now: datetime, *, force: bool) -> set[str]:
    turn = LINK.c.next_try_at.is_not(None) if force else LINK.c.next_try_at <= now
    due = select(LINK.c.source).where(LINK.c.article_id.is_(None), turn).distinct()
    return set(connection.scalars(due))


def _fronts(connection: Connection) -> dict[str, dict[str, FrontState]]:
    fronts: dict[str, dict[str, FrontState]] = {}
    for row in connection.execute(select(FRONT)):
        fronts.setdefault(row.source, {})[row.url] = FrontState(
            validators=Validators(etag=row.etag, last_modified=row.last_modified),
            body_hash=row.body_hash,
            read_at=row.read_at,
            rules=row.rules,
        )
    return fronts


def _remember_fronts(connection: Connection, ends: Sequence[End]) -> None:
    rows = [
        {
            "source": end.source.name,
            "url": url,
            "etag": state.validators.etag,
            "last_modified": state.validators.last_modified,
            "body_hash": state.body_hash,
            "read_at": state.read_at,
            "rules": state.rules,
        }
        for end in ends
        for url, state in sorted(end.fronts.items())
        if state != end.claim.fronts.get(url)
    ]
    if rows:
        statement = insert(connection, FRONT)
        changed = {column: statement.excluded[column] for column in list(rows[0])[2:]}
        connection.execute(statement.on_conflict_do_update(index_elements=["source", "url"], set_=changed), rows)
