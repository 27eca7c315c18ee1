"""What a run into the past would take: the first page of each look read, and the rest reckoned from it."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from pathlib import Path

from articles.model import Failure, Link, Source
from articles.ranges import Range
from extractors.glance import Glance
from extractors.pool import Pool
from extractors.web import Web, user_agent
from flows import archives, ways
from flows.past import Errand
from flows.ways import Walk
from storage import warcs
from storage.frontiers import Look

SAMPLE = 200
"""Pages of an archive file that are looked at."""

PAGE_SECONDS = 0.03
"""CPU that a page takes from its extraction to the database, on an ordinary core."""

LOOK_SECONDS = 0.003
"""The same for a page that is read and glanced at only."""


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """What one look would take. Where `at_least`, nobody can tell how far it goes."""

    source: str
    kind: str
    address: str
    requests: int = 0
    pages: int = 0
    seconds: float = 0.0
    at_least: bool = False
    error: str | None = None

    def line(self) -> str:
        """The estimate in one plain line."""
        if self.error:
            return f"{self.source or '-':<14} {self.kind:<10} can't be told: {self.error}  {self.address}"
        least = "at least " * self.at_least
        says = f"{least}{self.requests:,} requests, {self.pages:,} pages, {span(self.seconds)}"
        return f"{self.source or '-':<14} {self.kind:<10} {says}  {self.address}"


async def estimate(errand: Errand) -> list[Estimate]:
    """What each look would take; asks each site for one or two pages, and keeps nothing."""
    by_name = {source.name: source for source in errand.order.wanted}
    found = []
    web = Web(
        user_agent=user_agent(errand.order.settings.contact),
        allowed=errand.order.settings.allowed_hosts,
        robots=(),
        now=partial(datetime.now, UTC),
    )
    async with Pool() as pool, web:
        for look in errand.looks:
            if look.kind == archives.KIND:
                found.append(_file(errand, look))
            else:
                found.append(await _way(web, pool, by_name[look.source], look))
    return found


def summary(found: Sequence[Estimate]) -> str:
    """All of them together: sources side by side, the looks into one of them one after the other."""
    seconds: defaultdict[str, float] = defaultdict(float)
    for one in found:
        seconds[one.source] += one.seconds
    least = "at least " * any(one.at_least for one in found)
    requests, longest = sum(one.requests for one in found), max(seconds.values(), default=0.0)
    return f"All in all {least}{requests:,} requests; about {span(longest)}, as sources are read side by side."


def span(seconds: float) -> str:
    """A length of time in words."""
    for size, unit in ((86_400, "days"), (3_600, "h"), (60, "min")):
        if seconds >= 1.5 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{math.ceil(seconds)} s"


async def _way(web: Web, pool: Pool, source: Source, look: Look) -> Estimate:
    walk = Walk(web=web, pool=pool, now=partial(datetime.now, UTC), source=source, look=look)
    first = await ways.step(walk, {})
    told = partial(Estimate, source=look.source, kind=look.kind, address=look.address)
    if isinstance(first, Failure):
        return told(error=first.reason)
    fronts, links, at_least = 1, len(first.links), not first.over
    if look.kind == ways.SITEMAP and first.cursor.get("waiting"):
        second = await ways.step(walk, first.cursor)
        files = len(first.cursor["waiting"])
        fronts, links, at_least = 1 + files, files * len(getattr(second, "links", ())), False
    elif first.dated and not first.over and (lists := _lists(first.links, look.days)):
        fronts, links, at_least = lists, links * lists, False
    requests = fronts + links
    delay = ways.WAYBACK_DELAY if look.kind == ways.WAYBACK else max(source.min_delay, 0.1)
    return told(requests=requests, pages=links, seconds=requests * delay, at_least=at_least)


def _lists(links: Sequence[Link], days: Range) -> int | None:
    """How many pages like this one reach back to the first day; None: their dates don't tell."""
    dated = [link.published.at for link in links if link.published]
    if days.since is None or len(dated) < 2:
        return None
    newest, oldest = max(dated), min(dated)
    length = max((newest - oldest).total_seconds(), 3_600.0)
    back = (newest.date() - days.since).total_seconds()
    return max(1, math.ceil(back / length))


def _file(errand: Errand, look: Look) -> Estimate:
    told = partial(Estimate, source=look.source, kind=look.kind, address=look.address)
    if "://" in look.address:
        return told(requests=1, at_least=True)
    path, glance = Path(look.address), Glance(errand.order.topic)
    try:
        size, end, looked, named = path.stat().st_size, 0, 0, 0
        for found in islice(warcs.pages(path, 0, lambda url: True), 10 * SAMPLE):
            end = found.end
            if found.page is not None:
                looked += 1
                named += glance.names_both(found.page.body)
            if looked == SAMPLE:
                break
    except OSError as error:
        return told(error=f"it can't be read: {error.strerror}")
    except warcs.Unreadable as error:
        return told(error=str(error))
    share = size / end if end else 1.0
    pages, whole = round(named * share), round(looked * share)
    return told(pages=pages, seconds=pages * PAGE_SECONDS + whole * LOOK_SECONDS)
