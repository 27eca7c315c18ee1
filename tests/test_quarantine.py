"""The quarantine: pages that the extractor failed on are kept, tried again, and go the ordinary way once it copes."""

from __future__ import annotations

import asyncio
import functools
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import typer
from sqlalchemy import func, select
from typer.testing import CliRunner

from articles import topic
from articles.model import Answer, Article, ExtractRules, Link, Source
from articles.topic import Topic
from extractors.pool import Pool
from extractors.version import EXTRACTOR as TODAYS
from flows import cli_archive, orders, reextraction, settings
from flows.reextraction import Bench, Replayed
from storage import corpus, links, quarantine, views
from storage.archive import Archive, Reading
from storage.database import Store
from storage.opening import open_store
from storage.tables import LINK, OUTBOX, PAGE, SOURCE
from storage.writer import Writer
from tests.conftest import NOW
from tests.test_archive import EXTRACTOR, READ, noted

SITE = Source(name="waha", title="Waha", timezone="Asia/Almaty", interval=600)
TRAP = "a" * 60 + "!"
CARELESS = replace(SITE, extract=ExtractRules(drop_lines=("^(a+)+$",)))
"""A rule under which the trap's line takes longer than anybody waits."""

STORY = f"""<html><body><h1>Envoy of Palestine in Astana</h1>
<p>The ambassador of Palestine met the deputy foreign minister of Kazakhstan in Astana on Friday morning.</p>
<p>Both sides spoke about scholarships, trade and a second round of consultations between the ministries.</p>
<p>{TRAP}</p></body></html>""".encode()

CATALOGUE = """[[source]]
name = "waha"
title = "Waha"
timezone = "Asia/Almaty"
feeds = ["https://waha.example/feed"]
"""


def page(number: int = 1, body: bytes = STORY) -> Answer:
    url = f"https://waha.example/{number}"
    return Answer(asked=url, url=url, status=200, content_type="text/html", body=body, fetched_at=NOW)


def found(store: Store, answer: Answer) -> int:
    """The id of the link that leads to a page."""
    with store.write() as connection:
        links.note(connection, SITE, [Link(url=answer.url)], NOW)
        return int(connection.execute(select(LINK.c.id).where(LINK.c.url == answer.url)).scalar_one())


def failed(store: Store, folder: Path, answer: Answer, run: str = "r") -> int:
    """A page on which the extractor has failed, as a pass leaves it."""
    with Archive(folder, run, EXTRACTOR) as writing:
        place = writing.put(answer)
    reading = Reading(extractor=EXTRACTOR, refused="It took too long.")
    page_id = noted(store, answer, place, source=SITE.name, link_id=found(store, answer), reading=reading)
    with store.write() as connection:
        quarantine.put(connection, page_id, "It took too long.", NOW)
    return page_id


def waiting(store: Store) -> list[tuple[int, str, int]]:
    with store.read() as connection:
        return [(one.page.id, one.reason, one.tries) for one in quarantine.waiting(connection)]


def count(store: Store, table: object) -> int:
    with store.read() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()  # type: ignore[arg-type]


def replay(store: Store, folder: Path, source: Source | None, seconds: float = 20) -> list[Replayed]:
    """All that wait, read by this source's rules; the corpus is `folder / "corpus"`."""
    results: list[Replayed] = []

    async def main() -> None:
        async with Writer(store) as writer, Pool(workers=1, seconds=seconds) as pool:
            bench = Bench(
                run="r",
                store=store,
                writer=writer,
                pool=pool,
                sources={source.name: source} if source else {},
                topic=watched(),
                archive=folder,
                corpus=folder / "corpus",
                now=NOW + timedelta(days=3),
            )
            with store.read() as connection:
                pages = quarantine.waiting(connection)
            await reextraction.replay(bench, pages, results.append)

    asyncio.run(main())
    return results


@functools.cache
def watched() -> Topic:
    return orders.topic_of(settings.load({}))


def test_a_link_stands_there_once_with_its_newest_page_and_all_its_tries(store: Store, tmp_path: Path) -> None:
    failed(store, tmp_path, page(1), "r1")
    other = failed(store, tmp_path, page(2), "r2")
    second = failed(store, tmp_path, page(1), "r3")
    with store.write() as connection:
        quarantine.stay(connection, second, "It wanted too much memory.")
    third = failed(store, tmp_path, page(1), "r4")
    assert waiting(store) == [(other, "It took too long.", 1), (third, "It took too long.", 4)]


def test_a_page_that_was_read_ends_the_quarantine_of_its_link(store: Store, tmp_path: Path) -> None:
    failed(store, tmp_path, page(1), "r1")
    other = failed(store, tmp_path, page(2), "r2")
    with Archive(tmp_path, "r3", EXTRACTOR) as writing:
        place = writing.put(page(1))
    refused = replace(READ, refused="The page is empty.")
    noted(store, page(1), place, link_id=found(store, page(1)), reading=refused)
    assert len(waiting(store)) == 2, "a page that was refused is no better than one that was not read"
    noted(store, page(1), place, link_id=found(store, page(1)))
    assert [page_id for page_id, _, _ in waiting(store)] == [other]


def test_dropped_is_dropped_once(store: Store, tmp_path: Path) -> None:
    page_id = failed(store, tmp_path, page())
    for there in (True, False):
        with store.write() as connection:
            assert quarantine.release(connection, page_id) == there
    assert waiting(store) == [] and count(store, PAGE) == 1


