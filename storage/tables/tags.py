"""What downstream taggers have said of the documents, and which they are at work on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import moment


class TagRow(SQLModel, table=True):
    """A tagger's word on one text of a document. Those on texts that have changed since are its history."""

    __tablename__ = "tag"
    __table_args__ = (
        UniqueConstraint("article_id", "tagger", "content_hash", "tagger_version"),
        Index("ix_tag_tagger_submitted_at", "tagger", "submitted_at"),
    )
    id: int | None = Field(default=None, primary_key=True)
    article_id: int = Field(foreign_key="article.id")
    tagger: str
    content_hash: str
    tagger_version: str
    """Empty where the tagger has none."""
    stance: str
    confidence: float | None = None
    target: str | None = None
    rationale: str | None = None
    submitted_at: datetime = moment()


class ClaimRow(SQLModel, table=True):
    """A document that a tagger has taken to tag; free for others when the lease has run out."""

    __tablename__ = "claim"
    article_id: int = Field(primary_key=True, foreign_key="article.id")
    tagger: str = Field(primary_key=True)
    tagger_version: str = Field(primary_key=True)
    held_until: datetime = moment(index=True)
