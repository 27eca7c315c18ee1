"""A pass: the corpus folder first, then every due source, side by side, under this run's leases."""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from articles.model import Outcome, Source
from articles.text import one_line
from extractors.pool import Pool
from extractors.version import EXTRACTOR
from extractors.web import Web, user_agent
from flows import adoption, alerts, harvest, mailrooms
from flows.desk import Desk
from flows.orders import Order
from flows.report import UNREACHED, Report, SourceReport, in_order
from flows.settings import Settings
from flows.stores import opened
from storage import corpus, lives, retention, robots, sources, views
from storage.archive import Archive
from storage.database import StorageError, Store
from storage.lives import Life
from storage.sources import Claim, Denial
from storage.writer import Writer

SIDE_BY_SIDE = 32
"""Sources read at once."""

RENEW_SECONDS = 300

SLOTS_A_WORKER = 4
"""Pages in memory for each extraction process: enough to keep it busy."""

log = logging.getLogger("rasid")


@dataclass(frozen=True, kw_only=True)
class Pass:
    """A pass under way: which sources it holds, and the way to read each."""

    desk: Desk
    claims: dict[str, Claim]
    denied: tuple[SourceReport, ...]
    by_name: dict[str, Source]
    turns: asyncio.Semaphore
    """How many sources may be read at once."""

    async def read(self, name: str) -> SourceReport:
        """One source's turn. What nobody expected costs this source, never the pass."""
        source = self.by_name[name]
        try:
            return await harvest.read_source(self.desk, source, self.claims[name])
        except Exception as raised:
            error = innermost(raised)
            if isinstance(error, StorageError):
                raise error from raised
            log.error("source %s: unexpected error", name, exc_info=error)
            says = one_line(f"An unexpected error: {type(error).__name__}: {error}.")
            return SourceReport(name=name, outcome=Outcome.BROKEN, error=says)


Reader = Callable[[Pass], Awaitable[list[SourceReport]]]


async def run(order: Order, read_all: Reader) -> Report:
    """One pass from beginning to end; `read_all` reads the sources that the pass holds.

    Raises:
        Faults: recipients.toml can't be used.
        StorageError: the database or the state folder can't be used.
    """
    settings, started_at, started = order.settings, datetime.now(UTC), time.monotonic()
    with opened(settings) as store, lives.life(store, run_id(started_at), settings.home / "runs") as life:
        mailroom = mailrooms.mailroom(settings, store)
        adopted = await asyncio.to_thread(
            adoption.adopt, store, settings.corpus, order.catalogue, order.topic, started_at
        )
        for fault in adopted.faults:
            log.warning("corpus: %s", fault)
        with store.read() as connection:
            corpus.repair(settings.corpus, connection, life)
        async with _under_way(order, store, life) as current:
            reports = await read_all(current)
            await _absolve(current, reports)
        await asyncio.to_thread(_prune, settings, store)
        sending = await asyncio.to_thread(alerts.drain, store, mailroom, life, force=False)
        with store.read() as connection:
            return Report(
                run_id=life.run,
                started_at=started_at,
                seconds=time.monotonic() - started,
                sources=in_order((*reports, *current.denied), (s.name for s in order.wanted)),
                documents=views.documents(connection),
                adopted=len(adopted.names),
                added=tuple(sorted((new for r in reports for new in r.documents), key=lambda new: new.name)),
                sending=sending,
            )


async def side_by_side(current: Pass, names: Iterable[str], done: Callable[[SourceReport], None]) -> list[SourceReport]:
    """Reads these sources of a pass at once, as many as is sensible; `done` hears of each.

    Raises:
        StorageError: the database or the corpus folder can't be used; the other sources are left where they are.
    """

    async def read(name: str) -> SourceReport:
        async with current.turns:
            report = await current.read(name)
        done(report)
        return report

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(read(name)) for name in names]
    except ExceptionGroup as group_of_errors:
        raise innermost(group_of_errors) from group_of_errors
    return [task.result() for task in tasks]


@asynccontextmanager
async def _under_way(order: Order, store: Store, life: Life) -> AsyncIterator[Pass]:
    """Everything open, the due sources claimed; at the end whatever is still held is let go."""
    async with open_desk(order, store, life) as desk:
        claim = partial(sources.claim, sources=order.wanted, life=life, now=desk.now(), force=order.force)
        answers = await desk.writer.do(claim)
        renewal = asyncio.create_task(_renew(desk))
        try:
            yield Pass(
                desk=desk,
                claims={name: answer for name, answer in answers.items() if isinstance(answer, Claim)},
                denied=tuple(
                    SourceReport(name=name, outcome=answer.outcome, error=answer.reason)
                    for name, answer in answers.items()
                    if isinstance(answer, Denial)
                ),
                by_name={source.name: source for source in order.wanted},
                turns=asyncio.Semaphore(SIDE_BY_SIDE),
            )
        finally:
            renewal.cancel()
            await desk.writer.do(partial(robots.remember, records=desk.web.robots_read, now=desk.now()))
            await desk.writer.do(partial(sources.release, run=life.run))


@asynccontextmanager
async def open_desk(order: Order, store: Store, life: Life) -> AsyncIterator[Desk]:
    """What a pass works with, open."""
    settings, now = order.settings, partial(datetime.now, UTC)
    with store.read() as connection:
        known_robots = robots.fresh(connection, now())
    web = Web(
        user_agent=user_agent(settings.contact),
        allowed=settings.allowed_hosts,
        robots=known_robots,
        now=now,
    )
    with Archive(settings.archive, life.run, EXTRACTOR) as archive:
        async with Writer(store) as writer, Pool() as pool, web:
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


async def _renew(desk: Desk) -> None:
    while True:
        await asyncio.sleep(RENEW_SECONDS)
        await desk.writer.do(partial(sources.renew, run=desk.run, now=desk.now()))


def _prune(settings: Settings, store: Store) -> None:
    """Keeps the archive within its bounds."""
    pruned = retention.prune(
        store,
        settings.archive,
        keep_days=settings.archive_days or None,
        keep_bytes=settings.archive_gigabytes * 10**9 or None,
        now=datetime.now(UTC),
    )
    for url in pruned.quarantined:
        log.warning("quarantine: %s has left with the archive's oldest pages, read by no extractor", url)


async def _absolve(current: Pass, reports: Sequence[SourceReport]) -> None:
    """Blames no source when our own network is down."""
    if reports and all(report.outcome in UNREACHED for report in reports):
        names = [report.name for report in reports]
        now = current.desk.now()
        await current.desk.writer.do(partial(sources.absolve, names=names, now=now))


def run_id(started_at: datetime) -> str:
    """A name that no other run has."""
    return f"{started_at:%Y%m%dt%H%M%S}-{uuid.uuid4().hex[:8]}"


def innermost(error: BaseException) -> BaseException:
    """The first error that a group of them is about."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
