"""The hostile newsroom's front pages: what each does, and what a pass makes of its source."""

from __future__ import annotations

import gzip
import random
import zlib
from dataclasses import replace

import brotli  # type: ignore[import-untyped]
import zstandard

from tests.hostile import (
    BITS,
    GOOD,
    HEAD,
    MB,
    SCHEMES,
    SOUND,
    ZEROS,
    Case,
    article,
    chain,
    drip,
    endless,
    inside,
    item,
    moved,
    packed,
    page,
    raw,
    reset,
    rss,
    silent,
    unasked,
)  # fmt: skip
from tests.webserver import Request, Route, Wire, reply

BROKEN, BLOCKED, EMPTY, GONE = "broken", "blocked", "empty", "gone"
FORBIDDEN, LIMITED, REFUSED, TIMEOUT = "forbidden", "rate-limited", "refused", "timeout"
LARGE, UNREACHABLE, DISALLOWED = "too-large", "unreachable", "disallowed"
SITEMAP = 'sitemaps = ["{url}/front"]'
LISTING = 'listings = [{ url = "{url}/front", links = "a" }]'
ZIPPED = gzip.compress(SOUND.encode())
EMPTY_BLOCKS = gzip.compress(b"")[:10] + b"\x00\x00\x00\xff\xff" * 1_200_000


HEAVY = {
    "a-line-of-5-megabytes", "ampersands", "angles", "comments-by-the-thousand", "high-bytes",
    "items-by-the-hundred-thousand", "items-in-items", "json-wide", "listing-in-links", "listing-of-attributes",
    "listing-of-fonts", "map-in-lines", "map-of-ampersands", "map-of-angles", "map-of-high-bytes",
    "one-address-5000-times", "rubbish", "sections-by-the-thousand", "tags-without-end", "title-of-a-megabyte",
}  # fmt: skip
"""They take a second or more to be read."""


def cases(canary: int) -> dict[str, Case]:
    """All of them, by name."""
    every = (
        wire_fronts() | moving_fronts(canary) | packed_fronts() | walled_fronts()
        | feed_fronts(canary) | map_fronts() | robots_fronts(canary)
    )  # fmt: skip
    return {name: replace(case, heavy=name in HEAVY) for name, case in every.items()}


