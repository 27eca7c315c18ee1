"""From an answered front page to its links, or to one plain reason."""

from __future__ import annotations

import gzip
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.model import Answer, Failure, Outcome, Source
from extractors import discover
from extractors.discover import Child, Front

NOW = datetime(2024, 11, 20, 12, tzinfo=UTC)
SOURCE = Source(name="test", title="Test", language="ru", timezone="Asia/Almaty", home="https://a.kz/ru")
RUSSIAN = "Президент Казахстана принял посла Палестины"
ARABIC = "الرئيس الكازاخستاني يستقبل سفير دولة فلسطين في أستانا"


def answer(body: str | bytes, content_type: str = "text/xml", url: str = "https://a.kz/rss") -> Answer:
    raw = body.encode() if isinstance(body, str) else body
    return Answer(asked=url, url=url, status=200, content_type=content_type, body=raw, fetched_at=NOW)


def item(link: str, date: str = "", title: str = "", summary: str = "") -> str:
    return (
        f"<item><title>{title}</title><link>{link}</link><pubDate>{date}</pubDate>"
        f"<description>{summary}</description></item>"
    )


def rss(*items: str) -> str:
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{"".join(items)}</channel></rss>'


def feed(body: str | bytes, content_type: str = "text/xml", source: Source = SOURCE) -> Front:
    front = discover.feed(answer(body, content_type), source, NOW)
    assert isinstance(front, Front), front
    return front


def found(front: Front | Failure) -> list[str]:
    assert isinstance(front, Front), front
    return [link.url for link in front.links]


def test_a_feed_item_becomes_a_link() -> None:
    date = "Tue, 12 Nov 2024 14:05:00 +0500"
    (link,) = feed(rss(item("/news/1?utm_source=rss#x", date, "Заголовок", "Кратко"))).links
    assert (link.url, link.title, link.summary) == ("https://a.kz/news/1", "Заголовок", "Кратко")
    assert link.published is not None
    assert link.published.at == datetime(2024, 11, 12, 9, 5, tzinfo=UTC)
    assert link.published.evidence == date


def test_a_date_without_zone_is_the_sources_own() -> None:
    (link,) = feed(rss(item("/1", "2024-11-12 14:05:00"))).links
    assert link.published is not None
    assert link.published.at == datetime(2024, 11, 12, 9, 5, tzinfo=UTC)


def test_a_date_far_ahead_is_none() -> None:
    (link,) = feed(rss(item("/1", "2024-12-24T00:00:00Z"))).links
    assert link.published is None


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("<![CDATA[Он сказал: &amp;quot;да&amp;quot;]]>", 'Он сказал: "да"'),
        ("<![CDATA[Он сказал: &quot;да&quot;]]>", 'Он сказал: "да"'),
        ("Он сказал: &amp;quot;да&amp;quot;", 'Он сказал: "да"'),
        ("R&amp;amp;D и AT&T", "R&D и AT&T"),
        ("&lt;b&gt;Важно&lt;/b&gt;: да", "Важно: да"),
        ("<![CDATA[<p>Раз</p><p>два<br>три</p>]]>", "Раз два три"),
        ("<![CDATA[Сло<b>во</b>]]>", "Слово"),
        ("5 &lt; 6 и 7 &gt; 3", "5 < 6 и 7 > 3"),
        ("&laquo;Хабар&raquo;&nbsp;— 24", "«Хабар» — 24"),
        ("<![CDATA[Текст <img src='a.jpg' alt='x]]>", "Текст"),
        ("\u202eраз\u200f\n\n два\u0007", "раз два"),
        ("<b/>", None),
    ],
)
def test_titles_are_plain_text_on_one_line(written: str, read: str | None) -> None:
    (link,) = feed(rss(item("/1", title=written, summary=written))).links
    assert (link.title, link.summary) == (read, read)


def test_a_summary_is_cut() -> None:
    (link,) = feed(rss(item("/1", summary="слово " * 1_000))).links
    assert link.summary is not None
    assert 990 < len(link.summary) <= 1_000


