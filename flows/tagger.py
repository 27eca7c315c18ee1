"""Running a tagger: batch after batch until nothing waits; what is said is kept, what is not is given back."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

from articles import spans
from articles.taggers import Command, Tagger
from flows import tagger_command, tagger_endpoint
from flows.settings import Settings
from flows.tagger_answer import Answer, Ask, Left
from flows.tagger_endpoint import Clock
from storage import tags
from storage.database import Store
from storage.tags import Status, Task

FAILED_IN_A_ROW = 3
"""Batches that fail, or bring unusable answers alone, after which a tagger is asked no more in this run."""

PUT_OFF = timedelta(hours=6)
"""A document whose answer can't be used is asked for again after so long: it must not eat up every run's budget."""

SHOWN = 100
"""Bad lines that a report repeats."""

log = logging.getLogger("rasid")


@dataclass(frozen=True, kw_only=True)
class Run:
    """What a run of a tagger came to."""

    tagger: str
    version: str | None
    asked: int
    """Documents that it was asked for."""
    tagged: int
    superseded: int
    """Tags among them on a text that has changed meanwhile."""
    left: tuple[Left, ...]
    """Documents that it was asked for and has not tagged."""
    faults: tuple[str, ...]
    """Lines that it said and that can't be kept, the first hundred."""
    stopped: str | None
    """Why it was stopped before everything was asked."""
    status: Status
    """How current it is after the run."""
    seconds: float

    @property
    def nothing_worked(self) -> bool:
        """There was something to tag, and nothing was."""
        return not self.tagged and bool(self.asked)


@dataclass(kw_only=True)
class Tally:
    """A run under way."""

    asked: set[int] = field(default_factory=set)
    tagged: set[int] = field(default_factory=set)
    superseded: int = 0
    left: dict[int, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    failed: int = 0
    """Batches in a row."""
    stopped: str | None = None


@dataclass(kw_only=True)
class Batch:
    """Documents that are being asked for."""

    open: dict[int, Task]
    """What has not been answered yet."""
    tagged: int = 0
    trouble: str | None = None
    unusable: str | None = None
    """Why the last answer that can't be used can't be."""


async def run(store: Store, tagger: Tagger, ask: Ask, now: Callable[[], datetime]) -> Run:
    """Asks a tagger for all that waits, each document once, unless it fails.

    After a failure the run goes on behind the first document without an answer: most likely that is the one to blame.

    Raises:
        StorageError: the database can't be used.
    """
    began, tally, after = now(), Tally(), 0
    while tally.stopped is None:
        claimed = tags.next(
            store, tagger.name, now, version=tagger.version, limit=tagger.batch, lease=tagger.lease, after=after
        )
        tasks = list(claimed)
        if not tasks:
            break
        batch = Batch(open={task.id: task for task in tasks})
        await _ask(store, tagger, ask, batch, tally, now)
        after = next(iter(batch.open), tasks[-1].id) if batch.trouble else tasks[-1].id
    with store.read() as connection:
        status = tags.status(connection, tagger.name, now(), tagger.version)
    return Run(
        tagger=tagger.name,
        version=tagger.version,
        asked=len(tally.asked),
        tagged=len(tally.tagged),
        superseded=tally.superseded,
        left=tuple(Left(id=id_, reason=reason) for id_, reason in sorted(tally.left.items())),
        faults=tuple(tally.faults[:SHOWN]),
        stopped=tally.stopped,
        status=status,
        seconds=(now() - began).total_seconds(),
    )


@asynccontextmanager
async def way(tagger: Tagger, known: Settings, clock: Clock) -> AsyncIterator[Ask]:
    """The way to ask a tagger, for the length of a run."""
    if isinstance(tagger.way, Command):
        yield partial(tagger_command.ask, tagger, tagger.way.words, known.taggers.parent)
    else:
        async with tagger_endpoint.model(tagger, tagger.way, known.tagger_key, clock) as model:
            yield model.ask


async def run_configured(store: Store, tagger: Tagger, known: Settings) -> Run:
    """One run of a tagger of taggers.toml. Raises as `run` does."""
    async with way(tagger, known, Clock()) as ask:
        return await run(store, tagger, ask, partial(datetime.now, UTC))


async def _ask(store: Store, tagger: Tagger, ask: Ask, batch: Batch, tally: Tally, now: Callable[[], datetime]) -> None:
    """Asks for a batch while its lease lasts. Whatever happens, what got no answer is given back."""
    tally.asked.update(batch.open)
    try:
        async with asyncio.timeout(tagger.lease.total_seconds()), aclosing(ask(tuple(batch.open.values()))) as answers:
            async for answer in answers:
                _keep(store, tagger, answer, batch, tally, now())
    except TimeoutError:
        batch.trouble = f"Its lease of {spans.written(tagger.lease)} is over."
    finally:
        if batch.open:
            with store.write() as connection:
                tags.release(connection, tagger.name, list(batch.open))
    reason = batch.trouble or tally.stopped or "It gave no answer."
    tally.left.update(dict.fromkeys(batch.open, reason))
    failure = batch.trouble or batch.unusable
    tally.failed = tally.failed + 1 if failure and not batch.tagged else 0
    if tally.failed == FAILED_IN_A_ROW:
        tally.stopped = f"It failed {FAILED_IN_A_ROW} times in a row. {failure}"
    if batch.trouble:
        log.warning("tagger %s: %s", tagger.name, batch.trouble)


def _keep(store: Store, tagger: Tagger, answer: Answer, batch: Batch, tally: Tally, now: datetime) -> None:
    """Keeps what a tagger says of some documents of a batch."""
    with store.write() as connection:
        for tag in answer.tags:
            tally.superseded += tags.submit(connection, tagger.name, tag, now).superseded
        if answer.unusable:
            tags.put_off(connection, tagger.name, [left.id for left in answer.unusable], now + PUT_OFF)
    for tag in answer.tags:
        batch.open.pop(tag.id, None)
        tally.left.pop(tag.id, None)
        tally.tagged.add(tag.id)
    for left in answer.unusable:
        batch.open.pop(left.id, None)
        tally.left[left.id] = batch.unusable = left.reason
    batch.tagged += len(answer.tags)
    batch.trouble = answer.trouble
    tally.faults.extend(answer.faults)
    tally.stopped = answer.stop


def public(run: Run, now: datetime, longest: timedelta) -> dict[str, object]:
    """A run as `rasid tags run --json` prints it."""
    since = run.status.oldest_waiting_since
    return {
        "tagger": run.tagger,
        "version": run.version,
        "asked": run.asked,
        "tagged": run.tagged,
        "superseded": run.superseded,
        "left": [{"id": left.id, "reason": left.reason} for left in run.left],
        "faults": list(run.faults),
        "stopped": run.stopped,
        "waiting": run.status.waiting,
        "oldest_waiting_seconds": round((now - since).total_seconds()) if since else None,
        "stale": since is not None and now - since > longest,
        "seconds": round(run.seconds, 3),
    }


def describe(run: Run) -> Sequence[str]:
    """A run in plain words."""
    lines = [f"{run.tagger}: {run.tagged} of {run.asked} documents tagged, {run.status.waiting} wait."]
    lines += [f"  document {left.id}: {left.reason}" for left in run.left[:SHOWN]]
    lines += [f"  {fault}" for fault in run.faults]
    return [*lines, f"  stopped: {run.stopped}"] if run.stopped else lines
