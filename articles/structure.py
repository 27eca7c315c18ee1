"""The sentences of an article that name something, and how: in running text, in an enumeration, or looking back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from itertools import chain, islice, pairwise

from articles import enumeration
from articles.cues import ACTS, SIDES, WORD, Elsewhere, Topic
from articles.finding import Hit, find, named, split
from articles.text import matching_copy

# A full stop after one letter or a title ends no sentence: "د. منتصر", "Dr. Abbas".
_SENTENCE_END = re.compile(
    r"(?:(?<=[.!?؟…])|(?<=[.!?؟…][\"»”)\]]))(?<!\b[^\W\d_]\.)(?<!\b(?:Mr|Dr|Ms|St|им|гг|тт)\.)\s+|(?<=[。！？])(?=\S)"
)
# A "sentence" of thousands of letters is text that lost its stops: it is read piece by piece.
_PIECES = re.compile(r".{1,2000}(?!\S)|.{1,2000}", re.DOTALL)
_STOPS = (".", "!", "?", "؟", "…", '"', "»", "。", "！", "？")
# "RAMALLAH, July 14 (WAFA) –": where a text was written is not whom it is about.
_DATELINE = re.compile(r"\s*[^\W\d_][^.!?؟–—:]{1,50}?(?:\s[-–—]|[–—:]|-\s)")
_YEAR = re.compile("(?:19|20)[0-9][0-9]")
_FIRST_YEAR = 1992  # of the relation: years before it are of borders and resolutions

_ROW = 6  # words: a paragraph as short, without a full stop, is a row of a table or a list
_ENOUGH = 6  # sentences of a text that can't be on topic
_PLACE = 2  # words of a place before the first sentence
_CLOSE = 2  # sentences between a name and what shows that it means another place
_OPENS = 2  # words before which a marker of looking back stands


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that names something, or the title; `position` counts the words of the text before it."""

    where: str
    number: int
    paragraph: int
    position: int
    original: str
    copy: str
    """Its matching copy."""
    written: Sequence[str]
    """The words of the copy as they stand there, and folded in `words`."""
    words: Sequence[str]
    hits: tuple[Hit, ...] = ()
    commas: Set[int] = frozenset()
    """The words before which a comma or the like stands."""
    roles: frozenset[str] = frozenset()
    told: frozenset[str] = frozenset()
    """The sides that it names otherwise than in an enumeration, a row of a table, or matches with others."""
    joined: bool = False
    """The sides stand side by side: "Palestinian-Kazakh"."""
    background: bool = False
    """It tells again what was told before."""
    past: bool = False
    """It names another year or "last year"."""

    def names(self, *roles: str) -> bool:
        """Is there a cue of one of these roles?"""
        return not self.roles.isdisjoint(roles)

    @property
    def both(self) -> bool:
        """Both sides are named otherwise than in an enumeration."""
        return len(self.told) == len(SIDES)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text names. `moved` says that a name turned out to mean something else: Astana, in talks on Syria."""

    sentences: tuple[Sentence, ...]
    paragraphs: int
    moved: bool


def read(topic: Topic, title: str | None, text: str, language: str) -> Reading:
    """The sentences with cues in them, the title first; of a text that names one side alone, the first such few."""
    lines = [line for line in text.split("\n") if line.strip()]
    sides = named(topic, split(matching_copy(f"{title or ''}\n{text}"))[1], language)
    raw = chain(_title(title), _body(lines)) if sides else iter(())
    if len(sides) < len(SIDES):
        raw = islice((one for one in raw if named(topic, one.words, language)), _ENOUGH)
    read = [*_understood(topic, language, raw)]
    kept = _at_home(topic, read)
    return Reading(tuple(kept), len(lines), moved=kept != read)


def _title(title: str | None) -> Iterator[Sentence]:
    if title:
        yield _raw("title", -1, -1, 0, title)


def _body(lines: Sequence[str]) -> Iterator[Sentence]:
    position = number = 0
    pointing = False
    for paragraph, line in enumerate(lines):
        pointing = _points(line) or (pointing and not line.rstrip().endswith(_STOPS))
        whole = _SENTENCE_END.split(line) if paragraph else _without_place(_SENTENCE_END.split(line))
        for original in chain.from_iterable(map(_PIECES.findall, whole)):
            sentence = _raw("text", number, paragraph, position, original)
            yield replace(sentence, background=True) if pointing else sentence
            position += len(sentence.words)
            number += 1


def _without_place(sentences: list[str]) -> list[str]:
    """The first sentences, where "ASTANA." is none but belongs to the next."""
    if len(sentences) > 1 and len(sentences[0].split()) <= _PLACE:
        return [f"{sentences[0]} {sentences[1]}", *sentences[2:]]
    return sentences


def _raw(where: str, number: int, paragraph: int, position: int, original: str) -> Sentence:
    copy = matching_copy(original)
    written, words = split(copy)
    return Sentence(where, number, paragraph, position, original, copy, written, words)


def _understood(topic: Topic, language: str, raw: Iterable[Sentence]) -> Iterator[Sentence]:
    """The sentences that name something; after words of looking back, the rest of the paragraph does so too."""
    back = None
    for blank in raw:
        one = _sentence(topic, language, blank, back=blank.paragraph == back)
        if one is not None:
            back = one.paragraph if one.background else back
            yield one


def _points(line: str) -> bool:
    """A line like "Read also:", after which headlines of other items stand."""
    return line.rstrip().endswith(":") and len(line.split()) <= _ROW


def _sentence(topic: Topic, language: str, blank: Sentence, *, back: bool) -> Sentence | None:
    """The blank filled in; None where the sentence names nothing."""
    words = blank.words
    hits = tuple(_placed(blank, find(topic, blank.written, words, language)))
    if not hits:
        return None
    roles = frozenset(hit.cue.role for hit in hits)
    opens = any(hit.cue.role == "background" and hit.start < _OPENS for hit in hits)
    row = blank.paragraph > 0 and len(words) <= _ROW and not blank.copy.endswith(_STOPS) and roles.isdisjoint(ACTS)
    commas = enumeration.commas(blank.copy)
    listed = enumeration.members(hits, blank.written, commas, topic.weights["list"])
    apart = row or ("sport" in roles and _play_others(hits))
    told = frozenset[str]() if apart else frozenset(hit.cue.role for hit in hits if hit.start not in listed)
    return replace(
        blank,
        hits=hits,
        commas=commas,
        roles=roles,
        told=told & set(SIDES),
        joined=len(told & set(SIDES)) == len(SIDES) and _joined(hits, commas),
        background=blank.background or back or (opens and blank.position > 0),
        past="past" in roles or any(_YEAR.fullmatch(word) and int(word) >= _FIRST_YEAR for word in words),
    )


def _placed(blank: Sentence, hits: Iterable[Hit]) -> Iterator[Hit]:
    """The hits without a capital that only says where the text was written."""
    dateline = _DATELINE.match(blank.original) if blank.position == 0 and blank.where == "text" else None
    before = len(WORD.findall(dateline.group())) if dateline else 0
    yield from (hit for hit in hits if hit.cue.role != "capitals" or hit.end > before)


def _play_others(hits: Sequence[Hit]) -> bool:
    """Both sides are named, and a third state wherever one of them might play the other."""
    states = [hit.cue.role for hit in hits if hit.cue.role in enumeration.STATES]
    return set(states).issuperset(SIDES) and not any({*pair} == {*SIDES} for pair in pairwise(states))


def _joined(hits: Sequence[Hit], commas: Set[int]) -> bool:
    named = [hit for hit in hits if hit.cue.role in SIDES]
    return any(
        one.cue.role != other.cue.role
        and one.cue.strength == other.cue.strength == "strong"
        and one.end == other.start
        and other.start not in commas
        for one, other in pairwise(named)
    )


def _at_home(topic: Topic, sentences: list[Sentence]) -> list[Sentence]:
    """The sentences without what an `elsewhere` rule takes from a side: Astana, where talks are on Syria."""
    for rule in topic.elsewhere:
        away = {one.number for one in sentences if one.names(rule.role) and not rule.words.isdisjoint(one.words)}
        away = away or _told_apart(rule, sentences)
        if away:
            sentences = [_without(one, rule.side, None if one.number in away else rule.words) for one in sentences]
    return sentences


def _told_apart(rule: Elsewhere, sentences: Sequence[Sentence]) -> set[int]:
    """The sentences with the words of a rule, where the side has no other and their other meaning stands close by."""
    hits = [(one.number, hit.key) for one in sentences for hit in one.hits if hit.cue.role == rule.side]
    if not hits or any(key not in rule.words for _, key in hits):
        return set()
    others = [one.number for one in sentences if one.names(rule.role)]
    return {number for number, _ in hits if any(abs(number - other) <= _CLOSE for other in others)}


def _without(sentence: Sentence, side: str, words: frozenset[str] | None) -> Sentence:
    """The sentence without the hits of a side: those on `words`, or all."""
    hits = tuple(hit for hit in sentence.hits if hit.cue.role != side or (words is not None and hit.key not in words))
    if len(hits) == len(sentence.hits):
        return sentence
    kept = any(hit.cue.role == side for hit in hits)
    told = sentence.told if kept else sentence.told - {side}
    return replace(sentence, hits=hits, told=told, roles=frozenset(hit.cue.role for hit in hits))
