"""What two aligned texts say differently, and which differences make it another event."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from articles.alignment import Region, Tokens
from articles.counterparts import COMPARISONS, bare, unpaired
from articles.opposites import OPPOSITES
from articles.reading import Kind, Token
from articles.spelling import denies, onset, same_word
from articles.wording import ROLES, TURNS

_NAMED = 3.0
"""What a name counts for in words, where it stands in place of something that is no name."""
_EXTRA = 0.25
"""What a further word counts for where more words stand in place of fewer."""
_CLAUSE = 4
"""Words up to which what stands on one side is no clause of its own."""
_TELLERS = 1
"""New words that may change with an attribution: an agency, an office, a paper."""
_TIMES = (Kind.DATE, Kind.WEEKDAY, Kind.DAY)
_VALUE_SIGNS = frozenset("#@&~")
"""What the keys of numbers, months, weekdays and countries begin with."""
_DUAL = re.compile("[\u0600-\u06ff]{3,}(?:ين|ان)")


@dataclass(frozen=True, slots=True)
class Difference:
    """What the regions of an alignment come to, in words."""

    same: int
    """Further words that both texts have, spelt or placed otherwise."""
    replaced: float
    """Words that stand in place of others, weighed."""
    vetoes: tuple[str, ...]
    """What makes it another event, one plain sentence each."""


class Words:
    """All words of a text, to ask whether it has one in any spelling."""

    def __init__(self, text: Iterable[Token]) -> None:
        self._keys = frozenset(token.key for token in text)

    @cached_property
    def _by_onset(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for key in self._keys:
            found.setdefault(onset(key), []).append(key)
        return found

    def __contains__(self, token: Token) -> bool:
        if token.key in self._keys:
            return True
        if token.key[0] in _VALUE_SIGNS:
            return False
        return any(same_word(token.key, key) for key in self._by_onset.get(onset(token.key), ()))


@dataclass(frozen=True, slots=True)
class _Texts:
    """What either text knows: that is no new name."""

    one: Words
    other: Words


def between(regions: Sequence[Region], texts: tuple[Tokens, Tokens], datelines: tuple[Tokens, Tokens]) -> Difference:
    """Weighs all regions of an alignment of two texts, and the dates of their datelines."""
    known = _Texts(*map(Words, texts))
    same, replaced = 0, 0.0
    vetoes = list(_dates_of(datelines))
    places: set[tuple[str, str]] = set()
    for region in regions:
        one, other, equal = unpaired(region.one, region.other)
        same += equal
        attributed = any(token.kind == Kind.SAID for token in (*region.one, *region.other))
        vetoes += _vetoes(one, other, known, attributed)
        replaced += _weight(one, other, known, 1.0 if attributed else _NAMED)
        places.update((here.key, there.key) for here in _of(one, Kind.NAME) for there in _of(other, Kind.NAME))
    vetoes += (f"Names have changed places: {one} / {other}." for one, other in places if (other, one) in places)
    return Difference(same, replaced, tuple(dict.fromkeys(vetoes)))


def _vetoes(one: Sequence[Token], other: Sequence[Token], known: _Texts, attributed: bool) -> list[str]:
    found = [
        _differ("A number", _figures(one), _figures(other)),
        _differ("A date", _of(one, Kind.DATE), _of(other, Kind.DATE)),
        _differ("A weekday", _of(one, Kind.WEEKDAY), _of(other, Kind.WEEKDAY)),
        _differ("A name", *_names(one, other, known, attributed)),
        _dual(one, other),
        _opposites(one, other),
        _negation(one, other),
        _turn(one, other, known),
        _exchange(one, other, known, attributed),
    ]
    return [veto for veto in found if veto]


def _figures(words: Iterable[Token]) -> list[Token]:
    """Numbers, and the years of dates."""
    return [token for token in words if token.kind == Kind.NUMBER or (token.kind == Kind.DATE and len(token.key) == 5)]


def _of(words: Iterable[Token], kind: Kind) -> list[Token]:
    return [token for token in words if token.kind == kind]


def _differ(what: str, one: Sequence[Token], other: Sequence[Token]) -> str | None:
    return f"{what} differs: {_shown(one)} / {_shown(other)}." if one and other else None


def _shown(words: Iterable[Token]) -> str:
    return " ".join(token.shown for token in words)


def _names(
    one: Sequence[Token], other: Sequence[Token], known: _Texts, attributed: bool
) -> tuple[list[Token], list[Token]]:
    """The names that only the one text knows, and those that only the other does.

    A new word in place of a new name is taken for one, but for those who said it.
    """
    here, there = _plain(_new(one, known.other)), _plain(_new(other, known.one))
    names, others = _of(here, Kind.NAME), _of(there, Kind.NAME)
    if names and not others and not attributed:
        others = _of(there, Kind.WORD)
    elif others and not names and not attributed:
        names = _of(here, Kind.WORD)
    return names, others


def _exchange(one: Sequence[Token], other: Sequence[Token], known: _Texts, attributed: bool) -> str | None:
    """A word in place of another that no desk writes for it: what is sent, taught, built may be all that differs.

    A name or an office for its holder are ways to speak of the same, unless either is new; who told it may change.
    """
    here, there = _of(_content(one, other), Kind.WORD), _of(_content(other, one), Kind.WORD)
    new = _new(here, known.other), _new(there, known.one)
    if attributed:
        found = min(map(len, map(_plain, new))) > _TELLERS
    else:
        found = bool(_plain(here) and _plain(there)) or all(new)
    return f"A word stands for another: {_shown(here)} / {_shown(there)}." if found else None


def _plain(words: Iterable[Token]) -> list[Token]:
    """The words that name no office."""
    return [token for token in words if not ROLES.find(token.key)]


def _new(words: Iterable[Token], known: Words) -> list[Token]:
    """The words that the other text has nowhere, in no spelling."""
    return [token for token in words if token not in known]


def _opposites(one: Sequence[Token], other: Sequence[Token]) -> str | None:
    """Two words of one sort that exclude each other."""
    said = {found.split()[0]: (found, token) for token in one if (found := OPPOSITES.find(bare(token.key)))}
    for token in other:
        found = OPPOSITES.find(bare(token.key))
        against = said.get(found.split()[0]) if found else None
        if against and against[0] != found:
            return f"One says the opposite: {against[1].shown} / {token.shown}."
    return None


def _negation(one: Sequence[Token], other: Sequence[Token]) -> str | None:
    """A word of denial that only one side has; in a whole clause it denies what the other says nothing of."""
    here, there = _of(one, Kind.NOT), _of(other, Kind.NOT)
    if bool(here) != bool(there) and len(one if here else other) <= _CLAUSE:
        return f"Only one of them denies: {_shown(here or there)}."
    if len(one) * len(other) <= COMPARISONS:
        for a, b in product(one, other):
            if denies(a.key, b.key) or denies(b.key, a.key):
                return f"Only one of them denies: {a.shown} / {b.shown}."
    return None


def _turn(one: Sequence[Token], other: Sequence[Token], known: _Texts) -> str | None:
    """A few words that only one text has, and that make of what stands beside them another act or office."""
    for words, elsewhere in ((one, known.other), (other, known.one)):
        turns = [token for token in words if TURNS.find(bare(token.key)) and token not in elsewhere]
        if turns and len(words) <= _CLAUSE:
            return f"Only one of them says: {_shown(turns)}."
    return None


def _dual(one: Sequence[Token], other: Sequence[Token]) -> str | None:
    """Arabic says "two" by an ending alone: `هدفين` and three goals are two numbers."""
    for here, there in ((one, other), (other, one)):
        numbers = [token for token in _of(here, Kind.NUMBER) if token.key != "#2"]
        pairs = [token for token in there if token.kind == Kind.WORD and _DUAL.fullmatch(token.key)]
        if numbers and pairs:
            return f"A number differs: {_shown(numbers)} / {_shown(pairs)}."
    return None


def _weight(one: Sequence[Token], other: Sequence[Token], known: _Texts, name: float) -> float:
    """Words that stand for others; `name` is what one counts that is a name.

    New words in place of new ones side by side count for each other too: a synonym comes alone, another content
    (what is studied, what was sent) does not.
    """
    here, there = _content(one, other), _content(other, one)
    fewer, more = sorted((len(here), len(there)))
    if not fewer:
        return 0.0
    new_here, new_there = _new(here, known.other), _new(there, known.one)
    new = min(len(new_here), len(new_there))
    named = len(_of(new_here, Kind.NAME)) + len(_of(new_there, Kind.NAME))
    return fewer + new * max(0, new - 1) + _EXTRA * (more - fewer) + (name - 1) * min(named, fewer)


def _content(words: Iterable[Token], opposite: Sequence[Token]) -> list[Token]:
    """The words that say something: no attribution, and no time where the other side has one in another form."""
    timed = any(token.kind in _TIMES for token in opposite)
    return [
        token
        for token in words
        if token.kind not in (Kind.SMALL, Kind.SAID, Kind.NOT) and not (timed and token.kind in _TIMES)
    ]


def _dates_of(datelines: tuple[Tokens, Tokens]) -> list[str]:
    """Datelines of one event are a day apart at most: a reprint may come on the morrow."""
    days = [[int(t.key[1:]) for t in line if t.kind == Kind.DATE and t.key[0] == "#"] for line in datelines]
    if all(days) and abs(days[0][0] - days[1][0]) > 1:
        return [f"The dateline differs: {_shown(datelines[0])} / {_shown(datelines[1])}."]
    return []
