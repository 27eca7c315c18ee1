"""What front pages listed and did not become an article of its own, and why: the account of what was left out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, or_, select

from articles.model import Outcome
from storage.database import Store
from storage.links import NO_ARTICLE, SAME_TEXT, TOO_SHORT
from storage.moments import iso
from storage.tables import ARTICLE, LINK
from storage.views import PAGE

KNOWN, NEAR_COPY, OFF_TOPIC = "known", "near-copy", "off-topic"
ROBOTS, BLOCKED, FAILED, WAITING = "robots", "blocked", "failed", "waiting"

REASONS = (KNOWN, SAME_TEXT, NEAR_COPY, OFF_TOPIC, ROBOTS, BLOCKED, TOO_SHORT, NO_ARTICLE, FAILED, WAITING)
"""Every reason, in a word. `known`: the address is another source's article; `waiting`: not asked for yet."""

_OF_OUTCOME = {
    Outcome.DISALLOWED.value: ROBOTS,
    Outcome.BLOCKED.value: BLOCKED,
    Outcome.FORBIDDEN.value: BLOCKED,
    Outcome.RATE_LIMITED.value: BLOCKED,
    TOO_SHORT: TOO_SHORT,
    NO_ARTICLE: NO_ARTICLE,
}


def skipped(store: Store, *, since: datetime | None = None, source: str | None = None) -> Iterator[dict[str, Any]]:
    """The addresses that brought no document, newest first by when they were found, each with its reason.

    `article` is the id of the article that it is, or is a copy of; null where there is none.
    """
    kept = ARTICLE.c.on_topic & ARTICLE.c.same_as.is_(None) & LINK.c.own
    wanted = (
        select(LINK, ARTICLE.c.same_as, ARTICLE.c.on_topic, ARTICLE.c.kind)
        .outerjoin(ARTICLE, ARTICLE.c.id == LINK.c.article_id)
        .where(or_(LINK.c.article_id.is_(None), ~kept))
        .order_by(LINK.c.found_at.desc(), LINK.c.id.desc())
        .limit(PAGE)
    )
    if since is not None:
        wanted = wanted.where(LINK.c.found_at >= since)
    if source is not None:
        wanted = wanted.where(LINK.c.source == source)
    last: Row[Any] | None = None
    while True:
        with store.read() as connection:
            rows = connection.execute(wanted if last is None else _after(wanted, last)).all()
        yield from map(_public, rows)
        if len(rows) < PAGE:
            return
        last = rows[-1]


def _after(wanted: Select[Any], last: Row[Any]) -> Select[Any]:
    # The first condition is one that an index can be read by; the second alone would be tried on every row above.
    further = (LINK.c.found_at < last.found_at) | (LINK.c.id < last.id)
    return wanted.where(LINK.c.found_at <= last.found_at, further)


def _public(row: Row[Any]) -> dict[str, Any]:
    reason = _reason(row)
    return {
        "url": row.url,
        "source": row.source,
        "title": row.title,
        "found_at": iso(row.found_at),
        "reason": reason,
        "detail": row.error,
        "article": row.same_as if reason == NEAR_COPY else row.article_id,
        "tries": row.tries,
        "next_try_at": iso(row.next_try_at) if row.next_try_at else None,
    }


def _reason(row: Row[Any]) -> str:
    if row.article_id is not None:
        if not row.own:
            return SAME_TEXT if row.outcome == SAME_TEXT else KNOWN
        return NEAR_COPY if row.same_as is not None else OFF_TOPIC
    if not row.tries:
        return WAITING
    return _OF_OUTCOME.get(row.outcome, FAILED)
