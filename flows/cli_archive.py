"""The commands that read archived pages again: after the extractor has become better, and after it has failed."""

from __future__ import annotations

import asyncio
import json as jsons
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from articles.faults import Faults
from flows import settings
from flows.settings import Settings
from flows.stores import opened

if TYPE_CHECKING:
    from flows.reextraction import Difference, Replayed
    from storage.quarantine import Quarantined

Json = Annotated[bool, typer.Option("--json", help="Print JSON, one object a line.")]

_MOST = 2**31 - 1
"""The highest number that an id can have."""

app = typer.Typer(help="Pages on which the extraction failed: list them, try them again, drop them.")


def register(into: typer.Typer) -> None:
    """Adds these commands to the command line."""
    into.add_typer(app, name="quarantine", invoke_without_command=True)
    into.command()(reextract)


def reextract(
    source: Annotated[str | None, typer.Option(metavar="SLUG", help="Only articles of this source.")] = None,
    since: Annotated[str | None, typer.Option(metavar="ISO", help="Only articles first seen since then.")] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Write what has changed, as versions.")] = False,
    json: Json = False,
) -> None:
    """Run today's extractor over the archived pages of stored articles; tell what would change, or write it."""
    raise typer.Exit(asyncio.run(_reextract(settings.load(), source, _moment(since), apply=apply, as_json=json)))


@app.callback()
def default(context: typer.Context, json: Json = False) -> None:
    if context.invoked_subcommand is None:
        listing(json)


@app.command("list")
def listing(json: Json = False) -> None:
    """The pages in quarantine."""
    from storage import quarantine

    with opened(settings.load()) as store, store.read() as connection:
        waiting = quarantine.waiting(connection)
    for one in waiting:
        print(jsons.dumps(_public(one), ensure_ascii=False) if json else _line(one))
    if not json:
        print(f"{len(waiting)} pages in quarantine.")


@app.command()
def replay(
    ids: Annotated[list[int] | None, typer.Argument(metavar="[ID]...", min=1, max=_MOST, help="Default: all.")] = None,
    json: Json = False,
) -> None:
    """Extract pages again with today's extractor; what succeeds goes the ordinary way, the rest stays."""
    raise typer.Exit(asyncio.run(_replay(settings.load(), ids or [], as_json=json)))


@app.command()
def drop(ids: Annotated[list[int], typer.Argument(metavar="ID...", min=1, max=_MOST)]) -> None:
    """Let pages go without their article; the archive keeps them."""
    from storage import quarantine

    with opened(settings.load()) as store, store.write() as connection:
        unknown = [page_id for page_id in ids if not quarantine.release(connection, page_id)]
    _complain(unknown)
    raise typer.Exit(1 if unknown else 0)


async def _reextract(known: Settings, source: str | None, since: datetime | None, *, apply: bool, as_json: bool) -> int:
    from flows import orders, reextraction
    from storage import pages

    if source:
        orders.order(known, [source])  # an unknown name is refused before anything opens
    results: list[Difference] = []
    async with reextraction.bench(known) as bench:
        with bench.store.read() as connection:
            total = pages.count(connection, source=source, since=since)
        with _progress("articles", total) as advance:

            def done(result: Difference) -> None:
                advance()
                results.append(result)
                if result.changed or result.refused:
                    print(jsons.dumps(asdict(result), ensure_ascii=False) if as_json else _difference(result))

            articles = pages.newest(bench.store, source=source, since=since)
            await reextraction.compare(bench, articles, apply=apply, done=done)
    refused = sum(result.refused is not None for result in results)
    if not as_json:
        changed, written = sum(r.changed for r in results), sum(r.version is not None for r in results)
        print(f"{len(results)} pages read again: {changed} changed, {written} written, {refused} not read.")
    return 1 if results and refused == len(results) else 0


async def _replay(known: Settings, ids: list[int], *, as_json: bool) -> int:
    from flows import reextraction
    from storage import quarantine

    results: list[Replayed] = []
    async with reextraction.bench(known) as bench:
        with bench.store.read() as connection:
            waiting = quarantine.waiting(connection, ids)
        with _progress("pages", len(waiting)) as advance:

            def done(result: Replayed) -> None:
                advance()
                results.append(result)
                print(jsons.dumps(asdict(result), ensure_ascii=False) if as_json else _replayed(result))

            await reextraction.replay(bench, waiting, done)
    unknown = set(ids) - {one.page.id for one in waiting}
    _complain(sorted(unknown))
    worked = any(result.article_id is not None for result in results)
    return 1 if unknown or (results and not worked) else 0


@contextmanager
def _progress(what: str, total: int) -> Iterator[Callable[[], None]]:
    """A bar on a terminal's standard error; what is printed meanwhile stands above it, or goes where it was sent."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(
        *columns,
        console=console,
        transient=True,
        redirect_stdout=sys.stdout.isatty(),
        disable=not console.is_terminal,
    ) as progress:
        bar = progress.add_task(what, total=total)
        yield lambda: progress.advance(bar)


def _moment(since: str | None) -> datetime | None:
    if since is None:
        return None
    try:
        moment = datetime.fromisoformat(since)
    except ValueError:
        fault = f"--since {since}: is no ISO 8601 date or time; write one like 2026-11-21 or 2026-11-21T08:00Z"
        raise Faults([fault]) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _complain(unknown: list[int]) -> None:
    for page_id in unknown:
        print(f"rasid: no page {page_id} is in quarantine", file=sys.stderr)


def _public(one: Quarantined) -> dict[str, Any]:
    return {
        "id": one.page.id,
        "source": one.page.source,
        "url": one.page.url,
        "reason": one.reason,
        "fetched_at": one.page.fetched_at.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "tries": one.tries,
    }


def _line(one: Quarantined) -> str:
    page = one.page
    return (
        f"{page.id:>6}  {page.fetched_at:%Y-%m-%d %H:%M}  {page.source}: {page.url}  {one.reason} (tries: {one.tries})"
    )


def _difference(result: Difference) -> str:
    where = f"{result.id:>6}  {result.name or '':<24}  {result.source}: {result.url}"
    if result.refused:
        return f"{where}  gives no article: {result.refused}"
    parts = [name for name, changed in (("title", result.title), ("date", result.published)) if changed]
    parts += [f"text (+{result.added} -{result.removed} words)"] * result.text
    written = f", written as version {result.version}" if result.version else ""
    return f"{where}  {', '.join(parts)}{written}"


def _replayed(result: Replayed) -> str:
    what = f"stays: {result.reason}" if result.article_id is None else f"gave article {result.article_id}"
    return f"{result.id:>6}  {result.url}  {what}"
