import asyncio
import dataclasses
import gzip
import ipaddress
import random
import socket
import ssl
import threading
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import brotli  # type: ignore[import-untyped]
import h2.config
import h2.connection
import h2.events
import httpx
import pytest
import zstandard

from articles.model import Answer, Failure, NotModified, Outcome, RobotsFile, Validators
from extractors.turns import Clock
from extractors.web import Limits, Web, user_agent
from tests.webserver import Request, Route, WebServer, Wire, reply, serving, talking

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
PATIENT = Limits(front_bytes=10_000, page_bytes=20_000)
HASTY = dataclasses.replace(PATIENT, front_seconds=0.4, page_seconds=0.4)
CHALLENGE = "<html><head><title>Just a moment...</title></head><body><form id=challenge-form></form></body></html>"
ARTICLE = "<html><body><article>" + "<p>Абай</p>" * 300 + "</article></body></html>"


TLS = httpx.create_ssl_context(trust_env=False)  # takes 20 ms, so all clients here share it


def no_names(host: str, port: int) -> list[str]:
    raise OSError(f"{host} is not asked for outside")


def client(*allowed: WebServer | str, **more: Any) -> Web:
    """A client that may read these servers or hosts; the other settings as `Web` has them."""
    opened = frozenset(one if isinstance(one, str) else one.netloc for one in allowed)
    usual = {"user_agent": user_agent("desk@example.org"), "robots": (), "limits": PATIENT, "tls": TLS}
    return Web(allowed=opened, **{**usual, "now": lambda: NOW, "resolver": no_names, **more})


def fetch(web: Web, *urls: str, min_delay: float = 0) -> list[Answer | Failure]:
    async def all_of_them() -> list[Answer | Failure]:
        async with web:
            return [await web.page(url, min_delay=min_delay) for url in urls]

    return asyncio.run(all_of_them())


def ask(web: Web, url: str, validators: Validators | None = None) -> Answer | NotModified | Failure:
    async def once() -> Answer | NotModified | Failure:
        async with web:
            return await web.front(url, min_delay=0, validators=validators)

    return asyncio.run(once())


def bomb(size: int) -> bytes:
    return gzip.compress(bytes(size))


NOTHING = gzip.compress(b"")[:10]  # gzip's header; empty blocks may follow for ever


def raw(head: str, body: bytes = b"") -> Callable[[Request, Wire], None]:
    """Just these bytes, then the end of the connection."""

    def answer(_: Request, wire: Wire) -> None:
        wire.send(head.replace("\n", "\r\n").encode("latin-1") + body)
        wire.hang_up()

    return answer


def drip_head(_: Request, wire: Wire) -> None:
    wire.drip(b"HTTP/1.1 200 -\r\n" + b"X-Slow: 1\r\n" * 100, 0.02)


def drip_body(_: Request, wire: Wire) -> None:
    wire.send(b"HTTP/1.1 200 -\r\nContent-Type: text/html\r\n\r\n")
    wire.drip(b"a" * 100, 0.02)


def reset_at_once(_: Request, wire: Wire) -> None:
    wire.reset()


def reset_in_the_body(_: Request, wire: Wire) -> None:
    wire.send(b"HTTP/1.1 200 -\r\nContent-Length: 900\r\n\r\nhalf")
    wire.reset()


def endless_empty_blocks(_: Request, wire: Wire) -> None:
    """A gzip stream that never ends and never gives a byte."""
    wire.send(b"HTTP/1.1 200 -\r\nContent-Encoding: gzip\r\n\r\n" + NOTHING)
    wire.send(b"\x00\x00\x00\xff\xff" * 100_000)
    wire.silence()


ZIPPED = gzip.compress(ARTICLE.encode())
BLOCKED, BROKEN, FORBIDDEN, GONE = Outcome.BLOCKED, Outcome.BROKEN, Outcome.FORBIDDEN, Outcome.GONE
LIMITED, REFUSED, TIMEOUT, LARGE = Outcome.RATE_LIMITED, Outcome.REFUSED, Outcome.TIMEOUT, Outcome.TOO_LARGE
UNREACHABLE = Outcome.UNREACHABLE
CAPTCHA = '<html><body><form action="/verify"><div class="g-recaptcha"></div></form></body></html>'

