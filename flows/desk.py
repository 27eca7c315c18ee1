"""What a pass works with: everything open, and the same for all of its sources."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from articles.topic import Topic
from extractors.pool import Pool
from extractors.version import EXTRACTOR
from extractors.web import Web, user_agent
from flows.orders import Order
from storage import robots
from storage.archive import Archive
from storage.database import Store
from storage.hosts import Hosts
from storage.lives import Life
from storage.writer import Writer

SLOTS_A_WORKER = 4
"""Pages in memory for each extraction process: enough to keep it busy."""


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


@asynccontextmanager
async def opened_desk(order: Order, store: Store, life: Life) -> AsyncIterator[Desk]:
    """What a pass works with, open."""
    settings, now = order.settings, partial(datetime.now, UTC)
    with store.read() as connection:
        known_robots = robots.fresh(connection, now())
    with Archive(settings.archive, life.run, EXTRACTOR) as archive:
        async with (
            Writer(store) as writer,
            Pool() as pool,
            _sharing(store, life) as sharing,
            Web(
                user_agent=user_agent(settings.contact),
                allowed=settings.allowed_hosts,
                robots=known_robots,
                now=now,
                sharing=sharing,
            ) as web,
        ):
            yield Desk(
                run=life.run,
                web=web,
                pool=pool,
                writer=writer,
                archive=archive,
                topic=order.topic,
                corpus=settings.corpus,
                now=now,
                force=order.force,
                slots=asyncio.Semaphore(SLOTS_A_WORKER * pool.workers),
            )


@asynccontextmanager
async def _sharing(store: Store, life: Life) -> AsyncIterator[Hosts | None]:
    """The hosts that other passes may be asking; None: SQLite's passes are one machine's, and one at a time."""
    if store.is_sqlite:
        yield None
    else:
        async with Hosts(store, life.run) as hosts:
            yield hosts
