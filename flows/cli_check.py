"""`rasid check`: looking at sources."""

from __future__ import annotations

from typing import Annotated

import typer

from flows import settings

Json = Annotated[bool, typer.Option("--json", help="Print JSON, one object a line for each source.")]


def register(app: typer.Typer) -> None:
    """Adds the command to the command line."""
    app.command()(check)


def check(
    names: Annotated[list[str] | None, typer.Argument(metavar="[SLUG]…", help="Default: all enabled ones.")] = None,
    write: Annotated[
        bool, typer.Option("--write", help="Write what was found into the catalogue, with today's date.")
    ] = False,
    json: Json = False,
) -> None:
    """Look at sources live: what answers, what was found, what an article looks like, what the catalogue should say."""
    from flows import checking

    raise typer.Exit(checking.check(settings.load(), names or (), write=write, as_json=json))
