"""What a page states about its article: meta elements, JSON-LD, author, the site's names. Read once, from one tree."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from articles.lines import same_line, unescaped
from articles.text import one_line
from extractors import page

_AUTHOR_WORDS = 8
_AUTHOR_CHARS = 120  # the longest of 319 articles has 77
_ARTICLE_TYPE = re.compile(r"(?:Article|BlogPosting|Report|LiveBlogPosting)$")


@dataclass(frozen=True, slots=True)
class Head:
    """A page's own statements, unjudged: meta elements by lowered name (the first of a name counts) and JSON-LD."""

    meta: dict[str, str]
    nodes: tuple[dict[str, Any], ...]
    """JSON-LD objects, flattened; those of an article type first."""
    document_title: str

    def say(self, *names: str) -> str | None:
        """The first of these meta values that holds text."""
        return next((value for name in names if (value := self.meta.get(name))), None)

    def node_text(self, key: str) -> str | None:
        """The first text under this key of a JSON-LD article."""
        for node in self.nodes:
            value = node.get(key)
            if is_article(node) and isinstance(value, str) and value.strip():
                return one_line(unescaped(value))
        return None


def read_head(tree: HtmlElement) -> Head:
    """Everything a page states about itself; nothing it may hold raises."""
    meta: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = (element.get("property") or element.get("name") or element.get("itemprop") or "").strip().lower()
        content = one_line(unescaped(element.get("content") or ""))
        if name and content:
            meta.setdefault(name, content)
    nodes = sorted(_nodes(tree), key=lambda node: not is_article(node))
    title = next((one_line(unescaped(node.text_content())) for node in tree.iter("title")), "")
    return Head(meta, tuple(nodes), title)


def is_article(node: dict[str, Any]) -> bool:
    """Is a JSON-LD object an article of some kind?"""
    kinds = node.get("@type")
    return any(isinstance(kind, str) and _ARTICLE_TYPE.search(kind) for kind in _list(kinds))


def _nodes(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or "").lower() and script.text:
            try:
                yield from flatten(json.loads(script.text.strip().rstrip(";"), strict=False))
            except (ValueError, RecursionError):
                continue


def flatten(value: Any) -> Iterator[dict[str, Any]]:
    """Every object inside a JSON value, the outer ones first."""
    waiting = [value]
    while waiting:
        item = waiting.pop(0)
        if isinstance(item, list):
            waiting[:0] = item
        elif isinstance(item, dict):
            yield item
            waiting.extend(part for part in item.values() if isinstance(part, dict | list))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def site_names(head: Head, url: str, known: Sequence[str]) -> tuple[str, ...]:
    """What the site may call itself: as the page says, as the catalogue says, and its host."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    publishers = (
        part.get("name") for node in head.nodes for part in _list(node.get("publisher")) if isinstance(part, dict)
    )
    names = [
        head.say("og:site_name"),
        head.say("application-name"),
        *known,
        *publishers,
        host,
        host.split(".")[0],
    ]
    said = (one_line(name) for name in names if isinstance(name, str))
    return tuple(
        dict.fromkeys(name for name in said if 1 < len(name) <= 60 and "//" not in name and any(map(str.isalpha, name)))
    )


def read_author(tree: HtmlElement, head: Head, sites: Sequence[str]) -> str | None:
    """Who signs the article, or None: JSON-LD, meta, then the page's by-line. A site's own name is no author."""
    people = [
        person.get("name") if isinstance(person, dict) else person
        for node in head.nodes
        if is_article(node)
        for person in _list(node.get("author"))
    ]
    said = [", ".join(dict.fromkeys(one_line(unescaped(name)) for name in people if isinstance(name, str)))]
    said += [head.meta.get(name, "") for name in ("author", "article:author", "dc.creator", "parsely-author")]
    bylines = tree.xpath(
        "//*[@rel='author' or @itemprop='author' or contains(concat(' ',normalize-space(@class),' '),' author ')"
        " or contains(concat(' ',normalize-space(@class),' '),' byline ')]"
    )
    said += [page.plain(element) for element in bylines[:3]]
    for name in said:
        known = any(same_line(name, site) for site in sites)
        short = len(name) <= _AUTHOR_CHARS and len(name.split()) <= _AUTHOR_WORDS
        if name and not known and "//" not in name and short:
            return name
    return None
