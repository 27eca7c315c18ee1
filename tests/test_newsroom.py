"""The built-in newsroom over real HTTP: what its sites serve is what it says they serve."""

from __future__ import annotations

import calendar
import gzip
import re
import threading
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote, unquote, urljoin, urlsplit
from urllib.robotparser import RobotFileParser
from zoneinfo import ZoneInfo

import feedparser  # type: ignore[import-untyped]
import httpx
import pytest
from bs4 import BeautifulSoup

from demo.newsroom import Expected, Newsroom
from demo.stories import PROSE_WORDS, corpus_texts

CORPUS = Path(__file__).parent.parent / "corpus"
NOW = datetime(2026, 11, 21, 10, 17, 42, tzinfo=UTC)
FEEDS = {"waha": "/rss", "bawaba": "/feed.atom", "steppe-times": "/feed/"}
FRONTS = {
    "waha": ["/rss", "/"],
    "bawaba": ["/feed.atom", "/"],
    "qala": ["/news-sitemap.xml", "/sitemap-articles.xml", "/"],
    "dala": ["/zhanalyqtar", "/"],
    "steppe-times": ["/feed/", "/"],
}


@pytest.fixture(scope="module")
def newsroom() -> Iterator[Newsroom]:
    with Newsroom(CORPUS, NOW) as running:
        yield running


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False) as opened:
        yield opened


def visible(html: str) -> str:
    """The page's words as a reader sees them, on one line."""
    soup = BeautifulSoup(html, "lxml")
    for hidden in soup(["script", "style", "head"]):
        hidden.decompose()
    return " ".join(soup.get_text(" ").split())


def links(body: str, base: str) -> set[str]:
    """Every address that a front page names, whatever it is written in, without its query."""
    named = re.findall(r'(?:href="|<loc>|<link>)([^"<]+)', body)
    return {urljoin(base, each).partition("?")[0] for each in named}


def page_of(newsroom: Newsroom, client: httpx.Client, each: Expected) -> str:
    answer = client.get(newsroom.addresses[each.site] + each.path)
    assert answer.status_code == 200
    return answer.text


@pytest.mark.parametrize(("site", "front"), [(site, front) for site, fronts in FRONTS.items() for front in fronts])
def test_every_article_is_reachable(newsroom: Newsroom, client: httpx.Client, site: str, front: str) -> None:
    address = newsroom.addresses[site]
    expected = {address + each.path for each in newsroom.expected() if each.site == site}
    found = links(client.get(address + front).text, address + front)
    assert len(expected) >= 4
    assert expected <= found
    assert all(client.get(url).status_code == 200 for url in expected)


def test_every_site_with_articles_has_its_fronts_tested(newsroom: Newsroom) -> None:
    assert {each.site for each in newsroom.expected()} == FRONTS.keys()


def test_pages_hold_title_and_text(newsroom: Newsroom, client: httpx.Client) -> None:
    for each in newsroom.expected():
        words = visible(page_of(newsroom, client, each))
        assert each.title in words
        for paragraph in each.paragraphs:
            assert " ".join(paragraph.split()) in words


def test_pages_hold_more_than_the_article(newsroom: Newsroom, client: httpx.Client) -> None:
    for each in newsroom.expected():
        words = visible(page_of(newsroom, client, each))
        others = [other.title for other in newsroom.expected() if other.site == each.site and other != each]
        assert all(title in words for title in others)


@pytest.mark.parametrize(
    ("site", "path", "written"),
    [
        ("waha", "/news/95217.html", "نشر بتاريخ: 21/11/2026 ( آخر تحديث: 21/11/2026 الساعة: 09:53 )"),
        ("qala", "/ru/kazahstan-i-palestina-proveli-konsultatsii-4be19c", "12:11, 21 Ноябрь 2026 | GMT +5"),
        ("dala", "/zhanalyq/8836-gazadan-kelgen-balalar-astanada-em-qabyldap-jatyr", "2026 жылғы 20 қараша"),
        ("steppe-times", "/2026/11/palestinian-embroidery-and-kazakh-felt/", "on 21 November 2026"),
    ],
)
def test_dates_as_written(newsroom: Newsroom, client: httpx.Client, site: str, path: str, written: str) -> None:
    assert written in visible(client.get(newsroom.addresses[site] + path).text)


