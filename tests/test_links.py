"""What front pages named: known pages whose entry changed are looked at again, but not for ever."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from articles.model import Article, Link, Source, Stamp, Verdict
from storage import links, looks, records
from storage.database import Store
from storage.records import Arrival
from tests.conftest import NOW

SOURCE = Source(name="a", title="A", feeds=("https://a.example/feed",))
ENTRY = Link(
    url="https://a.example/1",
    title="Title",
    summary="Summary.",
    published=Stamp(at=NOW, precision="minute", evidence="now"),
    front="https://a.example/feed",
)
OFF = Verdict(on_topic=False, kind="D", score=0.0)


def keep(store: Store) -> None:
    """The entry's page, kept."""
    with store.write() as connection:
        links.note(connection, SOURCE, [ENTRY], NOW)
        (link,) = links.due(connection, SOURCE, NOW, force=False, limit=9)
        article = Article(url=ENTRY.url, title="Title", text="One text. " * 20, language="en")
        kept = Arrival(article=article, verdict=OFF, source="a", link=link, fetched_at=NOW, news=True)
        records.keep(connection, kept, NOW)


def due(store: Store, entry: Link) -> int:
    """How many pages are to be looked at once the front page says this."""
    with store.write() as connection:
        links.note(connection, SOURCE, [entry], NOW)
        return len(looks.due(connection, SOURCE, NOW))


@pytest.mark.parametrize(
    ("entry", "looked_at"),
    [
        (ENTRY, 0),
        (replace(ENTRY, title="Another title"), 1),
        (replace(ENTRY, summary="Another summary."), 1),
        (replace(ENTRY, published=Stamp(at=NOW + timedelta(minutes=5), precision="minute", evidence="later")), 1),
        (replace(ENTRY, title=None, summary=None, published=None), 0),
        (replace(ENTRY, title="As the index page has it", front="https://a.example/"), 0),
    ],
    ids=["the same", "title", "summary", "date", "says less", "another front page"],
)
def test_a_changed_entry_is_a_reason_to_look(store: Store, entry: Link, looked_at: int) -> None:
    keep(store)
    assert due(store, entry) == looked_at


def test_an_entry_that_changes_each_time_is_not_believed_for_ever(store: Store) -> None:
    keep(store)
    seen = []
    for minutes in range(6):
        stamp = Stamp(at=NOW + timedelta(minutes=minutes + 1), precision="minute", evidence="now")
        seen.append(due(store, replace(ENTRY, published=stamp)))
        with store.write() as connection:
            for link in looks.due(connection, SOURCE, NOW):
                looks.done(connection, link, NOW, revised=False)
    assert seen == [1] * links.ALARMS + [0] * (6 - links.ALARMS)
