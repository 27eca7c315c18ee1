"""Cues: the words by which a text names a side, read from topic.toml and spelt out in all their forms.

Every form of every word is made once, in `load`; finding cues is then one look-up for each word of a text,
whatever the number of cues. How a cue is written stands at the head of topic.toml.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from articles.faults import Faults, Table, parse, shown
from articles.text import matching_copy

LANGUAGES = ("ar", "en", "fa", "fr", "he", "kk", "ru", "tr")
"""Those that there are rules for (ISO 639-1)."""
SIDES = ("palestine", "kazakhstan")
STRENGTHS = ("strong", "territory", "person", "weak")
SIGNS = ("countries", "third", "gatherings", "acts", "background", "traps")

WEIGHTS = {"lead": 4.0, "sentence": 3.0, "aside": 1.0, "triangle": 3.0}
"""What topic.toml may set under [weights], and what holds where it does not."""
THRESHOLDS = {"look": 3.0, "accept": 5.0, "sure": 6.0, "lead_words": 80.0, "list": 4.0, "many_countries": 4.0}

_WORD = re.compile(r"[^\W_]+")
_SPELLING = re.compile(r"\^?[^\W_]+\*?(?:[ '.-]+[^\W_]+\*?)*")
_SPELT_WORD = re.compile(r"([^\W_]+)(\*?)")
_SIGNED = "ÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖÙÚÛÜÝàáâãäåçèéêëìíîïñòóôõöùúûüýÿĞğİıŞşŃńǴǵŪūĀāĪī"
_PLAIN = "AAAAAACEEEEIIIINOOOOOUUUUYaaaaaaceeeeiiiinooooouuuuyyGgIiSsNnGgUuAaIi"
_PLAIN_LATIN = str.maketrans(_SIGNED, _PLAIN)
_HAS_SIGNED = re.compile(f"[{_SIGNED}]")

# Arabic: what is written together before a word, and what follows a country's name (the nisba, declined).
_AND = ("", "و", "ف")
_AR_BEFORE = ("", "ب", "ل", "ك", "ال", "بال", "كال", "لل")
_AR_AFTER = ("", "ي", "يه", "يا", "يون", "يين", "يان", "يتان", "يتين", "يات", "يو")
_HE_BEFORE = ("", "ב", "ל", "ה", "מ", "ש", "כ", "מה", "שה", "שב")

# Russian: cases of nouns in -, -а, -ец and -ка and of adjectives; the о that joins казахстанско-палестинский.
_RU = """
а о у е ы и я ю ой ою ей ом ем ам ами ах ов ев ый ий ым им ая ое ие ые ого его ому ему ую юю ых их ыми ими
й ь ью ец ца цу цем це цы цев цам цами цах ка ки ке ку кой кам ками ках
"""

# Kazakh: number or derivation, then case. Harmony chooses the vowels A and I and the consonants G and K.
_KK_FIRST = "лAр дAр тAр лIK дIK тIK лIKтAр дIKтAр тIKтAр I сI лAрI дAрI тAрI"
_KK_CASE = """
нIң дIң тIң GA KA нA A нI дI тI н дA тA ндA дAн тAн нAн мен бен пен дAGI тAGI ндAGI
"""
_KK_BACK = str.maketrans("AIGK", "аығқ")
_KK_FRONT = str.maketrans("AIGK", "еігк")
# In Arabic letters (a small part: the cases), and in Latin ones, where the Turkish endings are tried too.
_KK_ARABIC = "نيڭ ديڭ تيڭ عا قا دا تا دان تان نان مەن دي تي ني ديق تيق ليق"
_TURKIC_LATIN = """
a e i u ya ye yi yu da de ta te dan den tan ten nan nen la le in un nin nun li lu lik lar ler lara lere larin
lerin lari leri liler lilar lilere lilerin nyn nin ga ge qa ka ny dy ty ne na men ben pen lyq dyq tyq lyqtar
ynda inda ynan inan yna ina yn
"""
_FR = "s e es ne nes ne"
_FA = "ي يها يان ها"
_HE = "י ית ים יים יות"


@dataclass(frozen=True, slots=True)
class Cue:
    """One thing that a text may name. `role`: a side, one of `SIGNS`, or what an `Elsewhere` looks for."""

    name: str
    role: str
    strength: str = "strong"
    language: str = ""


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way of writing a cue: of each word all forms, and its own letters where a capital is asked for."""

    cue: Cue
    words: tuple[frozenset[str], ...]
    capitals: tuple[str, ...]
    inside: bool
    """Never as the first word of a sentence."""
    free: bool
    """One word, wherever and however it stands."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Words of a side that mean another place where their sentence has a cue of `role`: Astana with Syria."""

    side: str
    words: frozenset[str]
    role: str


