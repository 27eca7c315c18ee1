"""robots.txt as RFC 9309 has it: which addresses a site keeps from us, and how slowly it wants to be read."""

from __future__ import annotations

from datetime import datetime, timedelta

from protego import Protego

from articles.model import RobotsFile
from articles.text import safe

KEPT = timedelta(days=1)
"""How long a file may be used without asking again (RFC 9309, 2.4)."""

MOST_BYTES = 500 * 1024
"""What a crawler must read at least (RFC 9309, 2.5); we read no more."""

LONGEST_CRAWL_DELAY = 120.0
"""Seconds; a site that asks for more would never be read to its end."""

_PRODUCT = "rasid"


def is_fresh(file: RobotsFile, now: datetime) -> bool:
    """May this copy be used instead of asking again?"""
    return abs(now - file.read_at) < KEPT


class Rules:
    """What a robots.txt says to `rasid`, or to everybody where it does not name us."""

    def __init__(self, body: str | None) -> None:
        # A site that answers every address with its front page has no robots.txt.
        is_page = body is None or body.lstrip("\ufeff \t\r\n").startswith("<")
        self._rules = Protego.parse("" if is_page or body is None else body)

    def allow(self, url: str) -> bool:
        """May this address be fetched?"""
        return self._rules.can_fetch(url, _PRODUCT)

    @property
    def sitemaps(self) -> tuple[str, ...]:
        """The sitemaps that the file names, in its order."""
        return tuple(self._rules.sitemaps)

    @property
    def crawl_delay(self) -> float:
        """Seconds between two requests that the site asks for; 0 if it doesn't."""
        return min(self._rules.crawl_delay(_PRODUCT) or 0.0, LONGEST_CRAWL_DELAY)


def origin(scheme: str, host: str, port: int) -> str:
    """The site that one robots.txt speaks for, as in `articles.model.RobotsFile.origin`."""
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


def decode(body: bytes) -> str:
    """The file's text: UTF-8, what is not becomes U+FFFD. No rule needs controls, and a database may refuse them."""
    return safe(body[:MOST_BYTES].decode("utf-8-sig", errors="replace"))
