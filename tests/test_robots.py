from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.model import RobotsFile
from extractors.robots import MOST_BYTES, Rules, decode, is_fresh, origin

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
HOST = "https://newsroom.example"

RULES: list[tuple[str | None, str, bool]] = [
    (None, "/any", True),
    ("", "/any", True),
    ("User-agent: *\nDisallow:", "/any", True),
    ("User-agent: *\nDisallow: /", "/", False),
    ("User-agent: *\nDisallow: /", "/robots.txt", True),
    ("User-agent: *\nDisallow: /admin", "/administration", False),
    ("User-agent: *\nDisallow: /admin/", "/admin", True),
    ("User-agent: *\nDisallow: /*.pdf$", "/a/b.pdf", False),
    ("User-agent: *\nDisallow: /*.pdf$", "/a/b.pdf?x", True),
    ("User-agent: *\nDisallow: /news\nAllow: /news/open", "/news/open/1", True),
    ("User-agent: *\nDisallow: /*?print=", "/news?print=1", False),
    ("User-agent: *\nDisallow: /راصد", "/%D8%B1%D8%A7%D8%B5%D8%AF/1", False),
    ("User-agent: *\nDisallow: /%d8%b1", "/ر", False),
    ("User-agent: *\r\rDisallow: /", "/a", False),
    ("User-agent: *  # all\nDisallow: /  # everything", "/a", False),
    ("User-agent: *\n\n\nDisallow: /", "/a", False),
    ("Disallow: /", "/a", True),
    ("User-agent: rasid\nDisallow: /a\nUser-agent: *\nDisallow: /", "/b", True),
    ("User-agent: RASID\nDisallow: /a", "/a", False),
    ("User-agent: rasid/0.1\nDisallow: /a\nUser-agent: *\nDisallow: /b", "/b", False),
    ("User-agent: rasidbot\nDisallow: /", "/a", True),
    ("User-agent: bot\nUser-agent: *\nDisallow: /", "/a", False),
    ("\ufeff  \n<html>\nUser-agent: *\nDisallow: /", "/a", True),
    ("User-agent: *\nDisallow: /" + "*a" * 2_000, "/" + "a" * 4_000, False),
]


@pytest.mark.parametrize(("body", "path", "allowed"), RULES)
def test_an_address_is_allowed_as_the_file_says(body: str | None, path: str, allowed: bool) -> None:
    assert Rules(body).allow(HOST + path) is allowed


@pytest.mark.parametrize(
    ("line", "seconds"),
    [
        ("", 0.0),
        ("Crawl-delay: 10", 10.0),
        ("Crawl-delay: 0.5", 0.5),
        ("crawl-delay:2", 2.0),
        ("Crawl-delay: 86400", 120.0),
        *((f"Crawl-delay: {odd}", 0.0) for odd in ("-1", "soon", "inf", "nan", "")),
    ],
)
def test_crawl_delay_is_seconds_within_reason(line: str, seconds: float) -> None:
    assert Rules(f"User-agent: *\n{line}\nDisallow: /x").crawl_delay == seconds


def test_our_own_crawl_delay_goes_before_everybodys() -> None:
    body = "User-agent: *\nCrawl-delay: 60\n\nUser-agent: rasid\nCrawl-delay: 3\n"
    assert Rules(body).crawl_delay == 3.0


@pytest.mark.parametrize(
    ("hours", "fresh"), [(0, True), (23.9, True), (24, False), (24 * 30, False), (-23, True), (-25, False)]
)
def test_a_file_is_fresh_for_a_day(hours: float, fresh: bool) -> None:
    """A file from the future is of a clock that was wrong: soon enough it is read again."""
    file = RobotsFile(origin=HOST, body=None, read_at=NOW - timedelta(hours=hours))
    assert is_fresh(file, NOW) is fresh


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"\xef\xbb\xbfUser-agent: *", "User-agent: *"),
        (b"Disallow: /\xff", "Disallow: /\ufffd"),
        (b"#" * MOST_BYTES + b"Disallow: /", "#" * MOST_BYTES),
    ],
)
def test_a_file_is_read_as_utf_8_up_to_the_cap(raw: bytes, text: str) -> None:
    assert decode(raw) == text


def test_an_origin_names_its_port() -> None:
    assert origin("https", "newsroom.example", 443) == "https://newsroom.example:443"
    assert origin("http", "::1", 8000) == "http://[::1]:8000"


FIELDS = st.sampled_from(["User-agent: ", "Disallow: ", "Allow: ", "Crawl-delay: ", "Sitemap: ", "Visit-time: ", ""])


@settings(deadline=None)
@given(st.lists(st.tuples(FIELDS, st.text(max_size=20))), st.text(max_size=30))
def test_whatever_stands_in_the_file_it_is_read(lines: list[tuple[str, str]], path: str) -> None:
    rules = Rules("\n".join(["User-agent: *", *(field + value for field, value in lines)]))
    assert rules.allow(f"{HOST}/{path}") in (True, False)
    assert 0 <= rules.crawl_delay <= 120


def test_controls_that_a_database_would_refuse_are_no_part_of_the_file() -> None:
    assert decode(b"User-agent: *\0\r\nDisallow:\x1b /a\n") == "User-agent: *\nDisallow: /a\n"
