"""Addresses: one spelling to fetch, one identity to look up by."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from articles import urls

CANONICAL = [
    # scheme, host, port, user
    ("HTTPS://WWW.Example.COM/News", "https://www.example.com/News"),
    ("http://example.com:80/a", "http://example.com/a"),
    ("https://example.com:443/a", "https://example.com/a"),
    ("http://example.com:443/a", "http://example.com:443/a"),
    ("http://example.com:8080/a", "http://example.com:8080/a"),
    ("http://example.com:/a", "http://example.com/a"),
    ("http://example.com./a", "http://example.com/a"),
    ("http://example.com", "http://example.com/"),
    ("http://example.com?p=123", "http://example.com/?p=123"),
    ("http://user:pass@example.com/a", "http://user:pass@example.com/a"),
    ("http://@example.com/a", "http://example.com/a"),
    ("http://[2001:DB8::1]:80/a", "http://[2001:db8::1]/a"),
    ("http://127.0.0.1:8000/a", "http://127.0.0.1:8000/a"),
    (
        "https://президент.рф/новость",
        "https://xn--d1abbgf6aiiy.xn--p1ai/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D1%8C",
    ),
    ("https://ПРЕЗИДЕНТ.рф/", "https://xn--d1abbgf6aiiy.xn--p1ai/"),
    ("https://xn--d1abbgf6aiiy.xn--p1ai/", "https://xn--d1abbgf6aiiy.xn--p1ai/"),
    # what browsers forgive
    ("  https://example.com/a\n", "https://example.com/a"),
    ("https://exam\nple.com/a\tb", "https://example.com/ab"),
    ("http:\\\\example.com\\a\\b?c\\d", "http://example.com/a/b?c%5Cd"),
    # path
    ("https://example.com/a#comments", "https://example.com/a"),
    ("https://example.com/a#", "https://example.com/a"),
    ("https://example.com/a/./b/../c", "https://example.com/a/c"),
    ("https://example.com/../../a", "https://example.com/a"),
    ("https://example.com/a/..", "https://example.com/"),
    ("https://example.com/a/%2e%2E/b", "https://example.com/b"),
    ("https://example.com//a//b", "https://example.com//a//b"),
    ("https://example.com/a/", "https://example.com/a/"),
    ("https://example.com/%7euser/a%2fb", "https://example.com/~user/a%2Fb"),
    ("https://example.com/a b", "https://example.com/a%20b"),
    ("https://example.com/100%", "https://example.com/100%25"),
    ("https://example.com/a,b;c=1:d@e'(f)", "https://example.com/a,b;c=1:d@e'(f)"),
    ("https://wafa.ps/خبر/1", "https://wafa.ps/%D8%AE%D8%A8%D8%B1/1"),
    ("https://wafa.ps/%d8%ae%d8%a8%d8%b1/1", "https://wafa.ps/%D8%AE%D8%A8%D8%B1/1"),
    ("https://wafa.ps/%D8%ae%d8%A8ر/1", "https://wafa.ps/%D8%AE%D8%A8%D8%B1/1"),
    ("https://wafa.ps/%ce%c8%d1", "https://wafa.ps/%CE%C8%D1"),  # windows-1256, not ours to rewrite
    ("https://example.com/a;jsessionid=0A1B?x=1", "https://example.com/a?x=1"),
    ("https://example.com/a;JSESSIONID=0A1B/b", "https://example.com/a/b"),
    # query
    ("https://example.com/a?", "https://example.com/a"),
    ("https://example.com/?p=123", "https://example.com/?p=123"),
    ("https://example.com/a?page=2", "https://example.com/a?page=2"),
    ("https://example.com/a?b=2&a=1", "https://example.com/a?b=2&a=1"),
    ("https://example.com/a?b=2&&a=1&", "https://example.com/a?b=2&a=1"),
    ("https://example.com/a?id=5&id=6&id=5", "https://example.com/a?id=5&id=6&id=5"),
    ("https://example.com/a?id=5;page=2", "https://example.com/a?id=5;page=2"),
    ("https://example.com/a?id=5&amp;page=2", "https://example.com/a?id=5&page=2"),
    ("https://example.com/a?flag&empty=", "https://example.com/a?flag&empty="),
    ("https://example.com/a?q=غزة", "https://example.com/a?q=%D8%BA%D8%B2%D8%A9"),
    ("https://example.com/a?q=a+b&r=a%20b", "https://example.com/a?q=a+b&r=a%20b"),
    ("https://example.com/a?next=/b?c", "https://example.com/a?next=/b?c"),
    ("https://example.com/a?ids[]=5", "https://example.com/a?ids%5B%5D=5"),
    # trackers and sessions
    ("https://example.com/a?utm_source=rss&utm_medium=feed", "https://example.com/a"),
    ("https://example.com/a?UTM_Source=rss&id=5", "https://example.com/a?id=5"),
    ("https://example.com/a?id=5&amp;utm_source=rss", "https://example.com/a?id=5"),
    ("https://example.com/a?fbclid=IwAR0&gclid=1&yclid=2&ysclid=3", "https://example.com/a"),
    ("https://example.com/a?id=5&mc_cid=1&_ga=2.1&msclkid=3&igshid=4", "https://example.com/a?id=5"),
    ("https://example.com/a?PHPSESSID=abc&id=5", "https://example.com/a?id=5"),
    ("https://example.com/a?id=106325&from=rss", "https://example.com/a?id=106325"),
    ("https://example.com/a?from=2024-01-01", "https://example.com/a?from=2024-01-01"),
    ("https://example.com/news.php?ref=12345", "https://example.com/news.php?ref=12345"),
    ("https://example.com/a?sid=5&cid=6&session_id=78", "https://example.com/a?sid=5&cid=6&session_id=78"),
    # no address of ours
    ("mailto:a@example.com", "mailto:a@example.com"),
    ("javascript:void(0)", "javascript:void(0)"),
    ("/a/b", "/a/b"),
    ("http://", "http://"),
    ("http://exa mple.com/a", "http://exa mple.com/a"),
    ("http://example.com:99999/a", "http://example.com:99999/a"),
    ("http://[::1/a", "http://[::1/a"),
    ("http://a..б/", "http://a..б/"),
    (" ", ""),
]

SAME = [
    ("http://example.com/a", "https://example.com/a"),
    ("http://example.com:80/a", "https://example.com:443/a"),
    ("https://www.example.com/a", "https://example.com/a"),
    ("https://m.example.com/a", "https://www.example.com/a"),
    ("https://amp.example.com/a", "https://example.com/a"),
    ("https://www.m.example.com/a", "https://example.com/a"),
    ("https://user@example.com/a", "https://example.com/a"),
    ("https://example.com/a/", "https://example.com/a"),
    ("https://example.com/a//", "https://example.com/a"),
    ("https://www.example.com", "http://example.com/"),
    ("https://example.com/a/amp", "https://example.com/a"),
    ("https://example.com/a/amp/", "https://example.com/a/"),
    ("https://example.com/amp/a", "https://example.com/a"),
    ("https://example.com/a.amp", "https://example.com/a"),
    ("https://example.com/a.amp.html", "https://example.com/a.html"),
    ("https://example.com/a?amp=1", "https://example.com/a"),
    ("https://example.com/a?amp", "https://example.com/a"),
    ("https://example.com/a?outputType=amp", "https://example.com/a"),
    ("https://example.com/a/print", "https://example.com/a"),
    ("https://example.com/print/a", "https://example.com/a"),
    ("https://example.com/a?print=1&id=5", "https://example.com/a?id=5"),
    ("https://example.com/a?view=print", "https://example.com/a"),
    ("https://example.com/a?tmpl=component&print=1", "https://example.com/a"),
    ("https://example.com/a?b=2&a=1", "https://example.com/a?a=1&b=2"),
    ("https://example.com/a?utm_source=x#top", "https://example.com/a"),
    ("https://wafa.ps/خبر", "https://wafa.ps/%d8%ae%d8%a8%d8%b1/"),
    ("https://президент.рф/a", "http://www.xn--d1abbgf6aiiy.xn--p1ai/a"),
]

# Addresses in the shape of real sites.
SAME += [
    ("https://albawaba24.com/post/34912/سفير-فلسطين", "https://albawaba24.com/post/34912"),
    ("https://khbrpress.ps/post/55465/old-slug/", "https://www.khbrpress.ps/post/55465/a-mended-slug?utm_source=tg"),
    ("https://samanews.ps/ar/post/123456/slug", "http://samanews.ps/ar/post/123456"),
    ("https://www.maannews.net/news/956908.html", "http://maannews.net/news/956908.html?fbclid=x#top"),
    ("https://qazinform.com/amp/news/a-slug-1a2b3c", "https://qazinform.com/news/a-slug-1a2b3c/"),
    ("https://www.inform.kz/ru/amp/a-slug-1a2b3c", "https://www.inform.kz/ru/a-slug-1a2b3c"),
    ("https://kaz.zakon.kz/amp/politika/6012345-a-slug.html", "https://kaz.zakon.kz/politika/6012345-a-slug.html"),
    ("https://astanatimes.com/2024/11/a-slug/?amp=1", "https://astanatimes.com/2024/11/a-slug/"),
    ("https://tengrinews.kz/world/a-slug-512345/?ysclid=y", "https://m.tengrinews.kz/world/a-slug-512345/"),
    (
        "https://astanatimes-com.cdn.ampproject.org/c/s/astanatimes.com/2024/11/a-slug/amp/",
        "https://astanatimes.com/2024/11/a-slug/",
    ),
    ("https://x-kz.cdn.ampproject.org/v/s/x.kz/a?id=5&amp_gsa=1&usqp=mq", "https://x.kz/a?id=5"),
    ("https://www.akorda.kz/ru/a-slug-1512345?ref_src=twsrc", "https://akorda.kz/ru/a-slug-1512345"),
]

DIFFERENT = [
    # editions of one site, and articles of one day
    ("https://english.wafa.ps/Pages/Details/120001", "https://french.wafa.ps/Pages/Details/120001"),
    ("https://www.akorda.kz/ru/a-slug-1512345", "https://www.akorda.kz/kz/a-slug-1512345"),
    ("https://en.trend.az/casia/kazakhstan/3900001.html", "https://az.trend.az/casia/kazakhstan/3900001.html"),
    ("https://kaz.zakon.kz/politika/6012345-a.html", "https://www.zakon.kz/politika/6012345-a.html"),
    ("https://albawaba24.com/post/34912/a", "https://albawaba24.com/post/34913/a"),
    ("https://example.com/post/2024/one", "https://example.com/post/2024/other"),
    ("https://example.com/post/34912/1", "https://example.com/post/34912/2"),
    ("https://example.com/post/34912/2024/one", "https://example.com/post/34912/2024/other"),
    ("https://example.com/news/34912/one", "https://example.com/news/34912/other"),
    (
        "https://alwatanvoice.com/arabic/news/2024/11/12/1.html",
        "https://alwatanvoice.com/arabic/news/2024/11/13/1.html",
    ),
    (
        "https://www.gov.kz/memleket/entities/mfa/press/news/details/5?lang=ru",
        "https://www.gov.kz/memleket/entities/mfa/press/news/details/5?lang=en",
    ),
    ("https://example.com/en/amp", "https://example.com/ru/amp"),
    ("https://www.al-ayyam.ps/ar/PDF?day_op=1&month_op=2", "https://www.al-ayyam.ps/ar/PDF?day_op=2&month_op=1"),
    ("https://x.cdn.ampproject.org/c/s/a.kz/one", "https://x.cdn.ampproject.org/c/s/a.kz/other"),
    ("https://qna.org.qa/en/news/news-details?id=one", "https://qna.org.qa/en/news/news-details?id=other"),
    ("https://example.com/?p=123", "https://example.com/?p=124"),
    ("https://example.com/a?page=2", "https://example.com/a"),
    ("https://example.com/news/1.html", "https://example.com/news/2.html"),
    ("https://example.com/a?id=5&id=6", "https://example.com/a?id=6&id=5"),
    ("https://example.com/a?print=12345", "https://example.com/a?print=12346"),
    ("https://example.com/a?amp=12", "https://example.com/a?amp=13"),
    ("https://example.com/a?ref=12", "https://example.com/a?ref=13"),
    ("https://example.com/a?id=5;page=2", "https://example.com/a?id=5;page=3"),
    ("https://example.com/Abc", "https://example.com/abc"),
    ("https://example.com/a%2Fb", "https://example.com/a/b"),
    ("https://example.com:8080/a", "https://example.com/a"),
    ("https://english.wafa.ps/Pages/Details/5", "https://wafa.ps/Pages/Details/5"),
    ("https://m.kz/a", "https://kz/a"),
    ("https://example.com/print.php?id=1", "https://example.com/print.php?id=2"),
    ("https://example.com/a?b=1&c=2", "https://example.com/a?b=2&c=1"),
]

ABSOLUTE = [
    ("b", "https://example.com/x/b"),
    ("/b", "https://example.com/b"),
    ("../b?c=1", "https://example.com/b?c=1"),
    ("?page=2", "https://example.com/x/y?page=2"),
    ("//other.org/b", "https://other.org/b"),
    ("HTTP://other.org/b", "HTTP://other.org/b"),
    (" b\n", "https://example.com/x/b"),
    ("news\\1.html", "https://example.com/x/news/1.html"),
    ("/خبر", "https://example.com/خبر"),
    ("", None),
    ("#top", None),
    ("javascript:void(0)", None),
    ("java\nscript:void(0)", None),
    ("mailto:a@example.com", None),
    ("tel:+7700", None),
    ("data:text/html,x", None),
    ("ftp://example.com/a", None),
    ("http://", None),
    ("http://[::1", None),
    ("http://example.com:99999/", None),
    ("http://exa<mple.com/", None),
]

ADDRESSES = st.one_of(
    st.text(),
    st.text(alphabet="ahtps:/.?#&=%;@[]\\ \t25eEfFم\ud800amp-w~"),
    st.text().map("http://example.com/".__add__),
    st.text(alphabet="/.%2eEamprint;jsessionid=?&x").map("http://www.m.example.com/".__add__),
    st.text(alphabet="&;ampx=1%26utm_refs").map("http://example.com/?".__add__),
    st.text(alphabet="wm.ap-йИß。:@[]01").map("http://".__add__),
)


@pytest.mark.parametrize(("url", "expected"), CANONICAL)
def test_canonical(url: str, expected: str) -> None:
    assert urls.canonical(url) == expected


@pytest.mark.parametrize(("one", "other"), SAME)
def test_variants_share_a_key(one: str, other: str) -> None:
    assert urls.key(one) == urls.key(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_pages_have_different_keys(one: str, other: str) -> None:
    assert urls.key(one) != urls.key(other)


@pytest.mark.parametrize(("href", "expected"), ABSOLUTE)
def test_absolute(href: str, expected: str | None) -> None:
    assert urls.absolute("https://example.com/x/y", href) == expected


def test_an_unusable_base_resolves_nothing_but_absolute_links() -> None:
    assert urls.absolute("http://[", "/a") is None
    assert urls.absolute("", "https://example.com/a") == "https://example.com/a"


@settings(deadline=None)
@given(ADDRESSES)
@example("http://example.com/?amp;amp;x&a")
@example("http://example.com/amp.amp/print")
@example("http://example.com/%%41%4%31")
def test_canonical_and_key_are_idempotent_and_agree(url: str) -> None:
    canonical = urls.canonical(url)
    key = urls.key(url)
    assert urls.canonical(canonical) == canonical
    assert urls.key(key) == key
    assert urls.key(canonical) == key


@settings(deadline=None)
@given(st.text(), st.text())
def test_absolute_gives_http_addresses_or_nothing(base: str, href: str) -> None:
    for url in (urls.absolute(base, href), urls.absolute("http://example.com/", href)):
        assert url is None or urlsplit(urls.canonical(url)).scheme in ("http", "https")


@settings(deadline=None)
@given(
    st.integers(0, 10**9),
    st.integers(0, 10**9),
    st.sampled_from(["id", "p", "ref", "print", "amp", "from", "sid"]),
)
def test_articles_told_apart_by_a_number_never_share_a_key(one: int, other: int, name: str) -> None:
    shapes = (f"https://example.com/a?{name}={{}}", "https://example.com/{}", "https://example.com/{}.html")
    for shape in shapes:
        same = urls.key(shape.format(one)) == urls.key(shape.format(other))
        assert same == (one == other)


@settings(deadline=None)
@given(
    st.sampled_from(["http://", "https://"]),
    st.sampled_from(["", "www.", "m.", "amp."]),
    st.sampled_from(["", "/", "/amp", "/amp/", "/print"]),
    st.permutations(["id=5", "page=2", "utm_source=x", "fbclid=y", "amp=1"]),
    st.sampled_from(["", "#comments"]),
)
def test_every_variant_of_an_address_has_its_key(
    scheme: str, prefix: str, suffix: str, query: list[str], fragment: str
) -> None:
    variant = f"{scheme}{prefix}example.com/news/77{suffix}?{'&'.join(query)}{fragment}"
    assert urls.key(variant) == urls.key("https://example.com/news/77?id=5&page=2")


def test_long_identities_are_bounded_and_still_tell_addresses_apart() -> None:
    one, other = (f"https://a.example/{'x' * 3000}/{n}" for n in (1, 2))
    assert len(urls.key(one)) < 100 and urls.key(one) != urls.key(other)
    assert urls.key(one) == urls.key(f"http://www.a.example/{'x' * 3000}/1/?utm_source=y")
