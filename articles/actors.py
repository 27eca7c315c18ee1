"""Who, where and what a report names, whatever its language: as `actors.toml` lists them, and names unlisted."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise, product
from pathlib import Path

from articles.text import matching_copy

SECTIONS = ("person", "role", "body", "place", "event", "thing")
SIDES, AHEAD = "sides", "ahead"
"""Sections without names: the two sides and other capitalised words, and the words of what is still to come."""

_WORD = re.compile(r"[^\W_]+")
_TERM_WORD = re.compile(r"([^\W_]+)(\*?)")
_ACCENTED = re.compile("[\u00c0-\u024f\u1e00-\u1eff]")
_ARABIC = re.compile("[\u0600-\u06ff]")
# What Arabic writes together before a word: "and", then a preposition or the article, or both.
_BEFORE = tuple(filter(None, map("".join, product(("", "و", "ف"), ("", "ال", "ب", "ل", "ك", "بال", "كال", "لل")))))
_SHORTEST = 3
"""Letters that must be left of an Arabic word without what stands before it."""

# One consonant for all letters that a name's sounds are written with; vowels and their like have none.
_CONSONANTS = {
    letter: consonant
    for letters, consonant in {
        "bpбпب": "b", "fvфвف": "f", "tтتطث": "t", "dدضдذ": "d", "kqcкқقك": "k", "gгғغ": "g", "jжج": "j", "hхһحخ": "h",
        "sсшщصسش": "s", "zзزظ": "z", "lлل": "l", "mмم": "m", "nнңن": "n", "rрر": "r", "цч": "ts", "x": "ks",
    }.items()
    for letter in letters
}  # fmt: skip
_TOGETHER = {
    "дж": "j",
    "dzh": "j",
    "dj": "j",
    "zh": "j",
    "sh": "s",
    "kh": "h",
    "gh": "g",
    "ch": "ts",
    "th": "t",
    "تش": "ts",
}
_ENDINGS = {
    "ru": ("ого", "ому", "ыми", "ами", "ой", "ом", "ым", "ем"),
    "kk": (
        *("ның", "нің", "дың", "дің", "тың", "тің", "мен", "бен", "пен", "дан", "ден", "тан", "тен", "нан", "нен"),
        *("ға", "ге", "қа", "ке", "ды", "ді", "ты", "ті", "ны", "ні", "да", "де", "та", "те"),
    ),
}
"""Of names, in the languages that decline them with consonants."""
_NAME_CONSONANTS = 4
"""Those that a name's two words must have together: fewer are shared by chance."""
_NAME_PART = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Actor:
    """One thing that reports name: its name for people, its section, and whether nearly all reports name it."""

    name: str
    section: str
    common: bool


@dataclass(frozen=True, slots=True)
class Named:
    """An actor, named by the words from `start` to before `end`."""

    actor: Actor
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Term:
    actor: Actor
    words: tuple[tuple[str, bool], ...]
    """Each word, and whether any ending may follow it."""


@dataclass(frozen=True, slots=True)
class _Book:
    terms: Mapping[tuple[str, bool], tuple[_Term, ...]]
    """By their first word."""
    actors: Mapping[str, Actor]
    longest: int
    """Letters of the longest first word."""


def split(text: str) -> list[str]:
    """The words of a text as they are compared: of its matching copy, in small letters, Latin ones without accents."""
    return _WORD.findall(_fold(matching_copy(text)))


def actor(name: str) -> Actor | None:
    """The listed actor of this name."""
    return _book().actors.get(name)


def find(words: Sequence[str]) -> Iterator[Named]:
    """What the words of `split` name, in their order; of terms inside one another, the longest."""
    covered = 0
    for start in range(len(words)):
        found = [Named(term.actor, start, start + len(term.words)) for term in _terms(words, start)]
        end = max((named.end for named in found), default=0)
        if end > covered:
            covered = end
            yield from dict.fromkeys(named for named in found if named.end == end)


