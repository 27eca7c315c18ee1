"""Mails that are owed: who gets which, once each, whoever sends and whatever dies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest

from articles.model import Verdict
from articles.recipients import DIGEST, Recipient
from storage import deliveries, outbox, verdicts
from storage.database import Store
from storage.deliveries import Delivery
from storage.lives import Life, life
from tests.conftest import NOW
from tests.test_revisions import OFF, ON, keep, page, unlike

DESK = Recipient(address="desk@example.org")
RUN = "sender"


@pytest.fixture
def me(store: Store, tmp_path: Path) -> Iterator[Life]:
    with life(store, RUN, tmp_path / "runs") as alive:
        yield alive


def born(store: Store, count: int = 1, verdict: Verdict = ON, word: str = "слово") -> list[int]:
    """Articles on topic, each owed to whoever is to be told."""
    pages = [page(unlike(f"{word}{n}-"), url=f"https://a.example/{word}{n}") for n in range(count)]
    return [keep(store, one, verdict).article_id for one in pages]


def address(store: Store, *to: Recipient, now: datetime = NOW) -> None:
    with store.write() as connection:
        deliveries.address(connection, to, now)


def claim(store: Store, me: Life, now: datetime = NOW, *, force: bool = False) -> tuple[Delivery, ...]:
    with store.write() as connection:
        return deliveries.claim(connection, me, now, force=force)


def settle(store: Store, mails: tuple[Delivery, ...], now: datetime = NOW) -> None:
    with store.write() as connection:
        for mail in mails:
            deliveries.sent(connection, mail.id, now)


def pending(store: Store) -> int:
    with store.read() as connection:
        return deliveries.pending(connection)


def test_each_recipient_gets_one_mail_a_story(store: Store, me: Life) -> None:
    (article_id,) = born(store)
    address(store, DESK, Recipient(address="embassy@example.org"))
    address(store, DESK)
    mails = claim(store, me)
    assert [mail.recipient for mail in mails] == ["desk@example.org", "embassy@example.org"]
    assert {told.article_id for mail in mails for told in mail.told} == {article_id}
    assert len({mail.message_id for mail in mails}) == 2
    settle(store, mails)
    assert claim(store, me, force=True) == () and pending(store) == 0


def test_without_recipients_everything_waits_and_is_counted(store: Store, me: Life) -> None:
    born(store, 3)
    address(store)
    assert (claim(store, me), pending(store)) == ((), 3)


@pytest.mark.parametrize(
    ("to", "mails"),
    [
        (Recipient(address="a@b", languages=("ar",)), 0),
        (Recipient(address="a@b", languages=("ru",), classes=("A",), sources=("a",)), 1),
        (Recipient(address="a@b", classes=("C",)), 0),
        (Recipient(address="a@b", mail=DIGEST), 0),
    ],
)
def test_recipients_get_what_they_want(store: Store, me: Life, to: Recipient, mails: int) -> None:
    born(store)
    address(store, to)
    assert len(claim(store, me)) == mails


def test_what_has_left_the_topic_is_told_to_nobody(store: Store, me: Life) -> None:
    (article_id,) = born(store)
    with store.write() as connection:
        verdicts.rejudge(connection, article_id, 1, OFF, NOW)
    address(store, DESK)
    assert (claim(store, me), pending(store)) == ((), 0)


def test_what_leaves_the_topic_while_its_mail_waits_is_not_sent(store: Store, me: Life) -> None:
    ids = born(store, 12)
    address(store, DESK)
    *single, batch = claim(store, me)
    with store.write() as connection:
        for article_id in (ids[0], *ids[10:]):
            verdicts.rejudge(connection, article_id, 1, OFF, NOW)
        for mail in (*single, batch):
            deliveries.failed(connection, mail, "The server is busy.", NOW)
    later = claim(store, me, force=True)
    assert [told.article_id for mail in later for told in mail.told] == ids[1:10]
    assert pending(store) == 9


def test_quiet_hours_hold_mail_back(store: Store, me: Life) -> None:
    born(store)
    address(store, Recipient(address="a@b", quiet=(time(11), time(14))))
    assert claim(store, me, NOW + timedelta(hours=1)) == ()
    assert len(claim(store, me, NOW + timedelta(hours=2))) == 1


def test_above_ten_the_rest_goes_in_one_batch(store: Store, me: Life) -> None:
    ids = born(store, 13)
    address(store, DESK)
    mails = claim(store, me)
    assert [len(mail.told) for mail in mails] == [1] * 10 + [3]
    assert mails[-1].kind == deliveries.BATCH
    assert [told.article_id for mail in mails for told in mail.told] == ids
    settle(store, mails)
    assert pending(store) == 0
    more = born(store, 2, word="позже")
    address(store, DESK)
    (batch,) = claim(store, me, NOW + timedelta(minutes=29))
    assert [told.article_id for told in batch.told] == more


def test_after_half_an_hour_mails_go_one_by_one_again(store: Store, me: Life) -> None:
    born(store, 10)
    address(store, DESK)
    settle(store, claim(store, me))
    born(store, 2, word="позже")
    address(store, DESK)
    assert [mail.kind for mail in claim(store, me, NOW + timedelta(minutes=31))] == [outbox.STORY] * 2


def test_a_failed_batch_stays_one_mail_with_its_message_id(store: Store, me: Life) -> None:
    born(store, 12)
    address(store, DESK)
    *single, batch = claim(store, me)
    settle(store, tuple(single))
    with store.write() as connection:
        deliveries.failed(connection, batch, "The server is busy.", NOW)
    (again,) = claim(store, me, NOW + timedelta(minutes=6))
    assert (again.message_id, again.told, again.tries) == (batch.message_id, batch.told, 1)


def test_a_mail_that_another_live_sender_holds_is_left_to_it(new_store: Callable[[], Store], tmp_path: Path) -> None:
    store = new_store()
    born(store)
    address(store, DESK)
    with life(store, "one", tmp_path / "runs") as one, life(new_store(), "two", tmp_path / "runs") as two:
        first = claim(store, one)
        assert len(first) == 1 and claim(store, two) == ()
    with life(store, "three", tmp_path / "runs") as three:
        (again,) = claim(store, three)
    assert again.message_id == first[0].message_id


def test_failures_wait_longer_each_time_and_end_as_dead_letters(store: Store, me: Life) -> None:
    born(store)
    address(store, DESK)
    waits, now = [], NOW
    while mails := claim(store, me, now):
        with store.write() as connection:
            deliveries.failed(connection, mails[0], "The server refused the address.", now)
            (row,) = deliveries.listing(connection, (deliveries.WAITING, deliveries.DEAD))
        waits.append((row.next_try_at - now).total_seconds() / 60)
        now = row.next_try_at
    assert waits[:8] == [5, 10, 20, 40, 80, 160, 320, 360]
    assert (row.state, row.error) == (deliveries.DEAD, "The server refused the address.")
    assert deliveries.GIVEN_UP < row.settled_at - NOW < deliveries.GIVEN_UP + deliveries.LONGEST_WAIT
    assert pending(store) == 0
    with store.write() as connection:
        assert deliveries.resend(connection, row.id, now)
    (again,) = claim(store, me, now)
    assert again.message_id == row.message_id


def test_a_cancelled_mail_is_not_sent(store: Store, me: Life) -> None:
    born(store)
    address(store, DESK)
    with store.write() as connection:
        (row,) = deliveries.listing(connection, (deliveries.WAITING,))
        assert deliveries.cancel(connection, row.id, NOW)
        assert not deliveries.cancel(connection, row.id, NOW)
    assert claim(store, me, force=True) == ()


def test_a_digest_of_a_period_is_owed_once(store: Store, me: Life) -> None:
    period = (NOW - timedelta(days=1), NOW)
    for _ in range(2):
        with store.write() as connection:
            deliveries.owe_digest(connection, DESK, period, NOW)
    (mail,) = claim(store, me)
    assert (mail.kind, mail.period, mail.told) == (deliveries.DIGEST, period, ())
    with store.read() as connection:
        assert deliveries.last_digest(connection, DESK) == NOW
