"""The export: which rows, in which form, safe for spreadsheets, in bounded memory."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from articles.faults import Faults
from articles.model import Stamp, Verdict
from flows import cli_export, exporting
from storage import exports, tags
from storage.database import Store
from storage.exports import COLUMNS, Wanted
from storage.opening import open_store
from storage.tags import Tag
from tests.conftest import NOW
from tests.test_revisions import FIRST, OFF, ON, SECOND, keep, page, revise
from tests.worlds import ROOT

HEBRON = timezone(timedelta(hours=2))
WORDS = {
    1: "встреча посла в Астане о стипендиях",
    2: "лекция в университете Караганды о поэзии",
    3: "груз лекарств отправлен самолётом из Алматы",
    4: "выставка ковров открылась в Рамалле",
}


def document(store: Store, number: int, published: datetime | None = None, **more: Any) -> int:
    stamp = Stamp(at=published, precision="minute", evidence="x") if published else None
    verdict = more.pop("verdict", ON)
    words = " ".join(f"{WORDS[number]} {word}{number}" for word in ("раз", "два", "три", "четыре", "пять", "шесть"))
    article = page(words, url=f"https://a.example/{number}", published=stamp, **more)
    return keep(store, article, verdict).article_id


def say(store: Store, article_id: int, stance: str, tagger: str = "t", minutes: int = 0, **more: Any) -> None:
    tag = Tag(id=article_id, content_hash=newest(store, article_id), stance=stance, **more)
    with store.write() as connection:
        assert tags.submit(connection, tagger, tag, NOW + timedelta(minutes=minutes)).fault is None


def newest(store: Store, article_id: int) -> str:
    """The hash of a document's text as it is."""
    (found,) = (row["content_hash"] for row in exports.rows(store, Wanted()) if row["id"] == article_id)
    return str(found)


def said(store: Store, **wanted: Any) -> list[tuple[int, str | None, str | None]]:
    return [(row["id"], row["tagger"], row["stance"]) for row in exports.rows(store, Wanted(**wanted))]


def test_a_row_a_document_with_its_newest_tag(store: Store) -> None:
    one, two, three = (document(store, number) for number in (1, 2, 3))
    document(store, 4, verdict=OFF)
    say(store, one, "old", minutes=1)
    say(store, one, "new", "other", minutes=2)
    say(store, two, "only", confidence=0.5, rationale="so", tagger_version="7")
    assert said(store) == [(one, "other", "new"), (two, "t", "only"), (three, None, None)]
    assert said(store, each_tagger=True) == [
        (one, "other", "new"),
        (one, "t", "old"),
        (two, "t", "only"),
        (three, None, None),
    ]
    assert said(store, tagger="t") == [(one, "t", "old"), (two, "t", "only"), (three, None, None)]
    assert said(store, stances=("only", "old")) == [(two, "t", "only")]
    row = list(exports.rows(store, Wanted()))[1]
    assert list(row) == list(COLUMNS)
    assert (row["confidence"], row["rationale"], row["tagger_version"], row["is_current"]) == (0.5, "so", "7", True)
    assert row["submitted_at"] == "2026-11-21T12:00:00Z" and row["text"].startswith(WORDS[2])
    assert all(value is None or isinstance(value, COLUMNS[column]) for column, value in row.items())


def test_a_tag_on_an_earlier_text_gives_way_to_one_on_the_text_as_it_is(store: Store) -> None:
    born = keep(store, page(FIRST)).article_id
    before = newest(store, born)
    say(store, born, "first")
    revise(store, born, page(SECOND))
    (row,) = exports.rows(store, Wanted())
    assert (row["stance"], row["is_current"], row["version"]) == ("first", False, 2)
    say(store, born, "second", minutes=1)
    with store.write() as connection:
        tags.submit(connection, "t", Tag(id=born, content_hash=before, stance="late"), NOW + timedelta(hours=1))
    (row,) = exports.rows(store, Wanted())
    assert (row["stance"], row["is_current"]) == ("second", True)


def test_what_is_chosen(store: Store) -> None:
    one = document(store, 1)
    two = document(store, 2, verdict=Verdict(on_topic=True, kind="B", score=9.0))
    with store.write() as connection:
        connection.exec_driver_sql(f"UPDATE article SET language = 'ar' WHERE id = {two}")
        connection.exec_driver_sql(f"UPDATE article SET source = 'elsewhere' WHERE id = {two}")

    def ids(**wanted: Any) -> list[int]:
        return [row[0] for row in said(store, **wanted)]

    assert (ids(classes=("A",)), ids(classes=("B", "C")), ids(classes=("A", "B"))) == ([one], [two], [one, two])
    assert (ids(languages=("ar",)), ids(languages=("ru", "kk"))) == ([two], [one])
    assert ids(sources=("elsewhere",)) == [two]
    seen = next(iter(exports.rows(store, Wanted())))["source"]
    assert ids(sources=(seen,)) == [one, two], "also where it was seen besides"


