"""A site's own search as a front page: what it is asked for, how its answer is read, links of other services."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles import redirects, topic
from articles.model import Answer, Failure, Rewrite, Search, Source
from articles.queries import MOST, queries
from extractors import discover, searches
from flows import passes, settings
from flows.orders import Order
from flows.passes import Pass
from flows.report import SourceReport
from tests.webserver import Request, Route, WebServer, Wire, reply, serving
from tests.worlds import ROOT

TOPIC = topic.load((ROOT / "topic.toml").read_text("utf-8"), file="topic.toml")
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


# --- What is asked for


@pytest.mark.parametrize(
    ("language", "country", "asked"),
    [
        ("ar", "PS", ("كازاخستان", "كازاخ", "كازخستان", "كزخستان")),
        ("ar", None, ("كازاخستان", "كازاخ", "كازخستان", "كزخستان")),
        ("ar", "QA", ("كازاخستان فلسطين",)),
        ("en", "PS", ("kazakhstan", "kazakhstani", "kazakh", "kazakstan")),
        ("en", "KZ", ("palestine", "palestinian")),
        ("en", None, ("kazakhstan palestine",)),
        ("ru", "KZ", ("палестина", "палестинский", "палестинец", "палестин")),
        ("ru", "RU", ("казахстан палестина",)),
        ("kk", None, ("палестина", "палестиналық", "палестин")),
        ("tr", "TR", ("kazakistan filistin",)),
        ("fr", "PS", ("kazakhstan", "kazakhstanais", "kazakh")),
        ("RU-kz", "kz", ("палестина", "палестинский", "палестинец", "палестин")),
        ("id", "KZ", ()),
        ("id", None, ()),
        (None, "PS", ()),
    ],
)
def test_a_site_is_asked_for_the_other_country(
    language: str | None, country: str | None, asked: tuple[str, ...]
) -> None:
    assert queries(TOPIC, language, country) == asked


def test_a_topic_without_single_words_has_nothing_to_ask_for() -> None:
    bare = topic.load('[palestine.en]\nstrong = ["west bank"]\n[kazakhstan.en]\nstrong = ["Kazakhstan"]', file="t")
    assert queries(bare, "en", "KZ") == queries(bare, "en") == ()
    assert queries(bare, "en", "PS") == ("Kazakhstan",) and MOST > 1


@pytest.mark.parametrize(
    ("template", "query", "page", "address"),
    [
        ("https://a.example/?s={q}", "فلسطين", 1, "https://a.example/?s=%D9%81%D9%84%D8%B3%D8%B7%D9%8A%D9%86"),
        ("https://a.example/{q}/{n}", "a b/c?d&e", 3, "https://a.example/a%20b%2Fc%3Fd%26e/3"),
        ("https://a.example/?p={n}&s={q}", "{n}", 2, "https://a.example/?p=2&s=%7Bn%7D"),
    ],
)
def test_an_address_is_the_template_filled(template: str, query: str, page: int, address: str) -> None:
    assert searches.address(Search(url=template), query, page) == address


# --- Answers in JSON


def read(body: object, search: Search, **changes: Any) -> discover.Front | Failure:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    url = "https://a.example/api?q=x"
    answer = Answer(asked=url, url=url, status=200, content_type="application/json", body=raw, fetched_at=NOW)
    return discover.found(answer, Source(name="a", title="A", **changes), NOW, search=search)


GDELT = Search(url="https://a.example/api?q={q}", form="json", items="articles", link="url", title="title")
DEEP = Search(url="https://a.example/api?q={q}", form="json", items="d.0.list", link="a.b", title="t", date="at")


@pytest.mark.parametrize(
    ("search", "body", "found"),
    [
        (GDELT, {"articles": [{"url": "https://b.example/1", "title": "T"}]}, [("https://b.example/1", "T", None)]),
        (GDELT, {"articles": [{"url": 3}, "x", None, {}, {"url": "/2"}]}, [("https://a.example/2", None, None)]),
        (replace(GDELT, items=None), [{"url": "/1"}], [("https://a.example/1", None, None)]),
        (
            DEEP,
            {"d": [{"list": [{"a": {"b": "/1"}, "t": "A &amp; B", "at": "2026-11-20T10:00:00+05:00"}]}]},
            [("https://a.example/1", "A & B", "2026-11-20T10:00:00+05:00")],
        ),
    ],
)
def test_the_links_of_a_json_answer(search: Search, body: object, found: list[tuple[str, str, str | None]]) -> None:
    front = read(body, search)
    assert isinstance(front, discover.Front)
    said = [(link.url, link.title, link.published and link.published.at.isoformat()) for link in front.links]
    assert said == found


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ({"articles": []}, "empty"),
        ({"articles": [{"url": ""}]}, "empty"),
        ({"articles": {}}, "broken"),
        ({}, "broken"),
        (["articles"], "broken"),
        (b"", "broken"),
        (b"<html>no</html>", "broken"),
        (b'{"articles": [' + b"[" * 100_000, "broken"),
        (b"\xff\xfe", "broken"),
    ],
    ids=range(9),
)
def test_what_is_no_json_answer(body: object, outcome: str) -> None:
    front = read(body, GDELT)
    assert isinstance(front, Failure) and front.outcome == outcome


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.sampled_from(["articles", "url", "title", "d", "a", "b"]), inner)
    ),
)


@given(JSON, st.sampled_from([GDELT, DEEP, replace(GDELT, items=None), replace(DEEP, items="articles.0")]))
def test_any_json_is_read_or_refused(body: object, search: Search) -> None:
    assert isinstance(read(body, search), discover.Front | Failure)


# --- Addresses that are not the publisher's own


def token(address: bytes) -> str:
    return (
        base64.urlsafe_b64encode(b"\x08\x13\x22" + bytes([len(address)]) + address + b"\xd2\x01\x00")
        .decode()
        .rstrip("=")
    )


PUBLISHER = "https://news.example/post/1"


@pytest.mark.parametrize(
    ("address", "leads"),
    [
        (PUBLISHER, PUBLISHER),
        (f"https://news.google.com/rss/articles/{token(PUBLISHER.encode())}?oc=5", PUBLISHER),
        (f"https://news.google.com/articles/{token(PUBLISHER.encode())}", PUBLISHER),
        (f"https://news.google.com/rss/articles/{token(b'AU_yqLN' * 9)}?oc=5", None),
        ("https://news.google.com/rss/articles/CBMiaaaaaaaaaaaaaaaaaaaaaaaaa", None),
        (f"https://www.google.com/url?rct=j&url={PUBLISHER}&ct=ga", PUBLISHER),
        ("https://www.google.com/url?url=javascript:alert(1)", None),
        ("https://www.google.com/about", "https://www.google.com/about"),
        ("https://google.example/url?url=http://x/", "https://google.example/url?url=http://x/"),
        ("http://[", "http://["),
    ],
)
def test_where_a_services_link_leads(address: str, leads: str | None) -> None:
    assert redirects.target(address) == leads


@given(st.text() | st.builds("https://news.google.com/articles/{}".format, st.text("ABYZabyz0189_-", min_size=18)))
def test_any_link_leads_somewhere_or_nowhere(address: str) -> None:
    leads = redirects.target(address)
    assert leads is None or leads == address or leads.startswith("http")


def test_addresses_are_led_to_the_one_to_fetch() -> None:
    items = [{"url": url} for url in ("/amp/news/1", "https://b.example/amp/news/2", "/news/1")]
    front = read({"articles": items}, GDELT, canonical=Rewrite(find=r"(\.example)/amp/", put=r"\1/"))
    assert isinstance(front, discover.Front)
    assert [link.url for link in front.links] == ["https://a.example/news/1", "https://b.example/news/2"]


# --- A whole pass


TEXT = [
    "The ambassador of Palestine met the deputy foreign minister of Kazakhstan in Astana on Friday morning.",
    "Both sides spoke about scholarships, trade and a second round of consultations between the ministries.",
]


@dataclass
class Watch:
    """One installation that reads one source of one server."""

    server: WebServer
    order: Order

    def ingest(self, *found: Search, **changes: Any) -> dict[str, Any]:
        values = {"language": "en", "country": "KZ", "interval": 0, "min_delay": 0, **changes}
        source = Source(name="a", title="A", searches=found, **values)
        self.server.requests.clear()

        async def read_all(current: Pass) -> list[SourceReport]:
            return await passes.side_by_side(current, list(current.claims), lambda report: None)

        order = replace(self.order, wanted=(source,), catalogue=(source,), force=True)
        report: dict[str, Any] = asyncio.run(passes.run(order, read_all)).json()["sources"][0]
        return report

    @property
    def asked(self) -> list[str]:
        return [unquote(path) for path in self.server.asked if path != "/robots.txt"]

    def at(self, path: str) -> str:
        return self.server.url + path


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Watch]:
    with serving({"/robots.txt": reply("", 404)}) as server:
        own = settings.load({}).within(tmp_path, catalogue=tmp_path, allowed=frozenset([server.netloc]))
        yield Watch(server, Order(settings=own, catalogue=(), topic=TOPIC, wanted=()))


def page(*paragraphs: str) -> bytes:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return reply(f"<html><body><h1>Envoy visits the capital</h1>{text}</body></html>")


def test_searches_are_read_like_front_pages(watch: Watch) -> None:
    hits = '<div class="hit"><a href="/news/1">Envoy</a></div><a href="/about">About</a>'

    def html(request: Request, wire: Wire) -> None:
        same = request.headers.get("if-none-match") == '"1"'
        wire.send(reply("", 304) if same else reply(hits, etag='"1"'))

    rss = "<rss><channel><item><title>T</title><link>/news/2</link></item></channel></rss>"
    answer = json.dumps({"data": {"list": [{"at": "/news/1"}, {"at": "/news/3"}]}})
    watch.server.routes |= {
        "/find": html,
        "/feed/": reply(rss, content_type="application/rss+xml"),
        "/api": reply(answer, content_type="application/json"),
        "/news/1": page(*TEXT),
        "/news/2": page("A hospital in Almaty has opened its doors to the public again.", TEXT[1]),
        "/news/3": reply("", 500),
    }
    found = (
        Search(url=watch.at("/find?q={q}&page={n}"), links=".hit"),
        Search(url=watch.at("/feed/?s={q}"), form="feed"),
        Search(url=watch.at("/api?q={q}"), form="json", items="data.list", link="at"),
    )
    first = watch.ingest(*found)
    fronts = [f"{path}{word}" for path in ("/find?q=", "/feed/?s=", "/api?q=") for word in ("palestine", "palestinian")]
    assert [path.removesuffix("&page=1") for path in watch.asked[:6]] == fronts
    counts = ("outcome", "discovered", "fetched", "new", "on_topic", "failed")
    assert [first[count] for count in counts] == ["ok", 3, 3, 2, 1, 1]
    again = watch.ingest(*found)
    assert (again["outcome"], again["new"]) == ("unchanged", 0)
    assert watch.asked[6:] == ["/news/3"], "only what failed is asked for again"
    other = watch.ingest(replace(found[0], links="a"), article_url="about")
    assert (other["outcome"], other["discovered"]) == ("ok", 1), "read by other rules, the same bytes are new"


def test_a_sources_own_queries_go_before_the_topics(watch: Watch) -> None:
    watch.server.routes["/find"] = reply("<a class=hit href=/news/1>Envoy</a>")
    report = watch.ingest(Search(url=watch.at("/find?q={q}"), links=".hit"), queries=("Газа", "x & y", "Газа"))
    assert watch.asked[:2] == ["/find?q=Газа", "/find?q=x & y"] and report["discovered"] == 1


def test_a_search_without_hits_is_no_failure_and_one_without_words_is_told(watch: Watch) -> None:
    watch.server.routes["/find"] = reply("<p>Nothing was found.</p>")
    search = Search(url=watch.at("/find?q={q}"), links=".hit")
    assert watch.ingest(search)["outcome"] == "empty"
    told = watch.ingest(search, language="id")
    assert (told["outcome"], watch.asked) == ("empty", [])
    assert told["error"] == 'The topic has no words in "id" to ask its search for; give the source queries.'


def feed(*paths: str) -> bytes:
    items = "".join(f"<item><title>T</title><link>{path}</link></item>" for path in paths)
    return reply(f"<rss><channel>{items}</channel></rss>", content_type="application/rss+xml")


@pytest.mark.parametrize(
    ("front", "find", "asked"),
    [
        (feed("/1"), reply("", 429), ["/feed", "/find?q=palestine"]),
        (feed("/1"), reply("", 403), ["/feed", "/find?q=palestine", "/1"]),
        (feed("/1"), reply("", 404), ["/feed", "/find?q=palestine", "/find?q=palestinian", "/1"]),
        (reply("", 404), feed("/1"), ["/feed", "/find?q=palestine", "/find?q=palestinian", "/1"]),
        (reply("", 429), feed("/1"), ["/feed"]),
        (lambda _, wire: wire.reset(), feed("/1"), ["/feed"]),
    ],
    ids=["busy", "forbidden", "gone", "no feed", "busy feed", "no answer"],
)
def test_a_site_that_has_enough_is_searched_no_further(
    watch: Watch, front: Route, find: Route, asked: list[str]
) -> None:
    watch.server.routes |= {"/feed": front, "/find": find}
    watch.ingest(Search(url=watch.at("/find?q={q}"), form="feed"), feeds=(watch.at("/feed"),))
    assert list(dict.fromkeys(watch.asked)) == asked


def test_google_is_never_asked_for_an_article(watch: Watch) -> None:
    hidden = f"https://news.google.com/rss/articles/{token(watch.at('/news/1').encode())}?oc=5"
    opaque = f"https://news.google.com/rss/articles/{token(b'AU_yqLN' * 9)}?oc=5"
    watch.server.routes |= {"/rss/search": feed(hidden, opaque), "/news/1": page(*TEXT)}
    report = watch.ingest(Search(url=watch.at("/rss/search?q={q}"), form="feed"))
    assert (report["discovered"], report["fetched"], report["new"], report["failed"]) == (1, 1, 1, 0)
