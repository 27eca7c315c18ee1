"""`rasid backfill`: catch up on the past, with a bar that says how far it is, or say what that would take."""

from __future__ import annotations

import asyncio
import json as jsons
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from articles.faults import Faults
from articles.ranges import Range
from flows import orders, settings
from flows.settings import Settings
from storage.frontiers import Look

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from flows.past import Errand

LINE_SECONDS = 30
"""Between two lines on one look, where there is no terminal to draw a bar on."""

TOPIC = "topic"

Slugs = Annotated[list[str] | None, typer.Argument(metavar="[SLUG]...", help="Sources; default: all enabled ones.")]
Since = Annotated[str | None, typer.Option(metavar="DATE", help="Nothing published before this day.")]
Until = Annotated[str | None, typer.Option(metavar="DATE", help="Nothing published after this day; default: today.")]
Via = Annotated[
    list[str] | None,
    typer.Option(
        help="A way: wordpress, sitemap, listing, search, wayback; may be repeated. Default: all but the last."
    ),
]
Archive = Annotated[
    list[str] | None,
    typer.Option(metavar="FILE|URL", help="A WARC file (CC-NEWS among them); may be repeated. Then no site is asked."),
]
QueryFrom = Annotated[
    str | None, typer.Option(metavar="topic", help="Ask searches for the words of topic.toml, not the catalogue's.")
]
Hosts = Annotated[bool, typer.Option("--catalogue-hosts", help="Of archive files only pages of the sources' hosts.")]
At = Annotated[str | None, typer.Option(metavar="URL", help="Where the Wayback Machine is asked.")]
Again = Annotated[bool, typer.Option("--again", help="Go through what is done once more.")]
Dry = Annotated[bool, typer.Option("--dry-run", help="Say what it would take; look at first pages only, keep nothing.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object a line for each look.")]


def register(into: typer.Typer) -> None:
    """Adds the command to the command line."""
    into.command()(backfill)


def backfill(
    slugs: Slugs = None,
    since: Since = None,
    until: Until = None,
    via: Via = None,
    archive: Archive = None,
    query_from: QueryFrom = None,
    catalogue_hosts: Hosts = False,
    wayback_at: At = None,
    again: Again = False,
    dry_run: Dry = False,
    json: Json = False,
) -> None:
    """Catch up on the past: sitemaps, lists, searches, captures, archive files. Goes on where it was cut off.

    What it finds rings nobody: the next digest lists it, and it waits for its tags behind all that is new.
    """
    from flows import past, ways

    known = settings.load()
    faults: list[str] = []
    days = _days(since, until, faults)
    ways_in = tuple(dict.fromkeys(via or ([] if archive else ways.OWN)))
    faults += [f"--via {way}: is no way; write one of {', '.join(ways.ALL)}" for way in ways_in if way not in ways.ALL]
    if query_from not in (None, TOPIC):
        faults.append(f"--query-from {query_from}: is not known; write --query-from {TOPIC}")
    if wayback_at and not wayback_at.startswith(("http://", "https://")):
        faults.append(f"--wayback-at {wayback_at}: is no address; write one like {ways.WAYBACK_AT}")
    if faults:
        raise Faults(faults)
    errand = past.Errand(
        order=orders.order(known, slugs or ()),
        days=days,
        via=ways_in,
        archives=tuple(archive or ()),
        every_host=not (catalogue_hosts or slugs),
        endpoint=(wayback_at or ways.WAYBACK_AT).rstrip("/"),
        by_topic=query_from == TOPIC,
        again=again,
    )
    if not errand.looks:
        raise Faults(["backfill: these sources offer no such way into their past; name others, or --archive FILE"])
    raise typer.Exit(_estimate(errand, as_json=json) if dry_run else _run(known, errand, as_json=json))