def unlisted(text: str, language: str) -> list[str]:
    """Names of two words and more that nobody listed, by their consonants: `smr.hjz` for Samer Hijazi, Самер Хиджази.

    Arabic has no capitals: there each two words that follow one another and are not listed may be a name, so what
    is found tells something only where another report has it too.
    """
    parts = _arabic_parts(text) if language == "ar" else _capitalised(text)
    consonants = [part and _consonants(part, language) for part in parts]
    pairs = (f"{one}.{other}" for one, other in pairwise(consonants) if one and other)
    return list(dict.fromkeys(pair for pair in pairs if len(pair) > _NAME_CONSONANTS))


def _terms(words: Sequence[str], start: int) -> Iterator[_Term]:
    book = _book()
    for word in _ways(words[start]):
        keys = [(word, False), *((word[:end], True) for end in range(1, min(len(word), book.longest) + 1))]
        for key in keys:
            yield from (term for term in book.terms.get(key, ()) if _goes_on(term, words, start))


def _goes_on(term: _Term, words: Sequence[str], start: int) -> bool:
    following = words[start + 1 : start + len(term.words)]
    if len(following) + 1 < len(term.words):
        return False
    return all(
        any(way.startswith(stem) if ending else way == stem for way in _ways(word))
        for (stem, ending), word in zip(term.words[1:], following, strict=True)
    )


def _ways(word: str) -> list[str]:
    """A word and, of an Arabic one, what it may be without the article and prepositions written before it."""
    if not _ARABIC.match(word):
        return [word]
    return [word, *(word[len(p) :] for p in _BEFORE if word.startswith(p) and len(word) - len(p) >= _SHORTEST)]


def _fold(copy: str) -> str:
    if _ACCENTED.search(copy):
        copy = _ACCENTED.sub(lambda letter: unicodedata.normalize("NFD", letter[0])[0], copy).replace("ı", "i")
    return copy.lower()


def _arabic_parts(text: str) -> list[str]:
    words = split(text)
    parts = ["" if len(word) < _SHORTEST or word.isdigit() else word.removeprefix("ال") for word in words]
    for named in find(words):
        parts[named.start : named.end] = [""] * (named.end - named.start)
    return parts


def _capitalised(text: str) -> list[str]:
    """The capitalised words of a text that are not listed, without the article of Arabic names; "" for all else."""
    parts = []
    for part in _NAME_PART.findall(matching_copy(text)):
        named = part[0].isupper() and not part.isupper() and next(find(split(part)), None) is None
        parts.append(re.split("['-]", part)[-1].lower() if named else "")
    return parts


def _consonants(word: str, language: str) -> str:
    for ending in _ENDINGS.get(language, ()):
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            word = word.removesuffix(ending)
            break
    word = _fold(word).removesuffix("h")
    for letters, consonant in _TOGETHER.items():
        word = word.replace(letters, consonant)
    found = "".join(_CONSONANTS.get(letter, "") for letter in word)
    return re.sub(r"(.)\1+", r"\1", found)


@cache
def _book() -> _Book:
    data = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
    common = {name.strip() for name in data["common"].split("|")}
    entries = {Actor("", section, True): data[section] for section in (SIDES, AHEAD)}
    for section in SECTIONS:
        entries |= {Actor(name, section, name in common): spelt for name, spelt in data[section].items()}
    terms: dict[tuple[str, bool], list[_Term]] = {}
    for entry, spelt in entries.items():
        for way in spelt.split("|"):
            words = tuple((word, bool(star)) for word, star in _TERM_WORD.findall(_fold(matching_copy(way))))
            terms.setdefault(words[0], []).append(_Term(entry, words))
    return _Book(
        terms={first: tuple(those) for first, those in terms.items()},
        actors={entry.name: entry for entry in entries if entry.name},
        longest=max(len(word) for word, _ in terms),
    )
