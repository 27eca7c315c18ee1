"""Editing the catalogue's text: what was to change has changed, and nothing else has."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles import catalogue_edit
from articles.faults import Faults
from flows import catalogue_file, settings
from tests.worlds import ROOT

TEXT = """# Who is read.
[[source]]
name = "one"  # a slug
feeds = [
    "https://one.example/a",  # the first
    "https://one.example/b",
]
listings = [{ url = "https://one.example/latest", links = "h3 a", pages = "https://one.example/{n}" }]
verified = "never"

# ---- Others
[[source]]
name = "two"
title = "Два"
feeds = ["https://two.example/rss"]

[source.extract]
title = "h1"

# The end.
"""
DAY = date(2026, 11, 22)
REAL = (ROOT / "sources.toml").read_text("utf-8")
NAMES = [block["name"] for block in tomllib.loads(REAL)["source"]]


def block(text: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in tomllib.loads(text)["source"] if one["name"] == name)
    return found


def comments(text: str) -> list[str]:
    return [line.partition("#")[2] for line in text.splitlines() if "#" in line and '"#' not in line]


def test_one_item_of_a_list_changes_in_its_place() -> None:
    new = catalogue_edit.amended(TEXT, "one", {"feeds": ["https://one.example/new", "https://one.example/b"]})
    assert new == TEXT.replace("one.example/a", "one.example/new")


def test_one_value_of_a_table_in_a_list_changes_in_its_place() -> None:
    listing = {"url": "https://one.example/latest", "links": "h2 > a", "pages": "https://one.example/{n}"}
    assert catalogue_edit.amended(TEXT, "one", {"listings": [listing]}) == TEXT.replace("h3 a", "h2 > a")


def test_a_new_key_stands_in_its_own_block_above_the_next_ones_heading() -> None:
    new = catalogue_edit.amended(TEXT, "one", {"verified": DAY, "evidence": "Seen."})
    assert 'verified = 2026-11-22\nevidence = "Seen."\n\n# ---- Others\n[[source]]' in new
    new = catalogue_edit.amended(TEXT, "two", {"verified": DAY})
    assert block(new, "two")["verified"] == DAY and block(new, "two")["extract"] == {"title": "h1"}


def test_a_key_is_taken_out() -> None:
    new = catalogue_edit.amended(TEXT, "two", {"feeds": None, "sitemaps": ["https://two.example/s.xml"], "home": None})
    assert set(block(new, "two")) == {"name", "title", "sitemaps", "extract"}
    assert block(new, "one") == block(TEXT, "one")


def test_an_unknown_source_is_an_error() -> None:
    with pytest.raises(KeyError):
        catalogue_edit.amended(TEXT, "three", {})


@pytest.mark.parametrize("name", [NAMES[len(NAMES) // 2], NAMES[-1]])
def test_the_real_catalogue_keeps_everything_else(name: str) -> None:
    new = catalogue_edit.amended(REAL, name, {"verified": DAY})
    want = [one | {"verified": DAY} if one["name"] == name else one for one in tomllib.loads(REAL)["source"]]
    assert tomllib.loads(new)["source"] == want
    assert comments(new) == comments(REAL) and len(new.splitlines()) - len(REAL.splitlines()) in (0, 1)


WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=40)


@hypothesis.settings(max_examples=40)
@given(title=WORDS, pattern=WORDS, feeds=st.lists(WORDS, max_size=3))
def test_any_text_comes_back_as_it_was_written(title: str, pattern: str, feeds: list[str]) -> None:
    values = {"name": "new", "title": title, "article_url": pattern, "feeds": feeds}
    new = catalogue_edit.appended(TEXT, values)
    assert new.startswith(TEXT.rstrip("\n")) and block(new, "new") == values
    again = catalogue_edit.amended(TEXT, "two", {"title": title, "evidence": pattern})
    assert block(again, "two")["title"] == title and block(again, "two")["evidence"] == pattern


def test_line_ends_are_kept() -> None:
    new = catalogue_edit.appended(TEXT.replace("\n", "\r\n"), {"name": "new", "feeds": ["https://new.example/"]})
    assert "\n" not in new.replace("\r\n", "")


@pytest.fixture
def known(tmp_path: Path) -> settings.Settings:
    return settings.load({"RASID_SOURCES": str(tmp_path / "sources.toml"), "RASID_HOME": str(tmp_path / "var")})


def test_the_file_keeps_its_mode_its_mark_and_its_link(known: settings.Settings, tmp_path: Path) -> None:
    real = tmp_path / "real.toml"
    real.write_bytes(b"\xef\xbb\xbf" + TEXT.encode())
    real.chmod(0o640)
    known.sources.symlink_to(real)
    catalogue_file.change(known, lambda text: text.replace("Два", "Три"))
    assert known.sources.is_symlink() and real.stat().st_mode & 0o777 == 0o640
    assert real.read_bytes().startswith(b"\xef\xbb\xbf#") and "Три" in real.read_text("utf-8-sig")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["real.toml", "sources.toml"]


@pytest.mark.parametrize(
    "edit",
    [
        lambda text: text + "[[source]]\nname = 'two'\nfeeds = ['https://x.example/']\n",
        lambda text: text + "=",
        lambda text: "",
    ],
)
def test_what_is_no_catalogue_is_never_written(known: settings.Settings, tmp_path: Path, edit: Any) -> None:
    known.sources.write_text(TEXT, "utf-8")
    with pytest.raises(Faults):
        catalogue_file.change(known, edit)
    assert known.sources.read_text("utf-8") == TEXT and len(list(tmp_path.iterdir())) == 1