@pytest.mark.parametrize(
    ("encoding", "declared", "header", "text", "language"),
    [
        ("windows-1251", "windows-1251", "", RUSSIAN, "ru"),
        ("koi8-r", "koi8-r", "", RUSSIAN, "ru"),
        ("windows-1256", "windows-1256", "", ARABIC, "ar"),
        ("windows-1251", "", "text/xml; charset=windows-1251", RUSSIAN, "ru"),
        ("windows-1251", "utf-8", "text/xml; charset=utf-8", RUSSIAN, "ru"),
        ("windows-1256", "utf-8", "text/xml; charset=utf-8", ARABIC, "ar"),
        ("utf-8", "windows-1251", "text/xml; charset=windows-1251", RUSSIAN, "ru"),
        ("utf-8-sig", "utf-8", "", ARABIC, "ar"),
        ("utf-16", "utf-16", "", RUSSIAN, "ru"),
        ("utf-16-le", "utf-16", "", ARABIC, "ar"),
        ("utf-16-be", "", "", RUSSIAN, "ru"),
    ],
)
def test_encodings(encoding: str, declared: str, header: str, text: str, language: str) -> None:
    label = f' encoding="{declared}"' if declared else ""
    body = rss(item("/1", title=text, summary=text * 5)).replace(' version="1.0"', f' version="1.0"{label}')
    (link,) = feed(body.encode(encoding), header, replace(SOURCE, language=language)).links
    assert link.title == text


def test_links_come_newest_first_and_undated_ones_last_in_the_pages_order() -> None:
    items = [
        item("/u1"),
        item("/old", "2024-11-01"),
        item("/u2"),
        item("/new", "2024-11-19"),
        item("/old2", "2024-11-01"),
    ]
    assert found(feed(rss(*items))) == [f"https://a.kz/{name}" for name in ("new", "old", "old2", "u1", "u2")]


def test_an_article_is_listed_once_and_the_front_page_never() -> None:
    items = map(
        item,
        (
            "/1",
            "http://www.a.kz/1/?fbclid=x",
            "/2",
            "https://a.kz/",
            "https://a.kz/ru/",
            "/rss",
            "https://b.kz",
            "/?p=3",
        ),
    )
    assert found(feed(rss(*items))) == ["https://a.kz/1", "https://a.kz/2", "https://a.kz/?p=3"]


def test_a_pictures_link_takes_the_headline_of_the_next() -> None:
    page = '<a href="/1"><img src="x"></a><a href="/1">Заголовок первой новости</a>'
    front = discover.listing(answer(page, "text/html"), SOURCE, NOW, selector="a")
    assert isinstance(front, Front)
    assert [(link.url, link.title) for link in front.links] == [("https://a.kz/1", "Заголовок первой новости")]


def test_the_pattern_of_articles_is_searched_in_the_whole_address() -> None:
    items = [
        item(link) for link in ("/news/1.html?utm_source=rss", "/tag/2.html", "/خبر/3", "https://b.kz/news/4.html")
    ]
    source = replace(SOURCE, article_url=r"^https://a\.kz/(?:news/\d+\.html$|خبر)")
    assert found(feed(rss(*items), source=source)) == ["https://a.kz/news/1.html", "https://a.kz/%D8%AE%D8%A8%D8%B1/3"]


def test_at_most_two_thousand_links() -> None:
    items = [item(f"/{n}", (NOW - timedelta(minutes=5_000 - n)).isoformat()) for n in range(5_000)]
    links = found(feed(rss(*items)))
    assert (len(links), links[0]) == (2_000, "https://a.kz/4999")


def test_relative_addresses() -> None:
    atom = '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="/x/"><entry><link href="1"/></entry></feed>'
    assert found(feed(atom)) == ["https://a.kz/x/1"]
    page = '<base href="//b.kz/y/"><a href="1">x</a><a href="javascript:x">x</a><a href="#x">x</a><a>x</a>'
    page += '<a href="mailto:x@a.kz">x</a><a href="http://[">x</a>'
    assert found(discover.listing(answer(page), SOURCE, NOW, selector="a")) == ["https://b.kz/y/1"]


