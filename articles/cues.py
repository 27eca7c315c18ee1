"""Cues: the words by which a text names a side or says what goes on, read from topic.toml in all their forms.

Every form of every word is made once, in `load`; finding cues is then a few look-ups for each word of a text,
whatever the number of cues. How a cue is written stands at the head of topic.toml.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from articles.faults import Faults, Table, parse, shown
from articles.inflection import LANGUAGES, beginnings, forms
from articles.text import matching_copy

SIDES = ("palestine", "kazakhstan")
STRENGTHS = ("strong", "territory", "person", "weak")
ACTS = ("deeds", "stances", "meets", "talks")
"""What one side may do to the other, the most telling first."""
FRAMES = ("countries", "israel", "third", "factions", "accords", "gatherings")
"""Who and what else a text may be about."""
WORDS = (
    "force",
    "sport",
    "offices",
    "bodies",
    "people",
    "capitals",
    "background",
    "past",
    "digest",
    "sections",
    "traps",
)
"""What else tells how a sentence is meant."""
SIGNS = (*ACTS, *FRAMES, *WORDS)

WEIGHTS = {"bond": 4.0, "near": 3.0, "mention": 2.0, "aside": 1.0, "lead": 4.0, "woven": 3.0, "weak": 1.0, "late": 2.0}
"""What topic.toml may set under [weights], and what holds where it does not."""
THRESHOLDS = {"look": 3.0, "accept": 4.0, "sure": 6.0, "lead_words": 80.0, "list": 4.0, "many_countries": 4.0}

HAN = "\u3400-\u9fff"
"""Letters of Chinese, which parts its words by nothing: each is a word of its own here."""
WORD = re.compile(f"[{HAN}]|[^\\W_{HAN}]+")
_SPELT_WORD = re.compile(f"([{HAN}]|[^\\W_{HAN}]+)(\\*|-(?!\\w))?")
_SPELLING = re.compile(f"\\^?{_SPELT_WORD.pattern}(?:[ '\".·׳״-]*{_SPELT_WORD.pattern})*")
_MARK = re.compile(r"^\^|\*|-(?!\w)")
_STEM = 2  # letters that a stem has at least
_KEY = 4  # letters of a beginning by which it is looked up

_SIGNED = "ÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖÙÚÛÜÝàáâãäåçèéêëìíîïñòóôõöùúûüýÿĞğİıŞşŃńǴǵŪūĀāĪī"
_PLAIN = "AAAAAACEEEEIIIINOOOOOUUUUYaaaaaaceeeeiiiinooooouuuuyyGgIiSsNnGgUuAaIi"
_PLAIN_LATIN = str.maketrans(_SIGNED, _PLAIN)
_HAS_SIGNED = re.compile(f"[{_SIGNED}]")
_HIGH_HAMZA = re.compile("\u0674(?=\\w)")  # Kazakh in Arabic letters: it only softens the word that it stands before


@dataclass(frozen=True, slots=True)
class Cue:
    """One thing that a text may name. `role`: a side, one of `SIGNS`, or what an `Elsewhere` looks for."""

    name: str
    role: str
    strength: str = "strong"
    language: str = ""


@dataclass(frozen=True, slots=True)
class Pattern:
    """One word of a spelling: all its forms, or how it begins; its own letters where a capital is asked for."""

    forms: frozenset[str]
    stems: tuple[str, ...] = ()
    capital: str = ""

    def fits(self, folded: str) -> bool:
        """Is this one of the forms, or does it begin with one of the stems?"""
        return folded in self.forms or folded.startswith(self.stems)

    def meets(self, words: frozenset[str]) -> bool:
        """Does it fit one of these words?"""
        return not self.forms.isdisjoint(words) or any(word.startswith(self.stems) for word in words if self.stems)


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way of writing a cue."""

    cue: Cue
    words: tuple[Pattern, ...]
    inside: bool
    """Never as the first word of a sentence."""
    local: bool
    """Only in texts of its language: a weak cue, one told from another word by its capital, or a sign."""
    written: str
    """As topic.toml spells it, without the marks."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Words of a side that mean another place where their sentence has a cue of `role`: Astana with Syria."""

    side: str
    words: frozenset[str]
    role: str


@dataclass(frozen=True, slots=True)
class Index:
    """Spellings by the forms of their first word, or by its beginning."""

    whole: Mapping[str, Sequence[Spelling]]
    begun: Mapping[str, Sequence[Spelling]]
    lengths: tuple[int, ...]
    """The lengths of the keys of `begun`: the first letters of a beginning, all of a short one."""

    def known(self, words: frozenset[str]) -> Iterator[str]:
        """Those of the folded words with which a spelling may begin."""
        begun = tuple(self.begun)
        return (word for word in words if word in self.whole or word.startswith(begun))

    def of(self, word: str) -> list[Spelling]:
        """The spellings that may begin with a folded word."""
        found = [*self.whole.get(word, ())]
        for length in self.lengths:
            begun = self.begun.get(word[:length])
            if begun and length <= len(word):
                found += [spelling for spelling in begun if word.startswith(spelling.words[0].stems)]
        return found


@dataclass(frozen=True, slots=True)
class Topic:
    """What counts: all spellings, those of the two sides alone, and the weight of what is found."""

    cues: Index
    sides: Index
    elsewhere: tuple[Elsewhere, ...]
    weights: Mapping[str, float]
    languages: frozenset[str]
    strong: Mapping[tuple[str, str], Sequence[Sequence[str]]]
    """For each side and language, the spellings of its strong cues as they are written, cue by cue."""


