"""Stories in the store: settled as reports come in, mended by hand for good, and shown with their reasons."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, select, update
from typer.testing import CliRunner

from articles.stories import REACH, Report, Signature, signature
from flows.cli_story import app
from storage import stories
from storage.database import Store, insert, sqlite_at
from storage.opening import open_store
from storage.tables import ARTICLE

AT = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
CALL = ("Токаев и Аббас поговорили по телефону", "Токаев и Махмуд Аббас обсудили по телефону положение в Газе.")
ALSO = ("اتصال هاتفي بين عباس وتوكاييف", "بحث الرئيس محمود عباس في اتصال هاتفي مع توكاييف الوضع في غزة.")
VOTE = ("UN General Assembly votes for a ceasefire", "Kazakhstan voted for the General Assembly's resolution on Gaza.")


def report(said: tuple[str, str], hours: float = 0) -> Report:
    return Report(signature=signature(*said, "en"), moment=AT + timedelta(hours=hours), precision="minute")


def add(
    connection: Connection,
    said: tuple[str, str],
    hours: float = 0,
    *,
    on_topic: bool = True,
    same_as: int | None = None,
) -> int:
    """A row for a report, in its own story, or in its original's."""
    birth = f"{said[0]} {hours} {on_topic} {same_as}"
    values = {
        "birth": birth,
        "source": "a",
        "title": said[0],
        "language": "en",
        "published_at": AT + timedelta(hours=hours),
        "published_precision": "minute",
        "fetched_at": AT,
        "first_seen_at": AT,
        "content_hash": "0" * 16,
        "on_topic": on_topic,
        "kind": "A",
        "review": False,
        "score": 9.0,
        "evidence": [],
        "steps": [],
        "same_as": same_as,
        "story": same_as or 0,
    }
    article_id: int = connection.scalar(insert(connection, ARTICLE).values(values).returning(ARTICLE.c.id))
    if same_as is None:
        connection.execute(update(ARTICLE).where(ARTICLE.c.id == article_id).values(story=article_id))
    return article_id


def settled(connection: Connection, said: tuple[str, str], hours: float = 0) -> int:
    """The id of a new report, settled."""
    article_id = add(connection, said, hours)
    stories.settle(connection, article_id, report(said, hours))
    return article_id


def grouped(connection: Connection) -> list[set[int]]:
    """Who is together with whom; each story has the id of one of its own."""
    found: dict[int, set[int]] = {}
    for row in connection.execute(select(ARTICLE.c.id, ARTICLE.c.story).order_by(ARTICLE.c.id)):
        found.setdefault(row.story, set()).add(row.id)
    assert all(story in those for story, those in found.items())
    return list(found.values())


def test_reports_of_one_event_share_a_story(store: Store) -> None:
    with store.write() as connection:
        first, vote, second = settled(connection, CALL), settled(connection, VOTE, 1), settled(connection, ALSO, 2)
        assert grouped(connection) == [{first, second}, {vote}]
        assert stories.story_of(connection, second) == first
        kept = connection.scalar(select(ARTICLE.c.signature).where(ARTICLE.c.id == second))
        assert Signature.from_columns(kept) == report(ALSO).signature


def test_near_copies_and_what_is_off_topic_begin_nothing(store: Store) -> None:
    with store.write() as connection:
        for n, rest in enumerate(({"on_topic": False}, {"same_as": 999})):
            odd = add(connection, CALL, n, **rest)  # type: ignore[arg-type]
            connection.execute(
                update(ARTICLE).where(ARTICLE.c.id == odd).values(signature=report(CALL).signature.columns(), story=odd)
            )
        late = settled(connection, ALSO, 3)
        assert stories.story_of(connection, late) == late


def test_a_story_does_not_grow_for_weeks(store: Store) -> None:
    """Each report is a day after the last one and bonded to it; the story ends in reach of its beginning."""
    with store.write() as connection:
        ids = [settled(connection, CALL if n % 2 else ALSO, 24 * n) for n in range(14)]
        groups = grouped(connection)
        assert set().union(*groups) == set(ids)
        assert [len(group) for group in groups] == [5, 5, 4]
        assert (len(groups[0]) - 1) * timedelta(days=1) == REACH


def test_an_undated_report_counts_by_when_it_was_seen(store: Store) -> None:
    with store.write() as connection:
        first = settled(connection, CALL)
        connection.execute(update(ARTICLE).values(published_at=None, published_precision=None))
        assert stories.story_of(connection, settled(connection, ALSO, 5)) == first


def test_settling_again_changes_nothing(store: Store) -> None:
    with store.write() as connection:
        first, second = settled(connection, CALL), settled(connection, ALSO, 2)
        for article_id, said in ((first, CALL), (second, ALSO), (first, CALL)):
            assert stories.settle(connection, article_id, report(said)) == first
        assert grouped(connection) == [{first, second}]


