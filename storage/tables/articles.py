"""Articles, their texts and what they are recognised by. The unique constraints are what decides sameness."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, BigInteger, Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import moment


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
    published_at: datetime | None = moment(nullable=True)
    published_offset: int | None = None
    """Minutes east of UTC, as the publisher had them."""
    published_precision: str | None = None
    published_evidence: str | None = None
    fetched_at: datetime = moment()
    first_seen_at: datetime = moment(index=True)
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
    document_at: datetime | None = moment(nullable=True, index=True)
    """When it became a document."""
    same_as: int | None = Field(default=None, index=True)
    """The article that it is a near copy of."""
    story: int = Field(index=True)
    """The story it belongs to: the id of the article that began it, its own for most."""
    story_held: bool = False
    """Put into its story by hand, and stays there."""
    signature: dict[str, list[str]] | None = Field(default=None, sa_column=Column(JSON))
    """What its story is told by: who, where, what; null where it is not on topic."""
    gone_at: datetime | None = moment(nullable=True)
    """When its page was found taken down."""
    restless: bool = False
    """Its page never stops changing: no further versions are kept."""


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
    seen_at: datetime = moment()
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


class BandRow(SQLModel, table=True):
    """A band of a text's MinHash: near copies share one at least."""

    __tablename__ = "band"
    __table_args__ = ({"sqlite_with_rowid": False},)
    key: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    article_id: int = Field(primary_key=True, foreign_key="article.id", index=True)


class SightingRow(SQLModel, table=True):
    """Where an article was seen: one row a source and address."""

    __tablename__ = "sighting"
    __table_args__ = (UniqueConstraint("article_id", "source", "key"),)
    id: int | None = Field(default=None, primary_key=True)
    article_id: int = Field(foreign_key="article.id")
    source: str
    key: str
    url: str
    first_seen_at: datetime = moment()


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