def wire_fronts() -> dict[str, Case]:
    """Connections and heads."""
    statuses = {
        204: (BROKEN, "204"), 206: (BROKEN, "206"), 300: (BROKEN, "300"), 304: (BROKEN, "304"),
        401: (FORBIDDEN, "401"), 403: (FORBIDDEN, "403"), 404: (GONE, "404"), 410: (GONE, "410"),
        418: (BROKEN, "418"), 451: (FORBIDDEN, "451"), 500: (BROKEN, "500"), 503: (BROKEN, "503"),
        799: (BROKEN, "no known status"),
    }  # fmt: skip
    waits = {"seconds": "7200", "date": "Sun, 22 Nov 2037 10:00:00 GMT", "absurd": "9" * 900, "nonsense": "soon"}
    bare = (204, 304)
    return {
        "nobody-there": Case(routes={}, outcome=UNREACHABLE, says="refused the connection"),
        "slow-head": Case(routes={"/front": drip("HTTP/1.1 200 OK\n", b"X: 1\r\n")}, outcome=TIMEOUT, says="30 s",
                          takes=30),
        "dripping-body": Case(routes={"/front": drip(f"{HEAD}\n", b"<")}, outcome=TIMEOUT, says="30 s", takes=30),
        "silence": Case(routes={"/front": silent}, outcome=TIMEOUT, says="30 s", takes=30),
        "silent-robots": Case(routes={"/robots.txt": silent}, outcome=TIMEOUT, says="robots.txt", takes=20),
        "hints-without-end": Case(
            routes={"/front": endless("", b"HTTP/1.1 103 Early Hints\r\n\r\n")},
            outcome=BROKEN,
            says="before its answer",
        ),
        "continue-without-end": Case(
            routes={"/front": endless("", b"HTTP/1.1 100 Continue\r\n\r\n")}, outcome=BROKEN, says="before its answer",
        ),
        "reset-at-once": Case(routes={"/robots.txt": reset()}, outcome=UNREACHABLE, says="without an answer"),
        "reset-in-head": Case(routes={"/front": reset(b"HTTP/1.1 200 OK\r\nX: ")}, outcome=UNREACHABLE,
                              says="without an answer"),
        "reset-in-body": Case(routes={"/front": reset(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n<rss>")},
                              outcome=BROKEN, says="middle"),
        "short-body": Case(routes={"/front": raw(f"{HEAD}Content-Length: 99999\n\n", SOUND.encode())},
                           outcome=BROKEN, says="middle"),
        "length-too-small": Case(routes={"/front": raw(f"{HEAD}Content-Length: 40\n\n", SOUND.encode())},
                                 outcome=BROKEN),
        "length-huge": Case(routes={"/front": raw(f"{HEAD}Content-Length: {10**18}\n\n")}, outcome=LARGE,
                            says="larger"),
        "length-negative": Case(routes={"/front": raw(f"{HEAD}Content-Length: -5\n\n")}, outcome=BROKEN, says="HTTP"),
        "length-twice": Case(routes={"/front": raw(f"{HEAD}Content-Length: 5\nContent-Length: 6\n\n", b"<rss/>")},
                             outcome=BROKEN, says="HTTP"),
        "bad-chunks": Case(routes={"/front": raw(f"{HEAD}Transfer-Encoding: chunked\n\n", b"zz\r\n<rss>")},
                           outcome=BROKEN),
        "chunk-of-all": Case(routes={"/front": raw(f"{HEAD}Transfer-Encoding: chunked\n\n", b"f" * 20 + b"\r\n<")},
                             outcome=BROKEN),
        "tiny-chunks": Case(routes={"/front": endless(f"{HEAD}Transfer-Encoding: chunked\n\n", b"1\r\na\r\n")},
                            outcome=BROKEN, says="small pieces"),
        "trailers-without-end": Case(
            routes={"/front": endless(f"{HEAD}Transfer-Encoding: chunked\n\n0\n", b"X: 1\r\n")}, outcome=BROKEN),
        "endless-body": Case(routes={"/front": endless(f"{HEAD}\n", b"<item>")}, outcome=LARGE, says="larger"),
        "endless-head": Case(routes={"/front": endless(HEAD, b"X: 1\r\n")}, outcome=BROKEN, says="HTTP"),
        "endless-header": Case(routes={"/front": endless(f"{HEAD}X: ", b"x")}, outcome=BROKEN, says="HTTP"),
        "huge-header": Case(routes={"/front": raw(f"{HEAD}X: {'x' * 90_000}\n\n", b"<rss/>")}, outcome=BROKEN,
                            says="65536 bytes"),
        "thousand-headers": Case(routes={"/front": raw(HEAD + "X: 1\n" * 1000 + "\n", b"<rss/>")}, outcome=BROKEN,
                                 says="header fields"),
        "nul-in-header": Case(routes={"/front": raw(f"{HEAD}X: a\0b\n\n", b"<rss/>")}, outcome=BROKEN, says="HTTP"),
        "http-0-9": Case(routes={"/front": raw("", SOUND.encode() + b"\r\n\r\n")}, outcome=BROKEN, says="HTTP"),
        "no-http": Case(routes={"/front": raw("SSH-2.0-OpenSSH_9.6\n\n")}, outcome=BROKEN, says="HTTP"),
        "upgrade": Case(routes={"/front": raw("HTTP/1.1 101 -\nUpgrade: x\nConnection: upgrade\n\n")},
                        outcome=BROKEN, says="HTTP"),
        "answer-before-the-request": Case(routes={"/front": unasked}, counts={"new": 1, "failed": 0}),
        **{
            f"status-{status}": Case(
                routes={"/front": raw(f"HTTP/1.1 {status} -\n\n") if status in bare else reply("<p>no</p>", status)},
                outcome=outcome, says=says,
            )
            for status, (outcome, says) in statuses.items()
        },
        **{
            f"429-with-{kind}": Case(routes={"/front": reply("", 429, retry_after=wait)}, outcome=LIMITED, says="429")
            for kind, wait in waits.items()
        },
    }  # fmt: skip


def moving_fronts(canary: int) -> dict[str, Case]:
    """Redirects."""
    here = f"http://127.0.0.1:{canary}/"
    refresh = reply("<html><body>moved</body></html>", refresh=f"0; url={here}")
    return {
        "circle": Case(routes={"/front": moved("/1"), "/1": moved("/front")}, outcome=BROKEN, says="circle"),
        "chain-of-5": Case(routes=chain(5), counts={"new": 1}),
        "chain-of-6": Case(routes=chain(6), outcome=BROKEN, says="6 times"),
        "to-file": Case(routes={"/front": moved(SCHEMES[0])}, outcome=REFUSED, says="'file'"),
        "to-script": Case(routes={"/front": moved(SCHEMES[2])}, outcome=REFUSED, says="'javascript'"),
        "to-credentials": Case(routes={"/front": moved(f"http://a:b@127.0.0.1:{canary}/")}, outcome=REFUSED,
                               says="password"),
        "to-inside": Case(routes={"/front": moved(here)}, outcome=REFUSED, says="public internet"),
        "to-inside-v6": Case(routes={"/front": moved(f"http://[::1]:{canary}/")}, outcome=REFUSED, says="public"),
        "to-metadata": Case(routes={"/front": moved("http://169.254.169.254/latest/")}, outcome=REFUSED, says="public"),
        "to-rubbish": Case(routes={"/front": moved("http://[::1")}, outcome=BROKEN, says="can't be read"),
        "to-a-long-address": Case(routes={"/front": moved("/" + "x" * 60_000)}, outcome=GONE),
        "to-turned-letters": Case(routes={"/front": moved("http://\u202egro.elpmaxe\u202c/\u2066")}, outcome=REFUSED),
        "to-a-consent-host": Case(routes={"/front": moved("https://consent.site.example/?continue=a")},
                                  outcome=BLOCKED, says="consent"),
        "to-nowhere": Case(routes={"/front": reply("", 301)}, outcome=BROKEN, says="301"),
        "refresh-header": Case(routes={"/front": refresh}, outcome=BROKEN, says="HTML"),
        "links-inside": Case(
            routes={"/front": reply(rss(GOOD, *(item(url) for url in inside(canary))))},
            counts={"new": 1, "fetched": 1},
        ),
        "pages-move-inside": Case(
            routes={
                "/front": reply(rss(GOOD, *(item(f"/{n}") for n, _ in enumerate(inside(canary))))),
                **{f"/{n}": moved(url) for n, url in enumerate(inside(canary))},
            },
            counts={"new": 1, "failed": len(inside(canary))},
        ),
        "links-of-other-schemes": Case(
            routes={"/front": reply(rss(GOOD, *(item(url) for url in SCHEMES)))}, counts={"discovered": 1, "new": 1}
        ),
        "base-inside": Case(
            way=LISTING,
            routes={"/front": reply(page("<a href=/canary>A headline of six words here</a>", f"<base href={here}>"))},
            counts={"discovered": 1, "fetched": 0, "failed": 1},
        ),
        "feed-found-inside": Case(
            routes={"/front": reply(page("", f"<link rel=alternate type=application/rss+xml href={here}>"))},
            outcome=BROKEN, says="HTML",
        ),
    }  # fmt: skip


def packed_fronts() -> dict[str, Case]:
    """Content codings."""
    large = {
        "gzip": ("gzip", ZEROS), "deflate": ("deflate", zlib.compress(bytes(32 * MB))),
        "brotli": ("br", brotli.compress(bytes(32 * MB), quality=5)),
        "zstd": ("zstd", zstandard.compress(bytes(32 * MB))),
        "gzip-in-gzip": ("gzip, gzip", gzip.compress(ZEROS)), "gzip-in-brotli": ("gzip, br", brotli.compress(ZEROS)),
        "gzip-of-nothing": ("gzip, gzip", gzip.compress(EMPTY_BLOCKS)),
    }  # fmt: skip
    broken = {
        "cut-gzip": ("gzip", ZIPPED[:-9], "cut short"), "no-gzip": ("gzip", SOUND.encode(), "decoded"),
        "gzip-of-rubbish": ("gzip", ZIPPED[:12] + BITS, "decoded"), "no-zstd": ("zstd", BITS, "decoded"),
        "cut-brotli": ("br", brotli.compress(SOUND.encode())[:-3], "cut short"),
        "three-layers": ("gzip, gzip, gzip", ZIPPED, "3 times"), "unknown-coding": ("lzma", BITS, "not asked for"),
    }  # fmt: skip
    return {
        **{
            f"bomb-{name}": Case(routes={"/front": packed(body, coding)}, outcome=LARGE, says="larger")
            for name, (coding, body) in large.items()
        },
        **{
            name: Case(routes={"/front": packed(body, coding)}, outcome=BROKEN, says=says)
            for name, (coding, body, says) in broken.items()
        },
        "unpacked-but-said-so": Case(routes={"/front": packed(SOUND.encode(), "utf-8")}, counts={"new": 1}),
    }


def walled_fronts() -> dict[str, Case]:
    """Pages that stand in the place of a feed."""
    challenge = "<html><head><title>Just a moment...</title></head><body><form></form></body></html>"
    consent = "<html><body>Before you continue<form action=/save><button>Accept all</button></form></body></html>"
    sale = "<html><body><h1>site.example</h1><p>Buy this domain</p></body></html>"
    captcha = '<html><body><form action=/check><div class="h-captcha"></div></form></body></html>'
    cookie = "<html><body><script>document.cookie='a=1';location.reload()</script></body></html>"
    login = "<html><!-- <WISPAccessGatewayParam/> --><body>Welcome to the hotel</body></html>"
    return {
        "challenge": Case(routes={"/front": reply(challenge, 403)}, outcome=BLOCKED, says="Cloudflare"),
        "challenge-200": Case(routes={"/front": reply(challenge)}, outcome=BLOCKED, says="Cloudflare"),
        "challenge-by-header": Case(routes={"/front": reply("", 503, cf_mitigated="challenge")}, outcome=BLOCKED,
                                    says="Cloudflare"),
        "captcha": Case(routes={"/front": reply(captcha)}, outcome=BLOCKED, says="captcha"),
        "cookie-script": Case(routes={"/front": reply(cookie)}, outcome=BLOCKED, says="cookie"),
        "consent": Case(routes={"/front": reply(consent)}, outcome=BLOCKED, says="consent"),
        "parked": Case(routes={"/front": reply(sale)}, outcome=GONE, says="parked"),
        "hotel-login": Case(routes={"/front": reply(login)}, outcome=UNREACHABLE, says="login"),
        "no-bytes": Case(routes={"/front": reply("")}, outcome=EMPTY, says="no content"),
        "page-for-a-feed": Case(routes={"/front": reply(article("page-for-a-feed"))}, outcome=BROKEN, says="HTML"),
    }  # fmt: skip


def lol(levels: int = 9) -> str:
    """A document type whose last entity stands for 10 to the power of `levels` words."""
    entities = (f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, levels + 1))
    return f'<!DOCTYPE a [<!ENTITY l0 "lol">{"".join(entities)}]>'


def feed_fronts(canary: int) -> dict[str, Case]:
    """Feeds that are feeds, in bad faith."""
    here = f"http://127.0.0.1:{canary}/"
    outside = (
        f'<!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/passwd"><!ENTITY h SYSTEM "{here}">'
        f'<!ENTITY % p SYSTEM "{here}"> %p;]>'
    )
    controls = "".join(map(chr, (*range(1, 32), *range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A))))
    moments = (
        "Mon, 01 Jan 0001 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 -2359", "Sat, 21 Nov 2026 10:00:00 +9999",
        "9" * 400, "0000-00-00T00:00:00Z", "10000-01-01", "2026-11-21T25:61:61Z", "-1", "Sat, 99 Foo 2026", "NaN",
        "2026-11-21T10:00:00+99:99", "٩٩٩٩-٩٩-٩٩",
    )  # fmt: skip
    attributes = " ".join(f"a{n}='1'" for n in range(350_000))
    wrong = '<?xml version="1.0" encoding="{}"?>' + SOUND.partition("?>")[2]
    good = {
        "entity-bomb": rss(GOOD, before=lol()).replace("An entry", "&l9;"),
        "entities-from-outside": rss(GOOD, before=outside).replace("An entry", "&f;&h;"),
        "style-and-schema-from-outside": rss(
            GOOD, before=f'<?xml-stylesheet href="{here}"?><!DOCTYPE rss SYSTEM "{here}">'
        ),
        "controls-and-overrides": rss(item("/good", title=f"A{controls}B", more=f"<guid>{controls}</guid>")),
        "title-of-a-megabyte": rss(item("/good", title="w" * MB + " &lt;b"), item("/gone", title="w " * MB)),
        "a-line-of-5-megabytes": rss(GOOD, item("/gone", more=f"<description>{'w ' * int(2.3 * MB)}</description>")),
        "attributes-by-the-thousand": rss(GOOD, f"<item {attributes}><link>/gone</link></item>"),
        "comments-by-the-thousand": rss("<!-- a -->" * 400_000, GOOD),
        "sections-by-the-thousand": rss(GOOD, item("/gone", title="<![CDATA[a]]>" * 300_000)),
        "ampersands": rss(GOOD, item("/gone", title="&" * 4 * MB)),
        "long-addresses": rss(GOOD, *(item(f"/{'x' * 10_000}{n}") for n in range(400))),
        "one-address-5000-times": rss(GOOD, item("/gone") * 5000),
        "says-utf-16": wrong.format("utf-16"), "says-zip": wrong.format("zip"), "says-idna": wrong.format("idna"),
        "says-a-long-charset": wrong.format("x" * 90_000),
    }  # fmt: skip
    gone = {"discovered": 2, "new": 1, "failed": 1}
    counted = {"title-of-a-megabyte": gone, "a-line-of-5-megabytes": gone, "attributes-by-the-thousand": gone,
               "sections-by-the-thousand": gone, "one-address-5000-times": gone}  # fmt: skip
    items = rss(GOOD, *(f"<item><link>/a/{n}</link></item>" for n in range(100_000)))
    latin = SOUND.replace("An entry", "\ufffd").encode().replace("\ufffd".encode(), b"\xff\xfe\xc0\x80" * 50)
    guids = rss(GOOD, *(f"<item><guid>http://127.0.0.1:{canary}/{n}</guid></item>" for n in range(3)))
    return {
        **{
            name: Case(routes={"/front": reply(body)}, counts=counted.get(name, {"new": 1, "failed": 0}))
            for name, body in good.items()
        },
        "items-by-the-hundred-thousand": Case(
            routes={"/front": packed(gzip.compress(items.encode()), "gzip"), "/a/0": reply("", 429)},
            counts={"discovered": 2000, "new": 1},
        ),
        "no-utf-8": Case(routes={"/front": reply(latin)}, counts={"new": 1}),
        "noughts": Case(routes={"/front": reply(SOUND.replace("An entry", "A\0n" * 1000))}, counts={"new": 1}),
        "guids-inside": Case(routes={"/front": reply(guids)}, counts={"new": 1, "failed": 3, "fetched": 1}),
        "dates-of-all-times": Case(
            routes={
                "/front": reply(rss(GOOD, *(item(f"/{n}", date=said) for n, said in enumerate(moments)))),
                **{f"/{n}": reply(article(f"dated {n}")) for n, _ in enumerate(moments)},
            },
            counts={"new": 1 + len(moments), "failed": 0},
        ),
        "deep": Case(routes={"/front": reply(rss("<a>" * 200_000, GOOD))}, outcome=EMPTY),
        "items-in-items": Case(routes={"/front": reply(rss("<item>" * 200_000, GOOD))}, outcome=EMPTY),
        "tags-without-end": Case(
            routes={"/front": reply(rss("<item " * 700_000))}, outcome=BROKEN, says="took longer", takes=30
        ),
        "angles": Case(routes={"/front": reply("<" * 5 * MB)}, outcome=BROKEN),
        "rubbish": Case(routes={"/front": reply(random.Random(2).randbytes(4 * MB))}, outcome=BROKEN),
        "high-bytes": Case(routes={"/front": reply(b"<rss>" + bytes(range(128, 256)) * 32_000)}, outcome=BROKEN),
        "json-deep": Case(routes={"/front": reply('{"items":' + "[" * 2 * MB)}, outcome=BROKEN),
        "json-wide": Case(
            routes={"/front": reply('{"items":[' + '{"url":"/gone"},' * 300_000 + '{"url":"/good"}]}')},
            counts={"discovered": 1, "new": 0},
        ),
        "json-number": Case(routes={"/front": reply('{"items":' + "9" * 4 * MB + "}")}, outcome=BROKEN),
    }