@pytest.mark.parametrize(
    ("since", "until", "found"),
    [
        (datetime(2026, 3, 5), datetime(2026, 3, 6), [1, 2]),
        (datetime(2026, 3, 6), None, [3]),
        (None, datetime(2026, 3, 5), []),
        (datetime(2026, 3, 5, tzinfo=UTC), None, [2, 3]),
        (datetime(2026, 3, 5, tzinfo=UTC), datetime(2026, 3, 5, 22, tzinfo=UTC), [2]),
        (datetime(2026, 3, 5, 21, 59, tzinfo=UTC), None, [2, 3]),
        (None, None, [1, 2, 3, 4]),
    ],
)
def test_dates_are_of_publication_by_the_publishers_clock(
    store: Store, since: datetime | None, until: datetime | None, found: list[int]
) -> None:
    """Midnight in Hebron is the evening before in UTC."""
    days = [datetime(2026, 3, 5, tzinfo=HEBRON), datetime(2026, 3, 5, 23, 59, tzinfo=HEBRON)]
    ids = [document(store, n, at) for n, at in enumerate([*days, datetime(2026, 3, 6, tzinfo=HEBRON), None], 1)]
    wanted = Wanted(since=since, until=until)
    assert [row["id"] for row in exports.rows(store, wanted)] == [ids[number - 1] for number in found]
    assert exports.undated(store, wanted) == (1 if since or until else 0)


def test_pages_follow_each_other(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = [document(store, number) for number in (1, 2, 3, 4)]
    for size in (1, 2, 3, 4, 5):
        monkeypatch.setattr(exports, "PAGE", size)
        assert [row["id"] for row in exports.rows(store, Wanted())] == ids


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+7 727", "-5", "@SUM(A1)", "\t=1", "\rx", " =1", "\n=1", "'=1", "''@x", "＝1", '=HYPERLINK("http://x")'],
)
def test_no_cell_is_a_formula(text: str) -> None:
    cell = exporting.cell(text)
    assert cell == f"'{text}" and exporting.uncelled(cell) == text


@pytest.mark.parametrize("value", ["plain", "«цитата»", "'tis", "a=b", "", "– тире", 5, -0.5, None])
def test_what_is_no_formula_stays_as_it_is(value: object) -> None:
    assert exporting.cell(value) == value


@given(st.text(alphabet=st.sampled_from("='+-@ \t\r\nab＝"), max_size=6))
def test_a_cell_can_be_read_back(text: str) -> None:
    cell = exporting.cell(text)
    assert exporting.uncelled(cell) == text
    assert not cell.lstrip(" \n").startswith(("=", "+", "-", "@", "\t", "\r", "＝"))


ROW: dict[str, Any] = dict.fromkeys(COLUMNS) | {
    "id": 7,
    "title": '=عنوان\n«x», "y"',
    "text": "سطر\nآخر",
    "is_current": True,
    "confidence": -0.5,
}


def written(form: str, *rows: dict[str, Any]) -> bytes:
    out = io.BytesIO()
    assert exporting.write(form, COLUMNS, rows, out) == len(rows)
    return out.getvalue()


def test_jsonl() -> None:
    lines = written("jsonl", ROW, ROW).decode().splitlines()
    assert [json.loads(line) for line in lines] == [ROW, ROW] and "عنوان" in lines[0]
    assert written("jsonl") == b""


def test_csv() -> None:
    said = written("csv", ROW)
    assert said.startswith(b"\xef\xbb\xbfid,") and said.endswith(b"\r\n")
    header, row = csv.reader(io.StringIO(said.decode("utf-8-sig"), newline=""))
    cells = dict(zip(header, row, strict=True))
    assert (cells["id"], cells["is_current"], cells["confidence"], cells["name"]) == ("7", "true", "-0.5", "")
    assert exporting.uncelled(cells["title"]) == ROW["title"] and cells["title"].startswith("'=")
    assert written("csv").decode("utf-8-sig").split("\r\n") == [",".join(COLUMNS), ""]


def test_parquet() -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    for rows in ([], [ROW], [ROW] * 1200):
        table = parquet.read_table(io.BytesIO(written("parquet", *rows)))
        assert table.to_pylist() == rows and table.column_names == list(COLUMNS)


def test_parquet_without_its_library_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(Faults, match="pip install pyarrow"):
        exporting.check("parquet")
    exporting.check("csv")


