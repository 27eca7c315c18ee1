"""When a text is a near copy of another one: not how much they share decides, but what differs.

Two releases of one ministry about different events share more words than many a reprint does with its original. So
the texts are aligned, and what stands in one in place of something else is looked at: another number, date, name,
vote or country makes it another event, whatever the share, and so does any word that no desk writes for the other; a
dateline, an attribution, a spelling, a listed synonym, a passage cut or added does not. Not every synonym is listed:
a near copy missed is one document more, a false merge is one lost.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from articles.alignment import Alignment, align
from articles.differences import between
from articles.pieces import LONGEST
from articles.reading import read
from articles.sameness import SHORT
from articles.text import matching_copy, words

Numbers = NDArray[np.uint64]

BANDS, ROWS = 32, 4
"""Of one text; a band is what the minima of `ROWS` hashes come to. Two texts that share a part s of their shingles
share a part s^4 of their bands."""
LEAD = 30
"""Runs of words from a text's first on that are its lead."""
LEAD_BANDS = 8
"""Bands of the lead alone: by these a stub, and a text with much added, is found beside its original."""

RUN = 3
"""Words of a shingle."""

_WORD = re.compile(r"[^\W_]+")
_HALF = np.uint64(32)


def _mixed(numbers: Numbers) -> Numbers:
    """Every bit of a number made to depend on all others: the finaliser of splitmix64 (Steele and others, 2014)."""
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return numbers ^ (numbers >> np.uint64(31))


def _constants(first: int, count: int) -> Numbers:
    """Odd numbers without a pattern, the same everywhere: the outputs of splitmix64 from a place on."""
    return _mixed(np.arange(first, first + count, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)) | np.uint64(1)


# A change of these makes every stored band another one.
_FACTORS = _constants(1, BANDS * ROWS)[:, None]
_PLACES = _constants(1_000, ROWS)
_SALTS = _constants(2_000, BANDS)

LEAST_SOLID = 0.2
"""Share of the shorter text's words below which the rest need not be looked at: word by word the same, in runs."""
LEAST_OVERLAP = 0.5
"""Share of the shorter text's words that the other must have."""
MOST_BEFORE = 25
"""Words of whole sentences that one text may have before the other begins: more is newer news before older."""
MOST_REPLACED = 0.04
"""Share of words, weighed, that may stand in for others; near copies of the tuning half come to 0.019 at most."""
MOST_EXCHANGED = 0.2
"""Share of the shorter text that may be whole sentences in place of which the other has different ones."""


@dataclass(frozen=True, slots=True)
class Telling:
    """A title and a text, as they are compared."""

    title: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Likeness:
    """What a comparison came to. Shares are 0 to 1; the reasons are plain sentences, the weightiest first."""

    near: bool
    overlap: float
    """Of the shorter text's words, those that the other has too."""
    replaced: float
    """Of the words that both have a place for, those that are others."""
    reasons: tuple[str, ...]


def compare(a: Telling, b: Telling) -> Likeness:
    """Is one text a near copy of the other? The order of the two does not matter to the verdict."""
    return against(b)(a)


def against(telling: Telling) -> Callable[[Telling], Likeness]:
    """`compare` with one text that is read once and held against many."""
    line_b, words_b = read(telling.text)

    def likeness(a: Telling) -> Likeness:
        line_a, words_a = read(a.text)
        laid = align(words_a, words_b)
        shorter = min(len(words_a), len(words_b))
        if not shorter or laid.same < LEAST_SOLID * shorter:
            return Likeness(False, laid.same / max(1, shorter), 1.0, ("Hardly a sentence stands in both.",))
        found = between(laid.regions, (words_a, words_b), (line_a, line_b))
        same = laid.same + found.same
        overlap = min(1.0, same / shorter)
        replaced = found.replaced / (same + found.replaced)
        against = (*found.vetoes, *_shortcomings(laid, shorter, overlap, replaced), *_titles(a, telling))
        return Likeness(not against, overlap, replaced, against or _kinship(laid, replaced))

    return likeness


def _shortcomings(laid: Alignment, shorter: int, overlap: float, replaced: float) -> list[str]:
    """What the texts have too little of in common."""
    found = []
    if overlap < LEAST_OVERLAP:
        found.append(f"{overlap:.2f} of the shorter text stands in the other.")
    if all(laid.heads) or max(laid.heads) > MOST_BEFORE:
        found.append("They begin with different sentences.")
    if replaced > MOST_REPLACED:
        found.append(f"{replaced:.2f} of the words replaced.")
    exchanged = min(len(laid.cut), len(laid.added))
    if exchanged > MOST_EXCHANGED * shorter:
        found.append(f"Whole sentences stand for others: {exchanged} words.")
    return found


def _titles(a: Telling, b: Telling) -> list[str]:
    """Short texts say little by themselves: their titles must say the same."""
    if min(words(a.text), words(b.text)) >= SHORT:
        return []
    if matching_copy(a.title or "").casefold() == matching_copy(b.title or "").casefold():
        return []
    return ["A short text under another title."]


def _kinship(laid: Alignment, replaced: float) -> tuple[str, ...]:
    """What a near copy differs by."""
    told = [f"{replaced:.2f} of the words replaced."] if replaced else []
    if laid.cut:
        told.append(f"{len(laid.cut)} words cut.")
    if laid.added:
        told.append(f"{len(laid.added)} words added.")
    return tuple(told) or ("The same words.",)


def _minima(factors: Numbers, runs: Numbers) -> Numbers:
    """The smallest hash of the runs under each factor: multiply and shift (Dietzfelbinger and others, 1997)."""
    minima: Numbers = ((factors * runs[None, :]) >> _HALF).min(axis=1)
    return minima


def sketch(text: str) -> tuple[int, ...]:
    """The keys of a text's 32 bands (signed, 64 bits): near copies share one at least, nearly always.

    128 minima over the hashes of all runs of three words of the matching copy, in small letters; four minima make
    a band. They are the same on every machine. A text without words has none, one of fewer than three words a
    single run.
    """
    found = _WORD.findall(matching_copy(text).casefold())[:LONGEST]
    hashes = np.array([zlib.crc32(word.encode()) for word in found], dtype=np.uint64)
    if not len(hashes):
        return ()
    run = min(len(hashes), RUN)
    ends = len(hashes) - run + 1
    runs = _mixed(np.sum([hashes[place : place + ends] * _PLACES[place] for place in range(run)], axis=0))
    lead = runs[:LEAD]
    whole = ROWS * (BANDS - LEAD_BANDS)
    minima = np.concatenate((_minima(_FACTORS[:whole], runs), _minima(_FACTORS[whole:], lead)))
    bands = (minima.reshape(BANDS, ROWS) * _PLACES).sum(axis=1, dtype=np.uint64) + _SALTS
    return tuple(_mixed(bands).view(np.int64).tolist())
