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
    return list(tags.next(store, tagger, lambda: now, version=version, limit=more.get("limit"), lease=LEASE))


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
    stream = tags.next(store, "t", lambda: NOW, version=None, limit=None, lease=LEASE)
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


def view(store: Store) -> list[tuple[str, str, bool]]:
    with store.read() as connection:
        rows = connection.execute(text("SELECT tagger, stance, is_current FROM document_tag ORDER BY tagger")).all()
    return [(row.tagger, row.stance, bool(row.is_current)) for row in rows]


def test_a_late_tag_on_an_old_text_does_not_hide_the_one_on_the_new(store: Store) -> None:
    born = keep(store, page(FIRST))
    (before,) = waiting(store)
    revise(store, born.article_id, page(SECOND))
    submit(store, before, "old")
    assert view(store) == [("t", "old", False)]
    (after,) = waiting(store)
    submit(store, after, "new")
    submit(store, before, "late")
    assert view(store) == [("t", "new", True)]
    revise(store, born.article_id, page(FIRST))
    assert (view(store), waiting(store)) == ([("t", "late", True)], [])


def test_a_page_is_claimed_from_the_moment_it_is_read(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader that is slow with the first page has the whole lease for the second."""
    monkeypatch.setattr(tags, "PAGE", 1)
    documents(store, 2)
    clock = iter([NOW, NOW + LEASE, NOW + 3 * LEASE])
    stream = tags.next(store, "t", lambda: next(clock), version=None, limit=2, lease=LEASE)
    first, second = stream
    assert [task.id for task in waiting(store, minutes=20)] == [first.id]
    assert [task.id for task in waiting(store, minutes=31)] == [second.id]


def test_what_is_behind_an_id(store: Store) -> None:
    ids = documents(store, 3)
    behind = tags.next(store, "t", lambda: NOW, version=None, limit=None, lease=LEASE, after=ids[0])
    assert [task.id for task in behind] == ids[1:]


def test_put_off_until_later_or_released(store: Store) -> None:
    first, second = documents(store, 2)
    waiting(store)
    with store.write() as connection:
        tags.put_off(connection, "t", [first], NOW + timedelta(hours=6))
    assert [task.id for task in waiting(store, minutes=30)] == [second]
    with store.write() as connection:
        tags.release(connection, "t", [first])
    assert [task.id for task in waiting(store, minutes=30)] == [first]


def test_claims_of_any_version_are_counted(store: Store) -> None:
    documents(store, 2)
    waiting(store, version="1", limit=1)
    with store.read() as connection:
        counts = [tags.status(connection, "t", NOW, version).claimed for version in (None, "1", "2")]
    assert counts == [1, 1, 0]


def test_an_edit_taken_back_makes_no_delay_of_less_than_nothing(store: Store) -> None:
    born = keep(store, page(FIRST))
    submit(store, waiting(store)[0])
    for words in (SECOND, FIRST):
        with store.write() as connection:
            change = revisions.Change(
                article_id=born.article_id, article=page(words), verdict=ON, reason=revisions.EDITED
            )
            revisions.revise(connection, change, NOW + timedelta(hours=1))
    with store.read() as connection:
        assert tags.status(connection, "t", NOW).p50_seconds == 0.0


def test_what_a_new_rule_made_a_document_waits_since_then(store: Store) -> None:
    born = keep(store, page(FIRST), OFF)
    later = NOW + timedelta(days=90)
    with store.write() as connection:
        verdicts.rejudge(connection, born.article_id, 1, ON, later)
    with store.read() as connection:
        assert tags.status(connection, "t", later).oldest_waiting_since == later


def test_the_backlog_is_that_of_the_tagger_furthest_behind(store: Store) -> None:
    documents(store, 2)
    with store.read() as connection:
        nobody = tags.backlog(connection, NOW, {})
        assert (nobody.tagger, nobody.is_stale(NOW + timedelta(days=9), LEASE)) == (None, False)
        assert tags.backlog(connection, NOW, {"x": None}).tagger == "x"
    for task in waiting(store):
        submit(store, task, tagger_version="1")
    with store.read() as connection:
        assert tags.backlog(connection, NOW, {}).tagger is None
        behind = tags.backlog(connection, NOW, {"t": "2"})
    assert (behind.tagger, behind.waiting, behind.oldest_waiting_since) == ("t", 2, NOW)
    assert (behind.is_stale(NOW + LEASE, LEASE), behind.is_stale(NOW + 2 * LEASE, LEASE)) == (False, True)


def test_a_tagger_that_was_tried_once_is_not_waited_for_for_ever(store: Store) -> None:
    documents(store, 1)
    waiting(store)
    with store.read() as connection:
        tried = [tags.backlog(connection, NOW + timedelta(days=days), {}).tagger for days in (29, 31)]
    assert tried == ["t", None]
