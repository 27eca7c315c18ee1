"""The schema: made once whoever comes first, the same as the tables say, refused when it is another version's."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from storage import tables
from storage.database import SCHEMA, StorageError, Store, connect, schema_of
from storage.opening import open_store
from storage.upgrade import upgrade

OPEN = """
import sys
from pathlib import Path
from storage.opening import open_store
open_store(sys.argv[1], Path(sys.argv[2]))
"""


def test_migrations_make_what_the_tables_say(store: Store) -> None:
    with store.read() as connection:
        context = MigrationContext.configure(connection, opts={"render_as_batch": True})
        assert compare_metadata(context, tables.METADATA) == []


def test_many_first_comers(database_url: str, tmp_path: Path) -> None:
    words = [sys.executable, "-c", OPEN, database_url, str(tmp_path / "upgrade.lock")]
    started = [subprocess.Popen(words, stderr=subprocess.PIPE) for _ in range(4)]
    assert [process.communicate()[1] for process in started] == [b""] * 4
    assert [process.returncode for process in started] == [0] * 4
    engine = connect(database_url)
    assert schema_of(engine) == SCHEMA
    engine.dispose()


@pytest.mark.parametrize("found", ["0000", "9999"])
def test_another_schema_is_refused_with_the_mend(new_store: Callable[[], Store], found: str) -> None:
    with new_store().write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :found"), {"found": found})
    with pytest.raises(StorageError, match="rasid upgrade"):
        new_store()


def test_a_newer_schema_is_not_touched(store: Store, tmp_path: Path) -> None:
    with store.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StorageError, match="newer"):
        upgrade(store.engine, tmp_path / "upgrade.lock")


def test_somebody_elses_database_is_not_touched(database_url: str, tmp_path: Path) -> None:
    engine = connect(database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE theirs (id INTEGER)"))
    with pytest.raises(StorageError, match="other tables"):
        open_store(database_url, tmp_path / "upgrade.lock")
    engine.dispose()


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "rasid.db").write_bytes(b"not a database at all, but long enough to be looked at" * 40)
    with pytest.raises(StorageError, match="not a database"):
        open_store(f"sqlite:///{tmp_path / 'rasid.db'}", tmp_path / "upgrade.lock")
