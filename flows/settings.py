"""The settings: read once from the environment, checked before anything opens, printable without secrets."""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from articles.faults import Faults
from storage import database

ROOT = Path(__file__).resolve().parent.parent
"""The project's root: relative paths and defaults are meant from here, wherever a command runs."""

HOME_PAGE = "https://rasid.example/about"

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
    prefect_api_url: str | None

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
            "PREFECT_API_URL": self.prefect_api_url,
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
        )


def load(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings of this process.

    Raises:
        Faults: all that can't be used, a line each: the variable, what is wrong, the mend.
    """
    faults: list[str] = []
    home = _path(environment, "RASID_HOME", "var")
    settings = Settings(
        home=home,
        database_url=_database(environment, home, faults),
        sources=_path(environment, "RASID_SOURCES", "sources.toml"),
        topic=_path(environment, "RASID_TOPIC", "topic.toml"),
        corpus=_path(environment, "RASID_CORPUS", "corpus"),
        allowed_hosts=_hosts(environment, faults),
        contact=_contact(environment, faults),
        prefect_api_url=_api(environment, faults),
    )
    if faults:
        raise Faults(faults)
    return settings


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


def _api(environment: Mapping[str, str], faults: list[str]) -> str | None:
    url = _value(environment, "PREFECT_API_URL")
    if url and not re.fullmatch(r"https?://[^\s/]+(/\S*)?", url):
        faults.append("PREFECT_API_URL: is no address; write http://127.0.0.1:4200/api, or unset it")
    return url


def _contact(environment: Mapping[str, str], faults: list[str]) -> str:
    contact = _value(environment, "RASID_CONTACT") or HOME_PAGE
    if not contact.isascii() or not contact.isprintable() or any(sign in contact for sign in "()"):
        faults.append("RASID_CONTACT: must fit a User-Agent; write an e-mail or web address in ASCII without brackets")
    return contact
