"""A store moves to another database and back: every table, every row, every id; or nothing is there."""

from __future__ import annotations

import json
import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, inspect, select, update

from benchmarks import move
from storage import lives, moving
from storage.database import StorageError, Store, connect, schema_of, sqlite_at
from storage.moving import Content
from storage.opening import open_store
from storage.tables import METADATA, PAGE, TAG
from tests import postgres
from tests.worlds import World, world

ARTICLES = 300


@pytest.fixture
def filled(tmp_path: Path) -> str:
    """The address of a SQLite store with rows in every table."""
    url = sqlite_at(tmp_path / "rasid.db")
    with closing(open_store(url, tmp_path / "lock")) as store:
        move.fill(store, ARTICLES, text_letters=300)
    return url


def moved(here: str, there: str, folder: Path) -> list[Content]:
    with closing(open_store(here, folder / "lock")) as source:
        target = connect(there)
        try:
            return moving.move(source, target, folder / "lock", lambda table, count: None)
        finally:
            target.dispose()


def as_kept(path: Path) -> dict[str, list[Any]]:
    """What SQLite keeps, table by table, read without anything of ours."""
    with closing(sqlite3.connect(path)) as file:
        names = [name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: sorted(file.execute(f'SELECT * FROM "{name}"'), key=repr) for name in names}


def test_there_and_back_all_is_as_it_was(filled: str, cluster: postgres.Cluster, tmp_path: Path) -> None:
    postgresql, back = cluster.database(), tmp_path / "back" / "rasid.db"
    before = as_kept(tmp_path / "rasid.db")
    there = moved(filled, postgresql, tmp_path)
    again = moved(postgresql, sqlite_at(back), tmp_path)
    assert as_kept(back) == before == as_kept(tmp_path / "rasid.db")
    assert there == again
    assert {content.table for content in there} == set(METADATA.tables)
    assert all(content.rows == move.count(METADATA.tables[content.table], ARTICLES) for content in there)


def test_no_table_is_forgotten(store: Store) -> None:
    """What stands in a database, by whatever migration, is what a move copies."""
    with store.read() as connection:
        stands = set(inspect(connection).get_table_names())
    assert stands - {"alembic_version", "sqlite_sequence"} == set(METADATA.tables)


def test_ids_go_on_where_they_were(filled: str, database_url: str, tmp_path: Path) -> None:
    """Also past rows that are gone: a public id is given once."""
    with closing(open_store(filled, tmp_path / "lock")) as store, store.write() as connection:
        newest = connection.scalar(select(func.max(PAGE.c.id)))
        connection.execute(PAGE.delete().where(PAGE.c.id == newest))
    there = database_url.replace("rasid.db", "there.db")
    moved(filled, there, tmp_path)
    with closing(open_store(there, tmp_path / "lock")) as store, store.write() as connection:
        row = dict(connection.execute(select(PAGE).limit(1)).mappings().one())
        del row["id"]
        assert connection.scalar(PAGE.insert().values(row).returning(PAGE.c.id)) == newest + 1


def test_a_copy_that_differs_is_no_move(filled: str, tmp_path: Path) -> None:
    there = sqlite_at(tmp_path / "there.db")
    with closing(open_store(there, tmp_path / "lock")) as store, store.write() as connection:
        spoil = "UPDATE tag SET stance = 'another' WHERE id = 7"
        connection.exec_driver_sql(f"CREATE TRIGGER spoil AFTER INSERT ON tag BEGIN {spoil}; END")
    with pytest.raises(StorageError, match="copy of table tag differs"):
        moved(filled, there, tmp_path)
    assert not as_kept(tmp_path / "there.db")["article"]


def test_a_row_that_the_target_refuses_is_told(filled: str, cluster: postgres.Cluster, tmp_path: Path) -> None:
    with closing(open_store(filled, tmp_path / "lock")) as store, store.write() as connection:
        connection.execute(update(TAG).where(TAG.c.id == 7).values(stance="a\x00b"))
    there = cluster.database()
    with pytest.raises(StorageError, match="the target refused a row"):
        moved(filled, there, tmp_path)
    assert _schema(there) is None


def test_what_can_not_be_moved(filled: str, database_url: str, tmp_path: Path) -> None:
    empty = database_url.replace("rasid.db", "empty.db")
    open_store(empty, tmp_path / "lock").close()
    with pytest.raises(StorageError, match="nothing to move"):
        moved(empty, sqlite_at(tmp_path / "other.db"), tmp_path)
    moved(filled, empty, tmp_path)
    with pytest.raises(StorageError, match="holds a store already"):
        moved(filled, empty, tmp_path)


@pytest.fixture
def there(filled: str, tmp_path: Path) -> Iterator[World]:
    """An installation on the filled store."""
    with world(tmp_path, filled) as made:
        yield made


def test_the_command_refuses(there: World, tmp_path: Path, cluster: postgres.Cluster) -> None:
    def says(to: str, code: int) -> str:
        with there.start("move", "--to", to) as process:
            out, err = process.communicate(timeout=60)
        assert (process.returncode, out) == (code, ""), err
        return err

    assert says("mysql://u@h/d", 2).startswith("--to: mysql:// is not known")
    (tmp_path / "link.db").symlink_to(tmp_path / "rasid.db")
    assert says(sqlite_at(tmp_path / "link.db"), 2).startswith("--to: is the database in use")
    address = there.environment["RASID_DATABASE_URL"]
    with closing(open_store(address, tmp_path / "lock")) as store, lives.life(store, "pass", tmp_path / "var" / "runs"):
        assert "a pass is under way" in says(cluster.database(), 3)


@pytest.mark.thorough
def test_killed_anywhere_nothing_is_there_or_all_of_it(
    there: World, tmp_path: Path, cluster: postgres.Cluster, request: pytest.FixtureRequest
) -> None:
    """SIGKILL at random moments, to PostgreSQL and to SQLite; the move that is let through finds room."""
    moments = random.Random(20261122)
    for to in (cluster.database(), sqlite_at(tmp_path / "there.db")):
        for _ in range(max(1, request.config.getoption("--kills") // 4)):
            process = there.start("move", "--to", to)
            time.sleep(moments.uniform(0.3, 1.5))
            process.kill()
            process.communicate()
        if _schema(to) is None:
            told = json.loads(there.rasid("move", "--to", to, "--json"))
            assert told["rows"] == sum(move.count(table, ARTICLES) for table in METADATA.sorted_tables)
        with closing(open_store(to, tmp_path / "lock")) as store:
            assert moving.size(store) == sum(move.count(table, ARTICLES) for table in METADATA.sorted_tables)


@pytest.mark.thorough
def test_a_watch_goes_on_in_its_new_database(cluster: postgres.Cluster, tmp_path: Path) -> None:
    to = cluster.database()
    with world(tmp_path, sqlite_at(tmp_path / "rasid.db")) as old:
        old.ingest()
        before = old.articles()
        assert "Set RASID_DATABASE_URL" in old.rasid("move", "--to", to)
        new = replace(old, environment=old.environment | {"RASID_DATABASE_URL": to})
        assert new.articles() == before == old.articles()
        report = new.ingest()
        assert (report["totals"]["fetched"], report["totals"]["new"], report["corpus"]["added"]) == (0, 0, [])
        assert new.rasid("corpus", "verify").endswith("0 findings.\n")


def _schema(url: str) -> str | None:
    """The schema that stands there, once the server has noticed that a killed client is gone."""
    engine = connect(url)
    try:
        return schema_of(engine)
    finally:
        engine.dispose()