def test_an_unusable_address_gives_way_to_the_guid() -> None:
    assert found(feed(rss("<item><link>javascript:x</link><guid>https://a.kz/1</guid></item>"))) == ["https://a.kz/1"]


def test_overlong_addresses_are_left_out() -> None:
    assert found(feed(rss(item("/" + "a" * 3_000), item("/1")))) == ["https://a.kz/1"]


URLSET = (
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    "<url><loc>https://a.kz/1</loc><lastmod>2024-11-01</lastmod></url><url><loc>https://a.kz/2</loc></url>"
    "<url><loc>https://a.kz/3</loc><lastmod>2024-11-02T10:00:00+05:00</lastmod></url></urlset>"
)


@pytest.mark.parametrize("body", [URLSET.encode(), gzip.compress(URLSET.encode())])
def test_a_sitemap_is_ordered_by_change_and_claims_no_publication(body: bytes) -> None:
    front = discover.sitemap(answer(body), SOURCE, NOW)
    assert found(front) == ["https://a.kz/3", "https://a.kz/1", "https://a.kz/2"]
    assert isinstance(front, Front)
    assert {link.published for link in front.links} == {None}


def test_an_index_leads_further_newest_first_and_undated_ones_last() -> None:
    children = "".join(
        f"<sitemap><loc>/s{n}.xml</loc><lastmod>2024-{1 + n // 28:02}-{1 + n % 28:02}</lastmod></sitemap>"
        for n in range(300)
    )
    children += "<sitemap><loc>/x.xml</loc></sitemap><sitemap><loc>/y.xml</loc><lastmod>lately</lastmod></sitemap>"
    children += "<sitemap><loc>/s7.xml</loc></sitemap><sitemap><loc>mailto:x</loc></sitemap>"
    front = discover.sitemap(answer(f"<sitemapindex>{children}</sitemapindex>"), SOURCE, NOW)
    assert isinstance(front, Front)
    assert front.links == ()
    names = [child.url.removeprefix("https://a.kz/").removesuffix(".xml") for child in front.further]
    assert names == [*(f"s{n}" for n in range(299, -1, -1)), "x", "y"]


