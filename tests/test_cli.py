"""The command line as scripts meet it: exit codes, standard output and error kept apart, every fault a line."""

from __future__ import annotations

import contextlib
import json
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows import cli
from tests.worlds import RASID, World, world

PAGE = """<html><head><title>Envoy visits | The Site</title></head><body><nav><a href="/">Home</a></nav>
<article><h1>Envoy visits</h1><p>14 March 2026, 10:30</p>
<p>The ambassador of Palestine met the deputy foreign minister of Kazakhstan in Astana on Friday morning.</p>
<p>Both sides spoke about scholarships, trade and a second round of consultations between the ministries.</p>
<p>They agreed to meet again before the end of the year, and to open a joint exhibition in the capital.</p>
</article></body></html>"""


@pytest.fixture
def there(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path, f"sqlite:///{tmp_path / 'var' / 'rasid.db'}") as made:
        yield made


def refused(there: World, *words: str, code: int = 2, **settings: str) -> list[str]:
    """The lines on standard error of a command that must be refused and must print nothing else."""
    with there.start(*words, **settings) as process:
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (code, ""), err
    assert "Traceback" not in err
    return err.splitlines()


def test_unusable_settings_catalogue_and_topic_are_refused(there: World) -> None:
    (there.folder / "sources.toml").write_text('[[source]]\nname = "A B"\n[[source]]\nname = "b"\nfeds = []\n')
    lines = refused(there, "ingest")
    assert len(lines) == 4 and all(line.startswith("sources.toml: ") for line in lines)
    assert "RASID_CONTACT" in refused(there, "list", RASID_CONTACT="é")[0]
    assert "nowhere.toml" in refused(there, "ingest", RASID_TOPIC="nowhere.toml")[-1]
    assert not (there.folder / "var").exists(), "nothing opens before everything is sound"


def test_unknown_source_names_the_nearest(there: World) -> None:
    assert "did you mean waha?" in refused(there, "ingest", "--source", "wahaa")[0]
    assert "did you mean waha?" in refused(there, "list", "--source", "wahaa")[0]


def test_a_state_folder_that_cant_be_used(there: World) -> None:
    (there.folder / "var").write_text("a file")
    for words in (("ingest",), ("list",), ("doctor",), ("upgrade",), ("demo", "--once")):
        assert refused(there, *words, code=3), words


def test_another_schema_names_the_mend(there: World) -> None:
    there.rasid("list")
    sql = "UPDATE alembic_version SET version_num = '0000'"
    database = there.folder / "var" / "rasid.db"
    with contextlib.closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(sql)
    for command in ("ingest", "list", "doctor"):
        assert "rasid upgrade" in refused(there, command, code=3)[0]


def test_show_of_something_unknown(there: World) -> None:
    assert "999" in refused(there, "show", "999", code=1)[0]


def test_extract_a_saved_page(there: World) -> None:
    (there.folder / "page.html").write_text(PAGE)
    words = ("extract", "--url", "https://news.example/1", "--json", "page.html")
    found = json.loads(there.rasid(*words))
    assert (found["title"], found["published_at"]) == ("Envoy visits", "2026-03-14T10:30:00+00:00")
    assert (found["language"], found["published_precision"], found["refused"]) == ("en", "minute", None)
    assert found["text"].startswith("The ambassador of Palestine") and found["text"].endswith("in the capital.")
    assert found["steps"]
    (there.folder / "page.html").write_text("<html><body><script>app()</script></body></html>")
    nothing = json.loads(there.rasid(*words, code=1))
    assert nothing["refused"] and nothing["text"] is None


