"""What a look makes of what it saw: what is written into the catalogue, and above all what is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from articles.model import Article, Link, Listing, Outcome, Source
from extractors.sampling import Sample
from flows import findings
from flows.findings import CATALOGUE, FEED, LISTING, SITEMAP, Way

NOW = datetime(2026, 11, 22, tzinfo=UTC)
A, B, C = "https://s.example/a", "https://s.example/b", "https://s.example/c"
LINK = Link(url="https://s.example/1")
LATEST = Listing(url=C, links=".old a", pages="https://s.example/c/{n}")
SOURCE = Source(name="s", title="S", language="en", feeds=(A, B), listings=(LATEST,))
READ = Sample(url=LINK.url, article=Article(url=LINK.url, title="T", text="Text.", language="en"))


def way(url: str, kind: str = FEED, **more: Any) -> Way:
    values = {"outcome": Outcome.OK, "says": "Says.", "found": CATALOGUE, "http": 200, "links": (LINK,)}
    return Way(kind=kind, url=url, **(values | more))


def dead(url: str, outcome: Outcome = Outcome.GONE, http: int | None = 404, **more: Any) -> Way:
    return way(url, outcome=outcome, http=http, links=(), **more)


def changed(*ways: Way, source: Source = SOURCE) -> dict[str, Any]:
    return {change.key: change.value for change in findings.changes(source, ways, [READ])}


@pytest.mark.parametrize(
    ("outcome", "http", "goes"),
    [
        (Outcome.GONE, 404, True),
        (Outcome.BROKEN, 200, True),
        (Outcome.EMPTY, 200, True),
        (Outcome.BROKEN, 502, False),
        (Outcome.TIMEOUT, None, False),
        (Outcome.UNREACHABLE, None, False),
        (Outcome.BLOCKED, 403, False),
        (Outcome.FORBIDDEN, 403, False),
        (Outcome.RATE_LIMITED, 429, False),
        (Outcome.DISALLOWED, None, False),
    ],
)
def test_only_what_is_dead_for_good_goes(outcome: Outcome, http: int | None, goes: bool) -> None:
    seen = (way(A), dead(B, outcome, http))
    assert changed(*seen) == ({"feeds": [A]} if goes else {})


def test_nothing_goes_where_nothing_works() -> None:
    assert changed(dead(A), dead(B)) == {}


def test_what_was_not_looked_at_stays() -> None:
    """A look whose time was up has seen a part of the block alone."""
    assert changed(way(A, moved_to=f"{A}/new")) == {"feeds": [f"{A}/new", B]}


def test_what_moved_to_another_of_its_feeds_stands_once() -> None:
    assert changed(way(A, moved_to=B), way(B)) == {"feeds": [B]}


def test_where_something_broken_answers_nothing_moves() -> None:
    assert changed(way(A), dead(B, Outcome.EMPTY, 502, moved_to="https://other.example/")) == {}


def test_a_guessed_selector_takes_the_dead_ones_place_and_keeps_the_pages() -> None:
    guess = way(C, LISTING, found="a guess", listing=replace(LATEST, links="h3 > a"), article_url="/n/")
    seen = dead(C, Outcome.EMPTY, 200, kind=LISTING, listing=LATEST)
    want = {"url": C, "links": "h3 > a", "pages": "https://s.example/c/{n}"}
    assert changed(way(A), way(B), seen, guess) == {"listings": [want]}
    assert changed(dead(A), dead(B), seen, guess) == {"feeds": None, "listings": [want], "article_url": "/n/"}


def test_what_was_found_comes_in() -> None:
    found = way("https://s.example/news.xml", SITEMAP, found="robots.txt")
    assert changed(dead(A), way(B), found) == {"feeds": [B], "sitemaps": ["https://s.example/news.xml"]}


def test_what_searches_ignore_is_no_way() -> None:
    deaf = way("https://s.example/?q={q}", findings.SEARCH, ignores_word=True)
    checkup = findings.judge(SOURCE, NOW, [dead(A), deaf], [READ], ())
    assert checkup.verdict == findings.Verdict.BAD and len(checkup.notes) >= 2


@pytest.mark.parametrize(("days", "old"), [(1, False), (59, False), (61, True)])
def test_what_fell_asleep_is_told(days: int, old: bool) -> None:
    checkup = findings.judge(SOURCE, NOW, [way(A, newest=NOW - timedelta(days=days))], [READ], ())
    assert any("nothing newer than" in note for note in checkup.notes) == old


def test_what_is_only_printed_well_is_not_read() -> None:
    page = Sample(url="https://s.example/1", article=None, refused="No text.")
    printed = replace(READ, print_of=page.url)
    checkup = findings.judge(SOURCE, NOW, [way(A)], [page, printed], ())
    assert checkup.verdict == findings.Verdict.BAD and any("print view" in note for note in checkup.notes)


@pytest.mark.parametrize(("said", "told"), [("en", False), ("ar", True), (None, False)])
def test_another_language_is_told(said: str | None, told: bool) -> None:
    source = replace(SOURCE, language=said)
    checkup = findings.judge(source, NOW, [way(A)], [READ], ())
    assert any("its articles are in en" in note for note in checkup.notes) == told
    assert ("language" in changed(way(A), source=source)) == (said is None)
