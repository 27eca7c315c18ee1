"""`python -m flows.mortal PARENT COMMAND...`: becomes that command, which dies with the process PARENT."""

from __future__ import annotations

import os
import sys

from extractors.mortal import die_with

if __name__ == "__main__":
    _, parent, *command = sys.argv
    die_with(int(parent))
    os.execv(command[0], command)
