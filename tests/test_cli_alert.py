"""`rasid alert` as it is typed: what it prints, what it ends with, and what it leaves alone."""

from __future__ import annotations

import email
import json
from collections.abc import Callable
from email import policy
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from articles.faults import Faults
from flows import cli_alert
from storage import deliveries
from storage.database import Store
from storage.opening import open_store
from tests.mailserver import Refusing, Temper, serving
from tests.test_deliveries import born, pending

Rasid = Callable[..., Result]


@pytest.fixture
def database(tmp_path: Path) -> Store:
    (tmp_path / "var").mkdir()
    return open_store(f"sqlite:///{tmp_path / 'var' / 'rasid.db'}", tmp_path / "upgrade.lock")


@pytest.fixture
def rasid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Rasid:
    """`rasid alert …` in a state folder of its own; settings are given as keywords."""

    def run(*words: str, **settings: str) -> Result:
        monkeypatch.setenv("RASID_HOME", str(tmp_path / "var"))
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        return CliRunner().invoke(cli_alert.app, words)

    return run


def mail(port: int, to: str = "desk@example.org") -> dict[str, str]:
    return {
        "RASID_SMTP_URL": f"smtp://127.0.0.1:{port}?tls=none",
        "RASID_MAIL_FROM": "rasid@example.org",
        "RASID_MAIL_TO": to,
    }


def test_it_sends_what_waits(rasid: Rasid, database: Store) -> None:
    born(database, 2)
    with serving(temper := Temper()) as port:
        first = rasid("--json", **mail(port))
        second = rasid(**mail(port))
    assert json.loads(first.stdout) == {"sent": 2, "failed": 0, "pending": 0, "note": None}
    assert (first.exit_code, second.exit_code, second.stdout) == (0, 0, "0 mails sent, 0 failed, 0 wait.\n")
    assert len(temper.taken) == 2


def test_when_mail_waits_and_none_went_it_ends_with_1(rasid: Rasid, database: Store) -> None:
    assert rasid().exit_code == 0, "nothing waits"
    born(database)
    unset = rasid()
    assert unset.exit_code == 1 and "RASID_SMTP_URL" in unset.stdout
    with serving(Refusing(unknown=frozenset({"desk@example.org"}))) as port:
        refused = rasid(**mail(port))
    assert refused.exit_code == 1 and "550 5.1.1 No such mailbox" in refused.stdout


def test_list_says_why(rasid: Rasid, database: Store) -> None:
    assert rasid("list").stdout == "Nothing waits.\n"
    born(database, 2)
    (first, second) = [json.loads(line) for line in rasid("list", "--json").stdout.splitlines()]
    assert (first["id"], first["state"], first["kind"], first["titles"]) == (None, "unaddressed", "story", ["Title"])
    with serving(Refusing(unknown=frozenset({"desk@example.org"}))) as port:
        rasid(**mail(port))
    for line in rasid("list", "--json").stdout.splitlines():
        one = json.loads(line)
        assert (one["state"], one["recipient"], one["tries"]) == ("waiting", "desk@example.org", 1)
        assert "550 5.1.1 No such mailbox" in one["error"] and one["next_try_at"].startswith("20")
    assert "tried 1 times: 127.0.0.1:" in rasid("list").stdout
    assert second["articles"] != first["articles"]


def test_a_batch_is_listed_once_with_all_that_it_tells(rasid: Rasid, database: Store) -> None:
    born(database, 13)
    with serving(Refusing(unknown=frozenset({"desk@example.org"}))) as port:
        rasid(**mail(port))
    mails = [json.loads(line) for line in rasid("list", "--json").stdout.splitlines()]
    assert [len(one["articles"]) for one in mails] == [1] * 10 + [3]


def test_cancel_and_resend(rasid: Rasid, database: Store) -> None:
    born(database)
    with serving(temper := Temper()) as port:
        rasid(**mail(port))
        assert rasid("cancel", "1", **mail(port)).exit_code == 1, "it has gone"
        again = rasid("resend", "1", **mail(port))
        assert again.exit_code == 0 and pending(database) == 1
        assert rasid(**mail(port)).exit_code == 0
        assert len({message["Message-ID"] for message in temper.taken}) == 1 and len(temper.taken) == 2
        rasid("resend", "1", **mail(port))
        assert rasid("cancel", "1", **mail(port)).stdout == "Mail 1 is cancelled.\n"
        assert pending(database) == 0
    assert rasid("resend", "99").exit_code == 1


