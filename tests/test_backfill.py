"""Catching up on the past over real HTTP: each way in, what it leaves undisturbed, and going on after a break."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest

from articles import queries
from articles.model import Listing, Search
from flows import estimates, ways
from storage import periods, tags
from storage.opening import open_store
from tests.past import Site, html, index, page, sitemap, warc
from tests.webserver import Request, Wire, reply, serving

pytestmark = pytest.mark.installation

SINCE, UNTIL = date(2024, 3, 1), date(2024, 3, 31)


@pytest.fixture
def site(tmp_path: Path, database_url: str) -> Iterator[Site]:
    """A server without a page yet, and an installation that watches it, on both databases in turn."""
    with serving({}) as server:
        yield Site(tmp_path, database_url, server)


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Site]:
    """The same on SQLite alone."""
    with serving({}) as server:
        yield Site(tmp_path, f"sqlite:///{tmp_path / 'rasid.db'}", server)


def publish(site: Site, *numbers: int, day: str = "2024-03-05", on_topic: bool = True) -> list[str]:
    """Puts articles on the server; returns their paths."""
    paths = [f"/a/{n}" for n in numbers]
    pages = (reply(page(n, day, on_topic=on_topic)) for n in numbers)
    site.server.routes |= dict(zip(paths, pages, strict=True))
    return paths


def test_a_sitemap_index_is_read_where_its_files_may_hold_the_days(site: Site) -> None:
    url = site.server.url
    publish(site, 1, 2, 3)
    publish(site, 4, on_topic=False)
    site.server.routes |= {
        "/index.xml": index(
            (f"{url}/map-2024-03.xml", "2024-04-01"),
            (f"{url}/map-2023-01.xml", "2024-04-01"),
            (f"{url}/old.xml", "2023-02-01"),
            (f"{url}/other.xml", ""),
        ),
        "/map-2024-03.xml": sitemap((f"{url}/a/1", "2024-03-05"), (f"{url}/a/2", "2024-03-06")),
        "/other.xml": sitemap((f"{url}/a/3", "2024-03-07"), (f"{url}/a/4", "2024-03-07"), (f"{url}/a/9", "2022-01-01")),
    }
    source = site.source(sitemaps=(f"{url}/index.xml",))
    errand = site.errand(source, since=SINCE, until=UNTIL, via=("sitemap",))
    report = site.run(errand)
    (result,) = report.results
    assert (result.state, result.brought.found, result.brought.new, result.brought.on_topic) == ("done", 4, 4, 3)
    assert len(report.documents) == 3
    asked = set(site.server.asked)
    assert "/map-2023-01.xml" not in asked and "/old.xml" not in asked and "/a/9" not in asked
    assert site.rows("SELECT DISTINCT reason FROM version") == [("backfilled",)]
    assert site.rows("SELECT DISTINCT published_evidence FROM article") == [("2024-03-05T10:00:00+05:00",)]
    before = len(site.server.requests)
    assert site.run(errand).results[0].brought == result.brought
    assert len(site.server.requests) == before, "what is done is not asked for again"


def test_a_list_is_read_page_by_page_until_it_is_too_old(site: Site) -> None:
    """The list shows no dates, so that the articles' own have to tell."""
    for n, day in enumerate(("2024-04-02", "2024-03-20", "2024-03-10", "2024-02-20", "2024-01-15"), 1):
        publish(site, n, day=day)
        site.server.routes[f"/list?page={n}" if n > 1 else "/list"] = html(f"/a/{n}")
    listing = Listing(url=f"{site.server.url}/list", links="h3 a", pages=f"{site.server.url}/list?page={{n}}")
    source = site.source(listings=(listing,))
    (result,) = site.run(site.errand(source, since=SINCE, until=UNTIL, via=("listing",))).results
    assert (result.state, result.brought.new) == ("done", 4), "the first page that is all too old ends it"
    assert "/list?page=5" not in site.server.asked


@pytest.mark.parametrize("beyond", [html("/a/2"), reply("none", 404), html()], ids=["the last again", "404", "empty"])
def test_a_list_ends_where_it_says_nothing_new(small: Site, beyond: bytes) -> None:
    publish(small, 1, 2)
    small.server.routes |= {"/list": html("/a/1"), "/list?page=2": html("/a/2"), "/list?page=3": beyond}
    listing = Listing(url=f"{small.server.url}/list", links="h3 a", pages=f"{small.server.url}/list?page={{n}}")
    (result,) = small.run(small.errand(small.source(listings=(listing,)), via=("listing",))).results
    assert (result.state, result.brought.new) == ("done", 2)
    assert "/list?page=4" not in small.server.asked


