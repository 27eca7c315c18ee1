"""Children of `rasid serve` end when it does, however it ends.

`python -m flows.mortal PARENT COMMAND...` becomes that command, which dies with the process PARENT.
"""

from __future__ import annotations

import os
import sys

from extractors.mortal import die_with
from flows import settings


def with_runner() -> None:
    """A run of `rasid serve` dies with it; elsewhere nothing happens. What it leaves, the next run takes up.

    Called where a flow's module is loaded: once the run has begun, Prefect may be waiting for its server already.
    """
    parent = settings.served_by()
    if parent not in (None, os.getpid()):
        die_with(parent)


if __name__ == "__main__":
    _, parent, *command = sys.argv
    die_with(int(parent))
    os.execv(command[0], command)
