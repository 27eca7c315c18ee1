"""Links on index pages, by CSS selector; and selectors that do not compile."""

from __future__ import annotations

import pytest

from extractors import listings, selectors

PAGE = """<html><body>
<nav><a href="/">Главная страница сайта</a></nav>
<div class="card"><a class="photo" href="/1"><img src="1.jpg"></a><h3><a href="/1">Заголовок первой
  <b>новости</b></a></h3></div>
<div class="card"><a href="/2">Далее</a></div>
<a href="/3"><h3 class="inside">Заголовок третьей новости</h3></a>
<div class="card"><a>без адреса</a></div>
</body></html>"""


def found(selector: str, page: str = PAGE) -> list[tuple[str, str | None]]:
    return [(entry.addresses[0], entry.title) for entry in listings.entries(page, selector)]


def test_links_come_in_the_order_of_the_page_with_their_headlines() -> None:
    assert found(".card a") == [("/1", None), ("/1", "Заголовок первой новости"), ("/2", None)]


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ("h3.inside", [("/3", "Заголовок третьей новости")]),
        ("h3:has(b)", [("/1", "Заголовок первой новости")]),
        ("nav", [("/", "Главная страница сайта")]),
        ("p", []),
        ("body > a, nav a", [("/", "Главная страница сайта"), ("/3", "Заголовок третьей новости")]),
    ],
)
def test_a_link_around_or_inside_counts(selector: str, expected: list[tuple[str, str | None]]) -> None:
    assert found(selector) == expected


def test_the_base_of_the_page_is_kept() -> None:
    (entry,) = listings.entries('<base href="https://b.kz/x/"><a href="1">a</a>', "a")
    assert entry.base == "https://b.kz/x/"


@pytest.mark.parametrize("declaration", ['<?xml version="1.0"?>', '\n<?xml version="1.0" encoding="utf-16"?>'])
def test_a_page_may_call_itself_xml(declaration: str) -> None:
    assert found("a", declaration + '<page xmlns="urn:x"><a href="/1">x</a></page>') == [("/1", None)]


def test_only_so_many_tags_are_read() -> None:
    assert found("a", '<a href="/1">x</a>' + "<hr>" * 60_000 + '<a href="/2">x</a>') == [("/1", None)]


@pytest.mark.parametrize(
    "selector", ["a", "div.card > a[href^='/news/']", "h3:has(> a), .x a:not(.y)", "li:nth-child(2n+1)"]
)
def test_good_selectors(selector: str) -> None:
    assert selectors.fault(selector) is None


@pytest.mark.parametrize("selector", ["", "  ", "a[", "a:nonsense", "div >", "..x", "a:not(", "a::before", "\x00("])
def test_bad_selectors_are_explained_in_one_line(selector: str) -> None:
    reason = selectors.fault(selector)
    assert reason
    assert "\n" not in reason
