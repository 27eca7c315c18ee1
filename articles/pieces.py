"""A line cut into words and numbers in digits, and where its sentences begin."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from articles import numerals

LONGEST = 10_000
"""Words of a text that are compared; what a longer one has behind them stays out of it."""


class Piece(NamedTuple):
    """A word or a number in digits, as it was found."""

    shown: str
    folded: str
    starts: bool
    number: Decimal | None = None
    part: bool = False
    """Of a date in digits: the month or the year."""


_PIECE = re.compile(
    r"""(?P<date>(?<!\d)(?:\d{1,2}[./-]\d{1,2}[./-]\d{4}|\d{4}-\d\d-\d\d)(?!\d))
    | (?:(?<!\w)[وفبل]{1,2})?
      (?P<number>(?<![\d.,])\d{1,3}(?:[ ]\d{3})+(?!\d)|\d+(?:[.,٬٫']\d+)*)
      (?:(?:-?(?:st|nd|rd|th)|-[^\W\d_]{1,4})\b)?
    | (?P<word>[^\W\d_]+(?:'[^\W\d_]+)*)
    | (?P<stop>[.!?؟…]+(?=\s|$|["'«»)]))""",
    re.VERBOSE,
)
_POSSESSIVE = re.compile(r"'s?$")
_DAYS = 31


def pieces_of(line: str) -> Iterator[Piece]:
    """The pieces of a line that is a matching copy, in order."""
    starts = True
    for found in _PIECE.finditer(line):
        kind, shown = found.lastgroup, found[0]
        if kind == "stop":
            starts = True
            continue
        if kind == "date":
            yield from _date(shown, starts)
        elif kind == "number":
            yield Piece(shown, "", starts, numerals.of_digits(found["number"]))
        else:
            yield Piece(shown, _unquoted(shown).lower(), starts)
        starts = False


def _unquoted(word: str) -> str:
    """A word without apostrophes, and without the English genitive."""
    return _POSSESSIVE.sub("", word).replace("'", "") if "'" in word else word


def _date(shown: str, starts: bool) -> Iterator[Piece]:
    parts = [int(part) for part in re.split("[./-]", shown)]
    day, month, year = reversed(parts) if parts[0] > _DAYS else parts
    yield Piece(shown, "", starts, Decimal(day), part=True)
    yield Piece(shown, f"@{month}", False)
    yield Piece(shown, "", False, Decimal(year), part=True)
