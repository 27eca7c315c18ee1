"""What one line of text tells about itself: is it a headline, an image's name, the same as another?"""

from __future__ import annotations

import html
import re

from articles.text import matching_copy, one_line, words

_HEADLINE_WORDS = 30
_NAME_CHARS = 200
_SPELLING = 10
"""How many characters two spellings of one line may differ by beyond twice its length: marks and signs."""
_FULL_STOPS = tuple(".!?…؟۔。")
_STOPS = (*_FULL_STOPS, *":؛;,،")
_CLOSING = "\"'»”’)]› "

_ENTITY = re.compile(r"&(?:#\d{1,6}|#[xX][0-9a-fA-F]{1,5}|[a-zA-Z][a-zA-Z0-9]{1,20});")
_INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b\u2060-\u2064\u206a-\u206f\ue000-\uf8ff\ufeff]")
"""Soft hyphens, zero-width spaces, and the private signs that fonts of icons use; ZWNJ and ZWJ are letters' own."""
_IMAGE = re.compile(
    r"^(?:\S+[ \t]+){0,5}\S*\.(?:jpe?g|png|webp|gif|bmp|tiff?|avif|heic|svg|mp4|mov|webm)(?:\s*\(\d+\))?$",
    re.I,
)
_INITIALS = re.compile(r"^\W*[^\W\d_]{1,2}\s?[./]\s?[^\W\d_]{1,2}(?:\s?[./]\s?[^\W\d_]{1,2})?\W*$")
_AGENCY = re.compile(r"^(?:-{2,}|[–—])\s*\(\s*[^()]{2,20}\s*\)$")
_NOT_LETTERS = re.compile(r"[\W_]+")


def fold(line: str) -> str:
    """A line's words alone, in folded letters and without capitals: for comparing with a table of phrases."""
    folded = matching_copy(line).casefold().replace("\u0307", "")  # what is left of a small Turkish İ
    return " ".join(_NOT_LETTERS.split(folded)).strip()


def same_line(one: str, other: str) -> bool:
    """Do two lines say the same, spelling of letters, capitals and signs aside? Lines without words never do."""
    if 2 * min(len(one), len(other)) + _SPELLING < max(len(one), len(other)):
        return False
    return fold(one) == fold(other) != ""


def is_headline(line: str) -> bool:
    """Short and without a stop at its end: a headline, a caption or a label, as far as one line can tell."""
    return 0 < words(line) <= _HEADLINE_WORDS and not line.rstrip(_CLOSING).endswith(_STOPS)


def is_closed(line: str) -> bool:
    """Does a line end as a sentence does?"""
    return line.rstrip(_CLOSING).endswith(_FULL_STOPS)


def is_image_name(line: str) -> bool:
    """Is the whole line the name of an image or video file (`IMG-1.jpg`, `لقاء السفير.png`)?"""
    return len(line) <= _NAME_CHARS and bool(_IMAGE.match(line))


def is_sign_off(line: str) -> bool:
    """Is the whole line a desk's mark below its text: editors' initials, or an agency's name in brackets?"""
    return bool(_INITIALS.match(line) or _AGENCY.match(line))


def unescaped(text: str) -> str:
    """Entities that survived the first decoding, decoded: `&amp;quot;` is read twice, plain text stays as it is."""
    for _ in range(2):
        if not _ENTITY.search(text):
            break
        text = html.unescape(text)
    return text


def as_read(text: str) -> str:
    """A line as its reader sees it: entities decoded, invisible signs gone, one space between words."""
    return one_line(_INVISIBLE.sub("", unescaped(text)))
