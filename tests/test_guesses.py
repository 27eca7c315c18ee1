"""Guesses about a site that nobody has described: its listing's selector, its addresses' pattern, name and place."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles import places
from articles.model import Answer
from extractors import guesses, opml, sampling
from flows import adding

NOW = datetime(2026, 11, 22, tzinfo=UTC)
WORDS = "Ministers of both countries met for talks number"


def answer(body: str, url: str = "https://site.example/") -> Answer:
    return Answer(asked=url, url=url, status=200, content_type="text/html", body=body.encode(), fetched_at=NOW)


def page(items: str, head: str = "") -> Answer:
    return answer(f"<html lang=en><head><title>The Site - News</title>{head}</head><body>{items}</body></html>")


CARDS = "".join(
    f'<div class="card mb-4"><h3><a class="t{n}" href="/n/{n}">{WORDS} {n}</a></h3></div>' for n in range(5)
)
LIST = "".join(
    f'<li class="item"><a href="/n/{n}.html">{WORDS} {n}</a><a href="/tag/{n}">Talks</a></li>' for n in range(5)
)
MENU = "".join(f'<nav><a class="m" href="/s/{n}">All about the politics of region {n}</a></nav>' for n in range(9))
TEASERS = "".join(
    f'<p><a class="more" href="/n/{n}">More</a> <a class="lead" href="/n/{n}">{WORDS} {n}</a></p>' for n in range(4)
)


@pytest.mark.parametrize(
    ("items", "selector", "found"),
    [
        (CARDS, "h3 > a", 5),
        (MENU + CARDS, "h3 > a", 5),
        (LIST, "li.item > a", 5),
        (TEASERS, "a.lead", 4),
        (MENU, None, 0),
        ("<p>Nothing here</p>", None, 0),
        ("".join(f'<h3><a href="https://other.example/{n}">{WORDS} {n}</a></h3>' for n in range(5)), None, 0),
    ],
)
def test_the_selector_of_a_listing(items: str, selector: str | None, found: int) -> None:
    listing = guesses.look(page(items)).listing
    assert (listing.links if listing else None) == selector
    assert len(listing.headlines if listing else ()) == found


@pytest.mark.parametrize(
    ("addresses", "other", "pattern"),
    [
        (
            ["https://www.a.kz/news/1-x", "https://a.kz/news/22-y", "https://a.kz/news/3"],
            "https://a.kz/news/tag",
            r"a\.kz/news/\d+",
        ),
        (
            ["https://a.kz/x-101", "https://a.kz/y-102", "https://a.kz/zz-1033"],
            "https://a.kz/about",
            r"a\.kz/[^/]*\d{3}",
        ),
        (["https://a.kz/ru/x", "https://a.kz/ru/y", "https://a.kz/ru/z"], "https://a.kz/en/x", r"a\.kz/ru/."),
        (["https://a.kz/x", "https://a.kz/y", "https://a.kz/z"], "https://b.kz/", None),
        (["https://a.kz/n/1", "https://b.kz/n/2", "https://a.kz/n/3"], "https://c.kz/", None),
        (["https://a.kz/n/1", "https://a.kz/n/2"], "https://a.kz/", None),
    ],
)
def test_the_pattern_of_addresses(addresses: list[str], other: str, pattern: str | None) -> None:
    assert guesses.pattern(addresses) == pattern
    if pattern:
        assert all(re.search(pattern, address) for address in addresses) and not re.search(pattern, other)


def test_the_name_of_a_site() -> None:
    assert guesses.look(page("")).title == "The Site"
    assert guesses.look(page("", '<meta property="og:site_name" content="وكالة الموقع">')).title == "وكالة الموقع"


@pytest.mark.parametrize(
    ("body", "is_shell"),
    [
        ('<div id="root"></div><script src="a.js"></script>', True),
        ('<div id="root"></div>', False),
        (f"<p>{'Many words stand here. ' * 20}</p><script></script>", False),
    ],
)
def test_a_frame_that_a_script_fills(body: str, is_shell: bool) -> None:
    assert guesses.look(page(body)).is_shell is is_shell


TEXT = [
    "The first sentence of the article is long enough to be taken for running text by anybody who reads it.",
    "A second paragraph says more about the same matter, and names the people who took part in the meeting.",
    "The third one closes the article with what is going to happen next year, if everything goes to plan.",
]


def test_what_was_left_out_of_an_article() -> None:
    lines = [
        f"<p>39;&gt; {TEXT[0]}</p>",
        "<p>photo-1.jpg</p>",
        f"<p>{TEXT[1]}</p>",
        f"<p>{TEXT[2]}</p>",
        "<p>Tags: news</p>",
    ]
    found = sampling.sample(page(f"<article><h1>Talks held in the capital</h1>{''.join(lines)}</article>"), None, NOW)
    assert found.article and found.article.text.startswith(TEXT[0])
    assert {"39;> …", "photo-1.jpg"} <= set(found.left_out) and not set(TEXT) & set(found.left_out)


@pytest.mark.parametrize(
    ("href", "found"),
    [
        ("/item/print/7", "https://site.example/item/print/7"),
        ("?print=1", "https://site.example/?print=1"),
        ("/n/7_print.html", "https://site.example/n/7_print.html"),
        ("/blueprint/7", None),
        ("https://print.example/7", None),
        ("javascript:print()", None),
    ],
)
def test_the_print_view(href: str, found: str | None) -> None:
    body = "".join(f"<p>{line}</p>" for line in TEXT)
    assert sampling.sample(page(f'<article>{body}<a href="{href}">Print</a></article>'), None, NOW).print_view == found


@pytest.mark.parametrize(
    ("host", "language", "place"),
    [
        ("www.wafa.ps", None, ("PS", "Asia/Hebron")),
        ("inform.kz", "ru", ("KZ", "Asia/Almaty")),
        ("site.example", "kk", ("KZ", "Asia/Almaty")),
        ("bbc.co.uk", "en", ("GB", "Europe/London")),
        ("site.example", "ar", (None, None)),
        ("127.0.0.1", None, (None, None)),
    ],
)
def test_where_a_site_is(host: str, language: str | None, place: tuple[str | None, str | None]) -> None:
    assert places.place(host, language) == place


@pytest.mark.parametrize(
    ("host", "title", "taken", "slug"),
    [
        ("www.example.org", "x", (), "example"),
        ("english.wafa.ps", "x", (), "english-wafa"),
        ("news.com.tr", "x", ("news",), "news-2"),
        ("127.0.0.1", "The Site!", (), "the-site"),
        ("127.0.0.1", "وكالة", (), "site"),
        ("xn--e1afmkfd.kz", "x", (), "xn-e1afmkfd"),
    ],
)
def test_the_name_in_the_catalogue(host: str, title: str, taken: tuple[str, ...], slug: str) -> None:
    assert adding.slug(host, title, taken) == slug


@hypothesis.settings(max_examples=40)
@given(st.binary(max_size=400), st.sampled_from([b"", b"<opml><outline xmlUrl='", b"<html><a class='x' href='/1'>"]))
def test_nothing_that_comes_raises(body: bytes, head: bytes) -> None:
    opml.read(head + body)
    sent = Answer(
        asked="https://a.example/",
        url="https://a.example/",
        status=200,
        content_type="",
        body=head + body,
        fetched_at=NOW,
    )
    guesses.look(sent)
    sampling.sample(sent, None, NOW)
