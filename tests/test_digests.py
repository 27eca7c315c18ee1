"""Digests: whose hour has come, what of the period is told to whom, and what an empty day says."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from articles.recipients import AT_ONCE, DIGEST, Recipient
from flows import bulletin, charts, digests, letters
from flows.bulletin import Bulletin
from flows.health import is_quiet
from storage import deliveries, periods, records, verdicts
from storage.database import Store
from storage.periods import ADOPTED, BASELINE, NEWS, RULE, Health, Period
from storage.records import Adoption
from storage.tables import ARTICLE, SOURCE
from tests.conftest import NOW
from tests.test_deliveries import born
from tests.test_mails import ENVELOPE, Page, parts, sent
from tests.test_revisions import FIRST, OFF, ON, SECOND, keep, page, revise, unlike

DAY = timedelta(days=1)
UTC_READER = Recipient(address="desk@example.org")
HEBRON = Recipient(address="hebron@example.org", timezone="Asia/Hebron")
WEEKLY = Recipient(address="weekly@example.org", digest="week")
LONG_AGO = NOW - 100 * DAY


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("reader", "last", "now", "span"),
    [
        (UTC_READER, "2026-11-20 07:00", "2026-11-21 06:59", None),
        (UTC_READER, "2026-11-20 07:00", "2026-11-21 07:00", ("2026-11-20 07:00", "2026-11-21 07:00")),
        (UTC_READER, "2026-11-21 07:00", "2026-11-21 23:00", None),
        # Missed for three days: made up by one.
        (UTC_READER, "2026-11-18 07:00", "2026-11-21 09:30", ("2026-11-18 07:00", "2026-11-21 07:00")),
        # Made by hand in the afternoon: the next one begins there.
        (UTC_READER, "2026-11-20 15:12", "2026-11-21 07:01", ("2026-11-20 15:12", "2026-11-21 07:00")),
        # Seven in Hebron is five in Greenwich in winter, and four in summer.
        (HEBRON, "2026-11-20 05:00", "2026-11-21 05:00", ("2026-11-20 05:00", "2026-11-21 05:00")),
        (HEBRON, "2026-07-20 04:00", "2026-07-21 03:59", None),
        (HEBRON, "2026-07-20 04:00", "2026-07-21 04:00", ("2026-07-20 04:00", "2026-07-21 04:00")),
        # 2026-11-23 is a Monday.
        (WEEKLY, "2026-11-16 07:00", "2026-11-22 12:00", None),
        (WEEKLY, "2026-11-16 07:00", "2026-11-23 07:00", ("2026-11-16 07:00", "2026-11-23 07:00")),
        (WEEKLY, "2026-11-02 07:00", "2026-11-25 10:00", ("2026-11-02 07:00", "2026-11-23 07:00")),
        (Recipient(address="a@b", mail=AT_ONCE), "2026-11-01 07:00", "2026-11-21 12:00", None),
    ],
)
def test_whose_hour_has_come(reader: Recipient, last: str, now: str, span: tuple[str, str] | None) -> None:
    found = digests.due([reader], {reader.address: at(last)}, at(now), LONG_AGO)
    assert found == ([(reader, (at(span[0]), at(span[1])))] if span else [])


@pytest.mark.parametrize(
    ("since", "now", "span"),
    [
        (None, "2026-11-21 08:00", None),
        ("2026-11-21 07:30", "2026-11-21 08:00", None),
        ("2026-11-20 14:00", "2026-11-21 08:00", ("2026-11-20 14:00", "2026-11-21 07:00")),
        ("2026-11-01 14:00", "2026-11-21 08:00", ("2026-11-01 14:00", "2026-11-21 07:00")),
    ],
)
def test_the_first_digest_begins_where_the_watch_does(
    since: str | None, now: str, span: tuple[str, str] | None
) -> None:
    found = digests.due([UTC_READER], {}, at(now), at(since) if since else None)
    assert [spanned for _, spanned in found] == ([(at(span[0]), at(span[1]))] if span else [])


zones = st.sampled_from(["UTC", "Asia/Hebron", "Asia/Almaty", "America/St_Johns", "Pacific/Kiritimati"])


@given(
    zone=zones,
    period=st.sampled_from(["day", "week"]),
    start=st.datetimes(datetime(2024, 1, 1), datetime(2027, 1, 1)),
    steps=st.lists(st.integers(1, 60 * 60), min_size=1, max_size=40),
)
def test_digests_follow_one_another_without_gap_or_overlap(
    zone: str, period: str, start: datetime, steps: list[int]
) -> None:
    """Whenever somebody looks, and however long nobody did."""
    reader = Recipient(address="a@b", timezone=zone, digest=period)
    now = start.replace(tzinfo=UTC)
    last, since = dict[str, datetime](), now
    for minutes in steps:
        now += timedelta(minutes=minutes)
        for _, (begin, end) in digests.due([reader], last, now, since):
            assert begin == last.get("a@b", since) and begin < end <= now
            assert end.astimezone(ZoneInfo(zone)).hour == 7
            last["a@b"] = end
        assert digests.due([reader], last, now, since) == []
        latest = digests.morning(reader, now)
        assert latest <= now < latest + (8 if period == "week" else 2) * DAY


def span(store: Store, begin: datetime = NOW - DAY, end: datetime = NOW + DAY) -> Period:
    with store.read() as connection:
        return periods.period(connection, begin, end)


def move(store: Store, article_id: int, moment: datetime, **more: object) -> None:
    """Lets an article have come at another moment."""
    with store.write() as connection:
        mine = ARTICLE.c.id == article_id
        values = {"first_seen_at": moment, "document_at": moment} | more
        connection.execute(update(ARTICLE).where(mine).values(values))


def test_what_a_period_brought_is_told_by_where_it_came_from(store: Store) -> None:
    (news,) = born(store, 1, word="news")
    (baseline,) = born(store, 1, word="base")
    (late,) = born(store, 1, OFF, word="rule")
    (older,) = born(store, 1, word="older")
    move(store, older, NOW - 3 * DAY)
    with store.write() as connection:
        body = unlike("adopted").encode()
        article = page(unlike("adopted"), title="", url="")
        adoption = Adoption(name="900_0123456789abcdef.txt", body=body, article=article, verdict=OFF, source=None)
        records.adopt(connection, adoption, NOW)
        verdicts.rejudge(connection, late, 1, ON, NOW + timedelta(hours=1))
        connection.exec_driver_sql(f"DELETE FROM outbox WHERE article_id = {baseline}")
    found = span(store)
    assert {(one.title or one.begins[:8], one.origin) for one in found.documents} == {
        ("Title", NEWS),
        ("Title", BASELINE),
        ("Title", RULE),
        ("adopted0", ADOPTED),
    }
    assert {one.id: one.origin for one in found.documents}[news] == NEWS
    assert [one.id for one in found.earlier] == [older]


def test_later_reports_revisions_and_pages_that_went(store: Store) -> None:
    (known, later, gone) = born(store, 3)
    move(store, known, NOW - 5 * DAY)
    move(store, later, NOW, story=known)
    move(store, gone, NOW - 5 * DAY, gone_at=NOW)
    changed = keep(store, page(FIRST, url="https://a.example/changed")).article_id
    move(store, changed, NOW - 5 * DAY)
    for text in (SECOND, SECOND.replace("слово9 ", "ещё ")):
        revise(store, changed, page(text, url="https://a.example/changed"))
    this = bulletin.bulletin(span(store), UTC_READER)
    assert [(story.beginning.id, [one.id for one in story.reports]) for story in this.later] == [(known, [later])]
    assert this.stories == () and this.news == 1
    assert [(one.document.id, one.version, one.changes) for one in this.revised] == [(changed, 3, 2)]
    assert [one.id for one in this.gone] == [gone]


def test_a_reader_is_told_what_they_asked_for(store: Store) -> None:
    born(store, 2)
    assert bulletin.bulletin(span(store), UTC_READER).news == 2
    for wish in (
        Recipient(address="a@b", languages=("ar",)),
        Recipient(address="a@b", classes=("C",)),
        Recipient(address="a@b", sources=("elsewhere",)),
    ):
        assert bulletin.bulletin(span(store), wish).nothing


def health(**more: object) -> Health:
    known: dict[str, object] = {
        "source": "a",
        "outcome": "ok",
        "error": None,
        "failures": 0,
        "tried_at": NOW,
        "succeeded_at": NOW,
        "brought": 29,
        "first_at": NOW - 28 * DAY,
        "last_at": NOW,
    }
    return Health(**(known | more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("more", "quiet"),
    [
        ({}, False),
        ({"last_at": NOW - 3 * DAY}, False),
        ({"last_at": NOW - 7 * DAY}, True),
        ({"brought": 7, "last_at": NOW - 20 * DAY}, False),
        ({"brought": 300, "last_at": NOW - timedelta(hours=6)}, False),
        ({"brought": 300, "last_at": NOW - timedelta(hours=16)}, True),
        ({"brought": 0, "first_at": None, "last_at": None}, False),
        # All at once, and then nothing: no rhythm is known but that of a day.
        ({"brought": 40, "first_at": NOW - timedelta(hours=3), "last_at": NOW - timedelta(hours=2)}, False),
    ],
)
def test_a_source_is_quiet_by_its_own_rhythm(more: dict[str, object], quiet: bool) -> None:
    assert is_quiet(health(**more), NOW) == quiet


def test_sources_that_fail_are_named_and_those_that_left_the_catalogue_are_not(store: Store) -> None:
    born(store)
    with store.write() as connection:
        for name, failures, tried in (("ok", 0, NOW), ("bad", 3, NOW), ("left", 9, NOW - 30 * DAY)):
            row = {"name": name, "due_at": NOW, "failures": failures, "tried_at": tried, "outcome": "gone"}
            connection.execute(SOURCE.insert().values(row))
    this = bulletin.bulletin(span(store), UTC_READER)
    assert [one.source for one in this.failing] == ["bad"] and this.idle_since is None
    idle = bulletin.bulletin(span(store, NOW + 2 * DAY, NOW + 3 * DAY), UTC_READER)
    assert idle.idle_since == NOW and "is the schedule running?" in parts(letters.digest(ENVELOPE, idle))[0]


def test_the_usual_is_what_the_weeks_before_brought(store: Store) -> None:
    ids = born(store, 9)
    for back, article_id in enumerate(ids[:8]):
        move(store, article_id, NOW - (4 * back + 2) * DAY)
    move(store, ids[8], NOW - timedelta(hours=1))
    usual = bulletin.usual(span(store, NOW - DAY, NOW), UTC_READER)
    assert usual.mean == pytest.approx(7 / 28)
    assert (len(usual.days), usual.now) == (29, 1)
    assert usual.days[-1] == (date(2026, 11, 20), 1) and sum(count for _, count in usual.days) == 8
    young = bulletin.usual(span(store, NOW - 29 * DAY, NOW), UTC_READER)
    assert young.mean is None, "one day of watching makes nothing usual"


def test_an_empty_day_is_told_with_the_reason_why(store: Store) -> None:
    born(store)
    message = sent(letters.digest(ENVELOPE, bulletin.bulletin(span(store, NOW + DAY, NOW + 2 * DAY), UTC_READER)))
    assert message["Subject"] == "Rasid digest: nothing new, Monday 23 November 2026"
    for part in parts(message):
        assert "nothing new on the topic" in part and "a quiet day from a watch that stands still" in part


def test_the_chart_is_in_the_mail_and_says_what_it_shows(store: Store) -> None:
    ids = born(store, 2)
    move(store, ids[0], NOW - 20 * DAY)
    message = sent(letters.digest(ENVELOPE, bulletin.bulletin(span(store), UTC_READER)))
    (picture,) = [part for part in message.walk() if part.get_content_type() == "image/png"]
    assert picture.get_content().startswith(b"\x89PNG") and picture.get_content_disposition() == "inline"
    (image,) = [attrs for tag, attrs in Page(parts(message)[1]).tags if tag == "img"]
    assert image["src"] == f"cid:{picture['Content-ID'].strip('<>')}"
    assert "Documents a day over 30 days: 0, " in (image["alt"] or "")
    assert "Usual in the four weeks before: 0.1." in parts(message)[0]


@settings(max_examples=20)
@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=56), st.none() | st.floats(0, 1e6))
def test_any_counts_make_a_small_picture(counts: list[int], usual: float | None) -> None:
    picture = charts.bars(counts, now=1, usual=usual, begin="01.01.2026", end="28.01.2026")
    assert picture.startswith(b"\x89PNG") and len(picture) < 20_000


def test_a_long_digest_is_cut_and_says_so(store: Store) -> None:
    born(store, letters.LISTED + 5)
    plain, html = parts(letters.digest(ENVELOPE, bulletin.bulletin(span(store), UTC_READER)))
    assert "and 5 more: rasid list" in plain and "and 5 more: rasid list" in html
    assert len(html) < 100_000


def test_digests_are_owed_once(store: Store) -> None:
    born(store)
    now = NOW.replace(hour=7) + DAY
    for _ in range(2):
        with store.write() as connection:
            periods.owe(connection, [UTC_READER, HEBRON, Recipient(address="a@b", mail=AT_ONCE)], digests.due, now)
    with store.read() as connection:
        waiting = deliveries.listing(connection, (deliveries.WAITING,))
        assert [(row.recipient, row.period_from, row.kind) for row in waiting] == [
            (UTC_READER.address, NOW, DIGEST),
            (HEBRON.address, NOW, DIGEST),
        ]


def test_made_by_hand_the_next_one_begins_there(store: Store) -> None:
    born(store)
    with store.write() as connection:
        periods.owe(connection, [UTC_READER], digests.until_now, NOW + timedelta(hours=3))
        last = deliveries.last_digest(connection, UTC_READER)
        assert last == NOW + timedelta(hours=3)
        ((_, following),) = digests.due([UTC_READER], {UTC_READER.address: last}, NOW + DAY, NOW)
        assert following == (last, NOW.replace(hour=7) + DAY)


def whole(this: Bulletin) -> str:
    return parts(letters.digest(ENVELOPE, this))[0]


def test_the_first_digest_says_that_it_is_one(store: Store) -> None:
    born(store)
    assert "this is your first digest" in whole(bulletin.bulletin(span(store, NOW - DAY), UTC_READER))
    assert "this is your first digest" not in whole(bulletin.bulletin(span(store, NOW + timedelta(1)), UTC_READER))


def test_what_servers_and_taggers_say_harms_no_page(store: Store) -> None:
    born(store)
    evil = '<script>alert("1")</script>'
    with store.write() as connection:
        row = {"name": evil, "due_at": NOW, "failures": 3, "tried_at": NOW, "outcome": "broken", "error": evil}
        connection.execute(SOURCE.insert().values(row))
    message = sent(letters.digest(ENVELOPE, bulletin.bulletin(span(store), UTC_READER)))
    plain, html = parts(message)
    assert evil in plain and "&lt;script&gt;" in html
    assert "script" not in {tag for tag, _ in Page(html).tags}
