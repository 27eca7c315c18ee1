"""Extraction measured on pages with known text: `python -m benchmarks.quality [--data FOLDER]`.

Text is compared as multisets of 4-word shingles: precision and recall per page, averaged over the pages, and F1
from the two means (the measure of scrapinghub's article-extraction-benchmark). A page without an article counts
1 when nothing is returned and 0 otherwise.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import fmean
from typing import Any

from trafilatura import bare_extraction

from articles.model import Answer, Article, Refusal, Source
from extractors import article

NOW = datetime(2026, 11, 1, tzinfo=UTC)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Page:
    """One saved page with its truth; `title` and `date` are empty where nobody wrote them down."""

    name: str
    group: str
    url: str
    language: str
    body: bytes
    text: str
    title: str = ""
    date: str = ""


@dataclass
class Score:
    """What one tool got on a set: per page (precision, recall), and seconds."""

    pages: dict[str, tuple[float, float]] = field(default_factory=dict)
    seconds: float = 0.0

    def f1(self, names: Iterable[str]) -> float:
        """F1 of the mean precision and the mean recall over these pages."""
        chosen = [self.pages[name] for name in names]
        precision, recall = fmean(p for p, _ in chosen), fmean(r for _, r in chosen)
        return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def read_pages(index: Path) -> list[Page]:
    """The pages that an index (JSON lines, gzipped or not) names, in its order; their files lie beside it."""
    raw = index.read_bytes()
    rows = (gzip.decompress(raw) if index.suffix == ".gz" else raw).decode().splitlines()
    return [_page(index.parent, json.loads(row)) for row in rows]


def _page(folder: Path, row: dict[str, Any]) -> Page:
    return Page(
        name=row["id"],
        group=row.get("src", "real"),
        url=row["url"],
        language=row["lang"],
        body=gzip.decompress((folder / row["html"]).read_bytes()),
        text=row["text"],
        title=row.get("title") or "",
        date=row.get("date") or "",
    )


def shingles(text: str, size: int = 4) -> Counter[tuple[str, ...]]:
    """Every run of `size` words, with how often it stands there; a shorter text is one run."""
    words = _WORD.findall(text)
    return Counter(tuple(words[n : n + size]) for n in range(max(1, len(words) - size + 1))) if words else Counter()


def precision_recall(truth: str, found: str) -> tuple[float, float]:
    """Of the shingles found, how many are true; of the true ones, how many were found."""
    right, got = shingles(truth), shingles(found)
    common = (right & got).total()
    if not right and not got:
        return 1.0, 1.0
    return common / got.total() if got else 0.0, common / right.total() if right else 0.0


def answer(page: Page) -> Answer:
    """A page as if it had just been fetched."""
    return Answer(asked=page.url, url=page.url, status=200, content_type="text/html", body=page.body, fetched_at=NOW)


def source(page: Page) -> Source | None:
    """A source that knows its language and zone and nothing else, where the truth gives a date with an offset."""
    if not page.date:
        return None
    offset = datetime.fromisoformat(page.date).utcoffset() or timedelta()
    hours = round(offset.total_seconds() / 3600)
    zone = f"Etc/GMT{-hours:+d}" if hours else "UTC"
    return Source(name="page", title="", language=page.language, timezone=zone)


def rasid(page: Page) -> Article | Refusal:
    """Rasid's own answer for a page, without any rule of its site."""
    return article.extract(answer(page), source(page), NOW)


def rasid_text(page: Page) -> str:
    """The text alone; nothing where the page was refused."""
    found = rasid(page)
    return found.text if isinstance(found, Article) else ""


def bare(page: Page, **setting: bool) -> str:
    """The bare extractor's text for a page."""
    document = bare_extraction(page.body, url=page.url, include_comments=False, **setting)
    return getattr(document, "text", None) or ""


TOOLS: dict[str, Callable[[Page], str]] = {
    "default": bare,
    "fast + recall": lambda page: bare(page, fast=True, favor_recall=True),
    "rasid": rasid_text,
}


def measure(pages: Iterable[Page], tool: Callable[[Page], str]) -> Score:
    """Run a tool over the pages, one after the other, in this process."""
    score = Score()
    for page in pages:
        started = time.process_time()
        text = tool(page)
        score.seconds += time.process_time() - started
        score.pages[page.name] = precision_recall(page.text, text)
    return score


def print_text(name: str, pages: list[Page]) -> None:
    """F1 of every tool on a set: overall, by language, by where the pages come from, and the worst pages."""
    groups: dict[str, list[str]] = {"all": [page.name for page in pages]}
    for label, take in (("lang", lambda page: page.language), ("from", lambda page: page.group)):
        for value in sorted({take(page) for page in pages}):
            groups[f"{label} {value}"] = [page.name for page in pages if take(page) == value]
    if name == "real-pages":
        ordered = sorted(groups["all"])
        groups |= {"half even": ordered[::2], "half odd": ordered[1::2]}
    scores = {label: measure(pages, tool) for label, tool in TOOLS.items()}
    print(f"\n{name}: {len(pages)} pages, 4-word-shingle F1\n{'':18}{'n':>5}" + "".join(f"{t:>16}" for t in scores))
    for label, names in groups.items():
        if len(names) > 3 or label == "all":
            print(f"{label:18}{len(names):5}" + "".join(f"{score.f1(names):16.4f}" for score in scores.values()))
    worst = {tool: min((score.f1([page]), page) for page in groups["all"]) for tool, score in scores.items()}
    print(f"{'worst page':23}" + "".join(f"{value:16.4f}" for value, _ in worst.values()))
    print(f"{'ms a page':23}" + "".join(f"{1000 * s.seconds / len(pages):16.1f}" for s in scores.values()))


def print_facts(pages: list[Page]) -> None:
    """How many titles, days and minutes come out as the truth has them, and every one that does not."""
    titles = days = minutes = 0
    articles = [(page, found) for page in pages if isinstance(found := rasid(page), Article)]
    for page, found in articles:
        at = found.published.at.isoformat()[:16] if found.published else ""
        titles += found.title == page.title
        days += at[:10] == page.date[:10]
        minutes += at == page.date[:16]
        if found.title != page.title or at != page.date[:16]:
            print(f"  {page.name}: {found.title!r} {at} for {page.title!r} {page.date[:16]}")
    print(f"of {len(articles)} articles: titles {titles}, days {days}, minutes {minutes}")


def print_speed(pages: list[Page]) -> None:
    """Seconds of the whole of `extract` against the bare extractor of the same setting with its metadata."""
    seconds = {"rasid": 0.0, "bare": 0.0}
    tools: dict[str, Callable[[Page], object]] = {
        "rasid": rasid,
        "bare": lambda page: bare(page, with_metadata=True),
    }
    for page in pages[:300]:
        for name, tool in tools.items():
            started = time.process_time()
            tool(page)
            seconds[name] += time.process_time() - started
    ratio = seconds["rasid"] / seconds["bare"]
    print(f"\nextract takes {ratio:.2f} of the bare extractor with metadata, on {len(pages[:300])} pages")


def main() -> None:
    """Measure on both sets and print the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of news-html and real-pages")
    folder: Path = options.parse_args().data
    if not folder.is_dir():
        print(f"quality    left out: there are no saved pages at {folder}; --data names their folder")
        return
    real = read_pages(folder / "real-pages" / "truth.jsonl")
    news = read_pages(folder / "news-html" / "index.jsonl.gz")
    print_text("real-pages", real)
    print_facts(real)
    print_text("news-html", news)
    print_speed(news)


if __name__ == "__main__":
    main()
