"""The ingest flow: one Prefect task a source over the plain functions of a pass."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from flows import health, heartbeat, mortal, orders, passes, prefect_server, runs, settings, signals
from flows.passes import Pass
from flows.report import Report, SourceReport, describe, in_a_line

mortal.with_runner()

TASKS = 50
"""Above this many due sources a task reads a batch of them: a task costs the server some 27 ms of CPU."""

log, details = logging.getLogger("rasid"), logging.getLogger("rasid.details")


class NothingWorked(Exception):
    """Every source failed, so the flow run does; `report` says how each did."""

    def __init__(self, report: Report) -> None:
        self.report = report
        super().__init__("; ".join(f"{s.name}: {s.outcome}" for s in report.sources))


@flow(name="ingest", flow_run_name=runs.named("ingest"))
async def ingest(sources: list[str] | None = None, force: bool = False) -> Report:
    """One pass over the due sources, or over those named.

    Raises:
        NothingWorked: no source could be read.
        Faults: settings, catalogue or topic can't be used.
        StorageError: the database or the state folder can't be used.
    """
    with runs.logged():
        order = orders.order(settings.load(), sources or (), force=force)
        before = runs.health(order.settings)
        report = await heartbeat.watched(order.settings, passes.run(order, read_in_tasks))
        log.info("ingest: %s", in_a_line(report))
        after = await runs.show_pass(order, report)
    signals.document_ready([document.name for document in report.added])
    for turn in health.turns(before, after):
        signals.source_turned(turn)
    signals.pass_ended(report)
    if report.nothing_worked:
        raise NothingWorked(report)
    return report


def run(sources: list[str], *, force: bool) -> Report:
    """The flow as a run on the server that PREFECT_API_URL names; returns its report, whatever it came to.

    Raises:
        Faults: no server answers there, or as the flow does.
        StorageError: as the flow does.
    """

    async def whole() -> Report:
        async with prefect_server.client():
            pass  # a flow would begin by trying for a while
        return await ingest(sources=sources or None, force=force)

    try:
        return asyncio.run(whole())
    except NothingWorked as error:
        return error.report


async def read_in_tasks(current: Pass) -> list[SourceReport]:
    """Reads the sources of a pass as Prefect tasks, side by side."""
    names = list(current.claims)
    size = -(-current.due // TASKS)
    batches = [names[start : start + size] for start in range(0, len(names), size)]
    answers = await asyncio.gather(*(_task(current, batch) for batch in batches))
    return [report for answer in answers for report in answer]


async def _task(current: Pass, names: Sequence[str]) -> list[SourceReport]:
    # A closure: were the open pass a parameter, Prefect would try to hash and store it.
    async def source() -> list[SourceReport]:
        return await passes.side_by_side(current, names, _say)

    run_name = f"source {names[0]}" if len(names) == 1 else f"source {names[0]} and {len(names) - 1} more"
    return await task(task_run_name=run_name, cache_policy=NO_CACHE)(source)()


def _say(report: SourceReport) -> None:
    """A source's turn in the run's log; every line of it names its source."""
    details.log(logging.WARNING if report.error else logging.INFO, "source %s: %s", report.name, describe(report))
    for document in report.documents:
        details.info("source %s: new document %s: %s", report.name, document.name, document.url)
