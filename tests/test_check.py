"""`rasid check` is right about eleven hard sites, and asks no more than it must; what it writes makes them good."""

from __future__ import annotations

import contextlib
import io
import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from flows import checking, settings
from flows.stores import opened
from storage.tables import CHECKUP, LINK, SOURCE
from tests import hardsites
from tests.hardsites import Sites

USUAL = 9
"""Addresses of usual names that are tried."""


@dataclass(frozen=True)
class Looked:
    """All sites, looked at once with `--write`."""

    sites: Sites
    environment: dict[str, str]
    catalogue: Path
    found: dict[str, dict[str, Any]]
    asked: dict[str, list[str]]
    """What each site was asked for, robots.txt aside."""
    code: int

    def check(self, *names: str, write: bool = False) -> tuple[int, list[dict[str, Any]]]:
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            code = checking.check(settings.load(self.environment), names, write=write, as_json=True)
        return code, [json.loads(line) for line in out.getvalue().splitlines()]

    def block(self, name: str) -> dict[str, Any]:
        blocks = tomllib.loads(self.catalogue.read_text("utf-8"))["source"]
        block: dict[str, Any] = next(block for block in blocks if block["name"] == name)
        return block

    def at(self, name: str, path: str) -> str:
        return self.sites.servers[name].url + path


@pytest.fixture(scope="module")
def looked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Looked]:
    folder = tmp_path_factory.mktemp("check")
    with hardsites.sites() as sites:
        catalogue = folder / "sources.toml"
        catalogue.write_text(sites.catalogue(), "utf-8")
        environment = {
            "RASID_HOME": str(folder / "var"),
            "RASID_SOURCES": str(catalogue),
            "RASID_ALLOW_PRIVATE_HOSTS": sites.allowed,
        }
        empty = Looked(sites, environment, catalogue, {}, {}, 0)
        code, lines = empty.check(write=True)
        asked = {
            name: [path for path in server.asked if path != "/robots.txt"] for name, server in sites.servers.items()
        }
        yield Looked(sites, environment, catalogue, {line["name"]: line for line in lines}, asked, code)


VERDICTS = {
    "moved": ("mend", "has moved to"),
    "liar": ("mend", "An HTML page came instead of a feed."),
    "plain": ("mend", 'The selector ".allNewsCard a" found no links'),
    "shell": ("bad", "a frame that a script fills"),
    "deaf": ("mend", "It ignores its word: 10 links"),
    "walled": ("bad", "answered 403 with a challenge (Cloudflare)"),
    "printed": ("mend", "gives what the page itself lacks"),
    "api": ("good", ""),
    "vast": ("mend", "answered 404"),
    "tote": ("good", ""),
    "mute": ("bad", "sound, but lists nothing"),
}


@pytest.mark.parametrize("name", VERDICTS)
def test_verdicts_and_their_reasons(looked: Looked, name: str) -> None:
    verdict, reason = VERDICTS[name]
    found = looked.found[name]
    assert found["verdict"] == verdict, found
    assert reason in " ".join(found["notes"])
    assert bool(found["notes"]) == (verdict != "good")


MOST = {"moved": 4, "deaf": 5, "walled": 2, "tote": 3, "liar": 5, "vast": 6, "plain": USUAL + 4, "shell": USUAL + 2}


@pytest.mark.parametrize("name", MOST)
def test_no_more_is_asked_than_must_be(looked: Looked, name: str) -> None:
    assert len(looked.asked[name]) <= MOST[name], looked.asked[name]
    assert len(set(looked.asked[name])) == len(looked.asked[name])


def test_of_300_sitemaps_the_newest_is_asked_for(looked: Looked) -> None:
    assert [path for path in looked.asked["vast"] if path.startswith("/maps/")] == ["/maps/index.xml", "/maps/0.xml"]
    (way,) = (way for way in looked.found["vast"]["ways"] if way["kind"] == "sitemap")
    assert "An index of 300 sitemaps; 1 asked for." in way["says"] and way["found"] == "robots.txt"


def test_a_search_that_listens_is_told_by_a_nonsense_word(looked: Looked) -> None:
    (way,) = looked.found["api"]["ways"][:1]
    assert (way["works"], way["links"]) == (True, 10) and "that a nonsense word does not bring" in way["says"]


def test_kazakh_in_arabic_letters_is_kazakh(looked: Looked) -> None:
    assert {sample["language"] for sample in looked.found["tote"]["samples"]} == {"kk"}


def test_samples_show_what_was_read_and_what_was_left_out(looked: Looked) -> None:
    sample = looked.found["moved"]["samples"][0]
    assert sample["title"] == hardsites.HEADLINES["/news/101"]
    assert sample["begins"].startswith(hardsites.ENGLISH[0]) and sample["words"] == sum(
        len(line.split()) for line in hardsites.ENGLISH
    )
    assert sample["left_out"] == ["IMG-20261121-WA0003.jpg"] and sample["published_precision"] == "minute"
    page, printed = looked.found["printed"]["samples"][:2]
    assert (page["published_at"], page["print_view"]) == (None, printed["url"]) and printed["published_at"]


def test_what_is_written(looked: Looked) -> None:
    text, today = looked.catalogue.read_text("utf-8"), datetime.now(UTC).date()
    assert looked.block("moved")["feeds"] == [looked.at("moved", "/feeds/news.xml")]
    assert looked.block("liar")["feeds"] == [looked.at("liar", "/feeds/all.xml")]
    listing = {"url": looked.at("plain", "/ru/lenta"), "links": "h3.card-title > a"}
    assert looked.block("plain")["listings"] == [listing]
    assert looked.block("vast")["sitemaps"] == [looked.at("vast", "/maps/index.xml")]
    assert "feeds" not in looked.block("vast")
    for name, (verdict, _) in VERDICTS.items():
        assert looked.block(name)["verified"] == ("never" if verdict == "bad" else today), name
        assert looked.found[name]["written"] == (verdict != "bad")
    assert "  # from a list" in text and text.count("# The site called") == len(VERDICTS)
    assert [block["name"] for block in tomllib.loads(text)["source"]] == list(VERDICTS)


def test_nothing_is_stored(looked: Looked) -> None:
    with opened(settings.load(looked.environment)) as store, store.read() as connection:
        rows = [
            connection.execute(select(func.count()).select_from(table)).scalar() for table in (SOURCE, LINK, CHECKUP)
        ]
    assert rows == [0, 0, 0]


def test_what_was_mended_is_good_and_told_once(looked: Looked) -> None:
    before = looked.block("liar")
    code, found = looked.check("moved", "liar", "vast", write=True)
    assert [one["verdict"] for one in found] == ["good"] * 3 and code == 0
    assert looked.block("liar") == before and before["evidence"].count("Checked ") == 1


def test_exit_code_says_whether_anything_worked(looked: Looked) -> None:
    assert looked.code == 0
    assert looked.check("walled")[0] == 1
