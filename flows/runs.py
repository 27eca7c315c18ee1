"""What flow runs leave on Prefect's dashboard: names that read well, log lines, artifacts with fixed keys, progress."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime

from prefect.artifacts import (
    acreate_markdown_artifact,
    acreate_progress_artifact,
    acreate_table_artifact,
    aupdate_progress_artifact,
)
from prefect.context import FlowRunContext
from prefect.logging.handlers import APILogHandler

from flows import artifacts, taggers
from flows.alerts import NO_SERVER
from flows.artifacts import Waiting
from flows.orders import Order
from flows.report import Report
from flows.settings import Settings
from flows.stores import opened
from storage import deliveries, periods, tags
from storage.database import Store
from storage.periods import Health

PROGRESS_SECONDS = 5.0
"""Between two updates of a progress artifact: each is a request to the server."""

log = logging.getLogger("rasid")


def named(flow: str) -> Callable[[], str]:
    """Names a flow's runs by the minute in which they begin: `ingest 2026-11-22 14:15`, in UTC."""
    return lambda: f"{flow} {datetime.now(UTC):%Y-%m-%d %H:%M}"


@contextmanager
def logged() -> Iterator[None]:
    """Rasid's own log lines are the run's, on the dashboard, from INFO on; wherever the run was started from."""
    if any(isinstance(handler, APILogHandler) for handler in log.handlers):
        yield  # logging is set up to do so anyway
        return
    handler, level = APILogHandler(), log.level
    # A thread without the run's context could not say whose line it is.
    handler.addFilter(lambda record: FlowRunContext.get() is not None)
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    try:
        yield
    finally:
        log.removeHandler(handler)
        log.setLevel(level)


def health(settings: Settings) -> tuple[Health, ...]:
    """How the sources have been doing until now.

    Raises:
        StorageError: the database or the state folder can't be used.
    """
    with opened(settings) as store, store.read() as connection:
        return periods.health(connection, datetime.now(UTC))


async def show_pass(order: Order, report: Report) -> tuple[Health, ...]:
    """Leaves a pass's artifacts: its sources, its new documents, what waits; returns how the sources are doing now."""
    known, now = order.settings, datetime.now(UTC)
    with opened(known) as store:
        with store.read() as connection:
            after = periods.health(connection, now)
            documents = periods.named(connection, [new.name for new in report.added])
        waits = waiting(known, store, now)
    titles = {source.name: source.title for source in order.catalogue}
    said = artifacts.told(report)
    await asyncio.gather(
        acreate_table_artifact(artifacts.sources(report, after), key=artifacts.SOURCES, description=said),
        acreate_markdown_artifact(artifacts.news(documents, titles), key=artifacts.NEWS, description=said),
        show_waiting(waits, now),
    )
    return after


async def show_waiting(this: Waiting, now: datetime) -> None:
    """Leaves the artifact of what people and taggers wait for."""
    says = "What is owed to people and to taggers, and for how long"
    await acreate_table_artifact(artifacts.waiting(this, now), key=artifacts.WAITING, description=says)


def waiting(known: Settings, store: Store, now: datetime) -> Waiting:
    """What is owed to people and taggers.

    Raises:
        Faults: taggers.toml can't be used.
    """
    versions = {tagger.name: tagger.version for tagger in taggers.configured(known)}
    with store.read() as connection:
        names = sorted({*versions, *tags.taggers(connection)})
        return Waiting(
            mails=deliveries.pending(connection),
            mails_since=deliveries.waiting_since(connection),
            note=None if known.mail_server else NO_SERVER,
            taggers=tuple(tags.status(connection, name, now, versions.get(name)) for name in names),
            longest=known.tagging_max_age,
        )


@asynccontextmanager
async def progress(
    key: str, says: str, total: int, clock: Callable[[], float] = time.monotonic
) -> AsyncIterator[Callable[[int], Awaitable[None]]]:
    """Shows how far long work is: call what this gives with the steps done so far. Outside a flow run it does nothing.

    `key` is of small letters, digits and dashes; `says` what is being done, in one line.
    """
    if FlowRunContext.get() is None or not total:
        yield _silent
        return
    artifact = await acreate_progress_artifact(0.0, key=key, description=says)
    shown = clock()

    async def tell(done: int) -> None:
        nonlocal shown
        if done >= total or clock() - shown >= PROGRESS_SECONDS:
            shown = clock()
            await aupdate_progress_artifact(artifact, min(100.0, 100.0 * done / total))

    yield tell


async def _silent(done: int) -> None:
    """Tells nobody."""
