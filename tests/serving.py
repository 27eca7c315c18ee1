"""`rasid serve` on an installation of its own, running: what several tests put to use."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar
from urllib.request import Request, urlopen

import pytest

from tests.mailserver import Temper, serving
from tests.worlds import RASID, World, world

T = TypeVar("T")

EVERY = "5s"
"""How often a pass comes, in the place of the schedules."""


@dataclass(frozen=True)
class Serving:
    """A `rasid serve` under way, what it watches, and the mails that it has sent."""

    world: World
    mails: Temper
    process: subprocess.Popen[str]
    dashboard: str
    """`http://127.0.0.1:PORT`, without a slash at its end."""
    log: Path
    """What it says, on both streams."""

    def ask(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """One call of the Prefect server's API; without a body it is a GET."""
        data = None if body is None else json.dumps(body).encode()
        request = Request(f"{self.dashboard}/api{path}", data, {"Content-Type": "application/json"})
        with urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def runs(self, name: str, state: str | None = None) -> list[dict[str, Any]]:
        """The runs of a deployment, newest first: all, or those in one state (`Completed`, `Running`, ...)."""
        wanted: dict[str, Any] = {"deployments": {"name": {"any_": [name]}}, "sort": "EXPECTED_START_TIME_DESC"}
        if state:
            wanted["flow_runs"] = {"state": {"name": {"any_": [state]}}}
        return list(self.ask("/flow_runs/filter", wanted))


def until(found: Callable[[], T], seconds: float = 60) -> T:
    """What a question comes to, asked until it is something; an unanswered one is asked again."""
    end, pause = time.monotonic() + seconds, threading.Event()
    while True:
        try:
            if answer := found():
                return answer
        except OSError:
            pass
        assert time.monotonic() < end, "nothing came of it"
        pause.wait(0.1)


@contextmanager
def started(there: World, log: Path, *words: str, mails: Temper, **settings: str) -> Iterator[Serving]:
    """`rasid serve` with these words, in a process group of its own, up; at the end its whole group is killed."""
    with log.open("a") as both:
        process = subprocess.Popen(
            (*RASID, "serve", *words),
            env=there.environment | settings,
            cwd=there.folder,
            stdout=both,
            stderr=both,
            text=True,
            start_new_session=True,
        )
    try:
        yield Serving(there, mails, process, until(lambda: _dashboard(process, log)), log)
    finally:
        with_group(process.pid, signal.SIGKILL)
        process.wait()


def with_group(group: int, number: int) -> bool:
    """Sends a signal to a process group; False: it has died out."""
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return False
    return True


@contextmanager
def installation(folder: Path) -> Iterator[tuple[World, Temper]]:
    """A newsroom's watch on SQLite, with a mail server and the settings that `rasid serve` is started with."""
    with world(folder, f"sqlite:///{folder / 'var' / 'rasid.db'}") as made, serving(temper := Temper()) as port:
        further = {
            "RASID_SMTP_URL": f"smtp://127.0.0.1:{port}?tls=none",
            "RASID_MAIL_FROM": "rasid@example.org",
            "RASID_MAIL_TO": "desk@example.org",
            "PYTHONWARNINGS": "",  # Prefect warns of much
            "DO_NOT_TRACK": "1",
        }
        yield replace(made, environment=made.environment | further), temper


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@pytest.fixture(scope="session")
def serving_rasid(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """`rasid serve` over a newsroom, with a pass every few seconds; one for all tests of a process."""
    folder = tmp_path_factory.mktemp("served")
    with (
        installation(folder) as (there, mails),
        started(there, folder / "log", "--port", str(free_port()), "--every", EVERY, mails=mails) as running,
    ):
        yield running


def _dashboard(process: subprocess.Popen[str], log: Path) -> str | None:
    """The dashboard's address, once `rasid serve` names it."""
    said = log.read_text("utf-8")
    if process.poll() is not None:
        print(said, file=sys.stderr)
        pytest.fail(f"rasid serve ended with {process.returncode}:\n{said[-4000:]}")
    match = re.search(r"http://127\.0\.0\.1:\d+", said)
    return match[0] if match else None
