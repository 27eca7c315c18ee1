"""`rasid corpus`: the folder of documents and the database, held together."""

from __future__ import annotations

import json as jsons
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer

from flows import settings
from flows.stores import opened

app = typer.Typer(help="The corpus folder: take files in, hold it against the database.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command()
def adopt(json: Json = False) -> None:
    """Take in the hash-named files that the database does not know yet."""
    from flows import adoption, orders

    known = settings.load()
    order = orders.order(known)
    with opened(known) as store:
        adopted = adoption.adopt(store, known.corpus, order.catalogue, order.topic, datetime.now(UTC))
    if json:
        print(jsons.dumps({"adopted": adopted.names, "faults": adopted.faults}, ensure_ascii=False))
    else:
        for name in adopted.names:
            print(f"adopted {name}")
        for fault in adopted.faults:
            print(f"left out {fault}")
        print(f"{len(adopted.names)} documents adopted, {len(adopted.faults)} left out.")
    raise typer.Exit(1 if adopted.faults else 0)


@app.command()
def verify(json: Json = False) -> None:
    """Hold files and database against each other; write missing files again, tell of the rest."""
    from storage import corpus

    known = settings.load()
    with opened(known) as store, store.read() as connection:
        findings = list(corpus.verify(known.corpus, connection, f"verify-{datetime.now(UTC):%Y%m%d%H%M%S}"))
        documents = len(corpus.known(connection))
    if json:
        found = [asdict(finding) for finding in findings]
        print(jsons.dumps({"files": documents, "sound": not findings, "findings": found}, ensure_ascii=False))
    else:
        for finding in findings:
            print(f"{finding.kind}: {finding.name} {finding.message}")
        print(f"{documents} files known, {len(findings)} findings.")
    raise typer.Exit(1 if findings else 0)
