"""Links of redirecting services: where they lead, told from the link alone, so that the service is never asked."""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import parse_qs, urlsplit

_GOOGLE = re.compile(r"(?:news|www)\.google\.[a-z.]{2,6}")
_ARTICLE = re.compile(r"/(?:rss/)?(?:articles|read)/([A-Za-z0-9_-]{20,})")
_ADDRESS = re.compile(rb"https?://[\x21-\x7e]+")
_PARAMETERS = ("url", "q")


def target(address: str) -> str | None:
    """The publisher's address; the address itself where it is no such service's; None where the link does not say."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return address
    if not _GOOGLE.fullmatch(parts.hostname or ""):
        return address
    if article := _ARTICLE.match(parts.path):
        return _within(article[1])
    if parts.path == "/url":
        said = parse_qs(parts.query)
        named = (value for name in _PARAMETERS for value in said.get(name, ()))
        return next((value for value in named if value.startswith(("http://", "https://"))), None)
    return address


def _within(token: str) -> str | None:
    """The address in an article's token: older ones hold it as it is, newer ones something that only Google reads."""
    try:
        # A token is some bytes of its own, a length, and the address; what follows it is never a printable character.
        body = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (binascii.Error, ValueError):
        return None
    found = _ADDRESS.search(body)
    return found[0].decode("ascii") if found else None
