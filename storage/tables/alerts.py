"""What is owed to the people who are to be told."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from storage.tables.columns import moment


class OutboxRow(SQLModel, table=True):
    """An alert that is owed, born in its article's own transaction."""

    __tablename__ = "outbox"
    id: int | None = Field(default=None, primary_key=True)
    article_id: int = Field(foreign_key="article.id", unique=True)
    born_at: datetime = moment()
    sent_at: datetime | None = moment(nullable=True)
