"""Near copies found in the database, on SQLite and on PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, func, select, update

from articles.nearness import Telling, sketch
from benchmarks.bands import figures
from benchmarks.pairs import load
from storage import nearness
from storage.database import Store, insert
from storage.tables import ARTICLE, BAND, VERSION

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
TEXTS = {text.id: text.text for text in load().texts}
AID = TEXTS["en-aid"]


def keep(connection: Connection, article_id: int, text: str, *, same_as: int | None = None, version: int = 1) -> None:
    """An article with one text and its bands."""
    article = {
        "id": article_id,
        "birth": f"birth {article_id}",
        "language": "en",
        "fetched_at": NOW,
        "first_seen_at": NOW,
        "version": version,
        "content_hash": "",
        "on_topic": True,
        "kind": "A",
        "review": False,
        "score": 1.0,
        "evidence": [],
        "steps": [],
        "same_as": same_as,
        "story": article_id,
    }
    connection.execute(insert(connection, ARTICLE).values(article))
    told(connection, article_id, text, version)
    nearness.remember(connection, article_id, sketch(text))


def told(connection: Connection, article_id: int, text: str, version: int) -> None:
    row = {"article_id": article_id, "version": version, "text": text}
    connection.execute(
        insert(connection, VERSION).values({**row, "content_hash": "", "digest": "", "seen_at": NOW, "reason": "new"})
    )


def find(connection: Connection, text: str, *, but: int | None = None) -> int | None:
    return nearness.original(connection, sketch(text), Telling(None, text), but=but)


def test_a_reprint_is_found_and_another_shipment_is_not(store: Store) -> None:
    with store.write() as connection:
        keep(connection, 1, TEXTS["en-vote"])
        keep(connection, 2, AID)
        assert find(connection, TEXTS["en-aid-cut"]) == 2
        assert find(connection, TEXTS["en-aid-stub"]) == 2
        assert find(connection, TEXTS["en-aid-second"]) is None
        assert find(connection, TEXTS["en-football"]) is None
        assert find(connection, "") is None


def test_remembering_twice_is_remembering_once(store: Store) -> None:
    with store.write() as connection:
        keep(connection, 1, AID)
        nearness.remember(connection, 1, sketch(AID))
        nearness.remember(connection, 1, ())
        assert connection.scalar(select(func.count()).select_from(BAND)) == 32


def test_the_answer_is_an_original(store: Store) -> None:
    with store.write() as connection:
        keep(connection, 1, AID)
        keep(connection, 2, TEXTS["en-aid-figures"], same_as=1)
        assert find(connection, TEXTS["en-aid-figures"]) == 1


def test_small_changes_do_not_add_up(store: Store) -> None:
    """The copy left the figures out, so that it is like another shipment's report; the original is not."""
    without = AID.replace("40 tons of ", "").replace("two military transport planes", "planes")
    other = AID.replace("40 tons", "65 tons")
    with store.write() as connection:
        keep(connection, 1, AID)
        keep(connection, 2, without, same_as=1)
        assert find(connection, without) == 1
        assert find(connection, other) is None


def test_the_article_itself_is_left_out(store: Store) -> None:
    with store.write() as connection:
        keep(connection, 1, AID)
        keep(connection, 2, TEXTS["en-aid-cut"], same_as=1)
        assert find(connection, AID, but=1) is None
        assert find(connection, TEXTS["en-aid-cut"], but=2) == 1


def test_the_newest_version_is_what_counts(store: Store) -> None:
    with store.write() as connection:
        keep(connection, 1, AID)
        told(connection, 1, TEXTS["en-aid-second"], 2)
        connection.execute(update(ARTICLE).where(ARTICLE.c.id == 1).values(version=2))
        nearness.forget(connection, 1)
        assert find(connection, TEXTS["en-aid-second"]) is None
        nearness.remember(connection, 1, sketch(TEXTS["en-aid-second"]))
        assert find(connection, TEXTS["en-aid-second"]) == 1
        assert find(connection, AID) is None


def test_of_two_originals_the_likelier_is_the_answer(store: Store) -> None:
    with store.write() as connection:
        keep(connection, 1, TEXTS["en-aid-stub"])
        keep(connection, 2, AID)
        assert find(connection, TEXTS["en-aid-figures"]) == 2


def test_a_flood_of_boilerplate_is_not_all_compared(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[str | None] = []
    against = nearness.against

    def counted(telling: Telling) -> object:
        likeness = against(telling)
        return lambda other: (compared.append(other.title), likeness(other))[1]

    monkeypatch.setattr(nearness, "against", counted)
    report = TEXTS["en-currency"]
    with store.write() as connection:
        for number in range(1, 400):
            keep(connection, number, report.replace("494.27", f"4{number:03}.27"))
        keep(connection, 400, report)
        assert find(connection, TEXTS["en-currency-reprint"]) == 400
        assert len(compared) <= nearness.CANDIDATES


def test_a_small_run_of_the_benchmark() -> None:
    ((small, large),) = figures(2_000, ["sqlite"])
    assert (small.documents, large.documents) == (200, 2_000)
    assert min(small.found, large.found) > 0.97
