"""What a pass works with: everything open, and the same for all of its sources."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from articles.topic import Topic
from extractors.pool import Pool
from extractors.web import Web
from storage.archive import Archive
from storage.writer import Writer


@dataclass(frozen=True, kw_only=True)
class Desk:
    """The open web, workers and store of a pass."""

    run: str
    web: Web
    pool: Pool
    writer: Writer
    archive: Archive
    topic: Topic
    corpus: Path
    now: Callable[[], datetime]
    force: bool
    slots: asyncio.Semaphore
    """Pages between their fetch and their commit: bounds the memory of a pass."""
