"""What stands in the database. No behaviour; the unique constraints are what decides sameness."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import (
    JSON,
    Column,
    DateTime,
    Dialect,
    Index,
    MetaData,
    Table,
    TypeDecorator,
    UniqueConstraint,
)
from sqlmodel import Field, SQLModel

SQLModel.metadata.naming_convention = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
).naming_convention


class Utc(TypeDecorator[datetime]):
    """An aware moment, kept as UTC; the publisher's offset has its own column, `timestamptz` drops it."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment without a zone: {value!r}")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _moment(*, nullable: bool = False, index: bool = False) -> Any:
    return Field(sa_column=Column(Utc(), nullable=nullable, index=index))


class SourceRow(SQLModel, table=True):
    """How a source of the catalogue has been doing, when it is due, and which run holds it."""

    __tablename__ = "source"
    name: str = Field(primary_key=True)
    due_at: datetime = _moment()
    stay_away_until: datetime | None = _moment(nullable=True)
    """From the server's Retry-After: holds even when a pass is forced."""
    baseline_at: datetime | None = _moment(nullable=True)
    """When the first pass over it was completed: what it brought until then alerts nobody."""
    holder: str | None = None
    held_until: datetime | None = _moment(nullable=True)
    tried_at: datetime | None = _moment(nullable=True)
    succeeded_at: datetime | None = _moment(nullable=True)
    failures: int = 0
    outcome: str | None = None
    error: str | None = None


class FrontRow(SQLModel, table=True):
    """One front page of a source: what to ask "has it changed?" with, and what it last was."""

    __tablename__ = "front"
    source: str = Field(primary_key=True)
    url: str = Field(primary_key=True)
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    read_at: datetime = _moment()
    """When it was last read in full."""
    rules: str
    """What in the catalogue it was read by."""


class LinkRow(SQLModel, table=True):
    """An address that a front page named. Without an article it waits for `next_try_at`; null: settled."""

    __tablename__ = "link"
    __table_args__ = (
        UniqueConstraint("source", "key"),
        Index("ix_link_source_next_try_at", "source", "next_try_at"),
    )
    id: int | None = Field(default=None, primary_key=True)
    source: str
    key: str
    url: str
    title: str | None = None
    summary: str | None = None
    published_at: datetime | None = _moment(nullable=True)
    published_offset: int | None = None
    published_precision: str | None = None
    published_evidence: str | None = None
    found_at: datetime = _moment()
    tries: int = 0
    next_try_at: datetime | None = _moment(nullable=True)
    error: str | None = None
    article_id: int | None = Field(default=None, foreign_key="article.id", index=True)


class ArticleRow(SQLModel, table=True):
    """One article, as it is now. Its texts stand in `version`."""

    __tablename__ = "article"
    __table_args__ = ({"sqlite_autoincrement": True},)
    id: int | None = Field(default=None, primary_key=True)
    birth: str = Field(unique=True)
    """The digest it was born with: the constraint that makes one article of many copies."""
    source: str | None = Field(default=None, index=True)
    url: str | None = None
    title: str | None = None
    author: str | None = None
    language: str
    published_at: datetime | None = _moment(nullable=True)
    published_offset: int | None = None
    """Minutes east of UTC, as the publisher had them."""
    published_precision: str | None = None
    published_evidence: str | None = None
    fetched_at: datetime = _moment()
    first_seen_at: datetime = _moment(index=True)
    version: int = 1
    content_hash: str = Field(index=True)
    on_topic: bool = Field(index=True)
    kind: str
    review: bool
    score: float
    evidence: list[dict[str, str]] = Field(sa_column=Column(JSON, nullable=False))
    steps: list[str] = Field(sa_column=Column(JSON, nullable=False))
    number: int | None = Field(default=None, index=True)
    name: str | None = None
    """The newest file of the document."""


class VersionRow(SQLModel, table=True):
    """One text of an article; the rows of an article are its history."""

    __tablename__ = "version"
    article_id: int = Field(primary_key=True, foreign_key="article.id")
    version: int = Field(primary_key=True)
    content_hash: str
    digest: str
    title: str | None = None
    text: str
    name: str | None = None
    seen_at: datetime = _moment()
    reason: str


class FingerprintRow(SQLModel, table=True):
    """A digest that an article is recognised by: its text, or that text with its noise cleaned otherwise."""

    __tablename__ = "fingerprint"
    digest: str = Field(primary_key=True)
    article_id: int = Field(foreign_key="article.id", index=True)


class AddressRow(SQLModel, table=True):
    """An address (its key) under which an article was ever seen: asked, answered, redirected."""

    __tablename__ = "address"
    key: str = Field(primary_key=True)
    article_id: int = Field(foreign_key="article.id", index=True)


class SightingRow(SQLModel, table=True):
    """Where an article was seen: one row a source and address."""

    __tablename__ = "sighting"
    __table_args__ = (UniqueConstraint("article_id", "source", "key"),)
    id: int | None = Field(default=None, primary_key=True)
    article_id: int = Field(foreign_key="article.id")
    source: str
    key: str
    url: str
    first_seen_at: datetime = _moment()


class FileRow(SQLModel, table=True):
    """A file of the corpus folder, whole: the folder is a projection of these rows."""

    __tablename__ = "file"
    name: str = Field(primary_key=True)
    article_id: int = Field(foreign_key="article.id", index=True)
    version: int
    sha256: str
    body: bytes


class CounterRow(SQLModel, table=True):
    """The newest number in use. A row, not a sequence: a rolled-back transaction must leave no gap."""

    __tablename__ = "counter"
    name: str = Field(primary_key=True)
    value: int


class OutboxRow(SQLModel, table=True):
    """An alert that is owed, born in its article's own transaction."""

    __tablename__ = "outbox"
    id: int | None = Field(default=None, primary_key=True)
    article_id: int = Field(foreign_key="article.id", unique=True)
    born_at: datetime = _moment()
    sent_at: datetime | None = _moment(nullable=True)


class RobotsRow(SQLModel, table=True):
    """The robots.txt of a host, kept for a day."""

    __tablename__ = "robots"
    origin: str = Field(primary_key=True)
    body: str | None = None
    read_at: datetime = _moment()


def core(model: type[SQLModel]) -> Table:
    """The table itself, for statements in Core."""
    return cast(Table, getattr(model, "__table__"))  # noqa: B009 - SQLModel does not declare it


METADATA = SQLModel.metadata
SOURCE, FRONT, LINK, ROBOTS = core(SourceRow), core(FrontRow), core(LinkRow), core(RobotsRow)
ARTICLE, VERSION, FINGERPRINT = core(ArticleRow), core(VersionRow), core(FingerprintRow)
ADDRESS, SIGHTING = core(AddressRow), core(SightingRow)
FILE, COUNTER, OUTBOX = core(FileRow), core(CounterRow), core(OutboxRow)
