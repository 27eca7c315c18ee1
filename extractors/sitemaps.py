"""Sitemaps: lists of articles with or without news tags, lists of further sitemaps, plain lists of addresses."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from itertools import islice

from lxml import etree

from extractors import markup
from extractors.markup import Entry

_ROOTS = frozenset(("urlset", "sitemapindex"))
MAX_UNPACKED = 12_500_000
"""Bytes: 250 for each of the 50,000 addresses that a file may have. The protocol (sitemaps.org) allows 50 MB, which
only lists of pictures need; a file of that size takes a worker half a GB."""
_MAX_ENTRIES = 50_000  # all that the protocol allows a file
GZIP = b"\x1f\x8b"
"""How a packed file begins."""
DAMAGED = (OSError, EOFError, zlib.error)
"""What a packed file raises that is none, or is cut off."""


def unpacked(body: bytes, most: int = MAX_UNPACKED) -> bytes:
    """The sitemap itself; where it came as a gzip file, never more than one byte above `most`.

    Raises one of `DAMAGED` for a damaged file.
    """
    if not body.startswith(GZIP):
        return body
    with gzip.open(io.BytesIO(body)) as file:
        return file.read(most + 1)


def entries(text: str) -> list[Entry] | None:
    """The articles a sitemap in XML or plain text lists, in its order; None for what is no sitemap or a mere stump."""
    if not markup.root(text):
        return _plain_entries(text) or None
    found = list(islice(_entries(text, "url"), _MAX_ENTRIES))
    return found if found or markup.is_whole(text, _ROOTS) else None


def children(text: str) -> list[Entry]:
    """The sitemaps that an index lists, in its order; none for a sitemap of articles."""
    if markup.root(text) != "sitemapindex":
        return []
    return list(islice(_entries(text, "sitemap"), _MAX_ENTRIES))


def _plain_entries(text: str) -> list[Entry]:
    lines = (line.strip() for line in io.StringIO(text, newline=None))
    urls = (line for line in lines if line.lower().startswith(("http://", "https://")))
    return [Entry(addresses=(url,)) for url in islice(urls, _MAX_ENTRIES)]


def _entries(text: str, kind: str) -> Iterator[Entry]:
    for element in markup.elements(text, kind):
        said = _texts(element)
        # Pictures and videos have titles and addresses of their own, one level down as well.
        news = next((_texts(child) for child in element if markup.name(child) == "news"), {})
        if said.get("loc"):
            yield Entry(
                addresses=(said["loc"],),
                title=news.get("title"),
                published=news.get("publication_date"),
                modified=said.get("lastmod"),
            )


def _texts(element: etree._Element) -> dict[str, str]:
    """The children's characters by name; of several the first."""
    return {markup.name(child): markup.content(child) for child in element.iterchildren(etree.Element, reversed=True)}
