"""Near copies: articles of their own that belong to an original, and bring no document, alert or tag."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from storage import corpus, looks, outbox, records, tags, views
from storage.database import Store
from storage.tables import OUTBOX
from tests.conftest import NOW
from tests.test_revisions import OFF, ON, SOURCE, arrival, keep, page, revise, shown
from tests.worlds import FIVE, ROOT

PARAGRAPHS = [line for line in (ROOT / "corpus" / FIVE[0]).read_text("utf-8").splitlines() if len(line.split()) > 12]
ORIGINAL = "\n".join(PARAGRAPHS)
COPY = "\n".join([f"رام الله - وفا - {PARAGRAPHS[0]}", *PARAGRAPHS[1:-1]])
OTHER = "\n".join(
    line for line in (ROOT / "corpus" / FIVE[3]).read_text("utf-8").splitlines() if len(line.split()) > 12
)
ELSEWHERE = "https://b.example/copy"


def test_a_near_copy_is_an_article_without_file_alert_or_tag(store: Store) -> None:
    original = keep(store, page(ORIGINAL))
    copy = keep(store, page(COPY, url=ELSEWHERE))
    assert (copy.new, copy.duplicate, copy.file) == (False, True, None)
    told = shown(store, copy.article_id)
    assert (told["same_as"], told["story"], told["name"]) == (original.article_id, original.article_id, None)
    with store.read() as connection:
        assert len(corpus.known(connection)) == 1
        assert [row.article_id for row in connection.execute(select(OUTBOX))] == [original.article_id]
    waiting = tags.next(store, "t", lambda: NOW, version=None, limit=None, lease=timedelta(minutes=1))
    assert [task.id for task in waiting] == [original.article_id]
    assert {article["id"] for article in views.listing(store)} == {original.article_id, copy.article_id}


def test_a_copy_of_a_copy_belongs_to_the_original(store: Store) -> None:
    original = keep(store, page(ORIGINAL))
    keep(store, page(COPY, url=ELSEWHERE))
    again = keep(store, page(COPY.replace("وفا", "معا"), url="https://c.example/copy"))
    assert shown(store, again.article_id)["same_as"] == original.article_id


def test_an_article_on_topic_is_no_copy_of_one_that_is_not(store: Store) -> None:
    keep(store, page(ORIGINAL), OFF)
    copy = keep(store, page(COPY, url=ELSEWHERE), ON)
    assert copy.new and copy.file is not None
    assert shown(store, copy.article_id)["same_as"] is None


def test_a_copy_that_is_edited_into_something_else_is_a_document_of_its_own(store: Store) -> None:
    keep(store, page(ORIGINAL))
    copy = keep(store, page(COPY, url=ELSEWHERE))
    revised = revise(store, copy.article_id, page(OTHER, url=ELSEWHERE))
    assert revised.file is not None
    assert shown(store, copy.article_id)["same_as"] is None
    with store.read() as connection:
        kinds = [row.kind for row in connection.execute(select(OUTBOX).order_by(OUTBOX.c.id))]
    assert kinds[0] == outbox.STORY


def test_an_edited_document_stays_one_though_it_now_resembles_another(store: Store) -> None:
    keep(store, page(ORIGINAL))
    other = keep(store, page(OTHER, url=ELSEWHERE))
    revised = revise(store, other.article_id, page(COPY, url=ELSEWHERE))
    told = shown(store, other.article_id)
    assert (told["same_as"], told["name"]) == (None, revised.file.name if revised.file else "")


def test_a_page_that_leads_to_another_article_now_has_lost_its_own(store: Store) -> None:
    born = keep(store, page(ORIGINAL))
    with store.write() as connection:
        (link,) = looks.due(connection, SOURCE, NOW + timedelta(hours=1))
        kept = records.keep(connection, arrival(link, page(OTHER, url="https://a.example/")), NOW)
    told = shown(store, born.article_id)
    assert (kept.revised, told["version"], told["url"]) == (False, 1, "https://a.example/1")
