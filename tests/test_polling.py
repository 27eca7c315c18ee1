"""A source's front pages from pass to pass: dead feeds, sitemap indexes, validators that lie, time that runs out."""

from __future__ import annotations

import asyncio
import gzip
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest

from articles.model import Listing, Source
from extractors.web import Limits, Web
from flows import polling
from flows.desk import Desk
from flows.indexes import SITEMAPS
from flows.polling import Poll
from storage.fronts import FrontState
from tests.webserver import Request, Route, WebServer, Wire, reply, serving

START = datetime(2026, 11, 21, 12, tzinfo=UTC)
TLS = httpx.create_ssl_context(trust_env=False)


def feed(*paths: str, **headers: str) -> bytes:
    items = "".join(f"<item><title>Item</title><link>{path}</link></item>" for path in paths)
    body = f'<rss version="2.0"><channel>{items}</channel></rss>'
    return reply(body, 200, content_type="application/rss+xml", **headers)


def home(*feeds: str) -> bytes:
    links = "".join(f'<link rel="alternate" type="application/rss+xml" href="{url}">' for url in feeds)
    return reply(f"<!DOCTYPE html><html><head>{links}</head><body>News</body></html>")


def urlset(*paths: str) -> bytes:
    return reply(f"<urlset>{''.join(f'<url><loc>{path}</loc></url>' for path in paths)}</urlset>")


def index(*children: tuple[str, datetime | None]) -> bytes:
    def said(changed: datetime | None) -> str:
        return f"<lastmod>{changed.isoformat()}</lastmod>" if changed else ""

    inside = "".join(f"<sitemap><loc>{path}</loc>{said(changed)}</sitemap>" for path, changed in children)
    return reply(f"<sitemapindex>{inside}</sitemapindex>")


@dataclass
class Watch:
    """One source on one server, and what is remembered of its front pages from pass to pass."""

    server: WebServer
    now: datetime = START
    known: dict[str, FrontState] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)

    def source(self, *feeds: str, **more: Any) -> Source:
        values = {"min_delay": 0, "sitemaps": tuple(map(self.at, more.pop("sitemaps", ()))), **more}
        return Source(name="a", title="A", feeds=tuple(map(self.at, feeds)), **values)

    def at(self, path: str) -> str:
        return path if "://" in path else self.server.url + path

    def poll(self, source: Source, hours: float = 0.5) -> Poll:
        """A pass, some hours after the one before."""
        self.now += timedelta(hours=hours)
        self.server.requests.clear()

        async def once() -> Poll:
            allowed = frozenset([self.server.netloc])
            web = Web(user_agent="rasid", allowed=allowed, robots=(), now=lambda: self.now, limits=self.limits, tls=TLS)
            async with web:
                desk = cast(Desk, SimpleNamespace(web=web, now=lambda: self.now))
                return await polling.poll(desk, source, self.known)

        polled = asyncio.run(once())
        self.known |= polled.states
        return polled

    @property
    def asked(self) -> list[str]:
        return [path for path in self.server.asked if path != "/robots.txt"]


@pytest.fixture
def watch() -> Iterator[Watch]:
    with serving({}) as server:
        yield Watch(server)


def found(polled: Poll) -> list[str]:
    return ["/" + link.url.partition("://")[2].partition("/")[2] for link in polled.links]


# --- Feeds that are gone


@pytest.mark.parametrize(
    ("dead", "outcome", "asked"),
    [
        (reply("", 404), "gone", ["/rss", "/", "/feed"]),
        (reply("", 410), "gone", ["/rss", "/", "/feed"]),
        (home("/feed"), "broken", ["/rss", "/feed"]),
        (reply("", 302, location="/"), "broken", ["/rss", "/", "/feed"]),
    ],
)
def test_a_dead_feed_is_told_and_the_one_that_the_site_names_is_read(
    watch: Watch, dead: Route, outcome: str, asked: list[str]
) -> None:
    watch.server.routes |= {"/rss": dead, "/": home("/feed"), "/feed": feed("/1", etag='"1"')}
    polled = watch.poll(watch.source("/rss", home=watch.at("/")))
    assert (polled.outcome, found(polled), watch.asked) == (outcome, ["/1"], asked)
    assert polled.error and polled.error.endswith(f"The site names {watch.at('/feed')}, which was read instead.")
    watch.poll(watch.source("/rss", home=watch.at("/")))
    assert watch.server.requests[-1].headers["if-none-match"] == '"1"'


