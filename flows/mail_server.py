"""The mail server as an address: `smtp://user:password@host:587`, `smtps://host:465`, `smtp://127.0.0.1:1025?tls=none`."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

_PORTS = {"smtp": 587, "smtps": 465}
_MEND = "write smtp://user:password@host:587, smtps://host:465 or smtp://127.0.0.1:1025?tls=none"


@dataclass(frozen=True, kw_only=True, slots=True)
class Server:
    """Where mail is handed over, and how."""

    host: str
    port: int
    tls: str
    """`starttls` (the default, and never left out), `implicit` (smtps), or `none` (loopback alone)."""
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    def shown(self) -> str:
        """The address without its password."""
        user = f"{self.user}:***@" if self.user else ""
        host = f"[{self.host}]" if ":" in self.host else self.host
        scheme = "smtps" if self.tls == "implicit" else "smtp"
        return f"{scheme}://{user}{host}:{self.port}{'?tls=none' if self.tls == 'none' else ''}"


def parse(url: str) -> Server | str:
    """The server that an address names, or why it names none, with the mend."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return f"can't be read as an address; {_MEND}"
    if parts.scheme not in _PORTS:
        return f"{parts.scheme or url!r} is no way to send mail; {_MEND}"
    if not parts.hostname or parts.path.strip("/") or parts.fragment or port == 0:
        return f"names no mail server; {_MEND}"
    tls = _tls(parts)
    if tls not in ("starttls", "implicit", "none"):
        return tls
    return Server(
        host=parts.hostname,
        port=port or _PORTS[parts.scheme],
        tls=tls,
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
    )


def _tls(parts: SplitResult) -> str:
    """How the connection is made secret; or what is wrong with the wish, with the mend."""
    asked = dict(parse_qsl(parts.query, keep_blank_values=True))
    if unknown := asked.keys() - {"tls"}:
        return f"{min(unknown)!r} is not known; the one option is ?tls=none, for loopback"
    wish = asked.get("tls", "starttls")
    if parts.scheme == "smtps":
        return "implicit" if "tls" not in asked else "smtps is TLS already; leave ?tls= out"
    if wish not in ("starttls", "none"):
        return f"tls={wish!r} is not known; write tls=none for a server on loopback, or leave it out"
    if wish == "none" and not _is_loopback(parts.hostname or ""):
        return "without TLS mail is handed over on loopback alone; leave ?tls=none out"
    return wish


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.rstrip(".").lower() == "localhost"


def ascii_host(address: str) -> str:
    """A mail address with its host in ASCII, so that only a name in another script needs SMTPUTF8."""
    name, _, host = address.rpartition("@")
    try:
        return f"{name}@{host.encode('idna').decode('ascii')}"
    except UnicodeError:
        return address