def test_searches_are_asked_for_their_queries_or_for_the_topics_words(small: Site) -> None:
    publish(small, 1, 2, 3)
    search = Search(url=f"{small.server.url}/find?q={{q}}&p={{n}}", links="h3 a")
    source = small.source(searches=(search,), queries=("two states",), country="KZ")
    word, *_ = queries.queries(small.order().topic, "en", "KZ")
    small.server.routes |= {
        "/find?q=two%20states&p=1": html("/a/1"),
        "/find?q=two%20states&p=2": html("/a/2"),
        f"/find?q={quote(word)}&p=1": html("/a/3"),
    }
    (result,) = small.run(small.errand(source, via=("search",))).results
    assert (result.address, result.brought.new) == (f"{search.url} two states", 2)
    results = small.run(small.errand(source, via=("search",), by_topic=True)).results
    assert sum(one.brought.new for one in results) == 1
    assert f"/find?q={quote(word)}&p=1" in small.server.asked


def test_wordpress_is_asked_where_it_answers(small: Site) -> None:
    publish(small, 1, 2)
    post = {"link": f"{small.server.url}/a/1", "date": "2024-03-05T10:00:00", "title": {"rendered": "Talks"}}
    route = "/wp-json/wp/v2/posts?per_page=100&_fields=link,date,title&after=2024-03-01T00:00:00"
    route += "&before=2024-03-31T23:59:59&page="
    small.server.routes |= {
        f"{route}1": reply(json.dumps([post]), content_type="application/json"),
        f"{route}2": reply("", 400),
    }
    (result,) = small.run(small.errand(small.source(), since=SINCE, until=UNTIL, via=("wordpress",))).results
    assert (result.state, result.brought.new) == ("done", 1)
    small.server.routes.pop(f"{route}1")
    (result,) = small.run(small.errand(small.source(), since=SINCE, via=("wordpress",))).results
    assert (result.state, result.brought.found) == ("done", 0), "a site that is none has no such past"


def test_captures_are_read_as_of_then_and_kept_under_their_own_address(
    small: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ways, "WAYBACK_DELAY", 0.0)
    host = small.server.netloc
    parts = {
        "": [["timestamp", "original"], ["20240306120000", f"http://{host}/a/1"], [], ["next one"]],
        "&resumeKey=next%20one": [["timestamp", "original"], ["20240307120000", f"http://{host}/a/2"]],
    }

    def answer(request: Request, wire: Wire) -> None:
        _, key, rest = request.path.partition("&resumeKey")
        wire.send(reply(json.dumps(parts[key + rest])))

    small.server.routes |= {
        "/cdx/search/cdx": answer,
        f"/web/20240306120000id_/http://{host}/a/1": reply(page(1, "2024-03-05")),
        f"/web/20240307120000id_/http://{host}/a/2": reply(page(2, "2024-03-06")),
    }
    errand = small.errand(small.source(), since=SINCE, until=UNTIL, via=("wayback",), endpoint=small.server.url)
    (result,) = small.run(errand).results
    assert (result.state, result.brought.new, result.error) == ("done", 2, None)
    assert small.rows("SELECT url FROM article ORDER BY id") == [(f"http://{host}/a/1",), (f"http://{host}/a/2",)]
    assert "/a/1" not in small.server.asked


def test_an_archive_file_is_filtered_by_host_and_by_a_look(site: Site) -> None:
    hosts = "https://news.example", "https://www.other.example"
    pages = {f"{hosts[n % 2]}/story/{n}": page(n, "2024-03-05", on_topic=n % 3 > 0) for n in range(12)}
    file = warc(site.folder / "news.warc.gz", pages)
    (result,) = site.run(site.errand(via=(), archives=(str(file),))).results
    assert (result.seen, result.set_aside, result.brought.new, result.brought.on_topic) == (12, 4, 8, 8)
    assert site.rows("SELECT DISTINCT source FROM article ORDER BY source") == [("news.example",), ("other.example",)]
    assert site.rows("SELECT count(*) FROM page") == [(8,)], "what is set aside is counted, and kept nowhere"
    assert site.rows("SELECT count(*) FROM link WHERE next_try_at IS NOT NULL OR next_look_at IS NOT NULL") == [(0,)]


