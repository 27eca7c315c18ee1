"""What the tables' columns are made of: moments in UTC, names of constraints, the table behind a model."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import Column, DateTime, Dialect, MetaData, Table, TypeDecorator
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


def moment(*, nullable: bool = False, index: bool = False) -> Any:
    """A column that holds a moment."""
    return Field(sa_column=Column(Utc(), nullable=nullable, index=index))


def core(model: type[SQLModel]) -> Table:
    """The table itself, for statements in Core."""
    return cast(Table, getattr(model, "__table__"))  # noqa: B009 - SQLModel does not declare it


METADATA = SQLModel.metadata
