"""Backup and restore on both databases: what comes back is what was there, and a damaged file is told of."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import tarfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import zstandard
from sqlalchemy import make_url

from flows import backups, settings
from storage import copying, upkeep
from storage.database import BUSY_SECONDS, StorageError, Store
from storage.tables import COUNTER
from tests import postgres
from tests.conftest import NOW
from tests.worlds import RASID, ROOT, World


def backed_up(there: World, name: str, *words: str) -> Path:
    file = there.folder / name
    made = json.loads(there.rasid("backup", str(file), "--json", *words))
    assert made["file"] == str(file) and made["bytes"] == file.stat().st_size
    assert file.stat().st_mode & 0o077 == 0, "it holds addresses of people"
    return file


def restored(there: World, file: Path, request: pytest.FixtureRequest) -> tuple[World, dict[str, Any]]:
    """The installation that came back, in a folder of its own."""
    folder = there.folder / "back"
    url = there.environment["RASID_DATABASE_URL"]
    to: list[str] = []
    if url.startswith("postgresql"):
        cluster: postgres.Cluster = request.getfixturevalue("cluster")
        to = ["--database", url := cluster.database()]
    else:
        url = f"sqlite:///{folder / 'rasid.db'}"
    told = json.loads(there.rasid("restore", str(file), "--into", str(folder), "--json", *to))
    new = {
        "RASID_HOME": str(folder),
        "RASID_DATABASE_URL": url,
        "RASID_CORPUS": str(folder / "corpus"),
        "RASID_SOURCES": str(folder / "sources.toml"),
    }
    return replace(there, folder=folder, environment=there.environment | new), told


def test_what_comes_back_is_what_was_there(there: World, request: pytest.FixtureRequest) -> None:
    there.ingest()
    file = backed_up(there, "all.tar.zst", "--pages")
    again, told = restored(there, file, request)
    assert told["sound"] and told["findings"] == []
    assert again.articles() == there.articles() and len(there.articles()) > 20
    assert again.corpus() == there.corpus()
    for document in there.corpus():
        assert (again.folder / "corpus" / document).read_bytes() == (there.folder / "corpus" / document).read_bytes()
    assert (again.folder / "sources.toml").read_bytes() == (there.folder / "sources.toml").read_bytes()
    pages = {path.name for path in (there.folder / "var" / "archive").iterdir()}
    assert {path.name for path in (again.folder / "archive").iterdir()} == pages and pages
    assert json.loads(again.rasid("corpus", "verify", "--json"))["sound"]
    assert again.ingest()["totals"]["new"] == 0, "it knows all that it knew"
    assert not list(there.folder.glob(".rasid-*")), "nothing half-made is left"


@pytest.mark.thorough
def test_the_watch_goes_on_meanwhile(there: World, request: pytest.FixtureRequest) -> None:
    """Files and database are of one moment, although a pass writes both while the backup is made."""
    with there.start("ingest", "--force", "--json") as process:
        file = backed_up(there, "busy.tar.zst")
        process.communicate(timeout=120)
    _, told = restored(there, file, request)
    assert told["sound"], told["findings"]


@pytest.fixture
def small(there: World) -> World:
    there.rasid("corpus", "adopt")
    return there


def test_a_file_that_the_folder_lacks_comes_back_as_well(small: World, request: pytest.FixtureRequest) -> None:
    name = small.corpus()[0]
    (small.folder / "corpus" / name).unlink()
    again, told = restored(small, backed_up(small, "a.tar.gz"), request)
    assert [(one["kind"], one["mended"]) for one in told["findings"]] == [("missing", True)] and told["sound"]
    assert name in again.corpus()


def refused(file: Path, into: Path) -> str:
    with pytest.raises(StorageError) as told:
        backups.restore(file, into, None)
    assert not into.exists() and not list(into.parent.glob(".rasid-*"))
    return str(told.value)


@pytest.fixture
def small_backup(tmp_path: Path) -> Callable[[str], Path]:
    """A backup of a fresh SQLite installation with one document."""

    def make(name: str) -> Path:
        (tmp_path / "corpus").mkdir(exist_ok=True)
        known = settings.load({"RASID_HOME": str(tmp_path / "var"), "RASID_CORPUS": str(tmp_path / "corpus")})
        backups.make(known, tmp_path / name, NOW, pages=False)
        return tmp_path / name

    return make


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9, 0.999])
@pytest.mark.parametrize("name", ["whole.tar.zst", "whole.tar.gz"])
def test_a_backup_that_was_cut_short_is_refused(
    small_backup: Callable[[str], Path], tmp_path: Path, share: float, name: str
) -> None:
    file = small_backup(name)
    file.write_bytes(file.read_bytes()[: int(file.stat().st_size * share)])
    assert str(file) in refused(file, tmp_path / "back")


Change = Callable[[str, bytes], tuple[str, bytes] | None]


def changed(file: Path, change: Change) -> None:
    """Packs a backup anew with its members changed."""
    with zstandard.open(file) as stream, tarfile.open(fileobj=stream, mode="r|") as tar:
        members = [(member.name, tar.extractfile(member).read()) for member in tar]  # type: ignore[union-attr]
    with zstandard.open(file, "wb") as stream, tarfile.open(fileobj=stream, mode="w|") as tar:
        for name, body in filter(None, (change(*member) for member in members)):
            head = tarfile.TarInfo(name)
            head.size = len(body)
            tar.addfile(head, io.BytesIO(body))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda name, body: (name, body + b" ") if name.startswith("config/topic") else (name, body), "config/topic"),
        (lambda name, body: None if name == "config/topic.toml" else (name, body), "config/topic.toml"),
        (lambda name, body: None if name == backups.MANIFEST else (name, body), "cut short"),
        (lambda name, body: ("../escaped.txt", body) if name == "config/topic.toml" else (name, body), "no backup"),
        (lambda name, body: ("corpus/..", body) if name == "config/topic.toml" else (name, body), "no backup"),
        (lambda name, body: ("/etc/escaped", body) if name == "config/topic.toml" else (name, body), "no backup"),
        (lambda name, body: (name, body.replace(b'"version": 1', b'"version": 9')), "shape 9"),
        (lambda name, body: (name, body.replace(b'"article": 0', b'"article": 7')), "other rows"),
    ],
)
def test_a_backup_that_was_changed_is_refused(
    small_backup: Callable[[str], Path],
    tmp_path: Path,
    change: Callable[[str, bytes], tuple[str, bytes] | None],
    says: str,
) -> None:
    file = small_backup("whole.tar.zst")
    changed(file, change)
    assert says in refused(file, tmp_path / "back")
    assert not list(tmp_path.parent.glob("escaped*"))


def test_what_can_not_be_done_is_said(small_backup: Callable[[str], Path], tmp_path: Path) -> None:
    file = small_backup("whole.tar.zst")
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "RASID_HOME": str(tmp_path / "var")}

    def told(*words: str, code: int) -> str:
        done = subprocess.run((*RASID, *words), env=environment, cwd=tmp_path, capture_output=True, text=True)
        assert (done.returncode, done.stdout) == (code, "") and "Traceback" not in done.stderr
        return done.stderr

    assert "ends in .tar.zst or .tar.gz" in told("backup", str(tmp_path / "x.zip"), code=2)
    assert "is not empty" in told("restore", str(file), "--into", str(tmp_path), code=2)
    assert "leave --database out" in told(
        "restore", str(file), "--into", str(tmp_path / "b"), "--database", "postgresql+psycopg://nobody@/x", code=2
    )
    assert "No such file" in told("restore", str(tmp_path / "no.tar.zst"), "--into", str(tmp_path / "b"), code=3)
    assert "can't be written" in told("backup", str(tmp_path / "nowhere" / "x.tar.gz"), code=3)


def test_without_pg_dump_the_mend_is_said(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda program: None)
    url = store.engine.url.render_as_string(hide_password=False)
    if store.is_sqlite:
        assert copying.copy(store, url, tmp_path)[0].is_file()
        return
    with pytest.raises(StorageError, match="pg_dump is not installed"):
        copying.copy(store, url, tmp_path)


def test_a_password_does_not_stand_in_a_command() -> None:
    with copying._address(make_url("postgresql+psycopg://me:s:3\\cret@host/db")) as address:
        assert "cret" not in address and address.startswith("postgresql://me@host/db?passfile=")
        passwords = Path(unquote(address.partition("passfile=")[2]))
        assert passwords.read_text() == "*:*:*:*:s\\:3\\\\cret\n" and passwords.stat().st_mode & 0o077 == 0
    assert not passwords.exists()


def test_upkeep_empties_the_log(store: Store) -> None:
    with store.write() as connection:
        connection.execute(COUNTER.insert().values(name="x", value=1))
    tended = upkeep.tend(store)
    assert tended.bytes > 0 and tended.log_left == 0
    if store.is_sqlite:
        file = Path(str(store.engine.url.database))
        assert file.with_name(file.name + "-wal").stat().st_size == 0
        with store.read() as connection:
            assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one() == BUSY_SECONDS * 1000
