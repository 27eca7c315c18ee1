"""Letters: the stored text is the publisher's, made safe; the matching copy is folded, for comparing alone.

A change of the folding changes every digest, so it takes a migration that computes them anew.
"""

from __future__ import annotations

import re
import unicodedata

# Controls but tab and newline (the text's own), and the bidi overrides, embeddings and isolates: they have no
# letter of their own and can turn a line around for its reader. ZWNJ and ZWJ stay: Persian spells with them.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_BREAKS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_SPACES = re.compile(r"[^\S\n]+")
_BLANK_RUN = re.compile(r"\n{2,}")

# Signs that carry no letter: tatweel, Arabic vowel marks, the soft hyphen, zero-width and bidi marks.
_MARKS = re.compile("[\u0640\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u00ad\u200b-\u200f\u2060\ufeff]")
_FOLD = {
    **dict.fromkeys("أإآٱ", "ا"),
    "ى": "ي", "ی": "ي", "ة": "ه", "ہ": "ه", "ۀ": "ه", "ک": "ك",
    "ё": "е", "Ё": "Е",
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **dict.fromkeys("«»„“”‟″״", '"'),
    **dict.fromkeys("‘’‚‛′ʼʻ`´", "'"),
    **{chr(base + n): str(n) for base in (0x0660, 0x06F0) for n in range(10)},
}  # fmt: skip
_CLOSING = ".,;:!?)]،؛؟…%"
_OPENING = "(["


def safe(text: str) -> str:
    """The publisher's text without characters that no article needs: controls, overrides, lone surrogates."""
    return _UNSAFE.sub("", _BREAKS.sub("\n", text))


def tidy(text: str) -> str:
    """`safe`, one space between words, one newline between paragraphs, none at the ends."""
    lines = (_SPACES.sub(" ", line).strip() for line in safe(text).split("\n"))
    return _BLANK_RUN.sub("\n", "\n".join(lines)).strip()


def one_line(text: str) -> str:
    """`tidy` on a single line: for titles, names and messages."""
    return " ".join(tidy(text).split())


def matching_copy(text: str) -> str:
    """The copy that is compared and searched, never stored as the text.

    NFKC; tatweel, harakat, zero-width and bidi marks gone; alef, ya, ta marbuta and Persian letters, ё,
    dashes, quotes and digits folded; white space (and that around punctuation) folded. Capitals stay: Газа is
    not газа. Kazakh letters stay: қ is not к.
    """
    copy = safe(text)
    if copy.isascii():
        copy = copy.replace("`", "'")  # the only sign of ASCII that is folded
    else:
        copy = _MARKS.sub("", unicodedata.normalize("NFKC", copy))
        # One search a sign is twice as fast as a table that is asked for every letter.
        for sign, plain in _FOLD.items():
            copy = copy.replace(sign, plain)
    copy = " ".join(copy.split())
    for sign in _CLOSING:
        copy = copy.replace(f" {sign}", sign)
    for sign in _OPENING:
        copy = copy.replace(f"{sign} ", sign)
    return copy


def words(text: str) -> int:
    """How many words a text has."""
    return len(text.split())
