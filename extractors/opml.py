"""OPML, the form in which feed readers hand each other their lists."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree

from extractors import charset, markup

_MOST = 10_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Outline:
    """One feed of a list."""

    feed: str
    title: str | None = None
    home: str | None = None
    language: str | None = None


def read(body: bytes) -> list[Outline] | None:
    """The feeds of a list in its order, whatever folders they stand in; None for what is no OPML."""
    text, _ = charset.decode(body, "", None)
    if markup.root(text) != "opml":
        return None
    found: list[Outline] = []
    for element in markup.elements(text, "outline"):
        said = {str(name).lower(): str(value).strip() for name, value in element.attrib.items()}
        if said.get("xmlurl") and len(found) < _MOST:
            title = said.get("title") or said.get("text") or None
            home, language = said.get("htmlurl") or None, said.get("language") or None
            found.append(Outline(feed=said["xmlurl"], title=title, home=home, language=language))
    return found


def write(title: str, outlines: Iterable[Outline]) -> str:
    """The list as OPML 2.0."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = title
    body = etree.SubElement(root, "body")
    for one in outlines:
        name = one.title or one.feed
        said = {"type": "rss", "text": name, "title": name, "xmlUrl": one.feed}
        said |= {"htmlUrl": one.home} if one.home else {}
        said |= {"language": one.language} if one.language else {}
        etree.SubElement(body, "outline", said)
    document: bytes = etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)
    return document.decode()
