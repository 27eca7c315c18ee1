"""The backfill flow: a run for each source and range, or for each archive file, taken by any number of workers."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import date

from prefect import flow
from prefect.deployments import arun_deployment
from prefect.exceptions import ObjectNotFound

from articles.faults import Faults
from articles.ranges import Range
from flows import mortal, orders, past, settings, signals, ways
from flows.past import Errand
from storage.frontiers import Look

mortal.with_runner()

DEPLOYMENT = "backfill/backfill"

log = logging.getLogger("rasid")


class NothingWorked(Exception):
    """Every look stopped, so the flow run fails."""


@flow(name="backfill", flow_run_name="backfill {sources} {archives}")
async def backfill(
    sources: list[str] | None = None,
    since: date | None = None,
    until: date | None = None,
    via: list[str] | None = None,
    archives: list[str] | None = None,
    every_host: bool = True,
    endpoint: str = ways.WAYBACK_AT,
    by_topic: bool = False,
    again: bool = False,
) -> list[dict[str, object]]:
    """Catches up on a part of the past; what another live run holds is left to it.

    Raises:
        NothingWorked: every look stopped.
        Faults: settings, catalogue or topic can't be used.
        StorageError: the database or the state folder can't be used.
    """
    errand = Errand(
        order=orders.order(settings.load(), sources or ()),
        days=Range(since, until),
        via=tuple(via or (() if archives else ways.OWN)),
        archives=tuple(archives or ()),
        every_host=every_host,
        endpoint=endpoint,
        by_topic=by_topic,
        again=again,
    )
    report = await past.run(errand, _Log())
    signals.document_ready(list(report.documents))
    if report.nothing_worked:
        raise NothingWorked("; ".join(f"{one.kind} {one.address}: {one.error}" for one in report.results))
    return [one.json() for one in report.results]


def hand_out(errand: Errand) -> list[str]:
    """Hands an errand to the workers, a flow run for each source and for each archive file; returns their names.

    Raises:
        Faults: no server answers there, or it does not know the deployment.
    """
    try:
        return asyncio.run(_hand_out(errand))
    except ObjectNotFound:
        mend = "run `prefect --no-prompt deploy --all`, or unset the variable to run without Prefect"
        raise Faults([f"PREFECT_API_URL: that server does not know the deployment {DEPLOYMENT}; {mend}"]) from None
    except (OSError, RuntimeError) as error:
        mend = "start it, or unset the variable to run without Prefect"
        raise Faults([f"PREFECT_API_URL: no Prefect server answers there ({error}); {mend}"]) from None


def parts(errand: Errand) -> list[dict[str, object]]:
    """The parameters of a flow run for each source, and for each archive file."""
    common: dict[str, object] = {
        "since": errand.days.since and errand.days.since.isoformat(),
        "until": errand.days.until and errand.days.until.isoformat(),
        "every_host": errand.every_host,
        "endpoint": errand.endpoint,
        "by_topic": errand.by_topic,
        "again": errand.again,
    }
    web = replace(errand, archives=())
    whose = dict.fromkeys(look.source for look in web.looks)
    own: list[dict[str, object]] = [common | {"sources": [name], "via": list(errand.via)} for name in whose]
    names = [source.name for source in errand.order.wanted]
    return own + [common | {"sources": names, "archives": [one]} for one in errand.archives]


async def _hand_out(errand: Errand) -> list[str]:
    runs = [await arun_deployment(DEPLOYMENT, parameters=part, timeout=0) for part in parts(errand)]
    return [run.name for run in runs]


class _Log:
    """Says in the run's log how looks end."""

    def at(self, look: Look, done: float, total: float | None) -> None:
        """Nothing: the log is for what has happened."""

    def ended(self, look: Look, error: str | None) -> None:
        """How it ended."""
        log.info("%s: %s", look.key, error or "done")
