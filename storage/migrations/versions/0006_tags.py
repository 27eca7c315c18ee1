"""Tags, and who is working on which document."""

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    pass
