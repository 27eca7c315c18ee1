"""The ingest flow on a real Prefect server: by the command line, and by deployment and worker."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from flows.ingest import TASKS
from tests import postgres
from tests.crowd import crowd, installation
from tests.prefect_server import ask, runs
from tests.worlds import FAILING, ROOT, World, world

pytestmark = pytest.mark.prefect


@pytest.fixture
def there(tmp_path: Path, server: dict[str, str]) -> Iterator[World]:
    with world(tmp_path, f"sqlite:///{tmp_path / 'rasid.db'}") as made:
        # Prefect warns of its own deprecations; ours are errors in the other tests.
        yield replace(made, environment=made.environment | server | {"PYTHONWARNINGS": "default"})


def test_ingest_is_a_flow_run_with_a_task_a_source(there: World, server: dict[str, str]) -> None:
    report = there.ingest()
    assert report["totals"]["new"] == sum(e.reprint_of is None for e in there.newsroom.expected())
    newest = runs(server)[0]
    assert re.fullmatch(r"ingest \d{4}-\d\d-\d\d \d\d:\d\d", newest["name"]) and newest["state_name"] == "Completed"
    assert {task["name"] for task in runs(server, newest["id"])} == {f"source {s['name']}" for s in report["sources"]}


def test_a_pass_in_which_nothing_worked_is_a_failed_run(there: World, server: dict[str, str]) -> None:
    failing = [word for name in FAILING for word in ("--source", name)]
    report = there.ingest(*failing, code=1)
    assert {s["name"]: s["outcome"] for s in report["sources"]} == FAILING
    assert runs(server)[0]["state_name"] == "Failed"


def test_faults_are_told_before_a_run_begins(there: World, server: dict[str, str]) -> None:
    before = len(runs(server))
    assert there.rasid("ingest", "--source", "nowhere", code=2) == ""
    assert len(runs(server)) == before


def test_a_server_that_is_down_is_named_with_the_mend(there: World) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with there.start("ingest", "--json", PREFECT_API_URL=f"http://127.0.0.1:{port}/api") as process:
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (2, "")
    assert err.startswith("PREFECT_API_URL: no Prefect server answers") and "Traceback" not in err


def test_the_deployment_runs_on_a_worker(there: World, server: dict[str, str]) -> None:
    """prefect.yaml as it stands: deployed from the root, taken by a worker, run by its module path."""

    def prefect(*words: str) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "prefect", *words], env=there.environment, cwd=ROOT, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr

    prefect("work-pool", "create", "rasid", "--type", "process", "--overwrite")
    prefect("--no-prompt", "deploy", "--all")
    deployments = {each["name"]: each for each in ask(server, "/deployments/filter", {})}
    deployment = deployments["ingest"]
    assert deployment["entrypoint"] == "flows.ingest.ingest" and deployment["schedules"][0]["active"]
    ask(server, f"/deployments/{deployment['id']}/create_flow_run", {"parameters": {"force": True}})
    prefect("worker", "start", "--pool", "rasid", "--run-once")
    ended = [run for run in runs(server) if run["deployment_id"] == deployment["id"] and run["end_time"]]
    assert [run["state_name"] for run in ended] == ["Completed"]
    assert len(there.corpus()) > 5


@pytest.mark.thorough
def test_flow_runs_share_what_is_due(server: dict[str, str], cluster: postgres.Cluster, tmp_path: Path) -> None:
    """Two at once on one PostgreSQL: a task for each batch, each source in one of them, none twice."""
    with crowd(120) as sites:
        there = installation(sites, tmp_path, cluster.database())
        there.environment.update(server, PYTHONWARNINGS="default")
        before = {run["id"] for run in runs(server)}
        reports = there.passes(2)
        mine = [run for run in runs(server) if run["id"] not in before]
        assert [run["state_name"] for run in mine] == ["Completed"] * 2
        outcomes = Counter(source["outcome"] for report in reports for source in report["sources"])
        assert outcomes == {"ok": sites.count, "not-due": sites.count}
        assert sum(report["totals"]["new"] for report in reports) == len(sites.texts)
        assert set(sites.times_asked("/feed/").values()) == {1}
        assert sites.impolite() == []
        assert sum(len(runs(server, run["id"])) for run in mine) <= 2 * TASKS
