"""When a page says its article was published: several clocks, and which of them to believe.

Machine-readable dates come first, but many lie about their offset: the local hour marked `Z`, the UTC hour marked
`+0300`. The line that readers see beside the headline, in the source's own zone, convicts them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from lxml.html import HtmlElement

from articles import dates
from articles.model import Link, Stamp
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
    tree: HtmlElement, head: Head, heading: HtmlElement | None, link: Link | None, reading: Reading
) -> tuple[Stamp | None, str, str | None]:
    """The publication time, its witness (`link`, `json-ld`, `meta`, `time`, `visible`), and the line readers see."""
    around = list(_around(tree, heading))
    visible = next((stamp for element in around if (stamp := _visible(element, reading))), None)
    line = visible.evidence if visible else None
    for witness, stamp in _stated(tree, head, around, link, reading):
        if stamp is not None:
            if visible is not None and _convicts(visible, stamp, reading):
                return visible, "visible", line
            return stamp, witness, line
    return visible, "visible" if visible else "none", line


def _stated(
    tree: HtmlElement, head: Head, around: list[HtmlElement], link: Link | None, reading: Reading
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
    for element in around:
        if element.tag == "time":
            yield "time", reading.field(element.get("datetime"))


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
