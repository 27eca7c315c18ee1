"""Publishers change what is out: passes over a newsroom that edits, takes down and moves its articles."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

from demo.stories import Story
from tests.worlds import NOW, World

SITE = "steppe-times"


def site_story(there: World) -> Story:
    """An article on topic of a site whose feed says when its entries changed."""
    return next(story for story in there.newsroom.site(SITE).stories if story.on_topic and not story.reprint_of)


def show(there: World, path: str) -> dict[str, Any]:
    shown: dict[str, Any] = json.loads(there.rasid("show", there.newsroom.addresses[SITE] + path, "--json"))
    return shown


def counts(there: World, *names: str) -> list[int]:
    (source,) = there.ingest("--source", SITE)["sources"]
    return [source[name] for name in names]


def test_an_edited_entry_is_read_again_and_is_a_revision(there: World) -> None:
    there.ingest("--source", SITE)
    story = site_story(there)
    before = show(there, story.path)
    edited = replace(
        story,
        title=f"{story.title}, updated",
        paragraphs=(*story.paragraphs, "The two ministers will meet again in spring, the spokesman added on Friday."),
        updated=story.updated + timedelta(hours=1),
    )
    there.newsroom.publish(SITE, edited)
    assert counts(there, "fetched", "new", "revised", "failed") == [1, 0, 1, 0]
    after = show(there, story.path)
    assert (after["id"], after["version"], after["title"]) == (before["id"], 2, edited.title)
    assert after["name"][:4] == before["name"][:4] and after["name"] != before["name"]
    assert [version["name"] for version in after["versions"]] == [before["name"], after["name"]]
    assert {before["name"], after["name"]} <= set(there.corpus())
    assert json.loads(there.rasid("show", before["name"], "--json"))["id"] == before["id"]
    told = there.rasid("show", after["name"], "--diff")
    assert "version 1 to 2, revised" in told and "{+" in told and "will meet again in spring" in told
    (change,) = (json.loads(line) for line in there.rasid("show", str(after["id"]), "--diff", "--json").splitlines())
    assert [one["where"] for one in change["changes"]] == ["title", "text"]
    assert counts(there, "fetched", "revised") == [0, 0]
    there.rasid("corpus", "verify")


def test_a_touched_entry_whose_page_says_the_same_is_no_revision(there: World) -> None:
    there.ingest("--source", SITE)
    story = site_story(there)
    there.newsroom.publish(SITE, replace(story, title=f"{story.title} ", updated=NOW + timedelta(minutes=1)))
    (source,) = there.ingest("--source", SITE)["sources"]
    assert (source["revised"], source["duplicates"], source["new"]) == (0, 0, 0)
    assert show(there, story.path)["version"] == 1
