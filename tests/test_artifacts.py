"""What the dashboard is shown: rows of sources, new documents in their own direction, what waits. No Prefect."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from html.parser import HTMLParser

import pytest

from articles.model import Evidence, Outcome, Stamp
from flows import artifacts, health
from flows.alerts import Sending
from flows.artifacts import Waiting
from flows.report import Report, SourceReport
from storage.periods import NEWS, Document, Health
from storage.tags import Status
from tests.conftest import NOW

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)

ARABIC = Document(
    id=7,
    name="005_0123456789abcdef.txt",
    title="سفير فلسطين يلتقي وزير خارجية كازاخستان",
    begins="التقى السفير",
    language="ar",
    url="https://waha.example/a?b=1&c=2",
    source="waha",
    sources=frozenset({"waha"}),
    kind="A",
    review=False,
    evidence=(Evidence(side="palestine", term="فلسطين", where="text", sentence="التقى سفير فلسطين وزير كازاخستان."),),
    published=Stamp(at=NOW, precision="minute", evidence=""),
    became_at=NOW,
    story=7,
    origin=NEWS,
)


def report(*found: SourceReport) -> Report:
    return Report(
        run_id="r",
        started_at=NOW,
        seconds=3.21,
        sources=found,
        documents=5,
        adopted=0,
        added=(),
        sending=Sending(),
    )


def known(source: str, **more: object) -> Health:
    """A source that is sound, unless said otherwise."""
    sound: dict[str, object] = {
        "source": source,
        "outcome": "ok",
        "error": None,
        "failures": 0,
        "tried_at": NOW,
        "succeeded_at": NOW,
        "brought": 29,
        "first_at": NOW - 28 * DAY,
        "last_at": NOW,
        "due_at": NOW + HOUR,
    }
    return Health(**(sound | more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("more", "state"),
    [
        ({}, health.SOUND),
        ({"tried_at": None, "succeeded_at": None}, health.UNREAD),
        ({"failures": 1}, health.FAILING),
        ({"failures": 3}, health.BROKEN),
        ({"last_at": NOW - 7 * DAY}, health.SILENT),
        ({"last_at": NOW - 7 * DAY, "failures": 1}, health.FAILING),
        # Not read since it last brought something: that is no silence of its own.
        ({"last_at": NOW - 7 * DAY, "succeeded_at": NOW - 7 * DAY}, health.SOUND),
    ],
)
def test_the_state_of_a_source(more: dict[str, object], state: str) -> None:
    assert health.state(known("waha", **more)) == state


SILENT = {"last_at": NOW - 7 * DAY}


@pytest.mark.parametrize(
    ("before", "after", "turn"),
    [
        ({}, {}, None),
        ({"failures": 1}, {"failures": 2}, None),
        ({"failures": 2}, {"failures": 3}, health.BROKEN),
        ({"failures": 3}, {"failures": 4}, None),
        ({"failures": 7}, {}, health.SOUND),
        ({"failures": 2}, {}, None),
        ({"last_at": NOW - 7 * DAY, "succeeded_at": NOW - 6 * DAY}, SILENT, health.SILENT),
        (SILENT, SILENT, None),
        (SILENT, SILENT | {"failures": 1}, None),
        (SILENT | {"failures": 1}, SILENT, None),
        (SILENT, {}, health.SOUND),
        (SILENT | {"failures": 3}, SILENT, None),
        # Four weeks of silence later its rhythm is no longer known: it has not come back for that.
        (SILENT, {"brought": 0, "first_at": None, "last_at": None}, None),
    ],
)
def test_a_source_is_told_of_when_its_state_changes(
    before: dict[str, object], after: dict[str, object], turn: str | None
) -> None:
    turns = list(health.turns([known("waha", **before)], [known("waha", **after)]))
    assert [one.state for one in turns] == ([turn] if turn else [])


def test_a_source_that_was_not_there_before_has_not_turned() -> None:
    assert not list(health.turns([], [known("waha", failures=9)]))


def test_a_pass_is_a_table_of_sources() -> None:
    visited = SourceReport(name="waha", outcome=Outcome.OK, discovered=9, new=2, duplicates=1, on_topic=1, seconds=1.26)
    broken = SourceReport(name="nida", outcome=Outcome.GONE, error="It answered\n410.", seconds=0.4)
    idle, ailing = (SourceReport(name=name, outcome=Outcome.NOT_DUE) for name in ("qala", "dala"))
    rows = artifacts.sources(report(visited, idle, ailing, broken), [known("waha"), known("dala", failures=5)])
    assert [row["source"] for row in rows] == ["waha", "nida", "dala", "qala"], "visited ones, then ailing ones"
    assert rows[0] == {
        "source": "waha",
        "outcome": "ok",
        "found": 9,
        "new": 2,
        "same": 1,
        "on topic": 1,
        "failed": 0,
        "seconds": "1.3",
        "health": "sound",
        "last read": "21.11. 12:00",
        "next due": "21.11. 13:00",
        "why": "",
    }
    assert (rows[1]["why"], rows[1]["health"]) == ("It answered 410.", "not read yet")
    assert (rows[2]["health"], rows[2]["seconds"]) == ("broken", "")
    assert artifacts.told(report(visited, idle)).startswith("1 source of 2 visited in 3.2 s: 2 new articles, 1 on top")


def test_a_table_is_bounded() -> None:
    many = [SourceReport(name=f"s{n}", outcome=Outcome.NOT_DUE) for n in range(1000)]
    assert len(artifacts.sources(report(*many), ())) == artifacts.ROWS


class Tags(HTMLParser):
    """Every tag of a page with its attributes, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags, self.text = list[tuple[str, dict[str, str | None]]](), ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_new_document_is_told_in_its_own_direction() -> None:
    page = Tags(artifacts.news([ARABIC], {"waha": "وكالة واحة"}))
    assert page.tags[0] == ("div", {"dir": "rtl", "lang": "ar"})
    (link,) = [attributes["href"] for tag, attributes in page.tags if tag == "a"]
    assert link == ARABIC.url
    isolated = re.findall(r'<bdi dir="ltr">(.*?)</bdi>', artifacts.news([ARABIC], {"waha": "وكالة واحة"}))
    assert isolated == ["21 Nov 2026, 12:00 (UTC) · class A", ARABIC.name], "else it is turned about"
    for said in (ARABIC.title or "", "وكالة واحة", "class A", "21 Nov 2026, 12:00", ARABIC.evidence[0].sentence):
        assert said in page.text
    assert "1 new document" in page.text and str(ARABIC.name) in page.text


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        '" onmouseover="alert(1)',
        "</div><img src=x onerror=alert(1)>",
        "two\n\n# lines",
        "[a](javascript:alert(1))",
        "\u202eabc\x00\x07",
    ],
)
def test_strangers_words_stay_words(hostile: str) -> None:
    plain = replace(ARABIC, title="Plain", begins="", evidence=())
    quoted = replace(ARABIC.evidence[0], sentence=hostile, term=hostile)
    told = replace(plain, title=hostile, begins=hostile, evidence=(quoted,), url="https://x.example/", kind="A")
    page, ours = Tags(artifacts.news([told], {"waha": hostile})), Tags(artifacts.news([told], {}))
    shapes = [(tag, set(attributes)) for tag, attributes in page.tags]
    assert shapes == [(tag, set(attributes)) for tag, attributes in ours.tags]
    assert {tag for tag, _ in shapes} <= {"div", "strong", "a", "bdi", "br", "em", "code"}
    assert not re.search("[\u202e\x00\x07]", page.text)
    (block,) = [part for part in artifacts.news([told], {"waha": hostile}).split("\n\n") if part.startswith("<div")]
    assert "\n" not in block and block.endswith("</div>")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://x.example/ onload=1", 'https://x.example/"', None])