def test_expected_dates(newsroom: Newsroom) -> None:
    at = {each.path: each.published for each in newsroom.expected()}
    hebron, almaty = ZoneInfo("Asia/Hebron"), ZoneInfo("Asia/Almaty")
    assert at["/news/95217.html"] == datetime(2026, 11, 21, 9, 53, tzinfo=hebron)
    # Published at 16:17 local time on the day before; the site names the day alone.
    assert at["/zhanalyq/8836-gazadan-kelgen-balalar-astanada-em-qabyldap-jatyr"] == datetime(
        2026, 11, 20, tzinfo=almaty
    )
    assert all(NOW - timedelta(days=3) < moment < NOW for moment in at.values())


@pytest.mark.parametrize("site", FEEDS)
def test_feeds_are_sound(newsroom: Newsroom, client: httpx.Client, site: str) -> None:
    answer = client.get(newsroom.addresses[site] + FEEDS[site])
    feed = feedparser.parse(answer.content, response_headers={"content-type": answer.headers["content-type"]})
    assert feed.bozo is False
    told = {urlsplit(entry.link).path: entry for entry in feed.entries}
    for each in (each for each in newsroom.expected() if each.site == site):
        entry = told.pop(each.path)
        assert entry.title == each.title
        assert calendar.timegm(entry.published_parsed) == each.published.timestamp()
        assert each.paragraphs[0] in visible(entry.summary)
    assert told == {}


def test_full_text_stands_in_the_english_feed(newsroom: Newsroom, client: httpx.Client) -> None:
    feed = feedparser.parse(client.get(newsroom.addresses["steppe-times"] + "/feed/").content)
    texts = {entry.title: visible(entry.content[0].value) for entry in feed.entries}
    for each in (each for each in newsroom.expected() if each.site == "steppe-times"):
        assert texts[each.title] == " ".join(each.paragraphs)


@pytest.mark.parametrize("header", ["ETag", "Last-Modified"])
@pytest.mark.parametrize(("site", "path"), [*FEEDS.items(), ("qala", "/news-sitemap.xml"), ("dala", "/zhanalyqtar")])
def test_second_conditional_request_is_304(
    newsroom: Newsroom, client: httpx.Client, site: str, path: str, header: str
) -> None:
    url = newsroom.addresses[site] + path
    asks = {"ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"}
    first = client.get(url)
    second = client.get(url, headers={asks[header]: first.headers[header]})
    assert (first.status_code, second.status_code, second.content) == (200, 304, b"")
    assert second.headers["ETag"] == first.headers["ETag"]
    assert newsroom.requests[-1].status == 304


@pytest.mark.parametrize(
    "headers",
    [
        {"If-None-Match": 'W/"another"'},
        {"If-None-Match": 'W/"another"', "If-Modified-Since": "Sat, 21 Nov 2026 23:00:00 GMT"},
        {"If-Modified-Since": "Fri, 20 Nov 2026 00:00:00 GMT"},
        {"If-Modified-Since": "yesterday"},
        {"If-Modified-Since": "Sat, 21 Nov 2026 23:00:00"},
    ],
)
def test_other_conditions_get_the_page(newsroom: Newsroom, client: httpx.Client, headers: dict[str, str]) -> None:
    assert client.get(newsroom.addresses["waha"] + "/rss", headers=headers).status_code == 200


def test_gzip_for_those_who_take_it(newsroom: Newsroom, client: httpx.Client) -> None:
    url = newsroom.addresses["waha"] + "/rss"
    plain = client.get(url, headers={"Accept-Encoding": "identity"})
    with client.stream("GET", url, headers={"Accept-Encoding": "gzip"}) as packed:
        raw = b"".join(packed.iter_raw())
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) == len(raw) < len(plain.content)
    assert gzip.decompress(raw) == plain.content


def test_head_has_no_body(newsroom: Newsroom, client: httpx.Client) -> None:
    url = newsroom.addresses["waha"] + "/rss"
    head = client.head(url)
    assert head.content == b""
    assert head.headers["content-length"] == client.get(url).headers["content-length"]


