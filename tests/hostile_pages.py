"""The hostile newsroom's article pages: each site's feed is sound, and names a good article and a hostile page."""

from __future__ import annotations

import gzip
import json

from tests import hostile
from tests.hostile import HEAD, MB, RELATION, Case, Route, article, drip, endless, moved, packed, page, raw, reset
from tests.webserver import reply

FRONT = reply(hostile.rss(hostile.item("/good"), hostile.item("/hostile")))
P = f"<p>{RELATION}</p>"
CONTROLS = "".join(map(chr, (0, *range(1, 32), *range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A))))


HEAVY = {
    "angles-alone", "blanks", "comments", "extraction-without-end", "json-ld-number", "json-ld-wide", "nested-bold",
    "noughts-alone", "random-bytes", "script-only",
}  # fmt: skip
"""They take a second or more to be read, as do all of `_heavy`."""


def cases(canary: int) -> dict[str, Case]:
    """All of them, by name."""
    here = f"http://127.0.0.1:{canary}/"
    return {
        **{
            name: Case(
                routes={"/front": FRONT, "/hostile": route},
                counts={"new": 1, "failed": 1},
                fails={"/hostile": says},
                takes=60 if "within 60 s" in says else 30 if "took longer" in says else 0,
                way=SLOW_RULE if name == "extraction-without-end" else hostile.FEED,
                heavy=name in HEAVY,
            )
            for name, (route, says) in (_on_the_wire(here) | _no_articles(here)).items()
        },
        **{
            name: Case(
                routes={"/front": FRONT, "/hostile": reply(body)}, counts={"new": 2, "failed": 0}, heavy=name in HEAVY
            )
            for name, body in _articles(here).items()
        },
        **{
            name: Case(routes={"/front": FRONT, "/hostile": reply(body)}, counts={"fetched": 2}, heavy=True)
            for name, body in _heavy().items()
        },
    }


SLOW_RULE = hostile.FEED + "\nextract = { drop_lines = ['^Endless (\\w+ ?)+$'] }"
"""A rule of the operator's own that takes for ever on some lines: it stands for whatever extraction may meet."""


