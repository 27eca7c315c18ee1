"""Extraction measured on pages with known text: `python -m benchmarks.quality [--data FOLDER]`.

Text is compared as multisets of 4-word shingles: precision and recall per page, averaged over the pages, and F1
from the two means (the measure of scrapinghub's article-extraction-benchmark). A page without an article counts
1 when nothing is returned and 0 otherwise.
"""

from __future__ import annotations

import gzip
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import fmean
from typing import Any

from trafilatura import bare_extraction

from articles.model import Answer, Article, Source
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
    kind: str = "article"


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


def read_pages(folder: Path, index: Path) -> list[Page]:
    """The pages that an index (JSON lines, gzipped or not) names, in its order."""
    opened = (
        gzip.open(index, "rt", encoding="utf-8") if index.suffix == ".gz" else index.open(encoding="utf-8")
    )
    with opened as lines:
        rows = [json.loads(line) for line in lines]
    return [_page(folder, row) for row in rows]


def _page(folder: Path, row: dict[str, Any]) -> Page:
    return Page(
        name=row["id"],
        group=row.get("src", ""),
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
    if not words:
        return Counter()
    return Counter(tuple(words[n : n + size]) for n in range(max(1, len(words) - size + 1)))


def precision_recall(truth: str, found: str) -> tuple[float, float]:
    """Of the shingles found, how many are true; of the true ones, how many were found."""
    right, got = shingles(truth), shingles(found)
    common = (right & got).total()
    if not right and not got:
        return 1.0, 1.0
    return common / got.total() if got else 0.0, common / right.total() if right else 0.0


def rasid(page: Page) -> Article | None:
    """Rasid's own answer for a page, without any rule of its site."""
    source = Source(name="page", title="", language=page.language, timezone="UTC")
    answer = Answer(
        asked=page.url, url=page.url, status=200, content_type="text/html", body=page.body, fetched_at=NOW
    )
    found = article.extract(answer, source, NOW)
    return found if isinstance(found, Article) else None


def bare(page: Page, **setting: bool) -> str:
    """The bare extractor's text for a page."""
    document = bare_extraction(page.body, url=page.url, include_comments=False, **setting)
    return (document.text or "") if document else ""  # type: ignore[union-attr]


TOOLS: dict[str, Callable[[Page], str]] = {
    "default": bare,
    "fast+recall": lambda page: bare(page, fast=True, favor_recall=True),
    "precision": lambda page: bare(page, favor_precision=True),
    "rasid": lambda page: found.text if (found := rasid(page)) else "",
}


def measure(pages: list[Page], tool: Callable[[Page], str]) -> Score:
    """Run a tool over the pages, one after the other, in this process."""
    score = Score()
    for page in pages:
        started = time.process_time()
        text = tool(page)
        score.seconds += time.process_time() - started
        score.pages[page.name] = precision_recall(page.text, text)
    return score
