"""What index pages say of an article, and XML elements read out of whatever a site sends as XML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

_CHUNK = 65_536  # characters read between two looks at what was found
_MAX_TAGS = 1_000_000  # 300 MB of elements, were none of them taken and let go; twice what a full sitemap needs
_MAX_MENDED = 200_000  # bare ampersands that are put right, four for each address of a full sitemap
_HEAD = 10_000  # characters in which the root element has to open

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]+")
_DECLARATION = re.compile(r"<\?xml[^>]{0,500}>", re.IGNORECASE)
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", re.IGNORECASE | re.DOTALL)
_BARE_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});)")
_CDATA = "<![CDATA["
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_BEGIN = re.compile(r"<(?:\?xml|!DOCTYPE|html|rss|rdf:rdf|feed|urlset|sitemapindex)\b", re.IGNORECASE)
_ROOT = re.compile(r"<(?:!DOCTYPE\s+)?([A-Za-z][\w:.-]*)", re.IGNORECASE)


class Entry(NamedTuple):
    """An article as an index page lists it: characters of the page, not yet read."""

    addresses: tuple[str, ...]
    """Where the article may be, the best first."""
    base: str = ""
    """What the addresses are relative to, where the page says so; may be relative itself."""
    title: str | None = None
    summary: str | None = None
    published: str | None = None
    modified: str | None = None


def root(text: str) -> str:
    """The local name of the root element (of the document type, where there is one) in lower case, or nothing."""
    found = _ROOT.search(_COMMENT.sub("", _document(text)[:_HEAD]))
    return found[1].rpartition(":")[2].lower() if found else ""


def is_whole(text: str, roots: frozenset[str]) -> bool:
    """Whether the root element is one of these and ends, so that the document was not cut off."""
    name = root(text)
    end = rf"</(?:[\w.-]+:)?{re.escape(name)}\b|<(?:[\w.-]+:)?{re.escape(name)}\b[^<>]*/>"
    return name in roots and re.search(end, text[-_HEAD:], re.IGNORECASE) is not None


def elements(text: str, *names: str) -> Iterator[etree._Element]:
    """The XML elements of these local names, each as soon as it is read; emptied when the next one is asked for.

    Broken XML gives what can be read. Nothing is fetched, no entity is expanded, document types are ignored, and
    libxml2's own limits hold (256 levels, 10 MB a text).
    """
    text = _mended(text)
    parser = etree.XMLPullParser(
        ("end",),
        tag=[f"{{*}}{name}" for name in names],
        recover=True,
        resolve_entities=False,
        no_network=True,
    )
    tags = 0
    for start in range(0, len(text), _CHUNK):
        chunk = text[start : start + _CHUNK]
        tags += chunk.count("<")
        if tags > _MAX_TAGS:
            return
        try:
            parser.feed(chunk.encode())
        except etree.XMLSyntaxError:
            return
        for _, element in parser.read_events():
            yield element
            element.clear(keep_tail=True)


def name(element: etree._Element) -> str:
    """The local name in lower case, whether its prefix was declared or not; empty for comments and the like."""
    return element.tag.rpartition("}")[2].rpartition(":")[2].lower() if isinstance(element.tag, str) else ""


def content(element: etree._Element) -> str:
    """All characters inside an element, those of its children included."""
    return str(etree.tostring(element, method="text", encoding="unicode", with_tail=False)).strip()


def _document(text: str) -> str:
    """From where the document begins: servers print warnings and blanks before it."""
    begin = _BEGIN.search(text, 0, _HEAD)
    return text[begin.start() if begin else max(text.find("<"), 0) :]


def _mended(text: str) -> str:
    """Without what stops a parser: controls, what stands before the root element, a bare &."""
    text = _DECLARATION.sub("", _document(_NOT_XML.sub("", text)), count=1)
    doctype = text[:_HEAD].upper().find("<!DOCTYPE")
    if doctype >= 0 and (found := _DOCTYPE.match(text, doctype)):
        text = text[:doctype] + text[found.end() :]
    first, *others = text.split(_CDATA)
    pieces = [_BARE_AMPERSAND.sub("&amp;", first, _MAX_MENDED)]
    for other in others:
        section, end, rest = other.partition("]]>")
        pieces.append(section + end + _BARE_AMPERSAND.sub("&amp;", rest, _MAX_MENDED))
    return _CDATA.join(pieces)
