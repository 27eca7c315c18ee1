"""Re-extraction: a better extractor over the pages that were fetched is a version of its own kind, never an edit."""

from __future__ import annotations

import asyncio
import json
import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from articles import topic
from articles.faults import Faults
from articles.model import Answer, Article
from extractors import article as extraction
from extractors.pool import Pool
from extractors.version import EXTRACTOR as TODAYS
from flows import reextraction
from flows.reextraction import Bench, Difference
from storage import corpus, links, pages, records, retention, views
from storage.archive import Archive
from storage.database import Store
from storage.records import Arrival
from storage.tables import ARTICLE, LINK, OUTBOX, PAGE
from storage.writer import Writer
from tests.conftest import NOW
from tests.test_archive import EXTRACTOR, READ, noted
from tests.test_quarantine import SITE, commands, count, found, installed, page, watched

TEXT = """<p>The ambassador of Palestine met the deputy foreign minister of Kazakhstan in Astana on Friday morning.</p>
<p>Both sides spoke about scholarships, trade and a second round of consultations between the ministries.</p>
<p>They agreed to meet again before the end of the year, and to open a joint exhibition in the capital.</p>"""


def story(number: int = 1, more: str = "", title: str = "Envoy of Palestine in Astana") -> Answer:
    return page(number, f"<html><body><h1>{title}</h1><p>14 March 2026, 10:30</p>{TEXT}{more}</body></html>".encode())


def stored(store: Store, folder: Path, answer: Answer, run: str = "r", **changes: object) -> int:
    """An article as an earlier extractor had it: today's, with changes. Its page is in the archive."""
    with Archive(folder, run, EXTRACTOR) as writing:
        place = writing.put(answer)
    link_id = found(store, answer)
    article = extraction.extract(answer, SITE, NOW)
    assert isinstance(article, Article)
    article = replace(article, variants=(), **changes)  # type: ignore[arg-type]
    with store.write() as connection:
        link = links.waiting(connection.execute(select(LINK).where(LINK.c.id == link_id)).one())
        verdict = topic.judge(watched(), title=article.title, text=article.text, language=article.language)
        arrival = Arrival(
            article=article, verdict=verdict, source=SITE.name, link=link, fetched_at=answer.fetched_at, news=True
        )
        article_id = records.keep(connection, arrival, NOW).article_id
    noted(store, answer, place, source=SITE.name, link_id=link_id, article_id=article_id)
    return article_id


def compare(store: Store, folder: Path, *, apply: bool = False) -> list[Difference]:
    results: list[Difference] = []

    async def main() -> None:
        async with Writer(store) as writer, Pool(workers=1) as pool:
            bench = Bench(
                run="r",
                store=store,
                writer=writer,
                pool=pool,
                sources={SITE.name: SITE},
                topic=watched(),
                archive=folder,
                corpus=folder / "corpus",
                now=NOW + timedelta(days=3),
            )
            articles = pages.newest(store, source=None, since=None)
            await reextraction.compare(bench, articles, apply=apply, done=results.append)

    asyncio.run(main())
    return results


def versions(store: Store, article_id: int) -> list[tuple[int, str]]:
    with store.read() as connection:
        whole = views.whole(connection, article_id)
    return [(version["version"], version["reason"]) for version in whole["versions"]]


def test_what_reads_the_same_is_no_difference(store: Store, tmp_path: Path) -> None:
    article_id = stored(store, tmp_path, story())
    (difference,) = compare(store, tmp_path, apply=True)
    url = story().url
    (name,) = (article["name"] for article in views.listing(store))
    assert difference == Difference(id=article_id, name=name, source="waha", url=url)
    assert versions(store, article_id) == [(1, "new")]


def test_a_better_text_is_told_then_written_as_a_version_that_is_no_edit(store: Store, tmp_path: Path) -> None:
    worse = extraction.extract(story(), SITE, NOW)
    assert isinstance(worse, Article)
    article_id = stored(store, tmp_path, story(), text=f"{worse.text}\nShare this with your friends")
    (would,) = compare(store, tmp_path)
    assert (would.text, would.title, would.published) == (True, False, False)
    assert (would.added, would.removed, would.version) == (0, 5, None)
    assert versions(store, article_id) == [(1, "new")] and not (tmp_path / "corpus").exists()

    (done,) = compare(store, tmp_path, apply=True)
    assert done == replace(would, version=2)
    assert versions(store, article_id) == [(1, "new"), (2, "re-extracted")]
    assert count(store, OUTBOX) == 1, "the article's own birth, and nothing more"
    (name,) = corpus.names(tmp_path / "corpus")
    assert (tmp_path / "corpus" / name).read_text("utf-8") == f"{worse.text}\n"
    with store.read() as connection:
        assert connection.scalar(select(PAGE.c.extractor)) == TODAYS
    (again,) = compare(store, tmp_path, apply=True)
    assert not again.changed and len(versions(store, article_id)) == 2


def test_each_part_is_told_apart(store: Store, tmp_path: Path) -> None:
    cases: list[tuple[dict[str, object], tuple[bool, bool, bool]]] = [
        ({"title": "Astana"}, (True, False, False)),
        ({"published": None}, (False, False, True)),
        ({"title": "Astana", "text": "Other words."}, (True, True, False)),
        ({"author": "Somebody"}, (False, False, False)),
    ]
    for number, (was, _) in enumerate(cases):
        answer = story(number, f"<p>Part {number} of the report.</p>")
        stored(store, tmp_path, answer, f"r{number}", **was)
    flags = [(told.title, told.text, told.published) for told in compare(store, tmp_path)]
    assert flags == [expected for _, expected in cases]


