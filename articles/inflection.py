"""All forms of a word: what its language writes together before it, and the endings that it takes after it.

Words come in folded (small letters, no accents, no vowel marks) and so do the forms. The rules make more forms than
a grammar would: a form too many costs nothing, a missing one costs a hit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product

LANGUAGES = ("ar", "en", "fa", "fr", "he", "kk", "ru", "tr", "zh")
"""Those that there are rules for (ISO 639-1)."""

# Arabic: conjunctions and prepositions stand before a word, and after a country's name the nisba, declined.
_AND = ("", "و", "ف")
_AR_BEFORE = ("", "ب", "ل", "ك", "ال", "بال", "كال", "لل")
_AR_AFTER = ("ي", "يه", "يا", "يون", "يين", "يان", "يتان", "يتين", "يات", "يو", "يي", "يتنا")
_AR_ARTICLE = len("ال")

_HE_BEFORE = ("", *"בלהמשכ", "מה", "שה", "שב", "של", "שמ", "כש", "כשה", "לכש")
_HE_FINAL = str.maketrans("ךםןףץ", "כמנפצ")  # a letter's shape at the end of a word, and within
_HE_AFTER = ("י", "ית", "ים", "יים", "יות", "ה", "את")

# Persian: relation, plurals with and without the ezafe; the joiner that parts them is gone from the matching copy.
_FA_AFTER = ("ي", "يها", "ها", "هاي", "يهاي", "يان", "ان", "يي")

# French agreement, with the doubled n of -ien, -ienne.
_FR_AFTER = ("s", "e", "es", "ne", "nes")

# Russian cases of nouns in -, -а, -я, -ь, -ия, of -ец and -ка, and of adjectives; о joins казахстанско-палестинский.
_RU_NOUN = "а у ом е ы ов ам ами ах о ой ою и ей ем я ю ь ью й ям ями ях ии ию ией ев"
_RU_PERSON = "ец ца цу цем це цы цев цам цами цах ка ки ке ку кой кам ками ках ок"
_RU_ADJECTIVE = "ый ий ого его ому ему ым им ая ую яя юю ое ее ые ие ых их ыми ими"
_RU_AFTER = tuple(f"{_RU_NOUN} {_RU_PERSON} {_RU_ADJECTIVE}".split())

# Turkish: plural or derivation, then case. A stands for a and e, I for the four high vowels, folded to i and u.
_TR_FIRST = ("", "lAr", "lI", "lIlAr", "lIk", "sI", "I", "lArI")
_TR_CASES = "I yI nI A yA nA dA tA ndA dAn tAn ndAn In nIn lA ylA ki"
_TR_CASE = ("", *_TR_CASES.split())

# Kazakh endings begin as the sound before them asks: (plural, genitive, accusative, dative, locative, ablative,
# instrumental, the derivation of people and adjectives). A and I follow the word's vowels, G and K likewise.
_KK_CASES = {
    "vowel": ("лAр", "нIң", "нI", "GA", "дA", "дAн", "мен", "лIK"),
    "nasal": ("дAр", "нIң", "дI", "GA", "дA", "нAн", "мен", "дIK"),
    "liquid": ("лAр", "дIң", "дI", "GA", "дA", "дAн", "мен", "лIK"),
    "voiced": ("дAр", "дIң", "дI", "GA", "дA", "дAн", "бен", "дIK"),
    "voiceless": ("тAр", "тIң", "тI", "KA", "тA", "тAн", "пен", "тIK"),
}
# After the possessive (-ы, -сы) the cases are their own.
_KK_POSSESSED = ("", "нIң", "н", "нA", "ндA", "нAн", "мен", "ндAGI")
_KK_BACK = str.maketrans("AIGK", "аығқ")
_KK_FRONT = str.maketrans("AIGK", "еігк")
_KK_VOWELS = "аәеиоөуүұыіэюя"
_KK_BACK_VOWELS = "аоұыуя"
_KK_EITHER = "ию"
_KK_BORROWED = "в"
# Letters of the other two scripts as Cyrillic ones, and endings written in them. Latin spells ы as y or as ı
# (folded: i); the accents of its three orthographies are gone in folding.
_KK_LATIN_SOUNDS = str.maketrans("aeioubdfghjklmnpqrstvyz", "аеиоубдфгхжклмнпқрстуыз")
_KK_ARABIC_SOUNDS = str.maketrans("اەيوۇۋبپتدرزسشعفقكگڭلمنجۆھ", "аеыоуупптдрзсшғфқкгңлмнжвх")
_KK_LATIN = (
    str.maketrans("аеыіқкғгңнлмбпдтср", "aeyiqkggnnlmbpdtsr"),
    str.maketrans("аеыіқкғгңнлмбпдтср", "aeiiqkggnnlmbpdtsr"),
)
_KK_ARABIC = str.maketrans("аеыіқкғгңнлмбпдтср", "اەييقكعگڭنلمبپدتسر")


def forms(word: str, language: str, *, endings: bool) -> frozenset[str]:
    """All forms of a folded word: with what may stand before it and, where asked for, the `endings` it takes."""
    starts = beginnings(word, language)
    after = _endings(word, language) if endings else ()
    within = [start.translate(_HE_FINAL) for start in starts] if language == "he" else starts
    return frozenset(starts) | {start + ending for start, ending in product(within, after)}


def beginnings(word: str, language: str) -> tuple[str, ...]:
    """The word with each thing that its language writes together before it."""
    if language == "ar":
        before, stem = _arabic(word)
        return tuple(map("".join, product(_AND, before, (stem,))))
    if language == "he":
        return tuple(map("".join, product(("", "ו"), _HE_BEFORE, (word,))))
    return (word,)


def _arabic(word: str) -> tuple[tuple[str, ...], str]:
    """What may stand before a word, and the word: one with the article (القدس) is never without it."""
    if word.startswith("ال") and len(word) > _AR_ARTICLE + 2:
        return _AR_BEFORE[_AR_BEFORE.index("ال") :], word[_AR_ARTICLE:]
    return _AR_BEFORE, word


def _endings(word: str, language: str) -> tuple[str, ...]:
    return _BY_LANGUAGE[language](word) if language in _BY_LANGUAGE else ()


def _kazakh(word: str) -> tuple[str, ...]:
    """Endings in the script that the word is written in."""
    if "\u0400" <= word[0] < "\u0530":
        return tuple(_kazakh_sounds(word, _harmony(word)))
    if word.isascii():  # i may be front or back there
        sounds = [*_kazakh_sounds(word.translate(_KK_LATIN_SOUNDS), "front back")]
        return tuple({ending.translate(script) for ending in sounds for script in _KK_LATIN})
    sounds = [*_kazakh_sounds(word.translate(_KK_ARABIC_SOUNDS), "front back")]
    return tuple({ending.translate(_KK_ARABIC) for ending in sounds})


def _harmony(word: str) -> str:
    """What the last vowel asks for; a borrowed name keeps to no harmony: Тоқаевтың, Хан-Юниста."""
    last = next((letter for letter in reversed(word) if letter in _KK_VOWELS), "а")
    if last in _KK_EITHER or word.endswith(_KK_BORROWED):
        return "front back"
    return "back" if last in _KK_BACK_VOWELS else "front"


def _kazakh_sounds(word: str, harmony: str) -> Iterator[str]:
    """The endings of a Cyrillic word: cases, plural, possessive and -лық, and the cases of those."""
    for name, vowels in (("back", _KK_BACK), ("front", _KK_FRONT)):
        if name in harmony:
            plural, *cases, people = (ending.translate(vowels) for ending in _KK_CASES[_sound(word)])
            owned = ("сI" if word[-1] in _KK_VOWELS else "I").translate(vowels)
            possessed = [ending.translate(vowels) for ending in _KK_POSSESSED]
            yield from cases
            yield cases[3] + "GI".translate(vowels)
            yield from (owned + ending for ending in possessed)
            for first in (plural, people, people + _plural(people, vowels)):
                yield first
                yield from (first + ending.translate(vowels) for ending in _KK_CASES[_sound(first)][1:-1])
                yield from (first + "I".translate(vowels) + ending for ending in possessed)


def _plural(word: str, vowels: dict[int, int]) -> str:
    return _KK_CASES[_sound(word)][0].translate(vowels)


def _sound(word: str) -> str:
    """What the last letter of a Cyrillic word asks of its ending."""
    last = word[-1]
    if last in "мнң":
        return "nasal"
    if last in "рйул":
        return "liquid"
    if last in "зж":
        return "voiced"
    return "vowel" if last in _KK_VOWELS else "voiceless"


def _turkish() -> tuple[str, ...]:
    """Both harmonies of every ending: folding has made one letter of ı and i, of o and ö, of u and ü."""
    whole = {first + case for first, case in product(_TR_FIRST, _TR_CASE)}
    pairs = product(whole, "ae", "iu")
    return tuple({ending.replace("A", a).replace("I", i) for ending, a, i in pairs})


_TR_AFTER = _turkish()
_BY_LANGUAGE: dict[str, Callable[[str], tuple[str, ...]]] = {
    "ar": lambda _: _AR_AFTER,
    "en": lambda _: ("s",),
    "fa": lambda _: _FA_AFTER,
    "fr": lambda _: _FR_AFTER,
    "he": lambda _: _HE_AFTER,
    "kk": _kazakh,
    "ru": lambda _: _RU_AFTER,
    "tr": lambda _: _TR_AFTER,
}
