"""What is owed to the people who are to be told, and the mails that tell them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
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
    addressed_at: datetime | None = moment(nullable=True, index=True)
    """When it was decided who is told; from then on its deliveries count."""


class DeliveryRow(SQLModel, table=True):
    """One mail to one recipient: what is owed, a batch of it, or a digest."""

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("recipient", "outbox_id"),
        UniqueConstraint("recipient", "kind", "period_until"),
        Index("ix_delivery_state_next_try_at", "state", "next_try_at"),
        Index("ix_delivery_recipient_settled_at", "recipient", "settled_at"),
    )
    id: int | None = Field(default=None, primary_key=True)
    recipient: str
    kind: str
    outbox_id: int | None = Field(default=None, foreign_key="outbox.id", index=True)
    batch_id: int | None = Field(default=None, foreign_key="delivery.id", index=True)
    """The batch that tells this one among others."""
    period_from: datetime | None = moment(nullable=True)
    period_until: datetime | None = moment(nullable=True)
    """The span that a digest is about."""
    message_id: str
    state: str
    """`waiting`, `sent`, `dead` (a week of failing), `cancelled`."""
    born_at: datetime = moment()
    next_try_at: datetime = moment()
    tries: int = 0
    error: str | None = None
    holder: str | None = None
    held_until: datetime | None = moment(nullable=True)
    settled_at: datetime | None = moment(nullable=True)
