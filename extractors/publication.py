"""When a page says its article was published: several clocks, and which of them to believe.

Machine-readable dates come first, but many lie: the local hour marked `Z`, the UTC hour marked `+0300`, the moment
when the page was made in place of the article's. The line that readers see below the headline, in the source's own
zone, convicts them. When a page was modified tells nothing of when it was published.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import islice
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from articles import dates
from articles.model import Link, Stamp
from extractors import page
from extractors.metadata import Head, is_article

_META = (
    "article:published_time", "og:article:published_time", "datepublished", "article:published", "pubdate",
    "publishdate", "publish-date", "publish_date", "date", "dc.date", "dc.date.issued", "dcterms.created",
    "dcterms.date", "parsely-pub-date", "sailthru.date", "og:published_time",
)  # fmt: skip
_AFTER, _BEFORE = 120, 50
"""How many elements after and before the headline may hold its date line."""
_LINE_CHARS = 140
_DIGIT = re.compile(r"\d")
_DATED = re.compile(r"date|time|publi|posted|stamp|created|تاريخ", re.I)
_NOT_HERE = frozenset({"nav", "footer", "aside", "script", "style"})
_BELOW_HEADLINE = 25
"""How many elements after the headline may hold a date line that outranks what machines are told."""
_CARD_DEPTH = 2
_CARD_LINK_WORDS = 6
"""Words from which on a link is a headline rather than an author, a section or a button."""
_CARD_SHARE = 0.4
_HEADINGS = ("h2", "h3", "h4", "h5", "h6")
_URL_DATE = re.compile(r"/((?:19|20)\d\d)(/?)(\d\d)\2(\d\d)(?=[/_-]|$)")
_SLACK = timedelta(minutes=2)
_AHEAD = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Reading:
    """How dates are read: the language and zone of the source, and the moment of the fetch."""

    language: str | None
    zone: tzinfo
    zone_known: bool
    now: datetime

    def field(self, text: str | None) -> Stamp | None:
        """A field that holds a date and nothing else; None for nonsense and for the future."""
        stamp = dates.read(text, language=self.language, zone=self.zone, now=self.now) if text else None
        return stamp if stamp and stamp.at <= self.now + _AHEAD else None

    def line(self, text: str) -> Stamp | None:
        """A line that is a date line as a whole."""
        stamp = dates.read_line(text, language=self.language, zone=self.zone, now=self.now)
        return stamp if stamp and stamp.at <= self.now + _AHEAD else None


def read_published(
    tree: HtmlElement, head: Head, heading: HtmlElement | None, url: str, link: Link | None, reading: Reading
) -> tuple[Stamp | None, str, str | None]:
    """The publication time, its witness, and the line that readers see.

    Witnesses are `link`, `json-ld`, `meta`, `time`, `visible` and `url`, in the order in which they are heard.
    """
    around = list(_around(tree, heading))
    shown = (
        (place, stamp)
        for place, element in enumerate(around)
        if (stamp := _visible(element, reading)) and not _in_card(element, heading)
    )
    place, visible = next(shown, (0, None))
    line = visible.evidence if visible else None
    own = heading is not None and place < _BELOW_HEADLINE and line is not None and reading.line(line) is not None
    for witness, stamp in _stated(tree, head, [e for e in around if e.tag == "time"], heading, link, reading):
        if stamp is not None:
            if visible is not None and (_convicts(visible, stamp, reading) or (own and _is_older(visible, stamp))):
                return visible, "visible", line
            return stamp, witness, line
    if visible is not None:
        return visible, "visible", line
    told = _from_url(url, reading)
    return told, "url" if told else "none", line


def _stated(
    tree: HtmlElement,
    head: Head,
    times: list[HtmlElement],
    heading: HtmlElement | None,
    link: Link | None,
    reading: Reading,
) -> Iterator[tuple[str, Stamp | None]]:
    yield "link", link.published if link else None
    for node in head.nodes:
        said = node.get("datePublished")
        if is_article(node) and isinstance(said, str):
            yield "json-ld", reading.field(said)
    for name in _META:
        yield "meta", reading.field(head.meta.get(name))
    for element in tree.iterfind(".//*[@itemprop='datePublished']"):
        yield "meta", reading.field(element.get("content") or element.get("datetime"))
    for element in times:
        if not _in_card(element, heading):
            yield "time", reading.field(element.get("datetime"))


def _from_url(url: str, reading: Reading) -> Stamp | None:
    """The day that an address is filed under (`/2024/11/12/`, `/20241112/`): for pages that say nothing else."""
    found = _URL_DATE.search(urlsplit(url).path)
    return reading.field(f"{found[1]}-{found[3]}-{found[4]}") if found else None


def _in_card(element: HtmlElement, heading: HtmlElement | None) -> bool:
    """Does an element stand in the preview of another article, beside a headline that is a link?"""
    above = set(heading.iterancestors()) if heading is not None else set()
    for box in (element, *islice(element.iterancestors(), _CARD_DEPTH)):
        if box in above or box.tag == "body":
            return False
        links = [box] if box.tag == "a" else list(box.iter("a"))
        said = [len(page.plain(link).split()) for link in links]
        headline = max(said, default=0) >= _CARD_LINK_WORDS or any(map(_heads, links))
        if headline and sum(said) >= _CARD_SHARE * len(page.plain(box).split()):
            return True
    return False


def _heads(link: HtmlElement) -> bool:
    """Is a link a heading, or in one?"""
    return any(link.find(f".//{tag}") is not None for tag in _HEADINGS) or link.getparent().tag in _HEADINGS


def _around(tree: HtmlElement, heading: HtmlElement | None) -> Iterator[HtmlElement]:
    """The elements near the headline, the nearest first; without a headline, the page's first ones."""
    order = [element for element in tree.iter() if isinstance(element.tag, str)]
    centre = order.index(heading) if heading is not None else 0
    before = order[max(0, centre - _BEFORE) : centre][::-1] if heading is not None else []
    after = order[centre + 1 : centre + 1 + _AFTER]
    ranked = [(n, element) for n, element in enumerate(after)] + [(2 * n, element) for n, element in enumerate(before)]
    for _, element in sorted(ranked, key=lambda pair: pair[0]):
        if element.tag not in _NOT_HERE and not any(parent.tag in _NOT_HERE for parent in element.iterancestors()):
            yield element