@pytest.mark.parametrize(("baseline", "alerts"), [(None, 0), (timedelta(hours=1), 0), (timedelta(hours=-1), 1)])
def test_what_can_be_read_at_last_goes_the_ordinary_way(
    store: Store, tmp_path: Path, baseline: timedelta | None, alerts: int
) -> None:
    """`baseline`: when the source's first pass was complete, counted from the page's fetch."""
    page_id = failed(store, tmp_path, page())
    with store.write() as connection:
        baseline_at = None if baseline is None else NOW + baseline
        row = {"name": SITE.name, "due_at": NOW, "failures": 0, "baseline_at": baseline_at}
        connection.execute(SOURCE.insert().values(row))
    (replayed,) = replay(store, tmp_path, SITE)
    assert (replayed.id, replayed.reason) == (page_id, None)
    (article,) = views.listing(store)
    assert (article["id"], article["url"], article["source"]) == (replayed.article_id, page().url, "waha")
    assert (article["on_topic"], article["title"]) == (True, "Envoy of Palestine in Astana")
    assert corpus.names(tmp_path / "corpus") == [article["name"]]
    with store.read() as connection:
        link = connection.execute(select(LINK)).one()
        row_after = connection.execute(select(PAGE)).one()
    assert (link.article_id, link.error, link.next_try_at) == (article["id"], None, None)
    assert (row_after.article_id, row_after.refused, row_after.quarantined_at) == (article["id"], None, None)
    assert row_after.extractor == TODAYS and "body:trafilatura" in row_after.steps
    assert count(store, OUTBOX) == alerts
    assert waiting(store) == [] and replay(store, tmp_path, SITE) == []


def test_what_can_not_be_read_stays_with_its_new_reason(store: Store, tmp_path: Path) -> None:
    page_id = failed(store, tmp_path, page())
    late = "Its extraction took longer than 1 s."
    (killed,) = replay(store, tmp_path, CARELESS, seconds=1.0)
    assert (killed.article_id, killed.reason) == (None, late)
    (unknown,) = replay(store, tmp_path, None)
    assert "no source waha" in str(unknown.reason)
    for path in tmp_path.glob("*.warc.gz"):
        path.unlink()
    (gone,) = replay(store, tmp_path, SITE)
    assert "not in the archive" in str(gone.reason)
    assert waiting(store) == [(page_id, gone.reason, 4)]
    assert list(views.listing(store)) == []


def test_a_page_that_left_meanwhile_is_not_kept_twice(store: Store, tmp_path: Path) -> None:
    page_id = failed(store, tmp_path, page())
    with store.write() as connection:
        quarantine.release(connection, page_id)
        article = Article(url=page().url, title="T", text="A text.", language="en")
        verdict = topic.judge(watched(), title="T", text="A text.", language="en")
        assert quarantine.keep(connection, page_id, article, verdict, READ, NOW) is None


def commands(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, list[str]]]:
    """The commands over an installation of their own: exit code and the lines of standard output."""
    (folder / "sources.toml").write_text(CATALOGUE)
    monkeypatch.setenv("RASID_HOME", str(folder / "var"))
    monkeypatch.setenv("RASID_SOURCES", str(folder / "sources.toml"))
    monkeypatch.setenv("RASID_CORPUS", str(folder / "corpus"))
    app = typer.Typer()
    cli_archive.register(app)

    def run(*words: str) -> tuple[int, list[str]]:
        result = CliRunner().invoke(app, words)
        if isinstance(result.exception, Exception):
            raise result.exception
        return result.exit_code, result.stdout.splitlines()

    return run


def installed(folder: Path) -> Store:
    return open_store(f"sqlite:///{folder / 'var' / 'rasid.db'}", folder / "upgrade.lock")


def test_the_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rasid = commands(tmp_path, monkeypatch)
    assert rasid("quarantine", "list", "--json") == (0, [])
    store = installed(tmp_path)
    first, second, third = (failed(store, tmp_path / "var" / "archive", page(n), f"r{n}") for n in (1, 2, 3))
    code, lines = rasid("quarantine", "--json")
    assert (code, json.loads(lines[0])) == (
        0,
        {
            "id": first,
            "source": "waha",
            "url": page(1).url,
            "reason": "It took too long.",
            "fetched_at": "2026-11-21T12:00:00Z",
            "tries": 1,
        },
    )
    assert rasid("quarantine")[1][-1] == "3 pages in quarantine."
    assert rasid("quarantine", "drop", str(third), "99")[0] == 1
    assert rasid("quarantine", "drop", "0")[0] == rasid("quarantine", "drop", "9" * 12)[0] == 2
    code, lines = rasid("quarantine", "replay", str(second), "--json")
    assert code == 0 and json.loads(lines[0])["article_id"] is not None
    assert rasid("quarantine", "replay", str(second))[0] == 1, "it is there no more"
    (tmp_path / "sources.toml").write_text(CATALOGUE.replace("waha", "other"))
    code, lines = rasid("quarantine", "replay")
    assert code == 1 and "stays: The catalogue has no source waha any more." in lines[0]
    assert waiting(store) == [(first, "The catalogue has no source waha any more.", 2)]
    store.close()
