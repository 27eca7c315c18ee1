"""`rasid serve`: the dashboard, the schedules and the runs, in one process that can be ended at any moment.

A *session* is from the server's start to its end. When the server dies, or whoever served before was killed, the next
session ends what is left over and goes on: there is one way to begin, and it is the way to recover.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from prefect.client.orchestration import get_client
from prefect.runner import Runner

from flows import automations, dashboard, deployments, prefect_server
from flows.schedules import Served

AT_ONCE = 4
"""Runs at a time; each is a process of some 100 MB."""

POLL_SECONDS = 3.0
"""How often the server is asked what is to run."""

SOON = 60
"""A server that dies within so many seconds is started again after a pause, which doubles each time, up to this."""

log = logging.getLogger("rasid")


class _Runner(Runner):
    """Prefect's runner, without a will of its own upon SIGTERM: the event loop has a handler for it."""

    def handle_sigterm(self, *_: Any, **__: Any) -> None:
        """Leaves the signal to the event loop."""


def serve(home: Path, port: int | None, served: Sequence[Served], up: Callable[[], None]) -> None:
    """Runs what is served until SIGINT or SIGTERM; `up` is called when a session has begun.

    `port`: of a server of our own, whose state is kept in `home`; None: the one that PREFECT_API_URL names is joined.

    Raises:
        StorageError: the server can't be started.
        Faults: the server that is to be joined does not answer.
    """
    with contextlib.suppress(asyncio.CancelledError):
        asyncio.run(_until_told(_sessions(home, port, served, up)))


async def _until_told(work: Coroutine[Any, Any, None]) -> None:
    task = asyncio.create_task(work)
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    await task


async def _sessions(home: Path, port: int | None, served: Sequence[Served], up: Callable[[], None]) -> None:
    pause = 1.0
    while True:
        began = time.monotonic()
        async with _server(home, port) as ended:
            await _session(served, ended, up, joined=port is None)
        pause = 1.0 if time.monotonic() - began > SOON else min(2 * pause, SOON)
        log.warning("The Prefect server has ended; it is started again in %d s.", pause)
        await asyncio.sleep(pause)


async def _session(served: Sequence[Served], ended: asyncio.Task[int], up: Callable[[], None], *, joined: bool) -> None:
    """Ends with the server; when it is cancelled the runs under way are cancelled, too."""
    runner = _Runner(name="rasid", limit=AT_ONCE, query_seconds=POLL_SECONDS, pause_on_shutdown=joined)
    await _begin(runner, served)
    work: asyncio.Task[Any] = asyncio.create_task(runner.start())
    up()
    try:
        await asyncio.wait({work, ended}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        if runner.started and not ended.done():
            await runner.astop()
        else:
            work.cancel()
        await asyncio.gather(work, return_exceptions=True)


async def _begin(runner: Runner, served: Sequence[Served]) -> None:
    """Registers what is served, clears up behind whoever served before, and has a pass run at once."""
    ids = {one.name: await runner.aadd_deployment(await deployments.deployment(one)) for one in served}
    async with get_client() as client:
        crashed, missed = await deployments.recover(client, ids.values(), datetime.now(UTC))
        if crashed:
            log.warning("%d runs that were cut short are marked as crashed; what they left is taken up again.", crashed)
        if missed:
            log.info("%d runs were missed meanwhile; the next ones take up what is due.", missed)
        if "notice" in ids:
            await automations.apply(client, automations.wanted(ids["notice"]))
        await client.create_flow_run_from_deployment(ids[served[0].name], name=served[0].name)


@asynccontextmanager
async def _server(home: Path, port: int | None) -> AsyncIterator[asyncio.Task[int]]:
    """A server to talk to, and what is done when it has ended: never, where it is not ours."""
    if port is None:
        async with prefect_server.client():
            pass  # refused here, and not after a while of trying
        yield asyncio.create_task(_never())
        return
    async with dashboard.running(home, port) as process:
        yield asyncio.create_task(process.wait())


async def _never() -> int:
    await asyncio.Event().wait()
    return 0
