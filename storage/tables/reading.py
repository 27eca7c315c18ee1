"""How the reading of sources stands: what is due, what front pages were, which links wait."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import moment


class SourceRow(SQLModel, table=True):
    """How a source of the catalogue has been doing, when it is due, and which run holds it."""

    __tablename__ = "source"
    name: str = Field(primary_key=True)
    due_at: datetime = moment()
    stay_away_until: datetime | None = moment(nullable=True)
    """From the server's Retry-After: holds even when a pass is forced."""
    baseline_at: datetime | None = moment(nullable=True)
    """When the first pass over it was completed: what it brought until then alerts nobody."""
    holder: str | None = None
    held_until: datetime | None = moment(nullable=True)
    tried_at: datetime | None = moment(nullable=True)
    succeeded_at: datetime | None = moment(nullable=True)
    failures: int = 0
    outcome: str | None = None
    error: str | None = None
    interval: int | None = None
    """Seconds between two readings as it is now; null: as the catalogue has it."""
    interval_from: int | None = None
    """The catalogue's interval that the present one came from: after an edit it begins anew."""


class FrontRow(SQLModel, table=True):
    """One front page of a source: what to ask "has it changed?" with, and what it last was."""

    __tablename__ = "front"
    source: str = Field(primary_key=True)
    url: str = Field(primary_key=True)
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    read_at: datetime = moment()
    """When it was last read in full."""
    rules: str
    """What in the catalogue it was read by."""
    frozen_at: datetime | None = moment(nullable=True)
    """When its validators were found to stay while its bytes change: they are not used since."""
    asked_at: datetime | None = moment(nullable=True)
    """When it was last asked for, where an index names it: of many the longest waiting come first."""
    changed_at: datetime | None = moment(nullable=True)
    """What its index said of its last change when it was last read; null: to be read again."""


class LinkRow(SQLModel, table=True):
    """An address that a front page named. Without an article it waits for `next_try_at`; null: settled."""

    __tablename__ = "link"
    __table_args__ = (
        UniqueConstraint("source", "key"),
        Index("ix_link_source_next_try_at", "source", "next_try_at"),
        Index("ix_link_source_next_look_at", "source", "next_look_at"),
        Index("ix_link_found_at", "found_at"),
    )
    id: int | None = Field(default=None, primary_key=True)
    source: str
    key: str
    url: str
    title: str | None = None
    summary: str | None = None
    front: str | None = None
    """The front page that said so: what another says of the same page is no change."""
    published_at: datetime | None = moment(nullable=True)
    published_offset: int | None = None
    published_precision: str | None = None
    published_evidence: str | None = None
    found_at: datetime = moment()
    tries: int = 0
    next_try_at: datetime | None = moment(nullable=True)
    error: str | None = None
    outcome: str | None = None
    """In a word, why its page is no article of its own: how fetching it failed, or what it turned out to be."""
    article_id: int | None = Field(default=None, foreign_key="article.id", index=True)
    own: bool = False
    """The article was born of this page: what is edited here is edited there."""
    next_look_at: datetime | None = moment(nullable=True)
    """When a kept page is to be looked at again."""
    alarms: int = 0
    """How often in a row its feed entry changed while its page did not."""
    missing: int = 0
    """How often in a row it was found gone (404, 410)."""
    frontier: int | None = Field(default=None, index=True)
    """The look into the past that found it; null: a front page named it, and passes read it."""


class HostRow(SQLModel, table=True):
    """A host that several passes ask in turn."""

    __tablename__ = "host"
    name: str = Field(primary_key=True)
    """With its port."""
    holder: str | None = None
    """The run that is asking it just now."""
    asked_at: datetime = moment()
    """When it last answered."""
    free_at: datetime = moment()
    """When its delay is over, by the wish of who asked last."""


class CheckupRow(SQLModel, table=True):
    """What the last daily look at a source found."""

    __tablename__ = "checkup"
    source: str = Field(primary_key=True)
    checked_at: datetime = moment()
    verdict: str
    says: str
    since: datetime = moment()
    """When the verdict last changed."""


class RobotsRow(SQLModel, table=True):
    """The robots.txt of a host, kept for a day."""

    __tablename__ = "robots"
    origin: str = Field(primary_key=True)
    body: str | None = None
    read_at: datetime = moment()
