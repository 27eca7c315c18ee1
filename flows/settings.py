"""The settings: read once from the environment, checked before anything opens, printable without secrets."""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from articles import recipients, spans
from articles.faults import Faults
from flows import mail_server
from flows.mail_server import Server
from storage import database

ROOT = Path(__file__).resolve().parent.parent
"""The project's root: relative paths and defaults are meant from here, wherever a command runs."""

HOME_PAGE = "https://rasid.example/about"

ARCHIVE_DAYS = 365
ARCHIVE_GIGABYTES = 20
"""How long and how much of the fetched pages is kept: a page takes about 44 KB packed, so 20 GB are some 450,000."""

SERVED_BY = "RASID_SERVED_BY"
"""Set by `rasid serve` for its runs alone; no setting."""

TAGGING_MAX_AGE = timedelta(hours=24)

_HOST = re.compile(r"(?:\[[0-9a-fA-F:.]+\]|[^\s:/@\[\]?#,]+)(?::(\d{1,5}))?")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Where things are, and what may be reached."""

    home: Path
    database_url: str
    sources: Path
    topic: Path
    corpus: Path
    allowed_hosts: frozenset[str]
    contact: str
    mail_server: Server | None
    """None: nothing is sent, and alerts wait."""
    mail_from: str
    mail_to: tuple[str, ...]
    recipients: Path
    """A file that need not exist."""
    archive_days: int
    archive_gigabytes: int
    taggers: Path
    """A file that need not exist."""
    tagger_key: str | None = field(repr=False)
    """What model endpoints are shown; never printed."""
    tagging_max_age: timedelta
    """A document that waits longer for a tag is told of."""
    prefect_api_url: str | None
    ping_url: str | None
    """Who is told of every pass; secret, as whoever knows it can tell lies there."""

    @property
    def archive(self) -> Path:
        """The folder of the fetched pages."""
        return self.home / "archive"

    def shown(self) -> dict[str, str | None]:
        """The settings for a person's eyes: no password."""
        return {
            "RASID_HOME": str(self.home),
            "RASID_DATABASE_URL": database.masked(self.database_url),
            "RASID_SOURCES": str(self.sources),
            "RASID_TOPIC": str(self.topic),
            "RASID_CORPUS": str(self.corpus),
            "RASID_ALLOW_PRIVATE_HOSTS": ",".join(sorted(self.allowed_hosts)),
            "RASID_CONTACT": self.contact,
            "RASID_SMTP_URL": self.mail_server.shown() if self.mail_server else None,
            "RASID_MAIL_FROM": self.mail_from,
            "RASID_MAIL_TO": ",".join(self.mail_to),
            "RASID_RECIPIENTS": str(self.recipients),
            "RASID_ARCHIVE_DAYS": str(self.archive_days),
            "RASID_ARCHIVE_GB": str(self.archive_gigabytes),
            "RASID_TAGGERS": str(self.taggers),
            "RASID_TAGGER_KEY": "(set)" if self.tagger_key else None,
            "RASID_TAGGING_MAX_AGE": spans.written(self.tagging_max_age),
            "PREFECT_API_URL": self.prefect_api_url,
            "RASID_PING_URL": "(set)" if self.ping_url else None,
        }

    def within(self, folder: Path, *, catalogue: Path, allowed: frozenset[str]) -> Settings:
        """The same settings with all state, documents and sources of their own, below `folder`."""
        return replace(
            self,
            home=folder,
            database_url=database.sqlite_at(folder / "rasid.db"),
            sources=catalogue,
            corpus=folder / "corpus",
            allowed_hosts=allowed,
            mail_server=None,
            mail_to=(),
            recipients=folder / "recipients.toml",
            ping_url=None,
        )


