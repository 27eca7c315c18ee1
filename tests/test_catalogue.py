"""The catalogue: the shipped file, defaults, and every fault in one line with file, source, key and mend."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles import catalogue
from articles.model import ExtractRules, Listing, Rewrite, Search, Source

ROOT = Path(__file__).parent.parent


def selector_fault(selector: str) -> str | None:
    return "unbalanced" if selector.count("[") != selector.count("]") or not selector.strip() else None


def load(text: str) -> tuple[Source, ...]:
    return catalogue.load(text, file="sources.toml", selector_fault=selector_fault)


def faults(text: str) -> tuple[str, ...]:
    with pytest.raises(catalogue.Faults) as raised:
        load(text)
    return raised.value.faults


LEAST = '[[source]]\nname = "a"\nfeeds = ["https://a.example/rss"]\n'


@pytest.mark.parametrize(
    ("name", "address", "is_article"),
    [
        ("maan", "https://www.maannews.net/news/956908.html", True),
        ("maan", "https://www.maannews.net/news/latest", False),
        ("albawaba24", "https://albawaba24.com/post/47277", True),
        ("inform-kz", "https://www.inform.kz/ru/nekiy-zagolovok-1a2b3c", True),
        ("inform-kz", "https://www.inform.kz/lenta/?page=2", False),
        ("tengrinews", "https://tengrinews.kz/world_news/nekiy-zagolovok-512345/", True),
        ("zakon", "https://www.zakon.kz/politika/6412345-nekiy-zagolovok.html", True),
        ("astanatimes", "https://astanatimes.com/2025/01/some-headline/", True),
        ("astanatimes", "https://astanatimes.com/category/nation/", False),
    ],
)
def test_shipped_patterns(name: str, address: str, is_article: bool) -> None:
    [source] = [one for one in load((ROOT / "sources.toml").read_text("utf-8")) if one.name == name]
    assert bool(re.search(source.article_url or "", address)) == is_article


def test_least_and_defaults() -> None:
    assert load(LEAST) == (Source(name="a", title="a", feeds=("https://a.example/rss",)),)


def test_everything() -> None:
    text = """
    [[source]]
    name = "a-1"
    title = "أ"
    country = "PS"
    language = "ar"
    home = "http://127.1/"
    timezone = "Asia/Hebron"
    feeds = ["http://0177.0.0.1/rss", "http://[::1]:8080/rss", "HTTPS://U:p@Пример.рф/лента?я=1#x"]
    sitemaps = ["http://localhost:8000/sitemap.xml"]
    listings = [{ url = "http://10.0.0.1/", links = "a.news" }]
    article_url = '/news/\\d+'
    interval = "2h"
    min_delay = "0s"
    enabled = true
    verified = 2026-11-21
    evidence = "seen"
    [source.extract]
    title = "h1"
    body = "article"
    date = "time"
    remove = ["nav", "aside"]
    drop_lines = ['^x$']
    """
    rules = ExtractRules(title="h1", body="article", date="time", remove=("nav", "aside"), drop_lines=("^x$",))
    [source] = load(text)
    assert source == Source(
        name="a-1",
        title="أ",
        country="PS",
        language="ar",
        home="http://127.1/",
        timezone="Asia/Hebron",
        feeds=("http://0177.0.0.1/rss", "http://[::1]:8080/rss", "HTTPS://U:p@Пример.рф/лента?я=1#x"),
        sitemaps=("http://localhost:8000/sitemap.xml",),
        listings=(Listing(url="http://10.0.0.1/", links="a.news"),),
        article_url=r"/news/\d+",
        interval=7200,
        min_delay=0,
        verified=date(2026, 11, 21),
        evidence="seen",
        extract=rules,
    )


def test_searches() -> None:
    text = """
    [[source]]
    name = "a"
    queries = ["فلسطين", "a b&c"]
    canonical = { find = '/amp(/|$)', put = '\\1' }
    listings = [{ url = "https://a.example/new", links = "a", pages = "https://a.example/new?p={n}" }]
    searches = [
        { url = "https://a.example/?s={q}&p={n}", links = "h3 a" },
        { url = "https://a.example/{q}/feed/", form = "feed" },
        { url = "https://a.example/api?q={q}", form = "json", link = "url" },
        { url = "https://a.example/api?q={q}", form = "json", items = "d.l", link = "a.url", title = "t", date = "at" },
    ]
    """
    [source] = load(text)
    assert source.queries == ("فلسطين", "a b&c")
    assert source.canonical == Rewrite(find="/amp(/|$)", put=r"\1")
    assert source.listings[0].pages == "https://a.example/new?p={n}"
    assert source.searches == (
        Search(url="https://a.example/?s={q}&p={n}", links="h3 a"),
        Search(url="https://a.example/{q}/feed/", form="feed"),
        Search(url="https://a.example/api?q={q}", form="json", link="url"),
        Search(url="https://a.example/api?q={q}", form="json", items="d.l", link="a.url", title="t", date="at"),
    )


@pytest.mark.parametrize(
    ("span", "seconds"), [("0s", 0), ("1s", 1), ("90s", 90), ("30m", 1800), ("1h", 3600), ("1d", 86400)]
)
def test_spans(span: str, seconds: int) -> None:
    [source] = load(LEAST + f'interval = "{span}"\nmin_delay = "{span}"')
    assert (source.interval, source.min_delay) == (seconds, seconds)


# What is added to (or stands instead of) the least catalogue, and the beginning of the fault's line.
ONE_FAULT = [
    ('titel = "x"', 'source "a": titel: unknown key; did you mean title?'),
    ("zzz = 1", 'source "a": zzz: unknown key; known are'),
    ('"a\\nb" = 1', 'source "a": a b: unknown key'),
    ("title = 3", 'source "a": title: 3 is no text'),
    ('title = ""', 'source "a": title: empty'),
    ('enabled = "yes"', 'source "a": enabled: "yes" is neither true nor false'),
    ("enabled = 1", 'source "a": enabled: 1 is neither'),
    ("enabled = false", "enabled: false for every source"),
    ("interval = 30", 'source "a": interval: 30 is no length of time'),
    ("interval = true", 'source "a": interval: True is no length of time'),
    ('interval = "1.5h"', 'source "a": interval: "1.5h" is no length'),
    ('interval = "-1s"', 'source "a": interval: "-1s" is no length'),
    ('interval = "٣m"', 'source "a": interval: "٣m" is no length'),
    ('interval = "1s "', 'source "a": interval:'),
    ('interval = "99999999999d"', 'source "a": interval: "99999999999d" is more than ten years'),
    (f'min_delay = "{"9" * 5000}s"', 'source "a": min_delay: "999'),
    ('timezone = "Mars/Base"', 'source "a": timezone: "Mars/Base" is no time zone'),
    ('timezone = "../x"', 'source "a": timezone:'),
    ('timezone = "/etc/passwd"', 'source "a": timezone:'),
    ('timezone = "Asia"', 'source "a": timezone:'),
    ('timezone = "a\\u0000b"', 'source "a": timezone:'),
    (f'timezone = "{"x" * 5000}"', 'source "a": timezone:'),
    ('timezone = ""', 'source "a": timezone: empty'),
    ('home = "ftp://a.example/"', 'source "a": home: "ftp://a.example/" is no http(s) address'),
    ('home = "a.example"', 'source "a": home: "a.example" is no http(s) address'),
    ('home = "http://"', 'source "a": home: "http://" has no host'),
    ('home = "http:///x"', 'source "a": home:'),
    ('home = "http://:80/"', 'source "a": home:'),
    ('home = "http://[::1/"', 'source "a": home: "http://[::1/" is no address'),
    ('home = "http://a:99999/"', 'source "a": home:'),
    ('home = "http://a:b/"', 'source "a": home:'),
    ('home = "http://a/ b"', 'source "a": home: "http://a/ b" holds a space'),
    ('home = "http://a/\\nb"', 'source "a": home:'),
    ('sitemaps = ["javascript:alert(1)"]', 'source "a": sitemaps:'),
    ('sitemaps = "http://a/"', 'source "a": sitemaps: "http://a/" is no list'),
    ("sitemaps = [1]", 'source "a": sitemaps: 1 in the list is no text'),
    ('listings = ["http://a/"]', 'source "a": listings:'),
    ('listings = [{ url = "http://a/" }]', 'source "a": listings: #1: links: missing'),
    ('listings = [{ links = "a" }]', 'source "a": listings: #1: url: missing'),
    ('listings = [{ url = 1, links = "a" }]', 'source "a": listings: #1: url: 1 is no text'),
    ('listings = [{ url = "x:y", links = "a" }]', 'source "a": listings: #1: url: "x:y" is no http(s)'),
    ('listings = [{ url = "http://a/", links = "a[" }]', 'source "a": listings: #1: links: "a[" is no CSS'),
    ('listings = [{ url = "http://a/", links = "a", x = 1 }]', 'source "a": listings: #1: x: unknown key'),
    (
        'listings = [{ url = "http://a/", links = "a", pages = "http://a/?p=2" }]',
        'source "a": listings: #1: pages: "http',
    ),
    *(
        (f'queries = ["x"]\nsearches = [{{ {search} }}]', f'source "a": searches: #1: {wrong}')
        for search, wrong in (
            ('links = "a"', "url: missing"),
            ('url = "http://a/{q}"', "links: missing, which the form html needs"),
            ('url = "http://a/", links = "a"', 'url: "http://a/" has no {q}'),
            ('url = "http://a/{q}{x}", links = "a"', 'url: "http://a/{q}{x}" has an unknown blank {x}'),
            ('url = "//a/{q}", links = "a"', 'url: "//a/1" is no http(s) address'),
            ('url = "http://a/{q}", links = "a["', 'links: "a[" is no CSS selector'),
            ('url = "http://a/{q}", links = "a", form = "xml"', 'form: "xml" is no form'),
            ('url = "http://a/{q}", links = "a", form = "feed"', "links: belongs to the form html, and this is feed"),
            ('url = "http://a/{q}", links = "a", date = "d"', "date: belongs to the form json, and this is html"),
            ('url = "http://a/{q}", form = "json"', "link: missing, which the form json needs"),
            ('url = "http://a/{q}", form = "json", link = "a..b"', 'link: "a..b" is no path'),
            ('url = "http://a/{q}", links = "a", size = 3', "size: unknown key"),
        )
    ),
    ('searches = [{ url = "http://a/{q}", links = "a" }]', 'source "a": searches: nothing to ask them'),
    ('queries = [""]', 'source "a": queries: "" is nothing to ask for'),
    ('queries = "x"', 'source "a": queries: "x" is no list'),
    ("canonical = 3", 'source "a": canonical: 3 is no table'),
    ("canonical = { put = '' }", 'source "a": canonical: find: missing'),
    ("canonical = { find = '(', put = '' }", 'source "a": canonical: find: "(" is no regular expression'),
    ("canonical = { find = 'a', put = '\\1' }", 'source "a": canonical: put:'),
    ("canonical = { find = 'a', put = 1 }", 'source "a": canonical: put: missing, or no text'),
    ("article_url = '('", 'source "a": article_url: "(" is no regular expression'),
    ("article_url = 'a{99999999999999999999}'", 'source "a": article_url:'),
    (f"article_url = '{'(' * 3000}{')' * 3000}'", 'source "a": article_url:'),
    ("article_url = 3", 'source "a": article_url: 3 is no text'),
    ("extract = 3", 'source "a": extract: 3 is no table'),
    ("[source.extract]\nbdy = 'p'", 'source "a": extract: bdy: unknown key; did you mean body?'),
    ("[source.extract]\nbody = ['p']", "source \"a\": extract: body: ['p'] is no text"),
    ("[source.extract]\nbody = 'p['", 'source "a": extract: body: "p[" is no CSS selector (unbalanced)'),
    ("[source.extract]\nremove = 'p'", 'source "a": extract: remove: "p" is no list'),
    ("[source.extract]\nremove = ['p[']", 'source "a": extract: remove: "p["'),
    ("[source.extract]\ndrop_lines = ['*']", 'source "a": extract: drop_lines: "*" is no regular'),
    ('verified = "soon"', 'source "a": verified: "soon" is no date'),
    ("verified = true", 'source "a": verified: True is no date'),
    ("verified = 2026-11-21T10:00:00Z", 'source "a": verified:'),
    ('[[source]]\nname = "a"\nfeeds = ["http://b/"]', 'source #2: name: "a" stands twice'),
    ('[[source]]\nfeeds = ["http://b/"]', "source #2: name: missing"),
    ('[[source]]\nname = 7\nfeeds = ["http://b/"]', "source #2: name: 7 is no text"),
    ('[[source]]\nname = "b"', 'source "b": feeds, sitemaps, listings, searches: no way of finding articles'),
    ('[[source]]\nname = "b"\nhome = "http://b/"', 'source "b": feeds, sitemaps, listings, searches: no way'),
    ('[[source]]\nname = "b"\nfeeds = []', 'source "b": feeds, sitemaps, listings, searches: no way'),
    *(
        (f'[[source]]\nname = "{name}"\nfeeds = ["http://b/"]', f'source "{name}": name:')
        for name in ("A", "a_b", "-a", "a-", "a--b", "a b", "ä", "a.b", "../a")
    ),
]


@pytest.mark.parametrize(("added", "begins"), ONE_FAULT)
def test_one_fault(added: str, begins: str) -> None:
    [line] = faults(LEAST + added)
    assert line.startswith(f"sources.toml: {begins}")
    assert "; " in line, "with a mend"
    assert len(line) < 500


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("", "sources.toml: source: there is none"),
        ("source = []", "sources.toml: source: there is none"),
        ("source = 1", "sources.toml: source: 1 is no list of tables"),
        ('[source]\nname = "a"', "sources.toml: source: "),
        ("x = 1\n" + LEAST, "sources.toml: x: unknown key"),
        ("[[source]\n", "sources.toml: no readable TOML: "),
        ("[a]\n[a]", "sources.toml: no readable TOML: "),
        ("a = 1\na = 2", "sources.toml: no readable TOML: "),
        ("a = " + "1" * 10_000, "sources.toml: no readable TOML: "),
        ("a = " + "[" * 10_000, "sources.toml: no readable TOML: "),
        ("a = 2026-13-45", "sources.toml: no readable TOML: "),
    ],
)
def test_whole_file(text: str, begins: str) -> None:
    [line] = faults(text)
    assert line.startswith(begins)


def test_broken_toml_names_the_place() -> None:
    [line] = faults(LEAST + "interval = 5m")
    assert "line 4, column" in line


def test_all_faults_at_once() -> None:
    text = 'top = 1\n[[source]]\nname = "A"\nfeeds = ["x"]\nlisting = 1\n[[source]]\ninterval = 5\n'
    found = faults(text)
    assert len(found) == 7
    assert [re.findall(r'source ("A"|#2)', line) for line in found[1:]] == [['"A"']] * 3 + [["#2"]] * 3


ODD_LINES = """
[[source]]
[source.extract]
name = "a"
feeds = ["http://a/"]
feeds = [1]
feeds = {}
listings = [{}]
listings = [{url=1, links=[]}]
interval = 1e999
interval = nan
verified = 0001-01-01
enabled = []
timezone = "\\u0085\\u2028"
title = "\\u001b[31m\\u202e"
extract = []
extract = {remove=[{}]}
"\\n" = 1
"""
KEYS = st.sampled_from(["home", "timezone", "article_url", "interval"])
LINES = st.sampled_from(ODD_LINES.split("\n")) | st.builds("{} = {!r}".format, KEYS, st.text())


@settings(deadline=None)
@given(st.text() | st.lists(LINES | st.text(max_size=10)).map("\n".join))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        assert load(text)
    except catalogue.Faults as error:
        assert error.faults
        assert all(line.startswith("sources.toml: ") for line in error.faults)
        assert all(len(line.splitlines()) == 1 and "\x1b" not in line for line in error.faults)


@settings(deadline=None)
@given(st.sampled_from(["home", "timezone", "article_url", "interval", "verified", "name"]), st.text())
def test_any_value_is_read_or_refused(key: str, value: str) -> None:
    escaped = "".join(f"\\U{ord(letter):08X}" for letter in value if not 0xD800 <= ord(letter) <= 0xDFFF)
    least = LEAST.replace('name = "a"\n', "") if key == "name" else LEAST
    try:
        assert load(least + f'{key} = "{escaped}"')
    except catalogue.Faults as error:
        [line] = error.faults
        assert line.startswith("sources.toml: source ") and len(line.splitlines()) == 1