def map_fronts() -> dict[str, Case]:
    """Sitemaps and listings."""
    loc = "<url><loc>/good</loc></url>"
    urls = f"<urlset>{loc}{''.join(f'<url><loc>/z/{n}</loc></url>' for n in range(50_000))}</urlset>"
    own = "<sitemapindex><sitemap><loc>/front</loc></sitemap></sitemapindex>"

    def bomb(piece: bytes, before: bytes = b"", megabytes: int = 11) -> Route:
        return reply(gzip.compress(before + piece * (megabytes * MB // len(piece)), 6))

    def more(request: Request, wire: Wire) -> None:
        at = request.path.partition("?")[2] or "0"
        names = "".join(f"<sitemap><loc>/front?{at}{n}</loc></sitemap>" for n in range(10))
        wire.send(reply(f"<sitemapindex>{names}</sitemapindex>"))

    headline = "<a href=/good>A good headline of six words</a>"
    attributes = " ".join(f"a{n}=1" for n in range(450_000))
    return {
        "index-of-itself": Case(way=SITEMAP, routes={"/front": reply(own)}, outcome="unchanged"),
        "indexes-without-end": Case(way=SITEMAP, routes={"/front": more}, counts={"discovered": 0}),
        "map-of-50000": Case(way=SITEMAP, routes={"/front": reply(urls), "/z/0": reply("", 429)},
                             counts={"discovered": 2000, "new": 1, "fetched": 2}),
        "map-bomb": Case(way=SITEMAP, routes={"/front": reply(ZEROS)}, outcome=LARGE,
                         says="unpacks"),
        "map-of-angles": Case(way=SITEMAP, routes={"/front": bomb(b"<")}, outcome=BROKEN),
        "map-of-ampersands": Case(way=SITEMAP, routes={"/front": bomb(b"&", b"<urlset>")}, outcome=BROKEN),
        "map-of-high-bytes": Case(
            way=SITEMAP, routes={"/front": bomb(b"\xe9\xc0", b"<urlset>")}, outcome="broken|empty"
        ),
        "map-of-blanks": Case(way=SITEMAP, routes={"/front": bomb(b" ", b"<urlset>")}, outcome="broken|empty"),
        "map-in-lines": Case(way=SITEMAP, routes={"/front": bomb(b"http://site.example/\n")}, outcome=EMPTY),
        "cut-map": Case(way=SITEMAP, routes={"/front": reply(gzip.compress(urls.encode())[:-9])}, outcome=BROKEN,
                        says="damaged"),
        "listing-deep": Case(way=LISTING, routes={"/front": reply(page(headline + "<div>" * 900_000))},
                             counts={"new": 1}),
        "listing-in-links": Case(way=LISTING, routes={"/front": reply(page(headline + "<a href=/gone>" * 250_000))},
                                 counts={"discovered": 2}),
        "listing-of-attributes": Case(way=LISTING, routes={"/front": reply(page(f"{headline}<a {attributes}>"))},
                                      counts={"new": 1}),
        "listing-of-fonts": Case(
            way=LISTING, routes={"/front": reply(page(headline + "<b><i><u><a href=/gone><font>" * 50_000 + "x"))},
            outcome=BROKEN, says="took longer", takes=30,
        ),
    }  # fmt: skip


def robots_fronts(canary: int) -> dict[str, Case]:
    """robots.txt."""
    closed = "User-agent: {}\nDisallow: /\n"
    stars = "User-agent: *\n" + "".join(f"Disallow: /{'*a' * 40}{n}b$\n" for n in range(4000))
    soon = {"/front": reply(SOUND)}
    fine = {
        "robots-endless": endless(f"{HEAD}\n", b"Disallow: /x\r\n"), "robots-in-one-line": endless(f"{HEAD}\n", b"x"),
        "robots-page": reply(page("no such page")), "robots-binary": reply(BITS), "robots-stars": reply(stars),
        "robots-circle": moved("/robots.txt"), "robots-bomb": packed(ZEROS, "gzip"),
    }  # fmt: skip
    return {
        **{name: Case(routes={**soon, "/robots.txt": route}, counts={"new": 1})
           for name, route in fine.items()},
        "robots-500": Case(routes={**soon, "/robots.txt": reply("", 500)}, outcome=BROKEN, says="robots.txt"),
        "robots-429": Case(routes={**soon, "/robots.txt": reply("", 429)}, outcome=LIMITED, says="robots.txt"),
        "robots-for-all": Case(routes={**soon, "/robots.txt": reply(closed.format("*"))}, outcome=DISALLOWED),
        "robots-for-us": Case(routes={**soon, "/robots.txt": reply(closed.format("Rasid"))}, outcome=DISALLOWED),
        "robots-to-inside": Case(routes={**soon, "/robots.txt": moved(f"http://127.0.0.1:{canary}/robots.txt")},
                                 outcome=REFUSED),
        "crawl-delay": Case(routes={**soon, "/robots.txt": reply(f"User-agent: *\nCrawl-delay: {10**9}")},
                            counts={"new": 1}, takes=400),
    }  # fmt: skip
