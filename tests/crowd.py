"""A crowd of small sites on loopback, for several passes at once: what each is, and what it was asked, and when.

Every site is an address of 127/8 and has four sources. Each source lists a text of its own, or one that another has
as well, so that passes meet in the database too.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import subprocess
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.worlds import RASID, ROOT

SOURCES_A_SITE = 4

TEXTS_A_DOZEN = 4
"""Of twelve sources that follow one another so many have a text of their own; the others reprint one of these."""

SLOW_SITES, SLOW_SECONDS = 3, 1
"""Sites that want to be asked once a second; their sources stand far from one another in the catalogue."""

_WORDS = [
    a + b + c for a in ("bar", "del", "gor", "kim", "lun", "mos") for b in "aeiou" for c in ("ton", "ver", "sk", "mi")
]
_TOPIC = "The ambassador of Palestine met the deputy foreign minister of Kazakhstan in Astana on Friday."


@dataclass(frozen=True)
class Asked:
    """One request: where, for what, and between which moments (monotonic, seconds)."""

    site: str
    path: str
    begun: float
    done: float


@dataclass
class Crowd:
    """So many sources on their sites; `asked` grows while they are read."""

    count: int
    port: int = 0
    asked: list[Asked] = field(default_factory=list)

    def site(self, source: int) -> str:
        """The address of a source's site. Slow sites come round again and again, others have neighbours."""
        spread = max(self.count // SOURCES_A_SITE, SLOW_SITES)
        if source % spread < SLOW_SITES:
            return f"127.2.0.{source % spread + 1}"
        return f"127.3.{source // SOURCES_A_SITE // 250}.{source // SOURCES_A_SITE % 250 + 1}"

    @property
    def sites(self) -> list[str]:
        return sorted({self.site(source) for source in range(self.count)})

    @property
    def texts(self) -> set[int]:
        """The sources whose texts there are, each once, however many list it."""
        return {_text_of(source) for source in range(self.count)}

    @property
    def documents(self) -> int:
        """How many of the texts are on topic."""
        return sum(_on_topic(text) for text in self.texts)

    def catalogue(self) -> str:
        return "".join(
            f'[[source]]\nname = "s{n}"\ntitle = "Site {n}"\nlanguage = "en"\ninterval = "1h"\n'
            f'min_delay = "{SLOW_SECONDS if self.is_slow(self.site(n)) else 0}s"\n'
            f'feeds = ["http://{self.site(n)}:{self.port}/feed/{n}"]\n'
            for n in range(self.count)
        )

    @staticmethod
    def is_slow(site: str) -> bool:
        return site.startswith("127.2.")

    def times_asked(self, prefix: str) -> dict[str, int]:
        """How often each address that begins so was asked for."""
        counts: defaultdict[str, int] = defaultdict(int)
        for one in self.asked:
            if one.path.startswith(prefix):
                counts[one.site + one.path] += 1
        return dict(counts)

    def impolite(self) -> list[tuple[Asked, Asked]]:
        """Requests to one site that came before the one before was answered, or too soon after it."""
        by_site: defaultdict[str, list[Asked]] = defaultdict(list)
        for one in sorted(self.asked, key=lambda one: one.begun):
            by_site[one.site].append(one)
        return [
            (before, after)
            for site, requests in by_site.items()
            for before, after in pairwise(requests)
            # The server's clock and ours are two: a hundredth of a second is theirs.
            if after.begun < before.done + (SLOW_SECONDS - 0.01 if self.is_slow(site) else 0)
        ]


def _text_of(source: int) -> int:
    """The source whose text this one lists."""
    return source - source % 12 + source % TEXTS_A_DOZEN


def _on_topic(text: int) -> bool:
    return text % 5 == 0


def _page(source: int) -> bytes:
    text = _text_of(source)
    words = random.Random(text)
    paragraphs = [" ".join(words.choices(_WORDS, k=40)).capitalize() + "." for _ in range(3)]
    if _on_topic(text):
        paragraphs.insert(1, _TOPIC)
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    title = " ".join(words.choices(_WORDS, k=5)).capitalize()
    return f"<html><body><article><h1>{title}</h1>{body}</article></body></html>".encode()


def _answer(path: str, netloc: str) -> bytes:
    _, kind, *rest = path.split("/")
    if kind == "feed":
        item = f"<item><title>Item</title><link>http://{netloc}/text/{rest[0]}</link></item>"
        body = f'<?xml version="1.0"?><rss version="2.0"><channel><title>F</title>{item}</channel></rss>'.encode()
        return _whole(body, "application/rss+xml")
    if kind == "text":
        return _whole(_page(int(rest[0])), "text/html")
    return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


def _whole(body: bytes, kind: str) -> bytes:
    return f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


@contextmanager
def crowd(count: int, seconds: float = 0.0) -> Iterator[Crowd]:
    """The sites, answering until the end of the block, after so many seconds each time."""
    made, ready = Crowd(count), threading.Event()
    ends: list[Callable[[], object]] = []

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        site, port = writer.get_extra_info("sockname")
        with closing(writer), suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                request = await reader.readuntil(b"\r\n\r\n")
                begun, path = time.monotonic(), request.split(b" ", 2)[1].decode()
                answer = _answer(path, f"{site}:{port}")
                await asyncio.sleep(seconds)
                made.asked.append(Asked(site, path, begun, time.monotonic()))
                writer.write(answer)

    async def serve() -> None:
        over, loop = asyncio.Event(), asyncio.get_running_loop()
        servers = []
        for site in made.sites:
            servers.append(await asyncio.start_server(converse, site, made.port))
            made.port = servers[0].sockets[0].getsockname()[1]
        ends.append(lambda: loop.call_soon_threadsafe(over.set))
        ready.set()
        await over.wait()
        for server in servers:
            server.close()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    ready.wait()
    try:
        yield made
    finally:
        ends[0]()
        thread.join()


@dataclass(frozen=True)
class Installation:
    """Several workers' common settings; a state folder for each, as on several machines."""

    crowd: Crowd
    folder: Path
    environment: dict[str, str]

    def worker(self, number: int, *words: str) -> subprocess.Popen[str]:
        """A pass under way, with its report to come as JSON."""
        home = {"RASID_HOME": str(self.folder / f"var{number}")}
        return subprocess.Popen(
            (*RASID, "ingest", "--json", *words),
            env=self.environment | home,
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def passes(self, workers: int) -> list[dict[str, Any]]:
        """The reports of so many passes at once."""
        started = [self.worker(number) for number in range(workers)]
        ended = [process.communicate(timeout=3600) for process in started]
        assert [process.returncode for process in started] == [0] * workers, ended[0][1][-4000:]
        return [json.loads(out) for out, _ in ended]


def installation(sites: Crowd, folder: Path, database_url: str) -> Installation:
    """Settings for passes over the crowd, with one corpus folder for all."""
    (folder / "corpus").mkdir(parents=True)
    (folder / "sources.toml").write_text(sites.catalogue(), "utf-8")
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "error",
        "HOME": str(folder),
        "RASID_DATABASE_URL": database_url,
        "RASID_SOURCES": str(folder / "sources.toml"),
        "RASID_CORPUS": str(folder / "corpus"),
        "RASID_ALLOW_PRIVATE_HOSTS": ",".join(sites.sites),
    }
    return Installation(sites, folder, environment)