def test_only_web_addresses_become_links(url: str | None) -> None:
    assert "a" not in [tag for tag, _ in Tags(artifacts.news([replace(ARABIC, url=url)], {})).tags]


def test_a_flood_of_documents_is_cut_and_says_so() -> None:
    said = artifacts.news([ARABIC] * 60, {})
    assert said.count("<div") == artifacts.LISTED and "10 more" in said


def waiting(since: datetime | None) -> list[artifacts.Row]:
    status = Status(
        tagger="rules",
        documents=9,
        tagged=4,
        waiting=5,
        claimed=0,
        oldest_waiting_since=since,
        p50_seconds=600.0,
        p95_seconds=None,
    )
    this = Waiting(mails=2, mails_since=NOW - 3 * HOUR, note="No server.", taggers=(status,), longest=DAY)
    return artifacts.waiting(this, NOW)


def test_what_waits_is_told_with_its_age() -> None:
    mail, rules = waiting(NOW - 30 * HOUR)
    assert (mail["for"], mail["waiting"], mail["oldest"], mail["why"]) == ("mail", 2, "3 hours", "No server.")
    assert (rules["for"], rules["waiting"], rules["oldest"], rules["late"]) == ("tagger rules", 5, "30 hours", "yes")
    assert rules["usual delay"] == "10 minutes"
    _, current = waiting(None)
    assert (current["oldest"], current["late"]) == ("", "")
