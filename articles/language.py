"""Which language a text is in: by its script and letters first, by a statistical model where those leave a choice."""

from __future__ import annotations

import re
from collections import Counter

_ENOUGH_LETTERS = 40
"""Below this a text is a label or a name: its source knows better than a count of letters."""
_SAMPLE = 4000
_MODEL_SAMPLE = 1000
_FOREIGN_SHARE = 0.01
"""Letters of its own that a language must show, as a share of all letters (Kazakh prose shows 15 to 20 %)."""

_SCRIPTS = {
    "arabic": re.compile("[\u0620-\u064a\u066e-\u06d3\u06fa-\u06ff]"),
    "cyrillic": re.compile("[\u0400-\u052f]"),
    "latin": re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]"),
    "hebrew": re.compile("[\u05d0-\u05ea]"),
    "kana": re.compile("[\u3040-\u30ff]"),
    "hangul": re.compile("[\uac00-\ud7af]"),
    "han": re.compile("[\u4e00-\u9fff]"),
    "greek": re.compile("[\u0370-\u03ff]"),
    "armenian": re.compile("[\u0531-\u0587]"),
    "georgian": re.compile("[\u10d0-\u10ff]"),
    "thai": re.compile("[\u0e01-\u0e4e]"),
}
_ONE_LANGUAGE = {"hebrew": "he", "kana": "ja", "hangul": "ko", "han": "zh", "greek": "el", "armenian": "hy"}
_ONE_LANGUAGE |= {"georgian": "ka", "thai": "th"}

# Letters that tell languages of one script apart, the most telling first: what one has and its neighbours lack.
_TELLING = {
    "arabic": (
        ("ug", "ېۈ"),
        ("ku", "ێڵڕ"),
        ("kk", "\u0674\u06c7\u06ad\u06cb"),
        ("ur", "ٹڈڑےں"),
        ("fa", "پچژگ"),
    ),
    "cyrillic": (
        ("kk", "қғұәҚҒҰӘ"),
        ("uk", "їєґЇЄҐ"),
        ("be", "ўЎ"),
        ("tg", "ӯҷӣ"),
        ("ky", "ңөүҢӨҮ"),
        ("sr", "ђјљњћџ"),
    ),
}
# The commonest words that each language shares with none of the others here.
_COMMON = {
    "en": "the of and to is that was for with by from",
    "tr": "ve bir bu için ile olarak olan daha gibi kadar sonra",
    "fr": "le les des et est une du dans pour qui sur",
    "de": "der die und das den von zu mit ist nicht ein",
    "es": "el los las y por con del más fue su",
    "it": "il di che per della è gli sono nel alla",
    "pt": "o os do em um uma não foi ao pela",
}
_COMMON_WORDS = {word: language for language, words in _COMMON.items() for word in words.split()}
_COMMON_SHARE = 0.1
"""Share of a language's common words among all words that settles it (English prose shows 0.25 to 0.35)."""
_COMMON_LEAD = 3
"""How many times as many as of any other language."""
_DEFAULT = {"arabic": "ar", "cyrillic": "ru", "latin": "en"}
_CODES = {"kz": "kk", "kaz": "kk", "iw": "he", "in": "id", "ara": "ar", "rus": "ru", "eng": "en", "tur": "tr"}
_RUSSIAN_ONLY = re.compile("[ыэЫЭ]")


def detect(text: str, hint: str | None = None) -> str:
    """The language of a text (ISO 639-1). The text outranks the hint unless it is too short to tell.

    `hint` may be a tag of any case with a region (`ar-PS`). Without letters and without a hint it is `en`.
    """
    sample = text[:_SAMPLE]
    counts = {name: len(letters.findall(sample)) for name, letters in _SCRIPTS.items()}
    script = max(counts, key=lambda name: counts[name])
    hinted = normal(hint)
    if counts[script] == 0 or (hinted and sum(counts.values()) < _ENOUGH_LETTERS):
        return hinted or "en"
    if counts["kana"]:
        return "ja"
    if script in _ONE_LANGUAGE:
        return _ONE_LANGUAGE[script]
    if script == "latin":
        return _by_words(sample) or _by_model(sample, hinted)
    return _by_letters(sample, script, counts[script], hinted)


def normal(tag: str | None) -> str | None:
    """A language tag as ISO 639-1 (`ar-PS` -> `ar`, `kz` -> `kk`), or None where it is none."""
    code = re.split(r"[-_;, ]", (tag or "").strip().lower())[0]
    code = _CODES.get(code, code)
    return code if re.fullmatch("[a-z]{2}", code) else None


def _by_letters(sample: str, script: str, total: int, hinted: str | None) -> str:
    found = {
        language: sum(sample.count(letter) for letter in letters) / total for language, letters in _TELLING[script]
    }
    if script == "cyrillic" and found["ky"] > _FOREIGN_SHARE and found["kk"] <= _FOREIGN_SHARE:
        return "ky"
    for language, share in found.items():
        if share > _FOREIGN_SHARE:
            return language
    if script == "cyrillic" and not _RUSSIAN_ONLY.search(sample) and total > 10 * _ENOUGH_LETTERS:
        return _by_model(sample, hinted)
    return _DEFAULT[script]


def _by_words(sample: str) -> str | None:
    """The language whose common words are many, and many times as many as any other's; None where none is."""
    words = sample.lower().split()
    counts = Counter(_COMMON_WORDS[word] for word in words if word in _COMMON_WORDS).most_common(2)
    if not counts or counts[0][1] < _COMMON_SHARE * len(words):
        return None
    second = counts[1][1] if len(counts) > 1 else 0
    return counts[0][0] if counts[0][1] >= _COMMON_LEAD * second else None


def _by_model(sample: str, hinted: str | None) -> str:
    if sum(map(str.isalpha, sample)) < _ENOUGH_LETTERS:
        return hinted or "en"
    import py3langid  # half a second and 60 MB: only for what letters and common words cannot settle

    return str(py3langid.classify(sample[:_MODEL_SAMPLE])[0])
