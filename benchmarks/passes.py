"""Whole passes against their floors: `python -m benchmarks.passes [--data FOLDER] [--rounds N]`.

pages      300 saved pages from ten hosts, against the bare extractor over the same bytes, with the same setting,
           metadata on, and the same number of processes
unchanged  a thousand feeds on distinct hosts that answer 304, against a bare loop of the same client over the
           same addresses; starting up apart

A floor and the pass that is held against it run in turn, in one process, several rounds; the best of each counts.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import multiprocessing
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import httpx
from trafilatura import bare_extraction

from articles.model import Source
from benchmarks.web import Resource, Sites, free_port, served
from extractors.pool import WORKERS
from flows import orders, passes, settings
from flows.orders import Order
from flows.passes import Pass
from flows.report import Report, SourceReport

PAGES = 300
HOSTS = 10
FEEDS = 1000
KNOWN = 5
"""Items of an unchanged feed, the same for all of them."""


@dataclass(frozen=True)
class Line:
    """One comparison, and what the passes took of memory."""

    name: str
    best: Run
    peak_mb: float
    note: str

    def __str__(self) -> str:
        floor, ours = self.best.floor, self.best.ours
        return (
            f"{self.name:<10} floor {floor:6.2f} s   pass {ours:6.2f} s   "
            f"{floor / ours:.2f} of the floor's speed, {ours / floor:.2f} times its time\n"
            f"{'':<10} peak {self.peak_mb:.0f} MB over all processes; {self.note}"
        )


def main() -> None:
    """Prints both comparisons."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    if arguments.data.is_dir():
        print(pages(arguments.data, arguments.rounds))
    else:
        print(f"pages      left out: there are no saved pages at {arguments.data}; --data names their folder")
    print(unchanged(arguments.rounds))


def pages(data: Path, rounds: int) -> Line:
    """A first pass over saved pages."""
    saved = saved_pages(data / "news-html")[:PAGES]
    port = free_port()
    sites = _page_sites(saved, port)
    floors, runs, peaks = [], [], []
    with served(sites, port):
        for _ in range(rounds):
            floors.append(_timed(lambda: extract_all(saved)))
            run, peak = _apart(_first_pass, list(sites), port, 1)
            runs += run
            peaks.append(peak)
    best = Run(min(floors), min(run.ours for run in runs), runs[-1].totals)
    counts = ["fetched", "new", "duplicates", "failed"]
    return Line("pages", best, max(peaks), ", ".join(f"{best.totals[count]} {count}" for count in counts))


def unchanged(rounds: int) -> Line:
    """Passes over feeds in which nothing is new, and the bare loop, in turn in one warm process."""
    port = free_port()
    sites = _feed_sites(port)
    with served(sites, port):
        runs, peak = _apart(_unchanged, list(sites), port, rounds)
    best = Run(min(run.floor for run in runs), min(run.ours for run in runs), runs[-1].totals)
    return Line("unchanged", best, peak, f"{FEEDS} feeds, {best.totals['fetched']} pages fetched")


@dataclass(frozen=True)
class Run:
    """Seconds of a floor and of the pass beside it, and the pass's counts."""

    floor: float
    ours: float
    totals: dict[str, int]


Work = Callable[[list[str], int, int], list[Run]]


def _apart(work: Work, hosts: list[str], port: int, rounds: int) -> tuple[list[Run], float]:
    """Runs passes in a fresh process; also the peak of that process's and its descendants' memory, in MB."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_send, args=(there, work, hosts, port, rounds))
    process.start()
    there.close()  # so that a process that fails ends the wait for its answer
    with Memory(process.pid or 0) as memory:
        runs: list[Run] = here.recv()
    process.join()
    return runs, memory.peak_mb


def _send(pipe: Connection, work: Work, hosts: list[str], port: int, rounds: int) -> None:
    pipe.send(work(hosts, port, rounds))


def _first_pass(hosts: list[str], port: int, rounds: int) -> list[Run]:
    """Each from opening the store to the report, the workers' start included."""
    runs = []
    for _ in range(rounds):
        with _installation(hosts, port) as order:
            started = time.perf_counter()
            report = asyncio.run(passes.run(order, _read_all))
            runs.append(Run(0.0, time.perf_counter() - started, report.json()["totals"]))
    return runs


def _unchanged(hosts: list[str], port: int, rounds: int) -> list[Run]:
    """Each from the moment when everything is open and claimed, after a first pass that is not counted."""
    urls = [f"http://{host}:{port}/feed" for host in hosts]
    runs = []
    with _installation(hosts, port) as order:
        asyncio.run(passes.run(order, _read_all))
        for _ in range(rounds):
            floor = asyncio.run(_bare_loop(urls))
            ours, report = asyncio.run(_timed_pass(order))
            assert {source.outcome.value for source in report.sources} == {"unchanged"}
            runs.append(Run(floor, ours, report.json()["totals"]))
    return runs


