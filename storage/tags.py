"""The hand-over to stance tagging. The queue is no list: it is every document whose newest text lacks a tag.

What a tagger has taken is claimed for a lease; what it says is kept under (document, text, tagger, version), so that
saying it twice changes nothing. `next`, `submit`, `release` and `status` are what `rasid tags` calls, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, delete, func, select, update

from storage import moments, tag_queue
from storage.database import Store, insert
from storage.tables import ARTICLE, CLAIM, TAG, VERSION

PAGE = 200
"""Documents claimed and read at a time: a tagger that stops reading has not claimed what it never saw."""

STILL_TAGGING = timedelta(days=30)
"""A tagger that has neither taken nor tagged anything for so long is not waited for any more."""


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


@dataclass(frozen=True, kw_only=True)
class Backlog:
    """The tagger that is furthest behind."""

    tagger: str | None
    """None: nothing waits, or nobody tags."""
    waiting: int
    """Documents that wait for it."""
    oldest_waiting_since: datetime | None

    def is_stale(self, now: datetime, longest: timedelta) -> bool:
        """Whether a document has waited for longer than that."""
        return self.oldest_waiting_since is not None and now - self.oldest_waiting_since > longest


def next(
    store: Store,
    tagger: str,
    now: Callable[[], datetime],
    *,
    version: str | None,
    limit: int | None,
    lease: timedelta,
    after: int = 0,
) -> Iterator[Task]:
    """The documents that wait for this tagger, the oldest first, each claimed until the lease ends.

    Those of the past stand behind all others. What stands before the document `after`, and itself, is left out.
    Without a version, a tag of any version settles a document. They are claimed in pages as they are read, and a
    page's lease begins when it is claimed, however long the ones before took.
    """
    left, last = limit, None if after else (False, 0)
    while left is None or left > 0:
        size = PAGE if left is None else min(PAGE, left)
        with store.write() as connection:
            at = now()
            wanted = tag_queue.waiting(tagger, version).where(tag_queue.free(tagger, version, at))
            last = last or tag_queue.place(connection, after)
            page = wanted.where(tag_queue.behind(last)).limit(size)
            rows = _claim(connection, tagger, version, page, at + lease)
        yield from (_task(row) for row in rows)
        if len(rows) < size:
            return
        left, last = None if left is None else left - size, (rows[-1].past, rows[-1].id)


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


def put_off(connection: Connection, tagger: str, ids: Sequence[int], until: datetime) -> None:
    """Keeps claimed documents from being asked again before a moment; `release` frees them sooner."""
    mine = (CLAIM.c.tagger == tagger) & CLAIM.c.article_id.in_(list(ids))
    connection.execute(update(CLAIM).where(mine).values(held_until=until))


def taggers(connection: Connection) -> list[str]:
    """Who has ever taken or tagged a document."""
    known = select(TAG.c.tagger).union(select(CLAIM.c.tagger))
    return sorted(connection.scalars(known))


def backlog(connection: Connection, now: datetime, configured: Mapping[str, str | None]) -> Backlog:
    """How far behind tagging is: over the configured taggers, each of its version, and all that were lately at work."""
    lately = now - STILL_TAGGING
    at_work = select(TAG.c.tagger).where(TAG.c.submitted_at > lately)
    at_work_too = select(CLAIM.c.tagger).where(CLAIM.c.held_until > lately)
    everyone = dict.fromkeys(connection.scalars(at_work.union(at_work_too))) | dict(configured)
    furthest = Backlog(tagger=None, waiting=0, oldest_waiting_since=None)
    for tagger, version in sorted(everyone.items()):
        waiting, oldest = _waiting(connection, tagger, version)
        if oldest and (furthest.oldest_waiting_since is None or oldest < furthest.oldest_waiting_since):
            furthest = Backlog(tagger=tagger, waiting=waiting, oldest_waiting_since=oldest)
    return furthest


def status(connection: Connection, tagger: str, now: datetime, version: str | None = None) -> Status:
    """How current a tagger (of a version) is."""
    waiting, oldest = _waiting(connection, tagger, version)
    is_document = tag_queue.is_document()
    documents = connection.execute(select(func.count()).select_from(ARTICLE).where(is_document)).scalar_one()
    held = [CLAIM.c.tagger == tagger, CLAIM.c.held_until > now]
    if version is not None:
        held.append(CLAIM.c.tagger_version == version)
    claimed = connection.execute(select(func.count(CLAIM.c.article_id.distinct())).where(*held)).scalar_one()
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


def _waiting(connection: Connection, tagger: str, version: str | None) -> tuple[int, datetime | None]:
    """How many documents wait, claimed ones too, and since when the first of them."""
    counted = select(func.count(), func.min(tag_queue.SINCE)).select_from(tag_queue.NEWEST)
    count, oldest = connection.execute(counted.where(tag_queue.is_document(), tag_queue.waits(tagger, version))).one()
    return count, oldest


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
    # A text may have stood in several versions: a changed title, or an edit taken back.
    text = and_(VERSION.c.article_id == TAG.c.article_id, VERSION.c.content_hash == TAG.c.content_hash)
    first_seen = select(func.min(VERSION.c.seen_at)).where(text).scalar_subquery().label("seen_at")
    latest = (
        select(first_seen, TAG.c.submitted_at)
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
