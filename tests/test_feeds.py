"""Feeds of every kind and in every state, as lists of entries."""

from __future__ import annotations

import json

import pytest

from extractors import feeds
from extractors.markup import Entry

ATOM = 'xmlns="http://www.w3.org/2005/Atom"'


def rss(items: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>Т</title>{items}</channel></rss>'


def item(fields: str) -> str:
    return rss(f"<item>{fields}</item>")


def only(text: str) -> Entry:
    (entry,) = feeds.entries(text) or []
    return entry


RSS_2 = item(
    "<title>Заголовок</title><link>https://a.kz/1</link><guid isPermaLink='false'>77</guid>"
    "<pubDate>Tue, 12 Nov 2024 14:05:00 +0500</pubDate><description>Кратко</description>"
)
RSS_091 = (
    '<?xml version="1.0"?><!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" '
    '"http://my.netscape.com/publish/formats/rss-0.91.dtd"><rss version="0.91"><channel><item>'
    "<title>Заголовок</title><link>https://a.kz/1</link><description>Кратко</description></item></channel></rss>"
)
RDF = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://a.kz/"><title>Т</title></channel>'
    '<item rdf:about="https://a.kz/0"><title>Заголовок</title><link>https://a.kz/1</link>'
    "<dc:date>2024-11-12T14:05:00+05:00</dc:date><description>Кратко</description></item></rdf:RDF>"
)
ATOM_1 = (
    f'<feed {ATOM}><title>Т</title><link rel="self" href="https://a.kz/feed"/><entry><title>Заголовок</title>'
    '<link rel="self" href="https://a.kz/1.atom"/><link rel="alternate" type="text/html" href="https://a.kz/1"/>'
    "<id>tag:a.kz,2024:1</id><updated>2024-11-13T00:00:00Z</updated><published>2024-11-12T14:05:00+05:00</published>"
    "<summary>Кратко</summary></entry></feed>"
)
ATOM_PREFIXED = (
    '<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:entry><a:title>Заголовок</a:title>'
    '<a:link href="https://a.kz/1"/><a:published>2024-11-12</a:published><a:summary>Кратко</a:summary></a:entry></a:feed>'
)
ATOM_03 = (
    '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><title>Заголовок</title>'
    '<link rel="alternate" href="https://a.kz/1"/><issued>2024-11-12T14:05:00+05:00</issued>'
    "<modified>2024-11-13T00:00:00Z</modified><summary>Кратко</summary></entry></feed>"
)
JSON_FEED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "items": [
            {
                "id": "1",
                "url": "https://a.kz/1",
                "title": "Заголовок",
                "summary": "Кратко",
                "date_published": "2024-11-12",
            },
            "no item",
            {"id": 3, "url": None, "title": ["x"]},
        ],
    }
)


JSON_FEED_1 = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1",
        "title": "Т",
        "items": [
            {
                "id": "https://a.kz/1",
                "title": "Заголовок",
                "content_html": "Кратко",
                "date_published": "2024-11-12T14:05:00+05:00",
                "author": {"name": "А. Б."},
            }
        ],
    }
)
RSS_ENCODED = (
    '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><item>'
    "<content:encoded><![CDATA[Кратко]]></content:encoded><title>Заголовок</title><link>https://a.kz/1</link>"
    "</item></channel></rss>"
)
RDF_BARE = (
    '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
    '<channel r:about="https://a.kz/"/><item r:about="https://a.kz/1"><title>Заголовок</title>'
    "<description>Кратко</description></item></r:RDF>"
)


@pytest.mark.parametrize(
    ("text", "published"),
    [
        (JSON_FEED_1, "2024-11-12T14:05:00+05:00"),
        (RSS_ENCODED, None),
        (RDF_BARE, None),
        (RSS_2, "Tue, 12 Nov 2024 14:05:00 +0500"),
        (RSS_091, None),
        (RDF, "2024-11-12T14:05:00+05:00"),
        (ATOM_1, "2024-11-12T14:05:00+05:00"),
        (ATOM_PREFIXED, "2024-11-12"),
        (ATOM_03, "2024-11-12T14:05:00+05:00"),
        (JSON_FEED, "2024-11-12"),
    ],
)
def test_every_format_gives_the_same_entry(text: str, published: str | None) -> None:
    entry = only(text)
    assert (entry.addresses[0], entry.title, entry.summary) == ("https://a.kz/1", "Заголовок", "Кратко")
    assert entry.published == published


@pytest.mark.parametrize(
    ("fields", "addresses"),
    [
        ("<link> https://a.kz/1 </link>", ("https://a.kz/1",)),
        ("<link><![CDATA[https://a.kz/?a=1&b=2]]></link>", ("https://a.kz/?a=1&b=2",)),
        ("<link>https://a.kz/?a=1&amp;b=2</link>", ("https://a.kz/?a=1&b=2",)),
        ("<link>https://a.kz/?a=1&b=2</link>", ("https://a.kz/?a=1&b=2",)),
        ("<guid>https://a.kz/1</guid>", ("https://a.kz/1",)),
        ("<guid isPermaLink='true'>https://a.kz/1</guid>", ("https://a.kz/1",)),
        ("<link>https://a.kz/1</link><guid>https://a.kz/2</guid>", ("https://a.kz/1", "https://a.kz/2")),
        ("<link/><guid>https://a.kz/1</guid>", ("https://a.kz/1",)),
        ("<link>https://a.kz/1</link><link rel='self' href='/self'/>", ("https://a.kz/1",)),
        ("<link rel='self' href='/self'/><link href='/1'/>", ("/1",)),
        ("<link type='application/pdf' href='/1.pdf'/><link type='text/html' href='/1'/>", ("/1", "/1.pdf")),
        (
            "<link>https://feeds.example/1</link><f:origLink xmlns:f='urn:f'>https://a.kz/1</f:origLink>",
            ("https://a.kz/1", "https://feeds.example/1"),
        ),
    ],
)
def test_addresses(fields: str, addresses: tuple[str, ...]) -> None:
    assert only(item(fields)).addresses == addresses


