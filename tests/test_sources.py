"""A pass over sources as they come: failing pages, reprints, politeness; in one process, over real HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from articles import topic
from articles.model import Listing, Source
from flows import orders, passes, settings
from flows.orders import Order
from flows.passes import Pass
from flows.report import SourceReport
from flows.stores import opened
from storage import views
from storage.database import StorageError
from tests.webserver import Request, WebServer, Wire, reply, serving

pytestmark = pytest.mark.installation

TEXT = [
    "The ambassador of Palestine met the deputy foreign minister of Kazakhstan in Astana on Friday morning.",
    "Both sides spoke about scholarships, trade and a second round of consultations between the ministries.",
    "They agreed to meet again before the end of the year, and to open a joint exhibition in the capital.",
]
OTHER = [
    "Forty tonnes of flour left Aktau for the crossing at Rafah, the port's harbour master told reporters.",
    "The ship is to call at two more harbours before it unloads, and bakers in the Strip wait for it since June.",
]
THIRD = [
    "A choir of pupils from Ramallah sang in the theatre of Shymkent, to a house that was sold out for weeks.",
    "Its conductor said that the songs were chosen by the children, and that none of them had flown before.",
]


def page(*paragraphs: str, title: str = "Envoy visits") -> bytes:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return reply(f"<html><body><h1>{title}</h1>{text}</body></html>")


def feed(*paths: str, **headers: str) -> bytes:
    items = "".join(f"<item><title>Item</title><link>{path}</link></item>" for path in paths)
    body = f'<?xml version="1.0"?><rss version="2.0"><channel><title>F</title>{items}</channel></rss>'
    return reply(body, content_type="application/rss+xml", **headers)


@dataclass
class Desk:
    """An installation without documents that watches one server."""

    server: WebServer
    order: Order

    def ingest(self, *sources: Source, force: bool = False) -> dict[str, Any]:
        order = replace(self.order, wanted=sources, catalogue=sources, force=force)

        async def read_all(current: Pass) -> list[SourceReport]:
            return await passes.side_by_side(current, list(current.claims), lambda report: None)

        return asyncio.run(passes.run(order, read_all)).json()

    def source(self, name: str = "a", **changes: Any) -> Source:
        values = {"feeds": (f"{self.server.url}/feed",), "interval": 0, "min_delay": 0, **changes}
        return Source(name=name, title=name, **values)

    def show(self, wanted: str) -> dict[str, Any] | None:
        with opened(self.order.settings) as store, store.read() as connection:
            found = views.find(connection, wanted)
            return None if found is None else views.whole(connection, found)


@pytest.fixture
def desk(tmp_path: Path, database_url: str) -> Iterator[Desk]:
    with serving({"/robots.txt": reply("", 404)}) as server:
        own = settings.load({}).within(tmp_path, catalogue=tmp_path, allowed=frozenset([server.netloc]))
        known = replace(own, database_url=database_url)
        yield Desk(server, Order(settings=known, catalogue=(), topic=orders.topic_of(known), wanted=()))


def test_a_page_that_failed_is_tried_again_when_the_front_page_is_unchanged(desk: Desk) -> None:
    desk.server.routes |= {"/feed": feed("/1", "/2"), "/1": reply("later", 500), "/2": page(*TEXT)}
    first = desk.ingest(desk.source())["totals"]
    assert (first["discovered"], first["fetched"], first["new"], first["failed"]) == (2, 2, 1, 1)
    desk.server.routes["/1"] = page(*TEXT[:2], "Now it answers, with an article that nobody has seen before at all.")
    again = desk.ingest(desk.source())
    assert again["sources"][0]["outcome"] == "unchanged"
    assert (again["totals"]["fetched"], again["totals"]["new"]) == (1, 1)


def test_reprints_are_sightings_and_are_not_fetched_again(desk: Desk) -> None:
    noisy = page(TEXT[0], TEXT[1], "photo-123.jpg", TEXT[2], title="Another headline for the same words")
    desk.server.routes |= {"/feed": feed("/1", "/2"), "/1": page(*TEXT), "/2": noisy}
    report = desk.ingest(desk.source())
    assert (report["totals"]["new"], report["totals"]["duplicates"], report["totals"]["on_topic"]) == (1, 1, 1)
    assert len(report["corpus"]["added"]) == 1
    shown = desk.show(f"{desk.server.url}/2?utm_source=x")
    assert shown and {s["url"] for s in shown["sightings"]} == {f"{desk.server.url}/{n}" for n in (1, 2)}
    other = desk.ingest(desk.source("b", feeds=(f"{desk.server.url}/feed?b",)))
    assert (other["totals"]["known"], other["totals"]["fetched"]) == (2, 0)


def test_an_article_is_found_under_every_address_it_was_seen_at(desk: Desk) -> None:
    moved = reply("", 301, location="/final/1/")
    desk.server.routes |= {"/feed": feed("/old?id=1&utm_source=rss"), "/old": moved, "/final/1/": page(*TEXT)}
    assert desk.ingest(desk.source())["totals"]["new"] == 1
    for address in ("/old?id=1", "/old?utm_campaign=x&id=1", "/final/1", "/final/1/?fbclid=y"):
        assert desk.show(desk.server.url + address), address
    assert desk.show(f"{desk.server.url}/old?id=2") is None


def test_all_front_pages_are_read_and_one_that_answers_is_enough(desk: Desk) -> None:
    listing = '<div><a class="x" href="/2">Second</a><a href="/3">No</a></div>'
    sitemap = f"<urlset><url><loc>{desk.server.url}/4</loc></url></urlset>"
    desk.server.routes |= {
        "/feed": feed("/1"),
        "/dead": reply("", 404),
        "/list": reply(listing),
        "/sitemap.xml": reply(sitemap, content_type="text/xml"),
    }
    source = desk.source(
        feeds=(f"{desk.server.url}/dead", f"{desk.server.url}/feed"),
        sitemaps=(f"{desk.server.url}/sitemap.xml",),
        listings=(Listing(url=f"{desk.server.url}/list", links="a.x"),),
    )
    (told,) = desk.ingest(source)["sources"]
    assert (told["outcome"], told["discovered"], told["fetched"], told["failed"]) == ("ok", 3, 3, 3)


def test_a_feed_that_moved_is_told_as_gone_and_its_articles_come_in_all_the_same(desk: Desk) -> None:
    link = '<link rel="alternate" type="application/rss+xml" href="/new-feed">'
    desk.server.routes |= {"/feed": reply("", 410), "/": reply(f"<html><head>{link}</head></html>")}
    desk.server.routes |= {"/new-feed": feed("/1", etag='"1"'), "/1": page(*TEXT)}
    source = desk.source(home=f"{desk.server.url}/")
    (told,) = desk.ingest(source)["sources"]
    assert (told["outcome"], told["http"], told["discovered"], told["new"]) == ("gone", 410, 1, 1)
    assert told["error"].endswith(f"The site names {desk.server.url}/new-feed, which was read instead.")
    (again,) = desk.ingest(source)["sources"]
    assert (again["outcome"], again["discovered"], again["fetched"]) == ("gone", 0, 0)
    with opened(desk.order.settings) as store, store.read() as connection:
        assert connection.execute(text("SELECT failures FROM source")).scalar() == 0, "it is read, so it is not slowed"


def test_an_index_is_followed_to_its_sitemaps(desk: Desk) -> None:
    url = desk.server.url
    children = "".join(f"<sitemap><loc>{url}/s{n}.xml</loc></sitemap>" for n in (1, 2))
    index = f"<sitemapindex>{children}</sitemapindex>"
    desk.server.routes["/index.xml"] = reply(index, content_type="text/xml")
    for n in (1, 2):
        body = f"<urlset><url><loc>{url}/{n}</loc></url></urlset>"
        desk.server.routes[f"/s{n}.xml"] = reply(body, content_type="text/xml")
    source = desk.source(feeds=(), sitemaps=(f"{url}/index.xml",))
    assert desk.ingest(source)["sources"][0]["discovered"] == 2
    (again,) = desk.ingest(source)["sources"]
    assert (again["outcome"], again["discovered"]) == ("unchanged", 0)


def test_a_servers_wish_to_be_left_alone_outlasts_force(desk: Desk) -> None:
    desk.server.routes["/feed"] = reply("", 429, retry_after="3600")
    (told,) = desk.ingest(desk.source())["sources"]
    assert (told["outcome"], told["http"]) == ("rate-limited", 429) and told["error"]
    asked = len(desk.server.requests)
    (forced,) = desk.ingest(desk.source(), force=True)["sources"]
    assert forced["outcome"] == "rate-limited" and forced["error"]
    assert len(desk.server.requests) == asked


def test_429_on_a_page_ends_the_visit_and_loses_nothing(desk: Desk) -> None:
    desk.server.routes |= {"/feed": feed("/1", "/2", "/3"), "/1": reply("", 429)}
    desk.server.routes |= {"/2": page(*TEXT[:2]), "/3": page(*OTHER)}
    (told,) = desk.ingest(desk.source())["sources"]
    assert (told["outcome"], told["fetched"], told["failed"]) == ("ok", 1, 1)
    desk.server.routes["/1"] = page(*THIRD)
    assert desk.ingest(desk.source(), force=True)["totals"]["new"] == 3


def test_robots_are_read_first_and_kept_for_a_day(desk: Desk) -> None:
    desk.server.routes |= {
        "/robots.txt": reply("User-agent: rasid\nDisallow: /private/", content_type="text/plain"),
        "/feed": feed("/private/1", "/2"),
        "/2": page(*TEXT),
    }
    report = desk.ingest(desk.source())
    assert (report["totals"]["fetched"], report["totals"]["failed"]) == (1, 1)
    desk.ingest(desk.source())
    assert desk.server.asked[0] == "/robots.txt" and desk.server.asked.count("/robots.txt") == 1
    assert not [path for path in desk.server.asked if path.startswith("/private")]
    agents = {request.headers["user-agent"] for request in desk.server.requests}
    assert all("rasid" in agent for agent in agents)


def test_a_host_is_asked_by_one_at_a_time_with_its_delay(desk: Desk) -> None:
    desk.server.routes |= {"/feed": feed("/1"), "/other": feed("/2"), "/1": page(*TEXT)}
    other = desk.source("b", feeds=(f"{desk.server.url}/other",), min_delay=1)
    desk.ingest(desk.source(min_delay=1), other)
    times = [request.at for request in desk.server.requests]
    assert len(times) == 5
    assert min(later - earlier for earlier, later in pairwise(times)) >= 0.99
    assert desk.server.most_at_once == 1


def test_a_private_address_is_refused(desk: Desk) -> None:
    (told,) = desk.ingest(desk.source(feeds=("http://127.1/feed", "http://10.0.0.1/feed")))["sources"]
    assert told["outcome"] == "refused" and told["error"]


def test_a_page_without_an_article_is_told_and_waits(desk: Desk) -> None:
    desk.server.routes |= {"/feed": feed("/1", "/2"), "/1": reply("<html><body><script>x()</script></body></html>")}
    desk.server.routes["/2"] = reply(b"%PDF-1.7 \x00\x01\x02" * 400, content_type="application/pdf")
    told = desk.ingest(desk.source())["totals"]
    assert (told["fetched"], told["new"], told["failed"]) == (2, 0, 2)


def test_a_source_whose_rules_break_costs_itself_alone(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.server.routes |= {"/feed": feed("/1"), "/1": page(*TEXT)}
    bad = desk.source("b", timezone="No/Where")
    report = desk.ingest(bad, desk.source())
    assert [s["outcome"] for s in report["sources"]] == ["broken", "ok"] and report["sources"][0]["error"]


def test_a_corpus_folder_that_cant_be_written_ends_the_pass(desk: Desk) -> None:

    def spoil(request: Request, wire: Wire) -> None:
        desk.order.settings.corpus.write_text("a file where the folder should be")
        wire.send(page(*TEXT))

    desk.server.routes |= {"/feed": feed("/1"), "/1": spoil}
    with pytest.raises(StorageError, match="corpus"):
        desk.ingest(desk.source())
    desk.order.settings.corpus.unlink()
    report = desk.ingest(desk.source())
    assert report["totals"]["known"] == 1, "what was stored is stored"
    assert len(list(desk.order.settings.corpus.iterdir())) == 1, "and the file that was owed is written"


def test_an_unchanged_page_is_read_again_when_the_catalogue_reads_it_otherwise(desk: Desk) -> None:
    listing = '<a class="x" href="/1">One</a><a class="y" href="/2">Two</a>'
    desk.server.routes["/list"] = reply(listing, etag='"same"')
    listings = [(Listing(url=f"{desk.server.url}/list", links=selector),) for selector in ("a.x", "a.x, a.y")]
    sources = [desk.source(feeds=(), listings=each) for each in listings]
    found = [desk.ingest(source)["sources"][0] for source in (sources[0], sources[0], sources[1])]
    assert [(told["outcome"], told["discovered"]) for told in found] == [("ok", 1), ("unchanged", 0), ("ok", 2)]


def test_a_page_that_nobody_could_foresee_costs_itself_alone(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.server.routes |= {"/feed": feed("/1", "/2"), "/1": page(*TEXT), "/2": page(*OTHER, "Poison stands here.")}
    judge = topic.judge

    def stumble(*words: Any, text: str, **more: Any) -> Any:
        if "Poison" in text:
            raise RuntimeError("nobody thought of this")
        return judge(*words, text=text, **more)

    monkeypatch.setattr(topic, "judge", stumble)
    (told,) = desk.ingest(desk.source())["sources"]
    assert (told["outcome"], told["new"], told["failed"]) == ("ok", 1, 1)
    monkeypatch.undo()
    assert desk.ingest(desk.source())["totals"]["new"] == 1


@pytest.mark.parametrize("length", [1_500, 5_000])
def test_an_address_of_any_length_is_no_trouble(desk: Desk, length: int) -> None:
    long = f"/{'x' * length}"
    desk.server.routes |= {"/feed": feed("/1"), "/1": reply("", 302, location=long), long: page(*TEXT)}
    assert desk.ingest(desk.source())["totals"]["new"] == 1
    assert desk.show(desk.server.url + long)


def test_letters_that_no_text_needs_cost_no_article(desk: Desk) -> None:
    items = "<item><title>A\x00\x01\u202e title</title><link>/1</link><description>\x00\ufffe</description></item>"
    body = f'<rss version="2.0"><channel>{items}</channel></rss>'.encode()
    desk.server.routes["/feed"] = reply(body, content_type="application/rss+xml", etag='"\xff\xfe"')
    desk.server.routes["/1"] = page(TEXT[0] + "\x00\u202e\u2066", *TEXT[1:], title="Envoy\x00 \u202evisits\x07")
    assert desk.ingest(desk.source())["totals"]["new"] == 1
    shown = desk.show(f"{desk.server.url}/1")
    assert shown and shown["title"] == "Envoy visits" and shown["text"] == "\n".join(TEXT)
    assert desk.ingest(desk.source())["sources"][0]["outcome"] == "unchanged"
