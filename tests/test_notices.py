"""What an operator is told of trouble, who is told, and what becomes of a mail that is not taken."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows import inputs, notice, notices, settings
from flows.notices import Notice
from flows.settings import Settings
from tests.conftest import NOW
from tests.mailserver import Refusing, Temper, serving

AT = "http://127.0.0.1:4200"

FACTS: dict[str, object] = {
    "source": "waha",
    "outcome": "gone",
    "error": "It answered 410 (Gone).",
    "failures": 3,
    "last_read_at": "2026-11-21T12:00:00+00:00",
    "last_new_at": None,
}


@pytest.mark.parametrize("kind", list(notices.KINDS))
def test_every_trouble_says_what_happened_and_what_to_do(kind: str) -> None:
    facts = FACTS | {
        "flow": "ingest",
        "run": "ingest 2026-11-21 12:00",
        "state": "Failed",
        "id": "77",
        "tagger": "rules",
    }
    told = notices.notice(kind, facts, AT)
    happened, do, page, end = told.text.strip().split("\n\n")
    assert told.subject.startswith("Rasid: ") and "\n" not in told.subject
    assert any(str(facts[name]) in happened for name in ("source", "run", "tagger"))
    assert do.startswith("What to do: ") and page.startswith(AT) and "six hours" in end
    assert "{" not in told.text + told.subject


def test_what_is_not_known_is_said_to_be_so() -> None:
    told = notices.notice(notices.SILENT, {"source": "waha"}, AT)
    assert "since (not known)" in told.text and "waha" in told.subject
    assert "None" not in notices.notice(notices.SILENT, FACTS, AT).text


def test_trouble_of_a_later_version_is_told_as_it_came() -> None:
    told = notices.notice("disk-full", {"free": 3}, AT)
    assert told == Notice(subject="Rasid: disk-full", text=f"disk-full\n\nfree: 3\n\n{AT}\n")


def test_words_from_outside_harm_no_mail() -> None:
    hostile = "bad\r\nBcc: everyone@example.org\u202e {source} " + "x" * 5000
    told = notices.notice(notices.BROKEN, FACTS | {"error": hostile, "source": hostile}, AT)
    assert "\n" not in told.subject and "\u202e" not in told.subject + told.text and len(told.text) < 3000


def known(tmp_path: Path, port: int | None, *, listed: str = "", to: str = "desk@example.org") -> Settings:
    if listed:
        (tmp_path / "recipients.toml").write_text(listed)
    return settings.load(
        {
            "RASID_SMTP_URL": f"smtp://127.0.0.1:{port}?tls=none" if port else "",
            "RASID_MAIL_FROM": "rasid@example.org",
            "RASID_MAIL_TO": to,
            "RASID_RECIPIENTS": str(tmp_path / "recipients.toml") if listed else "",
        }
    )


OPERATOR = '[[recipient]]\naddress = "ops@example.org"\noperator = true\n[[recipient]]\naddress = "ana@example.org"\n'
TOLD = Notice(subject="Rasid: source waha has gone quiet", text="So it is: قناة.\n")


@pytest.mark.parametrize(
    ("listed", "to"),
    [
        ("", ("desk@example.org",)),
        (OPERATOR, ("ops@example.org",)),
        (OPERATOR.replace("true", "false"), ("desk@example.org",)),
        ("this is no TOML", ("desk@example.org",)),
    ],
)
def test_operators_are_told_and_else_everybody_of_the_setting(tmp_path: Path, listed: str, to: tuple[str, ...]) -> None:
    assert notice.operators(known(tmp_path, 25, listed=listed)) == to


def test_operator_is_a_key_like_others(tmp_path: Path) -> None:
    first, second, _ = inputs.recipients_of(known(tmp_path, 25, listed=OPERATOR))
    assert (first.operator, second.operator) == (True, False)


def test_a_mail_goes_to_each_under_its_own_id(tmp_path: Path) -> None:
    with serving(temper := Temper()) as port:
        to = known(tmp_path, port, to="a@example.org,b@example.org")
        assert notice.send(to, TOLD, key="run", now=NOW) == 2
        assert notice.send(to, TOLD, key="run", now=NOW) == 2
    ids = [mail["Message-ID"] for mail in temper.taken]
    assert len(set(ids)) == 2 and ids[:2] == ids[2:], "a run that is tried again writes the same mail"
    assert {mail["To"] for mail in temper.taken} == {"a@example.org", "b@example.org"}
    assert {mail["Subject"] for mail in temper.taken} == {TOLD.subject}
    assert all(mail.get_content().replace("\r\n", "\n") == TOLD.text for mail in temper.taken)


def test_one_who_can_not_be_written_to_stops_no_other(tmp_path: Path) -> None:
    with serving(temper := Refusing(unknown=frozenset({"a@example.org"}))) as port:
        to = known(tmp_path, port, to="a@example.org,b@example.org")
        assert notice.send(to, TOLD, key="run", now=NOW) == 1
        with pytest.raises(notice.NobodyTold, match="refused"):
            notice.send(known(tmp_path, port, to="a@example.org"), TOLD, key="run", now=NOW)
    assert [mail["To"] for mail in temper.taken] == ["b@example.org"]


def test_without_a_mail_server_it_is_no_failure(tmp_path: Path) -> None:
    assert notice.send(known(tmp_path, None), TOLD, key="run", now=NOW) == 0
