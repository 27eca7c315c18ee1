"""When a source is due again: its own rhythm, and ever later while it fails; as rules and on both databases."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from articles.model import Outcome, Source, Validators
from storage import lives, rhythm, sources
from storage.database import Store
from storage.fronts import FrontState
from storage.sources import Claim, Denial, End
from storage.tables import SOURCE

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = 60, 3_600, 86_400
OK, UNCHANGED, EMPTY = Outcome.OK, Outcome.UNCHANGED, Outcome.EMPTY


@pytest.mark.parametrize(
    ("outcome", "minutes"),
    [
        (Outcome.RATE_LIMITED, [30, 60, 120, 240, 480, 960, 1440, 1440]),
        (Outcome.BROKEN, [30, 60, 120, 240, 480, 960, 1440, 1440]),
        (Outcome.UNREACHABLE, [30, 60, 120, 240, 480, 960, 1440, 1440]),
        (Outcome.TIMEOUT, [30, 60, 120, 240, 480, 960, 1440, 1440]),
        (Outcome.GONE, [30, 120, 480, 1440, 1440]),
        (Outcome.FORBIDDEN, [30, 120, 480, 1440, 1440]),
        (Outcome.DISALLOWED, [30, 120, 480, 1440, 1440]),
        (Outcome.BLOCKED, [30, 120, 480, 1440, 1440]),
    ],
)
def test_failing_sources_slow_down_by_their_class(outcome: Outcome, minutes: list[int]) -> None:
    waits = [rhythm.failing(30 * MINUTE, failures + 1, outcome, 0.5) for failures in range(len(minutes))]
    assert waits == [timedelta(minutes=wait) for wait in minutes]


@given(
    st.sampled_from([0, 1, 59, 600, 1800, DAY, 7 * DAY]),
    st.integers(1, 10_000),
    st.sampled_from(list(Outcome)),
    st.floats(0, 1, exclude_max=True),
)
def test_a_wait_is_spread_by_a_tenth_and_never_beyond_a_day(
    interval: int, failures: int, outcome: Outcome, dice: float
) -> None:
    middle, wait = (rhythm.failing(interval, failures, outcome, one).total_seconds() for one in (0.5, dice))
    assert middle * 0.9 - 1e-5 <= wait <= middle * 1.1 + 1e-5
    assert wait <= max(interval, DAY)
    assert rhythm.failing(interval, failures, outcome, 0.0) < rhythm.failing(interval, failures, outcome, 0.4) or (
        interval == 0
    )


# interval now, in the catalogue, overlap, new links, seconds since the last reading; interval then
RHYTHM = [
    (1800, 1800, 1.0, 0, 1800, 2250),
    (1800, 1800, 0.68, 3, 1800, 2250),
    (1800, 1800, 0.67, 3, 1800, 1800),
    (1800, 1800, 0.33, 3, 1800, 1800),
    (1800, 1800, 0.32, 3, 1800, 900),
    (1800, 1800, 0.0, 0, 1800, 1800),
    (7000, 1800, 1.0, 0, 7000, 7200),
    (7200, 1800, 1.0, 0, 7200, 7200),
    (7200, 1800, 0.1, 9, 7200, 3600),
    (1000, 1800, 0.1, 9, 1000, 600),
    (600, 600, 0.1, 9, 600, 600),
    (DAY, 8 * HOUR, 1.0, 0, DAY, DAY),
    (2 * DAY, 2 * DAY, 1.0, 0, 2 * DAY, 2 * DAY),
    (2 * DAY, 2 * DAY, 0.0, 5, 2 * DAY, DAY),
    (1800, 1800, 1.0, 0, 60, 1800),
    (1800, 1800, 0.0, 9, 8 * HOUR, 1800),
    (1800, 1800, 1.0, 0, 8 * HOUR, 2250),
    (1800, 1800, 0.0, 9, 60, 900),
    (1800, 1800, 0.0, 9, None, 1800),
    (0, 0, 1.0, 0, 0, 0),
    (1, 1, 1.0, 0, 9, 1),
    (599, 599, 0.0, 9, 599, 599),
]


@pytest.mark.parametrize(("now", "configured", "overlap", "new", "gap", "then"), RHYTHM)
def test_the_rhythm(now: int, configured: int, overlap: float, new: int, gap: int | None, then: int) -> None:
    since = None if gap is None else timedelta(seconds=gap)
    assert rhythm.adapted(now, configured, overlap=overlap, new=new, gap=since) == then


@given(st.integers(600, 3 * DAY), st.lists(st.tuples(st.floats(0, 1), st.integers(0, 9))))
def test_the_rhythm_stays_within_its_bounds(configured: int, readings: list[tuple[float, int]]) -> None:
    interval = configured
    for overlap, new in readings:
        gap = timedelta(seconds=interval)
        interval = rhythm.adapted(interval, configured, overlap=overlap, new=new, gap=gap)
        assert min(600, configured) <= interval <= max(configured, min(4 * configured, DAY))


# --- On the databases


class Watch:
    """One source of a store, visited at the moments that a test names."""

    def __init__(self, store: Store, folder: Path) -> None:
        self._store, self._folder = store, folder
        self._runs = itertools.count()
        self.source = Source(name="a", title="A", interval=1800)

    def claim(self, at: float, *, force: bool = False) -> Claim | Denial:
        """What a pass gets, `at` seconds after the first."""
        now = NOW + timedelta(seconds=at)
        with lives.life(self._store, f"run{next(self._runs)}", self._folder) as life, self._store.write() as connection:
            return sources.claim(connection, [self.source], life, now, force=force)["a"]

    def visit(self, at: float, outcome: Outcome = OK, **more: Any) -> float:
        """A turn that ends at once; returns how many seconds later the source is due again."""
        claim = self.claim(at, force=True)
        assert isinstance(claim, Claim), claim
        now = NOW + timedelta(seconds=at)
        values = {"error": None, "complete": True, **more}
        end = End(source=self.source, claim=claim, outcome=outcome, at=now, **values)
        with self._store.write() as connection:
            sources.finish(connection, [end])
        return self.due() - at

    def due(self) -> float:
        with self._store.read() as connection:
            due_at: datetime = connection.scalars(select(SOURCE.c.due_at)).one()
        return (due_at - NOW).total_seconds()


@pytest.fixture
def watch(store: Store, tmp_path: Path) -> Watch:
    return Watch(store, tmp_path / "runs")


def test_a_source_finds_its_rhythm_and_keeps_it(watch: Watch) -> None:
    assert watch.visit(0, discovered=20, known=0) == 1800, "the first reading has nothing to compare with"
    assert watch.visit(1800, UNCHANGED) == 2250
    assert watch.visit(4050, discovered=20, known=20) == 2812
    assert watch.visit(6862, EMPTY) == 2812
    assert watch.visit(9674, Outcome.TIMEOUT, error="It fell silent.") == 2812
    assert watch.visit(12486, discovered=20, known=1) == 1406
    assert watch.visit(12500, UNCHANGED) == 1406, "a forced reading out of turn says nothing"
    claim = watch.claim(12500 + 1300)
    assert isinstance(claim, Denial) and claim.outcome is Outcome.NOT_DUE
    assert isinstance(watch.claim(12500 + 1350), Claim)


def test_an_edit_of_the_catalogue_begins_anew_and_at_once(watch: Watch) -> None:
    watch.visit(0)
    watch.visit(1800, UNCHANGED)
    watch.source = Source(name="a", title="A", interval=900)
    assert isinstance(watch.claim(1800 + 600), Denial)
    claim = watch.claim(1800 + 900)
    assert isinstance(claim, Claim) and claim.interval == 900
    watch.source = Source(name="a", title="A", interval=0)
    assert isinstance(watch.claim(1801), Claim)
    assert [watch.visit(at, UNCHANGED) for at in (1801, 1802)] == [0, 0]


def test_an_edit_does_not_shorten_what_a_server_asked_for(watch: Watch) -> None:
    watch.visit(0, retry_after=3600)
    watch.source = Source(name="a", title="A", interval=0)
    assert isinstance(watch.claim(3000), Denial)
    assert isinstance(watch.claim(3600), Claim)


def test_failures_wait_ever_longer_and_one_success_ends_that(watch: Watch) -> None:
    waits = [watch.visit(0, Outcome.GONE), watch.visit(1, Outcome.GONE), watch.visit(2, Outcome.GONE)]
    assert waits == [1800, 7200, 28800]
    assert watch.visit(3, Outcome.GONE, dice=0.0) == 0.9 * DAY
    assert watch.visit(4, Outcome.RATE_LIMITED, dice=0.0, retry_after=80_000.0) == 80_000.0
    assert watch.visit(80_010) == 1800


def test_a_source_that_is_read_elsewhere_is_not_slowed_down(watch: Watch) -> None:
    """Its configured feed is gone, and that is what is said; but a feed that its site names was read."""
    read = FrontState(validators=Validators(), body_hash="5e", read_at=NOW, rules="r")
    told = {"error": "It is gone.", "discovered": 9, "known": 5}
    waits = [watch.visit(at, Outcome.GONE, fronts={"http://a/feed": read}, **told) for at in (0, 1800, 3600)]
    assert waits == [1800, 1800, 1800]
    claim = watch.claim(9000)
    assert isinstance(claim, Claim) and not claim.baseline and claim.failures == 0
    unread = FrontState(validators=Validators(), body_hash=None, read_at=NOW, rules="r", asked_at=NOW)
    assert [watch.visit(at, Outcome.GONE, fronts={"http://a/s.xml": unread}) for at in (9000, 9001)] == [1800, 7200]


def test_front_pages_are_remembered_as_they_were(watch: Watch, new_store: Callable[[], Store]) -> None:
    bare = FrontState(validators=Validators(), body_hash=None, read_at=NOW, rules="r", asked_at=NOW)
    full = FrontState(
        validators=Validators(etag='"\xd8"', last_modified="then"),
        body_hash="5e",
        read_at=NOW,
        rules="r",
        frozen_at=NOW,
        asked_at=NOW + timedelta(1),
        changed_at=NOW - timedelta(1),
    )
    watch.visit(0, fronts={"http://a/1": bare, "http://a/2": full})
    watch.visit(1, fronts={"http://a/1": full})
    claim = watch.claim(2, force=True)
    assert isinstance(claim, Claim) and claim.fronts == {"http://a/1": full, "http://a/2": full}
