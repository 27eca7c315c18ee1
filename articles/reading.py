"""A text as it is held against another one: its words, with numbers by value and countries by name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from itertools import chain, islice

from articles import numerals
from articles.months import MONTHS
from articles.nations import nation
from articles.pieces import LONGEST, Piece, pieces_of
from articles.spelling import REMEMBERED
from articles.text import matching_copy
from articles.wording import DAYS, NAMES, NEGATIONS, SAID, SMALL, TITLES, WEEKDAYS


class Kind(StrEnum):
    """What a word is to the comparison."""

    WORD = "word"
    SMALL = "small word"
    NAME = "name"
    NUMBER = "number"
    DATE = "date"
    WEEKDAY = "weekday"
    DAY = "relative day"
    SAID = "attribution"
    NOT = "negation"


@dataclass(frozen=True, slots=True)
class Token:
    """One word. `key` is what is compared, `shown` what people read; `starts`: a sentence begins with it."""

    key: str
    shown: str
    kind: Kind
    starts: bool = False


_DATELINE = re.compile(r"(?P<line>.{2,90}?)\s*(?P<stop>[-:/])\s+")
_ARABIC = re.compile("[\u0600-\u06ff]")
_JOINED = re.compile(r"^(?:و|ف)?(?:ب|ل|ك)?(?=..)")
_ARTICLE = re.compile(r"^(?:و|ف)?(?:ال|بال|كال|لل)(?=...)")
_LEVANTINE = ("كانون", "تشرين")
_YEARS = range(1900, 2101)
_DAYS = 31
_KAZAKH_CASES = "да де та те дан ден тан тен ның нің дың дің тың тің ға ге қа ке дағы дегі тағы тегі ы і ында інде"
_SHORT_MONTH = 3
_DATELINE_WORDS = 10
_FOREIGN = re.compile(
    "[\u0600-\u06ff]{2,}(?:وف|يف|وفا|يفا|وفيتش|ينكو|سكي|وفسكي|بيك|بيكوف|باي|باييف|جان|جانوف|اوغلو|زاده)$"
)


def _month_names() -> Iterator[tuple[str, int]]:
    for language, months in MONTHS.items():
        cases = ("", *_KAZAKH_CASES.split()) if language == "kk" else ("",)
        for number, names in enumerate(months, start=1):
            for name in names.split("|"):
                yield from ((matching_copy(name).lower() + case, number) for case in cases)


_MONTH = dict(_month_names())


def read(text: str) -> tuple[tuple[Token, ...], tuple[Token, ...]]:
    """The dateline that a text begins with (`Astana, 12 November -`; mostly empty), and the words behind it."""
    lines = [matching_copy(line) for line in text.split("\n")]
    pieces = [list(pieces_of(line)) for line in lines]
    reader = _Reader(_names_by_capitals(chain.from_iterable(pieces)))
    dateline: list[Token] = []
    while found := _DATELINE.match(lines[0]):
        words = reader.tokens(pieces_of(found["line"]))
        if not _is_dateline(words, found["stop"]):
            break
        dateline += words
        lines[0] = lines[0][found.end() :]
        pieces[0] = list(pieces_of(lines[0]))
    return tuple(dateline), tuple(reader.tokens(islice(chain.from_iterable(pieces), LONGEST)))


def _is_dateline(words: Sequence[Token], stop: str) -> bool:
    """A few places, dates, agencies; but `Abbas: ...` says who spoke, and `Kazakhstan - a friend` what of."""
    if not 0 < len(words) <= _DATELINE_WORDS:
        return False
    if any(token.kind in (Kind.WORD, Kind.NOT) and not token.shown.isupper() for token in words):
        return False
    sure = any(token.kind in (Kind.SAID, Kind.DATE) for token in words)
    return sure or (stop != ":" and not any(token.key[0] == "~" for token in words))


def _names_by_capitals(pieces: Iterable[Piece]) -> frozenset[str]:
    """The words that are written with a capital inside sentences or as a text's first, and never without."""
    capital, small = set(), set()
    for place, piece in enumerate(pieces):
        first = piece.shown[0]
        if piece.number is None and first.islower():
            small.add(piece.folded)
        elif piece.number is None and first.isupper() and not (piece.starts and place):
            capital.add(piece.folded)
    return frozenset(capital - small)


