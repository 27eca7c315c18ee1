"""`rasid match`: one line out for a line in, whatever stands in it; and why, in words."""

from __future__ import annotations

import io
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from articles.faults import Faults
from flows import matching, settings

SMALL = """
[palestine.ru]
strong = ["палестин*"]
[palestine.zh]
strong = ["巴勒斯坦"]
[kazakhstan.ru]
strong = ["казахстан*"]
[kazakhstan.zh]
strong = ["哈萨克斯坦"]
[signs.ru]
deeds = ["помощ-"]
[signs.zh]
offices = ["大使"]
"""
ABOUT = "Казахстан направил помощь Палестине."


def read_as_json(tmp_path: Path, body: bytes) -> int:
    """The exit code for a file of JSON lines, by a small topic that is loaded at once."""
    (tmp_path / "in").write_bytes(body)
    (tmp_path / "topic.toml").write_text(SMALL, "utf-8")
    known = settings.load({"RASID_TOPIC": str(tmp_path / "topic.toml")})
    return matching.match(known, tmp_path / "in", as_json=True)


def lines(tmp_path: Path, capsys: pytest.CaptureFixture[str], body: bytes) -> list[Any]:
    """The answers to a file of JSON lines."""
    assert read_as_json(tmp_path, body) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def as_line(**item: object) -> bytes:
    return json.dumps(item, ensure_ascii=False).encode() + b"\n"


ODD = [
    (as_line(id=7, text=ABOUT), (7, True)),
    (as_line(id=1.5, text=ABOUT, title=None, language=None), (1.5, True)),
    (as_line(id=[1], text=ABOUT, language="ru-KZ"), ([1], True)),
    (as_line(id={"a": 1}, text=ABOUT, language="und"), ({"a": 1}, True)),
    (as_line(text=ABOUT, language=""), (None, True)),
    (as_line(id="", text=ABOUT, language="xx"), ("", True)),
    (as_line(id=1, text=None, title=ABOUT), (1, True)),
    (as_line(id=1, text="哈萨克斯坦总统会见巴勒斯坦大使。", language="zh-Hans"), (1, True)),
    (as_line(id=1, text=f"Погода.\u2028{ABOUT}\x85\x0b"), (1, True)),
    (as_line(id=1), (1, False)),
    (b"\xef\xbb\xbf" + as_line(id=1, text=ABOUT), (1, True)),
    (as_line(id=1, text=ABOUT).replace(b"\n", b"\r\n"), (1, True)),
    (as_line(id=1, text=ABOUT).rstrip(), (1, True)),
    (b'{"id": "\\ud83d", "text": "\\udc00 \\u0000"}\n', ("\ud83d", False)),
    (as_line(id=1, text=ABOUT + " слово" * 50_000), (1, True)),
]


@pytest.mark.parametrize(("body", "expected"), ODD)
def test_odd_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str], body: bytes, expected: object) -> None:
    [answer] = lines(tmp_path, capsys, body)
    assert (answer["id"], answer["on_topic"]) == expected
    assert list(answer) == ["id", "on_topic", "class", "review", "score", "evidence", "reasons"]


def test_answers_keep_the_order_and_skip_blank_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    body = b"\n".join(as_line(id=number, text=ABOUT) for number in range(5))
    assert [answer["id"] for answer in lines(tmp_path, capsys, body + b" \n\r\n")] == [0, 1, 2, 3, 4]


NO_ITEMS = [
    b"[]",
    b"1",
    b'"x"',
    b"null",
    b"{",
    b'{"id": NaN}',
    b"[" * 100_000,
    b'{"id": ' + b"1" * 5000 + b"}",
    b"\xff",
]


@pytest.mark.parametrize("line", NO_ITEMS, ids=lambda line: line[:12].decode("latin-1"))
def test_a_line_that_is_no_object_is_named(tmp_path: Path, line: bytes) -> None:
    with pytest.raises(Faults, match="line 2: is no JSON object"):
        read_as_json(tmp_path, as_line(id=1) + line + b"\n")


@pytest.mark.parametrize("key", ["title", "text", "language"])
def test_a_field_that_is_no_text_is_named(tmp_path: Path, key: str) -> None:
    with pytest.raises(Faults, match=f"line 1: {key}: is no text"):
        read_as_json(tmp_path, as_line(**{key: 3}))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Faults, match="can't be read"):
        matching.match(settings.load({}), tmp_path / "none", as_json=False)
    with pytest.raises(Faults, match="can't be read"):
        matching.match(settings.load({}), tmp_path, as_json=True)


def test_lines_are_answered_as_they_come(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    class Slow(io.BytesIO):
        def __next__(self) -> bytes:
            line = super().__next__()
            answered.append(len(capsys.readouterr().out.splitlines()))
            return line

    answered: list[int] = []
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=Slow(as_line(id=1) * 3)))
    assert matching.match(settings.load({}), None, as_json=True) == 0
    assert answered == [0, 1, 1]


WHY = [
    (ABOUT, "on topic: class A", "an act of one side for the other"),
    ("Астана помогла Палестине: встреча прошла.", "on topic: class A", "named by a weak word alone (астана)"),
    ("Казахстан собрал урожай.", "not on topic: class D", "Palestine is not named."),
    ("Погода ясная.", "not on topic: class D", "Palestine and Kazakhstan are not named."),
    ("Участвуют Иран, Казахстан, Палестина, Катар.", "not on topic: class D", "only in a list or table of states"),
    ("Биржа выросла.\nНапомним, Казахстан поддержал Палестину.", "not on topic: class D", "told before"),
    ("Эрдоган и Токаев обсудили в Казахстане ситуацию в Газе.", "not on topic: class D", "with a third state"),
    ("В Казахстане говорили о Сирии: Астана. Делегации вспомнили Палестину.", "not on topic: class D", "another place"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "head", "reason"), WHY)
def test_a_person_is_told_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, head: str, reason: str
) -> None:
    (tmp_path / "in").write_text(text, "utf-8")
    assert matching.match(settings.load({}), tmp_path / "in", as_json=False) == 0
    out = capsys.readouterr().out
    assert out.startswith(head) and reason in out


@hypothesis_settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=60) | st.text(max_size=40).map(lambda text: as_line(id=text, text=text, title=text)))
def test_any_bytes_are_answered_or_refused(tmp_path: Path, body: bytes) -> None:
    try:
        assert read_as_json(tmp_path, body) == 0
    except Faults as faults:
        assert len(faults.faults) == 1
