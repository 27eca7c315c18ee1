"""`rasid serve` on the command line."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial
from typing import Annotated

import typer

from articles import spans
from articles.faults import Faults
from flows import dashboard, orders, schedules, settings, taggers
from flows.schedules import Served
from flows.settings import Settings
from flows.stores import opened

PORT = 4200


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(serve)


def serve(
    port: Annotated[int, typer.Option("--port", help="The dashboard's; the next free one when it is taken.")] = PORT,
    every: Annotated[
        str | None, typer.Option("--every", metavar="SPAN", help="A pass so often (30s, 5m, 1h), not each quarter.")
    ] = None,
) -> None:
    """Runs everything by schedule, in one process, and names the dashboard's address. Ctrl-C ends it.

    With PREFECT_API_URL set it joins that server; otherwise it starts one of its own on this machine.
    """
    known = settings.load()
    paced = schedules.SERVED if every is None else served(every)
    order = orders.order(known)
    taggers.configured(known)
    with opened(known):  # refused here, and not by every run anew
        pass
    print(f"{len(order.wanted)} sources are watched; state is kept in {_short(known)}.")
    with dashboard.alone(known.home / "prefect"):
        begin(known, port, paced)


def begin(known: Settings, port: int, served: Sequence[Served]) -> None:
    """Serves until SIGINT or SIGTERM, and tells where the dashboard is as soon as it is up. The folder is held.

    Raises:
        StorageError: no server can be started.
        Faults: the server that PREFECT_API_URL names does not answer.
    """
    home, api = known.home / "prefect", known.prefect_api_url
    free = None if api else dashboard.free_port(port)
    own = {} if free is None else dashboard.environment(home, free)
    settings.export(dashboard.quiet() | own | {settings.SERVED_BY: str(os.getpid())})
    at = api.removesuffix("/api") if api else f"http://127.0.0.1:{free}"
    if free not in (None, port):
        print(f"Port {port} is taken: the dashboard is at {free}.")
    print("Starting (the first time takes a quarter of a minute) ...", flush=True)
    from flows import serving  # Prefect is dear to import, and reads its settings as it is

    serving.serve(home, free, served, partial(_tell, at, served))


def _tell(at: str, served: Sequence[Served]) -> None:
    print(f"Rasid is at work. The dashboard: {at}")
    for one in served:
        print(f"  {one.name:<13}{one.when:<48}{one.about}")
    print("Ctrl-C ends it.", flush=True)


def served(every: str) -> tuple[Served, ...]:
    """What is served, with a pass so often.

    Raises:
        Faults: that is no span of time.
    """
    span = spans.read(every)
    if not span:
        raise Faults([f"--every {every}: is no span of time; write a number and s, m, h or d, like 5m"])
    return schedules.paced(schedules.SERVED, span)


def _short(known: Settings) -> str:
    return os.path.relpath(known.home, settings.ROOT)
