"""Keeping articles: sameness decided by the database, numbers without gaps, everything in one transaction."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from articles.model import Article, Link, Source, Stamp, Verdict
from storage import corpus, links, records, views
from storage.database import Store
from storage.links import Waiting
from storage.records import Adoption, Arrival
from storage.tables import ARTICLE, OUTBOX, SIGHTING
from tests.conftest import NOW

ON = Verdict(on_topic=True, kind="A", score=12.0)
OFF = Verdict(on_topic=False, kind="D", score=0.0)
LONG = " ".join(f"слово{n}" for n in range(40))


def arrival(text: str, url: str = "https://a.example/1", **changes: object) -> Arrival:
    article = Article(url=url, title=str(changes.pop("title", "Title")), text=text, language="ru")
    link = Waiting(id=0, link=Link(url=str(changes.pop("asked", url))), tries=0, found_at=NOW)
    values = {"verdict": ON, "source": "a", "link": link, "news": True, **changes}
    return Arrival(article=article, fetched_at=NOW, **values)  # type: ignore[arg-type]


def keep(store: Store, *arrivals: Arrival) -> list[records.Kept]:
    with store.write() as connection:
        return [records.keep(connection, one, NOW) for one in arrivals]


def count(store: Store, table: object) -> int:
    with store.read() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()  # type: ignore[arg-type]


def test_same_text_is_one_article_with_one_more_sighting(store: Store) -> None:
    reprint = LONG.replace("слово1 ", "  слово1\n")
    first, second = keep(store, arrival(LONG), arrival(reprint, "https://b.example/2", source="b"))
    assert (first.new, second.new) == (True, False)
    assert first.article_id == second.article_id
    assert (count(store, ARTICLE), count(store, SIGHTING), count(store, OUTBOX)) == (1, 2, 1)


@pytest.mark.parametrize(("one", "other", "articles"), [("Visit", "Visit", 1), ("Visit", "Vote", 2)])
def test_short_texts_are_the_same_only_with_the_same_title(store: Store, one: str, other: str, articles: int) -> None:
    keep(store, arrival("Watch the video.", title=one), arrival("Watch the video.", "https://b.example/", title=other))
    assert count(store, ARTICLE) == articles


def test_a_variant_of_the_text_is_recognised(store: Store) -> None:
    noisy = Article(url="https://a.example/1", title=None, text=LONG, language="ru", variants=(f"{LONG} подпись",))
    with store.write() as connection:
        born = records.keep(connection, Arrival(**{**vars_of(arrival(LONG)), "article": noisy}), NOW)
        again = records.keep(connection, arrival(f"{LONG} подпись", "https://b.example/"), NOW)
    assert again.article_id == born.article_id and not again.new


def test_a_copy_tells_what_an_adopted_document_lacked(store: Store) -> None:
    bare = Article(url="", title=None, text=LONG, language="ru")
    with store.write() as connection:
        name = "007_0123456789abcdef.txt"
        records.adopt(connection, Adoption(name=name, body=b"x", article=bare, verdict=ON, source=None), NOW)
    keep(store, arrival(LONG, "https://b.example/1", source="b"), arrival(LONG, "https://c.example/1", source="c"))
    (shown,) = views.listing(store)
    assert (shown["name"], shown["url"], shown["source"]) == (name, "https://b.example/1", "b")
    assert shown["title"] == "Title"


def vars_of(one: Arrival) -> dict[str, object]:
    return {name: getattr(one, name) for name in one.__dataclass_fields__}


def test_only_documents_have_files_and_alerts(store: Store) -> None:
    document, other = keep(store, arrival(LONG), arrival(f"{LONG} газ", "https://a.example/2", verdict=OFF))
    assert document.file is not None and document.file.body == f"{LONG}\n".encode()
    assert other.file is None
    assert count(store, OUTBOX) == 1


def test_a_baseline_alerts_nobody(store: Store) -> None:
    (kept,) = keep(store, arrival(LONG, news=False))
    assert kept.file is not None and count(store, OUTBOX) == 0


def test_numbers_continue_the_folder_and_pass_999(store: Store) -> None:
    with store.write() as connection:
        adoption = Adoption(
            name="998_0123456789abcdef.txt", body=b"x", article=arrival("x").article, verdict=ON, source=None
        )
        records.adopt(connection, adoption, NOW)
    texts = [f"{LONG} {n}" for n in range(3)]
    kept = keep(store, *(arrival(text, f"https://a.example/{n}") for n, text in enumerate(texts)))
    assert [one.file.name.partition("_")[0] for one in kept if one.file] == ["999", "1000", "1001"]


def test_a_rolled_back_transaction_leaves_no_gap(store: Store) -> None:
    with pytest.raises(RuntimeError), store.write() as connection:
        records.keep(connection, arrival(LONG), NOW)
        raise RuntimeError("killed here")
    (kept,) = keep(store, arrival(LONG))
    assert kept.file is not None and corpus.number(kept.file.name) == 0


def test_writers_side_by_side_do_nothing_twice(new_store: Callable[[], Store]) -> None:
    """Four writers with their own connections bring the same twenty texts in different orders."""
    stores = [new_store() for _ in range(4)]

    def bring(store: Store, start: int) -> None:
        for n in range(20):
            text = f"{LONG} {(n + start) % 20}"
            keep(store, arrival(text, f"https://a.example/{start}/{n}"))

    threads = [threading.Thread(target=bring, args=(store, 5 * n)) for n, store in enumerate(stores)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with stores[0].read() as connection:
        numbers = sorted(corpus.number(name) for name in corpus.known(connection))
    assert numbers == list(range(20))
    assert (count(stores[0], ARTICLE), count(stores[0], SIGHTING)) == (20, 80)


def test_published_keeps_the_publishers_offset(store: Store) -> None:
    local = NOW.astimezone(tz=__import__("zoneinfo").ZoneInfo("Asia/Almaty"))
    stamp = Stamp(at=local, precision="minute", evidence="17:00")
    article = Article(url="https://a.example/1", title=None, text=LONG, language="ru", published=stamp)
    keep(store, Arrival(**{**vars_of(arrival(LONG)), "article": article}))
    (shown,) = views.listing(store)
    assert shown["published_at"] == "2026-11-21T17:00:00+05:00"


def test_listing_pages_through_everything_newest_first(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "PAGE", 3)
    for n in range(8):
        with store.write() as connection:
            moment = NOW + timedelta(seconds=n // 2)
            records.keep(connection, arrival(f"{LONG} {n}", f"https://a.example/{n}"), moment)
    urls = [article["url"] for article in views.listing(store)]
    assert urls == [f"https://a.example/{n}" for n in reversed(range(8))]
    later = list(views.listing(store, since=NOW + timedelta(seconds=3)))
    assert len(later) == 2


def test_find_by_id_name_and_any_address(store: Store) -> None:
    (kept,) = keep(store, arrival(LONG, "https://a.example/final", asked="https://a.example/short?utm_source=x"))
    assert kept.file is not None
    with store.read() as connection:
        for wanted in (str(kept.article_id), kept.file.name, "https://www.a.example/final/", "http://a.example/short"):
            assert views.find(connection, wanted) == kept.article_id, wanted
        for wanted in ("999", "9" * 40, "005_0123456789abcdef.txt", "https://a.example/other", "", "²"):
            assert views.find(connection, wanted) is None, wanted


def test_a_link_known_elsewhere_is_not_fetched_again(store: Store) -> None:
    other = Source(name="b", title="B", interval=60)
    keep(store, arrival(LONG, "https://a.example/1"))
    front = [Link(url="https://a.example/1?utm_medium=rss"), Link(url="https://b.example/2")]
    with store.write() as connection:
        assert links.note(connection, other, front, NOW) == links.Noted(stored=1)
        due = links.due(connection, other, NOW, force=False, limit=10)
    assert [waiting.link.url for waiting in due] == ["https://b.example/2"]
    assert count(store, SIGHTING) == 2


def test_failed_links_wait_an_interval_a_try_and_are_never_forgotten(store: Store) -> None:
    source = Source(name="a", title="A", interval=600)
    moment = NOW
    waits = []
    with store.write() as connection:
        links.note(connection, source, [Link(url="https://a.example/1")], moment)
        for _ in range(200):
            (waiting,) = links.due(connection, source, moment, force=False, limit=10)
            links.fail(connection, source, waiting, "500", moment, after=0)
            assert not links.due(connection, source, moment, force=False, limit=10)
            assert links.due(connection, source, moment, force=True, limit=10)
            start = moment
            while not links.due(connection, source, moment, force=False, limit=10):
                moment += timedelta(seconds=600)
            waits.append(moment - start)
            if len(waits) > 12:
                break
    assert waits[:3] == [timedelta(minutes=10), timedelta(minutes=20), timedelta(minutes=30)]
    assert waits[-1] == timedelta(days=7)
