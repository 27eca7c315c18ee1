"""Whole passes over the newsroom, through the command line, over real HTTP, on both databases."""

from __future__ import annotations

import json
import os
import random
import signal
import time
from collections import Counter
from typing import Any

import pytest

from articles.sameness import content_hash
from storage.corpus import number
from tests.worlds import FAILING, World, world


def shape(there: World) -> dict[str, Any]:
    """What a finished state looks like, whatever the order in which it came about."""
    articles = there.articles()
    names = there.corpus()
    return {
        "articles": Counter((a["content_hash"], a["on_topic"]) for a in articles),
        "sightings": Counter((a["content_hash"], s["source"], s["url"]) for a in articles for s in a["sightings"]),
        "hashes": sorted(name.partition("_")[2] for name in names),
        "numbers": [number(name) for name in names],
        "named": sorted(a["name"] for a in articles if a["name"]) == names,
    }


def test_the_newsroom_end_to_end(there: World) -> None:
    report = there.ingest()
    expected = there.newsroom.expected()
    originals = [e for e in expected if e.reprint_of is None]
    outcomes = {source["name"]: source["outcome"] for source in report["sources"]}
    assert {name: outcome for name, outcome in outcomes.items() if outcome != "ok"} == FAILING
    assert all(source["error"] for source in report["sources"] if source["name"] in FAILING)
    assert report["totals"]["new"] == len(originals)
    assert report["totals"]["duplicates"] == len(expected) - len(originals)
    assert report["totals"]["on_topic"] == sum(e.on_topic for e in originals) == len(report["corpus"]["added"])
    assert (report["totals"]["failed"], report["corpus"]["adopted"]) == (0, 5)
    stored = {sighting["url"]: a for a in there.articles() for sighting in a["sightings"]}
    reprinted = {e.reprint_of for e in expected}
    for e in (e for e in originals if e.path not in reprinted):  # of two copies the first to come gives the title
        article = stored[there.newsroom.addresses[e.site] + e.path]
        text = "\n".join(e.paragraphs)
        found = (article["title"], article["language"], article["published_precision"], article["on_topic"])
        assert found == (e.title, e.language, e.precision, e.on_topic), e.path
        assert article["published_at"] == e.published.isoformat(), e.path
        assert article["content_hash"] == content_hash(text), e.path
    assert there.rasid("corpus", "verify").endswith("0 findings.\n")


def test_a_second_pass_fetches_no_page_and_adds_nothing(there: World) -> None:
    there.ingest()
    before, asked = shape(there), len(there.newsroom.requests)
    report = there.ingest()
    pages = {e.path for e in there.newsroom.expected()}
    assert not [r.path for r in there.newsroom.requests[asked:] if r.path.partition("?")[0] in pages]
    assert (report["totals"]["fetched"], report["totals"]["new"]) == (0, 0)
    assert {s["outcome"] for s in report["sources"] if s["name"] not in FAILING} == {"unchanged"}
    assert shape(there) == before
    not_due = json.loads(there.rasid("ingest", "--json"))
    assert {s["outcome"] for s in not_due["sources"]} == {"not-due"}


def test_two_passes_at_once_do_nothing_twice(there: World) -> None:
    with there.start("ingest", "--force", "--json") as one, there.start("ingest", "--force", "--json") as two:
        reports = [json.loads(process.communicate(timeout=120)[0]) for process in (one, two)]
    assert (one.returncode, two.returncode) == (0, 0)
    originals = sum(e.reprint_of is None for e in there.newsroom.expected())
    assert sum(report["totals"]["new"] for report in reports) == originals
    assert sum(report["corpus"]["adopted"] for report in reports) == 5
    found = shape(there)
    assert found["numbers"] == list(range(5 + sum(r["totals"]["on_topic"] for r in reports)))
    asked = Counter(r.path for r in there.newsroom.requests if r.path in {e.path for e in there.newsroom.expected()})
    assert set(asked.values()) == {1}, "no page is fetched twice"


def test_killed_anywhere_and_run_again(
    there: World, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> None:
    """SIGKILL at random moments; the pass that is let through ends where an undisturbed one does."""
    moments = random.Random(20261121)
    for _ in range(request.config.getoption("--kills")):
        process = there.start("ingest", "--force", "--json")
        time.sleep(moments.uniform(0.3, 2.5))
        process.kill()
        process.communicate()
        assert _gone(process.pid), "its workers must not outlive a killed pass"
    report = there.ingest()
    assert not [s for s in report["sources"] if s["outcome"] == "not-due"], "a dead pass holds nothing"
    folder = tmp_path_factory.mktemp("undisturbed")
    with world(folder, f"sqlite:///{folder / 'rasid.db'}") as other:
        other.ingest()
        undisturbed = shape(other)
        undisturbed["sightings"] = _elsewhere(undisturbed["sightings"], other, there)
    assert shape(there) == undisturbed
    assert not list((there.folder / "corpus").glob(".*"))


def _elsewhere(rows: Counter[Any], other: World, there: World) -> Counter[Any]:
    """The rows with one newsroom's ports in the place of another's."""
    ports = {other.newsroom.addresses[name]: there.newsroom.addresses[name] for name in there.newsroom.addresses}

    def moved(cell: object) -> object:
        for old, new in ports.items():
            if isinstance(cell, str) and cell.startswith(old):
                return new + cell.removeprefix(old)
        return cell

    return Counter({tuple(moved(cell) for cell in row): count for row, count in rows.items()})


def _gone(group: int) -> bool:
    """Whether the process group has died out; a kill takes a moment to reach its last member."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        try:
            os.killpg(group, signal.SIGCONT)
        except ProcessLookupError:
            return True
        time.sleep(0.02)
    return False
