"""The outbox drained into real mail servers of every temper, by senders that die and senders that compete."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from articles.recipients import Recipient
from flows import alerts, mailrooms, post, settings
from flows.alerts import Mailroom, Sending
from flows.mail_server import Server
from storage import deliveries, owed
from storage.database import Store
from storage.lives import Life, life
from storage.opening import open_store
from storage.tables import DELIVERY
from tests.mailserver import (
    Dropping,
    Greylisting,
    Refusing,
    Rejecting,
    Stalling,
    Temper,
    loopback,
    serving,
    speaking,
)
from tests.test_deliveries import born
from tests.test_revisions import FIRST, SECOND, keep, page, revise
from tests.worlds import ROOT

ALERT = (sys.executable, "-c", "from flows.cli_alert import app; app()")
DESK, EMBASSY = Recipient(address="desk@example.org"), Recipient(address="embassy@example.org")


@pytest.fixture
def me(store: Store, tmp_path: Path) -> Iterator[Life]:
    with life(store, "sender", tmp_path / "runs") as alive:
        yield alive


def room(store: Store, server: Server | None, *to: Recipient) -> Mailroom:
    known = settings.load({"RASID_MAIL_FROM": "rasid@example.org"})
    compose = mailrooms.composer(known, store, to)
    return Mailroom(server=server, sender="rasid@example.org", recipients=to, compose=compose)


def drain(store: Store, me: Life, port: int, *to: Recipient, force: bool = True) -> Sending:
    return alerts.drain(store, room(store, loopback(port), *(to or (DESK,))), me, force=force)


def ids(temper: Temper) -> list[str]:
    return [str(message["Message-ID"]) for message in temper.taken]


def reasons(store: Store) -> list[str | None]:
    with store.read() as connection:
        return [one.error for one in owed.listing(connection)]


def test_what_is_owed_goes_out_once(store: Store, me: Life) -> None:
    born(store, 3)
    with serving(temper := Temper()) as port:
        assert drain(store, me, port, DESK, EMBASSY) == Sending(sent=6)
        assert drain(store, me, port, DESK, EMBASSY) == Sending()
    assert Counter(str(message["To"]) for message in temper.taken) == {DESK.address: 3, EMBASSY.address: 3}
    assert len(set(ids(temper))) == 6


def test_a_revision_answers_the_mail_that_told_the_story(store: Store, me: Life) -> None:
    article_id = keep(store, page(FIRST)).article_id
    with serving(temper := Temper()) as port:
        drain(store, me, port)
        revise(store, article_id, page(SECOND))
        drain(store, me, port)
    story, revision = temper.taken
    assert revision["In-Reply-To"] == revision["References"] == story["Message-ID"]
    plain = revision.get_body(("plain",))
    assert story["References"] is None and plain is not None
    assert "[-слово7-] {+иначе+}" in plain.get_content()


def test_more_than_ten_are_one_batch(store: Store, me: Life) -> None:
    born(store, 14)
    with serving(temper := Temper()) as port:
        assert drain(store, me, port).sent == 11
    *_, batch = temper.taken
    assert batch["Subject"] == "Rasid: 4 alerts at once"


def test_without_a_server_or_readers_everything_waits_and_the_reason_is_told(store: Store, me: Life) -> None:
    born(store, 2)
    nowhere = alerts.drain(store, room(store, None, DESK), me, force=True)
    assert nowhere == Sending(pending=2, note=alerts.NO_SERVER) and nowhere.nothing_went
    with serving(Temper()) as port:
        nobody = alerts.drain(store, room(store, loopback(port)), me, force=True)
    assert nobody == Sending(pending=2, note=alerts.NO_RECIPIENTS)


def test_one_bad_address_does_not_stop_the_others(store: Store, me: Life) -> None:
    born(store, 2)
    with serving(temper := Refusing(unknown=frozenset({EMBASSY.address}))) as port:
        sending = drain(store, me, port, EMBASSY, DESK)
    assert (sending.sent, sending.failed, sending.pending) == (2, 2, 2)
    assert sending.note and "550 5.1.1 No such mailbox" in sending.note and not sending.nothing_went
    assert all("refused the recipient" in (reason or "") for reason in reasons(store))
    assert {message["To"] for message in temper.taken} == {DESK.address}


def test_what_was_greylisted_goes_out_the_next_time(store: Store, me: Life) -> None:
    born(store)
    with serving(temper := Greylisting()) as port:
        first = drain(store, me, port)
        assert first.nothing_went and first.note and "451 4.7.1" in first.note
        assert drain(store, me, port, force=False).sent == 0, "it waits for its turn"
        assert drain(store, me, port, force=True) == Sending(sent=1)
    assert len(temper.taken) == 1


def test_a_server_that_breaks_off_gets_the_mail_again_under_its_own_id(store: Store, me: Life) -> None:
    born(store, 3)
    with serving(temper := Dropping(times=1)) as port:
        first = drain(store, me, port)
        assert (first.sent, first.failed) == (2, 1)
        assert drain(store, me, port) == Sending(sent=1)
    assert sorted(Counter(ids(temper)).values()) == [1, 1, 2]


def test_a_server_that_always_breaks_off_is_left_after_three(store: Store, me: Life) -> None:
    born(store, 9)
    with serving(temper := Dropping(times=99)) as port:
        sending = drain(store, me, port)
    assert (sending.sent, sending.failed, len(temper.taken)) == (0, 9, alerts.BREAKS)
    assert sending.nothing_went


def test_a_rejected_text_is_not_tried_at_once_again(store: Store, me: Life) -> None:
    born(store, 2)
    with serving(Rejecting()) as port:
        sending = drain(store, me, port)
    assert (sending.failed, sending.pending) == (2, 2)
    assert all("554 5.7.1 Looks like spam" in (reason or "") for reason in reasons(store))


@pytest.mark.parametrize("greeting", [b"421 4.3.2 Too busy\r\n", b"554 No SMTP here\r\n"])
def test_a_greeting_that_refuses_waits_and_is_tried_again(store: Store, me: Life, greeting: bytes) -> None:
    born(store, 2)
    with speaking(greeting) as port:
        refused = drain(store, me, port)
    assert refused.nothing_went and refused.note and greeting[:3].decode() in refused.note
    with serving(Temper()) as port:
        assert drain(store, me, port) == Sending(sent=2)


def test_a_silent_server_is_waited_for_once(store: Store, me: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(post, "READ_SECONDS", 0.3)
    monkeypatch.setattr(post, "EXCHANGE_SECONDS", 0.5)
    born(store, 5)
    began = time.monotonic()
    with serving(Stalling()) as port:
        sending = drain(store, me, port)
    assert time.monotonic() - began < 3
    assert (sending.sent, sending.failed) == (0, 5)
    assert set(reasons(store)) == {f"127.0.0.1:{port} did not answer in time."}


def test_a_mail_that_can_not_be_written_costs_itself_alone(store: Store, me: Life) -> None:
    born(store, 2)
    with serving(temper := Temper()) as port:
        mailroom = room(store, loopback(port), DESK)

        def compose(mail: deliveries.Delivery) -> object:
            if mail.told[0].article_id == 1:
                raise RuntimeError("nobody expected this")
            return mailroom.compose(mail)

        broken = Mailroom(server=mailroom.server, sender=mailroom.sender, recipients=(DESK,), compose=compose)  # type: ignore[arg-type]
        sending = alerts.drain(store, broken, me, force=True)
    assert (sending.sent, sending.failed, len(temper.taken)) == (1, 1, 1)
    assert reasons(store) == ["An unexpected error: RuntimeError."]


class Installation:
    """A state folder whose alerts go to a server, and the command that sends them."""

    def __init__(self, folder: Path, database_url: str, port: int, to: str) -> None:
        (folder / "var").mkdir()
        self.store = open_store(database_url, folder / "var" / "upgrade.lock")
        self._environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "HOME": str(folder),
            "RASID_HOME": str(folder / "var"),
            "RASID_DATABASE_URL": database_url,
            "RASID_SMTP_URL": f"smtp://127.0.0.1:{port}?tls=none",
            "RASID_MAIL_FROM": "rasid@example.org",
            "RASID_MAIL_TO": to,
        }

    def alert(self) -> subprocess.Popen[str]:
        return subprocess.Popen(ALERT, env=self._environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def mails(self) -> dict[str, str]:
        """The state of every mail that stands for itself, by its Message-ID."""
        alone = select(DELIVERY.c.message_id, DELIVERY.c.state).where(DELIVERY.c.batch_id.is_(None))
        with self.store.read() as connection:
            return {f"<{row.message_id}@example.org>": row.state for row in connection.execute(alone)}


def wait(until: Callable[[], bool], seconds: float = 20) -> None:
    """Returns as soon as it is so, or time is up."""
    end = time.monotonic() + seconds
    while not until() and time.monotonic() < end:
        time.sleep(0.002)


def test_killed_at_any_moment_each_mail_is_taken_once_but_for_those_in_doubt(
    tmp_path: Path, database_url: str, request: pytest.FixtureRequest
) -> None:
    """A mail is taken twice only where the sender died between the server's word and its own mark."""
    kills, chance = request.config.getoption("--kills"), random.Random(20261121)
    readers = ",".join(f"reader{n}@example.org" for n in range(6))
    expected: Counter[str] = Counter()
    in_doubt = 0
    with serving(temper := Temper()) as port:
        there = Installation(tmp_path, database_url, port, readers)
        for number in range(kills):
            born(there.store, 1, word=f"s{number}n")
            before = len(temper.taken)
            process = there.alert()
            _kill(process, temper, before + chance.randrange(7), chance.uniform(0, 0.02))
            states = there.mails()
            unmarked = [one for one in ids(temper)[before:] if states[one] == deliveries.WAITING]
            assert len(unmarked) <= 1, "one mail at a time is on its way"
            expected.update(unmarked)
            in_doubt += len(unmarked)
        with there.alert() as last:
            out, err = last.communicate(timeout=60)
        assert last.returncode == 0, f"{out}\n{err}"
        states = there.mails()
        there.store.close()
    assert set(states.values()) == {deliveries.SENT}
    expected.update(states.keys())
    assert Counter(ids(temper)) == expected
    print(f"\n{kills} kills, {len(states)} mails, {in_doubt} taken again under the same Message-ID")


def _kill(process: subprocess.Popen[str], temper: Temper, taken: int, after: float) -> None:
    """Kills a sender so many seconds after so many mails are taken, and lets the server take what is on its way."""
    wait(lambda: temper.open > 0 or process.poll() is not None)
    wait(lambda: len(temper.taken) >= taken or temper.open == 0)
    time.sleep(after)
    process.kill()
    process.communicate()
    wait(lambda: temper.open == 0)


def test_two_senders_at_once_send_nothing_twice(tmp_path: Path, database_url: str) -> None:
    with serving(temper := Temper()) as port:
        there = Installation(tmp_path, database_url, port, "desk@example.org,embassy@example.org")
        born(there.store, 10)
        with there.alert() as one, there.alert() as other:
            for process in (one, other):
                _, err = process.communicate(timeout=60)
                assert process.returncode in (0, 1), err
        assert set(there.mails().values()) == {deliveries.SENT}
        there.store.close()
    assert set(Counter(ids(temper)).values()) == {1} and len(temper.taken) == 20
