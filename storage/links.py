"""Every address that a front page named: a row with tries and a next time, so that nothing is forgotten."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, select, update

from articles import urls
from articles.model import Link, Source
from storage import moments
from storage.database import insert
from storage.tables import ADDRESS, LINK, SIGHTING

LONGEST_WAIT = timedelta(hours=24)
WEEKLY_AFTER = 10
"""Failed tries after which a page is asked for once a week only: it is not forgotten, nor pestered."""

ALARMS = 3
"""Changed entries in a row whose page had not changed, after which they are no longer believed: some feeds date
all their entries anew each time."""

SAME_TEXT, TOO_SHORT, NO_ARTICLE = "same-text", "too-short", "no-article"
"""What a page turned out to be: another article's text, next to no text, something else than an article."""

_CHUNK = 500

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A link whose turn has come: without an article yet, or to be looked at again."""

    id: int
    link: Link
    tries: int
    found_at: datetime
    article_id: int | None = None
    own: bool = False
    """Its article was born of it."""
    missing: int = 0
    """How often in a row its page was not there."""
    frontier: int | None = None
    """The look into the past that found it."""


@dataclass(frozen=True, kw_only=True)
class Noted:
    """Of the links that front pages named in this pass."""

    stored: int = 0
    """Those that are stored articles already."""
    seen: int = 0
    """Those that the source had named before."""


def note(connection: Connection, source: Source, links: Sequence[Link], now: datetime) -> Noted:
    """Writes down what the front pages named, and says how much of it was there before.

    An address that another source has brought is that article with one more sighting, and is not fetched. A
    known page whose entry has changed is to be looked at again.
    """
    by_key = {urls.key(link.url): link for link in links}
    articles = _articles(connection, by_key)
    known = _rows(connection, source, by_key)
    for row in known.values():
        _compare(connection, row, by_key[row.key], now)
    here = {key: row.article_id for key, row in known.items()}
    fresh = [key for key in by_key if key not in here]
    if fresh:
        rows = [_row(source, key, by_key[key], articles.get(key), now) for key in sorted(fresh)]
        connection.execute(insert(connection, LINK).on_conflict_do_nothing(), rows)
    for key in sorted(key for key, article in here.items() if article is None and key in articles):
        _settle(connection, source, key, articles[key])
    seen = [key for key in sorted(articles) if here.get(key) is None]
    if seen:
        rows = [_sighting(source, key, by_key[key], articles[key], now) for key in seen]
        connection.execute(insert(connection, SIGHTING).on_conflict_do_nothing(), rows)
    stored = sum(1 for key in by_key if here.get(key) is not None or key in articles)
    return Noted(stored=stored, seen=len(by_key) - len(fresh))


def known(connection: Connection, source: Source, links: Sequence[Link]) -> frozenset[str]:
    """The keys of those that are rows of the source already."""
    return frozenset(_rows(connection, source, {urls.key(link.url): link for link in links}))


def due(connection: Connection, source: Source, now: datetime, *, force: bool, limit: int) -> tuple[Waiting, ...]:
    """The source's links that wait for their page and whose turn has come (`force`: all), newest first."""
    wanted = (LINK.c.source == source.name) & LINK.c.article_id.is_(None) & LINK.c.frontier.is_(None)
    turn = LINK.c.next_try_at.is_not(None) if force else LINK.c.next_try_at <= now
    newest = (LINK.c.published_at.is_(None), LINK.c.published_at.desc(), LINK.c.found_at.desc(), LINK.c.id)
    rows = connection.execute(select(LINK).where(wanted, turn).order_by(*newest).limit(limit))
    return tuple(map(waiting, rows))


def waiting(row: Any) -> Waiting:
    """A link's row, as what is to be done about it."""
    return Waiting(
        id=row.id,
        link=Link(url=row.url, title=row.title, published=moments.stamp(row), summary=row.summary, front=row.front),
        tries=row.tries,
        found_at=row.found_at,
        article_id=row.article_id,
        own=row.own,
        missing=row.missing,
        frontier=row.frontier,
    )


