"""The tag flow: one Prefect task a configured tagger, by schedule and whenever documents have come."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from prefect import flow, task
from prefect.artifacts import acreate_table_artifact
from prefect.cache_policies import NO_CACHE

from articles.taggers import Tagger
from flows import mortal, runs, settings, signals, tagger, taggers
from flows.settings import Settings
from flows.stores import opened
from flows.tagger import Run
from storage.database import Store

mortal.with_runner()

SHOWN = ("tagger", "version", "asked", "tagged", "waiting", "oldest_waiting_seconds", "stale", "stopped")
"""What the dashboard's table has of a report."""

log = logging.getLogger("rasid")


class NothingTagged(Exception):
    """No tagger could tag anything of what waited, so the flow run fails."""


@flow(name="tag", flow_run_name=runs.named("tag"))
async def tag(names: list[str] | None = None) -> list[dict[str, object]]:
    """One run of every configured tagger, or of those named; none configured: nothing to do.

    Raises:
        NothingTagged: something waited, and no tagger could tag anything.
        Faults: settings or taggers.toml can't be used.
        StorageError: the database or the state folder can't be used.
    """
    known = settings.load()
    configured = taggers.configured(known, names or ())
    with runs.logged(), opened(known) as store:
        done = [await _task(store, one, known) for one in configured]
        now = datetime.now(UTC)
        signals.tagging_stale(taggers.backlog(known, store, now), now, known.tagging_max_age)
        await runs.show_waiting(runs.waiting(known, store, now), now)
        for run in done:
            if run.asked:
                log.info("tag: %s has tagged %d of %d documents", run.tagger, run.tagged, run.asked)
    reports = [tagger.public(run, now, known.tagging_max_age) for run in done]
    if not reports:
        return []
    table = [
        {key: report[key] for key in SHOWN} | {"left": len(run.left)} for run, report in zip(done, reports, strict=True)
    ]
    await acreate_table_artifact(table=table, key="tagging", description="What each tagger did, and how current it is")
    if all(run.nothing_worked for run in done):
        raise NothingTagged("; ".join(f"{run.tagger}: {_reason(run)}" for run in done))
    return reports


async def _task(store: Store, one: Tagger, known: Settings) -> Run:
    # A closure: were the open store a parameter, Prefect would try to hash and store it.
    async def run() -> Run:
        return await tagger.run_configured(store, one, known)

    return await task(task_run_name=f"tagger {one.name}", cache_policy=NO_CACHE)(run)()


def _reason(run: Run) -> str:
    return run.stopped or (run.left[0].reason if run.left else "It gave no answer.")
