"""The environment: defaults meant from the project's root, every fault told at once, no password shown."""

from __future__ import annotations

import pytest

from articles.faults import Faults
from flows import settings
from flows.settings import ROOT


def test_defaults_are_meant_from_the_root() -> None:
    known = settings.load({})
    assert (known.home, known.corpus) == (ROOT / "var", ROOT / "corpus")
    assert known.database_url == f"sqlite:///{ROOT / 'var' / 'rasid.db'}"
    assert known.allowed_hosts == frozenset()


def test_relative_paths_are_meant_from_the_root() -> None:
    known = settings.load({"RASID_HOME": "state", "RASID_DATABASE_URL": "sqlite:///other/my.db"})
    assert known.home == ROOT / "state"
    assert known.database_url == f"sqlite:///{ROOT / 'other' / 'my.db'}"


def test_a_home_with_odd_letters() -> None:
    known = settings.load({"RASID_HOME": "/tmp/راصد 100%/q?x#y"})
    assert known.database_url.startswith("sqlite:////tmp/")


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("RASID_DATABASE_URL", "nonsense", "can't be read"),
        ("RASID_DATABASE_URL", "mysql://u@h/d", "mysql:// is not known"),
        ("RASID_DATABASE_URL", "postgresql+psycopg://u@h", "names no database"),
        ("RASID_DATABASE_URL", "postgresql+psycopg://u@h:port/d", "can't be read"),
        ("RASID_DATABASE_URL", "sqlite://", "names no database"),
        ("RASID_ALLOW_PRIVATE_HOSTS", "http://127.0.0.1", "is no host"),
        ("RASID_ALLOW_PRIVATE_HOSTS", "127.0.0.1:99999", "is no host"),
        ("RASID_ALLOW_PRIVATE_HOSTS", "127.0.0.1:0", "is no host"),
        ("RASID_ALLOW_PRIVATE_HOSTS", "a b", "is no host"),
        ("RASID_ALLOW_PRIVATE_HOSTS", "*", "is no host"),
        ("RASID_ALLOW_PRIVATE_HOSTS", "[::1", "is no host"),
        ("RASID_ALLOW_PRIVATE_HOSTS", "[zz]:80", "is no host"),
        ("PREFECT_API_URL", "nonsense", "is no address"),
        ("RASID_CONTACT", "راصد", "User-Agent"),
        ("RASID_CONTACT", "a\r\nX-Evil: 1", "User-Agent"),
        ("RASID_SMTP_URL", "mail.example:587", "no way to send mail"),
        ("RASID_SMTP_URL", "smtp://mail.example", "nobody to write to"),
        ("RASID_MAIL_FROM", "desk", "is no address"),
        ("RASID_MAIL_TO", "a@b, desk", "'desk' is no address"),
        ("RASID_MAIL_TO", "a@b\nBcc: c@d", "is no address"),
        ("RASID_RECIPIENTS", "nowhere.toml", "is no file"),
        ("RASID_ARCHIVE_DAYS", "a year", "is no whole number"),
        ("RASID_ARCHIVE_GB", "-1", "is no whole number"),
        ("RASID_TAGGERS", "nowhere.toml", "is no file"),
        ("RASID_TAGGER_KEY", "two words", "holds a space"),
        ("RASID_TAGGER_KEY", "a\nb", "holds a space"),
        ("RASID_TAGGING_MAX_AGE", "a day", "is no span of time"),
        ("RASID_TAGGING_MAX_AGE", "0h", "is no span of time"),
        ("RASID_PING_URL", "hc.example/ping", "is no address"),
        ("RASID_TAGGING_MAX_AGE", "24", "is no span of time"),
    ],
)
def test_faults_name_variable_and_mend(name: str, value: str, fault: str) -> None:
    with pytest.raises(Faults) as raised:
        settings.load({name: value})
    (line,) = raised.value.faults
    assert line.startswith(f"{name}: ") and fault in line and "\n" not in line


def test_all_faults_at_once() -> None:
    with pytest.raises(Faults) as raised:
        settings.load({"RASID_DATABASE_URL": "x", "RASID_CONTACT": "é", "RASID_ALLOW_PRIVATE_HOSTS": "a/b,c d"})
    assert len(raised.value.faults) == 4


@pytest.mark.parametrize(
    "entry", ["localhost", "127.0.0.1:8080", "[::1]:80", "[::1]", "Intranet.Example", "10.0.0.1, b"]
)
def test_sound_hosts(entry: str) -> None:
    assert settings.load({"RASID_ALLOW_PRIVATE_HOSTS": entry}).allowed_hosts


def test_no_password_is_shown() -> None:
    known = settings.load({"RASID_DATABASE_URL": "postgresql+psycopg://user:secret@host/name"})
    assert "secret" not in str(known.shown()) and "user" in str(known.shown())


def test_mail_without_a_server_is_no_fault() -> None:
    known = settings.load({"RASID_MAIL_TO": "a@b, c@d,A@B,"})
    assert (known.mail_server, known.mail_to) == (None, ("a@b", "c@d"))


@pytest.mark.parametrize(
    ("given", "sender"),
    [
        ({}, "rasid@localhost"),
        ({"RASID_SMTP_URL": "smtp://desk%40example.org:x@mail.example"}, "desk@example.org"),
        ({"RASID_SMTP_URL": "smtp://desk:x@mail.example", "RASID_MAIL_FROM": "rasid@example.org"}, "rasid@example.org"),
    ],
)
def test_the_sender_is_named_or_the_servers_user(given: dict[str, str], sender: str) -> None:
    assert settings.load({"RASID_MAIL_TO": "a@b", **given}).mail_from == sender


def test_the_mail_servers_password_is_not_shown() -> None:
    known = settings.load({"RASID_SMTP_URL": "smtp://desk:secret@mail.example", "RASID_MAIL_TO": "a@b"})
    assert "secret" not in str(known.shown()) and "secret" not in repr(known)


@pytest.mark.parametrize(("said", "hours", "shown"), [(None, 24, "1d"), ("90m", 1.5, "90m"), ("2d", 48, "2d")])
def test_how_long_a_tag_may_be_waited_for(said: str | None, hours: float, shown: str) -> None:
    known = settings.load({"RASID_TAGGING_MAX_AGE": said} if said else {})
    assert known.tagging_max_age.total_seconds() == hours * 3600
    assert known.shown()["RASID_TAGGING_MAX_AGE"] == shown


def test_the_taggers_key_is_never_shown() -> None:
    known = settings.load({"RASID_TAGGER_KEY": "sk-secret"})
    assert known.tagger_key == "sk-secret" and known.shown()["RASID_TAGGER_KEY"] == "(set)"
    assert "sk-secret" not in str(known.shown()) and "sk-secret" not in repr(known)
    with pytest.raises(Faults) as raised:
        settings.load({"RASID_TAGGER_KEY": "sk-secret with a space"})
    assert "sk-secret" not in str(raised.value)
