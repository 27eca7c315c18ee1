"""`rasid move`: the whole store to another database, checked on both sides."""

from __future__ import annotations

import json as jsons
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from articles.faults import Faults
from flows import settings
from flows.settings import ROOT, Settings
from flows.stores import opened
from storage import database, lives
from storage.database import StorageError, Store

if TYPE_CHECKING:
    from storage.moving import Content, Told

NEXT = (
    "Set RASID_DATABASE_URL to the new address, for every worker and service, then run `rasid doctor`.",
    "The archive of pages and the corpus folder stay where they are.",
    "The old database is as it was; remove it once the new one has proved itself.",
)


def register(into: typer.Typer) -> None:
    """Adds the command to the command line."""
    into.command()(move)


def move(
    to: Annotated[str, typer.Option(metavar="URL", help="An empty database, as RASID_DATABASE_URL would name it.")],
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Copy everything to another database, SQLite or PostgreSQL, and compare; the old one is left as it is."""
    known = settings.load()
    url = _target(known, to)
    started = time.monotonic()
    with opened(known) as store:
        moved = _move(known, store, url)
    seconds = time.monotonic() - started
    if json:
        ends = {"from": database.masked(known.database_url), "to": database.masked(url)}
        tables = [asdict(table) for table in moved]
        rows = sum(table.rows for table in moved)
        print(jsons.dumps(ends | {"seconds": round(seconds, 3), "rows": rows, "tables": tables, "next": NEXT}))
    else:
        _show(moved, url, seconds)


def _target(known: Settings, to: str) -> str:
    if fault := database.address_fault(to):
        raise Faults([f"--to: {fault}"])
    url = database.anchored(to, ROOT)
    here, there = database.sqlite_file(known.database_url), database.sqlite_file(url)
    if url == known.database_url or (here and there and os.path.realpath(here) == os.path.realpath(there)):
        raise Faults(["--to: is the database in use; name another one"])
    return url


def _move(known: Settings, store: Store, url: str) -> list[Content]:
    """The move, unless something is at work on the store."""
    from storage import moving  # Alembic is dear to import

    with lives.life(store, f"move-{os.getpid()}", known.home / "runs") as life:
        if not life.alone():
            raise StorageError("a pass is under way on this database: wait for its end or stop it, then move")
        target = database.connect(url)
        try:
            with _progress(moving.size(store)) as told:
                return moving.move(store, target, moving.lock_of(url, known.home), told)
        finally:
            target.dispose()


@contextmanager
def _progress(rows: int) -> Iterator[Told]:
    """On a terminal a bar: each row is copied, and then checked."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        bar = progress.add_task("rows", total=2 * rows)
        yield lambda table, count: progress.update(bar, advance=count, description=f"rows (last: {table})")


def _show(moved: list[Content], url: str, seconds: float) -> None:
    for table in moved:
        print(f"{table.table:<12} {table.rows:>10,} rows  {table.digest}")
    rows = sum(table.rows for table in moved)
    print(f"{rows:,} rows copied to {database.masked(url)} and compared in {seconds:.1f} s.")
    print("\n".join(NEXT))
