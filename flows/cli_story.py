"""`rasid story`: the reports of one event, shown, taken apart and put together by hand."""

from __future__ import annotations

import json as jsons
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer

from flows import settings
from flows.stores import opened
from storage import stories

app = typer.Typer(help="Stories: the reports of one event, across languages.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Ids = Annotated[list[int], typer.Argument(metavar="ARTICLE", help="Ids of articles.")]


@app.command()
def show(
    article: Annotated[int, typer.Argument(metavar="ID", help="A story's id, or that of any article of it.")],
    json: Json = False,
) -> None:
    """The reports of a story in the order of time, and why they are together."""
    with opened(settings.load()) as store, store.read() as connection, _known_articles():
        told = stories.public(connection, stories.story_of(connection, article))
    print(jsons.dumps(told, ensure_ascii=False) if json else _lines(told))


@app.command()
def split(
    article: Annotated[
        int, typer.Argument(metavar="ARTICLE", help="The id of the article that tells of another event.")
    ],
    json: Json = False,
) -> None:
    """Makes an article a story of its own; nothing draws it back."""
    with opened(settings.load()) as store, store.write() as connection, _known_articles():
        told = stories.public(connection, stories.split(connection, article))
    print(jsons.dumps(told, ensure_ascii=False) if json else _lines(told))


@app.command()
def join(
    articles: Ids,
    into: Annotated[int, typer.Option("--into", metavar="STORY", help="A story's id, or that of any article of it.")],
    json: Json = False,
) -> None:
    """Puts articles into a story; nothing takes them out of it."""
    with opened(settings.load()) as store, store.write() as connection, _known_articles():
        told = stories.public(connection, stories.join(connection, articles, into))
    print(jsons.dumps(told, ensure_ascii=False) if json else _lines(told))


@contextmanager
def _known_articles() -> Iterator[None]:
    """An id that no article has ends the command with a message, and with it its transaction."""
    try:
        yield
    except LookupError as error:
        print(f"rasid: {error}", file=sys.stderr)
        raise typer.Exit(1) from None


def _lines(told: dict[str, Any]) -> str:
    lines = [f"story {told['story']}: {len(told['members'])} reports"]
    for member in told["members"]:
        mark = " (by hand)" if member["held"] else ""
        at = member["at"][:16].replace("T", " ")
        lines.append(
            f"{member['id']:>6}  {at}  {member['language']}  {member['source'] or '?'}: {member['title'] or ''}{mark}"
        )
    lines += [f"{tie['article']} belongs to {tie['with']}: {'; '.join(tie['reasons'])}" for tie in told["why"]]
    return "\n".join(lines)
