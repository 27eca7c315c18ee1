"""Every source of the shipped catalogue: its page in the shape of its site, and its listing or search.

`tests/pages/NAME.html` is a page as the site of source NAME builds them, as far as that is known, with its date line
and what stands around the article; `NAME.toml` says what has to come out, and `NAME.front.html` is a listing or a page
of search results. All texts are made up.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from articles import catalogue, topic, urls
from articles.model import Answer, Article, ExtractRules, Source
from articles.queries import queries
from extractors import article, discover, searches, selectors
from extractors.discover import Front, Read
from flows.adoption import publisher
from tests.worlds import FIVE, ROOT

PAGES = Path(__file__).parent / "pages"
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
TOPIC = topic.load((ROOT / "topic.toml").read_text("utf-8"), file="topic.toml")
SOURCES = catalogue.load(
    (ROOT / "sources.toml").read_text("utf-8"), file="sources.toml", selector_fault=selectors.fault
)
BY_NAME = {source.name: source for source in SOURCES}
KNOWN = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in sorted(PAGES.glob("*.toml"))}


def served(file: str, url: str) -> Answer:
    body = (PAGES / file).read_bytes()
    return Answer(asked=url, url=url, status=200, content_type="text/html", body=body, fetched_at=NOW)


def is_plain_feed(source: Source) -> bool:
    """Is it read without reliance on any markup of its own?"""
    return bool(source.feeds) and not source.listings and source.extract == ExtractRules()


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_a_source_is_off_or_a_plain_feed_or_gives_its_page(source: Source) -> None:
    said = KNOWN.get(source.name)
    if said is None:
        assert not source.enabled or is_plain_feed(source), "write its page and what comes out of it, or switch it off"
        return
    assert re.search(source.article_url or "", urls.canonical(said["url"]))
    found = article.extract(served(f"{source.name}.html", said["url"]), source, NOW)
    assert isinstance(found, Article), found
    assert (found.title, found.text.split("\n"), found.language) == (said["title"], said["paragraphs"], source.language)
    stamp = found.published and (found.published.at.isoformat(), found.published.precision)
    assert stamp == (said.get("published") and (said["published"], said["precision"]))
    rules = {part for part in ("title", "body", "date") if getattr(source.extract, part)}
    assert rules == {step.partition(":")[0] for step in found.steps if step.endswith(":site-rule")}


def test_no_page_is_without_its_source() -> None:
    assert set(KNOWN) <= set(BY_NAME)
    assert {path.name.partition(".")[0] for path in PAGES.iterdir()} == set(KNOWN)


def test_the_rules_of_a_source_are_there_for_a_reason() -> None:
    """Without its patterns of lines, a page gives another text."""
    for name, said in KNOWN.items():
        source = BY_NAME[name]
        for pattern in source.extract.drop_lines:
            others = tuple(one for one in source.extract.drop_lines if one != pattern)
            without = replace(source, extract=replace(source.extract, drop_lines=others))
            found = article.extract(served(f"{name}.html", said["url"]), without, NOW)
            assert isinstance(found, Article) and found.text.split("\n") != said["paragraphs"], (name, pattern)


def readers(source: Source) -> dict[str, Read]:
    """The source's listings and searches, by the addresses that are asked for."""
    asked = source.queries or queries(TOPIC, source.language, source.country)
    listings = {one.url: partial(discover.listing, selector=one.links) for one in source.listings}
    found = {
        url: partial(discover.found, search=search)
        for search in source.searches
        for url in searches.addresses(search, asked)
    }
    return listings | found


@pytest.mark.parametrize("name", [name for name, said in KNOWN.items() if "front" in said])
def test_listings_and_searches_give_their_articles(name: str) -> None:
    source, said = BY_NAME[name], KNOWN[name]["front"]
    front = readers(source)[said["url"]](served(f"{name}.front.html", said["url"]), source, NOW)
    assert isinstance(front, Front), front
    assert [link.url for link in front.links] == said["links"]


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_what_the_catalogue_says_of_a_source_is_whole(source: Source) -> None:
    assert source.evidence.endswith(".") and source.country and source.home and source.language
    zones = {"PS": ("Asia/Hebron", "Asia/Gaza"), "KZ": ("Asia/Almaty",)}
    assert source.timezone in zones.get(source.country, (source.timezone,))
    assert ZoneInfo(source.timezone)
    if source.searches:
        assert source.queries or queries(TOPIC, source.language, source.country)
    if source.enabled:
        assert source.interval >= 1800 and source.min_delay >= 5


def test_the_catalogue_covers_both_sides_in_their_languages() -> None:
    count = {country: sum(source.country == country for source in SOURCES) for country in ("PS", "KZ")}
    assert len(SOURCES) >= 60 and min(count.values()) >= 25
    assert {"ar", "en", "ru", "kk", "tr", "fr"} <= {source.language for source in SOURCES if source.enabled}


def test_documents_are_known_by_their_publisher() -> None:
    said = {name[:3]: publisher((ROOT / "corpus" / name).read_text("utf-8"), SOURCES) for name in FIVE}
    assert {number: source and source.name for number, source in said.items()} == {
        "000": None,
        "001": "albawaba24",
        "002": None,
        "003": "maan",
        "004": "maan",
    }