@dataclass(frozen=True, slots=True)
class Topic:
    """What counts: the spellings by their first word, the longest first, and the weight of what is found."""

    spellings: Mapping[str, tuple[Spelling, ...]]
    elsewhere: tuple[Elsewhere, ...]
    weights: Mapping[str, float]
    languages: frozenset[str]


@dataclass(frozen=True, slots=True)
class Hit:
    """A cue found in the words from `start` to before `end`; `key` is the first of them, folded."""

    cue: Cue
    start: int
    end: int
    key: str


def load(text: str, *, file: str) -> Topic:
    """The topic that a topic.toml describes. Raises `Faults`, with all of them at once, told as of `file`."""
    top = parse(text, file=file)
    top.only([*SIDES, "signs", "elsewhere", "weights", "thresholds"])
    spellings = [*_signs(top)]
    for side in SIDES:
        named = [*_side(top, side)]
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
    languages = frozenset(spelling.cue.language for spelling in spellings)
    return Topic(_by_first_word(spellings), tuple(elsewhere), weights, languages)


def split(copy: str) -> tuple[list[str], list[str]]:
    """The words of a matching copy, as it has them and, one for one, folded as cues compare them."""
    folded = _fold(copy)
    words = _WORD.findall(copy)
    return words, words if folded == copy else _WORD.findall(folded)


def find(topic: Topic, words: Sequence[str], folded: Sequence[str], language: str) -> Iterator[Hit]:
    """The cues of one sentence, given its words as `split` gives them; of cues that overlap, the longest.

    Weak cues hold in texts of their own language alone, or in all where no cues have the text's language.
    """
    at = 0
    while at < len(folded):
        longest = 0
        for spelling in topic.spellings.get(folded[at], ()):
            if len(spelling.words) < longest:
                break
            stands = spelling.free or _stands(spelling, at, words, folded)
            if stands and _counts(spelling.cue, language, topic):
                longest = len(spelling.words)
                yield Hit(spelling.cue, at, at + longest, folded[at])
        at += longest or 1


def _counts(cue: Cue, language: str, topic: Topic) -> bool:
    return cue.strength != "weak" or cue.language == language or language not in topic.languages


def _stands(spelling: Spelling, at: int, words: Sequence[str], folded: Sequence[str]) -> bool:
    if at + len(spelling.words) > len(folded) or (spelling.inside and at == 0):
        return False
    if any(folded[n] not in forms for n, forms in enumerate(spelling.words[1:], at + 1)):
        return False
    return all(_capital(words[n], like) for n, like in enumerate(spelling.capitals, at) if like)


def _capital(word: str, like: str) -> bool:
    """A capital counts for little in a headline that is all capitals."""
    return word[0].isupper() and (like.isupper() or not word.isupper())


def _by_first_word(spellings: Iterable[Spelling]) -> dict[str, tuple[Spelling, ...]]:
    found: dict[str, list[Spelling]] = {}
    for spelling in sorted(spellings, key=lambda spelling: -len(spelling.words)):
        for form in spelling.words[0]:
            found.setdefault(form, []).append(spelling)
    return {form: tuple(those) for form, those in found.items()}


