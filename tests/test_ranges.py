"""Ranges of days, and what the names of files say of theirs."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.model import Stamp
from articles.ranges import ALWAYS, Range, is_wanted, of_names

TODAY = date(2026, 11, 22)
MARCH = Range(date(2024, 3, 1), date(2024, 3, 31))
DAYS = st.dates(date(1990, 1, 1), date(2030, 1, 1))


@pytest.mark.parametrize(
    ("name", "days"),
    [
        ("/sitemap-2024-03.xml", MARCH),
        ("/sitemap_202403.xml.gz", MARCH),
        ("/sitemaps/2024/03/news.xml", MARCH),
        ("/sitemap.xml?yyyy=2024&mm=03", MARCH),
        ("/sitemap.xml?yyyy=2024&mm=03&dd=07", Range(date(2024, 3, 7), date(2024, 3, 7))),
        ("/20240307.xml", Range(date(2024, 3, 7), date(2024, 3, 7))),
        ("/posts-2024.xml", Range(date(2024, 1, 1), date(2024, 12, 31))),
        ("/2024-02-31.xml", Range(date(2024, 2, 1), date(2024, 2, 29))),
        ("/post-sitemap12.xml", None),
        ("/a20240307123.xml", None),
        ("/news.xml", None),
    ],
)
def test_names(name: str, days: Range | None) -> None:
    url = f"https://news.example{name}"
    assert of_names([url], TODAY).get(url) == days


def test_a_number_among_numbers_is_no_year() -> None:
    urls = [f"https://news.example/sitemap-{n}.xml" for n in (3, 1999, 2000, 2024)]
    assert of_names(urls, TODAY) == {}
    years = [f"https://news.example/sitemap-{n}.xml" for n in (2022, 2023, 2024)]
    assert set(of_names(years, TODAY)) == set(years)


@given(DAYS, DAYS, DAYS)
def test_a_range_holds_its_days(one: date, other: date, day: date) -> None:
    days = Range(min(one, other), max(one, other))
    assert days.holds(day) is (min(one, other) <= day <= max(one, other))
    assert ALWAYS.holds(day) and days.meets(days) and days.holds(one)


@given(DAYS, st.integers(-3, 3))
def test_what_changed_before_the_first_day_is_not_of_these_days(first: date, off: int) -> None:
    changed = datetime(first.year, first.month, first.day, 12, tzinfo=UTC) + timedelta(days=off)
    assert Range(first, None).may_hold(None, changed) is (off >= -1)
    stamp = Stamp(at=changed, precision="minute", evidence="")
    assert Range(first, None).may_hold(stamp, None) is (off >= 0)


def test_a_file_is_wanted_by_its_name_and_its_last_change() -> None:
    names = {"a": MARCH}
    april = Range(date(2024, 4, 1), date(2024, 4, 30))
    assert is_wanted("a", None, MARCH, names) and not is_wanted("a", None, april, names)
    assert is_wanted("b", None, april, names)
    assert not is_wanted("b", datetime(2024, 3, 1, tzinfo=UTC), april, names)