@pytest.mark.parametrize(
    "answer",
    [
        reply("", 403),
        reply("", 429),
        reply("", 500),
        reply("", 302, location="http://10.0.0.1/"),
        reply("<html><title>Just a moment...</title><link rel=alternate type=application/rss+xml href=/feed></html>"),
        reply("<html><head><link rel=alternate type=application/rss+xml href=/feed></head></html>", 403),
        reply("no feed, and no page"),
        reply("<html><body>No feed is named here</body></html>"),
        lambda _, wire: wire.hang_up(),
        lambda _, wire: wire.silence(),
    ],
    ids=range(10),
)
def test_what_is_not_gone_is_not_looked_for(watch: Watch, answer: Route) -> None:
    watch.limits = Limits(front_seconds=0.3)
    watch.server.routes |= {"/rss": answer, "/": home("/feed"), "/feed": feed("/1")}
    polled = watch.poll(watch.source("/rss", home=watch.at("/")))
    assert not polled.links and set(watch.asked) == {"/rss"}
    assert polled.outcome not in ("ok", "unchanged")


def test_the_home_of_dead_feeds_is_asked_once_and_two_feeds_are_enough(watch: Watch) -> None:
    watch.server.routes |= {"/": home("/rss1", "/a", "/b", "/c"), "/a": feed("/1"), "/b": feed("/2"), "/c": feed("/3")}
    polled = watch.poll(watch.source("/rss1", home=watch.at("/")))
    assert (watch.asked, found(polled)) == (["/rss1", "/", "/a", "/b"], ["/1", "/2"])


def test_another_sites_feed_is_not_read(watch: Watch) -> None:
    with serving({"/feed": feed("/1")}) as other:
        foreign = other.url.replace("127.0.0.1", "127.0.0.2")
        watch.server.routes["/"] = home(f"{foreign}/feed", "http://evil.example/feed")
        assert not watch.poll(watch.source("/rss", home=watch.at("/"))).links
    assert watch.asked == ["/rss", "/"] and other.asked == []


def test_where_another_feed_answers_that_is_what_is_said(watch: Watch) -> None:
    watch.server.routes |= {"/": home("/feed"), "/feed": feed("/1"), "/good": feed("/2")}
    polled = watch.poll(watch.source("/rss", "/good", home=watch.at("/")))
    assert (polled.outcome, polled.error, found(polled)) == ("ok", None, ["/1", "/2"])


# --- Sitemap indexes


def children(count: int, *, dated: bool = True) -> list[tuple[str, datetime | None]]:
    return [(f"/s{n}.xml", START - timedelta(days=n) if dated else None) for n in range(count)]


@pytest.mark.parametrize("dated", [True, False])
def test_three_hundred_sitemaps_are_read_in_six_passes(watch: Watch, dated: bool) -> None:
    named = children(300, dated=dated)
    watch.server.routes["/index.xml"] = index(*named)
    watch.server.routes |= {path: urlset(f"/{path[2:-4]}") for path, _ in named}
    source = watch.source(sitemaps=["/index.xml"])
    links: list[str] = []
    for number in range(6):
        polled = watch.poll(source)
        assert watch.asked == ["/index.xml", *(path for path, _ in named[number * 50 : number * 50 + 50])]
        links += found(polled)
    assert links == [f"/{n}" for n in range(300)]
    again = watch.poll(source)
    assert watch.asked == (["/index.xml"] if dated else ["/index.xml", *(path for path, _ in named[:50])])
    assert (again.outcome, again.links) == ("unchanged", ())


def test_a_sitemap_is_read_again_when_its_index_says_that_it_changed(watch: Watch) -> None:
    named = children(120)
    watch.server.routes["/index.xml"] = index(*named)
    watch.server.routes |= {path: urlset(f"/{path[2:-4]}") for path, _ in named}
    source = watch.source(sitemaps=["/index.xml"])
    watch.poll(source)
    named[3] = ("/s3.xml", START + timedelta(hours=1))
    watch.server.routes |= {"/index.xml": index(*named), "/s3.xml": urlset("/news", "/3")}
    assert found(watch.poll(source))[:2] == ["/news", "/3"]
    assert watch.asked[1:] == ["/s3.xml", *(f"/s{n}.xml" for n in range(50, 99))]
    watch.poll(source)
    assert watch.asked[1:] == [f"/s{n}.xml" for n in range(99, 120)]
    watch.poll(replace(source, article_url="news"))
    assert watch.asked[1:4] == ["/s3.xml", "/s0.xml", "/s1.xml"], "read by other rules, all of them are new"


