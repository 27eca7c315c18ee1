"""An HTML page as a tree and as lines: one parser for every step, and one way to tell where a paragraph ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree, html
from lxml.html import HtmlElement

_BLOCKS = frozenset(
    {
        "address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd", "details", "dialog",
        "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5",
        "h6", "header", "hr", "legend", "li", "main", "menu", "nav", "ol", "option", "p", "pre", "section", "select",
        "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
    }
)  # fmt: skip
UNREADABLE = (
    "script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "math", "canvas", "audio",
    "video", "button", "select", "textarea", "input",
)  # fmt: skip
_AWAY = frozenset({"nav", "footer", "aside", "head", "title"})


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page as its reader sees it."""

    text: str
    linked: float
    """The share of its characters inside links."""
    owner: HtmlElement
    """The element that its last words stand in."""


def parse(text: str) -> HtmlElement | None:
    """The page's tree, or None where there is nothing to parse. Broken markup is mended, never refused."""
    if not text.strip():
        return None
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False)
    try:
        return html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError):
        return None


def read_lines(element: HtmlElement) -> list[Line]:
    """The readable lines below an element: one for each block and `<br>`, bare text nodes included.

    Navigation, footers and asides are left out, as are elements that show no text of their own.
    """
    return list(_lines(element))


def _lines(element: HtmlElement) -> Iterator[Line]:
    parts: list[str] = []
    links = linked = 0
    owner = element
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, node in walk:
        tag = node.tag
        if tag in _BLOCKS and parts:
            if text := " ".join("".join(parts).split()):
                yield Line(text, min(1.0, linked / len(text)), owner)
            parts, linked = [], 0
        if event == "start":
            if tag in UNREADABLE or tag in _AWAY:
                walk.skip_subtree()
                continue
            said, holder = node.text, node
            links += tag == "a"
        else:
            links -= tag == "a"
            said, holder = (node.tail, node.getparent()) if node is not element else (None, node)
        if said and not said.isspace():
            owner = holder
            linked += len(said) if links else 0
        if said:
            parts.append(said)
    if text := " ".join("".join(parts).split()):
        yield Line(text, min(1.0, linked / len(text)), owner)


def lines(element: HtmlElement) -> str:
    """`read_lines` as text, one a line."""
    return "\n".join(line.text for line in _lines(element))


def plain(element: HtmlElement | None) -> str:
    """An element's text on one line."""
    return " ".join(" ".join(element.itertext()).split()) if element is not None else ""
