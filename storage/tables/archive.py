"""Fetched pages: where their bytes stand in the archive, what the extractor made of them, and which it failed on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, BigInteger, Column, Index, text
from sqlmodel import Field, SQLModel

from storage.tables.columns import moment


class PageRow(SQLModel, table=True):
    """One fetched page. It goes when its file goes: the archive keeps bytes for a time, the texts stay."""

    __tablename__ = "page"
    __table_args__ = (
        Index(
            "ix_page_quarantined_at",
            "quarantined_at",
            sqlite_where=text("quarantined_at IS NOT NULL"),
            postgresql_where=text("quarantined_at IS NOT NULL"),
        ),
        {"sqlite_autoincrement": True},
    )
    id: int | None = Field(default=None, primary_key=True)
    source: str
    asked: str
    url: str
    """The address that answered, after redirects."""
    status: int
    fetched_at: datetime = moment()
    file: str = Field(index=True)
    """The archive's file, by its name when closed; the page's records are `length` bytes at `offset`."""
    offset: int = Field(sa_column=Column(BigInteger, nullable=False))
    length: int
    link_id: int | None = Field(default=None, foreign_key="link.id", index=True)
    article_id: int | None = Field(default=None, foreign_key="article.id", index=True)
    extractor: str
    """The version that last read it."""
    steps: list[str] = Field(sa_column=Column(JSON, nullable=False))
    refused: str | None = None
    """Why it is no article; null: it is one."""
    quarantined_at: datetime | None = moment(nullable=True)
    """Since when it waits for an extractor that does not fail on it."""
    reason: str | None = None
    """How the extraction failed."""
    replays: int = 0
    """How often it was tried again."""
