"""`rasid rematch` as it is typed: what a changed rule shows, what it writes, and who is told of it and when."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from flows import cli
from storage.database import Store
from storage.opening import open_store
from tests.mailserver import Temper, serving
from tests.test_mails import parts
from tests.test_revisions import OFF, ON, keep, page

Rasid = Callable[..., Result]

COMES = "Казахстан передал палатки жителям Газы"
LEAVES = "Казахстан повысил цены на бензин"
STAYS = "Дожди придут на запад области"
TEXT = "{}, сообщили сегодня в ведомстве. Подробности назовут на следующей неделе, когда будет готов отчёт комиссии."


@pytest.fixture
def database(tmp_path: Path) -> Store:
    (tmp_path / "var").mkdir()
    (tmp_path / "corpus").mkdir()
    return open_store(f"sqlite:///{tmp_path / 'var' / 'rasid.db'}", tmp_path / "upgrade.lock")


@pytest.fixture
def rasid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Rasid:
    """A `rasid` command in a state folder and with a corpus folder of its own; settings are given as keywords."""

    def run(*words: str, **settings: str) -> Result:
        folders = {"RASID_HOME": str(tmp_path / "var"), "RASID_CORPUS": str(tmp_path / "corpus")}
        for name, value in {**folders, **settings}.items():
            monkeypatch.setenv(name, value)
        result = CliRunner().invoke(cli.app, words)
        assert result.exit_code == 0, result.output
        return result

    return run


def store_judged_by_an_older_rule(store: Store) -> None:
    """One article that today's rule brings on topic, one that it takes off it, one that it leaves alone."""
    for number, (title, verdict) in enumerate(((COMES, OFF), (LEAVES, ON), (STAYS, OFF))):
        keep(store, page(TEXT.format(title), title=title, url=f"https://a.example/{number}"), verdict)


def waiting(rasid: Rasid) -> list[tuple[str, str]]:
    """What a tagger would be given."""
    lines = rasid("tags", "next", "--tagger", "desk", "--lease", "1s").stdout.splitlines()
    return [(document["title"], document["reason"]) for document in map(json.loads, lines)]


def changes(rasid: Rasid, *words: str) -> dict[str, str]:
    lines = rasid("rematch", "--json", *words).stdout.splitlines()
    return {change["title"]: change["change"] for change in map(json.loads, lines)}


def test_it_shows_and_writes_nothing(rasid: Rasid, database: Store, tmp_path: Path) -> None:
    store_judged_by_an_older_rule(database)
    shown = rasid("rematch").stdout
    assert f"comes on topic (D to A)  {COMES}: The sides meet in the headline" in shown
    assert f"leaves the topic (A to D)  {LEAVES}: Palestine is not named" in shown
    assert "3 articles judged, 2 would change; `rasid rematch --apply` writes that." in shown
    assert STAYS not in shown
    assert not [*(tmp_path / "corpus").iterdir()]


def test_what_comes_on_topic_is_a_document_and_waits_to_be_tagged(
    rasid: Rasid, database: Store, tmp_path: Path
) -> None:
    store_judged_by_an_older_rule(database)
    assert changes(rasid, "--apply") == {COMES: "comes on topic", LEAVES: "leaves the topic"}
    listed = {one["title"]: one for one in map(json.loads, rasid("list", "--json").stdout.splitlines())}
    assert (listed[COMES]["on_topic"], listed[COMES]["class"]) == (True, "A")
    assert TEXT.format(COMES) in (tmp_path / "corpus" / listed[COMES]["name"]).read_text("utf-8")
    assert listed[LEAVES]["name"] and not listed[LEAVES]["on_topic"], "it keeps its number"
    assert waiting(rasid) == [(COMES, "new")]
    assert rasid("rematch").stdout == "3 articles judged; nothing changes.\n"


def test_it_is_told_in_the_digest_and_not_at_once(rasid: Rasid, database: Store) -> None:
    store_judged_by_an_older_rule(database)
    with serving(temper := Temper()) as port:
        mail = {
            "RASID_SMTP_URL": f"smtp://127.0.0.1:{port}?tls=none",
            "RASID_MAIL_FROM": "rasid@example.org",
            "RASID_MAIL_TO": "desk@example.org",
        }
        rasid("alert", **mail)
        before = len(temper.taken)
        rasid("rematch", "--apply")
        rasid("alert")
        assert len(temper.taken) == before
        rasid("alert", "digest")
    (digest,) = temper.taken[before:]
    assert COMES in parts(digest)[0]
