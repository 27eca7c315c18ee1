"""The hand-over to stance tagging. The queue is no list: it is every document whose newest text lacks a tag.

What a tagger has taken is claimed for a lease; what it says is kept under (document, text, tagger, version), so that
saying it twice changes nothing. `next`, `submit`, `release` and `status` are what `rasid tags` calls, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, case, delete, exists, func, select

from storage import moments
from storage.database import Store, insert
from storage.tables import ARTICLE, CLAIM, TAG, VERSION

PAGE = 200
"""Documents claimed and read at a time: a tagger that stops reading has not claimed what it never saw."""

NEW, REVISED, REEXTRACTED, NEW_TAGGER_VERSION = "new", "revised", "re-extracted", "new-tagger-version"


@dataclass(frozen=True, kw_only=True)
class Task:
    """A document to tag, as `tags next` prints it."""

    id: int
    name: str
    content_hash: str
    version: int
    title: str | None
    language: str
    published_at: str | None
    source: str | None
    url: str | None
    text: str
    reason: str
    """`new`, `revised`, `re-extracted` or `new-tagger-version`."""


@dataclass(frozen=True, kw_only=True)
class Tag:
    """A tagger's word on one text of a document."""

    id: int
    content_hash: str
    stance: str
    confidence: float | None = None
    target: str | None = None
    rationale: str | None = None
    tagger_version: str = ""


@dataclass(frozen=True, kw_only=True)
class Submitted:
    """What became of a submitted tag."""

    fault: str | None = None
    """Why it could not be kept."""
    superseded: bool = False
    """Kept as history: the document's text has changed since, and it waits again."""


@dataclass(frozen=True, kw_only=True)
class Status:
    """How current a tagger is. Waits are in seconds."""

    tagger: str
    documents: int
    tagged: int
    waiting: int
    claimed: int
    oldest_waiting_since: datetime | None
    p50_seconds: float | None
    """From a text's being first seen to its tag: the median of the last thousand."""
    p95_seconds: float | None


def next(
    store: Store, tagger: str, now: datetime, *, version: str | None, limit: int | None, lease: timedelta
) -> Iterator[Task]:
    """The documents that wait for this tagger, the oldest first, each claimed until the lease ends.

    Without a version, a tag of any version settles a document. They are claimed in pages as they are read.
    """
    wanted = _waiting(tagger, version).where(_free(tagger, version, now))
    left, last = limit, 0
    while left is None or left > 0:
        size = PAGE if left is None else min(PAGE, left)
        with store.write() as connection:
            page = wanted.where(ARTICLE.c.id > last).limit(size)
            rows = _claim(connection, tagger, version, page, now + lease)
        yield from (_task(row) for row in rows)
        if len(rows) < size:
            return
        left, last = None if left is None else left - size, rows[-1].id


def submit(connection: Connection, tagger: str, tag: Tag, now: datetime) -> Submitted:
    """Keeps a tag and ends the claim; the same once more replaces it."""
    newest = connection.execute(
        select(ARTICLE.c.content_hash, ARTICLE.c.name).where(ARTICLE.c.id == tag.id)
    ).one_or_none()
    if newest is None or newest.name is None:
        return Submitted(fault=f"no document has the id {tag.id}")
    mine = (VERSION.c.article_id == tag.id) & (VERSION.c.content_hash == tag.content_hash)
    if connection.scalar(select(VERSION.c.version).where(mine).limit(1)) is None:
        return Submitted(fault=f"document {tag.id} never had a text with the hash {tag.content_hash}")
    row = asdict(tag) | {"article_id": tag.id, "tagger": tagger, "submitted_at": now}
    del row["id"]
    statement = insert(connection, TAG).values(row)
    said = ("stance", "confidence", "target", "rationale", "submitted_at")
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["article_id", "tagger", "content_hash", "tagger_version"],
            set_={column: statement.excluded[column] for column in said},
        )
    )
    _end_claims(connection, tagger, [tag.id], tag.tagger_version or None)
    return Submitted(superseded=tag.content_hash != newest.content_hash)


def release(connection: Connection, tagger: str, ids: Sequence[int] = ()) -> int:
    """Gives claimed documents back (all of the tagger's without ids); returns how many."""
    held = delete(CLAIM).where(CLAIM.c.tagger == tagger)
    if ids:
        held = held.where(CLAIM.c.article_id.in_(list(ids)))
    return connection.execute(held).rowcount


def taggers(connection: Connection) -> list[str]:
    """Who has ever taken or tagged a document."""
    known = select(TAG.c.tagger).union(select(CLAIM.c.tagger))
    return sorted(connection.scalars(known))


