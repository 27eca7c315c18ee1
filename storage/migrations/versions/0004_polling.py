"""How often a source is read, and what is left of its sitemaps."""

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    pass
