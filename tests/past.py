"""A site with a past, on loopback: what tests of looking back stand on."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from sqlalchemy import text
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from articles.model import Source
from articles.ranges import Range
from flows import orders, past, settings
from flows.orders import Order
from flows.past import Errand
from storage.frontiers import Look
from storage.opening import open_store
from tests.webserver import WebServer, reply

BOTH = "The ambassador of Palestine met the deputy foreign minister of Kazakhstan in Astana on matters of the year {n}."
NEITHER = "The town council spoke about the bridge over the river and about its price, for the time number {n}."
MORE = (
    "Both sides spoke about scholarships and trade; the number of round {n} was mentioned in the hall of the house.",
    "They agreed to meet again before the end of year {n}, and to open an exhibition in its main gallery number {n}.",
)


def page(n: int, published: str, *, on_topic: bool = True) -> bytes:
    """An article; each `n` is another text."""
    words = " ".join(f"word{n}x{m}" for m in range(30))
    paragraphs = ((BOTH if on_topic else NEITHER).format(n=n), *(more.format(n=n) for more in MORE), words)
    head = f'<title>Talks {n}</title><meta property="article:published_time" content="{published}T10:00:00+05:00">'
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f"<html><head>{head}</head><body><article><h1>Talks of round {n}</h1>{body}</article></body></html>".encode()


def html(*links: str) -> bytes:
    """A list of links."""
    items = "".join(f'<h3><a href="{link}">An article with a long headline {link}</a></h3>' for link in links)
    return reply(f"<html><body>{items}</body></html>")


def sitemap(*urls: tuple[str, str]) -> bytes:
    """Addresses with their last change."""
    rows = "".join(f"<url><loc>{url}</loc><lastmod>{changed}</lastmod></url>" for url, changed in urls)
    return _xml(f"<urlset>{rows}</urlset>")


def index(*urls: tuple[str, str]) -> bytes:
    """A sitemap of sitemaps with their last change."""
    rows = "".join(
        f"<sitemap><loc>{url}</loc>{f'<lastmod>{changed}</lastmod>' if changed else ''}</sitemap>"
        for url, changed in urls
    )
    return _xml(f"<sitemapindex>{rows}</sitemapindex>")


def _xml(body: str) -> bytes:
    return reply(f'<?xml version="1.0"?>{body}', content_type="application/xml")


def warc(path: Path, pages: Mapping[str, bytes], *, gzip: bool = True, at: str = "2024-05-01T00:00:00Z") -> Path:
    """A WARC file of these pages by their addresses."""
    out = BytesIO()
    writer = WARCWriter(out, gzip=gzip)
    for url, body in pages.items():
        head = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
        dated = {"WARC-Date": at}
        record = writer.create_warc_record(
            url, "response", payload=BytesIO(body), length=len(body), http_headers=head, warc_headers_dict=dated
        )
        writer.write_record(record)
    path.write_bytes(out.getvalue())
    return path


@dataclass
class Site:
    """An installation without documents that looks into the past of one server."""

    folder: Path
    url: str
    server: WebServer
    heard: list[tuple[Look, str | None]] = field(default_factory=list)

    def at(self, look: Look, done: float, total: float | None) -> None:
        pass

    def ended(self, look: Look, error: str | None) -> None:
        self.heard.append((look, error))

    def source(self, **changes: Any) -> Source:
        values = {"home": self.server.url, "min_delay": 0, "interval": 0, "timezone": "Asia/Almaty"} | changes
        return Source(name="site", title="The Site", language="en", article_url="/a/", **values)

    def order(self, *sources: Source) -> Order:
        environment = {
            "RASID_HOME": str(self.folder / "var"),
            "RASID_DATABASE_URL": self.url,
            "RASID_CORPUS": str(self.folder / "corpus"),
            "RASID_ALLOW_PRIVATE_HOSTS": self.server.netloc,
        }
        known = settings.load(environment)
        return Order(settings=known, catalogue=sources, topic=orders.topic_of(known), wanted=sources)

    def errand(self, *sources: Source, **changes: Any) -> Errand:
        days = Range(changes.pop("since", None), changes.pop("until", None))
        return Errand(order=self.order(*sources), days=days, **changes)

    def run(self, errand: Errand) -> past.Report:
        return asyncio.run(past.run(errand, self))

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """What stands in the database."""
        store = open_store(self.url, self.folder / "upgrade.lock")
        with store.read() as connection:
            found = [tuple(row) for row in connection.execute(text(statement))]
        store.close()
        return found
