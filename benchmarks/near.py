"""Near copies measured on the labelled set: `python -m benchmarks.near`.

By language and half: the share of near copies that the verdict and the bands both find, the share of equal texts
that are known as equal, and the pairs of different texts that are taken for one. The thresholds were fitted on the
tuning half. Pairs labelled "story" are independent reports of one event: for near copies they are different. The
pairs of `near_adverse.toml` were written against the verdict: nearly every near copy has a word in place of another,
and so have the different texts, often no more than that. There a verdict that never errs misses what no list knows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from articles.model import Article
from articles.nearness import Likeness, Telling, compare, sketch
from articles.sameness import marks
from benchmarks.pairs import Pair, Text, load

LANGUAGES = ("ar", "ru", "kk", "en")
HALVES = ("tune", "measure", "adverse")


@dataclass(frozen=True)
class Judged:
    """A pair with what was found."""

    pair: Pair
    same: bool
    likeness: Likeness
    bands: int
    """How many bands the two share."""

    @property
    def found(self) -> bool:
        return self.likeness.near and self.bands > 0


@dataclass(frozen=True)
class Figures:
    """What one language and half came to: pairs found, and pairs there are."""

    near: tuple[int, int]
    same: tuple[int, int]
    merged: tuple[int, int]
    """False merges, and different pairs there are."""
    hard: int
    """Of the different pairs, those that were written to be hard."""

    def __str__(self) -> str:
        near, same, merged = ("{} of {}".format(*counts) for counts in (self.near, self.same, self.merged))
        return f"near copies {near}, same texts {same}, false merges {merged} ({self.hard} hard)"


def figures() -> dict[tuple[str, str], Figures]:
    """The figures by language and half."""
    judged = [judge(pair) for pair in load().pairs]
    return {
        (language, half): _figures(
            each for each in judged if each.pair.a.language == language and each.pair.half == half
        )
        for language in LANGUAGES
        for half in HALVES
    }


def judge(pair: Pair) -> Judged:
    """Both ladders' rungs for one pair: equal marks, and the verdict with the bands that lead to it."""
    one, other = (frozenset(marks(_article(text)).identities) for text in (pair.a, pair.b))
    likeness = compare(Telling(pair.a.title, pair.a.text), Telling(pair.b.title, pair.b.text))
    shared = set(sketch(pair.a.text)) & set(sketch(pair.b.text))
    return Judged(pair, bool(one & other), likeness, len(shared))


def _article(text: Text) -> Article:
    return Article(url="", title=text.title, text=text.text, language=text.language)


def _figures(judged: Iterable[Judged]) -> Figures:
    judged = list(judged)
    near = [each.found for each in judged if each.pair.label == "near"]
    same = [each.same for each in judged if each.pair.label == "same"]
    different = [each for each in judged if each.pair.label in ("different", "story")]
    merged = [each.same or each.likeness.near for each in different]
    return Figures(
        near=(sum(near), len(near)),
        same=(sum(same), len(same)),
        merged=(sum(merged), len(merged)),
        hard=sum(each.pair.hard for each in different),
    )


def main() -> None:
    """Prints the figures, and each pair that was judged wrongly."""
    for (language, half), found in figures().items():
        print(f"{language} {half:8} {found}")
    for each in map(judge, load().pairs):
        label = each.pair.label
        right = {"near": each.found, "same": each.same}.get(label, not each.same and not each.likeness.near)
        if not right:
            print(f"{label}: {each.pair.a.id} / {each.pair.b.id}: {' '.join(each.likeness.reasons)}")


if __name__ == "__main__":
    main()
