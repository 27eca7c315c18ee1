"""`rasid serve` on an installation of its own, running: what several tests put to use."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar
from urllib.request import Request, urlopen

import pytest

from tests.mailserver import Temper, serving
from tests.worlds import RASID, World, world

T = TypeVar("T")

EVERY = "6s"
"""How often a pass comes, in the place of the schedule."""

INTERVAL = '"1s"'
"""How often each of the newsroom's sites is due, so that every pass reads all."""


@dataclass
class Serving:
    """A `rasid serve`, what it watches, and the mails that it has sent."""

    world: World
    mails: Temper
    dashboard: str
    """`http://127.0.0.1:PORT`, without a slash at its end."""
    log: Path
    """What it says, on both streams."""
    process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Starts it, unless it runs, and waits until it is at work."""
        if self.process is not None and self.process.poll() is None:
            return
        self.log.write_text("")
        words = ("serve", "--port", self.dashboard.rpartition(":")[2], "--every", EVERY)
        with self.log.open("w") as both:
            self.process = subprocess.Popen(
                (*RASID, *words),
                env=self.world.environment,
                cwd=self.world.folder,
                stdout=both,
                stderr=both,
                text=True,
                start_new_session=True,
            )
        until(self._is_up)

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Tells it to end, and returns its exit code."""
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(60)

    def ask(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """One call of the Prefect server's API; without a body it is a GET."""
        data = None if body is None else json.dumps(body).encode()
        request = Request(f"{self.dashboard}/api{path}", data, {"Content-Type": "application/json"})
        with urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def runs(self, name: str, *states: str) -> list[dict[str, Any]]:
        """The runs of a deployment, newest first: all, or those in these states (`Completed`, `Running`, ...)."""
        wanted: dict[str, Any] = {"deployments": {"name": {"any_": [name]}}, "sort": "EXPECTED_START_TIME_DESC"}
        if states:
            wanted["flow_runs"] = {"state": {"name": {"any_": list(states)}}}
        return list(self.ask("/flow_runs/filter", wanted))

    def processes(self) -> dict[int, str]:
        """All processes of this installation, by their ids: those that have its state folder in their environment."""
        mark = f"RASID_HOME={self.world.environment['RASID_HOME']}\0".encode()
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if mark in (folder / "environ").read_bytes():
                    found[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        return found

    def _is_up(self) -> bool:
        assert self.process is not None
        said = self.log.read_text("utf-8")
        if self.process.poll() is not None:
            pytest.fail(f"rasid serve ended with {self.process.returncode}:\n{said[-4000:]}")
        match = re.search(r"The dashboard: (http://127\.0\.0\.1:\d+)", said)
        if match:
            assert match[1] == self.dashboard, said
        return match is not None


def until(found: Callable[[], T], seconds: float = 90) -> T:
    """What a question comes to, asked until it is something; one that nobody answers is asked again."""
    end, pause = time.monotonic() + seconds, threading.Event()
    while True:
        with suppress(OSError):
            if answer := found():
                return answer
        assert time.monotonic() < end, "nothing came of it"
        pause.wait(0.1)


@contextmanager
def installation(folder: Path) -> Iterator[Serving]:
    """A newsroom's watch on SQLite with a mail server; it is not started yet, and nothing of it is left at the end."""
    with world(folder, f"sqlite:///{folder / 'var' / 'rasid.db'}") as made, serving(temper := Temper()) as port:
        catalogue = folder / "sources.toml"
        catalogue.write_text(catalogue.read_text("utf-8").replace('"30m"', INTERVAL), "utf-8")
        further = {
            "RASID_SMTP_URL": f"smtp://127.0.0.1:{port}?tls=none",
            "RASID_MAIL_FROM": "rasid@example.org",
            "RASID_MAIL_TO": "desk@example.org",
            "PYTHONWARNINGS": "",  # Prefect warns of much
        }
        there = replace(made, environment=made.environment | further)
        served = Serving(there, temper, f"http://127.0.0.1:{free_port()}", folder / "log")
        try:
            yield served
        finally:
            for number in served.processes():
                with suppress(ProcessLookupError):
                    os.kill(number, signal.SIGKILL)
            if served.process:
                served.process.wait()


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@pytest.fixture(scope="session")
def served_installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """One for all tests of a process."""
    with installation(tmp_path_factory.mktemp("served")) as served:
        yield served


@pytest.fixture
def serving_rasid(served_installation: Serving) -> Serving:
    """`rasid serve` over a newsroom, at work, with a pass every few seconds; shared with other tests."""
    served_installation.start()
    return served_installation