def _run(known: Settings, errand: Errand, *, as_json: bool) -> int:
    from flows import past

    if known.prefect_api_url:
        from flows import backfill as flows  # a second's import, wanted here alone

        names = flows.hand_out(errand)
        print(f"{len(names)} flow runs are handed to the workers: {', '.join(names)}", file=sys.stderr)
        return 0
    with _headway() as headway:
        report = asyncio.run(past.run(errand, headway))
    for result in report.results:
        print(jsons.dumps(result.json(), ensure_ascii=False) if as_json else result.line())
    if not as_json:
        new, on_topic = (sum(getattr(one.brought, name) for one in report.results) for name in ("new", "on_topic"))
        print(f"In {report.seconds:.0f} s; all in all {new} new articles, {on_topic} of them on topic.")
        print(f"{len(report.documents)} documents were added by this run; the next digest lists them.")
    return 1 if report.nothing_worked else 0


def _estimate(errand: Errand, *, as_json: bool) -> int:
    from flows import estimates

    found = asyncio.run(estimates.estimate(errand))
    for one in found:
        print(jsons.dumps(asdict(one), ensure_ascii=False) if as_json else one.line())
    if not as_json:
        print(estimates.summary(found))
    return 1 if found and all(one.error for one in found) else 0


def _days(since: str | None, until: str | None, faults: list[str]) -> Range:
    first, last = _day("--since", since, faults), _day("--until", until, faults) or date.today()
    if first and first > last:
        faults.append(f"--since {since}: is after the last day, {last}; name an earlier one")
    return Range(first, last)


def _day(option: str, said: str | None, faults: list[str]) -> date | None:
    if said is None:
        return None
    try:
        return date.fromisoformat(said)
    except ValueError:
        faults.append(f"{option} {said}: is no date; write one like 2024-11-30")
        return None


@contextmanager
def _headway() -> Iterator[_Bars | _Lines]:
    """Bars on a terminal's standard error, plain lines anywhere else."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    if not console.is_terminal:
        yield _Lines()
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[count]}"), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, redirect_stdout=sys.stdout.isatty()) as progress:
        yield _Bars(progress)


class _Bars:
    """A bar for each look under way."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[Look, TaskID] = {}

    def at(self, look: Look, done: float, total: float | None) -> None:
        """Moves the look's bar."""
        if look not in self._tasks:
            self._tasks[look] = self._progress.add_task(_name(look), total=total, count="")
        self._progress.update(self._tasks[look], completed=done, total=total, count=_count(look, done, total))

    def ended(self, look: Look, error: str | None) -> None:
        """Takes the look's bar away."""
        if (task := self._tasks.pop(look, None)) is not None:
            self._progress.remove_task(task)


class _Lines:
    """A line now and then for each look under way, and one at its end."""

    def __init__(self) -> None:
        self._began: dict[Look, tuple[float, float]] = {}
        self._told: dict[Look, float] = {}

    def at(self, look: Look, done: float, total: float | None) -> None:
        """Says how far it is, if that was not said just now."""
        now = time.monotonic()
        since, first = self._began.setdefault(look, (now, done))
        if now - self._told.setdefault(look, now) < LINE_SECONDS:
            return
        self._told[look] = now
        left = (total - done) * (now - since) / (done - first) if total and done > first else None
        says = f", about {left / 60:.0f} min left" if left is not None else ""
        print(f"{_name(look)}: {_count(look, done, total)}{says}", file=sys.stderr)

    def ended(self, look: Look, error: str | None) -> None:
        """Says how it ended."""
        print(f"{_name(look)}: {f'stopped: {error}' if error else 'done'}", file=sys.stderr)


def _name(look: Look) -> str:
    return f"{look.source or look.address.rpartition('/')[2]} {look.kind}".strip()


def _count(look: Look, done: float, total: float | None) -> str:
    from flows.archives import KIND

    unit, size = ("MB", 1e6) if look.kind == KIND else ("pages", 1.0)
    of = f" of {total / size:,.0f}" if total else ""
    return f"{done / size:,.0f}{of} {unit}"
