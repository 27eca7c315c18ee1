"""What happened in a span of time: what a digest is made of, before it is sorted for its reader."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, exists, func, select

from articles.model import Evidence, Stamp
from articles.recipients import Recipient
from storage import deliveries, moments, outbox, revisions, tags
from storage.tables import ARTICLE, OUTBOX, SIGHTING, SOURCE, VERSION
from storage.tag_queue import IS_PAST

NEWS, ADOPTED, BASELINE, RULE, PAST = "news", "adopted", "baseline", "rule", "past"
"""How an article became a document: it came; its file was there before; its source's first reading brought it; a new
rule or a better reading of its page did; a look into the past found it."""

Span = tuple[datetime, datetime]

Choose = Callable[
    [Sequence[Recipient], Mapping[str, datetime], datetime, datetime | None], list[tuple[Recipient, Span]]
]
"""Says who is to have a digest of what: of recipients, the ends of their last ones by address, a moment, and when the
watch began."""

LOOKED_BACK = timedelta(weeks=4)
"""What "usual" is measured over."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """A document as a digest lists it."""

    id: int
    name: str | None
    title: str | None
    begins: str
    """Its first letters, for one without a title."""
    language: str
    url: str | None
    source: str | None
    sources: frozenset[str]
    """Everywhere it was seen."""
    kind: str
    review: bool
    evidence: tuple[Evidence, ...]
    published: Stamp | None
    became_at: datetime
    """When it became a document."""
    story: int
    origin: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Revised:
    """A document that its publisher changed within the span."""

    document: Document
    version: int
    """Its newest."""
    changes: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Health:
    """How a source has been doing."""

    source: str
    outcome: str | None
    error: str | None
    failures: int
    tried_at: datetime | None
    succeeded_at: datetime | None
    brought: int
    """Articles since its first reading, within the four weeks before the span's end."""
    first_at: datetime | None
    """When the first of them came."""
    last_at: datetime | None
    due_at: datetime | None = None
    """When it is to be read next."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Period:
    """A span of time and what it brought, with the four weeks before it to compare."""

    begin: datetime
    end: datetime
    documents: tuple[Document, ...]
    earlier: tuple[Document, ...]
    """Those of the four weeks before."""
    known: tuple[Document, ...]
    """What began the stories that are older than the span and have a report in it."""
    revised: tuple[Revised, ...]
    gone: tuple[Document, ...]
    """Those whose page was found taken down."""
    read: int
    """Articles stored, on topic or not."""
    sources: tuple[Health, ...]
    taggers: tuple[tags.Status, ...]
    watched_since: datetime | None
    """When the first article was seen."""


def period(connection: Connection, begin: datetime, end: datetime) -> Period:
    """All that a digest of this span may tell."""
    within = and_(ARTICLE.c.document_at >= begin, ARTICLE.c.document_at < end)
    before = and_(ARTICLE.c.document_at >= begin - LOOKED_BACK, ARTICLE.c.document_at < begin)
    stored = and_(ARTICLE.c.first_seen_at >= begin, ARTICLE.c.first_seen_at < end)
    return Period(
        begin=begin,
        end=end,
        documents=_documents(connection, within),
        earlier=_documents(connection, before),
        known=_documents(connection, _began_before(within, begin)),
        revised=_revised(connection, begin, end),
        gone=_documents(connection, and_(_IS_DOCUMENT, ARTICLE.c.gone_at >= begin, ARTICLE.c.gone_at < end)),
        read=connection.execute(select(func.count()).select_from(ARTICLE).where(stored)).scalar_one(),
        sources=health(connection, end),
        taggers=tuple(tags.status(connection, name, end) for name in tags.taggers(connection)),
        watched_since=watched_since(connection),
    )


def owe(connection: Connection, to: Sequence[Recipient], choose: Choose, now: datetime) -> None:
    """Writes down the digests that `choose` says are owed."""
    last = {reader.address: end for reader in to if (end := deliveries.last_digest(connection, reader))}
    for reader, span in choose(to, last, now, watched_since(connection)):
        deliveries.owe_digest(connection, reader, span, now)


def watched_since(connection: Connection) -> datetime | None:
    """When the first article was seen; None: there is none yet."""
    first: datetime | None = connection.scalar(select(func.min(ARTICLE.c.first_seen_at)))
    return first


def named(connection: Connection, names: Sequence[str]) -> tuple[Document, ...]:
    """The documents of these file names, newest first."""
    return _documents(connection, ARTICLE.c.name.in_(names))


_FIRST = VERSION.alias("first")
_BEGINS = func.substr(_FIRST.c.text, 1, 300).label("begins")
# A range, which SQLite looks up in the numbers' index: few articles are documents.
_IS_DOCUMENT = ARTICLE.c.number >= 0
# Said so that SQLite does not take the index of near copies for it: nearly everything is an original.
_IS_ORIGINAL = func.coalesce(ARTICLE.c.same_as, 0) == 0
_ADOPTED = _FIRST.c.reason == ADOPTED


def _documents(connection: Connection, condition: ColumnElement[bool]) -> tuple[Document, ...]:
    """The documents that meet a condition, newest first. Adopted ones are told whatever a rule says of them."""
    told = exists().where(OUTBOX.c.article_id == ARTICLE.c.id, OUTBOX.c.kind == outbox.STORY)
    tables = ARTICLE.join(_FIRST, and_(_FIRST.c.article_id == ARTICLE.c.id, _FIRST.c.version == 1)).outerjoin(
        SOURCE, SOURCE.c.name == ARTICLE.c.source
    )
    mine = and_(condition, ARTICLE.c.name.is_not(None), _IS_ORIGINAL, ARTICLE.c.on_topic | _ADOPTED)
    wanted = (
        select(ARTICLE, _FIRST.c.reason.label("born"), SOURCE.c.baseline_at, told.label("told"), _BEGINS)
        .select_from(tables)
        .where(mine)
        .order_by(ARTICLE.c.document_at.desc(), ARTICLE.c.id.desc())
    )
    seen = _sources(connection, select(ARTICLE.c.id).select_from(tables).where(mine))
    return tuple(_document(row, seen.get(row.id, frozenset())) for row in connection.execute(wanted))


def _sources(connection: Connection, articles: Select[Any]) -> dict[int, frozenset[str]]:
    """Where each of these articles was seen."""
    seen: dict[int, frozenset[str]] = {}
    for row in connection.execute(select(SIGHTING).where(SIGHTING.c.article_id.in_(articles))):
        seen[row.article_id] = seen.get(row.article_id, frozenset()) | {row.source}
    return seen


def _document(row: Row[Any], sources: frozenset[str]) -> Document:
    return Document(
        id=row.id,
        name=row.name,
        title=row.title,
        begins=row.begins,
        language=row.language,
        url=row.url,
        source=row.source,
        sources=sources,
        kind=row.kind,
        review=row.review,
        evidence=tuple(Evidence(**evidence) for evidence in row.evidence),
        published=moments.stamp(row),
        became_at=row.document_at,
        story=row.story,
        origin=_origin(row),
    )


def _origin(row: Row[Any]) -> str:
    if row.born == ADOPTED:
        return ADOPTED
    if row.told:
        return NEWS
    if row.document_at > row.first_seen_at:
        return RULE
    if row.born == revisions.PAST:
        return PAST
    return BASELINE if row.baseline_at is None or row.first_seen_at <= row.baseline_at else NEWS


def _began_before(within: ColumnElement[bool], begin: datetime) -> ColumnElement[bool]:
    """The beginnings, older than the span, of stories that have a document in it."""
    stories = select(ARTICLE.c.story).where(within, _IS_ORIGINAL)
    return and_(ARTICLE.c.id == ARTICLE.c.story, ARTICLE.c.document_at < begin, ARTICLE.c.id.in_(stories))


def _revised(connection: Connection, begin: datetime, end: datetime) -> tuple[Revised, ...]:
    edited = and_(
        VERSION.c.article_id.in_(select(ARTICLE.c.id).where(_IS_DOCUMENT, ARTICLE.c.version > 1)),
        VERSION.c.seen_at >= begin,
        VERSION.c.seen_at < end,
        VERSION.c.reason == revisions.EDITED,
    )
    times, newest = func.count().label("times"), func.max(VERSION.c.version).label("newest")
    changes = select(VERSION.c.article_id, times, newest).where(edited).group_by(VERSION.c.article_id)
    found = {row.article_id: row for row in connection.execute(changes)}
    changed = _documents(connection, ARTICLE.c.id.in_(select(VERSION.c.article_id).where(edited)))
    return tuple(Revised(document=one, version=found[one.id].newest, changes=found[one.id].times) for one in changed)


def health(connection: Connection, end: datetime) -> tuple[Health, ...]:
    """How each source that was ever visited has been doing up to this moment."""
    lately = and_(
        ARTICLE.c.source == SOURCE.c.name,
        ARTICLE.c.first_seen_at > SOURCE.c.baseline_at,
        ~IS_PAST,
        ARTICLE.c.first_seen_at >= end - LOOKED_BACK,
        ARTICLE.c.first_seen_at < end,
    )
    brought = (
        select(
            SOURCE.c.name,
            func.count().label("brought"),
            func.min(ARTICLE.c.first_seen_at).label("first_at"),
            func.max(ARTICLE.c.first_seen_at).label("last_at"),
        )
        .select_from(SOURCE.join(ARTICLE, lately))
        .group_by(SOURCE.c.name)
    )
    found = {row.name: row for row in connection.execute(brought)}
    return tuple(
        Health(
            source=row.name,
            outcome=row.outcome,
            error=row.error,
            failures=row.failures,
            tried_at=row.tried_at,
            succeeded_at=row.succeeded_at,
            brought=found[row.name].brought if row.name in found else 0,
            first_at=found[row.name].first_at if row.name in found else None,
            last_at=found[row.name].last_at if row.name in found else None,
            due_at=row.due_at,
        )
        for row in connection.execute(select(SOURCE).order_by(SOURCE.c.name))
    )
