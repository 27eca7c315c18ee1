"""Addresses: the form to fetch and show, the identity to look up by, and links made absolute."""

from __future__ import annotations

import hashlib
import re
from typing import NamedTuple
from urllib.parse import quote, urljoin, urlsplit

from articles import trackers

_DEFAULT_PORTS = {"http": 80, "https": 443}
_LONGEST = 8_000  # RFC 9110, section 4.1: what everyone should be able to handle
_LONGEST_KEY = 1_000  # an index of PostgreSQL takes 2,700 bytes at most
_MAX_HOST = 253  # RFC 1035, section 2.3.4, as text
_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\]")
_EDGES = "".join(map(chr, range(0x21)))
_BREAKS = re.compile("[\t\r\n]")
_OTHER_SCHEME = re.compile(r"(?!https?:)[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_BEFORE_QUERY = re.compile(r"[^?#]*")
_SEPARATOR = re.compile(r"(?:^|&)(?:amp;)*")
_SESSION = re.compile(r";(?:jsessionid|phpsessid)=[^/;]*", re.IGNORECASE)
# RFC 3986: an escape, or what may not stand in a path or query as it is (a lone % too).
_ODD_IN_PATH = re.compile(r"%([0-9a-fA-F]{2})|%|[^A-Za-z0-9._~!$&'()*+,;=:@/%-]+")
_ODD_IN_QUERY = re.compile(r"%([0-9a-fA-F]{2})|%|[^A-Za-z0-9._~!$&'()*+,;=:@/?%-]+")
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")
_MOBILE = re.compile(r"^(?:www|m|amp)\.(?=[^.]+\.)")
# The AMP cache: the page's own address stands in the path, behind c or v, and s for https.
_AMP_CACHE = re.compile(r"/[cv]/(?:s/)?(?=[^/]+\.[^/]+/.)")
_AMP_CACHE_HOST = ".cdn.ampproject.org"
_LANGUAGE = re.compile(r"[a-z]{2}")
# One publishing system of Palestinian sites: the number names the article, the slug is for people and changes.
_NUMBERED_POST = re.compile(r"(?P<kept>(?:/[a-z]{2})?/post/\d{5,})/[^/]*[^/\d][^/]*")
_AMP_SUFFIX = re.compile(r"(?:\.amp)+(?=(?:\.html?)?$)", re.IGNORECASE)


class _Address(NamedTuple):
    scheme: str
    user: str
    host: str
    port: int | None
    path: str
    query: tuple[str, ...]

    def __str__(self) -> str:
        user = f"{self.user}@" if self.user else ""
        port = "" if self.port is None else f":{self.port}"
        query = f"?{'&'.join(self.query)}" if self.query else ""
        return f"{self.scheme}://{user}{self.host}{port}{self.path}{query}"


def canonical(url: str) -> str:
    """The address to fetch and show, in one spelling; what is no http(s) address comes back merely trimmed.

    Scheme and host in lower case, IDN in punycode, default port, fragment, session and tracker parameters gone,
    escapes in upper case and only where needed, dot segments resolved. Path and order of parameters stay.
    """
    address = _read(url)
    return str(address) if address else _trimmed(url)


def key(url: str) -> str:
    """The identity of an address, to look up by and never to fetch.

    On top of `canonical`: http is https, without user, `www.`, `m.`, `amp.`, trailing slash, AMP and print variants
    and the slug behind a post's number, and with parameters sorted by name (repeated ones keep their order: sites
    read the first or the last). An identity of more than 1,000 characters is given as its digest: databases index
    no keys of any length.
    """
    address = _read(url)
    if address and address.host.endswith(_AMP_CACHE_HOST) and (behind := _AMP_CACHE.match(address.path)):
        query = f"?{'&'.join(address.query)}" if address.query else ""
        return key(f"https://{address.path[behind.end() :]}{query}")
    whole = _plain(address) if address else _trimmed(url)
    return whole if len(whole) <= _LONGEST_KEY else f"sha256:{hashlib.sha256(whole.encode()).hexdigest()}"


def _plain(address: _Address) -> str:
    return str(
        address._replace(
            scheme="https",
            user="",
            host=_bare_host(address.host),
            port=None if address.port in _DEFAULT_PORTS.values() else address.port,
            path=_plain_path(address.path),
            query=tuple(sorted((p for p in address.query if not _is_view(p)), key=_name)),
        )
    )


def absolute(base: str, href: str) -> str | None:
    """Where a link on the page `base` leads; None where that is nowhere else or not an http(s) address."""
    href = _trimmed(href)
    if not href or href.startswith("#"):
        return None
    try:
        url = urljoin(_trimmed(base), href)
    except ValueError:
        return None
    return url if _read(url) else None


def _trimmed(url: str) -> str:
    """Without the blanks and line breaks that browsers ignore, and with their reading of backslashes."""
    url = _BREAKS.sub("", url.strip(_EDGES)).strip(_EDGES)
    if _OTHER_SCHEME.match(url):
        return url
    return _BEFORE_QUERY.sub(lambda part: part[0].replace("\\", "/"), url, count=1)


def _read(url: str) -> _Address | None:
    if len(url) > _LONGEST:
        return None
    try:
        parts = urlsplit(_trimmed(url))
        port = parts.port
        host = _host(parts.hostname or "")
    except ValueError:
        return None
    if parts.scheme not in _DEFAULT_PORTS or not _HOST.fullmatch(host):
        return None
    user = parts.netloc.rpartition("@")[0]
    return _Address(
        scheme=parts.scheme,
        user=_escaped(user, _ODD_IN_PATH),
        host=host,
        port=None if port == _DEFAULT_PORTS[parts.scheme] else port,
        path=_path(parts.path),
        query=_query(parts.query),
    )


def _host(host: str) -> str:
    """Lower case, in punycode, without the root's dot. Raises UnicodeError where a name can't be a host's."""
    if ":" in host:
        return f"[{host}]"
    if len(host) > _MAX_HOST:
        raise UnicodeError("host name too long")
    ascii_host = host if host.isascii() else host.encode("idna").decode("ascii")
    return ascii_host.lower().removesuffix(".")


def _escaped(text: str, odd: re.Pattern[str]) -> str:
    def mend(found: re.Match[str]) -> str:
        if found[1] is None:
            return quote(found[0], safe="", errors="surrogatepass")
        letter = chr(int(found[1], 16))
        return letter if _UNRESERVED.fullmatch(letter) else found[0].upper()

    return odd.sub(mend, text)


def _path(path: str) -> str:
    """RFC 3986, section 5.2.4; the first segment of an absolute path is empty and stays."""
    kept: list[str] = []
    segments = _SESSION.sub("", _escaped(path, _ODD_IN_PATH)).split("/")[1:]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments and segments[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)


def _query(query: str) -> tuple[str, ...]:
    """The parameters that matter. `&amp;` is an escape too many: no site has a parameter `amp;page`."""
    pieces = _SEPARATOR.split(_escaped(query, _ODD_IN_QUERY))
    return tuple(piece for piece in pieces if piece and not _is_tracker(piece))


def _name(parameter: str) -> str:
    return parameter.partition("=")[0].lower()


def _value(parameter: str) -> str:
    return parameter.partition("=")[2].lower()


def _is_tracker(parameter: str) -> bool:
    name = _name(parameter)
    if name in trackers.NAMES or name.startswith(trackers.PREFIXES):
        return True
    return name in trackers.CHANNEL_NAMES and _value(parameter) in trackers.CHANNELS


def _is_view(parameter: str) -> bool:
    name, value = _name(parameter), _value(parameter)
    if name in trackers.VIEWS:
        return value in trackers.YES
    return name in trackers.VIEW_NAMES and value in trackers.VIEW_VALUES


def _bare_host(host: str) -> str:
    while (shorter := _MOBILE.sub("", host)) != host:
        host = shorter
    return host


def _plain_path(path: str) -> str:
    """Without AMP and print segments at either end, without `.amp`, a trailing slash, or a slug behind a number."""
    segments = path.split("/")[1:]
    while segments:
        last = _AMP_SUFFIX.sub("", segments.pop())
        if last.lower() not in trackers.PATH_VIEWS:
            segments.append(last)
            break
    while len(segments) > 1 and segments[0].lower() in ("amp", "print"):
        del segments[0]
    while len(segments) > 2 and _LANGUAGE.fullmatch(segments[0]) and segments[1].lower() == "amp":
        del segments[1]
    path = "/" + "/".join(segments)
    numbered = _NUMBERED_POST.fullmatch(path)
    return numbered["kept"] if numbered else path
