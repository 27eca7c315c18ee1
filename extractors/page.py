"""An HTML page as a tree and as lines: one parser for every step, and one way to tell where a paragraph ends."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

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


_NO_SIGNS = re.compile(
    "[\x01-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]"
    "|&#(?:0*(?:[1-8]|1[124-9]|2\\d|3[01]|6553[45])|[xX]0*(?:[1-8bBcCeEfF]|1[0-9a-fA-F]|[fF]{3}[eEfF]))(?:;|(?![0-9a-fA-F]))"
)
"""Controls, as they are or as references: a tree may hold them, but none that was made from it."""
_PROGRAM = re.compile(r"<(?P<kind>script|style)\b(?![^>]{0,500}json)", re.I)
_PROGRAM_END = {kind: re.compile(rf"</{kind}\b[^>]{{0,20}}>", re.I) for kind in ("script", "style")}
_DATA = re.compile(r"data:[a-z]{3,20}/[^\"')\s]{1000,}")
MOST_MARKUP = 1_500_000
"""Characters of markup that are read, programs apart: of 321 pages of news sites the largest has 550,000."""
MOST_TAGS = 30_000
"""Tags that are read: the same pages have 6,100 at most. Some steps take the square of them: 200,000 took a worker
327 MB and 19 s."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page as its reader sees it."""

    text: str
    linked: float
    """The share of its characters inside links."""
    owner: HtmlElement
    """The element that its last words stand in."""


def bounded(text: str) -> str:
    """A huge page without its programs, styles and inline pictures, cut off where even that leaves too much."""
    if len(text) <= MOST_MARKUP and text.count("<") <= MOST_TAGS:
        return text
    text = _DATA.sub("", "".join(_without_programs(text)))[:MOST_MARKUP]
    beyond = next(islice(re.finditer("<", text), MOST_TAGS, None), None)
    return text[: beyond.start()] if beyond else text


def _without_programs(text: str) -> Iterator[str]:
    start = 0
    for program in _PROGRAM.finditer(text):
        if program.start() >= start:
            end = _PROGRAM_END[program["kind"].lower()].search(text, program.end())
            if end is None:
                break
            yield text[start : program.start()]
            start = end.end()
    yield text[start:]


def parse(text: str) -> HtmlElement | None:
    """The page's tree, or None where there is nothing to parse. Broken markup is mended, never refused."""
    text = _NO_SIGNS.sub("", text)
    if not text.strip():
        return None
    parser = html.HTMLParser(
        encoding="utf-8",
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
        huge_tree=True,  # 2048 levels instead of 256: below so many boxes stand articles
    )
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
