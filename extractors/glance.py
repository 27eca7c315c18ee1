"""A cheap look at a page's bytes: might it name both sides at all? What it says no to is not worth an extraction.

Nothing is parsed and nothing left out: attributes and scripts hold titles and texts, too. Words beyond ASCII are few
and all looked up. Those in ASCII are many, so a table of first letters finds where one that matters may begin. The
look errs on one side: what it can't read counts as named.
"""

from __future__ import annotations

import html
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from urllib.parse import unquote_to_bytes

import numpy as np
from numpy.typing import NDArray

from articles import finding
from articles.cues import SIDES, Pattern, Spelling, Topic, fold
from articles.text import matching_copy
from extractors import charset, letters, mojibake

_KEY = 4
"""Letters by which a word in ASCII is found; a shorter one is taken for granted beside others, or looked for alone."""
_MANY = 8
"""Letters written as numbers, of any kind: fewer are signs, like quotes and dashes."""
_BITS = 16
_MIX = np.uint32(2654435761)
"""Knuth's factor for hashing by multiplication."""

_LETTERS_AND_DIGITS = bytes(code for code in range(128) if chr(code).isalnum())
_FOREIGN = bytes(code if code >= 0x80 else 0x20 for code in range(256))
_IS_LETTER = np.array([chr(code).isalpha() and code < 0x80 for code in range(256)])
_WORD = re.compile(rb"[a-z]+")
# Each begins with the letters that it is found by: that makes the search ten times as fast.
_NUMBERED = re.compile(rb"&#(?:[0-9]{3,6}|[xX][0-9a-fA-F]{2,5});")
_NUMBERED_ABROAD = re.compile(
    rb"&#(?:9[0-9]{2}|[1-7][0-9]{3}|[1-6][0-9]{4}|[xX]0*(?:[4-9a-fA-F][0-9a-fA-F]{2}|[14-9][0-9a-fA-F]{3}));"
)
"""A letter that is no Latin one: two are a word. Quotes and dashes are above U+2000, and below what is Chinese."""
_ESCAPED = re.compile(rb"\\u[0-9a-fA-F]{4}(?:\\u[0-9a-fA-F]{4})+")
_QUOTED = re.compile(rb"%[0-9a-fA-F]{2}(?:%[0-9a-fA-F]{2}){3,}")

_OLD = ("windows-1256", "windows-1251", "koi8-r", "cp866", "iso-8859-5", "iso-8859-6", "mac-cyrillic", "kz1048")
"""Charsets of a byte a letter in which news have been written."""
_SAMPLE = 600
"""Letters by which a wrong charset is told."""
_GARBLED = re.compile("[À-ÿ]")
_PAIRS = re.compile("(?:[À-ÿ][^ À-ÿ]){3,}")
"""A word of UTF-8 that was taken for letters of a byte each."""
_SOME = 5
"""Such words; one may be a name in a language of many accents."""
_GARBLED_SHARE = 0.3
"""Of the letters beyond ASCII: so many Western European ones come of Arabic or Cyrillic that was decoded wrongly."""

_LEADS = range(0xC3, 0xC6)
"""First bytes of the accented Latin letters in UTF-8, U+00C0 to U+017F."""


def _plain(code: int) -> int:
    """The small ASCII letter that an accented one is compared as; 0: there is none."""
    letter = fold(matching_copy(chr(code)))
    return ord(letter) if len(letter) == 1 and letter.isascii() and letter.isalpha() else 0


_PLAIN = np.array([_plain(code) for code in range(0xC0, 0xC0 + 64 * len(_LEADS))], np.uint8)
_PLAIN_TURKISH = bytes(_plain(ord(bytes([code]).decode("cp1254", "replace"))) or code for code in range(256)).lower()


