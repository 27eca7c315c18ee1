"""Documents with what taggers have said of them, row by row: for notebooks, spreadsheets and models."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select

from storage import moments, tag_queue
from storage.database import Store
from storage.tables import ARTICLE, SIGHTING, TAG, VERSION

PAGE = 500
"""Documents a read: what stands in memory, whatever the length of the whole."""

COLUMNS: Mapping[str, type] = {
    "id": int,
    "name": str,
    "content_hash": str,
    "version": int,
    "url": str,
    "source": str,
    "title": str,
    "author": str,
    "language": str,
    "published_at": str,
    "published_precision": str,
    "first_seen_at": str,
    "story": int,
    "class": str,
    "review": bool,
    "score": float,
    "tagger": str,
    "tagger_version": str,
    "stance": str,
    "confidence": float,
    "target": str,
    "rationale": str,
    "submitted_at": str,
    "is_current": bool,
    "text": str,
}
"""A row's columns, in their order, and what they hold besides None."""

_ZONES = timedelta(days=1)  # no clock on earth is further from UTC than that
_READ = [
    column
    for column in ARTICLE.c
    if column.name in COLUMNS or column.name in ("kind", "published_offset", "published_evidence")
]
_SAID = ("tagger", "tagger_version", "stance", "confidence", "target", "rationale")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which rows are wanted; an empty list means: any."""

    since: datetime | None = None
    """Published then or later. Without a zone it is meant by the publisher's own clock."""
    until: datetime | None = None
    """Published before then."""
    classes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    """Seen at one of these."""
    languages: tuple[str, ...] = ()
    stances: tuple[str, ...] = ()
    """Rows with one of these tags; a document without a tag has none."""
    tagger: str | None = None
    """Only its tags."""
    each_tagger: bool = False
    """A row for each tagger; else the newest tag alone."""
    text: bool = True

    @property
    def dated(self) -> bool:
        return self.since is not None or self.until is not None


def rows(store: Store, wanted: Wanted) -> Iterator[dict[str, Any]]:
    """A row a document and tagger, by document; a document without a tag has one without a tagger.

    A tag on the text as it is now goes before one on an earlier text, then the newest. Read in pages: an open reader
    would stop SQLite's checkpoints.
    """
    last = 0
    while True:
        with store.read() as connection:
            page = connection.execute(_page(wanted).where(ARTICLE.c.id > last)).all()
            said = _tags(connection.execute(_said(wanted, [row.id for row in page])).all())
        for row in page:
            if _in_time(row, wanted):
                yield from _rows(row, said.get(row.id, []), wanted)
        if len(page) < PAGE:
            return
        last = page[-1].id


def undated(store: Store, wanted: Wanted) -> int:
    """How many documents are left out because nobody knows when they were published."""
    if not wanted.dated:
        return 0
    unknown = select(func.count()).select_from(ARTICLE).where(ARTICLE.c.published_at.is_(None), *_chosen(wanted))
    with store.read() as connection:
        return connection.execute(unknown).scalar_one()


def _page(wanted: Wanted) -> Select[Any]:
    columns = [*_READ, VERSION.c.text] if wanted.text else _READ
    conditions = _chosen(wanted)
    # A little wider than wanted: what is meant by the publisher's clock is told apart row by row.
    if wanted.since:
        conditions.append(ARTICLE.c.published_at >= _utc(wanted.since) - _ZONES)
    if wanted.until:
        conditions.append(ARTICLE.c.published_at < _utc(wanted.until) + _ZONES)
    from_ = tag_queue.NEWEST if wanted.text else ARTICLE
    return select(*columns).select_from(from_).where(*conditions).order_by(ARTICLE.c.id).limit(PAGE)


def _chosen(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions = [tag_queue.is_document()]
    if wanted.classes:
        conditions.append(ARTICLE.c.kind.in_(wanted.classes))
    if wanted.languages:
        conditions.append(ARTICLE.c.language.in_(wanted.languages))
    if wanted.sources:
        seen_there = select(SIGHTING.c.article_id).where(SIGHTING.c.source.in_(wanted.sources))
        conditions.append(ARTICLE.c.source.in_(wanted.sources) | ARTICLE.c.id.in_(seen_there))
    return conditions


def _said(wanted: Wanted, ids: Sequence[int]) -> Select[Any]:
    is_current = (TAG.c.content_hash == ARTICLE.c.content_hash).label("is_current")
    order = (TAG.c.article_id, is_current.desc(), TAG.c.submitted_at.desc(), TAG.c.id.desc())
    said = select(TAG, is_current).join(ARTICLE, ARTICLE.c.id == TAG.c.article_id).order_by(*order)
    of_tagger = [] if wanted.tagger is None else [TAG.c.tagger == wanted.tagger]
    return said.where(TAG.c.article_id.in_(ids), *of_tagger)


def _tags(said: Sequence[Row[Any]]) -> dict[int, list[Row[Any]]]:
    """The first tag of each tagger, by document."""
    by_document: dict[int, dict[str, Row[Any]]] = {}
    for tag in said:
        by_document.setdefault(tag.article_id, {}).setdefault(tag.tagger, tag)
    return {article_id: list(tags.values()) for article_id, tags in by_document.items()}


def _rows(row: Row[Any], tags: Sequence[Row[Any]], wanted: Wanted) -> Iterator[dict[str, Any]]:
    told: Sequence[Row[Any] | None] = tags if wanted.each_tagger else tags[:1]
    for tag in told or [None]:
        if not wanted.stances or (tag is not None and tag.stance in wanted.stances):
            yield _row(row, tag, wanted)


def _row(row: Row[Any], tag: Row[Any] | None, wanted: Wanted) -> dict[str, Any]:
    stamp = moments.stamp(row)
    found = {
        **{column: getattr(row, column) for column in COLUMNS if column in ARTICLE.c},
        "class": row.kind,
        "published_at": stamp.at.isoformat() if stamp else None,
        "first_seen_at": _iso(row.first_seen_at),
        **{column: getattr(tag, column, None) for column in _SAID},
        "submitted_at": _iso(tag.submitted_at) if tag else None,
        "is_current": bool(tag.is_current) if tag else None,
        "text": row.text if wanted.text else None,
    }
    return {column: found[column] for column in columns(wanted)}


def columns(wanted: Wanted) -> list[str]:
    """The columns of the rows that are wanted."""
    return [column for column in COLUMNS if wanted.text or column != "text"]


def _in_time(row: Row[Any], wanted: Wanted) -> bool:
    if not wanted.dated:
        return True
    stamp = moments.stamp(row)
    return stamp is not None and all(
        (bound is None) or (_held_against(stamp.at, bound) == later)
        for bound, later in ((wanted.since, True), (wanted.until, False))
    )


def _held_against(at: datetime, bound: datetime) -> bool:
    """Whether a moment is at a bound or later; by the publisher's clock where the bound has no zone."""
    return (at if bound.tzinfo else at.replace(tzinfo=None)) >= bound


def _utc(bound: datetime) -> datetime:
    return bound if bound.tzinfo else bound.replace(tzinfo=UTC)


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
