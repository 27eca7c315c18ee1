"""Tags, and who is working on which document."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

# One row a document and tagger: its newest word on the text as it is now; where there is none, on an earlier text.
DOCUMENT_TAG = """
CREATE VIEW document_tag AS
SELECT article.id, article.name, article.title, article.language, article.source, article.url,
       article.published_at, article.first_seen_at, article.kind AS class, article.version, article.content_hash,
       tag.tagger, tag.tagger_version, tag.stance, tag.confidence, tag.target, tag.rationale, tag.submitted_at,
       tag.content_hash = article.content_hash AS is_current
FROM article
JOIN (SELECT tag.*, row_number() OVER (PARTITION BY tag.article_id, tag.tagger
                                       ORDER BY tag.content_hash = told.content_hash DESC,
                                                tag.submitted_at DESC, tag.id DESC) AS place
      FROM tag JOIN article AS told ON told.id = tag.article_id) AS tag ON tag.article_id = article.id
WHERE tag.place = 1 AND article.name IS NOT NULL AND article.on_topic AND article.same_as IS NULL
"""


def upgrade() -> None:
    op.create_table(
        "tag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("tagger", sa.String(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("tagger_version", sa.String(), nullable=False),
        sa.Column("stance", sa.String(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=True),
        sa.Column("target", sa.String(), nullable=True),
        sa.Column("rationale", sa.String(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_tag_article_id_article")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tag")),
        sa.UniqueConstraint(
            "article_id",
            "tagger",
            "content_hash",
            "tagger_version",
            name=op.f("uq_tag_article_id_tagger_content_hash_tagger_version"),
        ),
    )
    op.create_index("ix_tag_tagger_submitted_at", "tag", ["tagger", "submitted_at"], unique=False)
    op.create_table(
        "claim",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("tagger", sa.String(), nullable=False),
        sa.Column("tagger_version", sa.String(), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_claim_article_id_article")),
        sa.PrimaryKeyConstraint("article_id", "tagger", "tagger_version", name=op.f("pk_claim")),
    )
    op.create_index(op.f("ix_claim_held_until"), "claim", ["held_until"], unique=False)
    op.execute(DOCUMENT_TAG)