class Glance:
    """The look, made ready for a topic. It does not change; any thread may use it."""

    def __init__(self, topic: Topic) -> None:
        self._telling: defaultdict[str, list[Spelling]] = defaultdict(list)
        self._stems: defaultdict[str, list[Spelling]] = defaultdict(list)
        starts: set[str] = set()
        for spelling in _spellings(topic):
            telling = max(spelling.words, key=_shortest)
            for form in telling.forms:
                self._telling[form].append(spelling)
            for stem in telling.stems:
                self._stems[stem].append(spelling)
            starts.update(start for pattern in spelling.words for start in (*pattern.forms, *pattern.stems))
        self._short = [form.encode() for form in self._telling if form.isascii() and len(form) < _KEY]
        self._table = _table({start[:_KEY].encode() for start in starts if start.isascii() and len(start) >= _KEY})

    def names_both(self, body: bytes) -> bool:
        """May a page with these bytes name both sides?"""
        if charset.marked(body) or charset.unmarked_utf16(body):
            body = charset.decode(body, "", None)[0].encode("utf-8", "replace")
        if len(_NUMBERED.findall(body)) >= _MANY or len(_NUMBERED_ABROAD.findall(body)) > 1:
            body = html.unescape(_text(body)).encode("utf-8", "replace")
        foreign = _foreign(body)
        return _is_garbled(foreign) or len(self._sides(frozenset(self._words(body, foreign)))) == len(SIDES)

    def _sides(self, words: frozenset[str]) -> set[str]:
        found: set[str] = set()
        row = f" {' '.join(words)}"
        begun = (spelling for stem, those in self._stems.items() if f" {stem}" in row for spelling in those)
        whole = (spelling for word in words & self._telling.keys() for spelling in self._telling[word])
        for spelling in (*whole, *begun):
            if spelling.cue.role not in found and all(_meets(pattern, words) for pattern in spelling.words):
                found.add(spelling.cue.role)
        return found

    def _words(self, body: bytes, foreign: bytes) -> Iterator[str]:
        """The words of a page that matter, folded as cues compare them; those beyond ASCII all of them."""
        is_utf8 = _is_utf8(foreign)
        for text in (*_readings(foreign, is_utf8=is_utf8), *_unescaped(body)):
            yield from finding.split(matching_copy(text))[1]
        small = _unaccented(body.lower()) if is_utf8 else body.translate(_PLAIN_TURKISH)
        yield from (word.decode() for word in {*self._begun(small)})

    def _begun(self, small: bytes) -> Iterator[bytes]:
        """The words in ASCII that begin like one of a cue."""
        yield from (short for short in self._short if short in small)
        if len(small) < _KEY:
            return
        codes: NDArray[np.uint32] = np.ndarray(len(small) - _KEY + 1, "<u4", small, 0, (1,))
        places = np.flatnonzero(self._table[_hashed(codes)])
        before = np.frombuffer(small, np.uint8)[places - 1]
        for place in places[~_IS_LETTER[before] | (places == 0)].tolist():
            if word := _WORD.match(small, place):
                yield word[0]


def _spellings(topic: Topic) -> Iterable[Spelling]:
    """All ways of writing a cue of either side."""
    sides = topic.sides
    indexed = (spelling for index in (sides.whole, sides.begun) for some in index.values() for spelling in some)
    return {id(spelling): spelling for spelling in indexed}.values()


def _shortest(pattern: Pattern) -> int:
    return min(map(len, (*pattern.forms, *pattern.stems)))


def _meets(pattern: Pattern, words: frozenset[str]) -> bool:
    """Is it one of the words? A short one in ASCII was not looked for."""
    return pattern.meets(words) or any(form.isascii() and len(form) < _KEY for form in pattern.forms)


def _table(keys: Iterable[bytes]) -> NDArray[np.bool_]:
    table = np.zeros(1 << _BITS, np.bool_)
    table[_hashed(np.frombuffer(b"".join(keys), "<u4"))] = True
    return table


def _hashed(codes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    return (codes * _MIX) >> np.uint32(32 - _BITS)


def _foreign(body: bytes) -> bytes:
    """The words in letters beyond ASCII, each once."""
    return b" ".join({*body.translate(_FOREIGN, _LETTERS_AND_DIGITS).split()})


def _is_garbled(foreign: bytes) -> bool:
    """Are they words of another script that somebody took for Western European ones?"""
    text = foreign.decode("utf-8", "ignore")
    many = len(_GARBLED.findall(text)) > max(_SAMPLE / 4, _GARBLED_SHARE * len(text))
    return many or len(_PAIRS.findall(text)) >= _SOME


def _text(body: bytes) -> str:
    """A page with letters as numbers: mostly ASCII, so what its other bytes are is found out in full."""
    return body.decode() if _is_utf8(body) else charset.decode(body, "", None)[0]


def _is_utf8(foreign: bytes) -> bool:
    try:
        foreign.decode()
    except UnicodeDecodeError:
        return False
    return True


def _readings(foreign: bytes, *, is_utf8: bool) -> Iterator[str]:
    """What these words may say: as UTF-8, and where they are none, in any other charset that makes sense of them."""
    yield mojibake.mend(foreign.decode("utf-8", "replace"), ())[0]
    if not is_utf8:
        texts = (foreign.decode(name, "replace") for name in _OLD)
        yield from (text for text in texts if letters.score(text[:_SAMPLE]) >= letters.CONVINCING)


def _unescaped(body: bytes) -> Iterator[str]:
    """Words written as JSON's escapes, or as a part of an address."""
    for run in {*_ESCAPED.findall(body)}:
        yield run.decode("unicode-escape", "replace")
    for run in {*_QUOTED.findall(body)}:
        yield unquote_to_bytes(run).decode("utf-8", "replace")


def _unaccented(small: bytes) -> bytes:
    """UTF-8 with plain letters in the place of accented Latin ones."""
    signs = np.frombuffer(small, np.uint8)
    leads = np.flatnonzero((signs >= _LEADS[0]) & (signs <= _LEADS[-1]))
    leads = leads[leads + 1 < len(signs)]
    if not len(leads):
        return small
    plain = _PLAIN[(signs[leads].astype(np.intp) - _LEADS[0]) * 64 + (signs[leads + 1] & 0x3F)]
    leads, plain = leads[plain > 0], plain[plain > 0]
    written = signs.copy()
    written[leads + 1] = plain
    return np.delete(written, leads).tobytes()