def _on_the_wire(here: str) -> dict[str, tuple[Route, str]]:
    """What the page's server does, and a part of the reason that is kept."""
    return {
        "page-slow-head": (drip("HTTP/1.1 200 OK\n", b"X: 1\r\n"), "within 60 s"),
        "page-dripping": (drip(f"{HEAD}\n", b"<"), "within 60 s"),
        "page-silent": (hostile.silent, "within 60 s"),
        "page-reset": (reset(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n<p>"), "middle"),
        "page-short": (raw(f"{HEAD}Content-Length: 99999\n\n", article("hostile short").encode()), "middle"),
        "page-endless": (endless(f"{HEAD}\n", b"<p>a</p>"), "larger"),
        "page-endless-in-tiny-chunks": (
            endless(f"{HEAD}Transfer-Encoding: chunked\n\n", b"1\r\na\r\n"),
            "small pieces",
        ),
        "page-bomb": (packed(hostile.ZEROS, "gzip"), "larger"),
        "page-cut-gzip": (packed(gzip.compress(article("hostile cut").encode())[:-9], "gzip"), "cut short"),
        "page-circle": (moved("/hostile"), "circle"),
        "page-to-inside": (moved(here), "public internet"),
        "page-to-file": (moved("file:///etc/passwd"), "'file'"),
        "page-gone": (reply("", 410), "410"),
        "page-500": (reply(article("hostile 500"), 500), "500"),
        "page-429": (reply("", 429, retry_after="9" * 99), "429"),
        "page-challenge": (reply("<html><title>Just a moment...</title></html>", 403), "Cloudflare"),
    }


def _no_articles(here: str) -> dict[str, tuple[Route, str]]:
    """Pages that are no articles, and a part of the reason that is kept."""
    script = f"<script>{'var a = 1;' * 200_000}</script>"
    again = '<meta http-equiv="refresh" content="0; url=/hostile">'
    away = f'<meta http-equiv="refresh" content="0; url={here}">'
    return {
        "script-only": (reply(f"<html><head><title>A</title>{script}</head><body></body></html>"), "no text"),
        "refresh-to-itself": (reply(f"<html><head>{again}</head><body></body></html>"), "no text"),
        "refresh-to-inside": (reply(f"<html><head>{away}</head><body></body></html>"), "no text"),
        "no-bytes-at-all": (reply(""), "empty"),
        "pdf": (reply(b"%PDF-1.7\n" + hostile.BITS), "a file"),
        "zip": (reply(b"PK\x03\x04" + hostile.BITS), "a file"),
        "image": (reply(b"\x89PNG\r\n\x1a\n" + hostile.BITS), "a file"),
        "image-by-its-name": (reply(article("hostile image"), content_type="image/png"), "image/png"),
        "random-bytes": (reply(hostile.BITS * 40), "a file"),
        "noughts-alone": (reply(bytes(3 * MB)), ""),
        "angles-alone": (reply("<" * 3 * MB), ""),
        "extraction-without-end": (
            reply(article("hostile end", f"<p>Endless {'word ' * 40}!</p>")),
            "took longer than 30 s",
        ),
    }


def _articles(here: str) -> dict[str, bytes | str]:
    """Pages that are articles all the same: each must be stored, whole and clean."""
    ld = '<script type="application/ld+json">{}</script>'.format
    far = '<meta property="article:published_time" content="{}">'.format
    deep = '{"@type":"NewsArticle","headline":"A","a":' * 30_000
    named = json.dumps({"@type": "NewsArticle", "headline": CONTROLS + "Clean", "author": f"A{CONTROLS}B"})
    scripts = f'<script src="{here}a.js"></script><img src="{here}a.png"><link rel=stylesheet href="{here}a.css">'
    return {
        "nested-200000": article("hostile nested", "<div>" * 200_000),
        "nested-bold": article("hostile bold", "<b>" * 200_000 + "x"),
        "controls": article(
            "hostile controls",
            f"<p>{RELATION[:40]}{CONTROLS}{RELATION[40:]}</p>",
            title="Turned \u202e and \x00\x01 back",
        ),
        "controls-by-number": article(
            "hostile numbers", f"<p>{RELATION} &#8238;&#8295;&#0;&#1;&#x202e;&#127; and so on.</p>"
        ),
        "controls-in-data": article("hostile data", "", ld(named)),
        "json-ld-deep": article("hostile deep", "", ld(deep)),
        "json-ld-wide": article("hostile wide", "", ld('[{"@type":"NewsArticle"}' + ',{"@graph":[]}' * 50_000 + "]")),
        "json-ld-number": article("hostile number", "", ld('{"a":' + "9" * MB + "}")),
        "from-9999": article("hostile 9999", "", far("9999-12-31T23:59:59-23:59")),
        "from-the-future": article(
            "hostile future", "", far("2063-04-05T10:00:00Z") + ld('{"datePublished":"2063-04-05"}')
        ),
        "from-the-year-1": article("hostile year1", "", far("0001-01-01T00:00:00+14:00")),
        "with-files-from-inside": article("hostile files", "", scripts + f'<link rel=canonical href="{here}">'),
        "says-windows-1256": reply_body("hostile windows-1256").replace(b"utf-8", b"windows-1256"),
        "says-utf-7": reply_body("hostile utf-7").replace(b"utf-8", b"utf-7"),
        "broken-utf-8": reply_body("hostile bytes").replace(b"</p>", b"\xff\xc0\x80\xed\xa0\x80</p>", 1),
        "noughts-between": b"\0".join(reply_body("hostile noughts").partition(b"<p>")),
        "comments": article("hostile comments", "<!-- a -->" * 400_000),
        "entities": article(
            "hostile entities", "<p>&#1576;&zwj;&nosuch;&amp;amp;&lt;script&gt;alert(1)&lt;/script&gt; says it.</p>"
        ),
        "blanks": article("hostile blanks", "<p>a" + " " * 4 * MB + "b</p>"),
    }


def _heavy() -> dict[str, str]:
    """Pages made to take time or memory: an article or a refusal, as long as neither is without bound."""
    line = f"{RELATION} "
    return {
        "ten-megabytes": page("".join(f"<p>{n} {line}</p>" for n in range(85_000))),
        "a-long-paragraph": page(f"<p>{line * 30_000}</p>"),
        "a-word-of-a-megabyte": page(P + f"<p>{'a' * MB}</p>"),
        "a-title-of-100-kilobytes": article("hostile title", title="word " * 20_000),
        "a-title-of-5-megabytes": article("hostile long title", title="word " * MB),
        "links": page(P * 4 + "<a href=/x>A headline of six words or so</a> " * 150_000),
        "nested-links": page(P * 4 + "<a href=/x>" * 200_000),
        "headings": page(P * 4 + "<h1>A plain headline of six words</h1>" * 100_000),
        "cells": page(P * 4 + f"<table>{'<tr><td>a</td><td>b</td></tr>' * 150_000}</table>"),
        "breaks": page(P * 4 + "word word<br>" * 400_000),
        "attributes": page(P * 4 + f"<p {' '.join(f'a{n}=1' for n in range(300_000))}>a</p>"),
        "times": page(P * 4 + "<time datetime=2026-11-20>20 November 2026</time>" * 100_000),
        "dates": page(P * 4 + f"<p>{'12/11/2026 ' * 150_000}</p>"),
        "date-lines": page(P * 4 + "<p>20 November 2026, 14:05</p>" * 60_000),
        "dashes": page(P * 4 + f"<p>{'- ' * MB}</p>"),
        "digits": page(P * 4 + f"<p>{'1 ' * MB}</p>"),
        "braces": page(P * 4 + f"<p>{'{{ a ' * MB}</p>"),
        "ligatures": page(P * 4 + f"<p>{chr(0xFDFA) * 500_000}</p>"),
        "accents": page(P * 4 + f"<p>a{(chr(0x301) + chr(0x316)) * 500_000}</p>"),
        "metas": page(P * 4, "".join(f"<meta property=a{n} content=b>" for n in range(150_000))),
        "cards": page(P * 4 + f"<div><h3><a href=/x>A headline of six words or so</a></h3>{P}</div>" * 30_000),
        "statement": page(*_stated(20_000)),
    }


def _stated(lines: int) -> tuple[str, str]:
    told = [f"{n} {RELATION}" for n in range(lines)]
    data = json.dumps({"@type": "NewsArticle", "articleBody": " ".join(told)})
    return "".join(f"<p>{one}</p>" for one in told), f'<script type="application/ld+json">{data}</script>'


def reply_body(seed: str) -> bytes:
    """An article page in bytes."""
    return article(seed).encode()