def test_a_file_has_its_name_only_when_it_is_whole(tmp_path: Path) -> None:
    file = tmp_path / "out.csv"
    file.write_bytes(b"before")
    with pytest.raises(KeyError), exporting.opened(file) as out:
        out.write(b"half")
        raise KeyError
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"] and file.read_bytes() == b"before"
    with exporting.opened(file) as out:
        out.write(b"whole")
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"] and file.read_bytes() == b"whole"
    with pytest.raises(Faults, match="can't be written"), exporting.opened(tmp_path / "none" / "x"):
        pass
    with exporting.opened(Path("/dev/null")) as out:
        out.write(b"x")
    assert Path("/dev/null").is_char_device()


def test_memory_does_not_grow_with_the_export() -> None:
    """Ten times as many rows, the same peak."""

    def peak(count: int, form: str) -> int:
        rows = (ROW | {"id": number, "text": f"{number} " * 500} for number in range(count))
        with Path(os.devnull).open("wb") as out:
            tracemalloc.start()
            exporting.write(form, COLUMNS, rows, out)
            size = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        return size

    for form in ("jsonl", "csv"):
        assert peak(10_000, form) < 1.5 * peak(1000, form)


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """`rasid export` on a database with one document."""
    monkeypatch.setenv("RASID_HOME", str(tmp_path))
    filled = open_store(f"sqlite:///{tmp_path / 'rasid.db'}", tmp_path / "upgrade.lock")
    document(filled, 1, datetime(2026, 3, 5, tzinfo=HEBRON))
    document(filled, 2)
    filled.close()
    app = typer.Typer()
    cli_export.register(app)
    return lambda *words: CliRunner().invoke(app, words)


def test_the_command(command: Callable[..., Any], tmp_path: Path) -> None:
    assert [json.loads(line)["id"] for line in command().stdout.splitlines()] == [1, 2]
    done = command("--since", "2026-03-05", "--until", "2026-03-05", "--no-text")
    (row,) = map(json.loads, done.stdout.splitlines())
    assert row["published_at"] == "2026-03-05T00:00:00+02:00" and "text" not in row
    assert "1 documents without a date of publication are left out" in done.stderr
    out = tmp_path / "out.csv"
    done = command("--format", "csv", "--out", str(out), "--class", "A", "--class", "B", "--all-taggers")
    assert (done.exit_code, done.stdout) == (0, "") and out.read_bytes().startswith(b"\xef\xbb\xbfid")
    assert command("--since", "2026-03-04T22:00Z", "--until", "2026-03-04T22:01Z").stdout.count("\n") == 1
    assert command("--since", "2026-03-04T22:01", "--until", "2026-03-05T00:00Z").stdout == ""


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (("--format", "xml"), "--format xml"),
        (("--since", "soon"), "--since soon"),
        (("--until", "9999-12-31"), "--until 9999-12-31"),
        (("--since", "0001-01-01"), "--since 0001-01-01"),
        (("--class", "D"), "--class D"),
        (("--class", "a"), "--class a"),
        (("--language", "arabic"), "--language arabic"),
        (("--source", "nowhere"), "nowhere"),
        (("--tagger", "x", "--all-taggers"), "--tagger, --all-taggers"),
        (("--tagger", ""), "--tagger"),
        (("--out", "/nowhere/x"), "can't be written"),
    ],
)
def test_bad_arguments(command: Callable[..., Any], words: tuple[str, ...], fault: str) -> None:
    done = command(*words)
    assert isinstance(done.exception, Faults) and fault in str(done.exception) and done.stdout == ""


def test_a_reader_that_leaves_early(command: Callable[..., Any], tmp_path: Path) -> None:
    """The pipe is closed in the middle of the writing, since a text is longer than it holds: no trace."""
    filled = open_store(f"sqlite:///{tmp_path / 'rasid.db'}", tmp_path / "upgrade.lock")
    keep(filled, page(" ".join(f"слово{n}" for n in range(20_000)), url="https://a.example/long"))
    filled.close()
    code = "from flows import cli, cli_export; cli_export.register(cli.app); cli.main()"
    for form in ("jsonl", "csv"):
        words = f"'{sys.executable}' -W error -c '{code}' export --format {form} | head -c 1"
        environment = os.environ | {"RASID_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
        done = subprocess.run(words, shell=True, env=environment, capture_output=True)
        assert done.stderr == b"" and len(done.stdout) == 1


def test_the_library_for_parquet_is_not_loaded_by_others() -> None:
    code = "import sys; import flows.cli_export; assert 'pyarrow' not in sys.modules and 'httpx' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