class Memory:
    """The peak of the resident memory (proportional share) of a process and its descendants, in MB."""

    def __init__(self, root: int) -> None:
        self.peak_mb = 0.0
        self._root = root
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Memory:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(0.5):
            self.peak_mb = max(self.peak_mb, sum(map(_share_kb, _family(self._root))) / 1024)


def _family(root: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found = [root]
    for pid in found:
        found += children.get(pid, [])
    return found


def _share_kb(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def saved_pages(folder: Path) -> list[tuple[str, bytes]]:
    """The saved pages, with their addresses."""
    rows = map(json.loads, gzip.decompress((folder / "index.jsonl.gz").read_bytes()).splitlines())
    return [(row["url"], gzip.decompress((folder / row["html"]).read_bytes())) for row in rows]


def extract_all(saved: list[tuple[str, bytes]]) -> None:
    """The floor: the bare extractor over these pages, in as many processes as a pass has."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["trafilatura"])
    with ProcessPoolExecutor(WORKERS, mp_context=context) as workers:
        list(workers.map(_bare, saved, chunksize=1))


def _bare(saved: tuple[str, bytes]) -> Any:
    url, body = saved
    document = bare_extraction(body, url=url, include_comments=False, with_metadata=True)
    return (document.title, document.date, document.text) if document else None  # type: ignore[union-attr]


def _page_sites(saved: list[tuple[str, bytes]], port: int) -> Sites:
    sites: dict[str, dict[str, Resource]] = {f"127.0.1.{n + 1}": {} for n in range(HOSTS)}
    for n, (_, body) in enumerate(saved):
        sites[f"127.0.1.{n % HOSTS + 1}"][f"/article/{n}.html"] = Resource("text/html", body)
    for host, resources in sites.items():
        resources["/feed"] = _feed([f"http://{host}:{port}{path}" for path in resources])
    return sites


def _feed_sites(port: int) -> Sites:
    hosts = [f"127.1.{n // 250}.{n % 250 + 1}" for n in range(FEEDS)]
    paths = {f"/article/{n}.html": Resource("text/html", _page(n)) for n in range(KNOWN)}
    links = [f"http://{hosts[0]}:{port}{path}" for path in paths]
    return {host: {"/feed": _feed(links), **(paths if host == hosts[0] else {})} for host in hosts}


def _page(n: int) -> bytes:
    sentences = " ".join(f"Sentence {n}-{m} of a plain article about nothing in particular." for m in range(20))
    return f"<html><body><h1>Article {n}</h1><p>{sentences}</p></body></html>".encode()


def _feed(links: list[str]) -> Resource:
    items = "".join(f"<item><title>An item</title><link>{link}</link></item>" for link in links)
    body = f'<?xml version="1.0"?><rss version="2.0"><channel><title>A feed</title>{items}</channel></rss>'
    return Resource("application/rss+xml", body.encode(), '"v1"')


class _installation:
    """A fresh state folder whose catalogue names the sites' feeds, one source a host."""

    def __init__(self, hosts: list[str], port: int) -> None:
        self._hosts, self._port = hosts, port

    def __enter__(self) -> Order:
        self._folder = tempfile.TemporaryDirectory()
        folder = Path(self._folder.name)
        known = settings.load({}).within(folder, catalogue=folder / "sources.toml", allowed=frozenset(self._hosts))
        sources = tuple(
            Source(name=f"s{n}", title=host, feeds=(f"http://{host}:{self._port}/feed",), min_delay=0, interval=0)
            for n, host in enumerate(self._hosts)
        )
        topic = orders.topic_of(known)
        return Order(settings=known, catalogue=sources, topic=topic, wanted=sources, force=True)

    def __exit__(self, *error: object) -> None:
        self._folder.cleanup()


async def _read_all(current: Pass) -> list[SourceReport]:
    return await passes.side_by_side(current, list(current.claims), lambda report: None)


async def _timed_pass(order: Order) -> tuple[float, Report]:
    """A pass, timed from the moment when everything is open and claimed."""
    started = 0.0

    async def read_all(current: Pass) -> list[SourceReport]:
        nonlocal started
        started = time.perf_counter()
        return await _read_all(current)

    report = await passes.run(order, read_all)
    return time.perf_counter() - started, report


async def _bare_loop(urls: list[str]) -> float:
    """The same requests by a bare client, as many at once."""
    turns = asyncio.Semaphore(passes.SIDE_BY_SIDE)
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=10)
    async with httpx.AsyncClient(trust_env=False, limits=limits, timeout=None, http2=True) as client:

        async def ask(url: str) -> int:
            async with turns:
                return (await client.get(url, headers={"If-None-Match": '"v1"'})).status_code

        started = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(ask(url)) for url in urls]
        seconds = time.perf_counter() - started
    assert {task.result() for task in tasks} == {304}
    return seconds


def _timed(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
