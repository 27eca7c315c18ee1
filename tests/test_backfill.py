"""Catching up on the past over real HTTP: each way in, what it leaves undisturbed, and going on after a break."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from articles.model import Listing, Search
from articles.ranges import Range
from flows import ways
from tests import past
from tests.past import Site, html, index, page, sitemap
from tests.webserver import Request, Wire, reply, serving


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
    site.server.routes |= {
        path: reply(page(n, day, on_topic=on_topic)) for n, path in zip(numbers, paths, strict=True)
    }
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
    errand = site.errand(
        site.source(sitemaps=(f"{url}/index.xml",)), since=date(2024, 3, 1), until=date(2024, 3, 31), via=("sitemap",)
    )
    (result,) = site.run(errand).results
    assert (result.state, result.brought.found, result.brought.new, result.brought.on_topic) == ("done", 4, 4, 3)
    asked = set(site.server.asked)
    assert "/map-2023-01.xml" not in asked and "/old.xml" not in asked and "/a/9" not in asked
    assert site.rows("SELECT DISTINCT reason FROM version") == [("backfilled",)]
    assert {at for (at,) in site.rows("SELECT substr(CAST(published_at AS VARCHAR), 1, 10) FROM article")} == {"2024-03-05"}
    before = len(site.server.requests)
    assert site.run(errand).results[0].brought == result.brought
    assert len(site.server.requests) == before, "what is done is not asked for again"