def test_what_is_no_article_today_stays_as_it_is(store: Store, tmp_path: Path) -> None:
    article_id = stored(store, tmp_path, story())
    emptied = page(1, b"<html></html>")
    with Archive(tmp_path, "later", EXTRACTOR) as writing:
        noted(store, emptied, writing.put(emptied), link_id=found(store, emptied), article_id=article_id)
    (difference,) = compare(store, tmp_path, apply=True)
    assert difference.refused and not difference.changed
    assert versions(store, article_id) == [(1, "new")]
    for path in tmp_path.glob("*.warc.gz"):
        path.unlink()
    (difference,) = compare(store, tmp_path, apply=True)
    assert "is not in the archive" in str(difference.refused)


def test_only_the_newest_page_that_gave_the_article_counts(store: Store, tmp_path: Path) -> None:
    article_id = stored(store, tmp_path, story())
    copied = stored(store, tmp_path, story(2), "copy")
    assert copied == article_id
    refused = replace(READ, refused="The page is empty.")
    with Archive(tmp_path, "later", EXTRACTOR) as writing:
        link_id, place = found(store, story()), writing.put(story())
        newest = noted(store, story(), place, link_id=link_id, article_id=article_id)
        noted(store, story(), place, link_id=link_id, article_id=article_id, reading=refused)
        noted(store, story(), place, link_id=found(store, story(2)), article_id=article_id)
    assert [one.page.id for one in pages.newest(store, source=None, since=None)] == [newest]
    with store.write() as connection:
        connection.execute(update(ARTICLE).values(restless=True))
    assert list(pages.newest(store, source=None, since=None)) == []


def test_articles_come_in_chunks_by_source_and_day(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "CHUNK", 2)
    ids = [stored(store, tmp_path, story(n, f"<p>Part {n} of the report.</p>"), f"r{n}") for n in range(4)]
    with store.write() as connection:
        connection.execute(update(ARTICLE).where(ARTICLE.c.id == ids[0]).values(first_seen_at=NOW - timedelta(days=2)))
        for source, since, expected in (
            (None, None, ids),
            ("waha", None, ids),
            ("other", None, []),
            (None, NOW, ids[1:]),
            ("waha", NOW + timedelta(days=1), []),
        ):
            assert pages.count(connection, source=source, since=since) == len(expected)
    assert [one.id for one in pages.newest(store, source="waha", since=None)] == ids
    assert [one.id for one in pages.newest(store, source=None, since=NOW)] == ids[1:]


def test_an_article_that_was_edited_meanwhile_is_left(store: Store, tmp_path: Path) -> None:
    article_id = stored(store, tmp_path, story(), text="Other words.")
    (before,) = pages.newest(store, source=None, since=None)
    compare(store, tmp_path, apply=True)
    article = Article(url=story().url, title="T", text="What stood there before.", language="en")
    verdict = topic.judge(watched(), title="T", text=article.text, language="en")
    with store.write() as connection:
        assert pages.correct(connection, before, article, verdict, READ, NOW) is None
    assert versions(store, article_id) == [(1, "new"), (2, "re-extracted")]


def test_pruning_a_newer_page_forgets_the_older_ones(store: Store, tmp_path: Path) -> None:
    """Else the text of an older page would be written over the one that was stored from the newer page."""
    article_id = stored(store, tmp_path, story(), "long")
    other = stored(store, tmp_path, story(2, "<p>Another report.</p>"), "other")
    with Archive(tmp_path, "short", EXTRACTOR) as writing:
        place = writing.put(story())
        noted(store, story(), place, link_id=found(store, story()), article_id=article_id)
    moment = (NOW - timedelta(days=99)).timestamp()
    os.utime(tmp_path / place.file, (moment, moment))
    pruned = retention.prune(store, tmp_path, keep_days=30, keep_bytes=None, now=NOW)
    assert (pruned.files, pruned.pages) == (1, 1)
    assert [one.id for one in pages.newest(store, source=None, since=None)] == [other]


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rasid = commands(tmp_path, monkeypatch)
    assert rasid("reextract")[1] == ["0 pages read again: 0 changed, 0 written, 0 not read."]
    store, folder = installed(tmp_path), tmp_path / "var" / "archive"
    article_id = stored(store, folder, story(), text="Other words.")
    code, lines = rasid("reextract")
    assert code == 0 and "waha: https://waha.example/1  text (+" in lines[0]
    assert lines[1:] == ["1 pages read again: 1 changed, 0 written, 0 not read."]
    code, lines = rasid("reextract", "--apply", "--json", "--source", "waha", "--since", "2020-01-01")
    (shown,) = map(json.loads, lines)
    assert (code, shown["id"], shown["text"], shown["version"]) == (0, article_id, True, 2)
    assert {"name", "source", "url", "title", "published", "added", "removed", "refused"} < shown.keys()
    for words in (("--source", "wahaa"), ("--since", "yesterday")):
        with pytest.raises(Faults):
            rasid("reextract", *words)
    for path in folder.iterdir():
        path.unlink()
    code, lines = rasid("reextract")
    assert code == 1 and "is not in the archive" in lines[0]
    store.close()
