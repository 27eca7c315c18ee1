"""The Prefect server of this installation: a child on loopback that dies with us, its state in the state folder."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import socket
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from storage.database import StorageError

PORTS = 100
"""Ports looked at, from the wanted one on."""

START_SECONDS = 120
"""A first start makes its database: 8 to 15 seconds on two idle cores."""

STOP_SECONDS = 10

PAUSE_SECONDS = 0.2

LOG = "server.log"


def environment(home: Path, port: int) -> dict[str, str]:
    """The settings of a server at this port, and of all who talk to it: to be set before Prefect is imported."""
    return {
        "PREFECT_HOME": str(home),
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "PREFECT_SERVER_API_HOST": "127.0.0.1",
        "PREFECT_SERVER_API_PORT": str(port),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
        "PREFECT_SERVER_UI_V2_ENABLED": "false",  # the newer pages ask an outside host
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "PREFECT_SERVER_UI_API_URL": f"http://127.0.0.1:{port}/api",
        # A day of passes is some 40 MB; Prefect itself keeps runs for ever.
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(14 * 86400),
    }


def quiet() -> dict[str, str]:
    """The settings of all who run flows here: few words, none of them to outside hosts."""
    return {
        "DO_NOT_TRACK": "1",
        "PREFECT_LOGGING_SETTINGS_PATH": str(Path(__file__).with_name("logging.yml")),
        "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
        "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",
    }


def free_port(wanted: int) -> int:
    """The wanted port, or the next that is free.

    Raises:
        StorageError: so many are taken that something is wrong.
    """
    for port in range(wanted, min(wanted + PORTS, 65536)):
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise StorageError(f"no port is free on 127.0.0.1 from {wanted} on; name another with --port")


@contextmanager
def alone(home: Path) -> Iterator[None]:
    """Holds the server's folder, as long as this process lives.

    Raises:
        StorageError: another process holds it, or it can't be made.
    """
    try:
        home.mkdir(parents=True, exist_ok=True)
        file = (home / "serve.lock").open("w")
    except OSError as error:
        raise StorageError(f"{home} can't be used: {error.strerror}") from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StorageError(f"another rasid serve is at work on {home.parent}") from None
        yield


@asynccontextmanager
async def running(home: Path, port: int) -> AsyncIterator[Process]:
    """The server, up. It is ended with the block, and killed when this process ends in any other way.

    Raises:
        StorageError: it ended before it was up, or took too long; the message names its log.
    """
    words = ("-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port))
    with (home / LOG).open("w") as log:
        process = await asyncio.create_subprocess_exec(
            *_dying_with_us(sys.executable, *words),
            stdin=DEVNULL,
            stdout=DEVNULL,
            stderr=log,
            cwd=home,
            start_new_session=True,  # a terminal's Ctrl-C is for us: the server ends last
        )
    try:
        await _until_up(process, home / LOG)
        yield process
    finally:
        await _end(process)


def _dying_with_us(*command: str) -> list[str]:
    return [sys.executable, "-m", "flows.mortal", str(os.getpid()), *command]


async def _until_up(process: Process, log: Path) -> None:
    from prefect.client.orchestration import get_client  # only now: it reads the settings that are made here

    try:
        async with asyncio.timeout(START_SECONDS), get_client() as client:
            while process.returncode is None:
                if await client.api_healthcheck() is None:
                    return
                await asyncio.sleep(PAUSE_SECONDS)
    except TimeoutError:
        pass
    state = "took too long to start" if process.returncode is None else f"ended at once ({process.returncode})"
    raise StorageError(f"the Prefect server {state}; see {log}")


async def _end(process: Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
