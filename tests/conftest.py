"""What many tests stand on: a clean environment, stores on both databases, a fixed clock."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import settings

from storage.database import Store
from storage.opening import open_store
from tests import postgres
from tests.prefect_server import server
from tests.serving import served_installation, serving_rasid
from tests.worlds import World, world

__all__ = ["served_installation", "server", "serving_rasid"]

settings.register_profile("rasid", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("rasid")

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--kills", type=int, default=4, help="how often a pass is killed before it is let through")
    parser.addoption("--long", action="store_true", help="all hostile sites, also those that take minutes")
    parser.addoption("--soak", type=float, default=20, metavar="SECONDS", help="how long a served watch is killed at")
    parser.addoption("--thorough", action="store_true", help="installations on PostgreSQL as well, and what is slow")
    parser.addoption("--sources", type=int, default=300, help="how many sources several passes share")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves out what takes long and says little more, unless `--thorough` asks for it.

    That is what is marked `thorough`, and whole installations on a second database: what the two have apart is
    tested where things are stored.
    """
    if config.option.thorough:
        return
    short = [item for item in items if not _is_thorough(item)]
    config.hook.pytest_deselected(items=[item for item in items if _is_thorough(item)])
    items[:] = short


def _is_thorough(item: pytest.Item) -> bool:
    whole = "there" in getattr(item, "fixturenames", ()) or item.get_closest_marker("installation")
    return bool(item.get_closest_marker("thorough") or (whole and "[postgresql" in item.name))


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the machine's owner reaches a test."""
    for name in list(os.environ):
        if name.startswith(("RASID_", "PREFECT_API")):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def cluster() -> Iterator[postgres.Cluster]:
    """A PostgreSQL server; where there is none the test is skipped, but on CI it fails."""
    programs = postgres.programs()
    if programs is None:
        says = "PostgreSQL's server is not installed (apt-get install postgresql)"
        pytest.fail(says) if "CI" in os.environ else pytest.skip(says)
    with postgres.Cluster(programs) as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, on SQLite and on PostgreSQL in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'rasid.db'}"
    cluster: postgres.Cluster = request.getfixturevalue("cluster")
    return cluster.database()


@pytest.fixture
def new_store(database_url: str, tmp_path: Path) -> Iterator[Callable[[], Store]]:
    """Opens the same database again and again, as further processes would."""
    stores = []

    def another() -> Store:
        stores.append(open_store(database_url, tmp_path / "upgrade.lock"))
        return stores[-1]

    yield another
    for store in stores:
        store.close()


@pytest.fixture
def store(new_store: Callable[[], Store]) -> Store:
    return new_store()


@pytest.fixture
def there(tmp_path: Path, database_url: str) -> Iterator[World]:
    """An installation of its own with a newsroom of its own, on both databases in turn."""
    with world(tmp_path, database_url) as made:
        yield made
