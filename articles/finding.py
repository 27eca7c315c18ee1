"""Finding cues in the words of a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from articles.cues import SIDES, WORD, Cue, Spelling, Topic, fold

_PIECE = 8  # letters at most of a piece of a word that a stray space has cut in two
_CUT_WORD = 7  # letters that such a word has at least: shorter ones come together by chance


@dataclass(frozen=True, slots=True)
class Hit:
    """A cue found in the words from `start` to before `end`; `key` is the first of them, folded."""

    cue: Cue
    start: int
    end: int
    key: str


def split(copy: str) -> tuple[list[str], list[str]]:
    """The words of a matching copy, as it has them and, one for one, folded as cues compare them."""
    folded = fold(copy)
    words = WORD.findall(copy)
    return words, words if folded == copy else WORD.findall(folded)


def named(topic: Topic, folded: Sequence[str], language: str) -> frozenset[str]:
    """The sides that these words may name, pieces of a word taken together; that they name no other is certain."""
    words = frozenset(folded)
    sides = _named(topic, words, words, language)
    if len(sides) == 1:  # only then is a word that a stray space has cut worth looking for
        joined = frozenset(one + other for one, other in pairwise(folded) if _may_be_one(one, other))
        sides |= _named(topic, joined, words, language)
    return sides


def _named(topic: Topic, firsts: frozenset[str], words: frozenset[str], language: str) -> frozenset[str]:
    """The sides of the spellings that begin with one of `firsts` and have their other words somewhere in `words`."""
    return frozenset(
        spelling.cue.role
        for first in topic.sides.known(firsts)
        for spelling in topic.sides.of(first)
        if _holds(topic, spelling, language) and all(pattern.meets(words) for pattern in spelling.words[1:])
    )


def find(topic: Topic, words: Sequence[str], folded: Sequence[str], language: str) -> Iterator[Hit]:
    """The cues of one sentence, given its words as `split` gives them; of cues that overlap, the longest.

    Local cues hold in texts of their own language alone, or in all where no cues have the text's language.
    """
    if len(words) != len(folded):  # a letter that falls apart in folding: capitals can't be looked up
        words = folded
    shouted = len(words) > 1 and 2 * sum(map(str.isupper, words)) > len(words)
    at = 0
    while at < len(folded):
        longest, found = 0, list[Spelling]()
        for spelling in topic.cues.of(folded[at]):
            long = len(spelling.words)
            if long < longest or not _holds(topic, spelling, language):
                continue
            if _stands(spelling, at, words, folded, shouted=shouted):
                found = [spelling] if long > longest else [*found, spelling]
                longest = long
        for spelling in [one for one in found if one.cue.role == "traps"] or found:
            yield Hit(spelling.cue, at, at + longest, folded[at])
        if not found and at + 1 < len(folded) and _may_be_one(folded[at], folded[at + 1]):
            yield from _cut(topic, at, folded)
        at += longest or 1


def _holds(topic: Topic, spelling: Spelling, language: str) -> bool:
    return not spelling.local or spelling.cue.language == language or language not in topic.languages


def _stands(spelling: Spelling, at: int, words: Sequence[str], folded: Sequence[str], *, shouted: bool) -> bool:
    if at + len(spelling.words) > len(folded) or (spelling.inside and at == 0):
        return False
    telling = len(spelling.words) > 1 or not shouted
    for n, pattern in enumerate(spelling.words, at):
        if n > at and not pattern.fits(folded[n]):
            return False
        if pattern.capital and not _capital(words[n], pattern.capital, telling=telling):
            return False
    return True


def _capital(word: str, like: str, *, telling: bool) -> bool:
    """A capital of a word alone tells nothing in a headline that is all capitals."""
    return word[0].isupper() and (like.isupper() or telling or not word.isupper())


def _may_be_one(piece: str, other: str) -> bool:
    """Are they neither too short nor too long for pieces of one word?"""
    return len(piece) <= _PIECE >= len(other) and len(piece) + len(other) >= _CUT_WORD


def _cut(topic: Topic, at: int, folded: Sequence[str]) -> Iterator[Hit]:
    """A strong word that a stray space has cut in two, as a weak hit."""
    if folded[at + 1] in topic.cues.whole:
        return
    for spelling in topic.cues.whole.get(folded[at] + folded[at + 1], ()):
        cue = spelling.cue
        if len(spelling.words) == 1 and cue.role in SIDES and cue.strength == "strong":
            yield Hit(replace(cue, strength="weak"), at, at + 2, folded[at] + folded[at + 1])
            return
