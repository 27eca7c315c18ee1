"""What is owed to the people who are to be told."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import moment


class OutboxRow(SQLModel, table=True):
    """Something that is to be told, born in the transaction of what it tells."""

    __tablename__ = "outbox"
    __table_args__ = (UniqueConstraint("article_id", "kind", "version"),)
    id: int | None = Field(default=None, primary_key=True)
    kind: str
    article_id: int = Field(foreign_key="article.id")
    version: int
    born_at: datetime = moment()
    sent_at: datetime | None = moment(nullable=True)
