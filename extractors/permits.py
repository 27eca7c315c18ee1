"""The robots.txt files of a pass: each site's is kept from an earlier pass, or read once, by whoever comes first."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime

from articles.model import Outcome, RobotsFile
from extractors import robots, trouble
from extractors.trouble import Trouble

Fetch = Callable[[str, float], Awaitable[bytes]]
"""The beginning of the file at an address, asked for with a delay in seconds; raises `Trouble`."""


class Permits:
    """What sites allow. An outage of the file is the site's outage for the pass (RFC 9309, 2.3.1)."""

    def __init__(self, kept: Iterable[RobotsFile], fetch: Fetch, now: Callable[[], datetime]) -> None:
        self.read: list[RobotsFile] = []
        """The files read in this pass."""
        self._fetch = fetch
        self._now = now
        self._kept = {file.origin: file for file in kept}
        self._rules: dict[str, robots.Rules | Trouble] = {}
        self._reading: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def rules(self, origin: str, min_delay: float) -> robots.Rules:
        """A site's rules; raise `Trouble` where they can't be had. `min_delay` in seconds."""
        found = self._rules.get(origin)
        if found is None:
            async with self._reading[origin]:
                found = self._rules.get(origin) or await self._first(origin, min_delay)
                self._rules[origin] = found
        if isinstance(found, Trouble):
            raise found.with_traceback(None)
        return found

    async def _first(self, origin: str, min_delay: float) -> robots.Rules | Trouble:
        kept = self._kept.get(origin)
        if kept and robots.is_fresh(kept, self._now()):
            return robots.Rules(kept.body)
        try:
            body = robots.decode(await self._fetch(f"{origin}/robots.txt", min_delay))
        except Trouble as met:
            if not _means_none(met):
                return trouble.about("robots.txt", met)
            body = None
        self.read.append(RobotsFile(origin=origin, body=body, read_at=self._now()))
        return robots.Rules(body)


def _means_none(met: Trouble) -> bool:
    """Is a robots.txt that gave this to be taken as none? 4xx, endless redirects and pages, but no 429."""
    if met.http is None or met.outcome is Outcome.UNREACHABLE:
        return False
    return met.http < 500 and met.http != 429
