"""Index pages: the links that a CSS selector finds, and the feeds that a page names as its own."""

from __future__ import annotations

import re
from itertools import islice

from bs4 import BeautifulSoup, Tag
from bs4.filter import SoupStrainer

from extractors.markup import Entry

_HEADLINE = 15  # characters: a link's shorter text is "more", a date or a section, no headline
_MAX_TAGS = 50_000  # tags that are read, which takes about a second; a front page has some thousands
_FEEDS = frozenset(("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json"))
_DECLARATION = re.compile(r"<\?xml[^>]*>?", re.IGNORECASE)


def entries(text: str, selector: str) -> list[Entry]:
    """The links that a selector finds, in the page's order; a link around or inside what it finds counts as found."""
    soup = BeautifulSoup(_readable(text), "lxml")
    base = _base(soup)
    return [
        Entry(addresses=(str(link["href"]),), base=base, title=_headline(link))
        for found in soup.select(selector)
        if (link := _link(found)) is not None
    ]


def alternates(text: str) -> list[Entry]:
    """The feeds that a page's `<link rel="alternate">` elements name, in its order."""
    soup = BeautifulSoup(_readable(text), "lxml", parse_only=SoupStrainer(["base", "link"]))
    base = _base(soup)
    return [
        Entry(addresses=(str(link["href"]),), base=base)
        for link in soup.find_all("link", href=True)
        if _kind(link) in _FEEDS and "alternate" in map(str.lower, link.get_attribute_list("rel"))
    ]


def _kind(link: Tag) -> str:
    return str(link.get("type", "")).partition(";")[0].strip().lower()


def _base(soup: BeautifulSoup) -> str:
    base = soup.find("base", href=True)
    return str(base["href"]) if base else ""


def _link(found: Tag) -> Tag | None:
    if found.has_attr("href"):
        return found
    return found.find("a", href=True) or found.find_parent("a", href=True)


def _headline(link: Tag) -> str | None:
    text = " ".join(link.get_text(" ").split())
    return text if len(text) > _HEADLINE else None


def _readable(text: str) -> str:
    """Without XML declarations (BeautifulSoup warns of them) and without what lies beyond `_MAX_TAGS`."""
    text = _DECLARATION.sub("", text)
    beyond = next(islice(re.finditer("<", text), _MAX_TAGS, None), None)
    return text[: beyond.start()] if beyond else text
