"""Pages of the archive that are to be read again, with all that their reading stands on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from articles.model import Article, Stamp, Verdict
from storage import archive, links, moments, revisions
from storage.archive import Place, Reading
from storage.database import Store
from storage.links import Waiting
from storage.revisions import REEXTRACTED, Change, Revised
from storage.tables import ARTICLE, LINK, PAGE, VERSION

CHUNK = 200
"""Articles with their texts in one read; an open reader would stop SQLite's checkpoints."""


@dataclass(frozen=True, kw_only=True)
class Archived:
    """A page of the archive, as its row has it."""

    id: int
    source: str
    url: str
    fetched_at: datetime
    place: Place
    link: Waiting | None
    """The link that brought it, as it stands now."""


@dataclass(frozen=True, kw_only=True)
class Stored:
    """An article as it is stored, and the newest page that it was read from."""

    page: Archived
    id: int
    version: int
    name: str | None
    title: str | None
    text: str
    published: Stamp | None


def archived(connection: Connection, rows: list[Row[Any]]) -> list[Archived]:
    """The pages of these rows, in their order."""
    wanted = LINK.c.id.in_({row.link_id for row in rows if row.link_id is not None})
    known = {row.id: links.waiting(row) for row in connection.execute(select(LINK).where(wanted))}
    return [
        Archived(
            id=row.id,
            source=row.source,
            url=row.url,
            fetched_at=row.fetched_at,
            place=Place(file=row.file, offset=row.offset, length=row.length),
            link=known.get(row.link_id),
        )
        for row in rows
    ]


def count(connection: Connection, *, source: str | None, since: datetime | None) -> int:
    """How many articles `newest` gives."""
    newest = _newest(source, since).subquery()
    return connection.execute(select(func.count()).select_from(newest)).scalar_one()


def newest(store: Store, *, source: str | None, since: datetime | None) -> Iterator[Stored]:
    """Articles of this source, first seen since then, with the newest page of the link that each was born of.

    Copies elsewhere are left aside, they are laid out otherwise; so is a page that never stops changing.
    """
    last = 0
    while True:
        chunk = _newest(source, since).where(PAGE.c.article_id > last).order_by(PAGE.c.article_id).limit(CHUNK)
        with store.read() as connection:
            pairs = {row.article_id: row.page_id for row in connection.execute(chunk)}
            found = _stored(connection, pairs)
        yield from found
        if len(pairs) < CHUNK:
            return
        last = max(pairs)


def correct(
    connection: Connection, stored: Stored, article: Article, verdict: Verdict, reading: Reading, now: datetime
) -> Revised | None:
    """Writes what a better extractor has made of an article's page; None: the article has changed meanwhile."""
    version = connection.scalar(select(ARTICLE.c.version).where(ARTICLE.c.id == stored.id))
    if version != stored.version:
        return None
    change = Change(article_id=stored.id, article=article, verdict=verdict, reason=REEXTRACTED)
    revised = revisions.revise(connection, change, now)
    archive.reread(connection, stored.page.id, reading, stored.id)
    return revised


def _newest(source: str | None, since: datetime | None) -> Select[tuple[int, int]]:
    """Pairs of an article and its page."""
    born_of = (LINK.c.id == PAGE.c.link_id) & (LINK.c.article_id == PAGE.c.article_id) & LINK.c.own
    wanted = (
        select(PAGE.c.article_id, func.max(PAGE.c.id).label("page_id"))
        .join(LINK, born_of)
        .join(ARTICLE, (ARTICLE.c.id == PAGE.c.article_id) & ~ARTICLE.c.restless)
        .where(PAGE.c.refused.is_(None))
        .group_by(PAGE.c.article_id)
    )
    if source is not None:
        wanted = wanted.where(PAGE.c.source == source)
    return wanted if since is None else wanted.where(ARTICLE.c.first_seen_at >= since)


def _stored(connection: Connection, pairs: Mapping[int, int]) -> list[Stored]:
    """The articles of these pairs, by id; one whose page was pruned just now is left out."""
    rows = connection.execute(select(PAGE).where(PAGE.c.id.in_(pairs.values()))).all()
    by_id = {page.id: page for page in archived(connection, list(rows))}
    newest = (VERSION.c.article_id == ARTICLE.c.id) & (VERSION.c.version == ARTICLE.c.version)
    told = select(ARTICLE, VERSION.c.text).join(VERSION, newest).where(ARTICLE.c.id.in_(pairs)).order_by(ARTICLE.c.id)
    return [
        Stored(
            page=by_id[pairs[row.id]],
            id=row.id,
            version=row.version,
            name=row.name,
            title=row.title,
            text=row.text,
            published=moments.stamp(row),
        )
        for row in connection.execute(told)
        if pairs[row.id] in by_id
    ]
