"""The corpus folder and the database: adopted, repaired, verified."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from articles import sameness
from tests.worlds import FIVE, ROOT, World, world


@pytest.fixture
def there(tmp_path: Path, database_url: str) -> Iterator[World]:
    with world(tmp_path, database_url) as made:
        yield made


def findings(there: World, code: int) -> dict[str, str]:
    found = json.loads(there.rasid("corpus", "verify", "--json", code=code))
    return {finding["name"]: finding["kind"] for finding in found["findings"]}


def test_the_five_documents(there: World) -> None:
    adopted = json.loads(there.rasid("corpus", "adopt", "--json"))
    assert adopted == {"adopted": FIVE, "faults": []}
    assert json.loads(there.rasid("corpus", "adopt", "--json"))["adopted"] == []
    shown = {a["name"]: a for a in there.articles()}
    assert sorted(shown) == FIVE
    for name, article in shown.items():
        assert article["content_hash"] == sameness.content_hash(article["text"])
        assert (article["language"], article["on_topic"], article["url"]) == ("ar", True, None)
        assert article["versions"][0]["reason"] == "adopted"
        assert (there.folder / "corpus" / name).read_bytes() == (ROOT / "corpus" / name).read_bytes()
    titles = {name[:3]: (article["title"] or "")[:8] for name, article in shown.items()}
    assert titles == {"000": "", "001": "نائب رئي", "002": "", "003": "", "004": "المالكي "}
    dates = {name[:3]: (article["published_at"] or "")[:10] for name, article in shown.items()}
    assert dates == {"000": "", "001": "", "002": "", "003": "2017-07-08", "004": "2018-07-31"}
    assert "".join(sorted(article["class"] for article in shown.values())) == "AAAAB"
    noise = ("نشر بتاريخ", "39;>", ".jpg", "البوابة 24")
    assert not [(name, sign) for name, a in shown.items() for sign in noise if sign in a["text"]]


def test_publishers_are_named_where_the_text_tells(there: World) -> None:
    shutil.copy(ROOT / "sources.toml", there.folder / "sources.toml")
    there.rasid("corpus", "adopt")
    sources = {a["name"][:3]: a["source"] for a in there.articles()}
    assert sources == {"000": None, "001": "albawaba24", "002": None, "003": "maan", "004": "maan"}
    assert {a["published_at"][-6:] for a in there.articles() if a["published_at"]} == {"+03:00"}


def spoil(there: World) -> dict[str, Callable[[], Any]]:
    corpus = there.folder / "corpus"
    return {
        "missing": (corpus / FIVE[0]).unlink,
        "altered": lambda: (corpus / FIVE[1]).write_text("other"),
        "renumbered": lambda: shutil.copy(corpus / FIVE[2], corpus / f"077{FIVE[2][3:]}"),
        "stray": lambda: (corpus / "notes.txt").write_text("x"),
        "new": lambda: (corpus / "078_0123456789abcdef.txt").write_text("نص جديد لم يره أحد من قبل"),
    }


def test_verify_tells_and_mends_only_what_is_safe(there: World) -> None:
    there.rasid("corpus", "adopt")
    assert findings(there, 0) == {}
    for change in spoil(there).values():
        change()
    wrong = {
        FIVE[0]: "missing",
        FIVE[1]: "altered",
        f"077{FIVE[2][3:]}": "renumbered",
        "notes.txt": "stray",
        "078_0123456789abcdef.txt": "stray",
    }
    assert findings(there, 1) == wrong
    assert (there.folder / "corpus" / FIVE[0]).read_bytes() == (ROOT / "corpus" / FIVE[0]).read_bytes()
    del wrong[FIVE[0]]
    assert findings(there, 1) == wrong
    assert (there.folder / "corpus" / FIVE[1]).read_text() == "other", "an altered file is a person's to judge"


def test_adopt_takes_new_files_and_no_renumbered_copies(there: World) -> None:
    there.rasid("corpus", "adopt")
    for change in spoil(there).values():
        change()
    assert json.loads(there.rasid("corpus", "adopt", "--json"))["adopted"] == ["078_0123456789abcdef.txt"]


@pytest.mark.parametrize(
    ("body", "says"), [(b"", "empty"), (b" \n\xef\xbb\xbf\n", "empty"), ("نص".encode("cp1256"), "UTF-8")]
)
def test_unusable_files_are_named_and_left(there: World, body: bytes, says: str) -> None:
    name = "900_0123456789abcdef.txt"
    (there.folder / "corpus" / name).write_bytes(body)
    told = json.loads(there.rasid("corpus", "adopt", "--json", code=1))
    assert told["adopted"] == FIVE and name in told["faults"][0] and says in told["faults"][0]
    assert (there.folder / "corpus" / name).read_bytes() == body


def test_two_names_for_one_text_both_stay(there: World) -> None:
    twin = "321_0123456789abcdef.txt"
    (there.folder / "corpus" / twin).write_text((ROOT / "corpus" / FIVE[0]).read_text() + "\n\n")
    there.rasid("corpus", "adopt")
    by_twin, by_name = (json.loads(there.rasid("show", name, "--json")) for name in (twin, FIVE[0]))
    assert by_twin["id"] == by_name["id"] and by_name["name"] == FIVE[0]
    assert findings(there, 0) == {}


def test_an_empty_and_an_absent_folder_are_fine(there: World) -> None:
    shutil.rmtree(there.folder / "corpus")
    assert findings(there, 0) == {}
    report = there.ingest("--source", "waha")
    assert report["corpus"]["adopted"] == 0
    assert [name[:3] for name in report["corpus"]["added"]] == ["000", "001", "002"]


def test_the_number_of_a_file_that_cant_be_taken_in_is_not_given_again(there: World) -> None:
    (there.folder / "corpus" / "040_0123456789abcdef.txt").write_bytes("نص".encode("cp1256"))
    (there.folder / "corpus" / "041_0123456789abcdef.txt").touch()
    report = there.ingest("--source", "waha")
    assert [name[:3] for name in report["corpus"]["added"]] == ["042", "043"]
