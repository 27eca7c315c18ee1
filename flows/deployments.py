"""What is served, as Prefect wants it; and the traces that an earlier server's end has left behind."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from prefect import Flow
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas import filters
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy, FlowRun, StateType
from prefect.deployments.runner import RunnerDeployment
from prefect.events import DeploymentEventTrigger
from prefect.schedules import Cron, Interval, Schedule
from prefect.states import Crashed
from prefect.types.entrypoint import EntrypointType
from prefect.utilities.importtools import import_object

from flows import schedules
from flows.schedules import Served

CRASHED = "Rasid was ended while this ran; the next run takes up where it stopped."

UNFINISHED = [StateType.RUNNING, StateType.PENDING, StateType.CANCELLING]

_PAGE = 200


async def deployment(served: Served) -> RunnerDeployment:
    """The deployment of a served flow."""
    flow: Flow[..., Any] = import_object(served.entrypoint)
    schedule = _schedule(served)
    triggers: list[Any] = [DeploymentEventTrigger(**schedules.trigger(served.upon))] if served.upon else []
    return await flow.ato_deployment(
        served.name,
        schedule=schedule,
        concurrency_limit=_limit(served),
        triggers=triggers,
        description=served.about,
        tags=list(served.tags),
        entrypoint_type=EntrypointType.MODULE_PATH,
    )


def _limit(served: Served) -> ConcurrencyLimitConfig | None:
    if served.cron:
        return ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW)
    if served.at_once:
        return ConcurrencyLimitConfig(limit=served.at_once, collision_strategy=ConcurrencyLimitStrategy.ENQUEUE)
    return None


def _schedule(served: Served) -> Schedule | None:
    if served.every:
        return Interval(served.every, slug=served.slug)
    return Cron(served.cron, timezone="UTC", slug=served.slug) if served.cron else None


async def recover(client: PrefectClient, deployments: Collection[UUID], now: datetime) -> tuple[int, int]:
    """Ends the runs that nobody runs any more, which frees their slots, and forgets those that were missed.

    Only for whoever is about to run these deployments alone. Returns how many runs there were of either kind.
    """
    ours = filters.DeploymentFilter(id=filters.DeploymentFilterId(any_=list(deployments)))
    dead = await _runs(client, ours, filters.FlowRunFilterState(type=filters.FlowRunFilterStateType(any_=UNFINISHED)))
    for run in dead:
        await _end_tasks(client, run)
        await client.set_flow_run_state(run.id, Crashed(message=CRASHED), force=True)
    scheduled = filters.FlowRunFilterState(type=filters.FlowRunFilterStateType(any_=[StateType.SCHEDULED]))
    missed = [run for run in await _runs(client, ours, scheduled) if _is_missed(run, now)]
    for run in missed:
        await client.delete_flow_run(run.id)
    return len(dead), len(missed)


def _is_missed(run: FlowRun, now: datetime) -> bool:
    at = run.next_scheduled_start_time
    return run.auto_scheduled and at is not None and at.astimezone(UTC) <= now


async def _end_tasks(client: PrefectClient, run: FlowRun) -> None:
    of_run = filters.FlowRunFilter(id=filters.FlowRunFilterId(any_=[run.id]))
    state = filters.TaskRunFilterState(type=filters.TaskRunFilterStateType(any_=UNFINISHED))
    tasks = await client.read_task_runs(flow_run_filter=of_run, task_run_filter=filters.TaskRunFilter(state=state))
    for task in tasks:
        await client.set_task_run_state(task.id, Crashed(message=CRASHED), force=True)


async def _runs(
    client: PrefectClient, ours: filters.DeploymentFilter, state: filters.FlowRunFilterState
) -> list[FlowRun]:
    found: list[FlowRun] = []
    wanted = filters.FlowRunFilter(state=state)
    while True:
        page = await client.read_flow_runs(
            deployment_filter=ours, flow_run_filter=wanted, limit=_PAGE, offset=len(found)
        )
        found += page
        if len(page) < _PAGE:
            return found
