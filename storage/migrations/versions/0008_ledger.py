"""Why a link became no article of its own, and what the daily look at each source found."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

SAME_TEXT = """
UPDATE link SET outcome = 'same-text'
WHERE article_id IS NOT NULL AND NOT own AND EXISTS (SELECT 1 FROM page WHERE page.link_id = link.id)
"""


def upgrade() -> None:
    op.add_column("link", sa.Column("outcome", sa.String(), nullable=True))
    op.create_index("ix_link_found_at", "link", ["found_at"], unique=False)
    op.create_table(
        "checkup",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("says", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_checkup")),
    )
    op.execute(SAME_TEXT)