@pytest.mark.parametrize(
    ("written", "changed"),
    [
        ("2024-11-01", datetime(2024, 11, 1, tzinfo=UTC)),
        ("2024-11-01T10:00:00+05:00", datetime(2024, 11, 1, 5, tzinfo=UTC)),
        (" 2024-11-01T10:00Z ", datetime(2024, 11, 1, 10, tzinfo=UTC)),
        ("0001-01-01T00:00:00+23:59", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_an_index_says_when_its_sitemaps_changed(written: str, changed: datetime | None) -> None:
    body = f"<sitemapindex><sitemap><loc>/s.xml</loc><lastmod>{written}</lastmod></sitemap></sitemapindex>"
    front = discover.sitemap(answer(body), SOURCE, NOW)
    assert isinstance(front, Front)
    assert front.further == (Child(url="https://a.kz/s.xml", changed=changed),)


def test_a_news_sitemap_says_what_it_lists() -> None:
    news = (
        "<url><loc>https://a.kz/1</loc><news:news><news:publication><news:name>А</news:name></news:publication>"
        "<news:publication_date>2024-11-19T08:00:00+05:00</news:publication_date><news:title>Заголовок</news:title>"
        "</news:news></url>"
    )
    space = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    (link,) = discover.sitemap(answer(f"<urlset {space}>{news}</urlset>"), SOURCE, NOW).links  # type: ignore[union-attr]
    assert (link.url, link.title) == ("https://a.kz/1", "Заголовок")
    assert link.published is not None and link.published.at == datetime(2024, 11, 19, 3, tzinfo=UTC)


RSS_TYPE = 'rel="alternate" type="application/rss+xml"'


@pytest.mark.parametrize(
    ("head", "feeds"),
    [
        (f'<link {RSS_TYPE} href="/feed">', ["https://a.kz/feed"]),
        ("<link REL='Alternate Home' TYPE='application/atom+xml; charset=utf-8' href=//news.a.kz/atom>", ["news"]),
        ('<link rel="alternate" type="application/feed+json" href="feed.json">', ["https://a.kz/ru/feed.json"]),
        ('<link rel="alternate" type="application/rdf+xml" href="/rdf">', ["https://a.kz/rdf"]),
        (f'<base href="https://www.a.kz/x/"><link {RSS_TYPE} href="f">', ["https://www.a.kz/x/f"]),
        (f'<link {RSS_TYPE} href="/a"><link {RSS_TYPE} href="/a"><link {RSS_TYPE} href="/b">', ["/a", "/b"]),
        (f'<link {RSS_TYPE} href="/comments/feed/"><link {RSS_TYPE} href="/f?source=rss">', ["/f?source=rss"]),
        (f'<link {RSS_TYPE} href="https://evil.example/feed">', []),
        (f'<link {RSS_TYPE} href="https://nota.kz/feed">', []),
        (f'<link {RSS_TYPE} href="javascript:x"><link {RSS_TYPE} href="http://[">', []),
        ('<link rel="alternate" type="text/html" href="/m"><link rel="stylesheet" href="/feed.css">', []),
        ('<link rel="alternate" type="application/json+oembed" href="/oembed">', []),
        ('<link type="application/rss+xml" href="/feed">', []),
    ],
)
def test_a_page_names_its_feeds(head: str, feeds: list[str]) -> None:
    page = f"<!DOCTYPE html><html><head>{head}</head><body><link {RSS_TYPE}></body></html>"
    source = replace(SOURCE, home="https://www.a.kz/ru/", feeds=("https://a.kz/rss",))
    found = discover.alternates(answer(page, "text/html", "https://a.kz/ru/"), source)
    assert len(found) == len(feeds)
    assert all(wanted in url for url, wanted in zip(found, feeds, strict=True)), found
    assert discover.alternates(answer(rss(item("/1"))), source) == ()


def test_a_feed_may_serve_as_sitemap() -> None:
    assert found(discover.sitemap(answer(rss(item("/1"))), SOURCE, NOW)) == ["https://a.kz/1"]


HTML = "<!DOCTYPE html><html><body><a href='/1'>Новость</a></body></html>"
BOMB = gzip.compress(bytes(60_000_000), 1)


@pytest.mark.parametrize(
    ("kind", "body", "outcome"),
    [
        ("feed", b"", Outcome.EMPTY),
        ("feed", b" \r\n\t", Outcome.EMPTY),
        ("feed", b"\xef\xbb\xbf\n", Outcome.EMPTY),
        ("feed", rss(), Outcome.EMPTY),
        ("feed", rss("<item><title>x</title></item>"), Outcome.EMPTY),
        ("feed", rss(item("https://a.kz/")), Outcome.EMPTY),
        ("feed", '{"items": []}', Outcome.EMPTY),
        ("feed", HTML, Outcome.BROKEN),
        ("feed", "\n<HTML lang=ru>", Outcome.BROKEN),
        ("feed", "Service unavailable", Outcome.BROKEN),
        ("feed", b"\x89PNG\r\n\x1a\n\x00\x00", Outcome.BROKEN),
        ("feed", URLSET, Outcome.BROKEN),
        ("feed", '{"error": "x"}', Outcome.BROKEN),
        ("feed", "<rss><channel><title>cut", Outcome.BROKEN),
        ("sitemap", b"", Outcome.EMPTY),
        ("sitemap", "<urlset></urlset>", Outcome.EMPTY),
        ("sitemap", "<sitemapindex></sitemapindex>", Outcome.EMPTY),
        ("sitemap", HTML, Outcome.BROKEN),
        ("sitemap", "Not found", Outcome.BROKEN),
        ("sitemap", gzip.compress(URLSET.encode())[:-30], Outcome.BROKEN),
        ("sitemap", BOMB, Outcome.TOO_LARGE),
        ("listing", b"", Outcome.EMPTY),
        ("listing", "<p>x</p>", Outcome.EMPTY),
        ("listing", "no page", Outcome.BROKEN),
    ],
)
def test_what_gives_no_links_is_told_in_one_sentence(kind: str, body: str | bytes, outcome: Outcome) -> None:
    if kind == "listing":
        failure = discover.listing(answer(body), SOURCE, NOW, selector="a")
    else:
        failure = (discover.feed if kind == "feed" else discover.sitemap)(answer(body), SOURCE, NOW)
    assert isinstance(failure, Failure)
    assert (failure.outcome, failure.url) == (outcome, "https://a.kz/rss")
    assert len(failure.reason) > 10
    assert "\n" not in failure.reason


def test_a_selector_that_finds_nothing_is_named() -> None:
    failure = discover.listing(answer(HTML), SOURCE, NOW, selector=".card a")
    assert isinstance(failure, Failure)
    assert failure.reason == 'The selector ".card a" found no links on https://a.kz/rss.'
    unreadable = discover.listing(answer(HTML), SOURCE, NOW, selector="a[")
    assert isinstance(unreadable, Failure)
    assert unreadable.outcome is Outcome.BROKEN


PIECES = st.sampled_from(
    (
        "<rss>", "<channel>", "<item>", "</item>", "<link>", "</link>", "<entry", " xml:base='//['", "<urlset>",
        "<url>", "<loc>", "</loc>", "<lastmod>0001-01-01T00:00:00+23:59</lastmod>", "https://a.kz/", "<![CDATA[", "]]>",
        "&#55357;", "<!DOCTYPE x [", "<!--", "<?xml encoding='", "utf-16", "'?>", "&amp;", "&", "<pubDate>", "\x00",
        "<a href='", "'>", '{"items":[', '{"url":1}', "]}", "<sitemapindex>", "<sitemap>",
        "<base href='http://[", "\ud83d", "خبر",
    )
)  # fmt: skip
BODIES = st.one_of(
    st.binary(),
    st.lists(PIECES).map(lambda pieces: "".join(pieces).encode(errors="surrogatepass")),
    st.binary(max_size=50).map(lambda tail: gzip.compress(URLSET.encode()) + tail),
)


@settings(deadline=None)
@given(BODIES)
def test_nothing_that_a_site_sends_raises(body: bytes) -> None:
    fronts = (
        discover.feed(answer(body), SOURCE, NOW),
        discover.sitemap(answer(body), SOURCE, NOW),
        discover.listing(answer(body), SOURCE, NOW, selector="a, link, item"),
    )
    for front in fronts:
        assert isinstance(front, Front | Failure)
    assert isinstance(discover.alternates(answer(body), SOURCE), tuple)


OPENING = '<?xml version="1.0"?><rss version="2.0"><channel>'


@pytest.mark.parametrize(
    "body",
    [
        OPENING + "<a>" * 200_000,
        OPENING + item("/1") + "<item>" * 200_000,
        OPENING + "<item><title>" + "а" * 2_500_000 + "</title><link>/1</link></item></channel></rss>",
        OPENING + "<" * 2_000_000,
        OPENING + "<![CDATA[" * 200_000,
        "<!DOCTYPE x [" + "] " * 1_000_000,
        "<!--" * 500_000,
        OPENING + "&" * 2_000_000,
    ],
    ids=["nested", "nested items", "one line", "brackets", "sections", "doctype", "comments", "ampersands"],
)
def test_hostile_bodies_cost_little_time(body: str) -> None:
    started = time.process_time()
    discover.feed(answer(body), SOURCE, NOW)
    discover.sitemap(answer(body), SOURCE, NOW)
    assert time.process_time() - started < 5
