"""The account of what was left out: every address that brought no document, with its reason, on both databases."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from articles.model import Article, Link, Outcome, Refusal, Source, Verdict
from extractors import article as extraction
from extractors import refusals
from storage import intake, ledger, links, records
from storage.database import Store
from storage.links import NO_ARTICLE, Waiting
from storage.records import Arrival
from tests.conftest import NOW
from tests.test_guesses import answer
from tests.test_records import LONG, OFF, ON

A, B = Source(name="a", title="A"), Source(name="b", title="B")
RELEASE = " ".join(
    f"Президент Казахстана принял посла Палестины в столице, где стороны обсудили вопрос номер {n} и договорились."
    for n in range(12)
)


def note(store: Store, source: Source, *paths: str) -> dict[str, Waiting]:
    """What a source lists now, as it waits for its pages."""
    listed = [Link(url=f"https://{source.name}.example/{path}", title=path) for path in paths]
    with store.write() as connection:
        links.note(connection, source, listed, NOW)
        return {one.link.title or "": one for one in links.due(connection, source, NOW, force=True, limit=99)}


def keep(store: Store, source: Source, link: Waiting, text: str, verdict: Verdict = ON) -> int:
    article = Article(url=link.link.url, title=f"Title of {text[:30]}", text=text, language="ru")
    arrival = Arrival(article=article, verdict=verdict, source=source.name, link=link, fetched_at=NOW, news=True)
    with store.write() as connection:
        return records.keep(connection, arrival, NOW).article_id


def fail(store: Store, link: Waiting, outcome: str) -> None:
    with store.write() as connection:
        links.fail(connection, A, link, "Why.", NOW, after=0, outcome=outcome)


def refuse(store: Store, link: Waiting, **how: bool) -> None:
    refused = Refusal(url=link.link.url, reason="Why not.", **how)
    with store.write() as connection:
        intake.refuse(connection, A, link, refused, None, NOW)


def test_every_reason(store: Store) -> None:
    outcomes = {"off-robots": Outcome.DISALLOWED, "wall": Outcome.BLOCKED, "no": Outcome.FORBIDDEN}
    outcomes |= {"slow": Outcome.RATE_LIMITED, "late": Outcome.TIMEOUT}
    paths = ("kept", "same", "near", "off", "short", "list", "crash", "new", *outcomes)
    mine = note(store, A, *paths)
    kept = keep(store, A, mine["kept"], RELEASE)
    keep(store, A, mine["same"], RELEASE)
    keep(store, A, mine["near"], f"АСТАНА — {RELEASE}")
    off = keep(store, A, mine["off"], LONG, OFF)
    refuse(store, mine["short"], short=True)
    refuse(store, mine["list"])
    refuse(store, mine["crash"], failed=True)
    for path, outcome in outcomes.items():
        fail(store, mine[path], outcome.value)
    with store.write() as connection:
        links.note(connection, B, [Link(url="https://a.example/kept", title="theirs")], NOW)
    found = {one["title"]: one for one in ledger.skipped(store)}
    assert {title: one["reason"] for title, one in found.items()} == {
        "same": "same-text",
        "near": "near-copy",
        "off": "off-topic",
        "short": "too-short",
        "list": "no-article",
        "crash": "failed",
        "new": "waiting",
        "off-robots": "robots",
        "wall": "blocked",
        "no": "blocked",
        "slow": "blocked",
        "late": "failed",
        "theirs": "known",
    }
    assert {one["reason"] for one in found.values()} == set(ledger.REASONS)
    assert (found["near"]["article"], found["same"]["article"], found["theirs"]["article"]) == (kept, kept, kept)
    assert (found["off"]["article"], found["new"]["article"]) == (off, None)
    assert (found["late"]["detail"], found["late"]["tries"], found["new"]["next_try_at"]) == (
        "Why.",
        1,
        "2026-11-21T12:00:00Z",
    )


def test_a_link_that_comes_right_at_last_leaves_the_account(store: Store) -> None:
    link = note(store, A, "one")["one"]
    fail(store, link, Outcome.TIMEOUT.value)
    assert [one["reason"] for one in ledger.skipped(store)] == ["failed"]
    keep(store, A, link, RELEASE)
    assert list(ledger.skipped(store)) == []


def test_by_source_and_time_newest_first(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "PAGE", 3)
    with store.write() as connection:
        for hour in range(8):
            source, at = (A, B)[hour % 2], NOW + timedelta(hours=hour)
            links.note(connection, source, [Link(url=f"https://x.example/{hour}")], at)
    skipped = partial(ledger.skipped, store)
    numbers = [int(one["url"][-1]) for one in skipped()]
    assert numbers == [7, 6, 5, 4, 3, 2, 1, 0]
    assert [int(one["url"][-1]) for one in skipped(source="b", since=NOW + timedelta(hours=3))] == [7, 5, 3]


@pytest.mark.parametrize(
    ("body", "short"),
    [
        ("", True),
        ("<html><body><p></p></body></html>", True),
        ("<html><body><h1>Title</h1><p>Photo</p></body></html>", True),
        ("<html><body><p>{{ title }} {{ text }}</p></body></html>", False),
        ("%PDF-1.7", False),
    ],
)
def test_a_refusal_says_whether_there_was_text(body: str, short: bool) -> None:
    refused = extraction.extract(answer(body), None, NOW)
    assert isinstance(refused, Refusal) and refused.short is short, refused
    assert NO_ARTICLE not in refusals.SHORT
