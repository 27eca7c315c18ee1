"""Looks into the past: what is to be gone through, and how far that has come."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel

from storage.tables.columns import moment


class FrontierRow(SQLModel, table=True):
    """One way into a source's past, or one archive file, for a range of days, and where its reading stands."""

    __tablename__ = "frontier"
    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    """All that tells it from others, in one text."""
    source: str
    """Empty for an archive file, which may hold the pages of many."""
    kind: str
    address: str
    since: date | None = None
    until: date | None = None
    cursor: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    """What is to be read next; moved in the transaction that writes down what was read."""
    begun_at: datetime = moment()
    done_at: datetime | None = moment(nullable=True)
    error: str | None = None
    """Why the last run could not go on."""
    holder: str | None = None
    held_until: datetime | None = moment(nullable=True)
