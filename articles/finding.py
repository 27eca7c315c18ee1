"""Finding cues in the words of a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from articles.cues import SIDES, WORD, Cue, Spelling, Topic, fold

_PIECE = range(2, 9)  # letters of a piece of a word that a stray space has cut in two
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


def named(topic: Topic, folded: Sequence[str]) -> list[str]:
    """The sides that these words may name, pieces of a word taken together; that it names no other is certain."""
    words = frozenset(folded)
    sides = [side for side in SIDES if topic.names[side].meets(words)]
    if len(sides) == 1:  # only then is a word that a stray space has cut worth looking for
        joined = frozenset(map(_join, folded, folded[1:]))
        sides = [side for side in SIDES if side in sides or topic.names[side].meets(joined)]
    return sides


def find(topic: Topic, words: Sequence[str], folded: Sequence[str], language: str) -> Iterator[Hit]:
    """The cues of one sentence, given its words as `split` gives them; of cues that overlap, the longest.

    Local cues hold in texts of their own language alone, or in all where no cues have the text's language.
    """
    if len(words) != len(folded):  # a letter that falls apart in folding: capitals can't be looked up
        words = folded
    at = 0
    while at < len(folded):
        longest, found = 0, list[Spelling]()
        for spelling in _candidates(topic, folded[at]):
            long = len(spelling.words)
            if long >= longest and _holds(topic, spelling, language) and _stands(spelling, at, words, folded):
                found = [spelling] if long > longest else [*found, spelling]
                longest = long
        for spelling in [one for one in found if one.cue.role == "traps"] or found:
            yield Hit(spelling.cue, at, at + longest, folded[at])
        if not found:
            yield from _cut(topic, at, folded)
        at += longest or 1


def _candidates(topic: Topic, word: str) -> Iterator[Spelling]:
    """The spellings that may begin with a folded word."""
    yield from topic.whole.get(word, ())
    for length in topic.lengths:
        if length > len(word):
            return
        yield from topic.begun.get(word[:length], ())


def _holds(topic: Topic, spelling: Spelling, language: str) -> bool:
    return not spelling.local or spelling.cue.language == language or language not in topic.languages


def _stands(spelling: Spelling, at: int, words: Sequence[str], folded: Sequence[str]) -> bool:
    if at + len(spelling.words) > len(folded) or (spelling.inside and at == 0):
        return False
    alone = len(spelling.words) == 1
    for n, pattern in enumerate(spelling.words, at):
        if n > at and not pattern.fits(folded[n]):
            return False
        if pattern.capital and not _capital(words[n], pattern.capital, alone=alone):
            return False
    return True


def _capital(word: str, like: str, *, alone: bool) -> bool:
    """A capital of a word alone counts for little in a headline that is all capitals."""
    return word[0].isupper() and (like.isupper() or not alone or not word.isupper())


def _join(piece: str, other: str) -> str:
    """Two pieces of one word; nothing where they are too short or too long for that."""
    if len(piece) in _PIECE and len(other) in _PIECE and len(piece) + len(other) >= _CUT_WORD:
        return piece + other
    return ""


def _cut(topic: Topic, at: int, folded: Sequence[str]) -> Iterator[Hit]:
    """A strong word that a stray space has cut in two, as a weak hit."""
    joined = _join(folded[at], folded[at + 1]) if at + 1 < len(folded) else ""
    if not joined or folded[at + 1] in topic.whole:
        return
    for spelling in topic.whole.get(joined, ()):
        cue = spelling.cue
        if len(spelling.words) == 1 and cue.role in SIDES and cue.strength == "strong":
            yield Hit(replace(cue, strength="weak"), at, at + 2, joined)
            return