def load(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings of this process.

    Raises:
        Faults: all that can't be used, a line each: the variable, what is wrong, the mend.
    """
    faults: list[str] = []
    home = _path(environment, "RASID_HOME", "var")
    server = _server(environment, faults)
    settings = Settings(
        home=home,
        database_url=_database(environment, home, faults),
        sources=_path(environment, "RASID_SOURCES", "sources.toml"),
        topic=_path(environment, "RASID_TOPIC", "topic.toml"),
        corpus=_path(environment, "RASID_CORPUS", "corpus"),
        allowed_hosts=_hosts(environment, faults),
        contact=_contact(environment, faults),
        mail_server=server,
        mail_from=_sender(environment, server, faults),
        mail_to=_receivers(environment, faults),
        recipients=_path(environment, "RASID_RECIPIENTS", "recipients.toml"),
        archive_days=_number(environment, "RASID_ARCHIVE_DAYS", ARCHIVE_DAYS, faults),
        archive_gigabytes=_number(environment, "RASID_ARCHIVE_GB", ARCHIVE_GIGABYTES, faults),
        taggers=_path(environment, "RASID_TAGGERS", "taggers.toml"),
        tagger_key=_key(environment, faults),
        tagging_max_age=_age(environment, faults),
        prefect_api_url=_api(environment, faults),
        ping_url=_ping(environment, faults),
    )
    _check_recipients(environment, settings, faults)
    if _value(environment, "RASID_TAGGERS") and not settings.taggers.is_file():
        faults.append(f"RASID_TAGGERS: {settings.taggers} is no file; name one, or unset it")
    if faults:
        raise Faults(faults)
    return settings


def export(variables: Mapping[str, str]) -> None:
    """Sets variables for this process and its children: what Prefect and the flows of `rasid serve` read."""
    os.environ.update(variables)


def served_by(environment: Mapping[str, str] = os.environ) -> int | None:
    """The id of the `rasid serve` process whose run this process is; None: it is nobody's."""
    said = environment.get(SERVED_BY)
    return int(said) if said else None


def _value(environment: Mapping[str, str], name: str) -> str | None:
    return environment.get(name, "").strip() or None


def _path(environment: Mapping[str, str], name: str, default: str) -> Path:
    return ROOT / Path(_value(environment, name) or default).expanduser()


def _database(environment: Mapping[str, str], home: Path, faults: list[str]) -> str:
    url = _value(environment, "RASID_DATABASE_URL")
    if url is None:
        return database.sqlite_at(home / "rasid.db")
    if fault := database.address_fault(url):
        faults.append(f"RASID_DATABASE_URL: {fault}")
        return url
    return database.anchored(url, ROOT)


def _hosts(environment: Mapping[str, str], faults: list[str]) -> frozenset[str]:
    hosts = set()
    for entry in (_value(environment, "RASID_ALLOW_PRIVATE_HOSTS") or "").split(","):
        host = entry.strip().lower()
        if not host:
            continue
        if not _host_is_sound(host):
            faults.append(f"RASID_ALLOW_PRIVATE_HOSTS: {entry.strip()!r} is no host; write host or host:port")
        hosts.add(host)
    return frozenset(hosts)


def _host_is_sound(host: str) -> bool:
    match = _HOST.fullmatch(host)
    if match is None or (match[1] and not 0 < int(match[1]) < 65536):
        return False
    if not host.startswith("["):
        return "*" not in host
    try:
        ipaddress.IPv6Address(host[1 : host.index("]")])
    except ValueError:
        return False
    return True


def _server(environment: Mapping[str, str], faults: list[str]) -> Server | None:
    url = _value(environment, "RASID_SMTP_URL")
    server = mail_server.parse(url) if url else None
    if isinstance(server, str):
        faults.append(f"RASID_SMTP_URL: {server}")
        return None
    return server


def _sender(environment: Mapping[str, str], server: Server | None, faults: list[str]) -> str:
    """The address that mail comes from: the one named, or the server's user, or rasid at its host."""
    named = _value(environment, "RASID_MAIL_FROM")
    if named and not recipients.is_address(named):
        faults.append(f"RASID_MAIL_FROM: {named!r} is no address; write name@host")
    user = server.user if server and server.user and recipients.is_address(server.user) else None
    return named or user or "rasid@localhost"


def _receivers(environment: Mapping[str, str], faults: list[str]) -> tuple[str, ...]:
    entries = [entry.strip() for entry in (_value(environment, "RASID_MAIL_TO") or "").split(",")]
    addresses: dict[str, str] = {}
    for entry in filter(None, entries):
        addresses.setdefault(entry.casefold(), entry)
    for address in addresses.values():
        if not recipients.is_address(address):
            faults.append(f"RASID_MAIL_TO: {address!r} is no address; write name@host, several with commas between")
    return tuple(addresses.values())


def _check_recipients(environment: Mapping[str, str], settings: Settings, faults: list[str]) -> None:
    if _value(environment, "RASID_RECIPIENTS") and not settings.recipients.is_file():
        faults.append(f"RASID_RECIPIENTS: {settings.recipients} is no file; name one, or unset it")
    elif settings.mail_server and not settings.mail_to and not settings.recipients.is_file():
        mend = f"set RASID_MAIL_TO, or write {settings.recipients.name}"
        faults.append(f"RASID_SMTP_URL: a mail server is named, and nobody to write to; {mend}")


def _number(environment: Mapping[str, str], name: str, default: int, faults: list[str]) -> int:
    said = _value(environment, name) or str(default)
    if not re.fullmatch(r"[0-9]{1,6}", said):
        faults.append(f"{name}: {said!r} is no whole number; write one like {default}, or 0 for no limit")
        return default
    return int(said)


def _key(environment: Mapping[str, str], faults: list[str]) -> str | None:
    key = _value(environment, "RASID_TAGGER_KEY")
    if key and not re.fullmatch(r"[!-~]+", key):
        faults.append("RASID_TAGGER_KEY: holds a space or a letter beyond ASCII; write the key alone")
        return None
    return key


def _age(environment: Mapping[str, str], faults: list[str]) -> timedelta:
    said = _value(environment, "RASID_TAGGING_MAX_AGE") or spans.written(TAGGING_MAX_AGE)
    age = spans.read(said)
    if not age:
        faults.append(f"RASID_TAGGING_MAX_AGE: {said!r} is no span of time; write a number and s, m, h or d, like 24h")
        return TAGGING_MAX_AGE
    return age


def _api(environment: Mapping[str, str], faults: list[str]) -> str | None:
    url = _value(environment, "PREFECT_API_URL")
    if url and not re.fullmatch(r"https?://[^\s/]+(/\S*)?", url):
        faults.append("PREFECT_API_URL: is no address; write http://127.0.0.1:4200/api, or unset it")
    return url


def _ping(environment: Mapping[str, str], faults: list[str]) -> str | None:
    url = _value(environment, "RASID_PING_URL")
    if url and not re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*)?(\?[^\s#]*)?", url):
        faults.append("RASID_PING_URL: is no address; write https://hc.example/ping/…, or unset it")
        return None
    return url


def _contact(environment: Mapping[str, str], faults: list[str]) -> str:
    contact = _value(environment, "RASID_CONTACT") or HOME_PAGE
    if not contact.isascii() or not contact.isprintable() or any(sign in contact for sign in "()"):
        faults.append("RASID_CONTACT: must fit a User-Agent; write an e-mail or web address in ASCII without brackets")
    return contact
