"""What an operator sees and is told, on a real Prefect server: pages in a browser, automations, and their mails."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from flows import notices
from tests.mailserver import Temper, serving
from tests.prefect_server import ask
from tests.worlds import ROOT, World, world

pytestmark = pytest.mark.prefect

SETUP = """
import asyncio, json, sys
from datetime import timedelta
from prefect.client.orchestration import get_client
from prefect.types.entrypoint import EntrypointType
from flows import automations
from flows.ingest import ingest
from flows.notice import notice

async def main():
    ids = {}
    for flow, tags in ((ingest, ["rasid"]), (notice, [])):
        made = await flow.ato_deployment(flow.name, tags=tags, entrypoint_type=EntrypointType.MODULE_PATH)
        ids[flow.name] = str(await made.apply())
    async with get_client() as client:
        wish = automations.wanted(await automations.notice_deployment(client), alive=timedelta(seconds=11))
        first, again = [await automations.apply(client, wish) for _ in range(2)]
    print(json.dumps({"ids": ids, "first": [a.did for a in first], "again": [a.did for a in again]}))

asyncio.run(main())
"""

EMIT = """
from datetime import UTC, datetime, timedelta
from prefect import flow
from flows import health, signals
from storage.periods import Health
from storage.tags import Backlog

NOW = datetime.now(UTC)

@flow(name="emitter")
def emitter():
    one = Health(source="waha", outcome="gone", error="It answered 410 (Gone).", failures=3, tried_at=NOW,
                 succeeded_at=NOW, brought=9, first_at=NOW, last_at=NOW)
    late = Backlog(tagger="rules", waiting=3, oldest_waiting_since=NOW - timedelta(hours=30))
    for _ in range(2):
        for state in (health.BROKEN, health.SILENT, health.SOUND):
            assert signals.source_turned(health.Turn(health=one, state=state))
        assert signals.tagging_stale(late, NOW, timedelta(hours=24))

emitter()
"""


@dataclass(frozen=True)
class Watched:
    """An installation on a server, with deployments, automations and a mail server."""

    there: World
    server: dict[str, str]
    mails: Temper
    ids: dict[str, str]
    applied: tuple[list[str], list[str]]

    @property
    def dashboard(self) -> str:
        return self.server["PREFECT_API_URL"].removesuffix("/api")

    def notices(self) -> dict[str, dict[str, Any]]:
        """The runs of the notice deployment, by what they tell; each must be told once."""
        found = ask(self.server, "/flow_runs/filter", {"deployments": {"id": {"any_": [self.ids["notice"]]}}})
        kinds = [run["parameters"]["kind"] for run in found]
        assert len(kinds) == len(set(kinds)), "told once, however often it was seen"
        return dict(zip(kinds, found, strict=True))

    def new_run(self) -> str:
        """A run of the ingest deployment, waiting."""
        run = ask(self.server, f"/deployments/{self.ids['ingest']}/create_flow_run", {"parameters": {"force": True}})
        return str(run["id"])

    def set_state(self, run: str, kind: str, **more: str) -> None:
        ask(self.server, f"/flow_runs/{run}/set_state", {"state": {"type": kind, **more}, "force": True})

    def execute(self, run: str) -> None:
        """Runs a waiting run as a worker's child does."""
        python(self.there, "-m", "prefect", "flow-run", "execute", run)


def python(there: World, *words: str) -> str:
    """What a Python of that installation prints."""
    done = subprocess.run(
        [sys.executable, *words], env=there.environment, cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    return done.stdout


def until(found: Callable[[], Any], seconds: float = 60) -> Any:
    """What a question comes to, asked until it is something."""
    end, pause = time.monotonic() + seconds, threading.Event()
    while not (answer := found()):
        assert time.monotonic() < end, "nothing came of it"
        pause.wait(0.2)
    return answer


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory, server: dict[str, str]) -> Iterator[Watched]:
    folder = tmp_path_factory.mktemp("watched")
    with world(folder, f"sqlite:///{folder / 'rasid.db'}") as made, serving(temper := Temper()) as port:
        mail = {
            "RASID_SMTP_URL": f"smtp://127.0.0.1:{port}?tls=none",
            "RASID_MAIL_FROM": "rasid@example.org",
            "RASID_MAIL_TO": "desk@example.org",
        }
        # Prefect warns of its own deprecations; ours are errors in the other tests.
        there = replace(made, environment=made.environment | server | mail | {"PYTHONWARNINGS": "default"})
        told = json.loads(python(there, "-c", SETUP).splitlines()[-1])
        yield Watched(there, server, temper, told["ids"], (told["first"], told["again"]))


