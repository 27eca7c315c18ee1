"""Alerts to recipients, sent under a lease."""

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    pass
