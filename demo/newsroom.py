"""The newsroom: each site on a port of its own, so that each is a host of its own, as in the world."""

from __future__ import annotations

import gzip
import selectors
import socket
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import TCPServer
from string import Template
from typing import Any
from urllib.parse import unquote, urlsplit

from demo.sites import Page, Site, page, read_sites
from demo.stories import Story


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """One request that was answered."""

    site: str
    method: str
    path: str
    """As it was sent: encoded, with its query."""
    headers: Mapping[str, str]
    """Names in lower case."""
    status: int
    at: float
    """`time.monotonic()`, in seconds."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Expected:
    """What a perfect reader makes of one article."""

    site: str
    path: str
    """Percent-encoded, as it stands in links."""
    title: str
    paragraphs: tuple[str, ...]
    language: str
    published: datetime
    precision: str
    """`minute`, or `day`: then `published` is local midnight."""
    on_topic: bool
    reprint_of: str | None
    """A corpus document's file name, or the path of another site's article."""


class Newsroom:
    """A context manager: inside it the sites answer on 127.0.0.1, outside nothing of it is left.

    `corpus` holds the documents that some sites reprint (an empty folder: no reprints of documents); the
    articles are dated back from `now`, which must be aware.
    """

    def __init__(self, corpus: Path, now: datetime) -> None:
        self._sites = {site.name: site for site in read_sites(corpus, now)}
        self._servers: list[_Server] = []
        self._thread = threading.Thread(target=self._run, name="newsroom", daemon=True)
        self.requests: list[Request] = []
        self.addresses: dict[str, str] = {}
        """Each site's `http://127.0.0.1:PORT`, by its name."""

    def __enter__(self) -> Newsroom:
        for name in self._sites:
            server = _Server(self, name)
            self._servers.append(server)
            self.addresses[name] = f"http://127.0.0.1:{server.server_address[1]}"
        self._ear, self._bell = socket.socketpair()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bell.close()
        self._thread.join()
        self._ear.close()
        for server in self._servers:
            server.server_close()

    @property
    def allowed(self) -> str:
        """The sites' `host:port`, comma-separated, as an allow-list of private hosts takes them."""
        return ",".join(urlsplit(address).netloc for address in self.addresses.values())

    def catalogue(self) -> str:
        """The text of a sources.toml that names all sites at their present ports."""
        blocks = (Template(site.catalogue).substitute(home=self.addresses[name]) for name, site in self._sites.items())
        return "\n".join(blocks)

    def expected(self) -> list[Expected]:
        """What a perfect reader makes of every article that is out now."""
        return [
            Expected(
                site=name,
                path=story.path,
                title=story.title,
                paragraphs=story.paragraphs,
                language=story.language,
                published=story.published,
                precision=story.precision,
                on_topic=story.on_topic,
                reprint_of=story.reprint_of,
            )
            for name, site in self._sites.items()
            for story in site.stories
        ]

    def site(self, name: str) -> Site:
        """A site as it stands now."""
        return self._sites[name]

    def publish(self, site: str, story: Story) -> None:
        """Put out a story; one that is out at the same path gives way to it, which is how a site edits.

        `story.updated` moves Last-Modified and the feeds' dates: an edit sets it.
        """
        old = self._sites[site]
        stories = [story, *(other for other in old.stories if other.path != story.path)]
        stories.sort(key=lambda each: each.published, reverse=True)
        self._sites[site] = replace(old, stories=tuple(stories))

    def _run(self) -> None:
        with selectors.DefaultSelector() as ready:
            ready.register(self._ear, selectors.EVENT_READ)
            for server in self._servers:
                ready.register(server, selectors.EVENT_READ, server)
            while True:
                for key, _ in ready.select():
                    if key.data is None:
                        return
                    key.data.handle_request()


class _Server(ThreadingHTTPServer):
    """One site's server. It knows its open connections, so that closing it ends their threads too."""

    daemon_threads = False
    timeout = 0

    def __init__(self, newsroom: Newsroom, name: str) -> None:
        self.newsroom = newsroom
        self.name = name
        self._open: set[Any] = set()
        super().__init__(("127.0.0.1", 0), _Handler)

    def server_bind(self) -> None:
        # HTTPServer's own would ask the name service for a name that nobody needs.
        TCPServer.server_bind(self)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        for connection in tuple(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        super().server_close()


class _Handler(BaseHTTPRequestHandler):
    """GET and HEAD with validators, gzip and keep-alive; every request is noted."""

    protocol_version = "HTTP/1.1"
    server_version = "newsroom"
    sys_version = ""
    disable_nagle_algorithm = True
    timeout = 60  # seconds that an idle connection is kept
    server: _Server

    def handle(self) -> None:
        with suppress(ConnectionError):  # the reader went away: its own affair
            super().handle()

    def do_GET(self) -> None:
        address = self.server.newsroom.addresses[self.server.name]
        site = self.server.newsroom.site(self.server.name)
        found = page(site, address, unquote(urlsplit(self.path).path))
        etag = f'W/"{sha256(found.body).hexdigest()[:16]}"'
        status = 304 if found.status == 200 and self._has(etag, found) else found.status
        self._note(status)
        self._send(status, found, etag)

    do_HEAD = do_GET

    def log_message(self, format: str, *args: Any) -> None:
        """Requests are noted, not printed."""

    def _has(self, etag: str, found: Page) -> bool:
        """Does the client have this already? By RFC 9110 a date counts only where no ETag is sent."""
        tags = self.headers.get("If-None-Match")
        if tags is not None:
            return etag in (tag.strip() for tag in tags.split(","))
        since = self.headers.get("If-Modified-Since")
        with suppress(TypeError, ValueError):  # an unreadable date is no condition
            return since is not None and parsedate_to_datetime(since) >= found.changed.replace(microsecond=0)
        return False

    def _note(self, status: int) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.newsroom.requests.append(
            Request(
                site=self.server.name,
                method=self.command,
                path=self.path,
                headers=headers,
                status=status,
                at=time.monotonic(),
            )
        )

    def _send(self, status: int, found: Page, etag: str) -> None:
        self.send_response(status)
        if found.status == 200:
            self.send_header("ETag", etag)
            self.send_header("Last-Modified", format_datetime(found.changed.astimezone(UTC), usegmt=True))
            self.send_header("Vary", "Accept-Encoding")
        for name, value in found.headers.items():
            self.send_header(name, value)
        if status == 304:
            self.end_headers()
        else:
            self._send_body(found)

    def _send_body(self, found: Page) -> None:
        body = found.body
        self.send_header("Content-Type", f"{found.type}; charset=utf-8")
        if "gzip" in self.headers.get("Accept-Encoding", ""):
            body = gzip.compress(body, mtime=0)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