@pytest.fixture(scope="module")
def troubled(watched: Watched) -> Iterator[tuple[Watched, str, str]]:
    """After trouble of every kind, each seen twice: also the run that failed, and the one that died."""
    dead = watched.new_run()
    watched.set_state(dead, "RUNNING")
    beat = {"event": "prefect.flow-run.heartbeat", "resource": {"prefect.resource.id": f"prefect.flow-run.{dead}"}}
    tag = {"prefect.resource.id": "prefect.tag.rasid", "prefect.resource.role": "tag"}
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    ask(watched.server, "/events", [beat | {"related": [tag], "payload": {}, "occurred": now, "id": dead}])
    failed = watched.new_run()
    watched.set_state(failed, "FAILED", message="The disk is <full>.")
    python(watched.there, "-c", EMIT)
    yield watched, failed, dead


def test_automations_are_applied_by_name(watched: Watched) -> None:
    assert watched.applied == (["created"] * 6, ["unchanged"] * 6)
    listed = [json.loads(line) for line in watched.there.rasid("automations", "list", "--json").splitlines()]
    # The one that waits for signs of life was made less patient for these tests.
    assert {one["did"] for one in listed if one["name"] != "rasid: a run died"} == {"unchanged"}
    assert [one["did"] for one in listed if one["name"] == "rasid: a run died"] == ["updated"]
    assert all(one["enabled"] for one in listed)


def test_without_a_server_the_mend_is_said(watched: Watched) -> None:
    with watched.there.start("automations", "apply", PREFECT_API_URL="") as process:
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (2, "") and err.startswith("PREFECT_API_URL: automations live on a Prefect")


def test_each_trouble_is_told_once(troubled: tuple[Watched, str, str]) -> None:
    watched, failed, _ = troubled
    until(lambda: watched.notices().keys() == notices.KINDS.keys())
    facts = {kind: run["parameters"]["facts"] for kind, run in watched.notices().items()}
    assert facts[notices.RUN_FAILED]["id"] == failed
    assert facts[notices.RUN_FAILED]["message"] == "The disk is <full>."
    assert facts[notices.BROKEN]["source"] == "waha" and facts[notices.BROKEN]["failures"] == 3
    assert facts[notices.LATE]["tagger"] == "rules" and facts[notices.LATE]["waiting"] == 3


def test_the_operator_gets_a_mail(troubled: tuple[Watched, str, str]) -> None:
    watched, failed, _ = troubled
    until(lambda: notices.RUN_FAILED in watched.notices())
    watched.execute(watched.notices()[notices.RUN_FAILED]["id"])
    (mail,) = watched.mails.taken
    assert mail["To"] == "desk@example.org" and mail["Subject"] == "Rasid: a run of ingest ended as Failed"
    text = mail.get_content()
    assert "The disk is <full>." in text and f"{watched.dashboard}/runs/flow-run/{failed}" in text


def test_a_run_that_died_is_marked_crashed(troubled: tuple[Watched, str, str]) -> None:
    watched, _, dead = troubled

    def crashed() -> bool:
        (run,) = ask(watched.server, "/flow_runs/filter", {"flow_runs": {"id": {"any_": [dead]}}})
        return bool(run["state_name"] == "Crashed")

    until(crashed)
    assert len(watched.notices()) == len(notices.KINDS), "one mail on failed runs of a flow is enough for six hours"
