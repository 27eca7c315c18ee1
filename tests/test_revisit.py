"""The hourly look at kept pages, over real HTTP: the pages whose turn has come, and no front page."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flows import passes, revisit, settings, stores
from flows.passes import Pass
from flows.report import Report, SourceReport, in_a_line
from storage.tables import LINK, SOURCE
from tests.worlds import World, world


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path, f"sqlite:///{tmp_path / 'var' / 'rasid.db'}") as made:
        yield made


async def read(current: Pass) -> list[SourceReport]:
    return await passes.side_by_side(current, list(current.claims), lambda report: None)


def look(there: World) -> Report | None:
    return asyncio.run(revisit.look(settings.load(there.environment), read))


@pytest.mark.thorough
def test_only_the_pages_whose_turn_has_come_are_asked_for(alone: World) -> None:
    alone.ingest("--source", "waha")
    assert look(alone) is None, "on the first rung in an hour"
    site = alone.newsroom.site("waha")
    (story,) = [story for story in site.stories if story.on_topic and not story.reprint_of][:1]
    words = tuple(paragraph.replace("السفير", "القنصل") + " ثم أضاف." for paragraph in story.paragraphs)
    alone.newsroom.publish("waha", replace(story, paragraphs=words, updated=datetime.now(UTC)))
    with stores.opened(settings.load(alone.environment)) as store:
        with store.write() as connection:
            due = connection.execute(SOURCE.select().where(SOURCE.c.name == "waha")).one().due_at
            connection.execute(LINK.update().values(next_look_at=datetime.now(UTC) - timedelta(minutes=1)))
        asked = len(alone.newsroom.requests)
        report = look(alone)
        paths = {request.path for request in alone.newsroom.requests[asked:]} - {"/robots.txt"}
        assert paths == {story.path for story in site.stories}
        assert report is not None and [source.revised for source in report.sources] == [1]
        assert "1 revised" in in_a_line(report) and len(report.added) == 1
        with store.read() as connection:
            row = connection.execute(SOURCE.select().where(SOURCE.c.name == "waha")).one()
    assert (row.due_at, row.holder) == (due, None), "its front pages are as due as they were"
    assert look(alone) is None
