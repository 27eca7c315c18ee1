"""Alerts to recipients, sent under a lease."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    with op.batch_alter_table("outbox") as outbox:
        outbox.add_column(sa.Column("kind", sa.String(), nullable=False, server_default="story"))
        outbox.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        outbox.drop_constraint(op.f("uq_outbox_article_id"), type_="unique")
        outbox.create_unique_constraint(op.f("uq_outbox_article_id_kind_version"), ["article_id", "kind", "version"])
