"""Finding a near copy among a million: `python -m benchmarks.bands [--size N] [--database NAME]`.

The stored crowd is synthetic: band keys without texts, spread evenly, since only the table's size matters to it.
Behind it stand texts of the labelled set, their words in a new order. Looked up are as many unknown texts, and
reprints of the stored ones (half a dozen words cut), which cost a verdict too. CPU time is this process's and, with
PostgreSQL, its server process's. The peer is datasketch's MinHashLSH in memory, with the same 32 bands of 4 rows.
"""

from __future__ import annotations

import argparse
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from sqlalchemy import Connection, text

from articles.nearness import BANDS, Telling, sketch
from benchmarks.pairs import load
from storage import nearness
from storage.database import Store
from storage.opening import open_store
from tests import postgres

DATABASES = ("sqlite", "postgresql")
MEASURED = 150
_PEER_SIZE = 100_000
_CHUNK = 250_000
_CUT = 6
_ROUNDS = 3
_LEAST_WORDS = 40

_ARTICLE = text(
    "INSERT INTO article (id, birth, language, fetched_at, first_seen_at, version, content_hash, on_topic, kind,"
    " review, score, evidence, steps, story, story_held, restless) VALUES (:id, :birth, 'en', '2026-01-01 00:00:00',"
    " '2026-01-01 00:00:00', 1, '', :no, 'D', :no, 0, '[]', '[]', :id, :no, :no)"
)
_VERSION = text(
    "INSERT INTO version (article_id, version, content_hash, digest, text, seen_at, reason)"
    " VALUES (:id, 1, '', '', :text, '2026-01-01 00:00:00', 'new')"
)


@dataclass(frozen=True)
class Figure:
    """One database at one size; times are milliseconds of CPU a text."""

    name: str
    documents: int
    lookup: float
    """Of a text that nothing stored is like."""
    insert: float
    verdict: float
    """Of a reprint: looked up, and compared with its original."""
    found: float
    """Share of the reprints that were found."""

    def __str__(self) -> str:
        return (
            f"{self.name:10} {self.documents:>9,} documents: lookup {self.lookup:.3f} ms, insert {self.insert:.3f} ms; "
            f"a reprint with its verdict {self.verdict:.2f} ms, found {self.found:.3f}"
        )


def main() -> None:
    """Runs at a tenth of the size and at the size; prints figures, their ratio and the memory used."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bands")
    parser.add_argument("--size", type=int, default=1_000_000, help="stored documents (default: a million)")
    parser.add_argument("--database", choices=DATABASES, help="one of them alone")
    arguments = parser.parse_args()
    for small, large in figures(arguments.size, [arguments.database] if arguments.database else DATABASES):
        ratio = (large.lookup + large.insert) / (small.lookup + small.insert)
        print(small, large, f"{large.name:10} lookup and insert, larger to smaller: {ratio:.2f}", sep="\n")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"memory of this process, at most: {peak:.0f} MB", flush=True)
    peer = [sys.executable, "-m", "benchmarks.bands_peer", str(min(arguments.size, _PEER_SIZE))]
    subprocess.run(peer, check=True)


def figures(size: int, databases: Sequence[str] = DATABASES) -> Iterator[tuple[Figure, Figure]]:
    """Each database's figures at a tenth of the size and at the size; PostgreSQL's where it is installed."""
    if "sqlite" in databases:
        with tempfile.TemporaryDirectory(prefix="rasid-bands-") as folder:
            yield _grown("SQLite", f"sqlite:///{folder}/rasid.db", Path(folder), size)
    programs = postgres.programs()
    if "postgresql" in databases and programs:
        with postgres.Cluster(programs) as cluster, tempfile.TemporaryDirectory() as folder:
            yield _grown("PostgreSQL", cluster.database(), Path(folder), size)


def _grown(name: str, url: str, folder: Path, size: int) -> tuple[Figure, Figure]:
    with closing(open_store(url, folder / "upgrade.lock")) as store:
        _crowd(store, 1, size // 10)
        small = _best(store, name, size // 10, first=2 * size)
        _crowd(store, size // 10 + 1, size - size // 10)
        return small, _best(store, name, size, first=3 * size)


def _best(store: Store, name: str, documents: int, first: int) -> Figure:
    """The quickest of some rounds: other programs on the machine only ever slow one down."""
    rounds = [_measure(store, name, documents, first + 2 * MEASURED * place) for place in range(_ROUNDS)]
    return Figure(
        name,
        documents,
        lookup=min(each.lookup for each in rounds),
        insert=min(each.insert for each in rounds),
        verdict=min(each.verdict for each in rounds),
        found=min(each.found for each in rounds),
    )


def _crowd(store: Store, first: int, count: int) -> None:
    """That many articles without a text, with 32 band keys each on the average, in the order of their keys."""
    with store.write() as connection:
        for start in range(first, first + count, _CHUNK):
            ids = range(start, min(start + _CHUNK, first + count))
            connection.execute(_ARTICLE, [_row(article_id) for article_id in ids])
        connection.execute(text("DROP INDEX ix_band_article_id"))
    rows, random_numbers = count * BANDS, np.random.default_rng(first)
    chunks = max(1, rows // _CHUNK)
    edges = np.linspace(-(2**63), 2**63 - 1024, chunks + 1)
    for low, high in pairwise(edges):
        keys = np.unique(random_numbers.integers(int(low), int(high), rows // chunks))
        owners = random_numbers.integers(first, first + count, len(keys))
        _load(store, list(zip(keys.tolist(), owners.tolist(), strict=True)))
    with store.write() as connection:
        connection.execute(text("CREATE INDEX ix_band_article_id ON band (article_id)"))
        connection.execute(text("ANALYZE"))


def _load(store: Store, rows: list[tuple[int, int]]) -> None:
    """Rows of the band table by each driver's own fast way."""
    with store.write() as connection:
        raw = connection.connection.dbapi_connection
        assert raw is not None
        cursor = raw.cursor()
        if store.is_sqlite:
            cursor.executemany("INSERT INTO band (key, article_id) VALUES (?, ?)", rows)
            return
        cursor.execute("SET LOCAL session_replication_role = replica")  # the owners are there: no look for each row
        with cursor.copy("COPY band (key, article_id) FROM STDIN") as copy:  # type: ignore[attr-defined]
            for row in rows:
                copy.write_row(row)