def _visible(element: HtmlElement, reading: Reading) -> Stamp | None:
    """The date that an element shows, where it shows a date line and little else."""
    if element.tag in ("html", "body", "head"):
        return None
    text = " ".join(" ".join(element.itertext()).split()) if len(element) < 12 else ""
    if not text or len(text) > _LINE_CHARS or not _DIGIT.search(text):
        return None
    stamp = reading.line(text)
    if stamp is None and (element.tag == "time" or _DATED.search(f"{element.get('class')} {element.get('id')}")):
        stamp = reading.field(text)
    return stamp


def _is_older(visible: Stamp, stated: Stamp) -> bool:
    """Is the line below the headline older by days? Then machines are told when the page was made or changed."""
    return stated.at - visible.at > _AHEAD + _AHEAD


def _convicts(visible: Stamp, stated: Stamp, reading: Reading) -> bool:
    """Does the line that readers see prove the stated offset wrong, or tell more than a bare day?"""
    if visible.precision != "minute":
        return False
    if stated.precision == "day":
        return visible.at.astimezone(reading.zone).date() == stated.at.date()
    if not reading.zone_known or abs(visible.at - stated.at) <= _SLACK:
        return False
    local = stated.at.replace(tzinfo=visible.at.tzinfo)
    as_utc = stated.at.replace(tzinfo=UTC)
    return abs(visible.at - local) <= _SLACK or abs(visible.at - as_utc) <= _SLACK
