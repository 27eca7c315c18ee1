"""Alerts to recipients, sent under a lease."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    with op.batch_alter_table("outbox") as outbox:
        outbox.add_column(sa.Column("kind", sa.String(), nullable=False, server_default="story"))
        outbox.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        outbox.alter_column("sent_at", new_column_name="addressed_at", existing_type=sa.DateTime(timezone=True))
        outbox.drop_constraint(op.f("uq_outbox_article_id"), type_="unique")
        outbox.create_unique_constraint(op.f("uq_outbox_article_id_kind_version"), ["article_id", "kind", "version"])
    op.create_index(op.f("ix_outbox_addressed_at"), "outbox", ["addressed_at"], unique=False)
    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("outbox_id", sa.Integer(), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("period_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("period_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("born_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("holder", sa.String(), nullable=True),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name=op.f("fk_delivery_outbox_id_outbox")),
        sa.ForeignKeyConstraint(["batch_id"], ["delivery.id"], name=op.f("fk_delivery_batch_id_delivery")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("recipient", "outbox_id", name=op.f("uq_delivery_recipient_outbox_id")),
        sa.UniqueConstraint("recipient", "kind", "period_until", name=op.f("uq_delivery_recipient_kind_period_until")),
    )
    op.create_index(op.f("ix_delivery_outbox_id"), "delivery", ["outbox_id"], unique=False)
    op.create_index(op.f("ix_delivery_batch_id"), "delivery", ["batch_id"], unique=False)
    op.create_index("ix_delivery_state_next_try_at", "delivery", ["state", "next_try_at"], unique=False)
    op.create_index("ix_delivery_recipient_settled_at", "delivery", ["recipient", "settled_at"], unique=False)
