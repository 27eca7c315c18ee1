"""The headline of a page: its headings and its statements held against each other, the site's name taken off.

The first h1 may be a logo or a ticker, og:title may be a search engine's wording: the heading that most of the
statements agree with is the headline, and outranks them all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from lxml.html import HtmlElement

from articles.lines import as_read, is_headline, same_line
from articles.phrases import invites_elsewhere, is_site_name
from articles.text import matching_copy, one_line
from extractors import page
from extractors.metadata import Head

_SEPARATOR = re.compile(r"\s+(?:[|•·»«:\-–—/]|::|\|\|)\s+|\s*\|\s*|\s+::\s*")
LONGEST_TITLE = 500
"""Characters; what is longer is no headline. The longest of 319 articles has 193."""
_MOST_HEADINGS = 300
_HEADINGS = ("h1", "h2", "h3", "h4")
_AWAY = frozenset({"nav", "footer", "aside"})
_NAME_CHARS = 5
_TITLE_WORDS = 3
_TITLE_CLASS = re.compile(r"(?:^|[\s_-])(?:title|headline)(?:$|[\s_-])", re.I)
_WORD = re.compile(r"\w+")


def without_site(title: str, sites: Sequence[str]) -> str:
    """A title without the site's name before or behind it (`X | Site`, `Site - X`); empty for what is too long."""
    if len(title) > LONGEST_TITLE:
        return ""
    title = as_read(title)
    while True:
        parts = list(_SEPARATOR.finditer(title))
        if parts and any(_names(title[parts[-1].end() :], site) for site in sites):
            title = title[: parts[-1].start()].strip()
        elif parts and any(_names(title[: parts[0].start()], site) for site in sites):
            title = title[parts[0].end() :].strip()
        else:
            return title


def _is_site(title: str, sites: Sequence[str]) -> bool:
    return is_site_name(title) or any(same_line(title, site) for site in sites)


def _names(part: str, site: str) -> bool:
    """Does part of a title name the site: as it stands, or with words added (`Sputnik Казахстан` for `Sputnik`)?"""
    if same_line(part, site):
        return True
    said, name = _words(part), _words(site)
    longer = name < said and len(said) <= len(name) + 2 and len(site) >= _NAME_CHARS
    return bool(name) and (longer or (said < name and len(said) > 1))


def _words(text: str) -> set[str]:
    return set(_WORD.findall(matching_copy(text).casefold()))


def _likeness(one: str, other: str) -> float:
    """How far two headlines share their words: of the shorter one's words, the share that the other has."""
    first, second = _words(one), _words(other)
    return len(first & second) / min(len(first), len(second)) if first and second else 0.0


def read_title(
    tree: HtmlElement, head: Head, sites: Sequence[str], heard: str | None
) -> tuple[str | None, str, HtmlElement | None]:
    """The headline, its witness, and the heading it stands in, if any.

    `heard` is what the front page called the article: a witness of the last rank, and a voice on which heading is
    the headline.
    """
    stated = {
        "og": without_site(head.say("og:title", "twitter:title", "dc:title", "title") or "", sites),
        "json-ld": without_site(head.node_text("headline") or "", sites),
        "document": _document_title(tree, head.document_title, sites),
        "link": without_site(heard or "", sites),
    }
    votes = [title for title in stated.values() if title]
    heading = _headline(tree, votes, sites)
    if heading is not None:
        return without_site(page.plain(heading), sites), str(heading.tag), heading
    for witness, title in stated.items():
        if title and not _is_site(title, sites):
            return title, witness, _place_of(tree, title)
    shown = _shown_title(tree, sites)
    return (without_site(page.plain(shown), sites), "shown", shown) if shown is not None else (None, "none", None)


def _shown_title(tree: HtmlElement, sites: Sequence[str]) -> HtmlElement | None:
    """The first heading of lower rank, or box named a title, that is no link: for pages that state no title."""
    for element in tree.iter("h2", "h3", "div", "p", "span", "td", "strong"):
        if element.tag in ("h2", "h3") or _TITLE_CLASS.search(f"{element.get('class')} {element.get('id')}"):
            said = page.plain(element)
            far = any(parent.tag in _AWAY or parent.tag == "a" for parent in element.iterancestors())
            own = not _is_site(said, sites) and not invites_elsewhere(said) and element.find(".//a") is None
            if is_headline(said) and len(said.split()) >= _TITLE_WORDS and own and not far:
                return element
    return None


def _place_of(tree: HtmlElement, title: str) -> HtmlElement | None:
    """The element of the page that shows a title which stands in no heading."""
    body = tree.find(".//body")
    shown = (element for element in (body if body is not None else tree).iter() if isinstance(element.text, str))
    return next((element for element in shown if one_line(element.text[:600]) == title), None)


def _document_title(tree: HtmlElement, title: str, sites: Sequence[str]) -> str:
    """`<title>` without the site's name; where that is unknown, the part of it that the page shows by itself.

    A short part behind a bar is a name even where the page does not show the rest.
    """
    stripped = without_site(title, sites)
    if stripped != as_read(title):
        return stripped
    parts = re.split(r"\s+[|»]\s+|\s*\|\s*|\s+[-–—]\s+", stripped)
    if len(parts) == 2 and _place_of(tree, stripped) is None:
        shown = [part for part in parts if len(part.split()) >= _TITLE_WORDS and _place_of(tree, part) is not None]
        if len(shown) == 1:
            return shown[0]
    if len(parts) > 1 and len(parts[-1].split()) <= 4 < len(" ".join(parts[:-1]).split()) + 1:
        return stripped[: stripped.rindex(parts[-1])].rstrip(" |»-–—")
    return stripped


def _headline(tree: HtmlElement, votes: Sequence[str], sites: Sequence[str]) -> HtmlElement | None:
    """The heading that is the article's: an h1 that agrees with what the page states, else the likeliest h1.

    Headings of lower rank count only where one says just what the page states.
    """
    best: tuple[float, HtmlElement] | None = None
    for element in islice(tree.iter(*_HEADINGS), _MOST_HEADINGS):
        said = without_site(page.plain(element), sites)
        first_rank = element.tag == "h1"
        if not said or _is_site(said, sites):
            continue
        likeness = max((_likeness(said, vote) for vote in votes), default=0.0)
        if not first_rank and (likeness < 1 or not any(same_line(said, vote) for vote in votes)):
            continue
        away = any(parent.tag in _AWAY for parent in element.iterancestors())
        weight = likeness + (0.5 if first_rank else 0) + (0.1 if len(said.split()) > 2 else 0) - (0.8 if away else 0)
        if weight > 0.3 and (best is None or weight > best[0]):
            best = weight, element
    return best[1] if best else None
