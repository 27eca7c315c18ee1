"""topic.toml: what a cue finds, a new spelling's effect, and every fault told at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles import topic as topics
from articles.cues import SIDES
from articles.finding import find, split
from articles.text import matching_copy

ROOT = Path(__file__).parent.parent
TOPIC = topics.load((ROOT / "topic.toml").read_text("utf-8"), file="topic.toml")
TOML = ["[palestine.ar]", "weak = [", '"*"', '"a-"', "]", "=", "\n", "[[elsewhere]]", "1" * 5000]


def sides(text: str, language: str) -> list[str]:
    """The sides that a sentence names, in its order."""
    words, folded = split(matching_copy(text))
    hits = {hit.start: hit.cue.role for hit in find(TOPIC, words, folded, language) if hit.cue.role in SIDES}
    return [role[0].upper() for role in hits.values()]


FOUND = [
    ("ar", "الفلسطينية-الكازاخستانية", "PK"),
    ("ar", "ولكازاخستان وبالكازاخستانيين", "KK"),
    ("ar", "للفلسطينيين", "P"),
    ("ar", "كَازاخِسْتان و فلسطـــين", "KP"),
    ("ar", "كا زاخستان", "K"),
    ("ar", "غزا الجراد بغزارة", ""),
    ("ar", "القدس العربي", ""),
    ("ar", "الآستانة", ""),
    ("ru", "казахско-палестинские", "KP"),
    ("ru", "ПАЛЕСТИНЕ И КАЗАХСТАНУ", "PK"),
    ("ru", "палес\u00adтинскими", "P"),
    ("ru", "в секторе Газа", "P"),
    ("ru", "СЕКТОР ГАЗА", "P"),
    ("ru", "цена газа и газу", ""),
    ("ru", "Газа мало", ""),
    ("ru", "казаки", ""),
    ("kk", "Палестинаның қазақстандықтарға", "PK"),
    ("kk", "газға газдың", ""),
    ("kk", "Газаға", "P"),
    ("kk", "Palestınanyń Qazaqstanǵa", "PK"),
    ("kk", "Qazaqstannyñ palestinalyq", "KP"),
    ("kk", "پالەستينانىڭ قازاقستانعا", "PK"),
    ("en", "KAZAKHSTAN'S Palestinian", "KP"),
    ("en", "Jerusalem Post", ""),
    ("tr", "Kazakistan’ın Filistin'e Filistinlilere", "KPP"),
    ("fr", "palestino-kazakhes", "PK"),
    ("fa", "فلسطینی\u200cها قزاقستان", "PK"),
    ("he", "ולפלסטינים שבקזחסטן", "PK"),
    ("zh", "哈萨克斯坦外长与巴勒斯坦大使", "KP"),
    ("zh", "巴基斯坦哈萨克族", ""),
]


@pytest.mark.parametrize(("language", "text", "named"), FOUND)
def test_what_names_a_side(language: str, text: str, named: str) -> None:
    assert "".join(sides(text, language)) == named


def test_a_cut_word_counts_as_a_weak_one() -> None:
    words, folded = split(matching_copy("سفارة كا زاخستان"))
    [hit] = [hit for hit in find(TOPIC, words, folded, "ar") if hit.cue.role == "kazakhstan"]
    assert (hit.cue.strength, folded[hit.start : hit.end]) == ("weak", ["كا", "زاخستان"])


MINIMAL = '[palestine.en]\nstrong = ["palestine"]\n[kazakhstan.en]\nstrong = ["kazakhstan"]\n'


def test_a_new_spelling_takes_effect() -> None:
    text = "Palestine greets Qazaqland."
    before = topics.load(MINIMAL, file="t")
    after = topics.load(MINIMAL.replace('"kazakhstan"', '"kazakhstan | qazaqland"'), file="t")
    assert not topics.judge(before, title=None, text=text, language="en").on_topic
    assert topics.judge(after, title=None, text=text, language="en").on_topic


FAULTY = [
    ("[palestine", "no readable TOML"),
    ("palestina = 1", "palestina: unknown key; did you mean palestine?"),
    ("[palestine.xx]", "palestine: xx: unknown key"),
    ('[palestine.ar]\nstrng = ["a"]', "palestine.ar: strng: unknown key; did you mean strong?"),
    ('[palestine.ar]\nweak = "a"', 'palestine.ar: weak: "a" is no list'),
    ("[palestine.ar]\nweak = [1]", "palestine.ar: weak: 1 in the list is no text"),
    ('[palestine.ar]\nweak = [""]', 'palestine.ar: weak: "" is no cue'),
    ('[palestine.ar]\nweak = ["a ||"]', 'palestine.ar: weak: "a ||" is no cue'),
    ('[palestine.ar]\nweak = ["*"]', 'palestine.ar: weak: "*" is no cue'),
    ('[palestine.ar]\nweak = ["a- b-c -"]', 'weak: "a- b-c -" is no cue'),
    ("palestine = 3", "palestine: 3 is no table"),
    ("[weights]\nlead = true", "weights: lead: True is no number"),
    ("[weights]\nlead = -1", "weights: lead: -1 is out of range"),
    ("[weights]\nlead = nan", "weights: lead: nan is out of range"),
    ("[thresholds]\nacept = 1", "thresholds: acept: unknown key; did you mean accept?"),
    ("", "palestine: no strong cue in any language"),
    ('[[elsewhere]]\nside = "israel"\nlanguage = "en"\nwords = ["a"]', 'elsewhere #1: side: "israel"'),
    ('[[elsewhere]]\nside = "palestine"\nlanguage = "en"\nwords = ["a"]', "elsewhere #1: with: no word"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "fault"), FAULTY)
def test_faults(text: str, fault: str) -> None:
    with pytest.raises(topics.Faults) as raised:
        topics.load(text, file="topic.toml")
    assert any(line.startswith("topic.toml: ") and fault in line for line in raised.value.faults)


def test_all_faults_at_once() -> None:
    with pytest.raises(topics.Faults) as raised:
        topics.load('x = 1\n[weights]\nlead = "a"\n[palestine.ar]\nweak = [""]', file="topic.toml")
    assert len(raised.value.faults) == 3


@settings(deadline=None)
@given(st.text() | st.lists(st.sampled_from(TOML)).map("".join))
def test_any_file_is_read_or_refused(text: str) -> None:
    try:
        topics.load(text, file="t")
    except topics.Faults as faults:
        assert faults.faults and all(len(line.splitlines()) == 1 for line in faults.faults)
