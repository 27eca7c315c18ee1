"""A source is added by the README, by the letter; lists of feeds come in and go out."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from flows import cli
from tests import hardsites
from tests.webserver import Route, serving
from tests.worlds import ROOT

HEAD = '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'
SITE: dict[str, Route] = {
    **hardsites.STORIES,
    "/": hardsites.listing("Example | News of the day", hardsites.HEADLINES, head=HEAD),
    "/feed.xml": hardsites.feed(*((title, path) for path, title in hardsites.HEADLINES.items())),
}
Rasid = Callable[..., Result]


@pytest.fixture
def rasid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Rasid:
    """Runs a command in an installation that has nothing yet, not even a catalogue."""
    (tmp_path / "corpus").mkdir()
    for name, value in {"HOME": "var", "SOURCES": "sources.toml", "CORPUS": "corpus"}.items():
        monkeypatch.setenv(f"RASID_{name}", str(tmp_path / value))

    def run(*words: str, code: int = 0, answer: str = "") -> Result:
        done = CliRunner().invoke(cli.app, words, input=answer)
        assert done.exit_code == code, (words, done.output, done.exception)
        return done

    return run


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with serving(SITE) as server:
        monkeypatch.setenv("RASID_ALLOW_PRIVATE_HOSTS", server.netloc)
        yield f"{server.url}/"


def blocks(folder: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads((folder / "sources.toml").read_text("utf-8"))["source"]
    return found


def test_the_readme_by_the_letter(rasid: Rasid, site: str, tmp_path: Path) -> None:
    """Every command of the section, in its order; but for the address, and a delay that nobody waits for."""
    section = (ROOT / "README.md").read_text("utf-8").partition("## Adding a source")[2].partition("\n## ")[0]
    commands = [line.split() for line in re.findall(r"^ +\.venv/bin/rasid (.+)$", section, re.MULTILINE)]
    assert [words[0] for words in commands] == ["source", "check", "ingest", "list", "list"]
    (source, *address), check, ingest, listing, skipped = commands
    add = [source, *address[:-1], site, "--min-delay", "0s"]
    assert "Add this block to sources.toml?" in rasid(*add, answer="n\n", code=1).output
    assert not (tmp_path / "sources.toml").exists()
    shown = rasid(*add, answer="y\n").output
    assert all(title in shown for title in list(hardsites.HEADLINES.values())[:1]) and shown.count("begins:") == 3
    (block,) = blocks(tmp_path)
    assert (block["name"], block["title"], block["language"]) == ("example", "Example", "en")
    assert block["feeds"] == [f"{site}feed.xml"] and block["home"] == site
    assert "example: GOOD." in rasid(*check).output
    assert f"{len(hardsites.STORIES)} pages fetched" in rasid(*ingest).output
    assert len(rasid(*listing).output.splitlines()) >= 1
    left_out = rasid(*skipped).output.splitlines()
    assert len(left_out) == len(hardsites.STORIES) and {line.split()[1] for line in left_out} <= {
        "off-topic",
        "same-text",
    }


def test_what_is_there_already_is_refused(rasid: Rasid, site: str, tmp_path: Path) -> None:
    rasid("source", "add", f"{site}feed.xml", "--yes", "--min-delay", "0s", "--name", "one")
    before = (tmp_path / "sources.toml").read_bytes()
    for words in ((site,), (f"{site}feed.xml",), ("https://other.example/", "--name", "one")):
        done = rasid("source", "add", *words, "--yes", "--min-delay", "0s", code=1)
        assert "one" in str(done.exception), words
    assert (tmp_path / "sources.toml").read_bytes() == before


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--timezone", "Nowhere"), "is no time zone"),
        (("--name", "No Slug"), "is no slug"),
        (("--min-delay", "soon"), "is no length of time"),
    ],
)
def test_what_can_stand_in_no_catalogue_is_refused_before_anything_is_asked(
    rasid: Rasid, words: tuple[str, str], says: str
) -> None:
    with serving({}) as server:
        assert says in str(rasid("source", "add", server.url, *words, "--yes", code=1).exception)
        assert server.asked == []


def test_a_site_that_gives_nothing_is_not_added(rasid: Rasid, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(hardsites.walled()) as server:
        monkeypatch.setenv("RASID_ALLOW_PRIVATE_HOSTS", server.netloc)
        out = rasid("source", "add", f"{server.url}/", "--yes", "--min-delay", "0s", code=1).output
    assert "challenge (Cloudflare)" in out and "Nothing was written." in out
    assert not (tmp_path / "sources.toml").exists()


OPML = """<?xml version="1.0" encoding="utf-8"?>
<opml version="1.0"><head><title>Mine</title></head><body>
<outline text="Палестина"><outline text="Курьер &amp; Со" type="rss" xmlUrl="https://kurer.example/rss"
 htmlUrl="https://kurer.example/" language="ru-RU"/></outline>
<outline text="Kurier 2" xmlUrl="https://kurer.example/rss2" htmlUrl="https://kurer.example/"/>
<outline text="Again" xmlurl="http://www.kurer.example/rss/"/>
<outline text="Odd" xmlUrl="feed://kurer.example/"/>
<outline text="وكالة" xmlUrl="https://news.wakala.ps/feed"/>
</body></opml>"""


def test_a_list_comes_in_and_goes_out(rasid: Rasid, tmp_path: Path) -> None:
    (tmp_path / "list.opml").write_text(OPML, "utf-8")
    out = rasid("source", "import", str(tmp_path / "list.opml")).output
    assert "one more feed of kurer" in out and "is there already, as kurer" in out and "no http(s) address" in out
    first, second = blocks(tmp_path)
    assert (first["name"], first["title"], first["language"]) == ("kurer", "Курьер & Со", "ru")
    assert first["feeds"] == ["https://kurer.example/rss", "https://kurer.example/rss2"]
    assert (second["name"], second["country"], second["timezone"]) == ("news-wakala", "PS", "Asia/Hebron")
    (tmp_path / "out.opml").write_text(rasid("source", "export").stdout, "utf-8")
    assert "added" not in rasid("source", "import", str(tmp_path / "out.opml"), code=1).output
    (tmp_path / "sources.toml").unlink()
    rasid("source", "import", str(tmp_path / "out.opml"))
    assert [block["feeds"] for block in blocks(tmp_path)] == [first["feeds"], second["feeds"]]


def test_what_is_no_list_is_refused(rasid: Rasid, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<html></html>")
    assert "is no OPML" in str(rasid("source", "import", str(tmp_path / "page.html"), code=1).exception)
    assert "can't be read" in str(rasid("source", "import", str(tmp_path / "none.opml"), code=1).exception)