def test_match_keeps_the_order_of_its_lines(there: World) -> None:
    lines = [
        {"id": 1, "title": None, "text": "The president of Kazakhstan received the ambassador of Palestine."},
        {"id": "b", "title": "Gas", "text": "Цена газа выросла.", "language": "ru"},
    ]
    (there.folder / "in").write_text("\n".join(map(json.dumps, lines)))
    verdicts = [json.loads(line) for line in there.rasid("match", "in", "--json").splitlines()]
    assert [(v["id"], v["on_topic"], v["class"]) for v in verdicts] == [(1, True, "A"), ("b", False, "D")]
    assert {e["side"] for e in verdicts[0]["evidence"]} == {"palestine", "kazakhstan"}
    (there.folder / "in").write_text('{"id": 1}\n[]\n')
    assert "line 2" in _error(there, "match", "in", "--json")


def test_doctor(there: World) -> None:
    there.rasid("corpus", "adopt")
    diagnosis = json.loads(there.rasid("doctor", "--json"))
    assert diagnosis["sound"] and len(diagnosis["checks"]) >= 7
    next((there.folder / "corpus").iterdir()).unlink()
    assert json.loads(there.rasid("doctor", "--json", code=1))["sound"] is False


def test_a_reader_that_leaves_early_is_no_error(there: World) -> None:
    there.rasid("corpus", "adopt")
    words = f"{' '.join(map(_quoted, RASID))} list --json | head -n 1"
    done = subprocess.run(words, shell=True, env=there.environment, capture_output=True, text=True, cwd=there.folder)
    assert json.loads(done.stdout)["id"] and done.stderr == ""


@pytest.mark.parametrize("module", ["prefect", "trafilatura", "httpx", "alembic"])
def test_reading_commands_start_light(there: World, module: str) -> None:
    there.rasid("list")
    code = "import sys; sys.argv = ['rasid', 'list']; from flows.cli import main\ntry: main()\nexcept SystemExit: pass"
    check = f"{code}\nassert {module!r} not in sys.modules"
    subprocess.run([sys.executable, "-c", check], env=there.environment, check=True, cwd=there.folder)


def test_every_command_has_help(there: World) -> None:
    listed = there.rasid("--help")
    for command in ("ingest", "demo", "list", "show", "match", "extract", "corpus", "doctor", "upgrade", "run"):
        assert command in listed
        assert "--help" in CliRunner().invoke(cli.app, [command, "--help"]).output


def cut_off(there: World) -> None:
    """Leaves the catalogue with sources that nobody answers for, as on a machine without a network."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    blocks = [f'[[source]]\nname = "s{n}"\nfeeds = ["http://127.0.0.1:{port}/{n}"]\n' for n in range(12)]
    (there.folder / "sources.toml").write_text("\n".join(blocks))
    there.environment["RASID_ALLOW_PRIVATE_HOSTS"] = "127.0.0.1"


def test_without_a_network_every_source_is_unreachable_in_seconds(there: World) -> None:
    cut_off(there)
    report = json.loads(there.rasid("ingest", "--json", code=1))
    assert report["corpus"]["adopted"] == 5 and report["seconds"] < 10
    assert {s["outcome"] for s in report["sources"]} == {"unreachable"} and all(s["error"] for s in report["sources"])
    again = json.loads(there.rasid("ingest", "--json", code=1))
    assert "not-due" not in {s["outcome"] for s in again["sources"]}, "our own outage makes no source wait"


def test_run_goes_on_to_the_newsroom_without_a_network(there: World) -> None:
    cut_off(there)
    shown = there.rasid("run")
    for words in (
        "5 existing documents adopted",
        "no way to the internet",
        "New document 005_",
        "already here",
        "Look",
    ):
        assert words in shown
    assert sorted(path.name for path in (there.folder / "var").iterdir() if path.is_dir()) == ["demo", "runs"]
    assert len(there.corpus()) == 5, "the newsroom's documents stay apart"


def _error(there: World, *words: str) -> str:
    with there.start(*words) as process:
        _, err = process.communicate(timeout=60)
    assert process.returncode == 2
    return err


def _quoted(word: str) -> str:
    return f"'{word}'"
