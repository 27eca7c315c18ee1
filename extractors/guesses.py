"""What a site that nobody has described may be read by: its listing's selector, its articles' addresses, its name.

Guesses, to be shown to a person and tried on the site before anyone believes them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from articles import language as languages
from articles import urls
from articles.model import Answer
from articles.text import one_line, words
from extractors import charset, metadata, page, sampling

_HEADLINE = (4, 40)
"""Words of a headline: less is a section or a button, more a teaser."""

_LEAST = 3
"""Headlines that make a listing."""

_STEPS = 3
"""Elements that a guessed selector names at most, the link's own included."""

_CLASS = re.compile(r"[A-Za-z][A-Za-z_-]*")
"""Class names that are likely to stay: without digits, which sizes and build tools leave in them."""

_ASIDE = frozenset({"nav", "footer", "aside", "header"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_LIVELY = frozenset({"active", "first", "last", "odd", "even", "current", "selected"})
_NAME_ENDS = re.compile(r"\s+[|–—•»-]\s+|\s*[:|]\s+")
_LABELS = 400


@dataclass(frozen=True, kw_only=True, slots=True)
class GuessedListing:
    """How a page's links to articles might be selected."""

    links: str
    """A CSS selector."""
    article_url: str | None
    """A pattern that all their addresses match."""
    headlines: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Looks:
    """What a page tells of its site."""

    title: str | None
    language: str | None
    """ISO 639-1."""
    listing: GuessedListing | None
    is_shell: bool = False
    """It is a frame that a script fills."""


def look(answer: Answer, source: object = None, now: object = None) -> Looks:
    """What a page tells of its site. Takes what a reader of front pages is given, to run where they run."""
    text = page.bounded(charset.decode(answer.body, answer.content_type, None)[0])
    tree = page.parse(text)
    if tree is None:
        return Looks(title=None, language=None, listing=None)
    labels = " ".join(line.text for line in page.read_lines(tree)[:_LABELS])
    said = languages.normal(tree.get("lang"))
    language = languages.likely(labels, said) if labels else said
    return Looks(
        title=_title(tree),
        language=language,
        listing=listing(tree, answer.url),
        is_shell=sampling.is_shell(tree),
    )


def listing(tree: HtmlElement, url: str) -> GuessedListing | None:
    """The selector that finds the most headlines on a page and little else; None where there is no listing."""
    total: defaultdict[str, set[str]] = defaultdict(set)
    headed: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for link in tree.iterfind(".//a[@href]"):
        address = urls.absolute(url, link.get("href", ""))
        if address is None or not _same_site(address, url) or urls.key(address) == urls.key(url):
            continue
        headline = one_line(" ".join(link.itertext()))
        is_headline = _HEADLINE[0] <= words(headline) <= _HEADLINE[1] and not _is_aside(link)
        for chain in _chains(link):
            total[chain].add(address)
            if is_headline:
                headed[chain].setdefault(address, headline)
    fit = {chain: len(found) ** 3 / len(total[chain]) ** 2 for chain, found in headed.items() if len(found) >= _LEAST}
    if not fit:
        return None
    best = max(sorted(fit), key=lambda chain: (fit[chain], -len(chain)))
    found = headed[best]
    return GuessedListing(links=best, article_url=pattern(list(found)), headlines=tuple(found.values()))


def pattern(addresses: Sequence[str]) -> str | None:
    """A pattern that all these addresses match and a site's other pages mostly don't; None where they share too little.

    It is their host and the folders that they share, and what their last parts have in common: digits, or `.html`.
    """
    hosts = {(urlsplit(address).hostname or "").removeprefix("www.") for address in addresses}
    if len(hosts) != 1 or len(addresses) < _LEAST:
        return None
    host = re.escape(hosts.pop())
    port = urlsplit(addresses[0]).port
    paths = [urlsplit(address).path.split("/")[1:] for address in addresses]
    alike = takewhile(lambda parts: len(set(parts)) == 1, zip(*paths, strict=False))
    shared = [parts[0] for parts in alike][: min(map(len, paths)) - 1]
    rest = [path[len(shared)] for path in paths]
    folder = "".join(f"/{re.escape(part)}" for part in shared)
    if all(re.match(r"\d+", part) for part in rest):
        tail = r"/\d+"
    elif all(re.search(r"\d{3,}", part) for part in rest):
        tail = r"/[^/]*\d{3}"
    else:
        tail = "/." if shared else ""
    return f"{host}{f':{port}' if port else ''}{folder}{tail}" if tail else None


def _same_site(address: str, url: str) -> bool:
    mine, its = (urlsplit(urls.canonical(one)).netloc.removeprefix("www.") for one in (url, address))
    return its == mine or its.endswith(f".{mine}")


def _is_aside(link: HtmlElement) -> bool:
    return any(parent.tag in _ASIDE for parent in link.iterancestors())


def _chains(link: HtmlElement) -> Iterator[str]:
    """Selectors that find this link, from its own name outwards; one without any class or heading finds anything."""
    chain: list[str] = []
    element: HtmlElement | None = link
    while element is not None and len(chain) < _STEPS and element.tag not in ("body", "html"):
        chain.insert(0, _step(element))
        if any("." in step or step in _HEADINGS or step == "article" for step in chain):
            yield " > ".join(chain)
        element = element.getparent()


def _step(element: HtmlElement) -> str:
    named = (name for name in element.get("class", "").split() if _CLASS.fullmatch(name))
    lasting = next((name for name in named if name.lower() not in _LIVELY), None)
    return f"{element.tag}.{lasting}" if lasting else str(element.tag)


def _title(tree: HtmlElement) -> str | None:
    """What the site calls itself: as it says, or how its front page's title begins."""
    head = metadata.read_head(tree)
    if said := head.say("og:site_name", "application-name"):
        return one_line(said) or None
    parts = [one_line(part) for part in _NAME_ENDS.split(page.plain(tree.find(".//title"))) if part.strip()]
    return parts[0] if parts else None
