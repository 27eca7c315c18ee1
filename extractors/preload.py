"""What the server that forks the workers loads: the extractor, and that it dies with the process that extracts.

By itself it would outlive a SIGKILL of that process for as long as a worker is busy: each holds an end of the pipe by
which it is told.
"""

from __future__ import annotations

import os

from extractors import article as article
from extractors.mortal import die_with

die_with(os.getppid())
