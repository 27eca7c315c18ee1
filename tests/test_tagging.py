"""Tags as JSON lines: each bad line told by its number, the good ones kept; and the commands around them."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from dataclasses import fields
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from articles import taggers
from articles.faults import Faults
from articles.taggers import Endpoint, Tagger
from flows import tagger_prompt, tagging
from storage.database import Store
from storage.tags import Tag, Task
from tests.worlds import RASID, ROOT, World

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
        (f'{{"id": 7, "content_hash": "{HASH}", "stance": "x", "confidence": 1{"0" * 400}}}', "confidence: "),
        (f'{{"id": 7, "content_hash": "{HASH}", "stance": "x", "target": 1}}', "target: "),
        (f'{{"id": 7, "content_hash": "{HASH}", "stance": "\\u202e"}}', "stance: "),
        (f'{{"id": 7, "content_hash": "{HASH}", "stance": "x", "tagger_version": "{"v" * 201}"}}', "tagger_version: "),
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


DOCUMENT = (ROOT / "docs" / "tagging.md").read_text("utf-8")


def blocks(kind: str) -> list[str]:
    """The document's blocks of code of a kind."""
    return re.findall(rf"^```{kind}\n(.*?)^```", DOCUMENT, re.MULTILINE | re.DOTALL)


def statuses(there: World) -> dict[str, tuple[int, int]]:
    found = [json.loads(line) for line in there.rasid("tags", "status", "--json").splitlines()]
    return {status["tagger"]: (status["tagged"], status["waiting"]) for status in found}


def test_the_documents_taggers_work_as_they_stand(there: World) -> None:
    """The ten lines by the document's pipe, by its table in taggers.toml, and those in the same process."""
    by_pipe, in_process = blocks("python")
    (pipe, _export), (table, _endpoint) = blocks("sh"), blocks("toml")
    (there.folder / "stance.py").write_text(by_pipe)
    there.rasid("corpus", "adopt")
    words = {"rasid": shlex.join(RASID), "python": shlex.quote(sys.executable)}
    line = re.sub(r"\b(rasid|python)\b(?= )", lambda word: words[word[0]], pipe)
    subprocess.run(line, shell=True, env=there.environment, cwd=there.folder, check=True, timeout=60)
    assert statuses(there) == {"stance": (5, 0)}
    (there.folder / ".venv" / "bin").mkdir(parents=True)
    (there.folder / ".venv" / "bin" / "python").symlink_to(sys.executable)
    (there.folder / "taggers.toml").write_text(table)
    ran = json.loads(there.rasid("tags", "run", "--json", RASID_TAGGERS=str(there.folder / "taggers.toml")))
    assert (ran["version"], ran["asked"], ran["tagged"], ran["faults"]) == ("1", 5, 5, [])
    subprocess.run([sys.executable, "-c", in_process], env=there.environment, cwd=there.folder, check=True, timeout=60)
    assert statuses(there) == {"length": (5, 0), "stance": (5, 0)}


def test_the_documents_endpoint_is_a_sound_one() -> None:
    (prompt,) = blocks("text")
    (tagger,) = taggers.load(blocks("toml")[1], file="taggers.toml", read={"prompt.txt": prompt}.__getitem__)
    assert isinstance(tagger.way, Endpoint)
    task = Task(
        id=1,
        name="n",
        content_hash=HASH,
        version=1,
        title="T",
        language="ru",
        published_at=None,
        source="s",
        url=None,
        text="X",
        reason="new",
    )
    system, user = tagger_prompt.messages(tagger.way, task, None, spell_out=False)
    assert user["content"] == "T (ru, s, unknown)\n\nX" and system["content"].startswith("You label the stance")
    named = re.search(r"names what it wants of the document: (.*?);", DOCUMENT, re.DOTALL)
    assert named and re.findall(r"\{(\w+)\}", named[1]) == list(taggers.PLACEHOLDERS)
    assert f"cut after {tagger_prompt.TEXT:,} letters" in DOCUMENT


def test_the_document_names_the_views_columns(store: Store) -> None:
    named = re.search(r"Its columns: (.*?)\. ", DOCUMENT, re.DOTALL)
    with store.read() as connection:
        columns = list(connection.execute(text("SELECT * FROM document_tag")).keys())
        connection.execute(text(blocks("sql")[0]))
    assert named and re.findall("`(\\w+)`", named[1]) == columns


def test_the_document_names_the_files_keys() -> None:
    named = set(re.findall(r"^\| `(\w+)` \|", DOCUMENT, re.MULTILINE))
    keys = {field.name for kind in (Tagger, Endpoint) for field in fields(kind)} - {"way", "stances"}
    assert keys | {"schema", "allow_http"} <= named
