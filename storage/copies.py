"""Which stored article a text is a near copy of: found by its bands, judged by what differs, written down."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from articles import nearness
from articles.model import Article
from articles.nearness import Telling
from storage import nearness as bands
from storage.tables import ARTICLE, VERSION

RELATED = 0.5
"""Of the shorter text's words: two pages that share less say different things."""


def recognise(connection: Connection, article_id: int) -> bool:
    """Makes an article findable by its newest text, and a near copy of the original that this text has, if any.

    An article on topic is no copy of one that is not: it would be lost to everybody.
    """
    row = _newest(connection, article_id)
    keys = nearness.sketch(row.text)
    original = bands.original(connection, keys, Telling(row.title, row.text), but=article_id)
    bands.forget(connection, article_id)
    bands.remember(connection, article_id, keys)
    if original is not None and row.on_topic and not _on_topic(connection, original):
        original = None
    call_copy(connection, article_id, original)
    return original is not None


def remember(connection: Connection, article_id: int) -> None:
    """Makes an article findable by its newest text."""
    bands.forget(connection, article_id)
    bands.remember(connection, article_id, nearness.sketch(_newest(connection, article_id).text))


def resembles(connection: Connection, article_id: int, article: Article) -> bool:
    """Whether a page still tells what the article tells, however much of it was edited."""
    row = _newest(connection, article_id)
    likeness = nearness.compare(Telling(row.title, row.text), Telling(article.title, article.text))
    return likeness.near or likeness.overlap >= RELATED


def root(connection: Connection, article_id: int) -> int:
    """The original of an article, itself where it is no copy."""
    original = select(func.coalesce(ARTICLE.c.same_as, ARTICLE.c.id)).where(ARTICLE.c.id == article_id)
    return int(connection.execute(original).scalar_one())


def call_copy(connection: Connection, article_id: int, original: int | None) -> None:
    """Writes down what an article is a copy of; a copy belongs to its original's story."""
    values: dict[str, Any] = {"same_as": original}
    if original is not None:
        values["story"] = select(ARTICLE.c.story).where(ARTICLE.c.id == original).scalar_subquery()
    connection.execute(update(ARTICLE).where(ARTICLE.c.id == article_id).values(values))


def _newest(connection: Connection, article_id: int) -> Row[tuple[Any, Any, Any]]:
    newest = (VERSION.c.article_id == ARTICLE.c.id) & (VERSION.c.version == ARTICLE.c.version)
    wanted = select(ARTICLE.c.title, ARTICLE.c.on_topic, VERSION.c.text).join(VERSION, newest)
    return connection.execute(wanted.where(ARTICLE.c.id == article_id)).one()


def _on_topic(connection: Connection, article_id: int) -> bool:
    return bool(connection.scalar(select(ARTICLE.c.on_topic).where(ARTICLE.c.id == article_id)))
