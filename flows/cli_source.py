"""`rasid source`: adding sources to the catalogue, and exchanging lists of feeds with other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from articles import spans
from articles.faults import Faults
from flows import settings

app = typer.Typer(help="Add sources to the catalogue; take lists of feeds in and out.", no_args_is_help=True)


@app.command()
def add(
    url: Annotated[
        str, typer.Argument(help="The site's front page, its feed, its sitemap, or a page that lists news.")
    ],
    name: Annotated[str | None, typer.Option(metavar="SLUG", help="Instead of one made of the address.")] = None,
    title: Annotated[str | None, typer.Option(help="What the outlet calls itself.")] = None,
    language: Annotated[str | None, typer.Option(metavar="ISO 639-1")] = None,
    timezone: Annotated[str | None, typer.Option(metavar="ZONE", help='Like "Asia/Almaty".')] = None,
    min_delay: Annotated[str | None, typer.Option(metavar="SPAN", help="Between two requests, like 5s.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask: add it if it can be read.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object; asks nothing, so needs --yes.")] = False,
) -> None:
    """Find out how a site can be read, show three of its articles, and add it to the catalogue."""
    from flows import sources
    from flows.adding import Wish

    delay = spans.read(min_delay) if min_delay else None
    if min_delay and delay is None:
        raise Faults([f"--min-delay {min_delay}: is no length of time; write a whole number and s, m, h or d"])
    wish = Wish(
        url=url,
        name=name,
        title=title,
        language=language,
        timezone=timezone,
        min_delay=int(delay.total_seconds()) if delay is not None else None,
    )
    raise typer.Exit(sources.add(settings.load(), wish, lambda says: yes or (not json and ask(says)), as_json=json))


def ask(question: str) -> bool:
    """Asks a person; nobody there, or no word: no."""
    try:
        return typer.confirm(question)
    except typer.Abort:
        return False


@app.command("import")
def take_in(file: Annotated[Path, typer.Argument(metavar="FILE.opml")]) -> None:
    """Add the feeds of an OPML list that the catalogue does not have."""
    from flows import sources

    raise typer.Exit(sources.take_in(settings.load(), file))


@app.command()
def export() -> None:
    """Print the enabled sources' feeds as OPML."""
    from flows import sources

    sources.give_out(settings.load())
