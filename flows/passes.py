"""A pass: the corpus folder first, then every due source, side by side, under this run's leases."""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

from articles.model import Outcome, Source
from articles.text import one_line
from extractors import heap
from flows import adoption, alerts, harvest, housekeeping, mailrooms
from flows.desk import Desk, opened_desk
from flows.orders import Order
from flows.report import UNREACHED, Report, SourceReport, in_order
from flows.stores import opened
from storage import corpus, lives, robots, sources, views
from storage.database import StorageError, Store
from storage.lives import Life
from storage.shares import Shares
from storage.sources import Claim, Denial

SIDE_BY_SIDE = 32
"""Sources read at once."""

BATCH = 32
"""Sources taken at a time where other passes may share the work; twice as many are held at most."""

RENEW_SECONDS = 300

log = logging.getLogger("rasid")


Turn = Callable[[Desk, Source, Claim], Awaitable[SourceReport]]
"""What is done with a source that the pass holds."""


@dataclass(frozen=True, kw_only=True)
class Pass:
    """A pass under way: which sources it holds, and the way to read each."""

    desk: Desk
    claims: dict[str, Claim]
    """The batch of sources that is to be read."""
    due: int
    """How many sources were due at the beginning, of all batches."""
    by_name: dict[str, Source]
    turns: asyncio.Semaphore
    """How many sources may be read at once."""
    room: asyncio.Semaphore
    """How many more may be taken."""
    turn: Turn

    async def read(self, name: str) -> SourceReport:
        """One source's turn. What nobody expected costs this source, never the pass."""
        source = self.by_name[name]
        try:
            return await self.turn(self.desk, source, self.claims[name])
        except Exception as raised:
            error = innermost(raised)
            if isinstance(error, StorageError):
                raise error from raised
            log.error("source %s: unexpected error", name, exc_info=error)
            says = one_line(f"An unexpected error: {type(error).__name__}: {error}.")
            return SourceReport(name=name, outcome=Outcome.BROKEN, error=says)
        finally:
            self.room.release()


Reader = Callable[[Pass], Awaitable[list[SourceReport]]]


async def run(order: Order, read_all: Reader, turn: Turn = harvest.read_source) -> Report:
    """One pass from beginning to end; `read_all` reads a batch of the sources that the pass takes, each by `turn`.

    Raises:
        Faults: recipients.toml can't be used.
        StorageError: the database or the state folder can't be used.
    """
    settings, started_at, started = order.settings, datetime.now(UTC), time.monotonic()
    heap.bound(arenas=2)
    with opened(settings) as store, lives.life(store, run_id(started_at), settings.home / "runs") as life:
        mailroom = mailrooms.mailroom(settings, store)
        adopted = await asyncio.to_thread(
            adoption.adopt, store, settings.corpus, order.catalogue, order.topic, started_at
        )
        for fault in adopted.faults:
            log.warning("corpus: %s", fault)
        with store.read() as connection:
            corpus.repair(settings.corpus, connection, life)
        reports = await _read_shares(order, store, life, read_all, turn)
        await asyncio.to_thread(housekeeping.prune, settings, store)
        sending = await asyncio.to_thread(alerts.drain, store, mailroom, life, force=False)
        with store.read() as connection:
            return Report(
                run_id=life.run,
                started_at=started_at,
                seconds=time.monotonic() - started,
                sources=in_order(reports, (s.name for s in order.wanted)),
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

    async with _side_by_side() as group:
        tasks = [group.create_task(read(name)) for name in names]
    return [task.result() for task in tasks]


async def _read_shares(order: Order, store: Store, life: Life, read_all: Reader, turn: Turn) -> list[SourceReport]:
    """Reads what is due, as far as no other pass takes it; at the end whatever is still held is let go."""
    shares = Shares(life, force=order.force)
    with store.read() as connection:
        denials = shares.survey(connection, order.wanted, datetime.now(UTC))
    # On SQLite hosts are not shared, so that neither is the work.
    batch = len(shares) if store.is_sqlite else BATCH
    async with opened_desk(order, store, life) as desk:
        current = Pass(
            desk=desk,
            claims={},
            due=len(shares),
            by_name={source.name: source for source in order.wanted},
            turns=asyncio.Semaphore(SIDE_BY_SIDE),
            room=asyncio.Semaphore(2 * batch),
            turn=turn,
        )
        renewal = asyncio.create_task(_renew(desk))
        try:
            reports, lost = await _in_batches(current, shares, batch, read_all)
            await _absolve(current, reports)
        finally:
            renewal.cancel()
            await desk.writer.do(partial(robots.remember, records=desk.web.robots_read, now=desk.now()))
            await desk.writer.do(partial(sources.release, run=life.run))
    return [*reports, *(_left_alone(name, denial) for name, denial in (denials | lost).items())]


async def _in_batches(
    current: Pass, shares: Shares, batch: int, read_all: Reader
) -> tuple[list[SourceReport], dict[str, Denial]]:
    """Has batch after batch read, each taken when there is room for it; also what others came to before."""
    desk, readings, lost = current.desk, list[asyncio.Task[list[SourceReport]]](), dict[str, Denial]()
    async with _side_by_side() as group:
        while shares:
            for _ in range(batch):
                await current.room.acquire()
            answers = await desk.writer.do(partial(shares.take, now=desk.now(), most=batch))
            shares.drop(len(answers))
            claims = {name: answer for name, answer in answers.items() if isinstance(answer, Claim)}
            lost |= {name: answer for name, answer in answers.items() if isinstance(answer, Denial)}
            for _ in range(batch - len(claims)):
                current.room.release()
            if claims:
                readings.append(group.create_task(_read_batch(replace(current, claims=claims), read_all)))
    return [report for reading in readings for report in reading.result()], lost


async def _read_batch(current: Pass, read_all: Reader) -> list[SourceReport]:
    return await read_all(current)


@asynccontextmanager
async def _side_by_side() -> AsyncIterator[asyncio.TaskGroup]:
    """A group whose first error comes out as it is."""
    try:
        async with asyncio.TaskGroup() as group:
            yield group
    except ExceptionGroup as errors:
        raise innermost(errors) from errors


def _left_alone(name: str, denial: Denial) -> SourceReport:
    return SourceReport(name=name, outcome=denial.outcome, error=denial.reason)


async def _renew(desk: Desk) -> None:
    while True:
        await asyncio.sleep(RENEW_SECONDS)
        await desk.writer.do(partial(sources.renew, run=desk.run, now=desk.now()))


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
