"""Which reports tell of one event: known answers, and the aims on the labelled set."""

from __future__ import annotations

import re
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles import actors
from articles.stories import NEAR, Report, Signature, apart, bond, signature
from benchmarks import pairs, stories
from storage.database import sqlite_at
from storage.opening import open_store

AT = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)

CALL = {
    "ar": (
        "اتصال هاتفي بين عباس وتوكاييف",
        "أجرى الرئيس محمود عباس اتصالا هاتفيا مع نظيره توكاييف وبحثا الوضع في غزة.",
    ),
    "ru": ("Токаев и Аббас поговорили по телефону", "Токаев побеседовал по телефону с Аббасом о положении в Газе."),
    "kk": ("Тоқаев Аббаспен телефон арқылы сөйлесті", "Тоқаев Махмұд Аббаспен телефон арқылы әңгімелесті."),
    "en": ("Tokayev, Abbas speak by phone", "Tokayev and Mahmoud Abbas discussed Gaza in a telephone call."),
    "tr": ("Tokayev ile Abbas telefonda görüştü", "Tokayev, Mahmud Abbas ile Gazze'yi telefonda ele aldı."),
}


def report(title: str, text: str, language: str = "en", hours: float = 0, precision: str | None = "minute") -> Report:
    return Report(
        signature=signature(title, text, language),
        moment=AT + timedelta(hours=hours),
        precision=precision,
        language=language,
    )


def call(language: str, hours: float = 0) -> Report:
    return report(*CALL[language], language, hours)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("وكازاخستان وبتوكاييف وللأونروا", ["Tokayev", "UNRWA"]),
        ("встретился с Токаевым и Аббасом в Рамалле", ["a meeting", "Tokayev", "Abbas", "Ramallah"]),
        ("Тоқаевтың Алматыдағы кездесуі", ["Tokayev", "Almaty", "a meeting"]),
        ("Erdoğan'ın Riyad'daki konuşması", ["Erdogan", "Saudi Arabia", "a speech"]),
        ("the deputy foreign minister", ["a deputy foreign minister"]),
        ("заместителя министра иностранных дел", ["a deputy foreign minister"]),
        ("Тоқаев пен Көшербаев", ["Tokayev", "Kosherbayev"]),
        ("دبلوماسي من بلد آخر", []),
        ("he told us so in an order of his own", []),
        ("Казахстан выступает за мир", []),
        ("هنا التقينا بعباس عراقجي", []),
        ("رياض المالكي في الرياض", ["Malki", "Saudi Arabia"]),
        ("", []),
    ],
)
def test_actors_are_found_in_their_forms(text: str, named: list[str]) -> None:
    assert [found.actor.name for found in actors.find(actors.split(text)) if found.actor.name] == named


def test_the_list_of_actors_is_sound() -> None:
    data = tomllib.loads((Path(actors.__file__).parent / "actors.toml").read_text("utf-8"))
    names = [name for section in actors.SECTIONS for name in data[section]]
    assert len(names) == len(set(names)), "a name stands in one section alone"
    assert {name.strip() for name in data["common"].split("|")} <= set(names)
    scripts = ("[a-z]", "[\u0400-\u052f]", "[\u0600-\u06ff]")
    for word in " ".join(spelt for section in actors.SECTIONS for spelt in data[section].values()).split():
        assert sum(bool(re.search(script, word)) for script in scripts) <= 1, f"letters of two scripts: {word}"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("the ambassador, Samer Hijazi, said", "en"),
        ("встреча с послом Самером Хиджази прошла", "ru"),
        ("кеше елші Самер Хиджазиді қабылдады", "kk"),
        ("التقى السفير سامر حجازي الوزير", "ar"),
        ("dün büyükelçi Samer Hicazi ile", "tr"),
    ],
)
def test_an_unlisted_name_sounds_the_same_in_every_script(text: str, language: str) -> None:
    heard = actors.unlisted(text, language)
    assert "smr.hjz" in heard or (language == "tr" and "smr.hkz" in heard)


def test_listed_and_common_words_are_no_names() -> None:
    assert actors.unlisted("вчера Касым-Жомарт Токаев и Махмуд Аббас в Астане. Казахстан и Палестина", "ru") == []


