"""Prefect's automations as code: what the server watches, and what it does about it.

Each mail is a run of the deployment `notice`. The server itself holds repetition down: a trigger that has fired for one
resource does not fire for it again within QUIET.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import StateType
from prefect.events.actions import ChangeFlowRunState, RunDeployment
from prefect.events.schemas.automations import Automation, AutomationCore, EventTrigger, Posture
from prefect.exceptions import ObjectNotFound

from articles.faults import Faults
from flows import notices, signals

NOTICE = "notice/notice"
"""The deployment that writes the mails: a flow's name and its own."""

TAG = "rasid"
"""What the deployments to be watched are tagged with. `notice` is not: its own failure would call it again."""

QUIET = timedelta(hours=6)
"""The same trouble is told at most once within this."""

ALIVE = timedelta(minutes=10)
"""A run without a sign of life for so long is dead: flows give one every three minutes, unless set otherwise."""

_ENDS = {f"prefect.flow-run.{state}" for state in ("Completed", "Failed", "Crashed", "Cancelled", "TimedOut")}
_DEAD = "It gave no sign of life."
_HEARTBEAT = "prefect.flow-run.heartbeat"
_TAGGED: dict[str, str | list[str]] = {"prefect.resource.role": "tag", "prefect.resource.id": f"prefect.tag.{TAG}"}
_RUN = (
    "{'run': flow_run.name, 'id': flow_run.id | string, 'flow': flow.name, 'state': flow_run.state.name,"
    " 'message': flow_run.state.message}"
)


@dataclass(frozen=True, kw_only=True)
class Applied:
    """What became of one automation."""

    name: str
    did: str
    """`created`, `updated`, `unchanged`, `removed` or `missing`."""
    enabled: bool


def wanted(notice: UUID, alive: timedelta = ALIVE) -> tuple[AutomationCore, ...]:
    """All automations; `notice` is the deployment that writes mails, `alive` how long a run may say nothing."""
    return (
        AutomationCore(
            name="rasid: a run failed",
            description="A run of one of Rasid's deployments failed or crashed: the operator is written to.",
            trigger=EventTrigger(
                match={"prefect.resource.id": "prefect.flow-run.*"},
                match_related=_TAGGED,
                for_each={"related:flow:prefect.resource.id"},
                expect={f"prefect.flow-run.{state}" for state in ("Failed", "Crashed", "TimedOut")},
                posture=Posture.Reactive,
                within=QUIET,
            ),
            actions=[_mail(notice, notices.RUN_FAILED, _RUN)],
        ),
        AutomationCore(
            name="rasid: a run died",
            description="A run gives no sign of life, after a power cut for instance: it is marked Crashed, which "
            "frees its place for the next one.",
            trigger=EventTrigger(
                match={"prefect.resource.id": "prefect.flow-run.*"},
                match_related=_TAGGED,
                for_each={"prefect.resource.id"},
                after={_HEARTBEAT},
                expect={_HEARTBEAT, *_ENDS},
                posture=Posture.Proactive,
                within=alive,
            ),
            actions=[
                ChangeFlowRunState(name=None, state=StateType.CRASHED, message="It gave no sign of life.", force=False)
            ],
        ),
        _told(notice, "rasid: a source is broken", signals.BROKEN, signals.SOURCE, notices.BROKEN),
        _told(notice, "rasid: a source is silent", signals.SILENT, signals.SOURCE, notices.SILENT),
        _told(notice, "rasid: a source is well again", signals.RECOVERED, signals.SOURCE, notices.RECOVERED),
        _told(notice, "rasid: tagging is late", signals.STALE, signals.TAGGER, notices.LATE),
    )


async def apply(client: PrefectClient, wish: Sequence[AutomationCore]) -> list[Applied]:
    """Brings the server's automations to what is wished, by name. One that somebody has paused stays so."""
    applied = []
    for one in wish:
        found = await client.read_automations_by_name(one.name)
        for double in found[1:]:
            await client.delete_automation(double.id)
        if not found:
            await client.create_automation(one)
            applied.append(Applied(name=one.name, did="created", enabled=one.enabled))
            continue
        one = one.model_copy(update={"enabled": found[0].enabled})
        # An update makes the server forget what it has told lately: only where something differs.
        same = _compared(found[0]) == _compared(one)
        if not same:
            await client.update_automation(found[0].id, one)
        applied.append(Applied(name=one.name, did="unchanged" if same else "updated", enabled=one.enabled))
    return applied


async def listing(client: PrefectClient, wish: Sequence[AutomationCore]) -> list[Applied]:
    """How the server's automations stand to what is wished: `unchanged`, `updated` (they differ) or `missing`."""
    stand = []
    for one in wish:
        found = await client.read_automations_by_name(one.name)
        same = bool(found) and _compared(found[0]) == _compared(one)
        did = "missing" if not found else "unchanged" if same else "updated"
        stand.append(Applied(name=one.name, did=did, enabled=bool(found) and found[0].enabled))
    return stand


async def remove(client: PrefectClient, wish: Sequence[AutomationCore]) -> list[Applied]:
    """Takes the automations off the server, by name."""
    gone = []
    for one in wish:
        found: list[Automation] = await client.read_automations_by_name(one.name)
        for each in found:
            await client.delete_automation(each.id)
        gone.append(Applied(name=one.name, did="removed" if found else "missing", enabled=False))
    return gone


async def notice_deployment(client: PrefectClient) -> UUID:
    """The id of the deployment that writes mails.

    Raises:
        Faults: the server has none.
    """
    try:
        return (await client.read_deployment_by_name(NOTICE)).id
    except ObjectNotFound:
        mend = "run `rasid serve`, or `prefect --no-prompt deploy --all` in the project's root, first"
        raise Faults([f"PREFECT_API_URL: the server has no deployment {NOTICE}; {mend}"]) from None


def _told(notice: UUID, name: str, event: str, resource: str, kind: str) -> AutomationCore:
    """An automation that writes to the operator of one kind of event, for each resource apart."""
    return AutomationCore(
        name=name,
        description=f"On {event} the operator is written to, at most once in six hours for each resource.",
        trigger=EventTrigger(
            match={"prefect.resource.id": f"{resource}.*"},
            for_each={"prefect.resource.id"},
            expect={event},
            posture=Posture.Reactive,
            within=QUIET,
        ),
        actions=[_mail(notice, kind, "event.payload")],
    )


def _mail(notice: UUID, kind: str, facts: str) -> RunDeployment:
    """A run of the notice deployment; `facts` is an expression in the server's templates."""
    template = {"__prefect_kind": "jinja", "template": f"{{{{ {facts} | tojson }}}}"}
    parameters = {"kind": kind, "facts": {"__prefect_kind": "json", "value": template}}
    return RunDeployment(source="selected", deployment_id=notice, parameters=parameters, job_variables=None)


def _compared(automation: AutomationCore) -> dict[str, Any]:
    """An automation without what the server adds to it."""
    kept = automation.model_dump(mode="json", include={"name", "description", "enabled", "trigger", "actions"})
    kept["trigger"].pop("id", None)
    for key in ("expect", "after", "for_each"):
        kept["trigger"][key] = sorted(kept["trigger"][key])
    return kept
