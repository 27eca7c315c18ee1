"""Tags as JSON lines: each bad line told by its number, the good ones kept; and the commands around them."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from articles.faults import Faults
from flows import tagging
from storage.tags import Tag
from tests.worlds import World

HASH = "0123456789abcdef"


@pytest.mark.parametrize(
    ("said", "tag"),
    [
        ({"stance": "neutral"}, Tag(id=7, content_hash=HASH, stance="neutral")),
        (
            {
                "stance": " محايد\n",
                "confidence": 1,
                "target": "kazakhstan",
                "rationale": "a\u202eb",
                "tagger_version": "2",
            },
            Tag(
                id=7,
                content_hash=HASH,
                stance="محايد",
                confidence=1,
                target="kazakhstan",
                rationale="ab",
                tagger_version="2",
            ),
        ),
        ({"stance": "x", "unknown": [1]}, Tag(id=7, content_hash=HASH, stance="x")),
        ({"stance": "x", "tagger_version": None}, Tag(id=7, content_hash=HASH, stance="x")),
    ],
)
def test_what_is_understood(said: dict[str, object], tag: Tag) -> None:
    assert tagging.read_tag(json.dumps({"id": 7, "content_hash": HASH, **said})) == tag


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("nonsense", "is no JSON"),
        ("[" * 100_000, "is no JSON"),
        ("[]", "is no JSON object"),
        ('{"id": "7"}', "id: "),
        ('{"id": true}', "id: "),
        ('{"id": 99999999999}', "id: "),
        ('{"id": 7, "content_hash": "XYZ"}', "content_hash: "),
        (f'{{"id": 7, "content_hash": "{HASH}"}}', "stance: "),
        (f'{{"id": 7, "content_hash": "{HASH}", "stance": " "}}', "stance: "),
        (f'{{"id": 7, "content_hash": "{HASH}", "stance": "x", "confidence": NaN}}', "confidence: "),
        (f'{{"id": 7, "content_hash": "{HASH}", "stance": "x", "confidence": "high"}}', "confidence: "),
        (f'{{"id": 7, "content_hash": "{HASH}", "stance": "x", "target": 1}}', "target: "),
    ],
)
def test_what_is_left_out_says_why(line: str, fault: str) -> None:
    said = tagging.read_tag(line)
    assert isinstance(said, str) and said.startswith(fault)


@pytest.mark.parametrize(("span", "seconds"), [("1s", 1), ("15m", 900), ("2h", 7200), ("1d", 86400)])
def test_leases(span: str, seconds: int) -> None:
    assert tagging.lease(span) == timedelta(seconds=seconds)


@pytest.mark.parametrize("span", ["", "15", "0s", "m", "1w", "-1s", "999999999d"])
def test_what_is_no_lease(span: str) -> None:
    with pytest.raises(Faults, match="--lease"):
        tagging.lease(span)


def test_the_commands_from_queue_to_status(there: World, tmp_path: Path) -> None:
    there.rasid("corpus", "adopt")
    tasks = [json.loads(line) for line in there.rasid("tags", "next", "--tagger", "t", "--lease", "1h").splitlines()]
    assert len(tasks) == 5 and {task["reason"] for task in tasks} == {"new"}
    assert all(task["text"] and task["name"] and task["language"] == "ar" for task in tasks)
    assert there.rasid("tags", "next", "--tagger", "t") == ""
    assert "2 documents given back" in there.rasid("tags", "release", "--tagger", "t", "1", "2")
    lines = [json.dumps({"id": task["id"], "content_hash": task["content_hash"], "stance": "x"}) for task in tasks[:4]]
    (tmp_path / "tags.jsonl").write_text("\n".join([*lines[:2], "bad", "", *lines[2:]]))
    said = json.loads(there.rasid("tags", "submit", "--tagger", "t", str(tmp_path / "tags.jsonl"), "--json"))
    assert said == {"kept": 4, "superseded": 0, "bad": 1}
    (status,) = (json.loads(line) for line in there.rasid("tags", "status", "--json").splitlines())
    assert (status["tagged"], status["waiting"], status["claimed"]) == (4, 1, 1)
    (tmp_path / "bad.jsonl").write_text("bad\n")
    there.rasid("tags", "submit", "--tagger", "t", str(tmp_path / "bad.jsonl"), code=1)
    there.rasid("tags", "submit", "--tagger", "t", str(tmp_path / "nowhere"), code=2)
    there.rasid("tags", "next", "--tagger", "t", "--lease", "soon", code=2)
