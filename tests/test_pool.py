"""Extraction in processes: one that never ends is killed at its deadline, and the next page is read all the same."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

from articles.model import Answer, Article, ExtractRules, Refusal, Source
from extractors.pool import Pool
from tests.conftest import NOW

ENDLESS = Source(name="a", title="A", extract=ExtractRules(drop_lines=("^(a+)+$",)))
"""A rule that a careless hand may write: on the line below it takes longer than anybody waits."""
TRAP = "a" * 60 + "!"


def answer(*lines: str) -> Answer:
    text = "".join(f"<p>{line}</p>" for line in lines)
    body = f"<html><body><h1>Title</h1>{text}</body></html>".encode()
    url = "https://a.example/1"
    return Answer(asked=url, url=url, status=200, content_type="text/html", body=body, fetched_at=NOW)


TRAPPED = answer("The trap stands in the line below this one.", TRAP, "And more.")
SOUND = answer("The ambassador met the minister on Friday morning.", "They spoke about trade and scholarships.")


def test_an_extraction_without_end_is_killed_and_the_pool_goes_on() -> None:
    async def main() -> list[Article | Refusal]:
        async with Pool(workers=1, seconds=1.0) as pool:
            return [await pool.extract(page, ENDLESS, NOW, None) for page in (TRAPPED, SOUND)]

    trapped, sound = asyncio.run(main())
    assert isinstance(trapped, Refusal) and trapped.reason == "Its extraction took longer than 1 s."
    assert isinstance(sound, Article) and sound.title == "Title"


def test_a_worker_that_dies_costs_its_page_alone() -> None:
    async def main() -> list[Article | Refusal]:
        async with Pool(workers=1) as pool:
            await pool.extract(SOUND, ENDLESS, NOW, None)
            before = _workers()
            trapped = asyncio.create_task(pool.extract(TRAPPED, ENDLESS, NOW, None))
            async with asyncio.timeout(20):
                while not _busy(before):
                    await asyncio.sleep(0.01)
            for pid in before:
                os.kill(pid, signal.SIGKILL)
            return [await trapped, await pool.extract(SOUND, ENDLESS, NOW, None)]

    dead, sound = asyncio.run(main())
    assert isinstance(dead, Refusal) and dead.reason == "Its extraction ended the process that ran it."
    assert isinstance(sound, Article)


def _workers() -> set[int]:
    """The processes that the fork server of this one has forked."""
    mine = _children(os.getpid())
    return {pid for server in mine for pid in _children(server)}


def _children(parent: int) -> set[int]:
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent:
            found.add(int(stat.parent.name))
    return found


def _busy(pids: set[int]) -> bool:
    """Whether one of the processes computes: it has used more CPU than reading a sound page takes."""
    ticks = [int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11]) for pid in pids]
    return max(ticks, default=0) >= os.sysconf("SC_CLK_TCK")
