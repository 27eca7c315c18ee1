"""`rasid export`: the documents and what was said of them, for notebooks and spreadsheets."""

from __future__ import annotations

import re
import sys
from contextlib import nullcontext
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated

import typer

from articles import recipients, taggers
from articles.faults import Faults
from flows import exporting, settings
from flows.settings import Settings
from flows.stores import opened
from storage import exports, views
from storage.database import Store
from storage.exports import Wanted

YEARS = range(1900, 2201)

Many = list[str] | None


def register(app: typer.Typer) -> None:
    """Adds the command to the command line."""
    app.command()(export)


def export(
    form: Annotated[str, typer.Option("--format", metavar="jsonl|csv|parquet")] = exporting.JSONL,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Default: standard output.")] = None,
    since: Annotated[
        str | None, typer.Option(metavar="ISO", help="Published then or later; a date by the publisher's calendar.")
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="ISO", help="Published before then; a date is its whole day.")
    ] = None,
    kind: Annotated[Many, typer.Option("--class", metavar="A|B|C", help="May be repeated, as may the next.")] = None,
    source: Annotated[Many, typer.Option(metavar="SLUG", help="Seen at this source.")] = None,
    language: Annotated[Many, typer.Option(metavar="ISO 639-1")] = None,
    stance: Annotated[Many, typer.Option(metavar="LABEL", help="Tagged so; without, untagged ones too.")] = None,
    tagger: Annotated[str | None, typer.Option(metavar="NAME", help="Only this tagger's tags.")] = None,
    all_taggers: Annotated[
        bool, typer.Option("--all-taggers", help="A row for each tagger, not for the newest tag alone.")
    ] = False,
    no_text: Annotated[bool, typer.Option("--no-text", help="Leave the texts out.")] = False,
) -> None:
    """The documents with their newest tags, a row each. Dates are those of publication."""
    wanted = Wanted(
        since=_bound("--since", since, days=0),
        until=_bound("--until", until, days=1),
        classes=tuple(kind or ()),
        sources=tuple(source or ()),
        languages=tuple(language or ()),
        stances=tuple(stance or ()),
        tagger=tagger,
        each_tagger=all_taggers,
        text=not no_text,
    )
    _check(form, wanted, out)
    known = settings.load()
    with opened(known) as store:
        _check_sources(store, known, wanted)
        rows = exports.rows(store, wanted)
        columns = {column: exports.COLUMNS[column] for column in exports.columns(wanted)}
        with exporting.opened(out) if out else nullcontext(sys.stdout.buffer) as file:
            count = exporting.write(form, columns, rows, file)
        without = exports.undated(store, wanted)
    if out:
        print(f"{count} rows in {out}", file=sys.stderr)
    if without:
        print(f"{without} documents without a date of publication are left out", file=sys.stderr)


def _check(form: str, wanted: Wanted, out: Path | None) -> None:
    faults = []
    if form not in exporting.FORMATS:
        faults.append(f"--format {form}: is not known; write one of {', '.join(exporting.FORMATS)}")
    elif form == exporting.PARQUET and out is None and sys.stdout.isatty():
        faults.append("--format parquet: is not for a terminal; name a file with --out")
    if wanted.tagger is not None and wanted.each_tagger:
        faults.append("--tagger, --all-taggers: one tagger or all; leave one of them out")
    if wanted.tagger is not None and not taggers.is_name(wanted.tagger):
        faults.append(f"--tagger {wanted.tagger!r}: is no name; write one like stance-model")
    for kind in wanted.classes:
        if kind not in recipients.CLASSES:
            faults.append(f"--class {kind}: is none of a document; write one of {', '.join(recipients.CLASSES)}")
    for language in wanted.languages:
        if not re.fullmatch("[a-z]{2,3}", language):
            faults.append(f"--language {language}: is no language's code; write one like ar")
    if faults:
        raise Faults(faults)
    exporting.check(form)


def _check_sources(store: Store, known: Settings, wanted: Wanted) -> None:
    with store.read() as connection:
        unknown = [name for name in wanted.sources if not views.has_source(connection, name)]
    if unknown:
        from flows import orders

        orders.order(known, unknown)


def _bound(option: str, said: str | None, *, days: int) -> datetime | None:
    """A moment; a date is the beginning of that day, `days` later, by each publisher's own clock."""
    if said is None:
        return None
    try:
        bound = _day(said, days) or datetime.fromisoformat(said)
        if bound.year not in YEARS:
            raise ValueError
    except (ValueError, OverflowError):
        fault = f"{option} {said}: is no ISO 8601 date or time; write one like 2026-11-21 or 2026-11-21T08:00Z"
        raise Faults([fault]) from None
    return bound if bound.tzinfo or _day(said, 0) else bound.replace(tzinfo=UTC)


def _day(said: str, days: int) -> datetime | None:
    try:
        return datetime.combine(date.fromisoformat(said), time()) + timedelta(days=days)
    except ValueError:
        return None