def _signs(top: Table) -> Iterator[Spelling]:
    for language, table in _languages(top, "signs"):
        table.only(SIGNS)
        for sign in SIGNS:
            yield from _spellings(table, sign, Cue("", role=sign, language=language))


def _side(top: Table, side: str) -> Iterator[Spelling]:
    for language, table in _languages(top, side):
        table.only(STRENGTHS)
        for strength in STRENGTHS:
            yield from _spellings(table, strength, Cue("", side, strength, language))


def _languages(top: Table, key: str) -> Iterator[tuple[str, Table]]:
    tables = top.table(key, f"{top.place}: {key}")
    tables.only(LANGUAGES)
    for language in LANGUAGES:
        if language in tables.values:
            yield language, tables.table(language, f"{top.place}: {key}.{language}")


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
    return Elsewhere(side, frozenset[str]().union(*(word.words[0] for word in words)), role), contexts


def _spellings(table: Table, key: str, like: Cue) -> Iterator[Spelling]:
    """The spellings of all cues in a list, each like `like` but for its name."""
    for cue in table.texts(key):
        ways = [matching_copy(way) for way in cue.split("|")]
        for way in ways:
            if not _SPELLING.fullmatch(way):
                table.fault(key, f"{shown(cue)} is no cue", 'write words, like "Palestin* | State of Palestine"')
                continue
            parts = _SPELT_WORD.findall(way)
            inside = way.startswith("^")
            capitals = tuple("" if word == word.lower() else word for word, _ in parts)
            yield Spelling(
                cue=Cue(ways[0], like.role, like.strength, like.language),
                words=tuple(forms(_fold(word), like.language, bool(star)) for word, star in parts),
                capitals=capitals,
                inside=inside,
                free=capitals == ("",) and not inside,
            )


def _fold(copy: str) -> str:
    return (copy.translate(_PLAIN_LATIN) if _HAS_SIGNED.search(copy) else copy).lower()


def _numbers(top: Table, key: str, defaults: Mapping[str, float]) -> dict[str, float]:
    table = top.table(key, f"{top.place}: {key}")
    table.only(defaults)
    return {name: table.number(name, value, 0, 1000) for name, value in defaults.items()}


def forms(word: str, language: str, endings: bool) -> frozenset[str]:
    """All forms of a folded word: with what is written before it and, if asked for, the `endings` it takes.

    The rules make more forms than a grammar would: a form too many costs nothing, a missing one costs a hit.
    """
    after = ("", *_endings(word, language)) if endings else ("",)
    if language == "ar":
        return frozenset(map("".join, product(_AND, *_arabic(word), after)))
    if language == "he":
        return frozenset(map("".join, product(("", "ו"), _HE_BEFORE, (word,), after)))
    return frozenset(word + ending for ending in after)


def _arabic(word: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """A word and what may stand before it: one with the article (القدس) is never without it."""
    if word.startswith("ال") and len(word) > 4:
        return _AR_BEFORE[4:], (word[2:],)
    return _AR_BEFORE, (word,)


def _endings(word: str, language: str) -> tuple[str, ...]:
    listed = {"ar": _AR_AFTER, "en": ("s",), "ru": _RU.split(), "fr": _FR.split(), "fa": _FA.split()}
    listed |= {"he": _HE.split(), "tr": _TURKIC_LATIN.split()}
    if language != "kk":
        return tuple(listed.get(language, ()))
    if word.isascii():
        return tuple(_TURKIC_LATIN.split())
    return _kazakh(word) if word[0] < "\u0530" else tuple(_KK_ARABIC.split())


def _kazakh(word: str) -> tuple[str, ...]:
    """Endings whose vowels are back or front as the word's last vowel is."""
    last = next((letter for letter in reversed(word) if letter in "аоұыуюяёеәөүіиэ"), "а")
    harmony = _KK_BACK if last in "аоұыуюяё" else _KK_FRONT
    pairs = product(("", *_KK_FIRST.split()), ("", *_KK_CASE.split()))
    return tuple((first + case).translate(harmony) for first, case in pairs)
