"""How far looks into the past have come: a row each, whose cursor moves in the transaction of what was read.

A link that a look has found carries its number. Passes leave it alone, and what the look has brought is counted by
it, so that no kill loses or repeats a count.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from articles import urls
from articles.model import Link, Source
from articles.ranges import Range
from storage import links
from storage.database import insert
from storage.links import Waiting
from storage.lives import Life
from storage.sources import LEASE
from storage.tables import ADDRESS, ARTICLE, FRONTIER, LINK

Cursor = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Look:
    """What is to be gone through: one way into a source's past, or an archive file (`source` is empty)."""

    source: str
    kind: str
    address: str
    days: Range = field(default_factory=Range)

    @property
    def key(self) -> str:
        """All that tells it from others."""
        return f"{self.kind} {self.source} {self.days} {self.address}"


@dataclass(frozen=True, kw_only=True)
class Frontier:
    """A look that this run holds, and where it stands."""

    id: int
    look: Look
    cursor: Cursor
    """Empty at the beginning."""


@dataclass(frozen=True, kw_only=True)
class Brought:
    """What a look has come to so far, all runs together."""

    found: int = 0
    """Links."""
    stored: int = 0
    """Those whose page was read, and is an article, new or known."""
    new: int = 0
    on_topic: int = 0
    """Of the new ones."""
    failed: int = 0
    waiting: int = 0
    """Those that are still to be tried for the first time."""


@dataclass(frozen=True, kw_only=True)
class State:
    """How a look stands."""

    look: Look
    cursor: Cursor
    done: bool
    error: str | None
    brought: Brought


def claim(connection: Connection, looks: Sequence[Look], life: Life, now: datetime, *, again: bool) -> list[Frontier]:
    """Takes those that are not done (`again`: from the beginning) and that no live run holds, in their order."""
    if not looks:
        return []
    rows = [_row(look, now) for look in looks]
    connection.execute(insert(connection, FRONTIER).on_conflict_do_nothing(), rows)
    by_key = {look.key: look for look in looks}
    if again:
        anew: dict[str, Any] = {"cursor": {}, "done_at": None, "error": None, "begun_at": now}
        mine = FRONTIER.c.key.in_(by_key) & FRONTIER.c.done_at.is_not(None)
        connection.execute(update(FRONTIER).where(mine).values(anew))
    found = connection.execute(select(FRONTIER).where(FRONTIER.c.key.in_(by_key), FRONTIER.c.done_at.is_(None))).all()
    free = {row.key: row for row in found if not _is_held(row, life, now)}
    held = {"holder": life.run, "held_until": now + LEASE, "error": None}
    connection.execute(update(FRONTIER).where(FRONTIER.c.key.in_(free)).values(held))
    return [
        Frontier(id=free[key].id, look=look, cursor=free[key].cursor) for key, look in by_key.items() if key in free
    ]


def renew(connection: Connection, run: str, now: datetime) -> None:
    """Moves the end of all leases of a run that still works."""
    connection.execute(update(FRONTIER).where(FRONTIER.c.holder == run).values(held_until=now + LEASE))


def release(connection: Connection, run: str) -> None:
    """Lets go whatever a run still holds."""
    connection.execute(update(FRONTIER).where(FRONTIER.c.holder == run).values(holder=None, held_until=None))


def step(connection: Connection, frontier: Frontier, cursor: Cursor) -> Frontier:
    """Moves the cursor."""
    connection.execute(update(FRONTIER).where(FRONTIER.c.id == frontier.id).values(cursor=cursor))
    return replace(frontier, cursor=cursor)


def note(
    connection: Connection, frontier: Frontier, source: Source, found: Sequence[Link], cursor: Cursor, now: datetime
) -> Frontier:
    """Writes down what a page of the past named, and that it was read; links that are rows already stay as they are."""
    known = links.known(connection, source, found)
    fresh = [link for link in found if urls.key(link.url) not in known]
    links.note(connection, source, fresh, now)
    keys = {urls.key(link.url) for link in fresh}
    for chunk in links.chunks(sorted(keys)):
        mine = (LINK.c.source == source.name) & LINK.c.key.in_(chunk)
        connection.execute(update(LINK).where(mine).values(frontier=frontier.id))
    return step(connection, frontier, cursor)


def arrive(connection: Connection, frontier: Frontier, source: str, link: Link, now: datetime) -> Waiting:
    """The link of a page that is at hand already, a row if it was none; nobody is to fetch it."""
    key = urls.key(link.url)
    row = {"source": source, "key": key, "url": link.url, "found_at": now, "tries": 0, "frontier": frontier.id}
    row |= {"own": False, "alarms": 0, "missing": 0}
    connection.execute(insert(connection, LINK).values(row).on_conflict_do_nothing())
    mine = (LINK.c.source == source) & (LINK.c.key == key)
    return links.waiting(connection.execute(select(LINK).where(mine)).one())


