"""What people and programs read: articles in their public form, and counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from articles import urls
from storage import moments
from storage.database import Store
from storage.tables import ADDRESS, ARTICLE, FILE, SIGHTING, SOURCE, VERSION

PAGE = 500
"""Rows a read: a long list is paged by id, since an open reader would stop SQLite's checkpoints."""


@dataclass(frozen=True, kw_only=True)
class Text:
    """One text of an article."""

    version: int
    reason: str
    seen_at: datetime
    title: str | None
    text: str


def listing(
    store: Store, *, since: datetime | None = None, source: str | None = None, on_topic: bool = False
) -> Iterator[dict[str, Any]]:
    """The stored articles in their public form, newest first by first seen, then by id."""
    wanted = select(ARTICLE).order_by(ARTICLE.c.first_seen_at.desc(), ARTICLE.c.id.desc()).limit(PAGE)
    if since is not None:
        wanted = wanted.where(ARTICLE.c.first_seen_at >= since)
    if source is not None:
        seen_there = select(SIGHTING.c.article_id).where(SIGHTING.c.source == source)
        wanted = wanted.where((ARTICLE.c.source == source) | ARTICLE.c.id.in_(seen_there))
    if on_topic:
        wanted = wanted.where(ARTICLE.c.on_topic)
    last: Row[Any] | None = None
    while True:
        with store.read() as connection:
            rows = connection.execute(wanted if last is None else _after(wanted, last)).all()
        yield from (public(row) for row in rows)
        if len(rows) < PAGE:
            return
        last = rows[-1]


def find(connection: Connection, wanted: str) -> int | None:
    """The id of the article with this id, file name (an old one too), or address under which it was seen."""
    if wanted.isascii() and wanted.isdigit():
        wanted_id = min(int(wanted[:10]), 2**31 - 1)
        return connection.execute(select(ARTICLE.c.id).where(ARTICLE.c.id == wanted_id)).scalar()
    named: int | None = connection.scalar(select(FILE.c.article_id).where(FILE.c.name == wanted))
    if named is None:
        named = connection.scalar(select(ADDRESS.c.article_id).where(ADDRESS.c.key == urls.key(wanted)))
    return named


def whole(connection: Connection, article_id: int) -> dict[str, Any]:
    """One article with its text, sightings and versions."""
    row = connection.execute(select(ARTICLE).where(ARTICLE.c.id == article_id)).one()
    mine = (VERSION.c.article_id == article_id, SIGHTING.c.article_id == article_id)
    versions = connection.execute(select(VERSION).where(mine[0]).order_by(VERSION.c.version)).all()
    sightings = connection.execute(select(SIGHTING).where(mine[1]).order_by(SIGHTING.c.id)).all()
    return public(row) | {
        "text": versions[-1].text,
        "published_evidence": row.published_evidence,
        "steps": row.steps,
        "gone_at": _iso(row.gone_at) if row.gone_at else None,
        "restless": row.restless,
        "sightings": [{"url": s.url, "source": s.source, "first_seen": _iso(s.first_seen_at)} for s in sightings],
        "versions": [
            {
                "version": v.version,
                "content_hash": v.content_hash,
                "name": v.name,
                "seen_at": _iso(v.seen_at),
                "reason": v.reason,
            }
            for v in versions
        ],
    }


def history(connection: Connection, article_id: int) -> list[Text]:
    """Every text that an article has had, the oldest first."""
    mine = select(VERSION).where(VERSION.c.article_id == article_id).order_by(VERSION.c.version)
    return [
        Text(version=row.version, reason=row.reason, seen_at=row.seen_at, title=row.title, text=row.text)
        for row in connection.execute(mine)
    ]


def public(row: Row[Any]) -> dict[str, Any]:
    """An article's row as every command prints it."""
    stamp = moments.stamp(row)
    return {
        "id": row.id,
        "name": row.name,
        "content_hash": row.content_hash,
        "url": row.url,
        "source": row.source,
        "title": row.title,
        "author": row.author,
        "language": row.language,
        "published_at": stamp.at.isoformat() if stamp else None,
        "published_precision": stamp.precision if stamp else None,
        "fetched_at": _iso(row.fetched_at),
        "first_seen_at": _iso(row.first_seen_at),
        "version": row.version,
        "story": row.story,
        "same_as": row.same_as,
        "on_topic": row.on_topic,
        "class": row.kind,
        "review": row.review,
        "score": row.score,
        "evidence": row.evidence,
    }


def has_source(connection: Connection, name: str) -> bool:
    """Whether a source was ever visited, or an article of it adopted."""
    visited = select(SOURCE.c.name).where(SOURCE.c.name == name)
    adopted = select(ARTICLE.c.source).where(ARTICLE.c.source == name)
    return connection.execute(visited.union(adopted)).first() is not None


def documents(connection: Connection) -> int:
    """How many articles are documents of the corpus."""
    return connection.execute(select(func.count()).select_from(ARTICLE).where(ARTICLE.c.name.is_not(None))).scalar_one()


def newest(connection: Connection) -> datetime | None:
    """When the newest article was first seen."""
    return connection.execute(select(func.max(ARTICLE.c.first_seen_at))).scalar()


def source_health(connection: Connection) -> list[dict[str, Any]]:
    """How each source did at its last turn."""
    return [
        {
            "name": row.name,
            "outcome": row.outcome,
            "error": row.error,
            "failures": row.failures,
            "tried_at": _iso(row.tried_at) if row.tried_at else None,
            "succeeded_at": _iso(row.succeeded_at) if row.succeeded_at else None,
            "due_at": _iso(row.due_at),
        }
        for row in connection.execute(select(SOURCE).order_by(SOURCE.c.name))
    ]


def _after(wanted: Select[Any], last: Row[Any]) -> Select[Any]:
    older = ARTICLE.c.first_seen_at < last.first_seen_at
    same = (ARTICLE.c.first_seen_at == last.first_seen_at) & (ARTICLE.c.id < last.id)
    return wanted.where(older | same)


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
