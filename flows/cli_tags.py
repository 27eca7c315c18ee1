"""`rasid tags`: documents out to taggers, tags in, and how current it all is."""

from __future__ import annotations

import asyncio
import contextlib
import json as jsons
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import IO, Annotated

import typer

from articles.faults import Faults
from flows import settings, taggers, tagging
from flows.stores import opened
from storage import tags
from storage.tags import Status

app = typer.Typer(help="Hand documents to stance taggers, and take their tags in.", no_args_is_help=True)
Tagger = Annotated[str, typer.Option("--tagger", metavar="NAME", help="Who tags: any name, the same each time.")]
Version = Annotated[
    str | None, typer.Option("--tagger-version", metavar="V", help="Only its tags of this version count.")
]


@app.command("next")
def following(
    tagger: Tagger,
    tagger_version: Version = None,
    limit: Annotated[int | None, typer.Option(min=0, help="At most so many documents. Default: all.")] = None,
    lease: Annotated[str, typer.Option(help="How long they are claimed: a number and s, m, h or d.")] = "15m",
) -> None:
    """JSON lines of the documents that wait for this tagger, claimed for the lease."""
    span = tagging.lease(lease)
    with opened(settings.load()) as store:
        now = partial(datetime.now, UTC)
        for task in tags.next(store, _name(tagger), now, version=tagger_version, limit=limit, lease=span):
            print(tagging.line(task))


@app.command()
def submit(
    tagger: Tagger,
    file: Annotated[Path | None, typer.Argument(help="Default: standard input.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the counts as one JSON object.")] = False,
) -> None:
    """Take JSON lines of tags in; a line that can't be kept is told and stops no other."""
    kept = superseded = bad = 0
    with opened(settings.load()) as store, _lines(file) as lines:
        for line in tagging.submit(store, _name(tagger), lines):
            if line.submitted.fault:
                bad += 1
                print(f"line {line.number}: {line.submitted.fault}", file=sys.stderr)
            else:
                kept += 1
                superseded += line.submitted.superseded
    if json:
        print(jsons.dumps({"kept": kept, "superseded": superseded, "bad": bad}))
    else:
        print(f"{kept} tags kept, {superseded} of them on texts that have changed since; {bad} lines left out.")
    raise typer.Exit(1 if bad and not kept else 0)


@app.command()
def run(
    tagger: Annotated[
        list[str] | None, typer.Option("--tagger", metavar="NAME", help="Only this one; may be repeated.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object a tagger and line.")] = False,
) -> None:
    """Run the taggers of taggers.toml on all that waits for them."""
    from flows import tagger as runner  # brings the HTTP client

    known = settings.load()
    configured = taggers.configured(known, tagger or ())
    if not configured:
        print(f"rasid: no tagger is configured; docs/tagging.md says how to write {known.taggers}", file=sys.stderr)
        raise typer.Exit(0)
    worked = []
    with opened(known) as store:
        for one in configured:
            done = asyncio.run(runner.run_configured(store, one, known))
            worked.append(not done.nothing_worked)
            if json:
                report = runner.public(done, datetime.now(UTC), known.tagging_max_age)
                print(jsons.dumps(report, ensure_ascii=False), flush=True)
            else:
                print("\n".join(runner.describe(done)), flush=True)
    raise typer.Exit(0 if any(worked) else 1)


@app.command()
def status(
    tagger: Annotated[str | None, typer.Option("--tagger", metavar="NAME", help="Default: all there are.")] = None,
    tagger_version: Version = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object a tagger and line.")] = False,
) -> None:
    """How current tagging is, tagger by tagger."""
    now = datetime.now(UTC)
    with opened(settings.load()) as store, store.read() as connection:
        names = [tagger] if tagger else tags.taggers(connection)
        found = [tags.status(connection, name, now, tagger_version) for name in names]
        waiting = tags.status(connection, "", now).waiting
    for one in found:
        print(jsons.dumps(public(one, now), ensure_ascii=False) if json else _line(one, now))
    if not found and not json:
        print(f"No tagger has asked yet; {waiting} documents wait for the first.")


@app.command()
def release(
    tagger: Tagger,
    ids: Annotated[list[int] | None, typer.Argument(metavar="[ID]...", help="Default: all that it holds.")] = None,
) -> None:
    """Give claimed documents back before their lease ends."""
    with opened(settings.load()) as store, store.write() as connection:
        count = tags.release(connection, _name(tagger), ids or ())
    print(f"{count} documents given back.")


def public(status: Status, now: datetime) -> dict[str, object]:
    """A tagger's status under the names that every command prints."""
    since = status.oldest_waiting_since
    return asdict(status) | {
        "oldest_waiting_since": since.isoformat() if since else None,
        "oldest_waiting_seconds": round((now - since).total_seconds()) if since else None,
    }


def _line(status: Status, now: datetime) -> str:
    oldest = ""
    if status.oldest_waiting_since:
        hours = (now - status.oldest_waiting_since).total_seconds() / 3600
        oldest = f", the oldest for {hours:.1f} hours"
    pace = "" if status.p50_seconds is None else f"; half are tagged within {status.p50_seconds / 60:.0f} minutes"
    return f"{status.tagger}: {status.tagged} of {status.documents} tagged, {status.waiting} wait{oldest}{pace}"


def _name(tagger: str) -> str:
    if not tagger.strip() or not tagger.isprintable() or len(tagger) > 200:
        raise Faults([f"--tagger {tagger!r}: is no name; write one like stance-model"])
    return tagger.strip()


@contextlib.contextmanager
def _lines(file: Path | None) -> Iterator[IO[str]]:
    if file is None:
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
        yield sys.stdin
        return
    try:
        with file.open(encoding="utf-8-sig", errors="replace") as lines:
            yield lines
    except OSError as error:
        raise Faults([f"{file}: can't be read ({error.strerror}); name a file or pipe the lines in"]) from error
