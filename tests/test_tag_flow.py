"""Configured taggers at work: by command, as a flow on a real Prefect server, and by the event that starts it."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from flows import doctor, settings, signals, stores
from flows.doctor import Check
from storage.tables import ARTICLE, VERSION
from storage.tags import Backlog
from tests.prefect_server import ask, runs
from tests.worlds import ROOT, World, world

TAGGER = """
import json, sys
for line in sys.stdin:
    document = json.loads(line)
    print(json.dumps({"id": document["id"], "content_hash": document["content_hash"], "stance": "neutral"}))
"""

EMIT = """
from datetime import UTC, datetime, timedelta
from prefect import flow
from flows import doctor, settings, signals, stores
from flows.doctor import Check
from storage.tables import ARTICLE, VERSION
from storage.tags import Backlog

@flow(name="emitter")
def emitter():
    old = datetime.now(UTC) - timedelta(hours=30)
    assert signals.document_ready(["005_0123456789abcdef.txt"])
    assert signals.tagging_stale(
        Backlog(tagger="rules", waiting=3, oldest_waiting_since=old), datetime.now(UTC), timedelta(hours=24)
    )
    assert not signals.document_ready([])

emitter()
"""


def configure(there: World, *blocks: str) -> World:
    """The same installation with these taggers; each may name `tagger.py`, which calls everything neutral."""
    (there.folder / "tagger.py").write_text(TAGGER)
    (there.folder / "taggers.toml").write_text("".join(f"[[tagger]]\n{block}\n" for block in blocks))
    return replace(there, environment=there.environment | {"RASID_TAGGERS": str(there.folder / "taggers.toml")})


def command(name: str, *words: str) -> str:
    return f"name = {json.dumps(name)}\ncommand = {json.dumps([sys.executable, *words])}"


def test_tags_run(there: World) -> None:
    there = configure(there, command("rules", "tagger.py"), command("broken", "-c", "import sys; sys.exit(9)"))
    there.rasid("corpus", "adopt")
    rules, broken = (json.loads(line) for line in there.rasid("tags", "run", "--json").splitlines())
    assert (rules["asked"], rules["tagged"], rules["waiting"], rules["left"], rules["stopped"]) == (5, 5, 0, [], None)
    assert rules["oldest_waiting_seconds"] is None and rules["stale"] is False
    assert (broken["tagged"], broken["waiting"]) == (0, 5) and "exit code 9" in broken["stopped"]
    assert {left["reason"] for left in broken["left"]} == {"It ended with exit code 9."}
    again = json.loads(there.rasid("tags", "run", "--tagger", "rules", "--json"))
    assert (again["asked"], again["tagged"]) == (0, 0)
    there.rasid("tags", "run", "--tagger", "broken", code=1)
    assert "did you mean rules?" in refused(there, "tags", "run", "--tagger", "rule")
    said = there.rasid("tags", "run")
    assert "rules: 0 of 0 documents tagged, 0 wait." in said and "stopped: It failed 3 times in a row." in said


def refused(there: World, *words: str) -> str:
    with there.start(*words) as process:
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (2, "") and "Traceback" not in err
    return err


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path, f"sqlite:///{tmp_path / 'rasid.db'}") as made:
        yield made


@pytest.mark.thorough
def test_doctor_tells_of_tagging_that_has_fallen_behind(alone: World) -> None:
    def tagging() -> Check:
        (check,) = [
            check for check in doctor.examine(settings.load(there.environment)).checks if check.name == "tagging"
        ]
        return check

    there = alone
    there.rasid("corpus", "adopt")
    assert tagging().ok is None and "5 documents wait for the first tagger" in tagging().message
    there = configure(alone, command("rules", "tagger.py"))
    assert tagging().ok is True and "5 documents wait for rules" in tagging().message
    with stores.opened(settings.load(there.environment)) as store, store.write() as connection:
        long_ago = datetime.now(UTC) - timedelta(hours=25)
        connection.execute(VERSION.update().values(seen_at=long_ago))
        connection.execute(ARTICLE.update().values(document_at=long_ago))
    assert (
        tagging().ok is False and "the oldest for 25.0 hours, more than RASID_TAGGING_MAX_AGE (1d)" in tagging().message
    )
    there.rasid("tags", "run")
    assert tagging().message == "nothing waits for a tag"


def test_without_a_tagger_there_is_nothing_to_do(alone: World) -> None:
    with alone.start("tags", "run", "--json") as process:
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (0, "") and "no tagger is configured" in err


def test_unusable_settings_are_refused_before_anything_opens(alone: World) -> None:
    there = configure(alone, 'name = "x"', 'nam = "y"\ncommand = ["z"]')
    for words in (("tags", "run"), ("doctor",)):
        assert len(refused(there, *words).splitlines()) == 3
    assert not (there.folder / "rasid.db").exists()


def test_outside_a_flow_run_nothing_is_sent_and_prefect_is_not_loaded() -> None:
    old = Backlog(tagger="t", waiting=1, oldest_waiting_since=datetime(2020, 1, 1, tzinfo=UTC))
    assert not signals.document_ready(["x"])
    assert not signals.tagging_stale(old, datetime.now(UTC), timedelta(hours=1))
    code = "import sys; from flows import signals; signals.document_ready(['x']); assert 'prefect' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


@pytest.fixture
def flowing(alone: World, server: dict[str, str]) -> World:
    # Prefect warns of its own deprecations; ours are errors in the other tests.
    return replace(alone, environment=alone.environment | server | {"PYTHONWARNINGS": "default"})


def python(there: World, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words], env=there.environment, cwd=ROOT, capture_output=True, text=True, timeout=120
    )


def until(found: Any, seconds: float = 60) -> Any:
    """What a question comes to, asked until it is something."""
    end, pause = time.monotonic() + seconds, threading.Event()
    while not (answer := found()):
        assert time.monotonic() < end, "nothing came of it"
        pause.wait(0.2)
    return answer


@pytest.mark.thorough
@pytest.mark.prefect
def test_the_flow_has_a_task_a_tagger_and_fails_when_nothing_is_tagged(flowing: World, server: dict[str, str]) -> None:
    run_it = ("-c", "import asyncio; from flows.tag import tag; print(len(asyncio.run(tag())))")
    assert python(flowing, *run_it).stdout == "0\n", "none configured"
    flowing.rasid("corpus", "adopt")
    there = configure(flowing, command("rules", "tagger.py"), command("broken", "-c", "import sys; sys.exit(9)"))
    done = python(there, *run_it)
    assert done.stdout == "2\n", done.stderr[-2000:]
    newest = runs(server)[0]
    assert newest["name"].startswith("tag 20") and newest["state_name"] == "Completed"
    assert {task["name"] for task in runs(server, newest["id"])} == {"tagger rules", "tagger broken"}
    (artifact,) = ask(server, "/artifacts/filter", {"artifacts": {"key": {"any_": ["tagging"]}}})
    assert [row["tagged"] for row in json.loads(artifact["data"])] == [5, 0]
    failed = python(configure(there, command("broken", "-c", "import sys; sys.exit(9)")), *run_it)
    assert "NothingTagged: broken: It failed 3 times" in failed.stderr and runs(server)[0]["state_name"] == "Failed"


@pytest.mark.thorough
@pytest.mark.prefect
def test_documents_that_are_ready_start_the_deployment(flowing: World, server: dict[str, str]) -> None:
    """prefect.yaml as it stands: the event of a flow run leads to a run of the deployment, which tags what waits."""
    there = configure(flowing, command("rules", "tagger.py"))
    there.rasid("corpus", "adopt")
    for words in (
        ("work-pool", "create", "rasid", "--type", "process", "--overwrite"),
        ("--no-prompt", "deploy", "--all"),
    ):
        done = python(there, "-m", "prefect", *words)
        assert done.returncode == 0, done.stdout + done.stderr
    (deployment,) = ask(server, "/deployments/filter", {"deployments": {"name": {"any_": ["tag"]}}})
    assert deployment["entrypoint"] == "flows.tag.tag"

    def started() -> list[dict[str, Any]]:
        mine = {"flow_runs": {"deployment_id": {"any_": [deployment["id"]]}}}
        return [run for run in ask(server, "/flow_runs/filter", mine) if not run["auto_scheduled"]]

    assert started() == []
    emitted = python(there, "-c", EMIT)
    assert emitted.returncode == 0, emitted.stderr
    until(started)
    assert python(there, "-m", "prefect", "worker", "start", "--pool", "rasid", "--run-once").returncode == 0
    assert [run["state_name"] for run in started()] == ["Completed"]
    assert json.loads(there.rasid("tags", "status", "--json"))["tagged"] == 5
    events = ask(server, "/events/filter", {"filter": {"event": {"name": [signals.READY, signals.STALE]}}})["events"]
    said = {event["event"]: event for event in events}
    assert said[signals.READY]["payload"] == {"count": 1, "names": ["005_0123456789abcdef.txt"]}
    assert said[signals.STALE]["resource"]["prefect.resource.id"] == "rasid.tagger.rules"
    assert said[signals.STALE]["payload"]["oldest_waiting_seconds"] >= 30 * 3600
