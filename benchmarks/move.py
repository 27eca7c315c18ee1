"""Moving a store to PostgreSQL and back: `python -m benchmarks.move [--articles N]`.

The store is synthetic: every table is filled by its columns' kinds, in the proportions of a store in use. What is
printed are rows a second, each of them read, written and compared, and whether what came back is what went.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, Column, Date, Float, Integer, LargeBinary, String, Table
from sqlmodel import AutoString

from storage import moving
from storage.database import Store, connect, sqlite_at
from storage.moving import Content
from storage.opening import open_store
from storage.tables import METADATA, Utc
from tests import postgres

ARTICLES = 100_000

SHARES = {"band": 32, "fingerprint": 2, "address": 1.5, "link": 1.5, "sighting": 1.2, "version": 1.1, "page": 1.2}
"""Rows of a table for each article. Others: a tenth of the articles."""

FEW = {"source": 300, "front": 600, "robots": 200, "counter": 1}
"""Rows of tables that do not grow with the articles, at most."""

LETTERS = "Astana Рамалла Қазақстан رام الله — ١٢٣ \\N \\. \t 'quoted' \"twice\" \n"
"""What a copy might stumble over, besides plain words."""

_BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
_CHUNK = 2000


def main() -> None:
    """Fills a SQLite store, moves it to PostgreSQL and from there to another SQLite file."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.move")
    parser.add_argument("--articles", type=int, default=ARTICLES)
    arguments = parser.parse_args()
    programs = postgres.programs()
    if programs is None:
        print("move       left out: PostgreSQL's server is not installed")
        return
    with tempfile.TemporaryDirectory() as folder, postgres.Cluster(programs) as cluster:
        addresses = [sqlite_at(Path(folder) / "a.db"), cluster.database(), sqlite_at(Path(folder) / "b.db")]
        with closing(open_store(addresses[0], Path(folder) / "lock")) as store:
            fill(store, arguments.articles)
        there = _moved(addresses[0], addresses[1], Path(folder))
        back = _moved(addresses[1], addresses[2], Path(folder))
    assert there == back, "what came back is not what went"
    print("           the same rows came back, table by table")


def fill(store: Store, articles: int, text_letters: int = 2000) -> None:
    """Puts so many articles, and what goes with them, into an empty store on SQLite; texts of so many letters."""
    dice = random.Random(articles)
    for table in METADATA.sorted_tables:
        rows = _rows(table, articles, text_letters, dice)
        with store.write() as connection:
            connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
            while chunk := list(islice(rows, _CHUNK)):
                connection.execute(table.insert(), chunk)


def _moved(here: str, there: str, folder: Path) -> list[Content]:
    with closing(open_store(here, folder / "lock")) as source:
        target, started = connect(there), time.perf_counter()
        contents = moving.move(source, target, folder / "lock", lambda table, count: None)
        seconds, rows = time.perf_counter() - started, sum(content.rows for content in contents)
        name = target.dialect.name
        target.dispose()
    print(f"move       to {name:<10} {rows:>9,} rows in {seconds:6.1f} s: {rows / seconds:>8,.0f} rows/s")
    return contents


def count(table: Table, articles: int) -> int:
    """How many rows `fill` gives a table."""
    if table.name == "article":
        return articles
    rows = int(articles * SHARES.get(table.name, 0.1))
    return max(1, min(FEW.get(table.name, rows), rows))


def _rows(table: Table, articles: int, text_letters: int, dice: random.Random) -> Iterator[dict[str, Any]]:
    rows = count(table, articles)
    for place in range(rows):
        yield {
            column.name: _value(table, column, place, rows, articles, text_letters, dice) for column in table.columns
        }


def _value(
    table: Table, column: Column[Any], place: int, rows: int, articles: int, text_letters: int, dice: random.Random
) -> Any:
    if column is table.autoincrement_column:
        return place + 1
    if column.foreign_keys:
        (key,) = column.foreign_keys
        if key.column.table is table:  # to a later row: an order that a copy has to bear
            return place + 2 if place % 2 == 0 and place + 2 <= rows else None
        return 1 + place % count(key.column.table, articles)
    if column.nullable and place % 3 == 0:
        return None
    return _plain(column, place, text_letters, dice)


def _plain(column: Column[Any], place: int, text_letters: int, dice: random.Random) -> Any:
    match column.type:
        case Utc():
            return _BEGIN + timedelta(seconds=place, microseconds=place % 7)
        case Boolean():
            return place % 2 == 0
        case BigInteger():
            return dice.getrandbits(63) * (-1) ** place
        case Integer():
            return place
        case Float():
            return dice.random()
        case JSON():
            return [{"term": f"Қазақстан {place}", "where": "title"}] if place % 4 else None
        case LargeBinary():
            return b"\x00\\x\xff" + dice.randbytes(text_letters // 2)
        case Date():
            return _BEGIN.date() + timedelta(days=place)
        case String() | AutoString() if column.name == "text":
            return (f"{place} {LETTERS}" * (1 + text_letters // 60))[:text_letters]
        case String() | AutoString():
            return f"{column.name} {place} {LETTERS if place % 5 == 0 else ''}".rstrip()
        case unknown:
            raise TypeError(f"{column}: no value is known for {unknown}")


if __name__ == "__main__":
    main()
