"""Sitemaps as lists of entries."""

from __future__ import annotations

import gzip
import zlib

import pytest

from extractors import sitemaps

NAMESPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" '
    'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
)


def urlset(urls: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><urlset {NAMESPACES}>{urls}</urlset>'


NEWS = urlset(
    "<url><loc>https://a.kz/1</loc><lastmod>2024-11-13</lastmod><image:image><image:loc>https://a.kz/1.jpg</image:loc>"
    "<image:title>Фото</image:title></image:image><news:news><news:publication><news:name>А</news:name>"
    "<news:language>ru</news:language></news:publication><news:publication_date>2024-11-12T14:05:00+05:00"
    "</news:publication_date><news:title>Заголовок</news:title></news:news></url>"
)


def test_a_news_sitemap_tells_title_and_publication() -> None:
    (entry,) = sitemaps.entries(NEWS) or []
    assert entry.addresses == ("https://a.kz/1",)
    assert (entry.title, entry.published, entry.modified) == ("Заголовок", "2024-11-12T14:05:00+05:00", "2024-11-13")


def test_a_change_is_no_publication() -> None:
    (entry,) = sitemaps.entries(urlset("<url><loc>https://a.kz/1</loc><lastmod>2024-11-13</lastmod></url>")) or []
    assert (entry.published, entry.modified) == (None, "2024-11-13")


@pytest.mark.parametrize(
    "text",
    [
        urlset("<url><loc>https://a.kz/?a=1&b=2</loc></url>"),
        urlset("<url><loc><![CDATA[https://a.kz/?a=1&b=2]]></loc></url>"),
        urlset("<url><loc>\n https://a.kz/?a=1&amp;b=2 \n</loc></url>"),
        urlset("<url><loc>https://a.kz/?a=1&amp;b=2</loc></url><url><loc>https://a.k")[:-9],
        "\n" + urlset("<url><loc>https://a.kz/?a=1&amp;b=2</loc></url>").replace(NAMESPACES, ""),
        "https://a.kz/?a=1&b=2\n",
        "\ufeff\r\n  HTTPS://a.kz/?a=1&b=2\r\nnot an address".replace("HTTPS", "https"),
    ],
    ids=range(7),
)
def test_every_form_gives_the_address(text: str) -> None:
    assert [entry.addresses for entry in sitemaps.entries(text) or ()] == [("https://a.kz/?a=1&b=2",)]


def test_an_index_lists_sitemaps_and_no_articles() -> None:
    child = "<sitemap><loc>https://a.kz/s1.xml</loc><lastmod>2024-11-13</lastmod></sitemap>"
    text = f"<sitemapindex {NAMESPACES}>{child}</sitemapindex>"
    assert [(entry.addresses, entry.modified) for entry in sitemaps.children(text)] == [
        (("https://a.kz/s1.xml",), "2024-11-13")
    ]
    assert sitemaps.entries(text) == []
    assert sitemaps.children(NEWS) == []


@pytest.mark.parametrize(
    "text", ["nothing here", "<html></html>", "<rss></rss>", f"<urlset {NAMESPACES}><url>", "<urlset"]
)
def test_what_is_no_sitemap(text: str) -> None:
    assert sitemaps.entries(text) is None


def test_gzip_is_unpacked_by_its_magic_bytes() -> None:
    packed = gzip.compress(NEWS.encode())
    assert sitemaps.unpacked(packed) == NEWS.encode()
    assert sitemaps.unpacked(packed + packed) == NEWS.encode() * 2
    assert sitemaps.unpacked(NEWS.encode()) == NEWS.encode()


def test_unpacking_stops_at_the_bound() -> None:
    assert len(sitemaps.unpacked(gzip.compress(bytes(60_000_000), 1))) == sitemaps.MAX_UNPACKED + 1


@pytest.mark.parametrize(
    "damage", [lambda b: b[:-20], lambda b: b[:12], lambda b: b[:2], lambda b: b[:30] + b"\xff" * 40]
)
def test_a_damaged_file_is_told(damage) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises((OSError, EOFError, zlib.error)):
        sitemaps.unpacked(damage(gzip.compress(NEWS.encode())))