@pytest.mark.parametrize("settings", [{}, mail(9), mail(9) | {"RASID_MAIL_TO": "a@b.example,c@d.example"}])
def test_a_preview_shows_what_waits_and_leaves_it(rasid: Rasid, database: Store, settings: dict[str, str]) -> None:
    born(database, 2)
    shown = rasid("preview", **settings)
    readers = settings.get("RASID_MAIL_TO", "reader@example.org").split(",")
    assert shown.exit_code == 0
    assert [shown.stdout.count(f"To: {reader}\nSubject: Rasid: Title\n") for reader in readers] == [2] * len(readers)
    assert pending(database) == 2
    with database.read() as connection:
        assert deliveries.listing(connection, ("waiting", "sent")) == []


def test_a_preview_goes_to_files(rasid: Rasid, database: Store, tmp_path: Path) -> None:
    born(database, 2)
    rasid("preview", "--out", str(tmp_path / "mail.eml"))
    found = [email.message_from_bytes((tmp_path / f"mail-{n}.eml").read_bytes(), policy=policy.default) for n in (1, 2)]
    assert [message["Subject"] for message in found] == ["Rasid: Title"] * 2
    rasid("preview", "--digest", "--to", "me@example.org", "--out", str(tmp_path / "mail.html"))
    assert "<html" in (tmp_path / "mail-3.html").read_text("utf-8")
    assert rasid("preview", "--to", "nobody@example.org", "--out", str(tmp_path / "no.html")).exit_code == 0
    for name in ("mail.txt", "no/such/folder.eml"):
        assert isinstance(rasid("preview", "--out", str(tmp_path / name)).exception, Faults)


def test_a_sample_goes_to_everyone_now(rasid: Rasid, database: Store) -> None:
    with serving(temper := Refusing(unknown=frozenset({"old@example.org"}))) as port:
        some = rasid("test", "--json", **mail(port, "desk@example.org,old@example.org"))
        none = rasid("test", **mail(port, "old@example.org"))
    told = [json.loads(line) for line in some.stdout.splitlines()]
    assert [(one["to"], one["sent"]) for one in told] == [("desk@example.org", True), ("old@example.org", False)]
    assert (some.exit_code, none.exit_code) == (0, 1) and "550 5.1.1" in none.stdout
    (taken,) = temper.taken
    assert taken["Subject"] == "Rasid: a test mail" and taken["Message-ID"].startswith("<test.")
    assert pending(database) == 0


@pytest.mark.parametrize("settings", [{}, {"RASID_MAIL_TO": "desk@example.org"}])
def test_a_sample_needs_mail_settings(rasid: Rasid, settings: dict[str, str]) -> None:
    result = rasid("test", **settings)
    assert isinstance(result.exception, Faults) and str(result.exception).startswith("RASID_")


def test_a_digest_by_hand(rasid: Rasid, database: Store) -> None:
    born(database, 2)
    with serving(temper := Temper()) as port:
        assert rasid("digest", **mail(port)).exit_code == 0
        assert rasid("digest", "--due", **mail(port)).exit_code == 0
    subjects = [str(message["Subject"]) for message in temper.taken]
    assert [subject.startswith("Rasid digest: ") for subject in subjects].count(True) >= 1
    assert subjects.count("Rasid: Title") == 2
    assert isinstance(rasid("digest", RASID_MAIL_TO="", RASID_SMTP_URL="").exception, Faults)


def test_recipients_of_a_file_are_told_why(rasid: Rasid, database: Store, tmp_path: Path) -> None:
    born(database)
    file = tmp_path / "people.toml"
    file.write_text('[[recipient]]\naddress = "ru@example.org"\nlanguages = ["ru"]\nclasses = ["A", "B"]\n', "utf-8")
    with serving(temper := Temper()) as port:
        rasid(RASID_RECIPIENTS=str(file), **mail(port))
    why = {}
    for message in temper.taken:
        body = message.get_body(("plain",))
        assert body is not None
        why[message["To"]] = body.get_content().partition("Why you get this. ")[2].partition("\n")[0]
    asks = "languages ru; classes A, B, by mail at once and a digest each day."
    assert why["ru@example.org"].strip() == f"ru@example.org stands in people.toml, which asks for {asks}"
    assert why["desk@example.org"].strip() == "desk@example.org stands in RASID_MAIL_TO, which is told of everything."


def test_the_flows_do_the_same_and_fail_when_none_went(rasid: Rasid, database: Store) -> None:
    from flows import alert, digest

    born(database)
    with serving(temper := Temper()) as port:
        rasid("list", **mail(port))  # sets the environment
        assert alert.alert.fn(force=True).sent == 1
        assert digest.digest.fn().failed == 0
    born(database, word="later")
    with pytest.raises(alert.NothingWent, match="can't be used") as raised:
        alert.alert.fn(force=True)
    assert raised.value.sending.pending >= 1 and len(temper.taken) >= 1