def test_an_index_that_calls_everything_new_is_read_in_turn(watch: Watch) -> None:
    watch.server.routes |= {f"/s{n}.xml": urlset(f"/{n}") for n in range(120)}
    seen: set[str] = set()
    for number in range(4):
        moment = START + timedelta(hours=number)
        named = [(f"/s{n}.xml", moment - timedelta(seconds=n)) for n in range(120)]
        watch.server.routes["/index.xml"] = index(*named)
        watch.poll(watch.source(sitemaps=["/index.xml"]))
        assert "/s0.xml" in watch.asked and len(watch.asked) == 1 + SITEMAPS
        seen.update(watch.asked)
    assert len(seen) == 121


def test_sitemaps_that_fail_hold_nobody_up_and_are_tried_again(watch: Watch) -> None:
    named = children(60)
    watch.server.routes["/index.xml"] = index(*named)
    watch.server.routes |= {path: reply("", 500) for path, _ in named[:50]}
    watch.server.routes |= {path: urlset(f"/{path[2:-4]}") for path, _ in named[50:]}
    source = watch.source(sitemaps=["/index.xml"])
    assert watch.poll(source).outcome == "broken"
    polled = watch.poll(source)
    assert (polled.outcome, len(polled.links)) == ("ok", 10)
    watch.server.routes["/s7.xml"] = urlset("/7")
    assert found(watch.poll(source)) == ["/7"]
    assert watch.poll(source).outcome == "unchanged"
    assert "/s7.xml" not in watch.asked and "/s8.xml" in watch.asked


def test_indexes_of_indexes_are_read_through(watch: Watch) -> None:
    """Two indexes below the first, of forty sitemaps each; a third level of indexes is not gone into."""
    deep = [(f"/i{n}.xml", START - timedelta(days=n)) for n in range(2)]
    watch.server.routes["/index.xml"] = index(*deep)
    for number, (path, _) in enumerate(deep):
        below = [(f"/i{number}s{n}.xml", START - timedelta(days=n)) for n in range(39)]
        watch.server.routes[path] = index(*below, (f"/deeper{number}.xml", START - timedelta(days=99)))
        watch.server.routes[f"/deeper{number}.xml"] = index(("/never.xml", START))
        watch.server.routes |= {child: urlset(child[:-4]) for child, _ in below}
    source = watch.source(sitemaps=["/index.xml"])
    polled = [watch.poll(source) for _ in range(4)]
    assert [len(one.links) for one in polled] == [39 + 8, 31, 0, 0]
    assert watch.asked == ["/index.xml"], "all of it is read"
    assert polled[-1].outcome == "unchanged"


@pytest.mark.parametrize(
    "routes",
    [
        {"/index.xml": index(("/index.xml", START))},
        {"/index.xml": index(("/b.xml", None)), "/b.xml": index(("/index.xml", None), ("/b.xml", START))},
        {"/index.xml": index(("mailto:x", None))},
    ],
    ids=["itself", "in a circle", "nowhere"],
)
def test_an_index_that_leads_nowhere_ends(watch: Watch, routes: dict[str, Route]) -> None:
    watch.server.routes |= routes
    polled = watch.poll(watch.source(sitemaps=["/index.xml"]))
    assert not polled.links and len(watch.asked) <= 2


def test_a_host_that_has_enough_is_asked_for_no_further_sitemap(watch: Watch) -> None:
    watch.server.routes["/index.xml"] = index(*children(20))
    watch.server.routes |= {"/s0.xml": urlset("/0"), "/s1.xml": reply("", 429, retry_after="60")}
    polled = watch.poll(watch.source(sitemaps=["/index.xml"]))
    assert watch.asked == ["/index.xml", "/s0.xml", "/s1.xml"]
    assert (polled.outcome, polled.retry_after, found(polled)) == ("ok", 60.0, ["/0"])


def test_a_packed_sitemap_is_unpacked_whatever_it_is_called(watch: Watch) -> None:
    packed = gzip.compress(b"<urlset><url><loc>/1</loc></url></urlset>")
    watch.server.routes["/index.xml"] = index(("/s.xml.gz", START))
    watch.server.routes["/s.xml.gz"] = reply(packed, content_type="application/octet-stream")
    assert found(watch.poll(watch.source(sitemaps=["/index.xml"]))) == ["/1"]


# --- Validators that lie


def lying(*paths: str, etag: str, always: bool) -> Route:
    """A feed that says "not modified" to whoever has any validator, or keeps its ETag whatever it brings."""

    def answer(request: Request, wire: Wire) -> None:
        theirs = request.headers.get("if-none-match")
        same = theirs is not None and (always or theirs == etag)
        wire.send(reply("", 304) if same else feed(*paths, etag=etag))

    return answer


