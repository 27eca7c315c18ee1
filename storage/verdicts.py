"""What follows from a verdict: an article on topic is a document, belongs to a story, and somebody is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from articles.model import Verdict
from articles.stories import Report, signature
from storage import corpus, documents, outbox, stories
from storage.database import Store
from storage.tables import ARTICLE, VERSION

PAGE = 500
"""Articles read at a time."""


def columns(verdict: Verdict) -> dict[str, Any]:
    """A verdict as an article's columns."""
    return {
        "on_topic": verdict.on_topic,
        "kind": verdict.kind,
        "review": verdict.review,
        "score": verdict.score,
        "evidence": [asdict(evidence) for evidence in verdict.evidence],
    }


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A stored article's newest text, with the verdict it has."""

    id: int
    version: int
    title: str | None
    text: str
    language: str
    name: str | None
    verdict: Verdict


def judged(store: Store) -> Iterator[Judged]:
    """All stored articles by id, in pages: an open reader would stop SQLite's checkpoints."""
    newest = (VERSION.c.article_id == ARTICLE.c.id) & (VERSION.c.version == ARTICLE.c.version)
    wanted = select(ARTICLE, VERSION.c.text).join(VERSION, newest).order_by(ARTICLE.c.id).limit(PAGE)
    last = 0
    while True:
        with store.read() as connection:
            rows = connection.execute(wanted.where(ARTICLE.c.id > last)).all()
        for row in rows:
            verdict = Verdict(on_topic=row.on_topic, kind=row.kind, score=row.score, review=row.review)
            yield Judged(
                id=row.id,
                version=row.version,
                title=row.title,
                text=row.text,
                language=row.language,
                name=row.name,
                verdict=verdict,
            )
        if len(rows) < PAGE:
            return
        last = rows[-1].id


def enlist(connection: Connection, article_id: int, now: datetime, *, news: bool) -> corpus.Document:
    """Makes a document of an article that has come on topic; as `news` its story is told at once, if it begins one."""
    story = place(connection, article_id)
    document = documents.begin(connection, article_id, now)
    if news and story == article_id:
        outbox.owe(connection, outbox.STORY, article_id, 1, now)
    return document


def place(connection: Connection, article_id: int) -> int:
    """Gives an article on topic its story by what its newest text tells; returns the story's id."""
    newest = (VERSION.c.article_id == ARTICLE.c.id) & (VERSION.c.version == ARTICLE.c.version)
    wanted = select(ARTICLE, VERSION.c.text).join(VERSION, newest).where(ARTICLE.c.id == article_id)
    row = connection.execute(wanted).one()
    report = Report(
        signature=signature(row.title, row.text, row.language),
        moment=row.published_at or row.first_seen_at,
        precision=row.published_precision if row.published_at else None,
        language=row.language,
    )
    return stories.settle(connection, article_id, report)


def rejudge(
    connection: Connection, article_id: int, version: int, verdict: Verdict, now: datetime
) -> corpus.Document | None:
    """Puts a new rule's verdict on this version of an article; one that comes on topic is a document from now on.

    That is no news: the digest tells of it. An article that has been edited meanwhile is left for the next time.
    """
    same = (ARTICLE.c.id == article_id) & (ARTICLE.c.version == version)
    found = connection.execute(select(ARTICLE.c.name, ARTICLE.c.same_as).where(same)).one_or_none()
    if found is None:
        return None
    connection.execute(update(ARTICLE).where(same).values(columns(verdict)))
    if verdict.on_topic and found.name is None and found.same_as is None:
        return enlist(connection, article_id, now, news=False)
    return None