def test_one_connection_serves_many_requests(newsroom: Newsroom) -> None:
    with httpx.Client(trust_env=False, limits=httpx.Limits(max_connections=1)) as client:
        ports = set()
        for path in ("/rss", "/missing", "/robots.txt"):
            with client.stream("GET", newsroom.addresses["waha"] + path) as answer:
                ports.add(answer.extensions["network_stream"].get_extra_info("client_addr"))
                answer.read()
    assert len(ports) == 1


@pytest.mark.parametrize("document", sorted(file.name for file in CORPUS.glob("00[0-3]_*.txt")))
def test_reprints_hold_the_document(newsroom: Newsroom, client: httpx.Client, document: str) -> None:
    (reprint,) = [each for each in newsroom.expected() if each.reprint_of == document]
    words = visible(page_of(newsroom, client, reprint))
    saved = (CORPUS / document).read_text("utf-8").splitlines()
    prose = [line for line in saved if len(line.split()) >= PROSE_WORDS]
    assert len(prose) >= 7
    assert reprint.paragraphs == tuple(line.strip() for line in prose)
    assert all(" ".join(line.split()) in words for line in prose)


def test_what_is_shorter_than_prose_is_no_paragraph() -> None:
    kept = corpus_texts(CORPUS)
    for file in sorted(CORPUS.glob("*.txt")):
        lines = {line.strip() for line in file.read_text("utf-8").splitlines() if line.strip()}
        furniture = lines - set(kept[file.name])
        assert all(not line.endswith(".") for line in furniture)


def test_noise_around_reprints(newsroom: Newsroom, client: httpx.Client) -> None:
    for each in newsroom.expected():
        if each.site == "bawaba" and each.reprint_of:
            body = BeautifulSoup(page_of(newsroom, client, each), "lxml").select_one(".post-text")
            lines = [line.get_text(strip=True) for line in body.select("p")] if body else []
            assert lines[:2] == ["على هامش اللقاء"] * 2
            assert re.search(r"\.jpg$", lines[-3], re.IGNORECASE)
            assert lines[-1] == "بوابة الزيتون"


def test_english_reprint_is_word_for_word(newsroom: Newsroom, client: httpx.Client) -> None:
    (reprint,) = [each for each in newsroom.expected() if each.site == "steppe-times" and each.reprint_of]
    (origin,) = [each for each in newsroom.expected() if each.path == reprint.reprint_of]
    assert (origin.site, origin.language) == ("qala", "en")
    assert reprint.paragraphs == origin.paragraphs
    assert reprint.title != origin.title
    assert reprint.published > origin.published


def test_reprints_need_their_document(tmp_path: Path) -> None:
    expected = Newsroom(tmp_path, NOW).expected()
    assert [each.reprint_of for each in expected if each.reprint_of] == [
        "/en/kazakhstan-dispatches-winter-tents-and-medicines-a60f35"
    ]


def test_what_the_articles_are(newsroom: Newsroom) -> None:
    own = [each for each in newsroom.expected() if not each.reprint_of]
    for language in ("ar", "ru", "kk", "en"):
        told = [each.on_topic for each in own if each.language == language]
        assert told.count(True) >= 2
        assert told.count(False) >= 2
    for each in own:
        assert 110 <= sum(len(paragraph.split()) for paragraph in each.paragraphs) <= 250, each.path


def test_catalogue(newsroom: Newsroom, client: httpx.Client) -> None:
    sources = {source["name"]: source for source in tomllib.loads(newsroom.catalogue())["source"]}
    assert sources.keys() == newsroom.addresses.keys()
    assert set(newsroom.allowed.split(",")) == {urlsplit(source["home"]).netloc for source in sources.values()}
    for each in newsroom.expected():
        url = newsroom.addresses[each.site] + each.path
        source = sources[each.site]
        assert re.search(source["article_url"], url)
        assert source.get("language", each.language) == each.language
        assert each.published.tzinfo == ZoneInfo(source["timezone"])
        soup = BeautifulSoup(client.get(url).text, "lxml")
        rules = source.get("extract", {})
        assert all(soup.select(rules[rule]) for rule in ("title", "body", "date") if rule in rules)
    for source in sources.values():
        for listing in source.get("listings", []):
            soup = BeautifulSoup(client.get(listing["url"]).text, "lxml")
            told = {urlsplit(str(link["href"])).path for link in soup.select(listing["links"])}
            assert told == {each.path for each in newsroom.expected() if each.site == source["name"]}


