"""One page looked at closely, for whoever sets a source up: the article, what was left out of it, its print view."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from articles import urls
from articles.model import Answer, Article, Link, Refusal, Source
from articles.text import words
from extractors import article as extraction
from extractors import body, charset, page

MOST = 12
"""Lines left out that are named: enough to see what kind of thing it is."""

_BELOW = 4
"""Lines below the text's last one that are looked at: credits and tags stand there."""

_LINES = 400
_FEW_WORDS = 40
"""A page of fewer words, all its lines together, shows its reader nothing that a script did not bring."""

_PRINT = re.compile(r"(?:^|[/?&=_.-])print(?:[/?&=_.-]|$)", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sample:
    """What one page gives."""

    url: str
    article: Article | None
    refused: str | None = None
    """Why it is no article."""
    left_out: tuple[str, ...] = ()
    """Lines that stand in the middle of the article on its page and were taken out, in the page's order."""
    print_view: str | None = None
    """The address of the same article as the page offers it for printing."""
    print_of: str | None = None
    """The page that this is the print view of."""
    is_shell: bool = False
    """The page is a frame that a script fills."""


def sample(answer: Answer, source: Source | None, now: datetime, link: Link | None = None) -> Sample:
    """The article of a page with what it was got out of. Nothing that a page may hold raises."""
    found = extraction.extract(answer, source, now, link)
    tree = _tree(answer, source)
    if isinstance(found, Refusal):
        return Sample(
            url=answer.url,
            article=None,
            refused=found.reason,
            print_view=_print_view(tree, answer.url),
            is_shell=tree is not None and is_shell(tree),
        )
    left = _left_out(tree, found) if tree is not None else ()
    return Sample(url=answer.url, article=found, left_out=left, print_view=_print_view(tree, answer.url))


def is_shell(tree: HtmlElement) -> bool:
    """Does a page hold next to no words, but a script to bring them?"""
    if tree.find(".//script") is None:
        return False
    return sum(words(line.text) for line in page.read_lines(tree)) < _FEW_WORDS


def _tree(answer: Answer, source: Source | None) -> HtmlElement | None:
    language = source.language if source else None
    return page.parse(page.bounded(charset.decode(answer.body, answer.content_type, language)[0]))


def _left_out(tree: HtmlElement, article: Article) -> tuple[str, ...]:
    kept = {body.key(line): line for line in article.text.split("\n")}
    title = body.key(article.title or "")
    lines = [line.text for line in page.read_lines(tree)]
    places = [n for n, line in enumerate(lines) if body.key(line) in kept]
    if not places:
        return ()
    titled = [n for n, line in enumerate(lines[: places[0]]) if body.key(line) == title]
    first = titled[0] if titled else places[0]
    inside = lines[first : places[-1] + 1 + _BELOW][:_LINES]
    gone = (_without(line, kept, title) for line in inside)
    return tuple(dict.fromkeys(line for line in gone if line))[:MOST]


def _without(line: str, kept: dict[str, str], title: str) -> str | None:
    """What of a line is not in the text; None: nothing."""
    if (mine := body.key(line)) in kept or mine == title:
        return None
    inside = next((text for text in kept.values() if len(text) > len(line) // 2 and text in line), None)
    return line.replace(inside, "…") if inside else line


def _print_view(tree: HtmlElement | None, url: str) -> str | None:
    """Where a page offers itself for printing, on its own host."""
    if tree is None:
        return None
    for link in tree.iterfind(".//a[@href]"):
        href = link.get("href", "")
        found = urls.absolute(url, href) if _PRINT.search(_path(href)) else None
        if found and found != url and urlsplit(found).hostname == urlsplit(url).hostname:
            return found
    return None


def _path(href: str) -> str:
    """An address without scheme and host: what a host is called says nothing of its pages."""
    return re.sub(r"^[a-z]+://[^/]*", "", href, flags=re.IGNORECASE)
