"""The daily look: what it keeps, whom it tells of, and what it does not believe."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from flows import daily, health, orders, settings
from flows.findings import Verdict
from flows.stores import opened
from storage import checkups
from storage.checkups import Found
from storage.database import Store
from storage.periods import Health
from tests import hardsites
from tests.conftest import NOW
from tests.webserver import WebServer, serving


def found(verdict: str, hours: int = 0, source: str = "a") -> Found:
    return Found(source=source, verdict=verdict, says=f"It is {verdict}.", checked_at=NOW + timedelta(hours=hours))


def doing(failures: int = 0) -> Health:
    values = {"source": "a", "outcome": "ok", "error": None, "failures": failures, "tried_at": NOW, "succeeded_at": NOW}
    return Health(**values, brought=0, first_at=None, last_at=None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("before", "now", "failures", "state"),
    [
        ("good", "bad", 0, health.BROKEN),
        ("mend", "bad", 0, health.BROKEN),
        ("bad", "mend", 0, health.SOUND),
        ("good", "mend", 0, None),
        ("bad", "bad", 0, None),
        (None, "bad", 0, None),
        ("good", "bad", 3, None),
        ("bad", "good", 3, None),
    ],
)
def test_turns(before: str | None, now: str, failures: int, state: str | None) -> None:
    """What a pass has told is not told again: its own three failures say that a source is broken."""
    earlier = {"a": found(before)} if before else {}
    turns = list(daily.turns(earlier, [found(now)], {"a": doing(failures)}))
    assert [turn.state for turn in turns] == ([state] if state else [])
    assert list(daily.turns(earlier, [found(now)], {})) == []
    if state == health.BROKEN:
        assert turns[0].health.error == "It is bad."


def test_a_verdict_keeps_its_beginning(store: Store) -> None:
    for hours, verdict in enumerate(("good", "bad", "bad")):
        with store.write() as connection:
            checkups.keep(connection, [found(verdict, hours), found("good", hours, "b")], ["a", "b"])
    with store.write() as connection:
        kept = checkups.all_found(connection)
        assert (kept["a"].since, kept["a"].checked_at) == (NOW + timedelta(hours=1), NOW + timedelta(hours=2))
        assert (kept["b"].since, kept["b"].says) == (NOW, "It is good.")
        checkups.keep(connection, [], ["b"])
        assert set(checkups.all_found(connection)) == {"b"}


def watching(folder: Path, *servers: WebServer) -> settings.Settings:
    blocks = [
        f'[[source]]\nname = "s{n}"\nfeeds = ["{one.url}/rss"]\nmin_delay = "0s"\n' for n, one in enumerate(servers)
    ]
    (folder / "sources.toml").write_text("".join(blocks))
    environment = {"HOME": "var", "SOURCES": "sources.toml"}
    environment = {f"RASID_{name}": str(folder / value) for name, value in environment.items()}
    environment["RASID_ALLOW_PRIVATE_HOSTS"] = ",".join(one.netloc for one in servers)
    return settings.load(environment)


def verdicts(known: settings.Settings) -> dict[str, str]:
    with opened(known) as store, store.read() as connection:
        return {name: one.verdict for name, one in checkups.all_found(connection).items()}


def test_a_look_is_kept_and_an_outage_of_our_own_is_not(tmp_path: Path) -> None:
    with serving(hardsites.moved()) as moved, serving(hardsites.walled()) as walled:
        known = watching(tmp_path, moved, walled)
        look = asyncio.run(daily.look(orders.order(known)))
        assert {one.source: one.verdict for one in look.found} == {"s0": Verdict.MEND, "s1": Verdict.BAD}
        assert [path for path in walled.asked if "sitemap" in path] == []
        assert verdicts(known) == {"s0": "mend", "s1": "bad"}
    assert asyncio.run(daily.look(orders.order(known))) == daily.Look()
    assert verdicts(known) == {"s0": "mend", "s1": "bad"}
