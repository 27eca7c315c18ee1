"""A consistent copy of the whole database as one file, and back. The watch goes on meanwhile.

SQLite is copied by its own backup call, PostgreSQL by pg_dump; both within one snapshot.
"""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Connection, inspect, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.sql import quoted_name

from storage.database import StorageError, Store, connect, schema_of, sqlite_at, translated

SQLITE, POSTGRESQL = "rasid.db", "rasid.dump"
"""The copy's name, by what it is a copy of."""

_CLIENT = "it comes with PostgreSQL's client (Debian: apt install postgresql-client)"

Counts = dict[str, int]


def copy(store: Store, url: str, folder: Path) -> tuple[Path, Counts]:
    """Copies the database into a folder; returns the file, and how many rows each table has in it.

    Raises:
        StorageError: it can't be copied; the message says why.
    """
    return _copy_sqlite(store, folder / SQLITE) if store.is_sqlite else _dump(store, make_url(url), folder / POSTGRESQL)


def put_back(file: Path, url: str) -> Counts:
    """Fills an empty PostgreSQL database from a copy; returns how many rows each table has.

    Raises:
        StorageError: the database is not empty, or the copy can't be read.
    """
    engine = connect(url)
    try:
        if schema_of(engine) is not None:
            raise StorageError("the database that is to be filled has tables already; name an empty one")
        with _address(make_url(url)) as address:
            words = ("--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction")
            _run("pg_restore", *words, f"--dbname={address}", str(file))
        with translated(), engine.begin() as connection:
            return counts(connection)
    finally:
        engine.dispose()


def counts_at(file: Path) -> Counts:
    """How many rows each table of a SQLite copy has.

    Raises:
        StorageError: it is damaged.
    """
    engine = connect(sqlite_at(file))
    try:
        with translated(), engine.begin() as connection:
            if (found := connection.execute(text("PRAGMA quick_check(1)")).scalar_one()) != "ok":
                raise StorageError(f"{file} is damaged: {found}")
            return counts(connection)
    finally:
        engine.dispose()


def counts(connection: Connection) -> Counts:
    """How many rows each table has, whatever schema it is of."""
    quote = connection.dialect.identifier_preparer.quote
    return {
        name: connection.execute(text(f"SELECT count(*) FROM {quote(quoted_name(name, quote=None))}")).scalar_one()
        for name in sorted(inspect(connection).get_table_names())
    }


def _copy_sqlite(store: Store, file: Path) -> tuple[Path, Counts]:
    with translated():
        raw = store.engine.raw_connection()
        try:
            source = raw.driver_connection
            assert isinstance(source, sqlite3.Connection)
            with closing(sqlite3.connect(file)) as target:
                source.backup(target)
        except sqlite3.Error as error:
            raise StorageError(f"the database can't be copied: {error}") from error
        finally:
            raw.close()
    return file, counts_at(file)


def _dump(store: Store, url: URL, file: Path) -> tuple[Path, Counts]:
    reading = store.engine.execution_options(isolation_level="REPEATABLE READ")
    with translated(), reading.begin() as connection:
        # The dump and the counts see the same moment.
        snapshot = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
        with _address(url) as address:
            words = ("--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={file}")
            _run("pg_dump", *words, f"--dbname={address}")
        return file, counts(connection)


@contextmanager
def _address(url: URL) -> Iterator[str]:
    """The database's address as PostgreSQL's programs take it; its password stands in a file, for other users' eyes
    see the words of a command."""
    with tempfile.TemporaryDirectory() as folder:
        passwords = Path(folder) / "pgpass"
        secret = str(url.password or "").replace("\\", "\\\\").replace(":", "\\:")
        passwords.touch(0o600)
        passwords.write_text(f"*:*:*:*:{secret}\n", "utf-8")
        plain = URL.create("postgresql", url.username, None, url.host, url.port, url.database, url.query)
        plain = plain.update_query_dict({"passfile": str(passwords)} if url.password else {})
        yield plain.render_as_string(hide_password=False)


def _run(program: str, *words: str) -> None:
    if shutil.which(program) is None:
        raise StorageError(f"{program} is not installed; {_CLIENT}")
    done = subprocess.run((program, *words), capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode:
        says = " ".join(done.stderr.split())[:500] or f"exit code {done.returncode}"
        raise StorageError(f"{program} failed: {says}")