@pytest.mark.parametrize("always", [True, False], ids=["304 to everybody", "the same ETag"])
def test_validators_that_stay_while_the_page_changes_are_found_out(
    watch: Watch, caplog: pytest.LogCaptureFixture, always: bool
) -> None:
    caplog.set_level(logging.WARNING, "rasid")
    source = watch.source("/feed")
    watch.server.routes["/feed"] = lying("/1", etag='"1"', always=always)
    assert watch.poll(source).outcome == "ok"
    watch.server.routes["/feed"] = lying("/1", "/2", etag='"2"' if always else '"1"', always=always)
    assert watch.poll(source, hours=12).outcome == "unchanged"
    polled = watch.poll(source, hours=12.5)
    assert (polled.outcome, found(polled)) == ("ok", ["/1", "/2"])
    assert watch.known[watch.at("/feed")].frozen_at == watch.now
    watch.server.routes["/feed"] = lying("/3", etag='"2"', always=always)
    assert found(watch.poll(source)) == ["/3"], "from now on every reading is a full one"
    assert not any("if-none-match" in request.headers for request in watch.server.requests)
    assert watch.poll(source).outcome == "unchanged", "the same bytes are still the same"
    watch.poll(replace(source, article_url="/"), hours=48)
    assert watch.known[watch.at("/feed")].frozen_at is not None
    assert [record.message.count(watch.at("/feed")) for record in caplog.records] == [1]


def test_an_honest_server_that_changed_in_time_is_not_suspected(watch: Watch) -> None:
    source = watch.source("/feed")
    watch.server.routes["/feed"] = lying("/1", etag='"1"', always=False)
    watch.poll(source)
    assert watch.poll(source, hours=23).outcome == "unchanged"
    watch.server.routes["/feed"] = lying("/2", etag='"2"', always=False)
    assert found(watch.poll(source, hours=2)) == ["/2"]
    assert watch.known[watch.at("/feed")].frozen_at is None
    assert watch.poll(source).outcome == "unchanged" and watch.known[watch.at("/feed")].validators.etag == '"2"'


def test_validators_are_renewed_on_both_answers(watch: Watch) -> None:
    source, address = watch.source("/feed"), watch.at("/feed")
    watch.server.routes["/feed"] = feed("/1", etag='"1"')
    watch.poll(source)
    watch.server.routes["/feed"] = feed("/1", etag='W/"2"', last_modified="then")
    assert watch.poll(source).outcome == "unchanged"
    assert watch.known[address].validators.etag == 'W/"2"'
    watch.server.routes["/feed"] = b'HTTP/1.1 304 -\r\nETag: "3"\r\n\r\n'
    assert watch.poll(source).outcome == "unchanged"
    assert (watch.known[address].validators.etag, watch.known[address].validators.last_modified) == ('"3"', "then")


def test_what_could_not_be_read_is_not_taken_for_seen(watch: Watch) -> None:
    watch.server.routes["/feed"] = reply("<rss><channel><item><title>cut", etag='"1"')
    assert watch.poll(watch.source("/feed")).outcome == "broken"
    assert watch.known == {}
    assert watch.poll(watch.source("/feed")).outcome == "broken"
    assert "if-none-match" not in watch.server.requests[-1].headers


# --- Time


def test_what_was_read_before_the_time_was_up_counts(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "SECONDS", 0.4)
    watch.server.routes |= {"/index.xml": index(*children(9)), "/s0.xml": urlset("/0"), "/s1.xml": urlset("/1")}
    watch.server.routes |= {"/s2.xml": lambda _, wire: wire.silence(), "/list": reply("<a href=/9>9</a>")}
    listings = (Listing(url=watch.at("/list"), links="a"),)
    polled = watch.poll(watch.source(sitemaps=["/index.xml"], listings=listings))
    assert (polled.outcome, found(polled)) == ("ok", ["/0", "/1"])
    assert watch.asked == ["/index.xml", "/s0.xml", "/s1.xml", "/s2.xml"]


def test_a_turn_ends_whatever_holds_it_up(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "TURN_SECONDS", 0.3)
    watch.server.routes |= {"/robots.txt": reply("User-agent: *\nCrawl-delay: 60"), "/feed": feed("/1")}
    polled = watch.poll(watch.source("/feed"))
    assert (polled.outcome, polled.error) == ("timeout", "Its front pages took longer than 0.3 s.")
