"""Stories measured on made-up reports in six languages: `python -m benchmarks.stories`.

The reports are settled in the order of their time, all of one half in one SQLite store, and their pairs are judged
one by one besides, once more with other news below each report, as long articles have it. Told are the pairs of one
event that came together, and those of different events that did.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from articles.stories import Report, bond, signature
from benchmarks import pairs
from benchmarks.pairs import Pair, Pairs, Text
from storage import stories
from storage.database import Store, insert, sqlite_at
from storage.opening import open_store
from storage.tables import ARTICLE

HALVES = ("tune", "measure")


@dataclass(frozen=True, slots=True)
class Share:
    """How many of the pairs came together."""

    joined: int
    pairs: int

    @property
    def value(self) -> float:
        return self.joined / self.pairs if self.pairs else 0.0

    def __str__(self) -> str:
        return f"{self.joined:>3} of {self.pairs:>3} ({self.value:.3f})" if self.pairs else "-"


def told(known: Pairs, half: str) -> list[Pair]:
    """The half's pairs of dated texts that are labelled as one story or as different events."""
    dated = (pair for pair in known.pairs if pair.a.published and pair.b.published)
    return [pair for pair in dated if pair.half == half and pair.label in ("story", "different")]


def report(text: Text) -> Report:
    """A text of the set as a report."""
    if text.published is None:
        raise ValueError(f"{text.id} has no date")
    signed = signature(text.title, text.text, text.language)
    return Report(signature=signed, moment=text.published, precision="minute", language=text.language)


def settled(store: Store, judged: Iterable[Pair]) -> dict[str, int]:
    """The story of each text of the pairs, settled one after the other as they were published."""
    texts = {text.id: text for pair in judged for text in (pair.a, pair.b)}
    found: dict[str, int] = {}
    with store.write() as connection:
        for text in sorted(texts.values(), key=lambda text: (report(text).moment, text.id)):
            row = insert(connection, ARTICLE).values(_row(text)).returning(ARTICLE.c.id)
            article_id = connection.execute(row).scalar_one()
            connection.execute(ARTICLE.update().where(ARTICLE.c.id == article_id).values(story=article_id))
            found[text.id] = article_id
            stories.settle(connection, article_id, report(text))
        return {name: stories.story_of(connection, article_id) for name, article_id in found.items()}


def _row(text: Text) -> dict[str, object]:
    digest = hashlib.sha256(text.id.encode()).hexdigest()
    plain = {"kind": "A", "review": False, "score": 10.0, "evidence": [], "steps": [], "story": 0}
    return {
        "birth": digest,
        "content_hash": digest[:16],
        "title": text.title,
        "language": text.language,
        "published_at": text.published,
        "published_precision": "minute",
        "fetched_at": text.published,
        "first_seen_at": text.published,
        "on_topic": True,
        **plain,
    }


def longer(judged: Sequence[Pair], by: int = 3) -> list[Pair]:
    """The pairs with the texts of `by` other reports of its language (about 60 words each) below each report."""
    texts = {text.id: text for pair in judged for text in (pair.a, pair.b)}
    long: dict[str, Text] = {}
    for name, text in texts.items():
        same = sorted(other for other in texts if texts[other].language == text.language)
        below = [texts[same[(same.index(name) + 7 * n) % len(same)]].text for n in range(1, by + 1)]
        long[name] = replace(text, text="\n".join([text.text, *below]))
    return [replace(pair, a=long[pair.a.id], b=long[pair.b.id]) for pair in judged]


def share(judged: Iterable[Pair], label: str, together: Callable[[Pair], bool]) -> Share:
    """How many of the pairs with this label came together."""
    those = [together(pair) for pair in judged if pair.label == label]
    return Share(sum(those), len(those))


def bonded(judged: Iterable[Pair]) -> Callable[[Pair], bool]:
    """Whether a pair is bonded, each text read once."""
    texts = {text.id: text for pair in judged for text in (pair.a, pair.b)}
    reports = {name: report(text) for name, text in texts.items()}
    return lambda pair: bond(reports[pair.a.id], reports[pair.b.id]).joined


def in_one(story: Mapping[str, int]) -> Callable[[Pair], bool]:
    """Whether a pair came into one story."""
    return lambda pair: story[pair.a.id] == story[pair.b.id]


def main() -> None:
    known = pairs.load()
    for half in HALVES:
        judged = told(known, half)
        with tempfile.TemporaryDirectory() as folder:
            store = open_store(sqlite_at(Path(folder) / "rasid.db"), Path(folder) / "lock")
            story = settled(store, judged)
            store.close()
        ways = {"settled": in_one(story), "pair by pair": bonded(judged)}
        print(f"\n{half}: {len(story)} reports{'':8}{'one event':>22}{'different events':>22}")
        ways["in long articles"] = bonded(longer(judged))
        for name, way in ways.items():
            print(f"  {name:22}{share(judged, 'story', way)!s:>22}{share(judged, 'different', way)!s:>22}")
        for languages, some in sorted(_by_languages(judged).items()):
            both = (share(some, label, ways["settled"]) for label in ("story", "different"))
            print(f"  {languages:22}" + "".join(f"{one!s:>22}" for one in both))


def _by_languages(judged: Iterable[Pair]) -> dict[str, list[Pair]]:
    groups: dict[str, list[Pair]] = defaultdict(list)
    for pair in judged:
        groups["-".join(sorted((pair.a.language, pair.b.language)))].append(pair)
    return groups


if __name__ == "__main__":
    main()
