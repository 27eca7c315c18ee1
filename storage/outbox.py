"""What is owed to the people who are to be told: rows born in the transaction of what they tell."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from storage.database import insert
from storage.tables import OUTBOX

STORY = "story"
"""A story that begins: told at once."""

REVISION = "revision"
"""A document that its publisher has changed."""

KINDS = (STORY, REVISION)


def owe(connection: Connection, kind: str, article_id: int, version: int, now: datetime) -> None:
    """Writes down that a version of an article is to be told; a second time changes nothing."""
    row = {"kind": kind, "article_id": article_id, "version": version, "born_at": now}
    connection.execute(insert(connection, OUTBOX).values(row).on_conflict_do_nothing())