def test_a_revision_that_tells_of_another_event_leaves(store: Store) -> None:
    with store.write() as connection:
        first, second, third = (settled(connection, said, n) for n, said in enumerate((CALL, ALSO, CALL)))
        assert stories.settle(connection, first, report(VOTE)) == first
        assert grouped(connection) == [{first}, {second, third}]
        assert stories.story_of(connection, third) == second


@pytest.mark.parametrize("leaver", [0, 1, 2])
def test_whoever_is_split_off_leaves_the_others_together(store: Store, leaver: int) -> None:
    with store.write() as connection:
        ids = [settled(connection, CALL if n % 2 else ALSO, n) for n in range(3)]
        copy = add(connection, CALL, 9, same_as=ids[leaver])
        connection.execute(update(ARTICLE).where(ARTICLE.c.id == copy).values(story=ids[0]))
        gone = ids[leaver]
        assert stories.split(connection, gone) == gone
        rest = set(ids) - {gone}
        assert sorted(grouped(connection), key=min) == sorted([{gone, copy}, rest], key=min)
        assert stories.story_of(connection, min(rest)) == min(rest)


def test_what_was_split_off_is_not_drawn_back(store: Store) -> None:
    with store.write() as connection:
        first, second = settled(connection, CALL), settled(connection, ALSO, 1)
        stories.split(connection, second)
        assert stories.settle(connection, second, report(ALSO, 1)) == second
        assert stories.settle(connection, first, report(CALL)) == first
        third = settled(connection, CALL, -1)
        assert grouped(connection) == [{first, third}, {second}]


def test_what_was_joined_stays(store: Store) -> None:
    with store.write() as connection:
        first, second, vote = settled(connection, CALL), settled(connection, ALSO, 1), settled(connection, VOTE, 2)
        assert stories.join(connection, [vote], second) == first
        assert stories.settle(connection, vote, report(VOTE, 2)) == first
        assert grouped(connection) == [{first, second, vote}]
        assert stories.why(connection, first)[-1][2][0] == "put here by hand"


def test_a_joined_beginning_leaves_its_story_whole(store: Store) -> None:
    with store.write() as connection:
        first, second, vote = settled(connection, CALL), settled(connection, ALSO, 1), settled(connection, VOTE, 2)
        stories.join(connection, [first], vote)
        assert sorted(grouped(connection), key=min) == [{first, vote}, {second}]


@pytest.mark.parametrize("deed", ["split", "join it", "join into it"])
def test_unknown_articles_are_refused(store: Store, deed: str) -> None:
    with store.write() as connection:
        known = settled(connection, CALL)
        with pytest.raises(LookupError, match="no article has the id 77"):
            if deed == "split":
                stories.split(connection, 77)
            else:
                stories.join(connection, [77 if deed == "join it" else known], known if deed == "join it" else 77)


def test_why_names_the_nearest_report(store: Store) -> None:
    with store.write() as connection:
        first, second = settled(connection, CALL), settled(connection, ALSO, 11)
        late, early = add(connection, CALL, 12, same_as=first), add(connection, CALL, -1, same_as=first)
        assert [member.id for member in stories.members(connection, first)] == [early, first, second, late]
        told = {b: (a, reasons) for a, b, reasons in stories.why(connection, first)}
        assert told[first] == (early, ("a near copy",)) and told[late] == (first, ("a near copy",))
        assert told[second][0] == first and "11 hours apart" in told[second][1]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A state folder with two reports of a call (1 and 2) and one of a vote (3)."""
    monkeypatch.setenv("RASID_HOME", str(tmp_path))
    store = open_store(sqlite_at(tmp_path / "rasid.db"), tmp_path / "upgrade.lock")
    with store.write() as connection:
        for n, said in enumerate((CALL, ALSO, VOTE)):
            settled(connection, said, n)
    store.close()
    return tmp_path


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, arguments)
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.usefixtures("home")
def test_commands_show_and_mend() -> None:
    code, out, _ = run("show", "2", "--json")
    told = json.loads(out)
    assert (code, told["story"], [member["id"] for member in told["members"]]) == (0, 1, [1, 2])
    assert told["why"][0]["article"] == 2 and told["why"][0]["reasons"]
    code, out, _ = run("show", "1")
    assert code == 0 and "story 1: 2 reports" in out and "2 belongs to 1: both name" in out

    assert json.loads(run("join", "3", "--into", "2", "--json")[1])["story"] == 1
    told = json.loads(run("split", "1", "--json")[1])
    assert (told["story"], [member["held"] for member in told["members"]]) == (1, [True])
    assert [member["id"] for member in json.loads(run("show", "3", "--json")[1])["members"]] == [2, 3]


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("arguments", [("show", "{}"), ("split", "{}"), ("join", "1", "{}", "--into", "3")])
@pytest.mark.parametrize("unknown", ["77", "0", str(10**20)])
def test_unknown_ids_end_with_a_message_and_change_nothing(arguments: tuple[str, ...], unknown: str) -> None:
    assert run(*(one.format(unknown) for one in arguments)) == (1, "", f"rasid: no article has the id {unknown}\n")
    assert json.loads(run("show", "1", "--json")[1])["why"][0]["with"] == 1
