"""Near copies, stories, and pages that are looked at again."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("article", sa.Column("same_as", sa.Integer(), nullable=True))
    op.add_column("article", sa.Column("story", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("article", sa.Column("story_held", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("article", sa.Column("signature", sa.JSON(), nullable=True))
    op.add_column("article", sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("article", sa.Column("restless", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("article", sa.Column("document_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE article SET story = id")
    op.execute("UPDATE article SET document_at = first_seen_at WHERE name IS NOT NULL")
    op.create_index(op.f("ix_article_document_at"), "article", ["document_at"], unique=False)
    op.create_index(op.f("ix_article_same_as"), "article", ["same_as"], unique=False)
    op.create_index(op.f("ix_article_story"), "article", ["story"], unique=False)
    op.create_table(
        "band",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_band_article_id_article")),
        sa.PrimaryKeyConstraint("key", "article_id", name=op.f("pk_band")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_band_article_id"), "band", ["article_id"], unique=False)
    op.add_column("link", sa.Column("front", sa.String(), nullable=True))
    op.add_column("link", sa.Column("own", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("link", sa.Column("next_look_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("link", sa.Column("alarms", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("link", sa.Column("missing", sa.Integer(), nullable=False, server_default="0"))
    op.create_index("ix_link_source_next_look_at", "link", ["source", "next_look_at"], unique=False)
