"""What follows from a verdict: an article on topic is a document, belongs to a story, and somebody is told."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from articles.model import Verdict
from storage import corpus, documents, outbox
from storage.tables import ARTICLE


def columns(verdict: Verdict) -> dict[str, Any]:
    """A verdict as an article's columns."""
    return {
        "on_topic": verdict.on_topic,
        "kind": verdict.kind,
        "review": verdict.review,
        "score": verdict.score,
        "evidence": [asdict(evidence) for evidence in verdict.evidence],
    }


def enlist(connection: Connection, article_id: int, now: datetime, *, news: bool) -> corpus.Document:
    """Makes a document of an article that has come on topic; as `news` its story is told at once, if it begins one."""
    document = documents.begin(connection, article_id, now)
    if news:
        outbox.owe(connection, outbox.STORY, article_id, 1, now)
    return document


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
