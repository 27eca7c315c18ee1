"""An article whose text has changed: by its publisher's hand, or because a better extractor has read the page again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from articles import revision, sameness
from articles.model import Article, Verdict
from articles.revision import Telling
from articles.sameness import Marks
from articles.text import matching_copy
from storage import copies, corpus, documents, moments, outbox, verdicts
from storage.database import insert
from storage.tables import ARTICLE, FINGERPRINT, VERSION

EDITED = "revised"
"""The publisher has changed the text."""

REEXTRACTED = "re-extracted"
"""The page is as it was, and read better."""

PAST = "backfilled"
"""Not a change: how an article began that a look into the past has found. Nobody is told at once, or waits for it."""

REWRITES = 24
"""Edits after which a page is taken to be one that never stops changing; no further versions are kept of it."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """An article's page as it reads now, judged anew."""

    article_id: int
    article: Article
    verdict: Verdict
    reason: str
    """`revised` or `re-extracted`."""


@dataclass(frozen=True, kw_only=True)
class Revised:
    """What became of a change."""

    version: int | None = None
    """The new version's number; None: nothing has changed that would make one."""
    trivial: bool = False
    """Something has changed, but nothing that the article says."""
    file: corpus.Document | None = None
    """The file that the corpus folder is owed."""


def revise(connection: Connection, change: Change, now: datetime) -> Revised:
    """Keeps an article's changed text as its newest version, with all that follows from it."""
    row = connection.execute(select(ARTICLE).where(ARTICLE.c.id == change.article_id)).one()
    newest = _newest(connection, row)
    marks = sameness.marks(change.article)
    if change.reason == REEXTRACTED:
        _date_anew(connection, change)
    if _same(connection, newest, marks, change):
        return Revised()
    if change.reason == EDITED and (row.restless or _is_trivial(newest, change.article)):
        _recognise(connection, row.id, marks)
        return Revised(trivial=True)
    version = row.version + 1
    _version(connection, change, version, marks, now)
    connection.execute(
        update(ARTICLE).where(ARTICLE.c.id == row.id).values(**_columns(row, change, marks), version=version)
    )
    _compare(connection, row, _recognise(connection, row.id, marks))
    return Revised(version=version, file=_follow(connection, row, change, version, now))


def _newest(connection: Connection, row: Row[Any]) -> Row[Any]:
    mine = (VERSION.c.article_id == row.id) & (VERSION.c.version == row.version)
    return connection.execute(select(VERSION).where(mine)).one()


def _same(connection: Connection, newest: Row[Any], marks: Marks, change: Change) -> bool:
    """Whether the page still says what it said: the same text, or one cleaned otherwise that is known as it.

    To a better reading every letter counts.
    """
    article = change.article
    if change.reason == REEXTRACTED:
        return bool(newest.text == article.text and article.title in (newest.title, None))
    titles = {matching_copy(title) for title in (newest.title, article.title) if title}
    if len(titles) > 1:
        return False
    if newest.digest in (marks.digest, *marks.identities):
        return True
    mine = VERSION.c.article_id == newest.article_id
    earlier = connection.scalars(select(VERSION.c.digest).where(mine)).all()
    known = (FINGERPRINT.c.article_id == newest.article_id) & (FINGERPRINT.c.digest == marks.identities[0])
    return marks.digest not in earlier and connection.scalar(select(FINGERPRINT.c.digest).where(known)) is not None


def _is_trivial(newest: Row[Any], article: Article) -> bool:
    return revision.is_trivial(
        Telling(title=newest.title, text=newest.text), Telling(title=article.title, text=article.text)
    )


def _date_anew(connection: Connection, change: Change) -> None:
    """A better reading's date takes the place of the one that was read before."""
    if change.article.published:
        columns = moments.columns(change.article.published)
        connection.execute(update(ARTICLE).where(ARTICLE.c.id == change.article_id).values(columns))


def _version(connection: Connection, change: Change, version: int, marks: Marks, now: datetime) -> None:
    row = {
        "article_id": change.article_id,
        "version": version,
        "content_hash": marks.content_hash,
        "digest": marks.digest,
        "title": change.article.title,
        "text": change.article.text,
        "seen_at": now,
        "reason": change.reason,
    }
    connection.execute(insert(connection, VERSION).values(row))


def _columns(row: Row[Any], change: Change, marks: Marks) -> dict[str, Any]:
    """The article as it is now. What was published when is not changed by an edit, only filled in."""
    article = change.article
    return {
        "content_hash": marks.content_hash,
        "title": article.title or row.title,
        "author": article.author or row.author,
        "language": article.language,
        "steps": list(article.steps),
        "restless": row.restless or (change.reason == EDITED and row.version >= REWRITES),
        **({} if row.published_at else moments.columns(article.published)),
        **verdicts.columns(change.verdict),
    }


def _recognise(connection: Connection, article_id: int, marks: Marks) -> int:
    """Makes copies of the new text known as this article; returns whose text it is, for it may be another's."""
    rows = [{"digest": digest, "article_id": article_id} for digest in sorted(marks.identities)]
    connection.execute(insert(connection, FINGERPRINT).on_conflict_do_nothing(), rows)
    owner = select(FINGERPRINT.c.article_id).where(FINGERPRINT.c.digest == marks.identities[0])
    return int(connection.execute(owner).scalar_one())


def _compare(connection: Connection, row: Row[Any], owner: int) -> None:
    """What the new text is a copy of. A document is one only when it has become another's text to the letter."""
    original = copies.root(connection, owner)
    if owner != row.id and original != row.id:
        copies.call_copy(connection, row.id, original)
        copies.remember(connection, row.id)
    elif row.number is None:
        copies.recognise(connection, row.id)
    else:
        copies.call_copy(connection, row.id, None)
        copies.remember(connection, row.id)


def _follow(
    connection: Connection, row: Row[Any], change: Change, version: int, now: datetime
) -> corpus.Document | None:
    """The file of a document's new text, and word of it; or the document that an edit has brought on topic."""
    same_as = connection.scalar(select(ARTICLE.c.same_as).where(ARTICLE.c.id == row.id))
    news = change.reason == EDITED
    if row.number is None:
        told = change.verdict.on_topic and same_as is None
        return verdicts.enlist(connection, row.id, now, news=news) if told else None
    if change.verdict.on_topic and same_as is None:
        verdicts.place(connection, row.id)
    if news and change.verdict.on_topic and same_as is None:
        outbox.owe(connection, outbox.REVISION, row.id, version, now)
    return documents.follow(connection, row.id, row.number)
