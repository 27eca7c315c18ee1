"""Passes at once on one PostgreSQL: `python -m benchmarks.workers [--sources N] [--workers N]`.

A crowd of made-up sites, all new, read by one pass, then by two at once, and so on, each time into an empty database.
Sources a second count from the start of the processes to the last report; CPU is theirs, the database server's apart.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from pathlib import Path

from tests import postgres
from tests.crowd import crowd, installation

SOURCES = 1000
WORKERS = 3


def main() -> None:
    """Prints a line for each number of workers."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.workers")
    parser.add_argument("--sources", type=int, default=SOURCES)
    parser.add_argument("--workers", type=int, default=WORKERS, help="at most so many at once")
    parser.add_argument("--answer", type=float, default=0.5, help="seconds until a site answers")
    arguments = parser.parse_args()
    programs = postgres.programs()
    if programs is None:
        print("workers    left out: PostgreSQL's server is not installed")
        return
    with postgres.Cluster(programs) as cluster:
        for workers in range(1, arguments.workers + 1):
            print(_line(cluster, arguments.sources, arguments.answer, workers), flush=True)


def _line(cluster: postgres.Cluster, sources: int, answer: float, workers: int) -> str:
    with crowd(sources, answer) as sites, tempfile.TemporaryDirectory() as folder:
        there = installation(sites, Path(folder) / "there", cluster.database())
        started, spent = time.perf_counter(), _cpu()
        reports = there.passes(workers)
        seconds, cpu = time.perf_counter() - started, _cpu() - spent
        assert sum(report["totals"]["new"] for report in reports) == len(sites.texts)
        assert not sites.impolite()
    shares = ", ".join(str(sum(source["outcome"] == "ok" for source in report["sources"])) for report in reports)
    return (
        f"workers    {workers}: {sources} sources in {seconds:6.1f} s, {sources / seconds:5.1f} a second, "
        f"{cpu / seconds:.2f} cores busy, shares {shares}"
    )


def _cpu() -> float:
    """Seconds of CPU of all children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
