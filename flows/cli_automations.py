"""`rasid automations`: what the Prefect server watches, and whom it writes to."""

from __future__ import annotations

import asyncio
import json as jsons
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from articles.faults import Faults
from flows import settings

if TYPE_CHECKING:
    from flows.automations import Applied

Json = Annotated[bool, typer.Option("--json", help="Print JSON, one object a line.")]

app = typer.Typer(
    help="Mails to the operator when a run fails, a source is broken or silent, or tagging is late.",
    no_args_is_help=True,
)


@app.command()
def apply(json: Json = False) -> None:
    """Bring the server's automations to this version's, by name; doing it again changes nothing."""
    _show("apply", as_json=json)


@app.command("list")
def listing(json: Json = False) -> None:
    """How the server's automations stand: unchanged, updated (they differ from this version's) or missing."""
    _show("listing", as_json=json)


@app.command()
def remove(json: Json = False) -> None:
    """Take Rasid's automations off the server."""
    _show("remove", as_json=json)


def _show(what: Literal["apply", "listing", "remove"], *, as_json: bool) -> None:
    known = settings.load()
    if known.prefect_api_url is None:
        mend = "name the Prefect server, like http://127.0.0.1:4200/api"
        raise Faults([f"PREFECT_API_URL: automations live on a Prefect server, and none is set; {mend}"])
    for one in asyncio.run(_on_server(what)):
        paused = "" if one.enabled or one.did in ("removed", "missing") else " (paused)"
        print(jsons.dumps(asdict(one)) if as_json else f"{one.did:<10}{one.name}{paused}")


async def _on_server(what: Literal["apply", "listing", "remove"]) -> list[Applied]:
    from flows import automations, prefect_server

    async with prefect_server.client() as client:
        wish = automations.wanted(await automations.notice_deployment(client))
        does = {"apply": automations.apply, "listing": automations.listing, "remove": automations.remove}[what]
        return await does(client, wish)
