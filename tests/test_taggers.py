"""taggers.toml: what it may say, and every fault in one line with its mend."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles import spans, taggers
from articles.faults import Faults
from articles.taggers import Command, Endpoint, Tagger
from flows import settings
from flows import taggers as configured

PROMPTS = {"prompt.txt": "Stance of {title}?\n{text}", "bare.txt": "Stance?", "odd.txt": "{text} {titel} {stance}"}
ENDPOINT = 'url = "https://m.example/v1/"\nmodel = "m"\nprompt = "prompt.txt"\nschema = ["a", "b"]\n'


def read(name: str) -> str:
    if name == "bytes.txt":
        raise UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte")
    if name not in PROMPTS:
        raise FileNotFoundError(2, "No such file or directory")
    return PROMPTS[name]


def load(text: str) -> tuple[Tagger, ...]:
    return taggers.load(text, file="taggers.toml", read=read)


def test_a_command_and_an_endpoint() -> None:
    command, endpoint = load(
        '[[tagger]]\nname = "rules"\nversion = "2"\ncommand = ["python", "rules.py"]\nbatch = 5\nlease = "1h"\n'
        f'timeout = "90s"\n[[tagger]]\nname = "llm"\n{ENDPOINT}budget = 7\nretries = 0\nrequests_a_minute = 9\n'
    )
    assert command == Tagger(
        name="rules",
        version="2",
        batch=5,
        lease=timedelta(hours=1),
        timeout=timedelta(seconds=90),
        way=Command(words=("python", "rules.py")),
    )
    assert endpoint == Tagger(
        name="llm",
        timeout=timedelta(minutes=1),
        way=Endpoint(
            url="https://m.example/v1",
            model="m",
            prompt=PROMPTS["prompt.txt"],
            stances=("a", "b"),
            requests_a_minute=9,
            budget=7,
            retries=0,
        ),
    )


def test_no_tagger_is_no_fault() -> None:
    assert load("") == ()


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:8080/v1", "http://[::1]/v1", "http://localhost/v1", 'http://10.0.0.1/v1"\nallow_http = true #'],
)
def test_where_texts_may_go_unencrypted(url: str) -> None:
    assert len(load(f'[[tagger]]\nname = "x"\n{ENDPOINT.replace("https://m.example/v1/", url)}')) == 1


@pytest.mark.parametrize(
    ("block", "fault"),
    [
        ('command = ["x"]', "tagger #1: name: missing"),
        ('name = " a"\ncommand = ["x"]', "name: "),
        ('name = "a\\u202eb"\ncommand = ["x"]', "name: "),
        ('name = "x"', "command, url: neither is given"),
        (f'name = "x"\ncommand = ["x"]\n{ENDPOINT}', "command, url: both are given"),
        ('name = "x"\ncommand = []', "command: names no program"),
        ('name = "x"\ncommand = "python x.py"', 'command: "python x.py" is no list'),
        ('name = "x"\ncommand = ["x"]\nmodel = "m"', "model: unknown key"),
        ('name = "x"\ncommand = ["x"]\nbach = 3', "bach: unknown key; did you mean batch?"),
        ('name = "x"\ncommand = ["x"]\nbatch = 0', "batch: 0 is out of range"),
        ('name = "x"\ncommand = ["x"]\nbatch = 2.5', "batch: 2.5 is no whole number"),
        ('name = "x"\ncommand = ["x"]\nlease = "soon"', 'lease: "soon" is no span of time'),
        ('name = "x"\ncommand = ["x"]\nlease = 15', "lease: 15 is no span of time"),
        ('name = "x"\ncommand = ["x"]\nlease = "2d"', 'lease: "2d" is no span of time'),
        ('name = "x"\ncommand = ["x"]\nlease = "1m"', 'lease: ends before the timeout does; write lease = "5m"'),
        (f'name = "x"\n{ENDPOINT}'.replace("https://", "http://"), "url: "),
        (f'name = "x"\n{ENDPOINT}'.replace("https://", "http://127.1/"), None),
        (f'name = "x"\n{ENDPOINT}'.replace("https://", "https://u:secret@"), "url: holds a user"),
        (f'name = "x"\n{ENDPOINT}'.replace("/v1/", "/v1?key=secret"), "url: holds a user, a query"),
        (f'name = "x"\n{ENDPOINT}'.replace("https", "ftp"), "url: "),
        (f'name = "x"\n{ENDPOINT}'.replace('model = "m"\n', ""), "model: missing"),
        (f'name = "x"\n{ENDPOINT}'.replace("prompt.txt", "none.txt"), 'prompt: "none.txt" can\'t be read (No such'),
        (f'name = "x"\n{ENDPOINT}'.replace("prompt.txt", "bytes.txt"), "can't be read (it is no UTF-8 text)"),
        (f'name = "x"\n{ENDPOINT}'.replace("prompt.txt", "bare.txt"), '"bare.txt" does not hold {text}'),
        (f'name = "x"\n{ENDPOINT}'.replace('["a", "b"]', "[]"), "schema: no stance is allowed"),
        (f'name = "x"\n{ENDPOINT}'.replace('["a", "b"]', '["a", "a"]'), "schema: a label stands twice"),
        (f'name = "x"\n{ENDPOINT}'.replace('["a", "b"]', '["a", " "]'), 'schema: "" is no label'),
        (f'name = "x"\n{ENDPOINT}budget = 0', "budget: 0 is out of range"),
        (f'name = "x"\n{ENDPOINT}allow_http = "yes"', "allow_http: "),
        ('name = "x"\ncommand = ["x"]\n[[tagger]]\nname = "x"\ncommand = ["y"]', 'tagger: "x" stands twice'),
    ],
)
def test_faults(block: str, fault: str | None) -> None:
    with pytest.raises(Faults) as raised:
        load(f"[[tagger]]\n{block}")
    (line,) = raised.value.faults
    assert line.startswith("taggers.toml: ") and "; " in line and (fault or "") in line and "secret" not in line


def test_all_faults_at_once() -> None:
    with pytest.raises(Faults) as raised:
        load(f'[[tagger]]\nname = "x"\n{ENDPOINT.replace("prompt.txt", "odd.txt")}retries = 99\nlease = "x"\n[[tager]]')
    told = "\n".join(raised.value.faults)
    for words in ("{titel}; did you mean {title}?", "{stance}", "retries", "lease", "tager"):
        assert words in told
    assert len(raised.value.faults) == 5


@given(st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=99)))
def test_spans_are_read_as_they_are_written(span: timedelta) -> None:
    whole = timedelta(seconds=int(span.total_seconds()))
    assert spans.read(spans.written(whole)) == whole


def test_the_file_and_its_prompts_are_read_from_where_it_stands(tmp_path: Path) -> None:
    known = settings.load({"RASID_HOME": str(tmp_path)})
    (tmp_path / "prompt.txt").write_text("\ufeff{text}", "utf-8")
    (tmp_path / "t.toml").write_text(f'[[tagger]]\nname = "x"\n{ENDPOINT}')
    known = settings.load({"RASID_TAGGERS": str(tmp_path / "t.toml")})
    (tagger,) = configured.configured(known)
    assert isinstance(tagger.way, Endpoint) and tagger.way.prompt == "{text}"
    with pytest.raises(Faults, match=r"--tagger y: no such tagger in t[.]toml; known are x"):
        configured.configured(known, ["y"])
    (tmp_path / "t.toml").write_bytes(b"\xff")
    with pytest.raises(Faults, match="can't be read"):
        configured.configured(known)
