"""A lease holds while its holder lives, and not a moment longer: holders are killed for real."""

from __future__ import annotations

import subprocess
import sys
import uuid
from pathlib import Path

import pytest

from articles.model import Outcome, Source
from storage import lives, sources
from storage.database import Store
from storage.sources import Claim, Denial, End
from tests.conftest import NOW

HOLD = """
import sys
from pathlib import Path
from storage import lives
from storage.opening import open_store
url, run, folder = sys.argv[1:]
with lives.life(open_store(url, Path(folder) / "upgrade.lock"), run, Path(folder)):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def test_a_killed_run_is_dead_at_once(store: Store, database_url: str, folder: Path) -> None:
    run = uuid.uuid4().hex
    words = [sys.executable, "-c", HOLD, database_url, run, str(folder)]
    with (
        subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder,
        lives.life(store, "mine", folder) as mine,
    ):
        assert holder.stdout and holder.stdout.readline() == "held\n"
        assert mine.alive(run) and mine.alive("mine") and not mine.alive("never-was")
        holder.kill()
        holder.wait()
        _until_dead(mine, run)


def _until_dead(mine: lives.Life, run: str) -> None:
    # PostgreSQL notices the closed socket of a killed client by itself, within its own time.
    for _ in range(10_000):
        if not mine.alive(run):
            return
    pytest.fail("a killed run still counts as alive")


def test_a_source_held_by_a_live_run_is_left_to_it(store: Store, folder: Path) -> None:
    source = Source(name="a", title="A", interval=0)
    with lives.life(store, "one", folder) as one, lives.life(store, "two", folder) as two:
        with store.write() as connection:
            assert isinstance(sources.claim(connection, [source], one, NOW, force=False)["a"], Claim)
            denial = sources.claim(connection, [source], two, NOW, force=True)["a"]
        assert isinstance(denial, Denial) and denial.outcome == Outcome.NOT_DUE and denial.reason
        with store.write() as connection:
            sources.release(connection, "one")
            assert isinstance(sources.claim(connection, [source], two, NOW, force=False)["a"], Claim)


def test_retry_after_holds_under_force(store: Store, folder: Path) -> None:
    source = Source(name="a", title="A", interval=0)
    with lives.life(store, "one", folder) as one, store.write() as connection:
        claim = sources.claim(connection, [source], one, NOW, force=False)["a"]
        assert isinstance(claim, Claim)
        end = End(
            source=source,
            claim=claim,
            outcome=Outcome.RATE_LIMITED,
            error="429",
            at=NOW,
            complete=False,
            retry_after=3600.0,
        )
        sources.finish(connection, [end])
        forced = sources.claim(connection, [source], one, NOW, force=True)["a"]
        plain = sources.claim(connection, [source], one, NOW, force=False)["a"]
    assert isinstance(forced, Denial) and forced.outcome == Outcome.RATE_LIMITED
    assert isinstance(plain, Denial) and plain.outcome == Outcome.NOT_DUE


def test_a_run_that_overslept_its_lease_does_not_end_anothers(store: Store, folder: Path) -> None:
    """A machine that was asleep: the first run still lives, but its lease is over and another run has taken on."""
    source = Source(name="a", title="A", interval=0)
    later = NOW + sources.LEASE * 2
    with lives.life(store, "one", folder) as one, lives.life(store, "two", folder) as two, store.write() as connection:
        stale = sources.claim(connection, [source], one, NOW, force=False)["a"]
        fresh = sources.claim(connection, [source], two, later, force=False)["a"]
        assert isinstance(stale, Claim) and isinstance(fresh, Claim)
        end = {"source": source, "outcome": Outcome.OK, "error": None, "at": later, "complete": True}
        sources.finish(connection, [End(claim=stale, **end)])  # type: ignore[arg-type]
        assert isinstance(sources.claim(connection, [source], one, later, force=True)["a"], Denial)
        sources.finish(connection, [End(claim=fresh, **end)])  # type: ignore[arg-type]
        assert isinstance(sources.claim(connection, [source], one, later, force=True)["a"], Claim)
