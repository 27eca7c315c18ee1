"""What letters are made of: text with its direction, marked evidence, moments and classes in words. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from articles import revision
from articles.model import Evidence, Stamp
from articles.revision import Change, Telling
from articles.text import one_line, safe

CLASSES = {
    "A": "bilateral: one side acts toward the other",
    "B": "multilateral, with a part about the two",
    "C": "a third party, about the relation of the two",
    "D": "incidental",
}

TITLE_CHARS = 300
"""Of a title in a letter's body; a page can have one of thousands."""

FIRST_WORDS_CHARS = 140
"""Of a text, in the place of a title that it has not."""

SENTENCES = 3
"""Sentences shown as evidence."""

CHANGES = 12
"""Changed paragraphs shown of a revision."""

AROUND = 8
"""Words that are left standing on either side of a change."""

_RIGHT_TO_LEFT = frozenset({"R", "AL"})
_RTL_LANGUAGES = frozenset({"ar", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"})
_CYRILLIC = re.compile("[\u0400-\u052f]")
_LINK = re.compile(r"https?://[^\s<>\"'`\\{}|^]+", re.IGNORECASE)
_ARABIC_LETTER_MARK = "\u061c"


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of text with the direction and the language that it is set in."""

    text: str
    dir: str
    """`rtl` or `ltr`."""
    lang: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a sentence: plain, or the term of a side (`palestine`, `kazakhstan`)."""

    text: str
    side: str | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of evidence, cut where its terms begin and end."""

    pieces: tuple[Piece, ...]
    dir: str
    lang: str
    title: bool
    """It is the headline."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A changed paragraph with its direction; of what stayed only the words next to the changes."""

    change: Change
    dir: str
    lang: str


def plain(text: str) -> str:
    """Text that can harm no line, header or reader: no controls, no direction marks, no lone surrogates."""
    return safe(text).replace(_ARABIC_LETTER_MARK, "")


def direction(text: str) -> str:
    """`rtl` where most letters run from right to left, else `ltr`."""
    right = left = 0
    for letter in text:
        kind = unicodedata.bidirectional(letter)
        right += kind in _RIGHT_TO_LEFT
        left += kind == "L"
    return "rtl" if right > left else "ltr"


def block(text: str, language: str) -> Block:
    """A text set by its own script: a Latin headline of an Arabic article runs from left to right."""
    way = direction(text)
    if (way == "rtl") == (language in _RTL_LANGUAGES):
        return Block(text, way, language)
    if way == "rtl":
        return Block(text, way, "ar")
    return Block(text, way, "ru" if _CYRILLIC.search(text) else "en")


def title(headline: str | None, text: str, language: str) -> Block:
    """A headline; of an article without one its first words."""
    words = shortened(one_line(headline or ""), TITLE_CHARS) or shortened(one_line(text), FIRST_WORDS_CHARS)
    return block(words or "(no title)", language)


def shortened(text: str, limit: int) -> str:
    """At most `limit` characters, cut between words where there are any, with an ellipsis."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    space = cut.rfind(" ")
    cut = cut[:space] if space > limit // 2 else cut
    # A joiner or mark whose letter was cut off would hang on the ellipsis.
    while cut and (unicodedata.combining(cut[-1]) or unicodedata.category(cut[-1]) in ("Cf", "Mn", "Me")):
        cut = cut[:-1]
    return f"{cut.rstrip()}…"


def opening(text: str, language: str, *, chars: int = 700, lines: int = 4) -> tuple[Block, ...]:
    """The first lines of a text."""
    blocks, left = list[Block](), chars
    for line in filter(None, (plain(line).strip() for line in text.split("\n"))):
        if len(blocks) == lines or left < 80:
            break
        blocks.append(block(shortened(line, left), language))
        left -= len(line)
    return tuple(blocks)


def link(url: str | None) -> str | None:
    """An address that may be a link: http(s) alone, nothing in it that could end an attribute."""
    return url if url and _LINK.fullmatch(url) else None


def sentences(evidence: Sequence[Evidence], language: str) -> tuple[Sentence, ...]:
    """The sentences that name the sides, those that name both first, with every term of theirs marked."""
    by_sentence: dict[str, list[Evidence]] = {}
    for one in evidence:
        by_sentence.setdefault(one.sentence, []).append(one)
    ranked = sorted(by_sentence.items(), key=lambda entry: len({one.side for one in entry[1]}), reverse=True)
    terms = {plain(one.term): one.side for one in evidence}
    return tuple(_sentence(text, named, terms, language) for text, named in ranked[:SENTENCES])


def lead(evidence: Sequence[Evidence], language: str) -> Sentence | None:
    """The sentence that tells most beside the headline, if there is one."""
    return next((one for one in sentences(evidence, language) if not one.title), None)


def _sentence(text: str, named: Sequence[Evidence], terms: dict[str, str], language: str) -> Sentence:
    text = one_line(plain(text))
    way = block(text, language)
    return Sentence(tuple(_pieces(text, terms)), way.dir, way.lang, any(one.where == "title" for one in named))


def _pieces(text: str, terms: dict[str, str]) -> Iterator[Piece]:
    """The sentence in parts; where one term stands within another the longer one is marked."""
    sides: list[str | None] = [None] * len(text)
    for term in sorted(filter(None, terms), key=len):
        for match in _found(term, text):
            sides[match.start() : match.end()] = [terms[term]] * len(match[0])
    position = 0
    for side, letters in groupby(sides):
        length = len(list(letters))
        yield Piece(text[position : position + length], side)
        position += length


def _found(term: str, text: str) -> Iterable[re.Match[str]]:
    whole = re.compile(rf"(?<!\w){re.escape(term)}(?!\w)")
    return list(whole.finditer(text)) or re.finditer(re.escape(term), text, re.IGNORECASE)


def changes(old: Telling, new: Telling, language: str) -> tuple[Edit, ...]:
    """What a revision changed, without the words that stand far from any change."""
    return tuple(_edit(change, language) for change in revision.diff(old, new)[:CHANGES])


def _edit(change: Change, language: str) -> Edit:
    way = block(" ".join(span.text for span in change.spans), language)
    last = len(change.spans) - 1
    spans = (
        replace(span, text=_around(span.text.split(), before=n > 0, behind=n < last)) if span.kind == "same" else span
        for n, span in enumerate(change.spans)
    )
    return Edit(replace(change, spans=tuple(spans)), way.dir, way.lang)


def _around(words: Sequence[str], *, before: bool, behind: bool) -> str:
    """Kept words, of many those next to the changes `before` and `behind` them."""
    head, tail = AROUND * before, AROUND * behind
    if len(words) <= head + tail + 2:
        return " ".join(words)
    return " ".join([*words[:head], "…", *words[len(words) - tail :]])


_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


def day(moment: datetime) -> str:
    """`Saturday 21 November 2026`, whatever the machine's locale."""
    return f"{_DAYS[moment.weekday()]} {moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def clock(moment: datetime) -> str:
    """`Saturday 21 November 2026, 14:05 (UTC+05:00)`."""
    return f"{day(moment)}, {_hour(moment)}"


def published(stamp: Stamp | None) -> str:
    """When it was published, by its publisher's own clock."""
    if stamp is None:
        return "not said"
    return day(stamp.at) if stamp.precision == "day" else clock(stamp.at)


def brief(stamp: Stamp | None) -> str:
    """The same in a list: `21 Nov 2026, 14:05 (UTC+05:00)`."""
    if stamp is None:
        return "date not said"
    date = f"{stamp.at.day} {_MONTHS[stamp.at.month - 1][:3]} {stamp.at.year}"
    return date if stamp.precision == "day" else f"{date}, {_hour(stamp.at)}"


def _hour(moment: datetime) -> str:
    zone = f"{moment:%z}"
    return f"{moment:%H:%M} (UTC{f'{zone[:3]}:{zone[3:5]}' if moment.utcoffset() else ''})"


def many(count: int, noun: str, plural: str = "") -> str:
    """`1 story`, `2 stories`."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"
