"""The sign of life that every pass leaves: with a watcher on loopback, in the database, in `rasid doctor`."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from extractors.ping import ping
from flows import doctor, settings, stores
from storage import heartbeat
from storage.database import Store
from tests.conftest import NOW
from tests.webserver import reply, serving
from tests.worlds import FAILING, World, world


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path, f"sqlite:///{tmp_path / 'var' / 'rasid.db'}") as made:
        yield made


@pytest.mark.parametrize(
    ("path", "ok", "asked"),
    [
        ("/ping/1", True, "/ping/1"),
        ("/ping/1", False, "/ping/1/fail"),
        ("/ping/1/?a=b", False, "/ping/1/fail?a=b"),
        ("", False, "/fail"),
    ],
)
def test_a_failure_is_told_at_an_address_of_its_own(path: str, ok: bool, asked: str) -> None:
    with serving({asked: reply("OK")}) as server:
        assert asyncio.run(ping(server.url + path, ok=ok, user_agent="rasid")) is None
        assert server.asked == [asked] and server.requests[0].headers["user-agent"] == "rasid"


def test_a_watcher_that_can_not_be_told_is_a_sentence_not_an_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        nobody = f"http://127.0.0.1:{closed.getsockname()[1]}"
    assert "can't be reached" in str(asyncio.run(ping(nobody, ok=True, user_agent="rasid")))
    assert "can't be reached" in str(asyncio.run(ping("http://h:99999999/", ok=False, user_agent="rasid")))
    with serving({"/": reply(status=503)}) as server:
        assert asyncio.run(ping(server.url, ok=True, user_agent="rasid")) == "it answered 503"


def test_every_pass_is_told_and_a_watcher_that_fails_breaks_none(alone: World) -> None:
    with serving({"/x": reply("OK"), "/x/fail": reply(status=500)}) as server:
        alone.ingest("--source", "waha", RASID_PING_URL=f"{server.url}/x")
        failing = [word for name in FAILING for word in ("--source", name)]
        alone.ingest(*failing, code=1, RASID_PING_URL=f"{server.url}/x")
        assert server.asked == ["/x", "/x/fail"]


def test_the_last_pass_is_known_to_the_minute(store: Store) -> None:
    with store.write() as connection:
        assert heartbeat.last(connection) is None
        heartbeat.beat(connection, NOW)
        heartbeat.beat(connection, NOW + timedelta(minutes=7, seconds=59))
        assert heartbeat.last(connection) == NOW + timedelta(minutes=7)


@pytest.mark.parametrize(
    ("age", "ok", "says"),
    [
        (None, None, "none yet"),
        (timedelta(minutes=90), True, "1 h 30 min ago"),
        (timedelta(hours=25), False, "25 h 0 min"),
    ],
)
def test_doctor_tells_how_old_the_last_pass_is(alone: World, age: timedelta | None, ok: bool | None, says: str) -> None:
    known = settings.load(alone.environment)
    if age is not None:
        with stores.opened(known) as store, store.write() as connection:
            heartbeat.beat(connection, datetime.now(UTC) - age)
    (check,) = [check for check in doctor.examine(known).checks if check.name == "pass"]
    assert check.ok is ok and says in check.message
