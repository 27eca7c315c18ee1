"""What an operator sees and is told, on a real Prefect server: pages in a browser, automations, and their mails."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from flows import artifacts, notices, signals
from tests import browser
from tests.mailserver import Temper, serving
from tests.prefect_server import ask
from tests.worlds import FAILING, ROOT, World, world

pytestmark = [pytest.mark.prefect, pytest.mark.thorough]

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
import asyncio
from datetime import UTC, datetime, timedelta
from prefect import flow
from flows import health, runs, signals
from flows.maintenance import maintenance
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

@flow(name="long work")
async def work():
    await steps()

async def steps():
    async with runs.progress("long-work", "Eight steps", 8) as tell:
        for done in range(1, 9):
            await tell(done)

emitter()
asyncio.run(steps())
asyncio.run(work())
assert maintenance()["database_bytes"] > 0
"""


ENGINE = ("-m", "prefect.engine")
"""What a worker starts for a run. Prefect's own command for it lingers for a minute when the run has ended."""


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

    def event(self, name: str, run: str) -> dict[str, Any] | None:
        """An event of this name that a run gave; the server writes them down a little later."""
        found = ask(self.server, "/events/filter", {"filter": {"event": {"name": [name]}}})["events"]
        return next((event for event in found if run in json.dumps(event["related"])), None)

    def new_run(self) -> str:
        """A run of the ingest deployment, waiting."""
        run = ask(self.server, f"/deployments/{self.ids['ingest']}/create_flow_run", {"parameters": {"force": True}})
        return str(run["id"])

    def set_state(self, run: str, kind: str, **more: str) -> None:
        ask(self.server, f"/flow_runs/{run}/set_state", {"state": {"type": kind, **more}, "force": True})

    def execute(self, run: str) -> None:
        """Runs a waiting run as a worker's child does."""
        python(replace(self.there, environment=self.there.environment | {"PREFECT__FLOW_RUN_ID": run}), *ENGINE)


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


def test_long_work_shows_how_far_it_is(troubled: tuple[Watched, str, str]) -> None:
    found = ask(troubled[0].server, "/artifacts/filter", {"artifacts": {"key": {"any_": ["long-work"]}}})
    assert [(one["type"], float(one["data"]), one["description"]) for one in found] == [
        ("progress", 100.0, "Eight steps")
    ], "outside a flow run nothing is shown"


def test_a_run_that_died_is_marked_crashed(troubled: tuple[Watched, str, str]) -> None:
    watched, _, dead = troubled

    def crashed() -> bool:
        (run,) = ask(watched.server, "/flow_runs/filter", {"flow_runs": {"id": {"any_": [dead]}}})
        return bool(run["state_name"] == "Crashed")

    until(crashed)
    assert len(watched.notices()) == len(notices.KINDS), "one mail on failed runs of a flow is enough for six hours"


@pytest.fixture(scope="module")
def ingested(watched: Watched) -> str:
    """A run of the deployment, as its schedule starts them, that has come to its end."""
    run = watched.new_run()
    watched.execute(run)
    return run


def test_a_pass_leaves_artifacts_events_and_log_lines(watched: Watched, ingested: str) -> None:
    (run,) = ask(watched.server, "/flow_runs/filter", {"flow_runs": {"id": {"any_": [ingested]}}})
    assert run["state_name"] == "Completed"
    mine = {"flow_runs": {"id": {"any_": [ingested]}}}
    left = {one["key"]: one for one in ask(watched.server, "/artifacts/filter", mine)}
    assert left.keys() == {artifacts.SOURCES, artifacts.NEWS, artifacts.WAITING}
    rows = json.loads(left[artifacts.SOURCES]["data"])
    assert {row["source"] for row in rows} == watched.there.newsroom.addresses.keys()
    assert all(name in left[artifacts.NEWS]["data"] for name in watched.there.corpus()[5:])
    logs = ask(watched.server, "/logs/filter", {"logs": {"flow_run_id": {"any_": [ingested]}}, "limit": 200})
    said = [line["message"] for line in logs if line["name"].startswith("rasid")]
    assert all(any(line.startswith(f"source {row['source']}: ") for line in said) for row in rows)
    assert len(said) == len(set(said)), "each line once"
    ended = until(lambda: watched.event(signals.ENDED, ingested))
    assert ended["payload"]["totals"]["on_topic"] > 0 and set(ended["payload"]["failed"]) == set(FAILING)


def test_the_dashboard_shows_it(watched: Watched, ingested: str, tmp_path: Path) -> None:
    """What docs/operations.md says of each page, in a browser."""
    (run,) = ask(watched.server, "/flow_runs/filter", {"flow_runs": {"id": {"any_": [ingested]}}})
    arabic = next(one for one in watched.there.articles() if one["language"] == "ar" and one["name"] and one["source"])
    newest = ask(watched.server, "/artifacts/filter", {"flow_runs": {"id": {"any_": [ingested]}}})
    ids = {one["key"]: one["id"] for one in newest}
    at = watched.dashboard
    with browser.page(tmp_path) as page:
        page.open(f"{at}/dashboard", "Flow Runs", "Task Runs")
        page.open(f"{at}/runs/flow-run/{ingested}", run["name"], "source waha: listed", "Completed")
        page.open(f"{at}/deployments", "ingest", "notice")
        page.open(f"{at}/artifacts/key/{artifacts.SOURCES}", "visited in", run["name"])
        page.open(f"{at}/artifacts/artifact/{ids[artifacts.SOURCES]}", "waha", "steppe-times", "failing")
        page.open(f"{at}/artifacts/artifact/{ids[artifacts.WAITING]}", "mail")
        page.open(f"{at}/artifacts/artifact/{ids[artifacts.NEWS]}", "new document", arabic["title"])
        block = "document.querySelector('div[dir=rtl][lang=ar]')"
        assert page.evaluate(f"getComputedStyle({block}).direction") == "rtl"
        assert page.evaluate(f"{block}.querySelector('a').href").startswith("http://127.0.0.1:")
        page.open(f"{at}/automations", "rasid: a run failed", "rasid: a source is silent")
