"""`rasid backup` and `rasid restore`: everything in one file, and back."""

from __future__ import annotations

import json as jsons
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from articles.faults import Faults
from flows import settings
from storage import database

if TYPE_CHECKING:
    from flows.backups import Restored

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def register(app: typer.Typer) -> None:
    """Adds the commands to the command line."""
    app.command()(backup)
    app.command()(restore)


def backup(
    target: Annotated[Path, typer.Argument(metavar="FILE", help="NAME.tar.zst or NAME.tar.gz, or a folder.")],
    pages: Annotated[bool, typer.Option("--pages", help="With the archive of fetched pages, which is large.")] = False,
    json: Json = False,
) -> None:
    """Database, corpus folder and configuration into one file, while the watch goes on."""
    from flows import backups

    made = backups.make(settings.load(), target.absolute(), datetime.now(UTC), pages=pages)
    if json:
        print(jsons.dumps(asdict(made), ensure_ascii=False))
    else:
        print(f"{made.file}: {made.bytes / 1e6:.1f} MB, {made.rows.get('article', 0)} articles, {made.files} files")


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file that `rasid backup` made.")],
    into: Annotated[Path, typer.Option("--into", metavar="FOLDER", help="Empty, or not there yet.")],
    to: Annotated[
        str | None, typer.Option("--database", metavar="URL", help="An empty PostgreSQL database, for a backup of one.")
    ] = None,
    json: Json = False,
) -> None:
    """Unpack a backup into a new state folder and hold it against itself. Exit 1: files and database differ."""
    from flows import backups

    fault = database.address_fault(to) if to else None
    if to and (fault or not to.startswith("postgresql")):
        raise Faults([f"--database: {fault or 'is no PostgreSQL database; write postgresql+psycopg://user@host/name'}"])
    restored = backups.restore(file.absolute(), into.absolute(), to)
    if json:
        print(jsons.dumps(asdict(restored) | {"sound": restored.sound}, ensure_ascii=False))
    else:
        _tell(restored, to)
    raise typer.Exit(0 if restored.sound else 1)


def _tell(restored: Restored, to: str | None) -> None:
    for finding in restored.findings:
        print(f"{finding.kind}: {finding.name} {finding.message}")
    print(f"{restored.folder}: {restored.rows.get('article', 0)} articles, as of {restored.made_at}")
    if restored.schema != database.SCHEMA:
        print(f"Its schema is {restored.schema}, this program's {database.SCHEMA}: run `rasid upgrade` with it.")
    folder = restored.folder
    print(f"To go on with it:  export RASID_HOME={folder} RASID_CORPUS={folder}/corpus", end="")
    print(f" RASID_DATABASE_URL={database.masked(to)}" if to else "", end="")
    for name in ("sources", "topic", "recipients", "taggers"):
        if (Path(folder) / f"{name}.toml").is_file():
            print(f" RASID_{name.upper()}={folder}/{name}.toml", end="")
    print()
