"""The hand-over to taggers: a queue computed from state, leases that end, tags that say nothing twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from storage import revisions, tags, verdicts
from storage.database import Store
from storage.tags import Submitted, Tag, Task
from tests.conftest import NOW
from tests.test_revisions import FIRST, OFF, ON, SECOND, keep, page, revise, unlike

LEASE = timedelta(minutes=15)


def waiting(store: Store, tagger: str = "t", version: str | None = None, minutes: int = 0, **more: int) -> list[Task]:
    now = NOW + timedelta(minutes=minutes)
    return list(tags.next(store, tagger, now, version=version, limit=more.get("limit"), lease=LEASE))


def submit(store: Store, task: Task, stance: str = "supportive", tagger: str = "t", **more: str) -> Submitted:
    tag = Tag(id=task.id, content_hash=task.content_hash, stance=stance, **more)  # type: ignore[arg-type]
    with store.write() as connection:
        return tags.submit(connection, tagger, tag, NOW)


def documents(store: Store, count: int) -> list[int]:
    pages = [page(unlike(f"документ{n}-"), url=f"https://a.example/{n}") for n in range(count)]
    return [keep(store, one).article_id for one in pages]


def test_documents_wait_until_they_are_tagged_each_for_each_tagger(store: Store) -> None:
    ids = documents(store, 3)
    keep(store, page(unlike("газ"), url="https://a.example/off"), OFF)
    tasks = waiting(store)
    assert [(task.id, task.reason) for task in tasks] == [(id_, "new") for id_ in ids]
    assert [task.id for task in waiting(store, "other")] == ids
    assert [submit(store, task) for task in tasks] == [Submitted()] * 3
    assert waiting(store, minutes=60) == []
    assert len(waiting(store, "other", minutes=60)) == 3


def test_what_is_claimed_is_free_again_when_the_lease_ends(store: Store) -> None:
    documents(store, 3)
    assert len(waiting(store, limit=2)) == 2
    assert len(waiting(store)) == 1
    assert waiting(store, minutes=14) == []
    assert len(waiting(store, minutes=16)) == 3


def test_release_gives_back(store: Store) -> None:
    first, *_ = documents(store, 3)
    waiting(store)
    with store.write() as connection:
        assert tags.release(connection, "t", [first]) == 1
    assert [task.id for task in waiting(store)] == [first]
    with store.write() as connection:
        assert tags.release(connection, "t") == 3


def test_many_documents_come_in_pages(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tags, "PAGE", 2)
    ids = documents(store, 5)
    assert [task.id for task in waiting(store)] == ids
    with store.write() as connection:
        tags.release(connection, "t")
    stream = tags.next(store, "t", NOW, version=None, limit=None, lease=LEASE)
    assert [next(stream).id for _ in range(2)] == ids[:2]
    stream.close()  # type: ignore[attr-defined]
    assert [task.id for task in waiting(store)] == ids[2:]


@pytest.mark.parametrize(("reason", "says"), [(revisions.EDITED, "revised"), (revisions.REEXTRACTED, "re-extracted")])
def test_a_changed_text_waits_again_and_says_why(store: Store, reason: str, says: str) -> None:
    born = keep(store, page(FIRST))
    (before,) = waiting(store)
    submit(store, before)
    revise(store, born.article_id, page(SECOND), reason=reason)
    (after,) = waiting(store)
    assert (after.reason, after.version, after.text) == (says, 2, SECOND)
    assert submit(store, before, "late") == Submitted(superseded=True)
    assert [task.reason for task in waiting(store)] == [says]


def test_a_changed_headline_alone_is_tagged_already(store: Store) -> None:
    born = keep(store, page(FIRST))
    submit(store, waiting(store)[0])
    revise(store, born.article_id, page(FIRST, title="Another"))
    assert waiting(store) == []


def test_a_new_version_of_the_tagger_does_all_again(store: Store) -> None:
    documents(store, 2)
    for task in waiting(store, version="1"):
        submit(store, task, tagger_version="1")
    assert waiting(store) == waiting(store, version="1") == []
    assert [task.reason for task in waiting(store, version="2")] == ["new-tagger-version"] * 2


def test_what_leaves_the_topic_leaves_the_queue(store: Store) -> None:
    born = keep(store, page(FIRST))
    with store.write() as connection:
        verdicts.rejudge(connection, born.article_id, 1, OFF, NOW)
    assert waiting(store) == []
    with store.write() as connection:
        verdicts.rejudge(connection, born.article_id, 1, ON, NOW)
    assert len(waiting(store)) == 1


@pytest.mark.parametrize(
    ("tag", "fault"),
    [
        (Tag(id=999, content_hash="0" * 16, stance="x"), "no document has the id 999"),
        (Tag(id=1, content_hash="0" * 16, stance="x"), "never had a text with the hash 0000000000000000"),
        (Tag(id=2, content_hash="0" * 16, stance="x"), "no document has the id 2"),
    ],
)
def test_what_cannot_be_kept_says_why(store: Store, tag: Tag, fault: str) -> None:
    documents(store, 1)
    keep(store, page(unlike("газ"), url="https://a.example/off"), OFF)
    with store.write() as connection:
        said = tags.submit(connection, "t", tag, NOW).fault
    assert said is not None and fault in said


def test_saying_it_twice_changes_nothing_and_another_word_replaces_it(store: Store) -> None:
    documents(store, 1)
    (task,) = waiting(store)
    for stance in ("supportive", "supportive", "neutral"):
        assert submit(store, task, stance) == Submitted()
    with store.read() as connection:
        rows = connection.execute(text("SELECT tagger, stance, is_current FROM document_tag")).all()
    assert [(row.tagger, row.stance, bool(row.is_current)) for row in rows] == [("t", "neutral", True)]


def test_status_says_how_current_a_tagger_is(store: Store) -> None:
    documents(store, 3)
    for task in waiting(store, limit=2)[:1]:
        submit(store, task)
    with store.read() as connection:
        assert tags.taggers(connection) == ["t"]
        status = tags.status(connection, "t", NOW)
    assert (status.documents, status.tagged, status.waiting, status.claimed) == (3, 1, 2, 1)
    assert (status.oldest_waiting_since, status.p50_seconds) == (NOW, 0.0)
