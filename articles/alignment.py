"""Two texts laid side by side: what both have, what stands in one in place of what, what only one has.

The alignment is by words. What is exchanged inside a sentence is a region; whole sentences that only one text has are
held against each other once more, so that a passage which has moved is found again at its new place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile

from rapidfuzz.distance import LCSseq

from articles.reading import Token

_SOLID = 3
"""Equal words in a row; fewer of them between differences are chance ("of the") and say nothing of the place."""
_MOVED = 4
"""The same for passages that have moved."""
_LONG = 12
"""Words of a gap from which on whole sentences are told apart from what is exchanged inside one."""

Tokens = tuple[Token, ...]


@dataclass(frozen=True, slots=True)
class Region:
    """What stands in one text where the other has something else; one side may be empty."""

    one: Tokens
    other: Tokens


@dataclass(frozen=True, slots=True)
class Alignment:
    """Two texts side by side. `same` counts the words that both have in the same order."""

    same: int
    heads: tuple[int, int]
    """Words of the whole sentences that either text begins with and the other one lacks."""
    regions: tuple[Region, ...]
    cut: Tokens
    """Whole sentences that only the one has."""
    added: Tokens
    """Whole sentences that only the other has."""


@dataclass(frozen=True, slots=True)
class _Block:
    """A run of equal words, or a gap between two: places from and to in either text."""

    one: slice
    other: slice


def align(one: Sequence[Token], other: Sequence[Token]) -> Alignment:
    """The alignment of two texts. Its time is the product of their lengths, 64 words at a step."""
    one, other = tuple(one), tuple(other)
    first = _side_by_side(one, other, solid=_SOLID, long=_LONG)
    moved = _side_by_side(first.cut, first.added, solid=_MOVED, long=0)
    return Alignment(
        same=first.same + moved.same,
        heads=(_head(one, moved.cut), _head(other, moved.added)),
        regions=(*first.regions, *moved.regions),
        cut=moved.cut,
        added=moved.added,
    )


@dataclass(frozen=True, slots=True)
class _Sides:
    same: int
    regions: tuple[Region, ...]
    cut: Tokens
    added: Tokens


def _side_by_side(one: Tokens, other: Tokens, *, solid: int, long: int) -> _Sides:
    blocks = _blocks(one, other, solid)
    regions: list[Region] = []
    cut: list[Token] = []
    added: list[Token] = []
    for gap in _gaps(blocks, len(one), len(other)):
        here, there = one[gap.one], other[gap.other]
        if max(len(here), len(there)) >= long:
            here, whole_here = _parted(here, one[gap.one.stop : gap.one.stop + 1])
            there, whole_there = _parted(there, other[gap.other.stop : gap.other.stop + 1])
            cut += whole_here
            added += whole_there
        if here or there:
            regions.append(Region(here, there))
    same = sum(block.one.stop - block.one.start for block in blocks)
    return _Sides(same, tuple(regions), tuple(cut), tuple(added))


def _blocks(one: Tokens, other: Tokens, solid: int) -> list[_Block]:
    steps = LCSseq.opcodes([token.key for token in one], [token.key for token in other])
    return [
        _Block(slice(step.src_start, step.src_end), slice(step.dest_start, step.dest_end))
        for step in steps
        if step.tag == "equal" and step.src_end - step.src_start >= solid
    ]


def _gaps(blocks: Sequence[_Block], one: int, other: int) -> Iterator[_Block]:
    edges = (_Block(slice(0, 0), slice(0, 0)), *blocks, _Block(slice(one, one), slice(other, other)))
    for before, after in pairwise(edges):
        gap = _Block(slice(before.one.stop, after.one.start), slice(before.other.stop, after.other.start))
        if gap.one.start < gap.one.stop or gap.other.start < gap.other.stop:
            yield gap


def _parted(words: Tokens, behind: Tokens) -> tuple[Tokens, Tokens]:
    """The parts of a sentence at both ends of a gap, and the whole sentences between them."""
    starts = [place for place, token in enumerate(words) if token.starts]
    if not starts:
        return words, ()
    first, last = starts[0], starts[-1]
    if not behind or behind[0].starts:
        last = len(words)
    return words[:first] + words[last:], words[first:last]


def _head(text: Tokens, lacking: Tokens) -> int:
    """How many words from the first on are lacking."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] is pair[1], zip(text, lacking, strict=False)))