def load(text: str, *, file: str) -> Topic:
    """The topic that a topic.toml describes. Raises `Faults`, with all of them at once, told as of `file`."""
    top = parse(text, file=file)
    top.only([*SIDES, "signs", "elsewhere", "weights", "thresholds"])
    spellings = [*_tables(top, "signs", SIGNS)]
    for side in SIDES:
        named = [*_tables(top, side, STRENGTHS)]
        if not any(spelling.cue.strength == "strong" for spelling in named) and not top.faults:
            top.fault(side, "no strong cue in any language", f'write [{side}.en] and strong = ["…"]')
        spellings += named
    elsewhere = []
    for position, values in enumerate(top.tables("elsewhere"), 1):
        rule, contexts = _elsewhere(Table(values, f"{top.place}: elsewhere #{position}", top.faults), position)
        elsewhere.append(rule)
        spellings += contexts
    weights = _numbers(top, "weights", WEIGHTS) | _numbers(top, "thresholds", THRESHOLDS)
    if top.faults:
        raise Faults(top.faults)
    return Topic(
        cues=_index(spellings),
        sides=_index(one for one in spellings if one.cue.role in SIDES),
        elsewhere=tuple(elsewhere),
        weights=weights,
        languages=frozenset(one.cue.language for one in spellings),
        strong=_strong(spellings),
    )


def fold(copy: str) -> str:
    """A matching copy as cues compare it: small letters, without accents; as many words as it had."""
    plain = copy.translate(_PLAIN_LATIN) if _HAS_SIGNED.search(copy) else copy
    return (_HIGH_HAMZA.sub("", plain) if "\u0674" in plain else plain).lower()


def _strong(spellings: Iterable[Spelling]) -> dict[tuple[str, str], list[list[str]]]:
    cues: dict[Cue, list[str]] = {}
    for spelling in spellings:
        if spelling.cue.role in SIDES and spelling.cue.strength == "strong":
            cues.setdefault(spelling.cue, []).append(spelling.written)
    found: dict[tuple[str, str], list[list[str]]] = {}
    for cue, ways in cues.items():
        found.setdefault((cue.role, cue.language), []).append(ways)
    return found


def _index(spellings: Iterable[Spelling]) -> Index:
    whole: dict[str, list[Spelling]] = {}
    begun: dict[str, list[Spelling]] = {}
    for spelling in spellings:
        for key in spelling.words[0].forms:
            whole.setdefault(key, []).append(spelling)
        for key in {stem[:_KEY] for stem in spelling.words[0].stems}:
            begun.setdefault(key, []).append(spelling)
    return Index(whole, begun, tuple(sorted({len(key) for key in begun})))


def _tables(top: Table, key: str, lists: tuple[str, ...]) -> Iterator[Spelling]:
    """The spellings under `key`, by language and list: a side's by their strength, the signs by their role."""
    tables = top.table(key, f"{top.place}: {key}")
    tables.only(LANGUAGES)
    for language in LANGUAGES:
        if language in tables.values:
            table = tables.table(language, f"{top.place}: {key}.{language}")
            table.only(lists)
            for name in lists:
                side = key in SIDES
                cue = Cue("", key if side else name, name if side else "strong", language)
                yield from _spellings(table, name, cue)


def _elsewhere(table: Table, position: int) -> tuple[Elsewhere, list[Spelling]]:
    table.only(["side", "language", "words", "with"])
    side, language = table.text("side") or "", table.text("language") or ""
    for key, value, known in (("side", side, SIDES), ("language", language, LANGUAGES)):
        if value not in known and isinstance(table.values.get(key, ""), str):
            table.fault(key, f"{shown(value)} is not known", f"write one of {', '.join(known)}")
    role = f"elsewhere {position}"
    words = [*_spellings(table, "words", Cue("", side, language=language))]
    contexts = [*_spellings(table, "with", Cue("", role, language=language))]
    for key, some in (("words", words), ("with", contexts)):
        if not some:
            table.fault(key, "no word", f'write {key} = ["…"]')
    return Elsewhere(side, frozenset[str]().union(*(word.words[0].forms for word in words)), role), contexts


def _spellings(table: Table, key: str, like: Cue) -> Iterator[Spelling]:
    """The spellings of all cues in a list, each like `like` but for its name."""
    for cue in table.texts(key):
        ways = [way.strip() for way in matching_copy(cue).split("|")]
        for way in ways:
            if not _SPELLING.fullmatch(way):
                table.fault(key, f"{shown(cue)} is no cue", 'write words, like "Palestin* | State of Palestine"')
                continue
            yield _spelling(Cue(ways[0], like.role, like.strength, like.language), way)


def _spelling(cue: Cue, way: str) -> Spelling:
    words = tuple(_pattern(word, mark, cue.language) for word, mark in _SPELT_WORD.findall(way))
    inside = way.startswith("^")
    asks = inside or any(word.capital for word in words if not word.capital.isupper())
    local = cue.strength == "weak" or (asks and cue.role in SIDES) or (cue.role in SIGNS and cue.role != "traps")
    return Spelling(cue, words, inside, local, _MARK.sub("", way))


def _pattern(word: str, mark: str, language: str) -> Pattern:
    """`мир*` takes the endings of its language, `поддерж-` anything at all."""
    folded = fold(word)
    capital = "" if word == word.lower() else word
    if mark == "-" and len(folded) >= _STEM:
        return Pattern(frozenset(), beginnings(folded, language), capital)
    return Pattern(forms(folded, language, endings=bool(mark)), (), capital)


def _numbers(top: Table, key: str, defaults: Mapping[str, float]) -> dict[str, float]:
    table = top.table(key, f"{top.place}: {key}")
    table.only(defaults)
    return {name: table.number(name, value, 0, 1000) for name, value in defaults.items()}
