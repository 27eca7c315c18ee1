"""Which words of two passages are the same: equal, spelt otherwise, written together, abbreviated, a synonym."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from itertools import pairwise

from articles.alignment import Tokens
from articles.nations import capital_of
from articles.reading import Kind, Token
from articles.spelling import other_tense, same_word
from articles.synonyms import synonyms

COMPARISONS = 2_500
"""Pairs of words of a region that are compared by spelling; a region with more of them is no respelling."""
_VALUED = (Kind.NUMBER, Kind.DATE, Kind.WEEKDAY)
_CAPITAL = re.compile("[وبل]?(?:ال|لل)?عاصمه|capital|столиц(?:а|е|у|ы|ей)|елорда(?:да|сында|сы)?")
_JOINED = re.compile("^[وفبل]{1,2}(?=[\u0600-\u06ff]{3})")


def unpaired(left: Tokens, right: Tokens) -> tuple[list[Token], list[Token], int]:
    """Both sides of a region without what they share: equal words, spellings, synonyms; and how many those were."""
    before = len(left)
    one, other = _unequal(left, right), _unequal(right, left)
    if len(one) * len(other) <= COMPARISONS:
        one, other = _unmatched(one, other, _alike)
        one, other = _unjoined(one, other)
        one, other = _unabbreviated(one, other)
        one, other = _without_capitals(one, other)
    return one, other, before - len(one)


def _unequal(words: Tokens, others: Tokens) -> list[Token]:
    """The words that the other side has not, or not so often."""
    there = Counter(token.key for token in others)
    left = []
    for token in words:
        if there[token.key]:
            there[token.key] -= 1
        else:
            left.append(token)
    return left


def _unmatched(
    one: Iterable[Token], other: Iterable[Token], alike: Callable[[Token, Token], bool]
) -> tuple[list[Token], list[Token]]:
    rest, left = list(other), []
    for token in one:
        place = next((place for place, candidate in enumerate(rest) if alike(token, candidate)), None)
        if place is None:
            left.append(token)
        else:
            del rest[place]
    return left, rest


def _alike(one: Token, other: Token) -> bool:
    """Forms and spellings of one word, or synonyms, of one tense; never numbers, dates, countries: they have values."""
    if one.kind in _VALUED or other.kind in _VALUED or one.key[0] == "~" or other.key[0] == "~":
        return False
    if other_tense(one.key, other.key):
        return False
    return same_word(one.key, other.key) or synonyms(one.key, other.key)


def bare(word: str) -> str:
    """An Arabic word without what is joined before it."""
    return _JOINED.sub("", word)


def _unjoined(one: list[Token], other: list[Token]) -> tuple[list[Token], list[Token]]:
    """`Нур Султан` and `Нурсултан`: what is one word when written together."""
    for here, there in ((one, other), (other, one)):
        for first, second in pairwise(here):
            found = next((word for word in there if same_word(first.key + second.key, word.key)), None)
            if found is not None and found.kind not in _VALUED:
                here[:] = [token for token in here if token is not first and token is not second]
                there.remove(found)
                break
    return one, other


def _unabbreviated(one: list[Token], other: list[Token]) -> tuple[list[Token], list[Token]]:
    """`ООН` and `Организация Объединенных Наций`."""
    for here, there in ((one, other), (other, one)):
        for token in [token for token in here if len(token.shown) > 1 and token.shown.isupper()]:
            named = [word for word in there if word.shown[0].isupper() or word.kind == Kind.WORD]
            initials = "".join(word.key[0] for word in named)
            place = initials.find(token.key)
            if place >= 0:
                full = named[place : place + len(token.key)]
                there[:] = [word for word in there if word not in full]
                here.remove(token)
    return one, other


def _without_capitals(one: list[Token], other: list[Token]) -> tuple[list[Token], list[Token]]:
    """`Astana` and `the Kazakh capital`."""
    for here, there in ((one, other), (other, one)):
        called = [token for token in here if _CAPITAL.fullmatch(token.key)]
        named = {token.key for token in here}
        cities = [token for token in there if called and f"~{capital_of(token.key)}" in named]
        if len(cities) == 1:
            country = f"~{capital_of(cities[0].key)}"
            here[:] = [token for token in here if token not in called and token.key != country]
            there.remove(cities[0])
    return one, other
