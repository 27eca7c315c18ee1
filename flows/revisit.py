"""The revisit flow: kept pages whose turn on the ladder has come are looked at again, without any front page."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import UTC, datetime

from prefect import flow

from flows import harvest, ingest, mortal, orders, passes, runs, settings, signals
from flows.passes import Reader
from flows.report import Report, in_a_line
from flows.settings import Settings
from flows.stores import opened
from storage import looks

mortal.with_runner()

log = logging.getLogger("rasid")


@flow(name="revisit", flow_run_name=runs.named("revisit"))
async def revisit() -> Report | None:
    """Looks again at what is due; None: nothing is.

    Raises:
        Faults: settings, catalogue or topic can't be used.
        StorageError: the database or the state folder can't be used.
    """
    with runs.logged():
        report = await look(settings.load(), ingest.read_in_tasks)
        if report is None:
            return None
        log.info("revisit: %s", in_a_line(report))
    signals.document_ready([document.name for document in report.added])
    return report


async def look(known: Settings, read_all: Reader) -> Report | None:
    """A pass over the sources that have such pages, and over these pages alone; None: there are none."""
    order = orders.order(known)
    with opened(known) as store, store.read() as connection:
        sources = looks.sources(connection, datetime.now(UTC))
    wanted = tuple(source for source in order.wanted if source.name in sources)
    if not wanted:
        return None
    # Not the front pages' due times count here, but the pages' own.
    return await passes.run(replace(order, wanted=wanted, force=True), read_all, harvest.look_again)
