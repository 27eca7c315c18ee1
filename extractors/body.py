"""The article's text out of a page: several ways to it, each cheap, and the choice among them.

A way gives lines of text, one a paragraph, or nothing; `find` asks them in the order of their authority.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from lxml.html import HtmlElement
from trafilatura import bare_extraction

from articles.text import words
from extractors.metadata import Head
from extractors.page import Line

_PROSE_WORDS = 6
_LONG_PROSE_WORDS = 14
LINKED = 0.5
"""A line with a larger share of its characters inside links leads elsewhere."""
_UNSPACED = re.compile("[\u0e00-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_UNSPACED_LETTERS = 3
"""Letters that count as a word in scripts that put no spaces between words."""
_PASSED = 6
_CANDIDATES = 8
"""How many of the lines that open alike are tried for one row, from the last match on and from the page's top."""
_BREAK = 7.0
"""What a line that is no prose costs a stretch of text, in words of prose; a linked one costs twice that."""
_AGREES = 0.9
_STATED_WORDS = 40
_STOPS = tuple('.!?…؟۔。！？»"”:;؛)')
_LEAD = re.compile(
    r"(?:^|[\s_-])(?:lead|lede|leadin|standfirst|intro|introduction|announce|anons|summary|excerpt|description|"
    r"newsheading|subheadline|text-lead|lead-text)(?:$|[\s_-])",
    re.I,
)
_TAG = re.compile(r"<[^>]{1,200}>")
_WORD = re.compile(r"\w+")
_UNSEEN = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ue000-\uf8ff\ufeff]")
"""Signs that trafilatura takes out of a text, from within its words."""


def is_prose(line: str) -> bool:
    """Is a line running text, rather than a headline, a label or a caption: long, or a closed sentence?"""
    return _running_words(line) > 0


def prose_words(text: str) -> int:
    """How many words of a text stand in lines of prose."""
    return sum(map(_running_words, text.split("\n")))


def _running_words(line: str) -> int:
    count = words(line) + len(_UNSPACED.findall(line)) // _UNSPACED_LETTERS
    return count if count >= _LONG_PROSE_WORDS or (count >= _PROSE_WORDS and line.endswith(_STOPS)) else 0


def by_extractor(tree: HtmlElement, url: str) -> str:
    """What trafilatura takes for the article, a paragraph a line; empty where it finds none or fails."""
    try:
        document = bare_extraction(tree, url=url, include_comments=False)
    except Exception:  # foreign code over hostile markup: whatever breaks it, the other ways remain
        return ""
    return getattr(document, "text", None) or ""


def by_statement(head: Head, lines: Sequence[Line]) -> str | None:
    """The page's own lines that its JSON-LD `articleBody` holds, where they make up nearly all of it.

    The page's paragraphs are taken rather than the statement, which often has none.
    """
    stated = head.node_text("articleBody")
    if not stated or words(stated) < _STATED_WORDS:
        return None
    whole = key(_TAG.sub(" ", stated))
    keys = [key(line.text) for line in lines]
    taken: set[int] = set()
    left = whole
    for place in sorted(range(len(lines)), key=lambda place: -len(keys[place])):
        if keys[place] and keys[place] in left:
            taken.add(place)
            left = left.replace(keys[place], "\n", 1)  # said once: a teaser that opens like a paragraph is none
    first = next((place for place in sorted(taken) if words(lines[place].text) >= _PROSE_WORDS), 0)
    kept = [lines[place].text for place in sorted(taken) if place >= first]
    return "\n".join(kept) if len(left) <= (1 - _AGREES) * len(whole) else None


def as_shown(text: str, lines: Sequence[Line]) -> str:
    """The extractor's text in the page's own lines: what it ran together, cells and `<br>`, comes apart again."""
    keys = [key(line.text) for line in lines]
    starts: dict[str, list[int]] = {}
    for place, said in enumerate(keys):
        starts.setdefault(said.partition(" ")[0], []).append(place)
    shown: list[str] = []
    below = 0
    for row in text.split("\n"):
        wanted = key(row)
        places = starts.get(wanted.partition(" ")[0], []) if wanted else []
        near = bisect_left(places, below)
        candidates = (*places[near : near + _CANDIDATES], *places[:_CANDIDATES])
        taken = next((found for place in candidates if (found := _covering(wanted, keys, place))), [])
        below = taken[-1] + 1 if taken else below
        parts = [lines[n].text for n in taken] or [row]
        shown += [" ".join(parts)] if row.startswith("|") and not any(map(is_prose, parts)) else parts
    return "\n".join(shown)


def _covering(wanted: str, keys: Sequence[str], place: int) -> list[int]:
    """The places of the lines, from this one on, that together say what is wanted; a few others may stand between."""
    taken: list[int] = []
    passed = 0
    while wanted and place < len(keys) and passed <= _PASSED:
        said = keys[place]
        if said and (wanted == said or wanted.startswith(said + " ")):
            taken.append(place)
            wanted, passed = wanted[len(said) + 1 :], 0
        else:
            passed += 1
        place += 1
    return [] if wanted else taken


def by_prose(lines: Sequence[Line]) -> str:
    """The page's heaviest stretch of prose: the run of lines with the most words, less what interrupts it.

    This is the run with the greatest sum over all lines, where prose weighs its words and everything else costs.
    """
    best = (0.0, 0, 0)
    total, start = 0.0, 0
    for n, line in enumerate(lines):
        total += words(line.text) if _is_running(line) else -_BREAK * (2 if line.linked > LINKED else 1)
        if total <= 0:
            total, start = 0.0, n + 1
        elif total > best[0]:
            best = (total, start, n + 1)
    return "\n".join(line.text for line in lines[best[1] : best[2]] if line.linked <= LINKED)


def lead(text: str, lines: Sequence[Line], start: int, description: str) -> list[str]:
    """The sentences between headline and text that open the article, where the text lacks them.

    A lead is what the page marks as one, or what it describes itself with. `start` is the place of the first line
    below the headline.
    """
    found = {key(line) for line in text.split("\n")}
    first = next((n for n in range(start, len(lines)) if key(lines[n].text) in found), start)
    whole, described = key(text), key(description)
    return [
        line.text
        for line in lines[start:first]
        if _is_running(line)
        and (said := key(line.text)) not in whole
        and (_is_marked_lead(line.owner) or (described and (described.startswith(said) or said.startswith(described))))
    ]


def _is_marked_lead(owner: HtmlElement) -> bool:
    near = [owner, *list(owner.iterancestors())[:2]]
    return any(_LEAD.search(f"{node.get('class')} {node.get('itemprop')}") for node in near)


def _is_running(line: Line) -> bool:
    return line.linked <= LINKED and is_prose(line.text)


def key(text: str) -> str:
    """A line's words alone: for telling whether two steps found the same line."""
    return " ".join(_WORD.findall(_UNSEEN.sub("", text)))
