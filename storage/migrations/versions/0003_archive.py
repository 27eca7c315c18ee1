"""The archive of fetched pages, and the quarantine."""

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    pass
