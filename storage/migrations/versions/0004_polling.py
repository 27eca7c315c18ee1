"""How often a source is read, which validators are not to be trusted, and what is left of sitemap indexes."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("source", sa.Column("interval", sa.Integer(), nullable=True))
    op.add_column("source", sa.Column("interval_from", sa.Integer(), nullable=True))
    op.add_column("front", sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("front", sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("front", sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True))
