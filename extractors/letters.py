"""How far letters look like prose: the test that every guess about a charset has to pass."""

from __future__ import annotations

import re

CONVINCING = 0.25
"""Below this score a decoding has shown nothing."""

# Words of three letters and more, and the letters that make up most of any prose of their script: a wrong
# decoding of one script as the other, or with its capitals swapped, has the words without these letters.
_WORDS = re.compile("[\u0400-\u04ff]{3,}|[\u0620-\u06d3]{3,}")
_COMMON = frozenset("оеаинтсрвлыдіңқ" + "اليمونرتبةعه")

_MAC_YA = re.compile("[а-я]Я")
"""What a small я of a Macintosh is shown as by Windows: all that tells the two apart in a running text."""


def score(text: str) -> float:
    """How far a text has words of Arabic or Cyrillic prose: common letters in words, per non-ASCII sign."""
    foreign = sum(1 for sign in text if sign > "\x7f")
    words = (word for word in _WORDS.findall(text) if not _MAC_YA.search(word))
    common = sum(1 for word in words for letter in word if letter in _COMMON)
    return common / foreign if foreign else 0.0
