"""Pages of stored articles that are looked at again: publishers change one article in six, most of them in a day."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, select, update

from articles.model import Source
from storage.links import Waiting, waiting
from storage.tables import ARTICLE, LINK

CLOSELY = (timedelta(hours=1), timedelta(hours=6), timedelta(hours=24), timedelta(days=7), timedelta(days=30))
"""When documents and verdicts up for review are looked at again, from when they were found."""

LOOSELY = (timedelta(hours=1), timedelta(hours=24))
"""When all others are: 81 % of all edits come within a day."""

LOOKS = 50
"""Pages of a source looked at again in a pass, after its new ones: politeness has a budget."""

GONE = 2
"""How often in a row a page has to be found missing (404, 410) until it counts as taken down."""

SOON = timedelta(hours=1)
"""After which a missing page is asked for once more."""


def next_look(found_at: datetime, now: datetime, *, closely: bool) -> datetime | None:
    """The next rung of the ladder that still lies ahead; None: it has been climbed."""
    ladder = CLOSELY if closely else LOOSELY
    return next((found_at + rung for rung in ladder if found_at + rung > now), None)


def begin(connection: Connection, link_id: int, article_id: int, now: datetime) -> None:
    """Puts an article's own page on the ladder."""
    row = connection.execute(select(LINK).where(LINK.c.id == link_id)).one_or_none()
    if row is not None:
        following = _next(connection, waiting(row), now)
        connection.execute(update(LINK).where(LINK.c.id == link_id).values(next_look_at=following))


def sources(connection: Connection, now: datetime) -> set[str]:
    """The sources that have kept pages whose turn has come."""
    return set(connection.scalars(select(LINK.c.source).where(LINK.c.next_look_at <= now).distinct()))


def due(connection: Connection, source: Source, now: datetime) -> tuple[Waiting, ...]:
    """The kept pages of a source whose turn has come, the longest waiting first."""
    turn = (LINK.c.source == source.name) & (LINK.c.next_look_at <= now)
    rows = connection.execute(select(LINK).where(turn).order_by(LINK.c.next_look_at, LINK.c.id).limit(LOOKS))
    return tuple(map(waiting, rows))


def done(connection: Connection, link: Waiting, now: datetime, *, revised: bool) -> None:
    """A page was found and read: it waits for its next rung, and if it had been taken down it is back."""
    values = {"missing": 0, "next_look_at": _next(connection, link, now)}
    connection.execute(update(LINK).where(LINK.c.id == link.id).values(**values, **({"alarms": 0} if revised else {})))
    if link.own and link.missing:
        connection.execute(update(ARTICLE).where(ARTICLE.c.id == link.article_id).values(gone_at=None))


def missed(connection: Connection, link: Waiting, now: datetime) -> None:
    """A page was not there (404, 410): asked for soon again, and the second time in a row it counts as taken down."""
    missing = link.missing + 1
    following = now + SOON if missing < GONE else _next(connection, link, now)
    connection.execute(update(LINK).where(LINK.c.id == link.id).values(missing=missing, next_look_at=following))
    if link.own and missing == GONE:
        connection.execute(update(ARTICLE).where(ARTICLE.c.id == link.article_id).values(gone_at=now))


def failed(connection: Connection, link: Waiting, now: datetime) -> None:
    """A page could not be read this time: it waits for its next rung."""
    following = _next(connection, link, now)
    connection.execute(update(LINK).where(LINK.c.id == link.id).values(next_look_at=following))


def _next(connection: Connection, link: Waiting, now: datetime) -> datetime | None:
    if not link.own or link.frontier is not None:  # what is old is edited no more
        return None
    watched = select(ARTICLE.c.name, ARTICLE.c.review, ARTICLE.c.restless).where(ARTICLE.c.id == link.article_id)
    row = connection.execute(watched).one()
    closely = row.name is not None or row.review
    return None if row.restless else next_look(link.found_at, now, closely=closely)