# what the server does; outcome; HTTP status in the failure; a word of the sentence
HOSTILE: dict[str, tuple[Route, Outcome, int | None, str]] = {
    "not found": (reply("", 404), GONE, 404, "404"),
    "gone": (reply("", 410), GONE, 410, "410"),
    "unauthorised": (reply("", 401), FORBIDDEN, 401, "401"),
    "forbidden": (reply("no", 403), FORBIDDEN, 403, "403 (Forbidden)"),
    "forbidden in bad gzip": (reply("no", 403, content_encoding="gzip"), FORBIDDEN, 403, "403 (Forbidden)"),
    "gone at great length": (reply(b"a" * 200_000, 404), GONE, 404, "404"),
    "legal reasons": (reply("", 451), FORBIDDEN, 451, "451"),
    "rate limit": (reply("", 429, retry_after="120"), LIMITED, 429, "429"),
    "server error": (reply("oops", 500), BROKEN, 500, "500"),
    "bad gateway": (reply("", 502), BROKEN, 502, "502"),
    "maintenance": (reply("", 503, retry_after="30"), BROKEN, 503, "503"),
    "teapot": (reply("", 418), BROKEN, 418, "418"),
    "unknown status": (reply("", 799), BROKEN, 799, "799"),
    "no content": (raw("HTTP/1.1 204 -\n\n"), BROKEN, 204, "204"),
    "part": (reply("part", 206), BROKEN, 206, "206"),
    "304 not asked for": (raw("HTTP/1.1 304 -\n\n"), BROKEN, 304, "304"),
    "redirect to nowhere": (reply("", 302), BROKEN, 302, "302"),
    "switching protocols": (raw("HTTP/1.1 101 -\nUpgrade: x\nConnection: upgrade\n\n"), BROKEN, None, "HTTP"),
    "challenge": (reply(CHALLENGE, 403), BLOCKED, 403, "Cloudflare"),
    "challenge in gzip": (reply(gzip.compress(CHALLENGE.encode()), 403, content_encoding="gzip"), BLOCKED, 403, ""),
    "login of a network": (reply("", 511), UNREACHABLE, 511, "login"),
    "too large": (reply(b"a" * 20_001), LARGE, None, "larger"),
    "too large, said": (raw("HTTP/1.1 200 -\nContent-Length: 99999999\n\n"), LARGE, None, "larger"),
    "too large, chunked": (
        raw("HTTP/1.1 200 -\nTransfer-Encoding: chunked\n\n", b"4e20\r\n" + b"a" * 20_000 + b"\r\n1\r\na\r\n0\r\n\r\n"),
        LARGE,
        None,
        "larger",
    ),
    "bomb": (reply(bomb(10**7), content_encoding="gzip"), LARGE, None, "larger"),
    "bomb in deflate": (reply(zlib.compress(bytes(10**7)), content_encoding="deflate"), LARGE, None, "larger"),
    "bomb in a bomb": (reply(gzip.compress(bomb(10**8)), content_encoding="gzip, gzip"), LARGE, None, "larger"),
    "gzip without content": (endless_empty_blocks, LARGE, None, "larger"),
    "bomb of nothing": (
        reply(gzip.compress(NOTHING + b"\x00\x00\x00\xff\xff" * 100_000), content_encoding="gzip, gzip"),
        LARGE,
        None,
        "larger",
    ),
    "cut gzip": (reply(ZIPPED[:-9], content_encoding="gzip"), BROKEN, None, "cut short"),
    "no gzip": (reply("plain", content_encoding="gzip"), BROKEN, None, "decoded"),
    "three times over": (reply(ZIPPED, content_encoding="gzip, gzip, gzip"), BROKEN, None, "3 times"),
    "bomb in brotli": (reply(brotli.compress(bytes(10**7)), content_encoding="br"), LARGE, None, "larger"),
    "bomb in zstd": (reply(zstandard.compress(bytes(10**7)), content_encoding="zstd"), LARGE, None, "larger"),
    "bomb in gzip in brotli": (
        reply(brotli.compress(bomb(10**7)), content_encoding="gzip, br"), LARGE, None, "larger"
    ),
    "cut brotli": (reply(brotli.compress(ARTICLE.encode())[:-3], content_encoding="br"), BROKEN, None, "cut short"),
    "cut zstd": (reply(zstandard.compress(ARTICLE.encode())[:-3], content_encoding="zstd"), BROKEN, None, "cut short"),
    "cut within": (reply(brotli.compress(ZIPPED[:-9]), content_encoding="gzip, br"), BROKEN, None, "cut short"),
    "no brotli": (reply("plain text, not so", content_encoding="br"), BROKEN, None, "decoded"),
    "no zstd": (reply("plain text, not so", content_encoding="zstd"), BROKEN, None, "decoded"),
    "compress": (reply(b"\x1f\x9d", content_encoding="compress"), BROKEN, None, "'compress'"),
    "odd encoding": (reply(b"x", content_encoding="\xff\x01" * 50), BROKEN, None, "compressed as"),
    "short body": (raw("HTTP/1.1 200 -\nContent-Length: 900\n\n", b"half"), BROKEN, None, "middle"),
    "cut chunks": (raw("HTTP/1.1 200 -\nTransfer-Encoding: chunked\n\n", b"9\r\nhal"), BROKEN, None, "middle"),
    "bad chunks": (raw("HTTP/1.1 200 -\nTransfer-Encoding: chunked\n\nzz\n"), BROKEN, None, "middle"),
    "reset in the body": (reset_in_the_body, BROKEN, None, "middle"),
    "no HTTP": (raw("SSH-2.0-OpenSSH_9.6\n\n"), BROKEN, None, "HTTP"),
    "HTTP/0.9": (raw("<html>hello</html>\n\n"), BROKEN, None, "HTTP"),
    "two lengths": (raw("HTTP/1.1 200 -\nContent-Length: 1\nContent-Length: 2\n\nab"), BROKEN, None, "HTTP"),
    "NUL in a header": (raw("HTTP/1.1 200 -\nX: a\0b\n\n"), BROKEN, None, "HTTP"),
    "huge headers": (raw("HTTP/1.1 200 -\n" + "X: y\n" * 50_000), BROKEN, None, "HTTP"),
    "many headers": (raw("HTTP/1.1 200 -\n" + "X: y\n" * 201 + "\n"), BROKEN, None, "201 header fields"),
    "long headers": (raw("HTTP/1.1 200 -\n" + f"X: {'y' * 40_000}\n" * 2 + "\n"), BROKEN, None, "65536 bytes"),
    "many headers of a redirect": (
        raw("HTTP/1.1 302 -\nLocation: /\n" + "X: y\n" * 300 + "\n"), BROKEN, None, "301 header fields"
    ),
    "endless header": (raw("HTTP/1.1 200 -\nX: " + "y" * 300_000), BROKEN, None, "HTTP"),
    "hang-up": (raw(""), UNREACHABLE, None, "without an answer"),
    "hang-up in the head": (raw("HTTP/1.1 200"), UNREACHABLE, None, "without an answer"),
    "reset": (reset_at_once, UNREACHABLE, None, "without an answer"),
    "silence": (lambda _, wire: wire.silence(), TIMEOUT, None, "0.4 s"),
    "dripping head": (drip_head, TIMEOUT, None, "0.4 s"),
    "dripping body": (drip_body, TIMEOUT, None, "0.4 s"),
    "circle": (reply("", 302, location="/page"), BROKEN, 302, "circle"),
    "redirect to mail": (reply("", 302, location="mailto:a@b.c"), REFUSED, None, "'mailto'"),
    "redirect to a file": (reply("", 302, location="file:///etc/passwd"), REFUSED, None, "'file'"),
    "redirect to a script": (reply("", 302, location="javascript:alert(1)"), REFUSED, None, "'javascript'"),
    "redirect inside": (reply("", 302, location="http://169.254.169.254/"), REFUSED, None, "169.254.169.254"),
    "redirect to another port": (reply("", 302, location="http://127.0.0.1:9/"), REFUSED, None, "127.0.0.1"),
    "redirect to an odd host": (reply("", 302, location="http://0177.0.0.1/"), REFUSED, None, "address"),
    "redirect with a password": (reply("", 302, location="http://a:b@example.org/"), REFUSED, None, "password"),
    "redirect to rubbish": (reply("", 302, location="http://[::1"), BROKEN, 302, "redirect"),
    "redirect to bytes": (reply("", 302, location="http://\xff\xfe/"), UNREACHABLE, None, "resolved"),
    "redirect to a bad port": (reply("", 302, location="http://example.org:99999/"), REFUSED, None, "99999"),
}  # fmt: skip


