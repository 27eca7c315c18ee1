"""Is it the same word, in another form or spelling?"""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

REMEMBERED = 1 << 15
"""Words whose form is kept for the next text: news repeats its words."""

# Kazakh letters as Russian news writes them, and Latin ones that transliterations exchange.
_PLAIN = str.maketrans("қғңұүөәіһэщйыў", "кгнууоаихешииу")
_LATIN = (
    ("zh", "j"),
    ("dj", "j"),
    ("kh", "h"),
    ("ph", "f"),
    ("ou", "u"),
    ("oo", "u"),
    ("ee", "i"),
    ("q", "k"),
    ("y", "i"),
)
_BRITISH = (
    (re.compile(r"(?<=[bcdfghklmnpqrtvwxz])re(?=s?$)"), "er"),
    (re.compile(r"(?<=[a-z]{3})our"), "or"),
    (re.compile(r"is(?=(?:e|es|ed|er|ers|ing|ation|ations)$)"), "iz"),
    (re.compile(r"amme(?=s?$)"), "am"),
    (re.compile(r"ence(?=s?$)"), "ense"),
    (re.compile(r"ogue(?=s?$)"), "og"),
)
"""How London and New York write one word: metre, labour, recognise, programme, defence, dialogue."""
_DOUBLE = re.compile(r"(.)\1")
_BEFORE = re.compile(r"^[وف]?(?:ال|بال|كال|لل|[بلكس](?=...))?(?=..)")
_SERVANT = re.compile("^عبد *ال(?=..)")
_ARABIC = re.compile("[\u0600-\u06ff]")
_WEAK = frozenset("اويهaeiouyаеиоуяюьъjh")
"""Letters that spellings of one name differ by: vowels, and those that are written for them."""
_TWINS = tuple(map(frozenset, ("قكغجخ", "طتد", "سصز", "فب")))
"""Arabic letters that stand for one foreign sound: `توكاييف` and `توقاييف`."""

_ENDINGS = {
    "ar": re.compile(r"(?:ي?ات|ي?ون|ي?ين|ي?ان|ي?تان|ي?تين|ي?ه|ي|ا|ه[ام]|هما|هن|نا|تهم?|ته[ام]|وا|ت|)"),
    "cyrillic": re.compile(
        (
            # Russian cases and verb endings
            r"(?:[аеиоуыэюяйь]|[аеоыия][йеямхю]|ого|его|ому|ему|ыми|ими|ами|ями|ах|ях|ам|ям|ом|ем|ов|ев|ей|иях|иям|ией"
            r"|л|ла|ли|ло|лся|лась|лись|ся|сь|т|ть|"
            # Kazakh plural, possessive, case
            r"(?:[лдт][ае]р)?(?:ы|і|сы|сі|ымыз|іміз|ын|ін)?(?:н?[ыі]ң|[ндт][ыі]ң?|н?[гғ][ае]|[кқ][ае]|н?[дт][ае]н?|на|не"
            r"|н[ае]н|мен|бен|пен|н?[дт][ае][ғг][ыі])?)"
        ).translate(_PLAIN)
    ),
    "latin": re.compile(r"(?:s|es|e|ed|d|ing|n|ian|i|ly|al|)"),
}
_TENSES = (
    (re.compile("л[аои]?(?:с[яь])?"), re.compile("[еия]?т(?:ся)?")),
    (re.compile("[дт]и"), re.compile("[аеи][дт]и")),
)
"""Endings behind the stem of a verb: done, and to come, in Russian and in Kazakh as the skeleton has it."""
_KAZAKH_NOT = re.compile("[мбп][ае](?:й|д[ыі]|[гқкғ][ае]н|с|у)")
_LONG, _LONGER = 6, 8
_LONG_UNEVEN = 5
_STEM = 4


def same_word(one: str, other: str) -> bool:
    """Two folded words in small letters: forms of one stem, or spellings of one name.

    Short words are the same only by their endings: `موسى` and `عيسى`, июня and июля are one letter apart.
    """
    one, other = _skeleton(one), _skeleton(other)
    if one == other:
        return True
    return _inflected(one, other) or _respelt(one, other)


def other_tense(one: str, other: str) -> bool:
    """Is it one verb that tells here as done what it tells there as to come?"""
    one, other = _skeleton(one), _skeleton(other)
    return _to_come(one, other) or _to_come(other, one)


def denies(one: str, other: str) -> bool:
    """Does a Kazakh verb deny in the one form what it says in the other: `қолдамайды`, `қолдайды`?"""
    length = _common(one, other)
    return length >= _STEM and bool(_KAZAKH_NOT.match(one[length:])) and not _KAZAKH_NOT.match(other[length:])


def _to_come(one: str, other: str) -> bool:
    """Of `направит` and `направил`, `жібереді` and `жіберді` the one is to come when the other is done."""
    length = _common(one, other)
    for done, to_come in _TENSES:
        told = done.fullmatch(other[length:])
        if told and to_come.fullmatch(one[length:]):
            return length >= _STEM - 1
    return False


def _common(one: str, other: str) -> int:
    """How many letters two words begin with alike."""
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def onset(word: str) -> str:
    """What all forms and spellings of a word begin with, nearly always: to look for them among many."""
    return _skeleton(word)[:2]


@lru_cache(maxsize=REMEMBERED)
def _skeleton(word: str) -> str:
    if word.isascii():
        for british, plain in _BRITISH:
            word = british.sub(plain, word)
        for letters, plain in _LATIN:
            word = word.replace(letters, plain)
    elif _ARABIC.match(word):
        word = _SERVANT.sub("عبد", _BEFORE.sub("", word))
    return _DOUBLE.sub(r"\1", word.translate(_PLAIN))


def _inflected(one: str, other: str) -> bool:
    """A common stem, and an ending of the language on either side."""
    if "#" in one + other or "~" in one + other:
        return False
    length = _common(one, other)
    arabic = bool(_ARABIC.match(one))
    if length < (3 if arabic else _STEM) or length < min(len(one), len(other)) - 2:
        return False
    endings = _ENDINGS["ar" if arabic else "latin" if one.isascii() else "cyrillic"]
    return bool(endings.fullmatch(one[length:]) and endings.fullmatch(other[length:]))


def _respelt(one: str, other: str) -> bool:
    """One vowel in a word of six letters; in longer ones two, written, left out or exchanged, or any one slip."""
    shortest = min(len(one), len(other))
    plain = one.isascii() or bool(_ARABIC.match(one))
    least = _LONG_UNEVEN if plain and len(one) != len(other) else _LONG
    if shortest < least or (one[0] != other[0] and shortest < _LONGER):
        return False
    edits = Levenshtein.editops(one, other, score_hint=2).as_list()
    vowels = all(_is_weak(one, other, *edit) for edit in edits)
    if len(edits) == 1:
        return vowels or shortest >= _LONGER
    return len(edits) == 2 and vowels and shortest > _LONG


def _is_weak(one: str, other: str, kind: str, here: int, there: int) -> bool:
    gone = _WEAK if kind == "insert" else one[here]
    come = _WEAK if kind == "delete" else other[there]
    if kind == "replace" and any({one[here], other[there]} <= twins for twins in _TWINS):
        return True
    return (kind == "insert" or gone in _WEAK) and (kind == "delete" or come in _WEAK)
