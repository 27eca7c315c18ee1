"""Edits and better readings: a version each, with what follows for file, alert and verdict."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from articles.model import Article, Link, Verdict
from storage import corpus, links, looks, outbox, records, revisions, verdicts, views
from storage.database import Store
from storage.links import Waiting
from storage.records import Arrival, Kept
from storage.revisions import Change, Revised
from storage.tables import ARTICLE, LINK, OUTBOX
from tests.conftest import NOW
from tests.test_links import SOURCE

ON = Verdict(on_topic=True, kind="A", score=12.0)
OFF = Verdict(on_topic=False, kind="D", score=0.0)


def unlike(word: str) -> str:
    """A text that shares no word with those of other words."""
    return " ".join(f"{word}{n}" for n in range(60))


FIRST = unlike("слово")
SECOND = FIRST.replace("слово7 ", "иначе ")


def page(text: str, title: str = "Title", url: str = "https://a.example/1", **more: object) -> Article:
    return Article(url=url, title=title, text=text, language="ru", **more)  # type: ignore[arg-type]


def keep(store: Store, article: Article, verdict: Verdict = ON) -> Kept:
    """An article from the address that a front page named, as a pass keeps it."""
    with store.write() as connection:
        links.note(connection, SOURCE, [Link(url=article.url)], NOW)
        (link,) = links.due(connection, SOURCE, NOW, force=True, limit=9)
        return records.keep(connection, arrival(link, article, verdict), NOW)


def arrival(link: Waiting, article: Article, verdict: Verdict = ON) -> Arrival:
    return Arrival(article=article, verdict=verdict, source=SOURCE.name, link=link, fetched_at=NOW, news=True)


def revise(
    store: Store, article_id: int, article: Article, verdict: Verdict = ON, reason: str = revisions.EDITED
) -> Revised:
    with store.write() as connection:
        change = Change(article_id=article_id, article=article, verdict=verdict, reason=reason)
        return revisions.revise(connection, change, NOW)


def shown(store: Store, article_id: int) -> dict[str, object]:
    with store.read() as connection:
        return views.whole(connection, article_id)


def owed(store: Store) -> list[tuple[str, int]]:
    with store.read() as connection:
        return [(row.kind, row.version) for row in connection.execute(select(OUTBOX).order_by(OUTBOX.c.id))]


def test_a_revised_document_keeps_its_number_and_gains_version_hash_and_file(store: Store) -> None:
    born = keep(store, page(FIRST))
    revised = revise(store, born.article_id, page(SECOND))
    after = shown(store, born.article_id)
    assert revised.version == 2 and revised.file is not None and born.file is not None
    assert revised.file.name != born.file.name and revised.file.name[:4] == born.file.name[:4]
    assert (after["name"], after["version"], after["text"]) == (revised.file.name, 2, SECOND)
    assert [version["reason"] for version in after["versions"]] == ["new", "revised"]  # type: ignore[attr-defined]
    with store.read() as connection:
        assert views.find(connection, born.file.name) == born.article_id
        assert set(corpus.known(connection)) == {born.file.name, revised.file.name}
    assert owed(store) == [(outbox.STORY, 1), (outbox.REVISION, 2)]


def test_edited_back_to_its_first_text_it_has_its_first_file_again(store: Store) -> None:
    born = keep(store, page(FIRST))
    revise(store, born.article_id, page(SECOND))
    back = revise(store, born.article_id, page(FIRST))
    assert back.version == 3
    assert back.file == born.file
    assert shown(store, born.article_id)["name"] == born.file.name  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "now",
    [
        page(FIRST),
        page(f"  {FIRST.replace(' ', '  ')} "),
        page(FIRST, title="Title", variants=(SECOND,)),
        page(f"{FIRST} подпись"),
    ],
    ids=["the same", "other spaces", "with another variant", "cleaned otherwise, known as a variant"],
)
def test_what_says_the_same_is_no_revision(store: Store, now: Article) -> None:
    born = keep(store, page(FIRST, variants=(f"{FIRST} подпись",)))
    assert revise(store, born.article_id, now) == Revised()
    assert owed(store) == [(outbox.STORY, 1)]


def test_a_changed_headline_is_a_version_with_the_same_file(store: Store) -> None:
    born = keep(store, page(FIRST))
    revised = revise(store, born.article_id, page(FIRST, title="Another title"))
    after = shown(store, born.article_id)
    assert (revised.version, after["title"], after["name"]) == (2, "Another title", born.file.name)  # type: ignore[union-attr]


def test_a_better_reading_is_told_to_nobody(store: Store) -> None:
    born = keep(store, page(FIRST))
    revised = revise(store, born.article_id, page(SECOND), reason=revisions.REEXTRACTED)
    assert revised.version == 2 and revised.file is not None
    assert owed(store) == [(outbox.STORY, 1)]


def test_an_edit_off_topic_keeps_file_and_number_and_is_told_to_nobody(store: Store) -> None:
    born = keep(store, page(FIRST))
    revised = revise(store, born.article_id, page(SECOND), OFF)
    after = shown(store, born.article_id)
    assert revised.file is not None and after["name"] == revised.file.name
    assert after["on_topic"] is False
    assert owed(store) == [(outbox.STORY, 1)]


def test_an_edit_on_topic_makes_a_document_and_is_news(store: Store) -> None:
    born = keep(store, page(FIRST), OFF)
    assert born.file is None
    revised = revise(store, born.article_id, page(SECOND), ON)
    assert revised.file is not None and revised.file.body == f"{SECOND}\n".encode()
    assert [kind for kind, _ in owed(store)] == [outbox.STORY]


def test_edited_into_another_articles_text_it_is_the_same_as_that_one(store: Store) -> None:
    one = keep(store, page(FIRST))
    other = keep(store, page(FIRST.replace("слово", "другое"), url="https://a.example/2"))
    revise(store, other.article_id, page(FIRST, url="https://a.example/2"))
    assert shown(store, other.article_id)["same_as"] == one.article_id


def test_a_page_that_never_stops_changing_is_flagged_and_kept_no_more(store: Store) -> None:
    born = keep(store, page(FIRST))
    for n in range(revisions.REWRITES + 3):
        revise(store, born.article_id, page(f"{FIRST} правка{n}"))
    after = shown(store, born.article_id)
    assert after["version"] == revisions.REWRITES + 1
    assert after["restless"] is True


def test_a_new_rule_brings_an_article_on_topic_without_an_alert(store: Store) -> None:
    born = keep(store, page(FIRST), OFF)
    with store.write() as connection:
        document = verdicts.rejudge(connection, born.article_id, 1, ON, NOW)
    assert document is not None
    assert shown(store, born.article_id)["name"] == document.name
    assert owed(store) == []


def test_a_verdict_on_a_text_that_has_changed_meanwhile_is_not_written(store: Store) -> None:
    born = keep(store, page(FIRST), OFF)
    revise(store, born.article_id, page(SECOND), OFF)
    with store.write() as connection:
        assert verdicts.rejudge(connection, born.article_id, 1, ON, NOW) is None
    assert shown(store, born.article_id)["on_topic"] is False


def look_at(store: Store, hours: float) -> list[Waiting]:
    with store.write() as connection:
        return list(looks.due(connection, SOURCE, NOW + timedelta(hours=hours)))


def next_looks(store: Store, verdict: Verdict) -> list[float]:
    """The hours after which a page that never changes is looked at."""
    keep(store, page(FIRST), verdict)
    hours = []
    while True:
        with store.write() as connection:
            at = connection.scalar(select(LINK.c.next_look_at))
            if at is None:
                return hours
            hours.append((at - NOW).total_seconds() / 3600)
            (link,) = looks.due(connection, SOURCE, at)
            records.keep(connection, arrival(link, page(FIRST), verdict), at)


def test_documents_are_looked_at_for_a_month_others_for_a_day(store: Store) -> None:
    assert next_looks(store, ON) == [1, 6, 24, 7 * 24, 30 * 24]


def test_others_are_looked_at_for_a_day(store: Store) -> None:
    assert next_looks(store, OFF) == [1, 24]


def test_after_a_long_pause_rungs_that_lie_behind_are_left_out(store: Store) -> None:
    keep(store, page(FIRST))
    (link,) = look_at(store, 30)
    with store.write() as connection:
        records.keep(connection, arrival(link, page(FIRST)), NOW + timedelta(hours=30))
        assert connection.scalar(select(LINK.c.next_look_at)) == NOW + timedelta(days=7)


def test_a_page_is_taken_down_when_it_is_missing_twice_and_may_come_back(store: Store) -> None:
    born = keep(store, page(FIRST))
    states = []
    for hours in (1, 2):
        (link,) = look_at(store, hours)
        with store.write() as connection:
            looks.missed(connection, link, NOW + timedelta(hours=hours))
            states.append(connection.scalar(select(ARTICLE.c.gone_at)))
    assert states == [None, NOW + timedelta(hours=2)]
    (link,) = look_at(store, 6)
    with store.write() as connection:
        records.keep(connection, arrival(link, page(FIRST)), NOW + timedelta(hours=6))
        assert connection.scalar(select(ARTICLE.c.gone_at).where(ARTICLE.c.id == born.article_id)) is None


def test_a_moved_page_is_known_under_both_addresses(store: Store) -> None:
    born = keep(store, page(FIRST))
    (link,) = look_at(store, 1)
    with store.write() as connection:
        records.keep(connection, arrival(link, page(FIRST, url="https://a.example/moved")), NOW)
        assert {views.find(connection, f"https://a.example/{end}") for end in ("1", "moved")} == {born.article_id}
    assert shown(store, born.article_id)["url"] == "https://a.example/moved"