def stored(connection: Connection, addresses: Iterable[str]) -> frozenset[str]:
    """Those of these addresses under which an article is known."""
    keys = {url: urls.key(url) for url in addresses}
    found: set[str] = set()
    for chunk in links.chunks(sorted({*keys.values()})):
        found.update(connection.scalars(select(ADDRESS.c.key).where(ADDRESS.c.key.in_(chunk))))
    return frozenset(url for url, key in keys.items() if key in found)


def due(connection: Connection, source: Source, began: datetime, *, limit: int) -> tuple[Waiting, ...]:
    """Links that looks into a source's past have found, the newest first: untried, or to be tried again by `began`."""
    wanted = (LINK.c.source == source.name) & LINK.c.article_id.is_(None) & LINK.c.frontier.is_not(None)
    newest = (LINK.c.published_at.is_(None), LINK.c.published_at.desc(), LINK.c.id)
    turn = LINK.c.next_try_at.is_not(None) & ((LINK.c.tries == 0) | (LINK.c.next_try_at <= began))
    rows = connection.execute(select(LINK).where(wanted, turn).order_by(*newest).limit(limit))
    return tuple(map(links.waiting, rows))


def newest(connection: Connection, source: Source, found: Sequence[Link]) -> datetime | None:
    """When the newest of these pages was published, by what the pages themselves say; None: none says so."""
    keys = sorted({urls.key(link.url) for link in found})
    articles = LINK.join(ARTICLE, ARTICLE.c.id == LINK.c.article_id)
    moments = [
        connection.scalar(
            select(func.max(ARTICLE.c.published_at))
            .select_from(articles)
            .where(LINK.c.source == source.name, LINK.c.key.in_(chunk))
        )
        for chunk in links.chunks(keys)
    ]
    return max((moment for moment in moments if moment is not None), default=None)


def end(connection: Connection, frontier: Frontier, now: datetime, error: str | None) -> None:
    """Lets a look go: done, or with the reason why it could not go on."""
    values = {"holder": None, "held_until": None, "error": error, "done_at": None if error else now}
    connection.execute(update(FRONTIER).where(FRONTIER.c.id == frontier.id).values(values))


def states(connection: Connection, looks: Sequence[Look]) -> list[State]:
    """How these looks stand, in their order."""
    keys = [look.key for look in looks]
    rows = {row.key: row for row in connection.execute(select(FRONTIER).where(FRONTIER.c.key.in_(keys)))}
    got = brought(connection, [row.id for row in rows.values()])
    return [
        State(
            look=look,
            cursor=rows[look.key].cursor,
            done=rows[look.key].done_at is not None,
            error=rows[look.key].error,
            brought=got.get(rows[look.key].id, Brought()),
        )
        for look in looks
        if look.key in rows
    ]


def brought(connection: Connection, ids: Iterable[int]) -> dict[int, Brought]:
    """What each of these looks has come to."""
    new = func.coalesce(LINK.c.own, False) & ARTICLE.c.same_as.is_(None)
    counts = {
        "found": func.count(),
        "stored": func.count(LINK.c.article_id),
        "new": _sum(new),
        "on_topic": _sum(new & ARTICLE.c.on_topic),
        "failed": _sum(LINK.c.article_id.is_(None) & (LINK.c.tries > 0)),
        "waiting": _sum(LINK.c.article_id.is_(None) & (LINK.c.tries == 0) & LINK.c.next_try_at.is_not(None)),
    }
    wanted = select(LINK.c.frontier, *(count.label(name) for name, count in counts.items()))
    wanted = wanted.select_from(LINK.outerjoin(ARTICLE, ARTICLE.c.id == LINK.c.article_id))
    rows = connection.execute(wanted.where(LINK.c.frontier.in_(list(ids))).group_by(LINK.c.frontier))
    return {row.frontier: Brought(**{name: getattr(row, name) for name in counts}) for row in rows}


def _sum(condition: Any) -> Any:
    return func.count().filter(condition)


def _row(look: Look, now: datetime) -> dict[str, Any]:
    return {
        "key": look.key,
        "source": look.source,
        "kind": look.kind,
        "address": look.address,
        "since": look.days.since,
        "until": look.days.until,
        "cursor": {},
        "begun_at": now,
    }


def _is_held(row: Row[Any], life: Life, now: datetime) -> bool:
    return bool(row.holder and row.held_until and row.held_until > now and life.alive(row.holder))