@pytest.mark.parametrize(("route", "outcome", "http", "word"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_answer_is_a_failure_with_a_sentence(
    route: Route, outcome: Outcome, http: int | None, word: str
) -> None:
    with serving({"/page": route}) as server:
        limits = HASTY if outcome is TIMEOUT else PATIENT
        (met,) = fetch(client(server, limits=limits), f"{server.url}/page")
    assert isinstance(met, Failure), met
    assert (met.outcome, met.http) == (outcome, http), met.reason
    assert met.url == f"{server.url}/page"
    assert word in met.reason
    assert met.reason.isprintable() and met.reason.endswith(".") and "Exception" not in met.reason
    # On a kept connection a hang-up may mean that the request was never read: it is sent once more.
    assert server.asked.count("/page") == (2 if "without an answer" in met.reason else 1)


FINE: dict[str, tuple[Route, bytes]] = {
    "plain": (reply(ARTICLE), ARTICLE.encode()),
    "empty": (reply(""), b""),
    "empty gzip": (reply("", content_encoding="gzip"), b""),
    "gzip": (reply(ZIPPED, content_encoding="gzip"), ARTICLE.encode()),
    "x-gzip": (reply(ZIPPED, content_encoding="X-GZIP"), ARTICLE.encode()),
    "gzip in two members": (reply(gzip.compress(b"one") + gzip.compress(b"two"), content_encoding="gzip"), b"onetwo"),
    "padded gzip": (reply(ZIPPED + bytes(8), content_encoding="gzip"), ARTICLE.encode()),
    "zlib": (reply(zlib.compress(b"zlib" * 99), content_encoding="deflate"), b"zlib" * 99),
    "raw deflate": (reply(zlib.compress(b"raw" * 99)[2:-4], content_encoding="deflate"), b"raw" * 99),
    "brotli": (reply(brotli.compress(ARTICLE.encode()), content_encoding="br"), ARTICLE.encode()),
    "zstd": (reply(zstandard.compress(ARTICLE.encode()), content_encoding="zstd"), ARTICLE.encode()),
    "gzip in brotli": (reply(brotli.compress(ZIPPED), content_encoding="gzip, br"), ARTICLE.encode()),
    "two hundred headers": (raw("HTTP/1.1 200 -\n" + "X: y\n" * 200 + "\n", b"body"), b"body"),
    "gzip in gzip": (reply(gzip.compress(ZIPPED), content_encoding="gzip, gzip"), ARTICLE.encode()),
    "no encoding, named": (reply("utf-8", content_encoding="UTF-8"), b"utf-8"),
    "until the end of the connection": (raw("HTTP/1.1 200 -\n\n", b"body"), b"body"),
    "HTTP/1.0": (raw("HTTP/1.0 200 OK\n\n", b"body"), b"body"),
    "as large as allowed": (reply(b"a" * 20_000), b"a" * 20_000),
    "dots in dribs": (lambda _, wire: wire.drip(reply("drip"), 0.0005), b"drip"),
}  # fmt: skip


@pytest.mark.parametrize(("route", "body"), FINE.values(), ids=FINE)
def test_a_fine_answer_is_its_decoded_body(route: Route, body: bytes) -> None:
    with serving({"/page": route}) as server:
        (met,) = fetch(client(server), f"{server.url}/page")
    assert isinstance(met, Answer), met
    assert (met.body, met.status, met.fetched_at) == (body, 200, NOW)
    assert met.asked == met.url == f"{server.url}/page"


def test_a_request_says_who_asks_and_keeps_no_cookies() -> None:
    with serving({"/page": reply("a", set_cookie="id=1; Path=/")}) as server:
        fetch(client(server), f"{server.url}/page#top", f"{server.url}/page")
    assert server.asked == ["/robots.txt", "/page", "/page"]
    for request in server.requests:
        assert request.headers["user-agent"] == "rasid/0.1 (+desk@example.org)"
        assert request.headers["accept-encoding"] == "gzip, deflate, br, zstd"
        assert "cookie" not in request.headers


def test_an_answer_keeps_what_was_asked_and_said_in_the_last_hop() -> None:
    last = 'HTTP/1.1 200 -\nX-Cache: \xe9\nSet-Cookie: id=1\nset-cookie: id=2\nETag: W/"1"\n\n'
    with serving({"/old": reply("", 301, location="/new", x_hop="first"), "/new": raw(last, b"body")}) as server:
        (met,) = fetch(client(server), f"{server.url}/old")
    assert isinstance(met, Answer)
    assert met.headers == (("X-Cache", "\xe9"), ("Set-Cookie", "id=1"), ("set-cookie", "id=2"), ("ETag", 'W/"1"'))
    asked = {name.lower(): value for name, value in met.asked_with}
    assert asked == server.requests[-1].headers and asked["host"] == server.netloc
    assert not {"cookie", "authorization"} & asked.keys()


def test_connections_are_kept_and_a_lost_one_is_opened_again() -> None:
    def closes_afterwards(_: Request, wire: Wire) -> None:
        wire.send(reply("last"))
        wire.hang_up()

    with serving({"/page": reply("a"), "/last": closes_afterwards}) as server:
        paths = ("page", "page", "last", "page", "last", "last")
        met = fetch(client(server), *(f"{server.url}/{path}" for path in paths))
    assert [one.body for one in met if isinstance(one, Answer)] == [
        b"a",
        b"a",
        b"last",
        b"a",
        b"last",
        b"last",
    ]
    assert [request.connection for request in server.requests] == [1, 1, 1, 1, 2, 2, 3]


# --- Redirects


def test_redirects_are_followed_to_the_page() -> None:
    routes = {
        "/old": reply("", 301, location="/%D8%B1?q=1"),
        "/%D8%B1": reply("", 308, location="новости#part".encode().decode("latin-1")),
        "/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8": reply("found"),
    }
    with serving(routes) as server:
        (met,) = fetch(client(server), f"{server.url}/old")
    assert isinstance(met, Answer), met
    assert met.asked == f"{server.url}/old"
    assert met.url == f"{server.url}/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8"


@pytest.mark.parametrize(("hops", "arrives"), [(5, True), (6, False)])
def test_five_redirects_are_the_most(hops: int, arrives: bool) -> None:
    routes: dict[str, Route] = {f"/{n}": reply("", 302, location=f"/{n + 1}") for n in range(hops)}
    with serving({**routes, f"/{hops}": reply("end")}) as server:
        (met,) = fetch(client(server), f"{server.url}/0")
    assert isinstance(met, Answer) is arrives
    assert len(server.requests) == 1 + 6


def test_another_host_of_a_redirect_has_its_own_robots_and_consent_is_a_wall() -> None:
    rules = reply("User-agent: *\nDisallow: /closed")
    with serving({"/robots.txt": rules, "/open": reply("open"), "/closed": reply("closed")}) as there:
        routes = {
            "/a": reply("", 302, location=f"{there.url}/open"),
            "/b": reply("", 302, location=f"{there.url}/closed"),
        }
        with serving(routes) as here:
            first, second = fetch(client(here, there), f"{here.url}/a", f"{here.url}/b")
    assert isinstance(first, Answer) and first.url == f"{there.url}/open"
    assert isinstance(second, Failure) and second.outcome is Outcome.DISALLOWED
    assert there.asked == ["/robots.txt", "/open"]


def test_a_redirect_to_a_consent_host_is_a_wall_that_is_not_asked() -> None:
    lookups: list[str] = []

    def resolver(host: str, port: int) -> list[str]:
        lookups.append(host)
        return []

    with serving({"/page": reply("", 302, location="https://consent.newsroom.example/m?continue=x")}) as server:
        (met,) = fetch(client(server, resolver=resolver), f"{server.url}/page")
    assert isinstance(met, Failure) and met.outcome is BLOCKED
    assert met.reason == "The address leads to a consent page at consent.newsroom.example."
    assert lookups == []


def test_the_deadline_covers_all_hops() -> None:
    def slow(request: Request, wire: Wire) -> None:
        wire.drip(b"HTTP/1.1 302 -\r\n", 0.01)
        wire.send(f"Location: {request.path}x\r\nContent-Length: 0\r\n\r\n".encode())

    with serving({"/" + "x" * n: slow for n in range(1, 9)}) as server:
        (met,) = fetch(client(server, limits=HASTY), f"{server.url}/x")
    assert isinstance(met, Failure) and met.outcome is TIMEOUT
    assert 2 <= len(server.requests) <= 4


def test_several_front_pages_share_a_clock() -> None:
    async def both(web: Web, url: str) -> list[Answer | NotModified | Failure]:
        within = Clock(0.3)
        async with web:
            paths = ("slow", "page", "page")
            return [await web.front(f"{url}/{path}", min_delay=0, validators=None, within=within) for path in paths]

    with serving({"/slow": lambda _, wire: wire.silence(), "/page": reply("a")}) as server:
        met = asyncio.run(both(client(server), server.url))
    assert [(one.outcome, one.reason) for one in met if isinstance(one, Failure)] == [
        (TIMEOUT, "The front pages took more than 0.3 s together.")
    ] * 3
    assert server.asked == ["/robots.txt", "/slow"]


def test_informational_answers_without_end_are_over_in_time() -> None:
    def hints(_: Request, wire: Wire) -> None:
        wire.drip(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 50, 0.002)

    with serving({"/page": hints}) as server:
        (met,) = fetch(client(server, limits=HASTY), f"{server.url}/page")
    assert isinstance(met, Failure) and met.outcome is TIMEOUT


# --- Conditional requests


@pytest.mark.parametrize(
    "etag", ['"abc"', 'W/"a b"', "no quotes", '"\xd8\xb1"', "'\"'", '"a\\"b"', '"' + "e" * 4000 + '"', "-"]
)
def test_validators_go_back_byte_for_byte(etag: str) -> None:
    def answer(request: Request, wire: Wire) -> None:
        same = request.headers.get("if-none-match") == etag
        wire.send(raw_304() if same else reply("new", etag=etag, last_modified="Sat, 01 Jan 2041"))

    with serving({"/feed": answer}) as server:
        first = ask(client(server), f"{server.url}/feed")
        assert isinstance(first, Answer)
        assert first.validators == Validators(etag=etag, last_modified="Sat, 01 Jan 2041")
        second = ask(client(server), f"{server.url}/feed", first.validators)
    assert second == NotModified(url=f"{server.url}/feed", validators=first.validators)
    assert server.requests[-1].headers["if-modified-since"] == "Sat, 01 Jan 2041"


def raw_304(etag: str = "") -> bytes:
    return f"HTTP/1.1 304 -\r\n{etag and 'ETag: ' + etag + chr(13) + chr(10)}\r\n".encode("latin-1")


def test_a_304_may_renew_a_validator() -> None:
    with serving({"/feed": raw_304('"2"')}) as server:
        met = ask(client(server), f"{server.url}/feed", Validators(etag='"1"', last_modified="then"))
    assert met == NotModified(url=f"{server.url}/feed", validators=Validators(etag='"2"', last_modified="then"))


@pytest.mark.parametrize("bad", ["a\r\nX: 1", "\x00", "راصد", "\x7f", " ", "a\n"])
def test_validators_that_cannot_be_sent_are_left_out(bad: str) -> None:
    with serving({"/feed": reply("body")}) as server:
        met = ask(client(server), f"{server.url}/feed", Validators(etag=bad, last_modified=bad))
    assert isinstance(met, Answer)
    assert not {"if-none-match", "if-modified-since", "x"} & server.requests[-1].headers.keys()


def test_a_validator_with_control_characters_is_not_kept() -> None:
    with serving({"/feed": reply("body", etag='"\x01"', last_modified="\x7f")}) as server:
        met = ask(client(server), f"{server.url}/feed")
    assert isinstance(met, Answer) and met.validators == Validators()


# --- robots.txt

ROBOTS: dict[str, tuple[Route, bool]] = {
    "none": (reply("", 404), True),
    "forbidden": (reply("", 403), True),
    "a page": (reply("<!DOCTYPE html><p>User-agent: *\nDisallow: /"), True),
    "empty": (reply(""), True),
    "all closed": (reply("User-agent: *\nDisallow: /"), False),
    "with a byte order mark": (reply("\ufeffUser-agent: *\nDisallow: /"), False),
    "in another letter case": (reply("user-AGENT: *\ndisallow: /PAGE\nDISALLOW: /page"), False),
    "gzip": (reply(gzip.compress(b"User-agent: *\nDisallow: /"), content_encoding="gzip"), False),
    "we are named": (reply("User-agent: rasid\nDisallow: /\n\nUser-agent: *\nAllow: /"), False),
    "we are named and welcome": (reply("User-agent: Rasid\nAllow: /\n\nUser-agent: *\nDisallow: /"), True),
    "others are named": (reply("User-agent: GPTBot\nDisallow: /"), True),
    "a rule within the cap": (reply(b"User-agent: *\nDisallow: /page\n" + b"#" * 600_000), False),
    "a rule beyond the cap": (reply(b"#" * 520_000 + b"\nUser-agent: *\nDisallow: /page\n"), True),
    "moved": (reply("", 301, location="/moved.txt"), False),
    "circle": (reply("", 301, location="/robots.txt"), True),
    "a captcha": (reply(CAPTCHA), True),
    "rubbish": (reply(bytes(range(256)) * 9), True),
}  # fmt: skip


@pytest.mark.parametrize(("route", "allows"), ROBOTS.values(), ids=ROBOTS)
def test_robots_is_read_first_and_once(route: Route, allows: bool) -> None:
    moved = reply("User-agent: *\nDisallow: /page")
    with serving({"/robots.txt": route, "/page": reply("page"), "/moved.txt": moved}) as server:
        web = client(server)
        met = fetch(web, f"{server.url}/page", f"{server.url}/page")
    assert server.asked[0] == "/robots.txt" and server.asked.count("/robots.txt") == 1
    assert server.asked.count("/page") == (2 if allows else 0)
    for one in met:
        if allows:
            assert isinstance(one, Answer)
        else:
            assert isinstance(one, Failure) and one.outcome is Outcome.DISALLOWED
            assert f"{server.url}/robots.txt" in one.reason
    assert [file.origin for file in web.robots_read] == [server.url]


OUTAGES: dict[str, tuple[Route, Outcome, int | None]] = {
    "server error": (reply("", 500), BROKEN, 500),
    "challenge": (reply(CHALLENGE, 503), BLOCKED, 503),
    "rate limit": (reply("", 429, retry_after="60"), LIMITED, 429),
    "silence": (lambda _, wire: wire.silence(), TIMEOUT, None),
    "hang-up": (raw(""), UNREACHABLE, None),
    "login of a network": (reply("<html><!--<WISPAccessGatewayParam>--></html>"), UNREACHABLE, 200),
    "cut": (raw("HTTP/1.1 200 -\nContent-Length: 9\n\nUser"), BROKEN, None),
    "redirect inside": (reply("", 302, location="http://10.0.0.1/"), REFUSED, None),
}


@pytest.mark.parametrize(("route", "outcome", "http"), OUTAGES.values(), ids=OUTAGES)
def test_a_robots_outage_is_the_hosts_outage(route: Route, outcome: Outcome, http: int | None) -> None:
    limits = dataclasses.replace(PATIENT, robots_seconds=0.4) if outcome is TIMEOUT else PATIENT
    with serving({"/robots.txt": route, "/page": reply("page")}) as server:
        web = client(server, limits=limits)
        met = fetch(web, f"{server.url}/page", f"{server.url}/other")
    assert [(one.outcome, one.http) for one in met if isinstance(one, Failure)] == [(outcome, http)] * 2
    assert server.asked == ["/robots.txt"]
    assert web.robots_read == []


@pytest.mark.parametrize(("age", "asks"), [(timedelta(hours=23), False), (timedelta(hours=25), True)])
def test_a_robots_file_is_good_for_a_day(age: timedelta, asks: bool) -> None:
    with serving({"/page": reply("page")}) as server:
        old = RobotsFile(origin=server.url, body="User-agent: *\nDisallow: /page", read_at=NOW - age)
        web = client(server, robots=(old,))
        (met,) = fetch(web, f"{server.url}/page")
    assert isinstance(met, Answer) is asks
    assert server.asked == (["/robots.txt", "/page"] if asks else [])
    assert web.robots_read == ([RobotsFile(origin=server.url, body=None, read_at=NOW)] if asks else [])


# --- Politeness


def gaps(server: WebServer) -> list[float]:
    return [after.at - before.at for before, after in zip(server.requests, server.requests[1:], strict=False)]


def test_a_host_has_one_connection_and_its_delay_whoever_asks() -> None:
    def slowly(_: Request, wire: Wire) -> None:
        wire.drip(b"HTTP/1.1 302 -\r\n", 0.002)
        wire.send(b"Location: /page\r\nContent-Length: 0\r\n\r\n")

    async def side_by_side(web: Web, url: str) -> None:
        async with web:
            pages = [web.page(f"{url}/slow", min_delay=0.1), web.page(f"{url}/page", min_delay=0.05)]
            fronts = [web.front(f"{url}/page", min_delay=0, validators=None)]
            await asyncio.gather(*pages, *fronts)

    with serving({"/slow": slowly, "/page": reply("page")}) as server:
        asyncio.run(side_by_side(client(server), server.url))
    assert len(server.requests) == 5 and server.asked[0] == "/robots.txt"
    assert min(gaps(server)) >= 0.1
    assert server.most_at_once == 1


def test_the_delay_is_what_the_host_sees_even_if_connecting_is_slow() -> None:
    pause = threading.Event()

    def slow(host: str, port: int) -> list[str]:
        pause.wait(0.2)
        return ["127.0.0.1"]

    with serving({"/page": reply("a")}) as server:
        netloc = f"newsroom.example:{server.port}"
        known = RobotsFile(origin=f"http://{netloc}", body=None, read_at=NOW)
        fetch(client(netloc, resolver=slow, robots=[known]), *[f"http://{netloc}/page"] * 2, min_delay=0.2)
    assert min(gaps(server)) >= 0.2


def test_waiting_for_a_turn_costs_no_deadline_and_other_hosts_do_not_wait() -> None:
    async def side_by_side(web: Web, *urls: str) -> list[Answer | Failure]:
        async with web:
            return await asyncio.gather(*(web.page(url, min_delay=0.15) for url in urls))

    with serving({"/page": reply("a")}) as one, serving({"/page": reply("b")}) as other:
        urls = [f"{one.url}/page"] * 4 + [f"{other.url}/page"]
        met = asyncio.run(side_by_side(client(one, other, limits=HASTY), *urls))
    assert [answer.body for answer in met if isinstance(answer, Answer)] == [b"a"] * 4 + [b"b"]
    assert other.requests[-1].at < one.requests[2].at


def test_crawl_delay_raises_the_delay() -> None:
    with serving({"/robots.txt": reply("User-agent: *\nCrawl-delay: 0.2"), "/page": reply("a")}) as server:
        fetch(client(server), f"{server.url}/page", f"{server.url}/page")
    assert min(gaps(server)) >= 0.2


def test_a_rate_limited_host_is_left_alone_for_the_pass() -> None:
    with serving({"/page": reply("", 429, retry_after="7"), "/b": reply("b")}) as server:
        met = fetch(client(server), *(f"{server.url}/{path}" for path in ("page", "b", "page")), min_delay=0)
    assert [one.url for one in met if isinstance(one, Failure)] == [f"{server.url}/{p}" for p in ("page", "b", "page")]
    assert {(one.outcome, one.http, one.retry_after) for one in met if isinstance(one, Failure)} == {
        (LIMITED, 429, 7.0)
    }
    assert server.asked == ["/robots.txt", "/page"]


def test_a_host_that_takes_no_connection_is_tried_once() -> None:
    asked: list[str] = []

    def resolver(host: str, port: int) -> list[str]:
        asked.append(host)
        raise OSError("no such name")

    known = RobotsFile(origin="http://a.example:80", body=None, read_at=NOW)
    web = client(resolver=resolver, robots=[known])
    met = fetch(web, "http://a.example/1", "http://a.example/2", "http://a.example/3", min_delay=30)
    assert [one.outcome for one in met if isinstance(one, Failure)] == [UNREACHABLE] * 3
    assert asked == ["a.example"]


RETRY_AFTER = {
    "120": 120.0,
    "0": 0.0,
    "864000": 86_400.0,
    "99999999999999999999": 86_400.0,
    "9" * 500: 86_400.0,
    "7.5": 7.5,
    "Sat, 21 Nov 2026 12:01:00 GMT": 60.0,
    "Sat, 21 Nov 2026 11:00:00 GMT": 0.0,
    "Sat, 21 Nov 2026 12:01:00": 60.0,
    "Sat, 21 Nov 2026 18:01:00 +0600": 60.0,
    "Thu, 31 Dec 9999 23:59:59 GMT": 86_400.0,
    "-5": None,
    "soon": None,
    "1e3": None,
    "١٢": None,
    "": None,
}


@pytest.mark.parametrize(("value", "seconds"), RETRY_AFTER.items())
def test_retry_after_is_read_in_both_forms(value: str, seconds: float | None) -> None:
    header = value.encode().decode("latin-1")
    routes: dict[str, Route] = {f"/{status}": reply("", status, retry_after=header) for status in (503, 429)}
    with serving(routes) as server:
        met = fetch(client(server), f"{server.url}/503", f"{server.url}/429")
    told = [(one.outcome, one.retry_after) for one in met if isinstance(one, Failure)]
    assert told == [(BROKEN, seconds), (LIMITED, seconds)]


@pytest.mark.parametrize("contact", ["https://example.org/راصد", "a@b\r\nX-Evil: 1", "", "(((", "desk@example.org"])
def test_the_user_agent_names_the_contact_whatever_it_is(contact: str) -> None:
    with serving({"/page": reply("a")}) as server:
        web = client(server, user_agent=user_agent(contact))
        (met,) = fetch(web, f"{server.url}/page")
    assert isinstance(met, Answer)
    sent = server.requests[-1].headers
    assert "rasid" in sent["user-agent"] and "x-evil" not in sent
    assert contact.replace("\r\n", "").encode() in sent["user-agent"].encode("latin-1")


# --- TLS, HTTP/2, and anything at all


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a self-signed certificate for newsroom.example and 127.0.0.1."""
    x509 = pytest.importorskip("cryptography.x509")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "newsroom.example")])
    names = [x509.DNSName("newsroom.example"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    day = timedelta(days=1)
    made = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(made - day).not_valid_after(made + day)
    signed = builder.add_extension(x509.SubjectAlternativeName(names), critical=False).sign(key, hashes.SHA256())
    pem, pkcs8, bare = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    path = tmp_path_factory.mktemp("tls") / "newsroom.pem"
    path.write_bytes(key.private_bytes(pem, pkcs8, bare) + signed.public_bytes(pem))
    return path


def server_side(certificate: Path, *protocols: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.set_alpn_protocols(list(protocols))
    return context


def test_https_pages_are_read_where_the_certificate_is_trusted(certificate: Path) -> None:
    trusting = ssl.create_default_context(cafile=str(certificate))
    with serving({"/page": reply("safe")}, tls=server_side(certificate, "http/1.1")) as server:
        (met,) = fetch(client(server, tls=trusting), f"{server.url}/page")
        (doubted,) = fetch(client(server), f"{server.url}/page")
    assert isinstance(met, Answer) and met.body == b"safe"
    assert isinstance(doubted, Failure) and doubted.outcome is UNREACHABLE
    assert doubted.reason == f"The certificate of {server.netloc} is not to be trusted: self-signed certificate."


def test_a_server_that_speaks_no_tls_is_unreachable() -> None:
    with talking(lambda connection: connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as netloc:
        (met,) = fetch(client(netloc), f"https://{netloc}/page")
    assert isinstance(met, Failure) and met.outcome is UNREACHABLE
    assert met.reason == f"No secure connection with {netloc}: the TLS handshake failed."


def test_http2_is_spoken_where_it_is_offered(certificate: Path) -> None:
    asked: list[str] = []
    context = server_side(certificate, "h2")

    def speak(connection: socket.socket) -> None:
        """404 for robots.txt, a gzip page for all else."""
        server = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
        server.initiate_connection()
        with context.wrap_socket(connection, server_side=True) as secure:
            secure.sendall(server.data_to_send())
            while data := secure.recv(65_536):
                for event in server.receive_data(data):
                    if isinstance(event, h2.events.RequestReceived):
                        asked.append(dict(event.headers or [])[b":path"].decode())
                        status = "404" if asked[-1] == "/robots.txt" else "200"
                        server.send_headers(event.stream_id, [(":status", status), ("content-encoding", "gzip")])
                        server.send_data(event.stream_id, ZIPPED, end_stream=True)
                secure.sendall(server.data_to_send())

    with talking(speak) as netloc:
        web = client(netloc, tls=ssl.create_default_context(cafile=str(certificate)))
        met = fetch(web, f"https://{netloc}/one", f"https://{netloc}/two")
    assert [one.body for one in met if isinstance(one, Answer)] == [ARTICLE.encode()] * 2
    assert asked == ["/robots.txt", "/one", "/two"]


def test_whatever_bytes_come_nothing_raises() -> None:
    """Good answers with bytes changed, put in and left out: each gives a value with a printable sentence."""
    dice = random.Random(7)
    answers = [
        reply(CHALLENGE, 503, retry_after="3"),
        reply("", 302, location="/next?a=%zz#b"),
        reply(ZIPPED, content_encoding="gzip", etag='"a"', set_cookie="a=b; Domain=.com"),
        b"HTTP/1.1 200 -\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        raw_304('"b"'),
    ]

    def spoilt(_: Request, wire: Wire) -> None:
        answer = bytearray(dice.choice(answers))
        for _changes in range(dice.randint(1, 5)):
            place = dice.randrange(len(answer))
            answer[place : place + dice.randint(0, 3)] = dice.choice([dice.randbytes(3), b"\r\n", b"\0", b"://[", b""])
        wire.send(bytes(answer))
        wire.hang_up()

    async def all_of_them(url: str) -> list[Answer | NotModified | Failure]:
        async with client(server, robots=known) as web:
            return [await web.front(url, min_delay=0, validators=Validators(etag="a")) for _ in range(200)]

    with serving({"/page": spoilt, "/next": spoilt}) as server:
        known = (RobotsFile(origin=server.url, body=None, read_at=NOW),)
        met = asyncio.run(all_of_them(f"{server.url}/page"))
    assert {Answer, Failure} <= {type(one) for one in met}
    assert all(one.reason.isprintable() for one in met if isinstance(one, Failure))
