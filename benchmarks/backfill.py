"""An archive file taken in: `python -m benchmarks.backfill [--data FOLDER] [--pages N] [--rounds N]`.

archive  pages that name both sides: glanced at, extracted, judged, archived, stored; against the bare extractor over
         the same bytes in memory, with the same setting, metadata on, and the same number of processes
look     what it costs to find out that a page does not name both sides, against extracting it
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import tempfile
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path

from articles.model import Answer
from articles.ranges import Range
from benchmarks.passes import Memory, extract_all, saved_pages
from demo.newsroom import Expected, Newsroom
from extractors import article
from extractors.glance import Glance
from flows import orders, past, settings
from flows.orders import Order
from flows.past import Errand
from storage import warc
from storage.frontiers import Look

ROOT = Path(__file__).parent.parent
PAGES = 2_000
SAMPLE = 100
FLOOR, SHARE = 0.9, 0.1
"""The aims: of the bare extractor's speed; and what a look may cost of an extraction."""

_TEXT = re.compile(rb">([^<>{}]{40,})<")
_VOWELS = b"aeiou"


def main() -> None:
    """Prints both comparisons."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--pages", type=int, default=PAGES)
    parser.add_argument("--rounds", type=int, default=2)
    arguments = parser.parse_args()
    saved = list(islice(_different(_material(arguments.data)), arguments.pages))
    print(taken_in(saved, arguments.rounds))
    print(looks([body for _, body in saved[:SAMPLE]]))


def taken_in(saved: list[tuple[str, bytes]], rounds: int) -> str:
    """A file of these pages, from opening the store to the report; the best of several rounds."""
    named = [(url, body + b"<!-- Palestine, Kazakhstan -->") for url, body in saved]
    floors, ours, peaks, new = [], [], [], 0
    with tempfile.TemporaryDirectory() as folder:
        file = _write(Path(folder) / "pages.warc.gz", named)
        for number in range(rounds):
            started = time.perf_counter()
            extract_all(named)
            floors.append(time.perf_counter() - started)
            with Memory(os.getpid()) as memory:
                started = time.perf_counter()
                report = asyncio.run(past.run(_errand(Path(folder) / str(number), file), _Deaf()))
                ours.append(time.perf_counter() - started)
            peaks.append(memory.peak_mb)
            new = report.results[0].brought.new
    floor, best = min(floors), min(ours)
    return (
        f"archive    floor {floor:6.2f} s   ours {best:6.2f} s   "
        f"{floor / best:.2f} of the floor's speed (aim {FLOOR})\n"
        f"           {len(saved)} pages, {new} new articles; peak {max(peaks):.0f} MB over all processes"
    )


def looks(bodies: list[bytes]) -> str:
    """What a look costs, and an extraction, on the same pages."""
    glance = Glance(_order(Path()).topic)
    now = datetime.now(UTC)
    answers = [Answer(asked="", url="", status=200, content_type="", body=body, fetched_at=now) for body in bodies]
    look = min(_seconds(lambda: [glance.names_both(body) for body in bodies]) for _ in range(3))
    whole = min(_seconds(lambda: [article.extract(answer, None, now) for answer in answers]) for _ in range(2))
    per = 1_000 / len(bodies)
    return f"look       {look * per:.2f} ms, {look / whole:.3f} of an extraction's {whole * per:.1f} ms (aim {SHARE})"


def _seconds(work: object) -> float:
    started = time.process_time()
    work()  # type: ignore[operator]
    return time.process_time() - started


def _material(data: Path) -> list[tuple[str, bytes]]:
    """Saved pages; without them those of the built-in newsroom."""
    if data.is_dir():
        return saved_pages(data / "news-html")
    with Newsroom(ROOT / "corpus", datetime.now(UTC)) as newsroom:
        return [(one.path, _page(one)) for one in newsroom.expected()]


def _page(one: Expected) -> bytes:
    paragraphs = "".join(f"<p>{paragraph}</p>" for paragraph in one.paragraphs)
    return f"<html><body><article><h1>{one.title}</h1>{paragraphs}</article></body></html>".encode()


def _different(saved: list[tuple[str, bytes]]) -> Iterable[tuple[str, bytes]]:
    """The pages again and again, each time with other vowels in their texts, so that none is a copy."""
    for number, (_, body) in enumerate(cycle(saved)):
        turn = number // len(saved)
        other = bytes.maketrans(_VOWELS, _VOWELS[turn % 5 :] + _VOWELS[: turn % 5])
        said = _TEXT.sub(lambda found: b">" + found[1].translate(other) + b"<", body) if turn else body  # noqa: B023
        yield f"https://host{number % 40}.example/article/{number}.html", said


def _write(path: Path, saved: Iterable[tuple[str, bytes]]) -> Path:
    now = datetime.now(UTC)
    with path.open("wb") as file:
        for url, body in saved:
            file.write(
                warc.pack(Answer(asked=url, url=url, status=200, content_type="text/html", body=body, fetched_at=now))
            )
    return path


def _order(folder: Path) -> Order:
    known = settings.load({}).within(folder, catalogue=folder / "sources.toml", allowed=frozenset())
    return Order(settings=known, catalogue=(), topic=orders.topic_of(known), wanted=())


def _errand(folder: Path, file: Path) -> Errand:
    return Errand(order=_order(folder), days=Range(), via=(), archives=(str(file),))


class _Deaf:
    def at(self, look: Look, done: float, total: float | None) -> None:
        """Nothing."""

    def ended(self, look: Look, error: str | None) -> None:
        """Nothing."""


if __name__ == "__main__":
    main()
