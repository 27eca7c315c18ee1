"""Which documents wait for a tagger: the queue as SQL, computed from what is stored."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, exists, or_, select

from storage.revisions import PAST, REEXTRACTED
from storage.tables import ARTICLE, CLAIM, TAG, VERSION

NEW, REVISED, NEW_TAGGER_VERSION = "new", "revised", "new-tagger-version"

NEWEST = ARTICLE.join(VERSION, and_(VERSION.c.article_id == ARTICLE.c.id, VERSION.c.version == ARTICLE.c.version))
"""Articles with their newest text."""

SINCE: ColumnElement[datetime] = case(
    (ARTICLE.c.document_at > VERSION.c.seen_at, ARTICLE.c.document_at), else_=VERSION.c.seen_at
)
"""Since when a text is to be tagged: a rule may make a document of an article long after it was seen."""


_BIRTH = VERSION.alias("birth")

IS_PAST: ColumnElement[bool] = exists().where(
    _BIRTH.c.article_id == ARTICLE.c.id, _BIRTH.c.version == 1, _BIRTH.c.reason == PAST
)
"""Whether a look into the past has found it: then it waits behind all that is new."""

Place = tuple[bool, int]
"""Where a document stands in the queue: whether it is of the past, and its id."""


def place(connection: Connection, article_id: int) -> Place:
    """Where a document stands."""
    return bool(connection.scalar(select(IS_PAST).where(ARTICLE.c.id == article_id))), article_id


def behind(place: Place) -> ColumnElement[bool]:
    """Whether a document stands behind that place."""
    past, article_id = place
    later = ARTICLE.c.id > article_id
    return and_(IS_PAST, later) if past else or_(IS_PAST, later)


def is_document() -> ColumnElement[bool]:
    """What is to be tagged: a document that is still on topic and no near copy."""
    return and_(ARTICLE.c.name.is_not(None), ARTICLE.c.on_topic, ARTICLE.c.same_as.is_(None))


def waits(tagger: str, version: str | None) -> ColumnElement[bool]:
    """Whether the newest text lacks a tag; without a version, a tag of any version will do."""
    of_version = [] if version is None else [TAG.c.tagger_version == version]
    return ~_tagged(tagger, TAG.c.content_hash == ARTICLE.c.content_hash, *of_version)


def waiting(tagger: str, version: str | None) -> Select[Any]:
    """The documents that wait, with text and reason: the oldest first, and those of the past behind all others."""
    reason = case(
        (~_tagged(tagger), NEW),
        (_tagged(tagger, TAG.c.content_hash == ARTICLE.c.content_hash), NEW_TAGGER_VERSION),
        (VERSION.c.reason == REEXTRACTED, REEXTRACTED),
        else_=REVISED,
    )
    told = (VERSION.c.text, reason.label("reason"), IS_PAST.label("past"))
    wanted = select(ARTICLE, *told).select_from(NEWEST).where(is_document(), waits(tagger, version))
    return wanted.order_by(IS_PAST, ARTICLE.c.id)


def free(tagger: str, version: str | None, now: datetime) -> ColumnElement[bool]:
    """Whether nobody has claimed it."""
    mine = (CLAIM.c.tagger == tagger) & (CLAIM.c.tagger_version == (version or ""))
    return ~exists().where(CLAIM.c.article_id == ARTICLE.c.id, mine, CLAIM.c.held_until > now)


def _tagged(tagger: str, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(TAG.c.article_id == ARTICLE.c.id, TAG.c.tagger == tagger, *conditions)