class _Reader:
    """Makes tokens of one text's pieces."""

    def __init__(self, capitals: frozenset[str]) -> None:
        self._capitals = capitals

    def tokens(self, pieces: Iterable[Piece]) -> list[Token]:
        """Numbers made one word each, dates known by the month beside them, Arabic names by the title before them."""
        tokens: list[Token] = []
        run: list[Decimal] = []
        shown: list[str] = []
        starts = False
        for piece in pieces:
            value = None if _ends_month(tokens, piece) else self._value(piece)
            if value is not None and run and _goes_on(shown[-1], piece) and numerals.joins(run, value):
                run.append(value)
                shown.append(piece.shown)
                continue
            if run:
                tokens.append(_figure(run, shown, starts))
                run, shown = [], []
            if value is not None:
                run, shown, starts = [value], [piece.shown], piece.starts
            else:
                self._add(tokens, piece)
        if run:
            tokens.append(_figure(run, shown, starts))
        return list(_dated(tokens))

    def _value(self, piece: Piece) -> Decimal | None:
        """What a piece is worth as a number; parts of dates in digits stay out of it."""
        if piece.number is not None:
            return None if piece.part else piece.number
        return _worth(piece.folded)

    def _add(self, tokens: list[Token], piece: Piece) -> None:
        """One word, put behind those before it: Arabic months of two words become one."""
        before = tokens[-1] if tokens else None
        if before and _ends_month(tokens, piece):
            number = _MONTH[f"{before.key} {piece.folded}"]
            tokens[-1] = Token(f"@{number}", f"{before.shown} {piece.shown}", Kind.DATE, before.starts)
        elif piece.number is not None:
            tokens.append(Token(f"#{piece.number}", piece.shown, Kind.DATE, piece.starts))
        elif (month := _month(piece, before)) is not None:
            tokens.append(Token(f"@{month}", piece.shown, Kind.DATE, piece.starts))
        else:
            kind, key = _sorted(piece.folded)
            if kind == Kind.WORD and (piece.folded in self._capitals or _is_named(piece, before)):
                kind = Kind.NAME
            tokens.append(Token(key, piece.shown, kind, piece.starts))


def _ends_month(tokens: Sequence[Token], piece: Piece) -> bool:
    """`الثاني` behind `تشرين`: the second half of a month's name, and no number."""
    return bool(tokens) and tokens[-1].key in _LEVANTINE and f"{tokens[-1].key} {piece.folded}" in _MONTH


def _goes_on(before: str, piece: Piece) -> bool:
    """Digits stand behind the words of one number ("41 thousand 206"), never behind digits."""
    return piece.number is None or not before[-1].isdigit()


@lru_cache(maxsize=REMEMBERED)
def _worth(folded: str) -> Decimal | None:
    value = numerals.VALUES.get(folded)
    if value is None and _ARABIC.match(folded):
        value = numerals.VALUES.get(_JOINED.sub("", folded))
        if value is None and (bare := _ARTICLE.sub("", folded)) not in numerals.HUNDRED:
            value = numerals.VALUES.get(bare)
    return None if value is None else Decimal(value)


def _figure(run: Sequence[Decimal], shown: Sequence[str], starts: bool) -> Token:
    """`اثنى` (praised) is written like the half of a twelve: alone it is a word."""
    if len(shown) == 1 and (word := matching_copy(shown[0])).endswith("اثني"):
        return Token(word, shown[0], Kind.WORD, starts)
    value = numerals.total(run)
    plain = value.to_integral_value() if value == value.to_integral_value() else value.normalize()
    return Token(f"#{plain:f}", " ".join(shown), Kind.NUMBER, starts)


@lru_cache(maxsize=REMEMBERED)
def _sorted(folded: str) -> tuple[Kind, str]:
    """What a word is by itself, and what it is compared by."""
    forms = _forms(folded)
    if folded.startswith("@"):
        return Kind.DATE, folded
    if found := _first(WEEKDAYS.find, forms):
        return Kind.WEEKDAY, f"&{found}"
    if _first(DAYS.find, forms):
        return Kind.DAY, folded
    if not SMALL.isdisjoint(forms):
        return Kind.SMALL, folded
    if not NEGATIONS.isdisjoint(forms):
        return Kind.NOT, folded
    if _first(SAID.find, forms):
        return Kind.SAID, folded
    if found := _first(nation, forms):
        return Kind.NAME, f"~{found}"
    return (Kind.NAME if _first(NAMES.find, forms) or _FOREIGN.search(folded) else Kind.WORD), folded


def _forms(folded: str) -> tuple[str, ...]:
    """A word, and without what Arabic joins before it."""
    if not _ARABIC.match(folded):
        return (folded,)
    return tuple(dict.fromkeys((folded, _JOINED.sub("", folded), _ARTICLE.sub("", folded))))


def _first(find: Callable[[str], str | None], forms: Iterable[str]) -> str | None:
    return next(filter(None, map(find, forms)), None)


def _month(piece: Piece, before: Token | None) -> int | None:
    """Short ones (`mar`, `may`) only beside a number; `march` is a month with its capital."""
    month = _MONTH.get(piece.folded)
    if month is None or (before is not None and before.kind in (Kind.NUMBER, Kind.DATE)):
        return month
    uncertain = len(piece.folded) <= _SHORT_MONTH or (piece.shown.isascii() and piece.shown[0].islower())
    return None if uncertain else month


def _is_named(piece: Piece, before: Token | None) -> bool:
    """Does a title stand before an Arabic word that is none itself?"""
    if before is None or before.key not in TITLES or piece.starts:
        return False
    return not piece.folded.startswith("ال") and piece.folded not in TITLES


def _dated(tokens: Sequence[Token]) -> Iterator[Token]:
    """Numbers beside a month are of a date."""
    for place, token in enumerate(tokens):
        if token.kind == Kind.NUMBER:
            beside = (*tokens[max(0, place - 1) : place], *tokens[place + 1 : place + 2])
            value = Decimal(token.key[1:])
            if (value <= _DAYS or value in _YEARS) and any(near.key[0] == "@" for near in beside):
                token = replace(token, kind=Kind.DATE)
        yield token