def fail(
    connection: Connection,
    source: Source,
    link: Waiting,
    reason: str,
    now: datetime,
    *,
    after: float,
    outcome: str | None = None,
) -> None:
    """Puts a link off that gave nothing this time; `after` seconds are the server's own wish, `outcome` is in a word
    how it failed.
    """
    tries = link.tries + 1
    wait = max(_wait(source, tries), timedelta(seconds=after))
    connection.execute(
        update(LINK)
        .where(LINK.c.id == link.id)
        .values(tries=tries, error=reason, outcome=outcome, next_try_at=now + wait)
    )


def settle(connection: Connection, link_id: int, article_id: int, *, own: bool) -> None:
    """Ties a link to the article that its page turned out to be; `own`: that was born of it."""
    outcome = None if own else SAME_TEXT
    settled = {"article_id": article_id, "own": own, "next_try_at": None, "next_look_at": None, "error": None}
    connection.execute(update(LINK).where(LINK.c.id == link_id).values(**settled, outcome=outcome))


def _wait(source: Source, tries: int) -> timedelta:
    """One interval of the source a failed try, to once a day; once a week when it looks hopeless."""
    if tries > WEEKLY_AFTER:
        return timedelta(days=7)
    return min(timedelta(seconds=source.interval) * tries, LONGEST_WAIT)


def _articles(connection: Connection, keys: Mapping[str, Link]) -> dict[str, int]:
    found: dict[str, int] = {}
    for chunk in chunks(sorted(keys)):
        rows = connection.execute(select(ADDRESS.c.key, ADDRESS.c.article_id).where(ADDRESS.c.key.in_(chunk)))
        found.update({row.key: row.article_id for row in rows})
    return found


def _rows(connection: Connection, source: Source, keys: Mapping[str, Link]) -> dict[str, Row[Any]]:
    found: dict[str, Row[Any]] = {}
    for chunk in chunks(sorted(keys)):
        mine = (LINK.c.source == source.name) & LINK.c.key.in_(chunk)
        found.update({row.key: row for row in connection.execute(select(LINK).where(mine).order_by(LINK.c.key))})
    return found


def _compare(connection: Connection, row: Row[Any], link: Link, now: datetime) -> None:
    """Keeps what the entry says now. One that another front page had named first is no changed entry.

    A page that a look into the past has found, and not fetched yet, is the pass's from now on.
    """
    if row.frontier is not None and row.article_id is None:
        connection.execute(update(LINK).where(LINK.c.id == row.id).values(frontier=None))
    said = {"title": link.title, "summary": link.summary, **moments.columns(link.published)}
    changed = {name: value for name, value in said.items() if value is not None and value != getattr(row, name)}
    if not changed:
        return
    alarm = row.article_id is not None and row.front == link.front and row.alarms < ALARMS
    look = {"next_look_at": now, "alarms": row.alarms + 1} if alarm else {}
    connection.execute(update(LINK).where(LINK.c.id == row.id).values(**changed, **look, front=link.front))


def _settle(connection: Connection, source: Source, key: str, article_id: int) -> None:
    mine = (LINK.c.source == source.name) & (LINK.c.key == key)
    connection.execute(
        update(LINK).where(mine).values(article_id=article_id, next_try_at=None, error=None, outcome=None)
    )


def _row(source: Source, key: str, link: Link, article_id: int | None, now: datetime) -> dict[str, Any]:
    return {
        "source": source.name,
        "key": key,
        "url": link.url,
        "title": link.title,
        "summary": link.summary,
        "front": link.front,
        **moments.columns(link.published),
        "found_at": now,
        "tries": 0,
        "next_try_at": None if article_id else now,
        "article_id": article_id,
    }


def _sighting(source: Source, key: str, link: Link, article_id: int, now: datetime) -> dict[str, Any]:
    return {
        "article_id": article_id,
        "source": source.name,
        "key": key,
        "url": link.url,
        "first_seen_at": now,
    }


def chunks(keys: Sequence[T]) -> Iterator[list[T]]:
    """As many at a time as one statement takes well."""
    rest = iter(keys)
    while chunk := list(islice(rest, _CHUNK)):
        yield chunk
