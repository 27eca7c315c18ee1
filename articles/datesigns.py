"""A date line as signs: cut into words, numbers and marks, each of which leaves one letter for a pattern to meet.

`articles.datewords` says which letter a word leaves; a number leaves how many digits it has (9 for odd ones), an
unknown word an `x`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta, timezone
from zoneinfo import ZoneInfo

from articles.datewords import PHRASES, Word, fold, vocabulary

WIDEST_OFFSET = 14 * 60
"""Minutes; no zone is further from Greenwich than Kiribati's."""

_TOKEN = re.compile(
    rf"""(?P<phrase>(?<!\w)(?:{PHRASES})(?!\w))
    | (?P<iana>etc/gmt[+-]\d{{1,2}}
        |(?:africa|america|asia|atlantic|australia|europe|indian|pacific)/[a-z_]+(?:/[a-z_]+)?)
    # an offset stands behind a clock or "GMT"; minus hours only behind seconds, since 10:00-11:30 is a span
    | (?:(?<=:\d\d)|(?<=\.\d{{3}})|(?<=\.\d{{6}})|(?<=gmt)|(?<=utc)|(?<=[ap]m))[ ]?\(?(?P<offset>
        \+\d\d?:\d\d|\+\d{{4}}|-\d{{4}}|(?:(?<=:\d\d:\d\d)|(?<=:\d\d:\d\d[ ])|(?<=gmt)|(?<=utc))-\d\d:\d\d
        |(?<=:\d\d:\d\d)[+-]\d\d(?![:./-]))(?!\d)
    | (?:(?<=:\d\d)|(?<=[ap]m))[ ]?(?P<zone>[a-z]{{2,3}}t)(?!\w)
    | (?P<number>\d+) | (?P<word>[^\W\d_]+) | (?P<other>\S)""",
    re.VERBOSE,
)
_STRUCTURE = frozenset("./:+-")
_OF_TEXTS = frozenset("%$€£₽₸₪°=?!№")
"""Signs of prices, shares and sentences, never of a date line; the others (bars, icons) are decoration."""


@dataclass(frozen=True, slots=True)
class Signs:
    """A text as letters, and the word behind each of them."""

    letters: str
    words: tuple[Word, ...]

    def under(self, match: re.Match[str]) -> tuple[Word, ...]:
        """The words of a match."""
        return self.words[slice(*match.span())]

    def number(self, match: re.Match[str], group: str) -> int:
        """What the word under a group says; 0 where the group is not there."""
        return self.words[match.start(group)].number if match[group] else 0

    def without(self, *matches: re.Match[str]) -> Signs:
        """The same with blanks for what was read."""
        letters = self.letters
        for start, end in (match.span() for match in matches):
            letters = letters[:start] + "_" * (end - start) + letters[end:]
        return Signs(letters, self.words)


def signs(head: str, language: str | None) -> Signs:
    """A line's signs; `language` (ISO 639-1) decides what two languages read differently. ValueError: no such zone."""
    known = vocabulary(language)
    words = tuple(word for token in _TOKEN.finditer(fold(head)) if (word := _word(token, known)).sign)
    return Signs("".join(word.sign for word in words), words)


def _word(token: re.Match[str], known: Mapping[str, Word]) -> Word:
    kind = token.lastgroup or ""
    text = token[kind]
    if kind == "number":
        return Word(str(len(text)) if len(text) in (1, 2, 4) else "9", int(text))
    if kind == "other":
        return Word(text if text in _STRUCTURE else "x" if text in _OF_TEXTS else "")
    if kind == "offset":
        hours, minutes = text[1:].split(":") if ":" in text else (text[1:3], text[3:])
        return Word("o", zone=offset(text[0], int(hours), int(minutes or 0)))
    if kind == "iana":
        return _iana(text)
    return known.get(text, Word("q" if kind == "zone" else "x"))


def _iana(name: str) -> Word:
    try:
        return Word("z", zone=ZoneInfo(f"Etc/{name[4:].upper()}" if name.startswith("etc/") else name.title()))
    except (KeyError, OSError, ValueError):
        return Word("x")


def offset(sign: str, hours: int, minutes: int = 0) -> timezone:
    """A zone by its distance from Greenwich; ValueError where no zone lies so far."""
    total = 60 * hours + minutes
    if minutes > 59 or total > WIDEST_OFFSET:
        raise ValueError(f"no zone is {sign}{hours}:{minutes} from Greenwich")
    return timezone(timedelta(minutes=-total if sign == "-" else total))