@pytest.mark.parametrize(
    "fields",
    [
        "<title>Т</title>",
        "<guid isPermaLink='false'>https://a.kz/1</guid>",
        "<guid>77</guid>",
        "<title>Т</title><enclosure url='https://a.kz/1.mp3' type='audio/mpeg' length='1'/>",
        "<link rel='enclosure' href='https://a.kz/1.mp3'/>",
    ],
)
def test_items_without_an_address_are_left_out(fields: str) -> None:
    assert feeds.entries(item(fields)) == []


def test_a_summary_goes_before_the_whole_text() -> None:
    both = "<encoded>Всё</encoded><description>Кратко</description><link>https://a.kz/1</link>"
    assert only(item(both)).summary == "Кратко"


def test_fields_of_pictures_do_not_stand_for_those_of_the_item() -> None:
    media = "<m:title>Фото</m:title><m:description>Снимок</m:description>"
    own = "<title>Заголовок</title><link>https://a.kz/1</link><description>Кратко</description>"
    entry = only(f'<rss xmlns:m="http://search.yahoo.com/mrss/"><channel><item>{media}{own}</item></channel></rss>')
    assert (entry.title, entry.summary) == ("Заголовок", "Кратко")


def test_undeclared_prefixes_are_read_by_their_name() -> None:
    assert only(item("<link>https://a.kz/1</link><dc:date>2024-11-12</dc:date>")).published == "2024-11-12"


def test_an_xhtml_title_is_the_text_of_its_elements() -> None:
    title = '<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">Слово <b>за</b> словом</div></title>'
    assert only(f'<feed {ATOM}><entry>{title}<link href="/1"/></entry></feed>').title == "Слово за словом"


def test_the_base_of_an_entry_is_that_of_the_elements_around_it() -> None:
    text = f'<feed {ATOM} xml:base="https://a.kz/x/"><entry xml:base="y/"><link href="1"/></entry></feed>'
    assert only(text).base == "https://a.kz/x/y/"


GOOD = "<item><title>{0}</title><link>https://a.kz/{0}</link></item>"
THREE = "".join(GOOD.format(number) for number in (1, 2, 3))


@pytest.mark.parametrize(
    "text",
    [
        " \n\t" + rss(THREE),
        "\ufeff" + rss(THREE),
        "<br />\n<b>Warning</b>: mysql_connect() in /index.php<br />\n" + rss(THREE),
        rss(THREE).replace("<title>1", "<title>1\x00\x08\x1f\ufffe"),
        rss(THREE).replace("<title>1", "<title>R&D &nbsp; &laquo;1&raquo; &#0; &bogus;"),
        rss(THREE).replace("<title>1", "<title>5 < 6 <b>1"),
        rss(THREE).replace("</channel></rss>", ""),
        rss(THREE) + "<!-- cached --><p>trailing",
        rss(THREE + "<item><title>4</title><link>https://a.kz"),
        rss(THREE + "<item><title><![CDATA[4"),
        rss(THREE).replace('encoding="UTF-8"', 'encoding="utf-16"'),
        rss(THREE).replace("<rss", '<!DOCTYPE rss [<!ENTITY % x PUBLIC "-//W3C//ENTITIES" "x.dtd"> %x;]><rss'),
    ],
    ids=range(12),
)
def test_damaged_feeds_give_what_can_be_read(text: str) -> None:
    found = [entry.addresses[0] for entry in feeds.entries(text) or ()]
    assert found[:3] == ["https://a.kz/1", "https://a.kz/2", "https://a.kz/3"]


def test_a_second_opinion_is_had_where_html_swallows_the_links() -> None:
    swallowed = "".join(
        f"<item><description>one<br>two<p>three</description><link>https://a.kz/{n}</link></item>" for n in range(5)
    )
    assert [entry.addresses[0] for entry in feeds.entries(rss(swallowed)) or ()] == [
        f"https://a.kz/{n}" for n in range(5)
    ]


def test_entities_are_neither_expanded_nor_fetched() -> None:
    bomb = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    text = item("<title>&e11; &file;</title><link>https://a.kz/1</link>")
    doctype = f'<!DOCTYPE rss [<!ENTITY e0 "boom">{bomb}<!ENTITY file SYSTEM "file:///etc/hostname">]>'
    assert only(text.replace("<rss", doctype + "<rss")).title == "&e11; &file;"


@pytest.mark.parametrize("text", [rss(""), "<rss/>", f"<feed {ATOM}></feed>", '{"items": []}'])
def test_a_sound_feed_may_be_empty(text: str) -> None:
    assert feeds.entries(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "not found",
        "<html><p>x</p></html>",
        "<urlset></urlset>",
        '<rss version="2.0"><channel><title>',
        "{",
        "{}",
        '{"items": {}}',
        "[" * 100_000,
        '{"items":' * 100_000,
        "<",
        "<rss",
    ],
)
def test_what_is_no_feed(text: str) -> None:
    assert feeds.entries(text) is None