def status(connection: Connection, tagger: str, now: datetime, version: str | None = None) -> Status:
    """How current a tagger (of a version) is."""
    waiting, oldest = connection.execute(
        select(func.count(), func.min(VERSION.c.seen_at))
        .select_from(_QUEUE)
        .where(_document(), _waits(tagger, version))
    ).one()
    documents = connection.execute(select(func.count()).select_from(ARTICLE).where(_document())).scalar_one()
    held = and_(CLAIM.c.tagger == tagger, CLAIM.c.held_until > now, CLAIM.c.tagger_version == (version or ""))
    claimed = connection.execute(select(func.count()).select_from(CLAIM).where(held)).scalar_one()
    delays = _delays(connection, tagger, version)
    return Status(
        tagger=tagger,
        documents=documents,
        tagged=documents - waiting,
        waiting=waiting,
        claimed=claimed,
        oldest_waiting_since=oldest,
        p50_seconds=_quantile(delays, 0.5),
        p95_seconds=_quantile(delays, 0.95),
    )


_QUEUE = ARTICLE.join(VERSION, and_(VERSION.c.article_id == ARTICLE.c.id, VERSION.c.version == ARTICLE.c.version))


def _document() -> ColumnElement[bool]:
    """What is to be tagged: a document that is still on topic and no near copy."""
    return and_(ARTICLE.c.name.is_not(None), ARTICLE.c.on_topic, ARTICLE.c.same_as.is_(None))


def _tagged(tagger: str, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(TAG.c.article_id == ARTICLE.c.id, TAG.c.tagger == tagger, *conditions)


def _waits(tagger: str, version: str | None) -> ColumnElement[bool]:
    of_version = [] if version is None else [TAG.c.tagger_version == version]
    return ~_tagged(tagger, TAG.c.content_hash == ARTICLE.c.content_hash, *of_version)


def _waiting(tagger: str, version: str | None) -> Select[Any]:
    reason = case(
        (~_tagged(tagger), NEW),
        (_tagged(tagger, TAG.c.content_hash == ARTICLE.c.content_hash), NEW_TAGGER_VERSION),
        (VERSION.c.reason == REEXTRACTED, REEXTRACTED),
        else_=REVISED,
    )
    wanted = select(ARTICLE, VERSION.c.text, reason.label("reason")).select_from(_QUEUE)
    return wanted.where(_document(), _waits(tagger, version)).order_by(ARTICLE.c.id)


def _free(tagger: str, version: str | None, now: datetime) -> ColumnElement[bool]:
    mine = (CLAIM.c.tagger == tagger) & (CLAIM.c.tagger_version == (version or ""))
    return ~exists().where(CLAIM.c.article_id == ARTICLE.c.id, mine, CLAIM.c.held_until > now)


def _claim(
    connection: Connection, tagger: str, version: str | None, wanted: Select[Any], until: datetime
) -> Sequence[Row[Any]]:
    rows = connection.execute(wanted).all()
    if rows:
        claims = [
            {"article_id": row.id, "tagger": tagger, "tagger_version": version or "", "held_until": until}
            for row in rows
        ]
        statement = insert(connection, CLAIM)
        key = ["article_id", "tagger", "tagger_version"]
        held = {"held_until": statement.excluded.held_until}
        connection.execute(statement.on_conflict_do_update(index_elements=key, set_=held), claims)
    return rows


def _end_claims(connection: Connection, tagger: str, ids: Sequence[int], version: str | None) -> None:
    mine = (CLAIM.c.tagger == tagger) & CLAIM.c.article_id.in_(list(ids))
    if version is not None:
        mine &= CLAIM.c.tagger_version.in_(("", version))
    connection.execute(delete(CLAIM).where(mine))


def _delays(connection: Connection, tagger: str, version: str | None) -> list[float]:
    of_version = [] if version is None else [TAG.c.tagger_version == version]
    text = (VERSION.c.article_id == TAG.c.article_id) & (VERSION.c.content_hash == TAG.c.content_hash)
    latest = (
        select(VERSION.c.seen_at, TAG.c.submitted_at)
        .join(VERSION, text)
        .where(TAG.c.tagger == tagger, *of_version)
        .order_by(TAG.c.submitted_at.desc())
        .limit(1000)
    )
    return sorted((row.submitted_at - row.seen_at).total_seconds() for row in connection.execute(latest))


def _quantile(ordered: Sequence[float], share: float) -> float | None:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else None


def _task(row: Row[Any]) -> Task:
    stamp = moments.stamp(row)
    return Task(
        id=row.id,
        name=row.name,
        content_hash=row.content_hash,
        version=row.version,
        title=row.title,
        language=row.language,
        published_at=stamp.at.isoformat() if stamp else None,
        source=row.source,
        url=row.url,
        text=row.text,
        reason=row.reason,
    )
