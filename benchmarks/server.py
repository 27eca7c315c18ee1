"""What Prefect costs a pass: `python -m benchmarks.server [--rounds N]`.

A first pass over forty sources as a flow run on a Prefect server, with a task a source and its artifacts, against the
same pass without one, in turn; the best of each counts. *pass* is the pass alone, on the server from the run's begin to
its end; *whole* is the command `rasid ingest` with its start-up, Prefect's import and its farewell to the server.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

from benchmarks.web import Resource, Sites, free_port, served

SOURCES = 40
ARTICLES = 3
"""Of each source, with about 200 words each."""

RATIO, SECONDS = 1.3, 2.0
"""A pass on the server may take so many times as long, and so many seconds more."""


def main() -> None:
    """Prints the comparison."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    port = free_port()
    with tempfile.TemporaryDirectory() as name, served(_sites(port), port), _server(Path(name)) as server:
        folder, names = Path(name), itertools.count()
        plain, flow = list[tuple[float, float]](), list[tuple[float, float]]()
        for _ in range(rounds):
            plain.append(_pass(folder / str(next(names)), port, {}))
            flow.append(_pass(folder / str(next(names)), port, server))
    for name, floor, ours in zip(
        ("pass", "whole"), *(map(min, zip(*runs, strict=True)) for runs in (plain, flow)), strict=True
    ):
        print(
            f"{'server':<10}{name:<6} without {floor:6.2f} s   with {ours:6.2f} s   "
            f"{ours / floor:.2f} times its time, {ours - floor:+.2f} s"
        )
        if name == "pass":
            print(f"{'':<10}limit: {RATIO} times and {SECONDS:.0f} s, {RATIO * floor + SECONDS:.2f} s")


def _pass(home: Path, port: int, server: dict[str, str]) -> tuple[float, float]:
    """Seconds of a first pass over all sources, in a state folder of its own, alone and with all around it."""
    home.mkdir()
    (home / "sources.toml").write_text("".join(_block(number, port) for number in range(SOURCES)), "utf-8")
    settings = {
        "RASID_HOME": str(home),
        "RASID_SOURCES": str(home / "sources.toml"),
        "RASID_CORPUS": str(home / "corpus"),
        "RASID_ALLOW_PRIVATE_HOSTS": ",".join(f"{_host(number)}:{port}" for number in range(SOURCES)),
    }
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("RASID_", "PREFECT_"))}
    started = time.monotonic()
    words = [sys.executable, "-c", "from flows.cli import main; main()", "ingest", "--force", "--json"]
    done = subprocess.run(words, env=environment | settings | server, check=True, capture_output=True)
    whole = time.monotonic() - started
    report = json.loads(done.stdout)
    assert report["totals"]["fetched"] == SOURCES * ARTICLES, report["totals"]
    return _newest_run(server["PREFECT_API_URL"]) if server else report["seconds"], whole


def _newest_run(api: str) -> float:
    """Seconds of the newest flow run, as the server has them."""
    body = json.dumps({"sort": "START_TIME_DESC", "limit": 1}).encode()
    with urlopen(Request(f"{api}/flow_runs/filter", body, {"Content-Type": "application/json"})) as answer:
        (run,) = json.load(answer)
    return float(run["total_run_time"])


def _host(number: int) -> str:
    return f"127.0.2.{number + 1}"


def _block(number: int, port: int) -> str:
    return (
        f'[[source]]\nname = "s{number}"\ntitle = "S{number}"\nlanguage = "en"\nmin_delay = "0s"\n'
        f'feeds = ["http://{_host(number)}:{port}/feed"]\n'
    )


def _sites(port: int) -> Sites:
    """Forty small sites: a feed each, and its articles, no two alike."""
    return {_host(number): _site(number, port) for number in range(SOURCES)}


def _site(number: int, port: int) -> dict[str, Resource]:
    base = f"http://{_host(number)}:{port}"
    items = "".join(
        f"<item><title>Report {number} of {article}</title><link>{base}/a{article}</link></item>"
        for article in range(ARTICLES)
    )
    feed = f'<?xml version="1.0"?><rss version="2.0"><channel><title>S</title>{items}</channel></rss>'
    return {
        "/feed": Resource("application/rss+xml", feed.encode()),
        **{f"/a{article}": Resource("text/html", _article(number, article).encode()) for article in range(ARTICLES)},
    }


def _article(number: int, article: int) -> str:
    seed = number * ARTICLES + article
    words = " ".join(f"word{(seed * 131 + place * 17) % 4099}" for place in range(200))
    return f"<html><body><article><h1>Report {number} of {article}</h1><p>{words}.</p></article></body></html>"


@contextmanager
def _server(folder: Path) -> Iterator[dict[str, str]]:
    """A Prefect server on loopback; gives the settings that lead to it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = {
        "PREFECT_HOME": str(folder / "prefect"),
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
    }
    words = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(
        words, env=os.environ | settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder
    )
    try:
        while not _is_up(settings["PREFECT_API_URL"]):
            if process.poll() is not None:
                sys.exit(f"the Prefect server ended with {process.returncode}")
            time.sleep(0.2)
        yield settings
    finally:
        process.terminate()
        process.wait()


def _is_up(api: str) -> bool:
    try:
        with urlopen(f"{api}/health", timeout=1):
            return True
    except (URLError, TimeoutError, ConnectionError):
        return False


if __name__ == "__main__":
    main()
