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

_LATIN_SHARE = 0.02
"""The same for Latin letters: names of neighbours show some of them in any language."""

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
    "burmese": re.compile("[\u1000-\u109f]"),
}
_ONE_LANGUAGE = {"hebrew": "he", "kana": "ja", "hangul": "ko", "han": "zh", "greek": "el", "armenian": "hy"}
_ONE_LANGUAGE |= {"georgian": "ka", "thai": "th", "burmese": "my"}

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
    "latin": (
        ("az", "əƏ"),
        ("is", "ðþÐÞ"),
        ("vi", "ơưđƠƯĐ"),
        ("pl", "łąęźŁ"),
        ("cs", "řůěŘĚ"),
        ("lv", "ļņķģ"),
        ("lt", "ėųį"),
        ("ro", "ăţțșĂȚȘ"),
        ("hu", "őű"),
        ("tr", "ığİşŞ"),
    ),
}
# The commonest words of each language. Neighbours share many; what counts is who has more of them.
_COMMON = {
    "en": "the of and to is that was for with by from in a on it as at his",
    "tr": "ve bir bu da de için ile olarak olan daha gibi kadar sonra",
    "fr": "le la les des et est une un du de dans pour qui sur au en que il à",
    "de": "der die und das den von zu mit ist nicht ein in auf im für dem eine",
    "es": "el la los las y por con del más fue su de en que un una se no al",
    "it": "il la di che per della è gli sono nel alla si dei anche e un una in le con non",
    "pt": "o a os do em um uma não foi ao pela da no às dos e de que se com para na por",
    "nl": "het een de en van in op te dat is voor niet zijn aan ook wordt bij",
    "sv": "och att är från inte till på av som ett i en det den för med har de sig var",
    "no": "og å av etter ikke fra er det på som i en et for med har de seg til at var den",
    "da": "og af efter ikke fra er det på som blev i en et for med har de sig til at var den",
    "id": "yang dan di ke dengan untuk pada ini itu dari tidak adalah",
    "uz": "va bilan uchun ham bu bo‘lgan haqida",
}
_SPEAKERS = {
    word: tuple(language for language, words in _COMMON.items() if word in words.split())
    for word in " ".join(_COMMON.values()).split()
}
_COMMON_SHARE = 0.1
"""Share of a language's common words among all words that settles it (English prose shows 0.25 to 0.35)."""
_COMMON_LEAD = 1.3
"""How many times as many as of any other language."""
_DEFAULT = {"arabic": "ar", "cyrillic": "ru", "latin": "en"}
_NOT_LATIN = frozenset({"ar", "fa", "ur", "ug", "ru", "kk", "ky", "uk", "be", "bg", "tg", "mn", "he", "zh", "ja", "ko"})
"""Languages that a text in Latin letters is not in, whatever its page says."""
_CODES = {
    "kz": "kk",
    "nb": "no",
    "nn": "no",
    "kaz": "kk",
    "iw": "he",
    "in": "id",
    "ara": "ar",
    "rus": "ru",
    "eng": "en",
    "tur": "tr",
}
_RUSSIAN_ONLY = re.compile("[ыэЫЭ]")


def detect(text: str, hint: str | None = None) -> str:
    """The language of a text (ISO 639-1). The text outranks the hint unless it is too short to tell.

    `hint` may be a tag of any case with a region (`ar-PS`). Without letters and without a hint it is `en`.
    """
    hinted = normal(hint)
    return _settled(text[:_SAMPLE], hinted) or _by_model(text, hinted)


def likely(text: str, hint: str | None = None) -> str | None:
    """`detect` of labels and headlines, which no model is worth being asked about.

    The hint, where letters and common words settle nothing; None without one.
    """
    hinted = normal(hint)
    return _settled(text[:_SAMPLE], hinted) or hinted


def _settled(sample: str, hinted: str | None) -> str | None:
    """The language as far as letters and common words tell it."""
    counts = {name: len(letters.findall(sample)) for name, letters in _SCRIPTS.items()}
    script = max(counts, key=lambda name: counts[name])
    if counts[script] == 0 or (hinted and sum(counts.values()) < _ENOUGH_LETTERS):
        return hinted or "en"
    if counts["kana"]:
        return "ja"
    if script in _ONE_LANGUAGE:
        return _ONE_LANGUAGE[script]
    if script == "latin":
        return _by_words(sample, hinted) or _by_own_letters(sample, counts[script])
    return _by_letters(sample, script, counts[script])


def normal(tag: str | None) -> str | None:
    """A language tag as ISO 639-1 (`ar-PS` -> `ar`, `kz` -> `kk`), or None where it is none."""
    code = re.split(r"[-_;, ]", (tag or "").strip().lower())[0]
    code = _CODES.get(code, code)
    return code if re.fullmatch("[a-z]{2}", code) else None


def _by_letters(sample: str, script: str, total: int) -> str | None:
    found = {
        language: sum(sample.count(letter) for letter in letters) / total for language, letters in _TELLING[script]
    }
    if script == "cyrillic" and found["ky"] > _FOREIGN_SHARE and found["kk"] <= _FOREIGN_SHARE:
        return "ky"
    for language, share in found.items():
        if share > _FOREIGN_SHARE:
            return language
    if script == "cyrillic" and not _RUSSIAN_ONLY.search(sample) and total > 10 * _ENOUGH_LETTERS:
        return None
    return _DEFAULT[script]


def _by_own_letters(sample: str, total: int) -> str | None:
    """The Latin language whose own letters are there; None where those of none are."""
    shares = {own: sum(map(sample.count, letters)) / total for own, letters in _TELLING["latin"]}
    best = max(shares, key=lambda own: shares[own])
    return best if shares[best] > _LATIN_SHARE else None


def _by_words(sample: str, hinted: str | None) -> str | None:
    """The language whose common words are many, and more than any other's; else the one hinted at, if it may be."""
    words = sample.lower().split()
    counts = Counter(speaker for word in words for speaker in _SPEAKERS.get(word, ()))
    most = max(counts.values(), default=0)
    near = [language for language, count in counts.items() if _COMMON_LEAD * count > most]
    if len(near) == 1 and most >= _COMMON_SHARE * len(words):
        return near[0]
    return hinted if hinted in near else None


def _by_model(text: str, hinted: str | None) -> str:
    if hinted and hinted not in _COMMON and hinted not in _NOT_LATIN:
        return hinted
    if sum(map(str.isalpha, text[:_SAMPLE])) < _ENOUGH_LETTERS:
        return hinted or "en"
    import py3langid  # half a second and 75 MB: only for what letters and common words cannot settle

    return str(py3langid.classify(text[:_MODEL_SAMPLE])[0])
