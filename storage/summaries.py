"""What a mail needs to know of an article: as it reads now, what changed, and where else it was told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from articles.model import Evidence, Stamp
from articles.revision import Telling
from storage import deliveries, moments, outbox
from storage.deliveries import Told
from storage.tables import ARTICLE, DELIVERY, OUTBOX, SIGHTING, VERSION

PLACES = 20
"""Other places that are told of an article; a mail is no archive."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Somewhere else where the text, or a report of the same story, was seen."""

    source: str | None
    url: str | None
    title: str | None
    language: str
    seen_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """An article as a mail tells it."""

    id: int
    version: int
    name: str | None
    """Its file, where it is a document."""
    now: Telling
    before: Telling | None
    """How it read before, where a change is told."""
    language: str
    url: str | None
    source: str | None
    kind: str
    review: bool
    evidence: tuple[Evidence, ...]
    published: Stamp | None
    first_seen_at: datetime
    story: int
    sightings: tuple[Place, ...] = ()
    copies: tuple[Place, ...] = ()
    """Near copies of it."""
    reports: tuple[Place, ...] = ()
    """Other reports of its story."""


def item(connection: Connection, told: Told) -> Item:
    """What a mail tells: of a revision that version and the one before, of a story the text as it is now."""
    row = connection.execute(select(ARTICLE).where(ARTICLE.c.id == told.article_id)).one()
    revised = told.kind == outbox.REVISION
    version = told.version if revised else row.version
    words = _wording(connection, row.id, version)
    return Item(
        id=row.id,
        version=version,
        name=words.name or row.name,
        now=Telling(title=words.title or row.title, text=words.text),
        before=_before(connection, row, version) if revised else None,
        language=row.language,
        url=row.url,
        source=row.source,
        kind=row.kind,
        review=row.review,
        evidence=tuple(Evidence(**evidence) for evidence in row.evidence),
        published=moments.stamp(row),
        first_seen_at=row.first_seen_at,
        story=row.story,
        sightings=_sightings(connection, row),
        copies=_articles(connection, ARTICLE.c.same_as == row.id),
        reports=_articles(
            connection, (ARTICLE.c.story == row.story) & (ARTICLE.c.id != row.id) & ARTICLE.c.same_as.is_(None)
        ),
    )


def thread(connection: Connection, recipient: str, story: int, before: int) -> str | None:
    """The left side of the Message-ID of a recipient's first mail on a story, sent before delivery `before`."""
    batch = DELIVERY.alias("batch")
    first = (
        select(func.coalesce(batch.c.message_id, DELIVERY.c.message_id))
        .select_from(
            DELIVERY.join(OUTBOX, OUTBOX.c.id == DELIVERY.c.outbox_id)
            .join(ARTICLE, ARTICLE.c.id == OUTBOX.c.article_id)
            .outerjoin(batch, batch.c.id == DELIVERY.c.batch_id)
        )
        .where(DELIVERY.c.recipient == recipient, DELIVERY.c.state == deliveries.SENT)
        .where(ARTICLE.c.story == story, DELIVERY.c.id < before)
        .order_by(DELIVERY.c.id)
        .limit(1)
    )
    found: str | None = connection.scalar(first)
    return found


def _wording(connection: Connection, article_id: int, version: int) -> Row[Any]:
    mine = (VERSION.c.article_id == article_id) & (VERSION.c.version == version)
    return connection.execute(select(VERSION).where(mine)).one()


def _before(connection: Connection, row: Row[Any], version: int) -> Telling:
    earlier = _wording(connection, row.id, version - 1)
    return Telling(title=earlier.title, text=earlier.text)


def _sightings(connection: Connection, row: Row[Any]) -> tuple[Place, ...]:
    elsewhere = (SIGHTING.c.article_id == row.id) & (SIGHTING.c.url.is_distinct_from(row.url))
    wanted = select(SIGHTING).where(elsewhere).order_by(SIGHTING.c.id).limit(PLACES)
    return tuple(
        Place(source=seen.source, url=seen.url, title=None, language=row.language, seen_at=seen.first_seen_at)
        for seen in connection.execute(wanted)
    )


def _articles(connection: Connection, condition: Any) -> tuple[Place, ...]:
    wanted = select(ARTICLE).where(condition).order_by(ARTICLE.c.id).limit(PLACES)
    return tuple(_place(row) for row in connection.execute(wanted))


def _place(row: Row[Any]) -> Place:
    return Place(source=row.source, url=row.url, title=row.title, language=row.language, seen_at=row.first_seen_at)
