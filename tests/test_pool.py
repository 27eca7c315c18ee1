"""Extraction in processes: one that never ends is killed at its deadline, and the next page is read all the same."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from articles.model import Answer, Article, ExtractRules, Failure, Link, Refusal, Source
from benchmarks.memory import family
from extractors.discover import Front, Read
from extractors.pool import BIG, Pool
from tests.conftest import NOW
from tests.worlds import ROOT

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
    assert trapped == Refusal(url=TRAPPED.url, reason="Its extraction took longer than 1 s.", failed=True)
    assert isinstance(sound, Article) and sound.title == "Title"


def test_no_process_outlives_the_one_that_extracts() -> None:
    code = "import asyncio; from tests import test_pool; asyncio.run(test_pool.endless())"
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout and process.stdout.readline() == b"busy\n"
        started = family(process.pid)
        process.kill()
    assert len(started) >= 3  # itself, who forks, and who extracts
    deadline = time.monotonic() + 20
    while left := [pid for pid in started if _is_alive(pid)]:
        assert time.monotonic() < deadline, left
        time.sleep(0.01)


async def endless() -> None:
    """Says when a worker is busy for ever."""
    async with Pool(workers=1, seconds=1000) as pool:
        await pool.extract(SOUND, ENDLESS, NOW, None)
        before = _workers()
        task = asyncio.create_task(pool.extract(TRAPPED, ENDLESS, NOW, None))
        while not _busy(before):
            await asyncio.sleep(0.01)
        print("busy", flush=True)
        await task


def _is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


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
    assert dead == Refusal(url=TRAPPED.url, reason="Its extraction ended the process that ran it.", failed=True)
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


def _eats(answer: Answer, source: Source, now: datetime) -> Front:
    return Front(links=(Link(url="x" * (3 << 30)),))


def _breaks(answer: Answer, source: Source, now: datetime) -> Front:
    os.kill(os.getpid(), signal.SIGSEGV)
    raise AssertionError("a process lives after a broken memory access")


def _raises(answer: Answer, source: Source, now: datetime) -> Front:
    raise RecursionError


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        (_eats, "Its reading wanted too much memory."),
        (_breaks, "Its reading ended the process that ran it."),
        (_raises, "Its reading failed: RecursionError."),
    ],
)
def test_memory_broken_and_errors_raised_cost_one_page(how: Read, reason: str) -> None:
    async def main() -> tuple[Front | Failure, list[Article | Refusal]]:
        async with Pool(workers=1) as pool:
            broken = await pool.read(how, SOUND, ENDLESS, NOW)
            return broken, [await pool.extract(SOUND, ENDLESS, NOW, None) for _ in range(2)]

    broken, sound = asyncio.run(main())
    assert isinstance(broken, Failure) and broken.reason == reason
    assert all(isinstance(found, Article) for found in sound)


def test_a_worker_makes_room_for_a_new_one_after_its_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> tuple[set[int], set[int], list[Article | Refusal]]:
        async with Pool(workers=1) as pool:
            found = [await pool.extract(SOUND, ENDLESS, NOW, None)]
            first = _workers()
            found += [await pool.extract(SOUND, ENDLESS, NOW, None) for _ in range(6)]
            return first, _workers(), found

    monkeypatch.setattr("extractors.pool.PAGES", 3)
    first, last, found = asyncio.run(main())
    assert not first & last
    assert all(isinstance(article, Article) for article in found)


def test_a_big_page_that_takes_for_ever_holds_up_no_other() -> None:
    big = replace(TRAPPED, body=TRAPPED.body + b" " * BIG)

    async def main() -> tuple[list[bool], Article | Refusal]:
        async with Pool(workers=1, seconds=3.0) as pool:
            trapped = asyncio.create_task(pool.extract(big, ENDLESS, NOW, None))
            others = [isinstance(await pool.extract(SOUND, ENDLESS, NOW, None), Article) for _ in range(3)]
            return [*others, trapped.done()], await trapped

    told, trapped = asyncio.run(main())
    assert told == [True, True, True, False]
    assert isinstance(trapped, Refusal) and "took longer" in trapped.reason