@pytest.mark.parametrize("one", CALL)
@pytest.mark.parametrize("other", CALL)
def test_a_call_is_one_story_in_all_languages(one: str, other: str) -> None:
    found = bond(call(one), call(other, hours=11))
    assert found.joined
    assert found.reasons[0].startswith("both name") and "Abbas" in found.reasons[0] and "Tokayev" in found.reasons[0]
    assert found.reasons[1].startswith("both tell of a phone call")
    assert found.reasons[-1] == "11 hours apart"


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_call_with_somebody_else_is_another_story(language: str) -> None:
    other = report("Tokayev, Erdogan speak by phone", "Tokayev and Erdogan discussed Gaza in a telephone call.")
    found = bond(call(language), other)
    assert not found.joined
    assert found.reasons[0] == "not named by both: Abbas and Erdogan"


def test_days_apart_part_stories() -> None:
    near, far = bond(call("ru"), call("ar", hours=71)), bond(call("ru"), call("ar", hours=73))
    assert (near.joined, far.joined) == (True, False)
    assert far.reasons == ("too far apart in time", "3 days apart")


@pytest.mark.parametrize(
    ("first", "second", "hours"),
    [
        ((0.0, "minute"), (5.0, "minute"), 5.0),
        ((5.0, "minute"), (0.0, "minute"), 5.0),
        ((0.0, "day"), (23.0, "minute"), 0.0),
        ((0.0, "day"), (30.0, "minute"), 6.0),
        ((-10.0, "minute"), (0.0, "day"), 10.0),
        ((0.0, None), (2.0, "minute"), 2.0),
    ],
)
def test_a_day_of_no_hour_is_near_to_all_its_hours(
    first: tuple[float, str | None], second: tuple[float, str | None], hours: float
) -> None:
    one, other = (report("", "", hours=at, precision=precision) for at, precision in (first, second))
    assert apart(one, other) == apart(other, one) == timedelta(hours=hours)


def test_an_announcement_joins_its_event_only_when_it_is_at_hand() -> None:
    ahead = report("Abbas to visit Kazakhstan", "Mahmoud Abbas will arrive in Astana for a visit and meet Tokayev.")
    body = ("Abbas visits Kazakhstan", "Mahmoud Abbas arrived in Astana for a visit and met Tokayev.")
    assert ahead.signature.ahead == ("lead",)
    assert bond(ahead, report(*body, hours=20)).joined
    assert not bond(ahead, report(*body, hours=40)).joined


def test_reports_that_tell_next_to_nothing_are_not_joined() -> None:
    for title in ("", "Aid", "A visit", "Tokayev"):
        assert not bond(report(title, ""), report(title, "")).joined


def test_shared_and_other_numbers_count() -> None:
    title, text = "UN General Assembly votes on Gaza resolution", "The text passed with {} votes in favour."
    one, same, other = (report(title, text.format(n)) for n in (151, 151, 158))
    assert bond(one, same).score > bond(one, other).score
    assert "both give the number 151" in bond(one, same).reasons


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1 204 тонны, 38 грузовиков и 6 врачей", ("1204", "38")),
        ("في عام 2026 قتل ١٢٠ شخصا الساعة 14:30", ("120",)),
        ("1.5 million in 1,204,000 lots", ("1204000",)),
        ("9" * 5000, ()),
        ("12/03/2026", ()),
    ],
)
def test_numbers_worth_comparing(text: str, numbers: tuple[str, ...]) -> None:
    assert signature("", text, "ru").numbers == numbers


def test_a_signature_survives_being_kept() -> None:
    found = call("ar").signature
    assert Signature.from_columns(found.columns()) == found
    assert Signature.from_columns({}) == Signature() and Signature().columns() == {}


@given(st.text(max_size=200), st.text(max_size=200), st.sampled_from(["ar", "ru", "kk", "en", "xx"]))
def test_any_text_has_a_signature_and_a_bond(title: str, text: str, language: str) -> None:
    one, other = report(title, text, language), call("en")
    assert bond(one, other).joined == bond(other, one).joined
    assert bond(one, other).score == pytest.approx(bond(other, one).score, abs=0.002)
    assert not bond(one, report(title, text, language, hours=100)).joined
    assert timedelta(hours=100) > NEAR


@pytest.mark.parametrize("half", stories.HALVES)
def test_the_labelled_reports_come_into_their_stories(half: str, tmp_path: Path) -> None:
    judged = stories.told(pairs.load(), half)
    store = open_store(sqlite_at(tmp_path / "rasid.db"), tmp_path / "upgrade.lock")
    settled = stories.in_one(stories.settled(store, judged))
    store.close()
    for way in (settled, stories.bonded(judged), stories.bonded(stories.longer(judged))):
        one, different = stories.share(judged, "story", way), stories.share(judged, "different", way)
        assert min(one.pairs, different.pairs) > 40
        assert one.value >= 0.85
        assert different.value <= 0.03