def test_of_an_archive_file_the_sources_pages_alone(small: Site) -> None:
    addresses = ("https://news.example/a/1", "https://news.example/about", "https://other.example/a/2")
    file = warc(small.folder / "news.warc", {url: page(n, "2024-03-05") for n, url in enumerate(addresses)}, gzip=False)
    source = small.source(home="https://www.news.example")
    (result,) = small.run(small.errand(source, via=(), archives=(str(file),), every_host=False)).results
    assert (result.seen, result.brought.new) == (1, 1)
    assert small.rows("SELECT source FROM article") == [("site",)]


def test_an_archive_file_at_an_address_is_fetched_and_let_go(small: Site) -> None:
    file = warc(small.folder / "news.warc.gz", {"https://news.example/a/1": page(1, "2024-03-05")})
    small.server.routes["/news.warc.gz"] = reply(file.read_bytes(), content_type="application/warc")
    (result,) = small.run(small.errand(via=(), archives=(f"{small.server.url}/news.warc.gz",))).results
    assert (result.state, result.brought.new) == ("done", 1)
    assert list((small.folder / "var" / "backfill").iterdir()) == []


@pytest.mark.parametrize("bad", ["cut", "no warc", "missing"])
def test_an_archive_file_that_cannot_be_read_says_so(small: Site, bad: str) -> None:
    pages = {f"https://news.example/a/{n}": page(n, "2024-03-05") for n in range(3)}
    file = warc(small.folder / "news.warc.gz", pages)
    body = {"cut": file.read_bytes()[:-200], "no warc": b"hello, this is nothing of the kind\n" * 9, "missing": None}[
        bad
    ]
    file.unlink() if body is None else file.write_bytes(body)
    report = small.run(small.errand(via=(), archives=(str(file),)))
    (result,) = report.results
    assert result.state == "stopped" and result.error and str(file) in result.error
    assert report.nothing_worked


def test_nothing_of_a_source_is_disturbed_and_nobody_is_rung(site: Site) -> None:
    url = site.server.url
    publish(site, 1, 2)
    site.server.routes["/map.xml"] = sitemap(
        (f"{url}/a/1", "2024-03-05"), (f"{url}/a/2", "2024-03-05"), (f"{url}/a/3", "")
    )
    source = site.source(sitemaps=(f"{url}/map.xml",))
    (result,) = site.run(site.errand(source, via=("sitemap",))).results
    assert (result.brought.new, result.brought.failed) == (2, 1)
    assert site.rows("SELECT count(*) FROM source") == [(0,)], "no baseline, no interval"
    assert site.rows("SELECT count(*) FROM outbox") == [(0,)]
    now = datetime.now(UTC)
    store = open_store(site.url, site.folder / "upgrade.lock")
    with store.read() as connection:
        told = periods.period(connection, now - timedelta(days=1), now + timedelta(days=1))
    store.close()
    assert {one.origin for one in told.documents} == {periods.PAST}


def test_old_documents_wait_for_their_tags_behind_new_ones(site: Site) -> None:
    publish(site, 1, 2)
    file = warc(site.folder / "news.warc.gz", {f"https://news.example/a/{n}": page(n, "2024-03-05") for n in (7, 8)})
    site.run(site.errand(via=(), archives=(str(file),)))
    store = open_store(site.url, site.folder / "upgrade.lock")
    with store.write() as connection:
        connection.exec_driver_sql("UPDATE version SET reason = 'new' WHERE article_id = 2")
    now = datetime.now(UTC)
    queue = tags.next(store, "t", lambda: now, version=None, limit=None, lease=timedelta(0))
    assert [task.id for task in queue] == [2, 1]
    behind = tags.next(store, "t", lambda: now, version=None, limit=None, lease=timedelta(0), after=2)
    assert [task.id for task in behind] == [1]
    store.close()


def test_an_estimate_asks_for_first_pages_alone(small: Site) -> None:
    url = small.server.url
    small.server.routes |= {
        "/index.xml": index((f"{url}/one.xml", ""), (f"{url}/two.xml", "")),
        "/one.xml": sitemap((f"{url}/a/1", ""), (f"{url}/a/2", "")),
    }
    file = warc(small.folder / "news.warc.gz", {f"https://news.example/a/{n}": page(n, "2024-03-05") for n in range(5)})
    source = small.source(sitemaps=(f"{url}/index.xml",), min_delay=2)
    errand = small.errand(source, via=("sitemap",), archives=(str(file),))
    site, archive = asyncio.run(estimates.estimate(errand))
    assert (site.requests, site.pages, site.seconds, site.at_least) == (7, 4, 14, False)
    assert (archive.requests, archive.pages) == (0, 5)
    assert not any(path.startswith("/a/") for path in small.server.asked)
    assert not (small.folder / "var").exists(), "an estimate keeps nothing"
