"""The command line. Each command loads what it needs and no more: `list` and `show` start without Prefect.

Exit codes: 0 done, 1 done and nothing worked, 2 unusable settings or arguments, 3 the store can't be used.
"""

from __future__ import annotations

import json as jsons
import logging
import os
import sys
from dataclasses import asdict
from typing import Annotated

import typer

from articles.faults import Faults
from flows import (
    cli_alert,
    cli_archive,
    cli_automations,
    cli_backfill,
    cli_backup,
    cli_check,
    cli_corpus,
    cli_export,
    cli_move,
    cli_read,
    cli_serve,
    cli_source,
    cli_story,
    cli_tags,
    settings,
    stores,
)
from storage.database import SCHEMA, StorageError

app = typer.Typer(
    name="rasid",
    help="Rasid (راصد): a news watch on Palestine–Kazakhstan relations.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
Names = Annotated[list[str] | None, typer.Option("--source", metavar="SLUG", help="Only this source; may be repeated.")]
Force = Annotated[bool, typer.Option("--force", help="Visit sources that are not due yet as well.")]
Json = Annotated[bool, typer.Option("--json", help="Print the report as one JSON object.")]


@app.command()
def ingest(source: Names = None, force: Force = False, json: Json = False) -> None:
    """One pass: adopt the corpus folder, visit the sources that are due, keep what is new."""
    from flows import running

    report = running.ingest(settings.load(), source or (), force=force)
    running.show(report, as_json=json)
    raise typer.Exit(1 if report.nothing_worked else 0)


@app.command()
def run() -> None:
    """One pass; where there is no network, the same job on the built-in newsroom."""
    from flows import running

    raise typer.Exit(running.run(settings.load()))


@app.command()
def demo(
    once: Annotated[bool, typer.Option("--once", help="Two passes, then end.")] = False,
    port: Annotated[int, typer.Option("--port", help="The dashboard's, without --once.")] = cli_serve.PORT,
    json: Json = False,
) -> None:
    """The whole product against a built-in newsroom on loopback, with a state folder of its own."""
    from flows import living, running

    known = settings.load()
    if once:
        raise typer.Exit(running.demo_once(known, as_json=json))
    living.demo(known, port)


cli_read.register(app)
cli_archive.register(app)
cli_backfill.register(app)
cli_backup.register(app)
cli_check.register(app)
cli_export.register(app)
cli_move.register(app)
cli_serve.register(app)
app.add_typer(cli_alert.app, name="alert")
app.add_typer(cli_automations.app, name="automations")
app.add_typer(cli_corpus.app, name="corpus")
app.add_typer(cli_source.app, name="source")
app.add_typer(cli_story.app, name="story")
app.add_typer(cli_tags.app, name="tags")


@app.command()
def doctor(json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False) -> None:
    """Is this installation sound: settings, database, corpus, mail, clock, sources."""
    from flows import doctor as doctors

    diagnosis = doctors.examine(settings.load())
    if json:
        print(jsons.dumps(asdict(diagnosis) | {"sound": diagnosis.sound}, ensure_ascii=False))
    else:
        for check in diagnosis.checks:
            mark = {True: "ok", False: "WRONG", None: "note"}[check.ok]
            print(f"{mark:<6}{check.name:<10}{check.message}")
    raise typer.Exit(0 if diagnosis.sound else 1)


@app.command()
def upgrade() -> None:
    """Bring the database to this version's schema."""
    found = stores.upgrade(settings.load())
    print(f"schema {SCHEMA}" + ("" if found == SCHEMA else f" (was {found or 'none'})"))


def main() -> None:
    """The entry point: errors that have a name end in one line each and their exit code."""
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s", level=logging.WARNING)
    logging.getLogger("trafilatura").setLevel(logging.ERROR)
    try:
        _run()
    except Faults as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    except StorageError as error:
        print(f"rasid: {error}", file=sys.stderr)
        sys.exit(3)


def _run() -> None:
    try:
        try:
            app()
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        # The reader of our output has left: nothing to tell it, and nothing more to flush at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
