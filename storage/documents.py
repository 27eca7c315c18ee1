"""Articles that are documents of the corpus: their numbers, and a file for each of their texts."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from storage import corpus
from storage.database import insert
from storage.tables import ARTICLE, FILE, VERSION


def begin(connection: Connection, article_id: int, now: datetime) -> corpus.Document:
    """Makes a document of an article: the next number, and the file of its newest text."""
    newest = _newest(connection, article_id)
    name = corpus.next_name(connection, newest.content_hash)
    body = _body(newest.text)
    file(connection, article_id, newest.version, name, body)
    call(connection, article_id, newest.version, name)
    connection.execute(update(ARTICLE).where(ARTICLE.c.id == article_id).values(document_at=now))
    return corpus.Document(name=name, body=body)


def follow(connection: Connection, article_id: int, number: int) -> corpus.Document:
    """The file of a document's newest text; one edited back to an earlier text has that text's file again."""
    newest = _newest(connection, article_id)
    same = (VERSION.c.article_id == article_id) & (VERSION.c.digest == newest.digest) & VERSION.c.name.is_not(None)
    earlier = connection.scalar(select(VERSION.c.name).where(same).order_by(VERSION.c.version).limit(1))
    name = earlier or corpus.name_of(number, newest.content_hash)
    if earlier is None:
        file(connection, article_id, newest.version, name, _body(newest.text))
    call(connection, article_id, newest.version, name)
    return corpus.document(connection, name)


def file(connection: Connection, article_id: int, version: int, name: str, body: bytes) -> None:
    """Writes a file down, whole; the folder gets it after the commit."""
    row = {
        "name": name,
        "article_id": article_id,
        "version": version,
        "sha256": hashlib.sha256(body).hexdigest(),
        "body": body,
    }
    connection.execute(insert(connection, FILE).values(row))


def call(connection: Connection, article_id: int, version: int, name: str) -> None:
    """Gives a document the name of a file: its newest, which is this version's."""
    connection.execute(update(ARTICLE).where(ARTICLE.c.id == article_id).values(name=name, number=corpus.number(name)))
    mine = (VERSION.c.article_id == article_id) & (VERSION.c.version == version)
    connection.execute(update(VERSION).where(mine).values(name=name))


def _newest(connection: Connection, article_id: int) -> Row[Any]:
    newest = select(VERSION).where(VERSION.c.article_id == article_id).order_by(VERSION.c.version.desc()).limit(1)
    return connection.execute(newest).one()


def _body(text: str) -> bytes:
    return f"{text}\n".encode()
