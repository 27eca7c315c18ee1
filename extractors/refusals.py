"""Pages that are no articles: listings, templates that a script fills, pages whose body is empty."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from lxml.html import HtmlElement

from articles.phrases import tells_of_no_page
from articles.text import words
from extractors import charset
from extractors.body import LINKED, is_prose, key, prose_words
from extractors.page import Line

_TEMPLATE = re.compile(r"\{\{.{0,200}?\}\}|<%.{0,200}?%>|\{%.{0,200}?%\}|\$\{[\w.]+\}")
NO_TEXT = "The page holds no text of an article."
_LABELS = "The page has labels and headlines, but no running text."
_EMPTY_BODY = "The page's own article body is empty."
SHORT = frozenset({NO_TEXT, _LABELS, _EMPTY_BODY})
"""The reasons that mean: there is next to no text."""

_OTHER_KINDS = frozenset({"application/pdf", "application/zip", "application/msword", "application/json"})
_OTHER_BEGINNINGS = (
    b"%PDF-",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"PK\x03\x04",
    b"RIFF",
    b"\x1f\x8b",
    b"\x00\x00\x00",
)
LONGEST_TEXT = 300_000
"""Characters of an article: the longest of 319 has 53,154. The topic verdict on 300,000 takes a second."""
_HEAD_BYTES = 4096
_CONTROLS = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]")
_CONTROL_SHARE = 0.02
"""A larger share of control bytes (NUL and ESC aside, which charsets use) no text has; random bytes have 9 %."""
_LEAST_PROSE = 6
_PROSE_SHARE = 0.25
_FEW_WORDS = 60
_TEASERS = 4
_TEASER_SHARE = 0.6
_REACH = 4
_HEADLINE_WORDS = (4, 30)
_BUTTON_WORDS = 4


def why_no_page(content_type: str, body: bytes) -> str | None:
    """Why an answer is no page to read, in one sentence: it says so, or its first bytes do; None where it may be."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind.startswith(("image/", "video/", "audio/", "font/")) or kind in _OTHER_KINDS:
        return f"The answer is no web page but {kind}."
    head = body[:_HEAD_BYTES]
    wide = charset.marked(body) or charset.unmarked_utf16(body)
    if not wide and (body.startswith(_OTHER_BEGINNINGS) or len(_CONTROLS.findall(head)) > _CONTROL_SHARE * len(head)):
        return "The answer is a file, no web page."
    return None


def why_no_article(text: str, lines: Sequence[Line], title: str | None, tree: HtmlElement) -> str | None:
    """Why the text found on a page is no article, in one sentence; None where it is one."""
    if not text.strip():
        return NO_TEXT
    if reason := why_too_long(text):
        return reason
    if len(_TEMPLATE.findall(text)) > 1 or (_TEMPLATE.search(text) and words(text) < _FEW_WORDS):
        return "The page is a template that a script would fill."
    prose, every = prose_words(text), sum(map(_size, text.split("\n")))
    if prose < _LEAST_PROSE or (prose < _FEW_WORDS and prose < _PROSE_SHARE * every):
        return _LABELS
    if prose < _FEW_WORDS and any(map(tells_of_no_page, (title or "", *text.split("\n")))):
        return "The page says that there is none at its address."
    if prose < _FEW_WORDS and _declares_empty(tree):
        return _EMPTY_BODY
    found = {key(line) for line in text.split("\n")}
    linked = sum(_size(line.text) for line in lines if line.linked > LINKED and key(line.text) in found)
    if linked > LINKED * every:
        return "The page is a listing: most of its text is links."
    if _is_listing(found, lines, title):
        return "The page is a listing: headlines with links, each with its teaser."
    return None


def why_too_long(text: str) -> str | None:
    """Why a text is none of an article, in one sentence, where its length alone tells that."""
    if len(text) <= LONGEST_TEXT:
        return None
    return f"The page holds {len(text):,} characters of text: no article is that long."


def _size(line: str) -> int:
    return prose_words(line) or words(line)


def _declares_empty(tree: HtmlElement) -> bool:
    bodies = tree.xpath("//*[@itemprop='articleBody'][not(self::meta)]")
    return bool(bodies) and not any("".join(body.itertext()).strip() for body in bodies)


def _is_listing(found: set[str], lines: Sequence[Line], title: str | None) -> bool:
    """Do most paragraphs stand below a linked headline, or above one and the same "read more"?"""
    buttons = Counter(key(line.text) for line in lines if line.linked > LINKED and words(line.text) <= _BUTTON_WORDS)
    repeated = {text for text, times in buttons.items() if times >= _TEASERS}
    prose = [n for n, line in enumerate(lines) if is_prose(line.text) and line.linked <= LINKED]
    own = [n for n in prose if key(lines[n].text) in found]
    titled = key(title or "")
    teasers = {n for n in prose if _is_below_link(n, lines, titled) or _is_above(n, lines, repeated)}
    mine = len(teasers.intersection(own))
    many = mine >= _TEASERS or (len(teasers) >= _TEASERS and mine == len(own) > 0)
    return many and mine >= _TEASER_SHARE * len(own)


def _is_above(place: int, lines: Sequence[Line], buttons: set[str]) -> bool:
    return place + 1 < len(lines) and lines[place + 1].linked > LINKED and key(lines[place + 1].text) in buttons


def _is_below_link(place: int, lines: Sequence[Line], titled: str) -> bool:
    """Is the nearest headline above a paragraph a link to elsewhere, with no prose and no title between?"""
    for line in reversed(lines[max(0, place - _REACH) : place]):
        if key(line.text) == titled or (is_prose(line.text) and line.linked <= LINKED):
            return False
        if line.linked > LINKED and _HEADLINE_WORDS[0] <= words(line.text) <= _HEADLINE_WORDS[1]:
            return True
    return False
