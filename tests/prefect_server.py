"""A Prefect server of the tests' own, on loopback: one for each test process, started by the first test that asks."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import pytest


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The settings that lead to a Prefect server of the tests' own, on loopback."""
    home = tmp_path_factory.mktemp("prefect")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = {
        "PREFECT_HOME": str(home),
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_WORKER_QUERY_SECONDS": "1",
        "DO_NOT_TRACK": "1",
    }
    words = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    with (home / "log").open("w") as log:
        process = subprocess.Popen(words, env=os.environ | settings, stdout=log, stderr=log, cwd=home)
    try:
        _until_healthy(settings["PREFECT_API_URL"], process)
        yield settings
    finally:
        process.terminate()
        process.wait()


def _until_healthy(api: str, process: subprocess.Popen[bytes]) -> None:
    while True:
        try:
            with urlopen(f"{api}/health", timeout=1):
                return
        except (URLError, TimeoutError, ConnectionError):
            pass
        with contextlib.suppress(subprocess.TimeoutExpired):
            pytest.fail(f"the Prefect server ended before it was up, with {process.wait(0.2)}")


def ask(settings: dict[str, str], path: str, body: Any) -> Any:
    """One call of the Prefect server's API; one that is too busy with its database (503) is asked again."""
    request = Request(
        settings["PREFECT_API_URL"] + path, json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    while True:
        try:
            with urlopen(request) as answer:
                return json.loads(answer.read() or "null")
        except HTTPError as error:
            if error.code != 503:
                raise


def runs(settings: dict[str, str], flow_run: str | None = None) -> list[dict[str, Any]]:
    """Flow runs that have begun, newest first; or the task runs of one."""
    if flow_run:
        found = ask(settings, "/task_runs/filter", {"flow_runs": {"id": {"any_": [flow_run]}}})
    else:
        found = ask(settings, "/flow_runs/filter", {"sort": "START_TIME_DESC"})
    return [run for run in found if run["start_time"]]