@pytest.mark.parametrize(
    ("site", "path", "status", "told"),
    [
        ("minbar", "/rss", 403, "challenge-platform"),
        ("minbar", "/", 403, "challenge-platform"),
        ("vestnik", "/rss.xml", 200, "<!DOCTYPE html>"),
        ("nida", "/rss", 410, "<!DOCTYPE html>"),
        ("waha", "/news/1.html", 404, "404"),
        ("waha", "/news/%ff%00", 404, "404"),
    ],
)
def test_sites_that_fail(
    newsroom: Newsroom, client: httpx.Client, site: str, path: str, status: int, told: str
) -> None:
    answer = client.get(newsroom.addresses[site] + path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert told in answer.text
    assert answer.headers.get("cf-mitigated") == ("challenge" if site == "minbar" else None)


def test_robots(newsroom: Newsroom, client: httpx.Client) -> None:
    rules = {}
    for site, address in newsroom.addresses.items():
        answer = client.get(address + "/robots.txt")
        assert (answer.status_code, answer.headers["content-type"]) == (200, "text/plain; charset=utf-8")
        rules[site] = RobotFileParser()
        rules[site].parse(answer.text.splitlines())
    assert all(rules[each.site].can_fetch("rasid", each.path) for each in newsroom.expected())
    assert not rules["dala"].can_fetch("rasid", "/private/jazylushylar")
    assert str(rules["dala"].crawl_delay("rasid")) == "0"
    assert rules["qala"].site_maps() == [newsroom.addresses["qala"] + "/sitemap.xml"]


def test_requests_are_noted(newsroom: Newsroom, client: httpx.Client) -> None:
    before = len(newsroom.requests)
    client.get(newsroom.addresses["waha"] + "/rss?page=2", headers={"X-Asked": "yes"})
    (noted,) = newsroom.requests[before:]
    assert (noted.site, noted.method, noted.path, noted.status) == ("waha", "GET", "/rss?page=2", 200)
    assert noted.headers["x-asked"] == "yes"


def test_publish_and_edit() -> None:
    with Newsroom(CORPUS, NOW) as newsroom, httpx.Client(trust_env=False) as client:
        address = newsroom.addresses["bawaba"]
        feed = client.get(address + "/feed.atom")
        seen = {"If-None-Match": feed.headers["ETag"], "If-Modified-Since": feed.headers["Last-Modified"]}
        *others, oldest = newsroom.site("bawaba").stories
        later = NOW + timedelta(minutes=5)

        edited = replace(oldest, title="عنوان <b>معدل</b> & جديد", updated=later)
        newsroom.publish("bawaba", edited)
        fresh = replace(oldest, path="/post/60500/" + quote("خبر"), published=later, updated=later)
        newsroom.publish("bawaba", fresh)

        answer = client.get(address + "/feed.atom", headers=seen)
        entries = feedparser.parse(answer.content).entries
        assert answer.status_code == 200
        assert answer.headers["Last-Modified"] != feed.headers["Last-Modified"]
        told = [urlsplit(entry.link).path for entry in entries]
        assert told == [fresh.path, *(each.path for each in others), edited.path]
        assert edited.title in visible(client.get(address + edited.path).text)
        assert client.get(address + unquote(fresh.path)).status_code == 200


def test_nothing_is_left_after_it() -> None:
    before = set(threading.enumerate())
    with httpx.Client(trust_env=False) as idle:
        with Newsroom(CORPUS, NOW) as newsroom:
            urls = [address + "/robots.txt" for address in newsroom.addresses.values()]
            assert all(idle.get(url).status_code == 200 for url in urls)
            assert len(set(threading.enumerate()) - before) == 1 + len(urls)
        assert set(threading.enumerate()) == before
        with pytest.raises(httpx.TransportError):
            idle.get(urls[0])
