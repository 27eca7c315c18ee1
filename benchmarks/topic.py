"""The topic verdict measured on labelled items: `python -m benchmarks.topic [--data FOLDER]`.

The items (`benchmarks/topic/items_*.toml`) fall into two halves: the rule may be tuned on `tune`; of `measure`
only figures and ids are printed here. What was misjudged of the older files' `measure` has been read since, so what the
rule does with texts unseen is told by the head of each `items_round_N.toml`: the figures of its first judging.
An item is on topic in classes A, B and C.
"""

from __future__ import annotations

import argparse
import sys
import time
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from articles import topic
from articles.model import Article, Verdict
from benchmarks import quality

ROOT = Path(__file__).parent.parent
ITEMS = Path(__file__).parent / "topic"
HALVES = ("tune", "measure")
PRECISION, RECALL, EACH = 0.96, 0.95, 0.93
"""The aims: of a half's on-topic verdicts, and of each of `MAIN` in both."""
MAIN = ("ar", "ru", "kk", "en")
COST = 0.05
"""The aim: what judging may cost of what extraction costs."""


@dataclass(frozen=True)
class Item:
    """One labelled text: `kind` is its class, `trap` what makes it hard, where somebody wrote that down."""

    id: str
    half: str
    language: str
    kind: str
    trap: str
    title: str | None
    text: str


@dataclass(frozen=True)
class Judged:
    """An item and its verdict."""

    item: Item
    verdict: Verdict

    @property
    def wanted(self) -> bool:
        """Is the item on topic by its label?"""
        return self.item.kind != "D"

    @property
    def missed(self) -> bool:
        """Is the verdict wrong about that?"""
        return self.wanted != self.verdict.on_topic


@dataclass(frozen=True)
class Figures:
    """What a set of judged items comes to. A ratio of nothing is 1."""

    items: int
    precision: float
    recall: float
    classes: float
    """Share of the items that got their own class."""
    review: float
    """Share of the items that are up for review."""

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def read_items(folder: Path = ITEMS) -> list[Item]:
    """The labelled items of every file in the folder, in their order."""
    items = []
    for path in sorted(folder.glob("items_*.toml")):
        for row in tomllib.loads(path.read_text("utf-8"))["item"]:
            title, trap = row.get("title") or None, row.get("trap") or row.get("kind") or ""
            items.append(Item(row["id"], row["half"], row["language"], row["class"], trap, title, row["text"]))
    return items


def judge(items: Iterable[Item]) -> list[Judged]:
    """Every item with its verdict by the topic.toml of this checkout."""
    watched = topic.load((ROOT / "topic.toml").read_text("utf-8"), file="topic.toml")
    return [Judged(one, topic.judge(watched, title=one.title, text=one.text, language=one.language)) for one in items]


def figures(judged: Sequence[Judged]) -> Figures:
    """Precision and recall of "on topic", accuracy of the class, share for review."""
    right = sum(one.wanted and one.verdict.on_topic for one in judged)
    return Figures(
        items=len(judged),
        precision=_share(right, sum(one.verdict.on_topic for one in judged)),
        recall=_share(right, sum(one.wanted for one in judged)),
        classes=_share(sum(one.item.kind == one.verdict.kind for one in judged), len(judged)),
        review=_share(sum(one.verdict.review for one in judged), len(judged)),
    )


def by(judged: Iterable[Judged], key: Callable[[Judged], str]) -> dict[str, list[Judged]]:
    """The judged items in groups, sorted by the group's name."""
    groups = defaultdict(list)
    for one in judged:
        groups[key(one)].append(one)
    return dict(sorted(groups.items()))


def cost(data: Path) -> tuple[float, float] | None:
    """Milliseconds of extracting and of judging a page, over the saved pages; None where there are none."""
    index = data / "news-html" / "index.jsonl.gz"
    if not index.is_file():
        return None
    watched = topic.load((ROOT / "topic.toml").read_text("utf-8"), file="topic.toml")
    pages = quality.read_pages(index)[:300]
    started = time.process_time()
    found = [article for page in pages if isinstance(article := quality.rasid(page), Article)]
    extracted = time.process_time()
    for one in found:
        topic.judge(watched, title=one.title, text=one.text, language=one.language)
    judged = time.process_time()
    return 1000 * (extracted - started) / len(pages), 1000 * (judged - extracted) / max(1, len(found))


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def _print(half: str, judged: Sequence[Judged]) -> None:
    print(f"\n{half}: {len(judged)} items")
    print(f"{'':16}{'n':>5}{'precision':>11}{'recall':>9}{'F1':>8}{'class':>8}{'review':>8}")
    for name, group in {"all": judged, **by(judged, lambda one: one.item.language)}.items():
        of = figures(group)
        print(f"{name:16}{of.items:5}{of.precision:11.3f}{of.recall:9.3f}{of.f1:8.3f}{of.classes:8.3f}{of.review:8.3f}")
    for name, group in by(judged, lambda one: one.item.trap or f"class {one.item.kind}").items():
        wrong = [one for one in group if one.missed]
        print(f"  {name:28}{len(group) - len(wrong):4} of {len(group):<4}" + " ".join(_told(one) for one in wrong))


def _told(one: Judged) -> str:
    return f"{one.item.id}({one.item.language},{'found' if one.verdict.on_topic else 'missed'})"


def main() -> None:
    """Print the figures of each half, and the cost."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data", help="folder of news-html")
    chosen = options.parse_args()
    judged = judge(read_items())
    for half in HALVES:
        _print(half, [one for one in judged if one.item.half == half])
    if measured := cost(chosen.data):
        extracting, judging = measured
        share = judging / extracting
        print(f"\nextraction {extracting:.1f} ms, verdict {judging:.2f} ms a page: {share:.1%}, aim {COST:.0%}")
    else:
        print(f"\ncost left out: there are no saved pages at {chosen.data}", file=sys.stderr)


if __name__ == "__main__":
    main()