def _measure(store: Store, name: str, documents: int, first: int) -> Figure:
    """`first` is the id of the first text: the texts stand behind the crowd."""
    stored, unknown = _texts(2 * first), _texts(2 * first + 1)
    with store.write() as connection:
        for article_id, told in enumerate(stored, start=first):
            connection.execute(_ARTICLE, _row(article_id))
            connection.execute(_VERSION, {"id": article_id, "text": told})
            nearness.remember(connection, article_id, sketch(told))
        connection.execute(_ARTICLE, [_row(first + MEASURED + place) for place in range(MEASURED)])
    tellings = [Telling(None, told) for told in unknown]
    reprints = [Telling(None, " ".join(told.split()[:-_CUT])) for told in stored]
    with store.write() as connection:
        cpu = _clock(connection)
        bands = [sketch(telling.text) for telling in (*tellings, *reprints)]
        marks = [cpu()]
        for telling, keys in zip(tellings, bands, strict=False):
            nearness.original(connection, keys, telling)
        marks.append(cpu())
        for place, keys in enumerate(bands[:MEASURED], start=first + MEASURED):
            nearness.remember(connection, place, keys)
        marks.append(cpu())
        found = [
            nearness.original(connection, keys, telling)
            for telling, keys in zip(reprints, bands[MEASURED:], strict=True)
        ]
        marks.append(cpu())
    right = sum(root == article_id for article_id, root in enumerate(found, start=first))
    spent = [1000 * (after - before) / MEASURED for before, after in pairwise(marks)]
    return Figure(name, documents, *spent, found=right / MEASURED)


def _row(article_id: int) -> dict[str, object]:
    return {"id": article_id, "birth": f"synthetic {article_id}", "no": False}


def _texts(seed: int) -> list[str]:
    """Texts of the labelled set, each with its words in an order of its own."""
    choice = random.Random(seed)
    whole = [each.text.split() for each in load().texts if len(each.text.split()) > _LEAST_WORDS]
    return [" ".join(choice.sample(words, len(words))) for words in choice.choices(whole, k=MEASURED)]


def _clock(connection: Connection) -> Callable[[], float]:
    """Seconds of CPU spent so far, with those of PostgreSQL's process for this connection."""
    if connection.dialect.name == "sqlite":
        return time.process_time
    server = connection.scalar(text("SELECT pg_backend_pid()"))
    # Nanoseconds on a processor: the first field (Linux, Documentation/scheduler/sched-stats.rst).
    return lambda: time.process_time() + int(Path(f"/proc/{server}/schedstat").read_text().split()[0]) / 1e9


if __name__ == "__main__":
    main()
