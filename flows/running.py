"""Running a pass for the command line: with or without Prefect, on the real sources or the built-in newsroom."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from demo.newsroom import Newsroom
from flows import dashboard, heartbeat, orders, passes
from flows.passes import Pass, Reader
from flows.report import Report, SourceReport, describe
from flows.settings import ROOT, Settings
from flows.stores import make_home
from storage import corpus

DEMO_DOCUMENTS = 5
"""The first documents of the project's corpus, which it came with; the newsroom reprints some of them."""


def ingest(settings: Settings, names: Sequence[str], *, force: bool) -> Report:
    """One pass: a flow run where a Prefect server is named, else the same work without its start-up.

    Raises:
        Faults: settings, catalogue or topic can't be used.
        StorageError: the database or the state folder can't be used.
    """
    order = orders.order(settings, names, force=force)
    if settings.prefect_api_url:
        from flows import ingest as flows  # a second's import, wanted here alone

        return flows.run(list(names), force=force)
    with _progress() as read_all:
        return asyncio.run(heartbeat.watched(settings, passes.run(order, read_all)))


def run(settings: Settings) -> int:
    """One pass, and the newsroom's in its stead where there is no network; returns the exit code."""
    report = ingest(settings, (), force=False)
    show(report, as_json=False)
    if not report.offline:
        return 1 if report.nothing_worked else 0
    print("\nNo source could be reached: this machine seems to have no way to the internet.")
    print("Here is the same job on Rasid's built-in newsroom, on this machine alone.\n")
    return demo_once(settings, as_json=False)


def demo_once(settings: Settings, *, as_json: bool) -> int:
    """Two passes over the built-in newsroom: everything is new, then nothing is; returns the exit code."""
    with newsroom(settings) as (_, there):
        first = _pass(there)
        show(first, as_json=as_json)
        if not as_json:
            print("\nThe same again: what is known is not fetched again.\n")
            show(_pass(there), as_json=False)
            _where_to_look(there)
    return 1 if first.nothing_worked else 0


def show(report: Report, *, as_json: bool) -> None:
    """The report on stdout: one JSON object, or plain words."""
    if as_json:
        print(json.dumps(report.json(), ensure_ascii=False))
        return
    if report.adopted:
        print(f"Corpus: {report.adopted} existing documents adopted.")
    width = max((len(source.name) for source in report.sources), default=0)
    for source in report.sources:
        print(f"{source.name:<{width}}  {describe(source)}")
    totals = report.json()["totals"]
    print(
        f"In {report.seconds:.1f} s: {totals['new']} new articles, {totals['on_topic']} of them on topic, "
        f"{totals['duplicates']} already here, {totals['failed']} pages failed."
    )
    for document in report.added:
        print(f"New document {document.name}: {document.title or document.url}")
    mail = report.sending
    print(f"The corpus holds {report.documents} documents; {mail.sent} alerts sent, {mail.pending} wait in the outbox.")
    if mail.note:
        print(mail.note)


def _pass(settings: Settings) -> Report:
    order = orders.order(settings, force=True)
    with _progress() as read_all:
        return asyncio.run(passes.run(order, read_all))


@contextmanager
def _progress() -> Iterator[Reader]:
    """Reads the sources of a pass; on a terminal with a bar that says how far it is."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        bar = progress.add_task("sources", total=None)

        def done(report: SourceReport) -> None:
            progress.update(bar, advance=1, description=f"sources (last: {report.name})")

        async def read_all(current: Pass) -> list[SourceReport]:
            progress.update(bar, total=current.due)
            return await passes.side_by_side(current, list(current.claims), done)

        yield read_all


@contextmanager
def newsroom(settings: Settings) -> Iterator[tuple[Newsroom, Settings]]:
    """The newsroom, and settings for it: a fresh state folder with its own corpus; nothing else may be reached.

    Raises:
        StorageError: the folder can't be made, or a demo is under way in it.
    """
    folder = settings.home / "demo"
    make_home(replace(settings, home=folder))
    with dashboard.alone(folder / "prefect"):
        _clear(folder)
        (folder / "corpus").mkdir()
        for name in corpus.names(ROOT / "corpus")[:DEMO_DOCUMENTS]:
            shutil.copy(ROOT / "corpus" / name, folder / "corpus")
        with Newsroom(ROOT / "corpus", datetime.now(UTC)) as there:
            catalogue = folder / "sources.toml"
            catalogue.write_text(there.catalogue(), "utf-8")
            yield there, settings.within(folder, catalogue=catalogue, allowed=frozenset(there.allowed.split(",")))


def _clear(folder: Path) -> None:
    """Removes what an earlier newsroom left, by name: nobody else's files that may stand there."""
    for name in ("corpus", "runs"):
        shutil.rmtree(folder / name, ignore_errors=True)
    for path in (
        *folder.glob("rasid.db*"),
        *folder.glob("prefect/*.db*"),
        folder / "sources.toml",
        folder / "upgrade.lock",
    ):
        path.unlink(missing_ok=True)


def _where_to_look(settings: Settings) -> None:
    home = os.path.relpath(settings.home, ROOT)
    print(f"\nLook further, with the newsroom's state folder:  export RASID_HOME={home} RASID_CORPUS={home}/corpus")
    print("  .venv/bin/rasid list --on-topic    what was found, newest first")
    print("  .venv/bin/rasid show 1             one article with its text, evidence and sightings")
    print("  .venv/bin/rasid corpus verify      files and database held against each other")
    print("Sources of your own go into sources.toml; README.md says how.")
