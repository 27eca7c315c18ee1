"""A source's front pages in a pass, and what they come to together."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from articles import queries, urls
from articles.model import Answer, Link, Outcome, Source
from extractors import discover, searches
from extractors.discover import Read
from extractors.turns import Clock
from flows import fronts, indexes
from flows.desk import Desk
from flows.fronts import Reading, Visit
from storage.fronts import Fronts

SECONDS = 100
"""For a source's front pages together, waiting for the host's turn apart."""

TURN_SECONDS = 300
"""For the same with all waiting: half of a source's turn, so that its articles get the other half."""

FOUND_FEEDS = 2
"""Feeds that are read in the place of one that is gone: a site's own, and perhaps one of a section."""

_RANK = {Outcome.OK: 0, Outcome.UNCHANGED: 1, Outcome.EMPTY: 3}
_FAILED = 2

_ENOUGH = (
    Outcome.RATE_LIMITED,
    Outcome.FORBIDDEN,
    Outcome.BLOCKED,
    Outcome.DISALLOWED,
    Outcome.TIMEOUT,
    Outcome.UNREACHABLE,
)
"""After these a site is asked for no (further) search in this pass."""


@dataclass(frozen=True, kw_only=True)
class Poll:
    """What a source's front pages came to together."""

    outcome: Outcome
    http: int | None = None
    error: str | None = None
    retry_after: float | None = None
    links: tuple[Link, ...] = ()
    states: Fronts = field(default_factory=dict)


async def poll(desk: Desk, source: Source, known: Fronts) -> Poll:
    """Reads all front pages of a source; one that fails does not stop the others."""
    visit = Visit(desk=desk, source=source, known=known, clock=Clock(SECONDS))
    readings: list[Reading] = []
    try:
        async with asyncio.timeout(TURN_SECONDS):
            await _read_all(visit, readings)
    except TimeoutError:
        reason = f"Its front pages took longer than {TURN_SECONDS} s."
        readings.append(Reading(url=source.name, outcome=Outcome.TIMEOUT, error=reason))
    return _together(readings)


async def _read_all(visit: Visit, readings: list[Reading]) -> None:
    """`readings` gets each front page as soon as it is read, so that none is lost when the time is up."""
    for url, how in _fronts(visit.source):
        reading = await fronts.read(visit, url, how)
        if reading.further:
            await indexes.follow(visit, reading, readings)
        elif how is discover.feed and (reading.feeds or reading.http in (404, 410)):
            await _look_elsewhere(visit, reading, readings)
        else:
            readings.append(reading)
    if visit.source.searches:
        await _search(visit, readings)


def _fronts(source: Source) -> Iterable[tuple[str, Read]]:
    yield from ((url, discover.feed) for url in source.feeds)
    yield from ((url, discover.sitemap) for url in source.sitemaps)
    yield from ((listing.url, partial(discover.listing, selector=listing.links)) for listing in source.listings)


async def _search(visit: Visit, readings: list[Reading]) -> None:
    """Reads each search's answer to each query, as long as the site answers."""
    source = visit.source
    asked = source.queries or queries.queries(visit.desk.topic, source.language, source.country)
    if not asked:
        reason = f'The topic has no words in "{source.language}" to ask its search for; give the source queries.'
        readings.append(Reading(url=source.name, outcome=Outcome.EMPTY, error=reason))
    for search in source.searches:
        for url in dict.fromkeys(searches.addresses(search, asked)):
            if readings and readings[-1].outcome in _ENOUGH:
                return
            readings.append(await fronts.read(visit, url, partial(discover.found, search=search)))


async def _look_elsewhere(visit: Visit, dead: Reading, readings: list[Reading]) -> None:
    """Reads the feeds that the page in the place of a dead feed names, or else the source's home.

    What is said of the source stays the configured address's: somebody has to mend the catalogue.
    """
    named = dead.feeds or await _feeds_of_home(visit, dead, readings)
    tried = {urls.key(url) for url in (*visit.source.feeds, *(reading.url for reading in readings))}
    found = [url for url in named if urls.key(url) not in tried][:FOUND_FEEDS]
    others = [await fronts.read(visit, url, discover.feed) for url in found]
    good = [reading for reading in others if reading.outcome in (Outcome.OK, Outcome.UNCHANGED)]
    if good:
        where = " and ".join(reading.url for reading in good)
        dead = replace(dead, error=f"{dead.error} The site names {where}, which was read instead.")
    readings += [dead, *(replace(reading, speaks=False) for reading in others)]


async def _feeds_of_home(visit: Visit, dead: Reading, readings: Sequence[Reading]) -> tuple[str, ...]:
    home = visit.source.home
    if home is None or urls.key(home) in {urls.key(dead.url), *(urls.key(reading.url) for reading in readings)}:
        return ()
    answer = await visit.desk.web.front(home, min_delay=visit.source.min_delay, validators=None, within=visit.clock)
    if not isinstance(answer, Answer):
        return ()
    return await asyncio.to_thread(discover.alternates, answer, visit.source)


def _together(readings: list[Reading]) -> Poll:
    """One page that could be read makes the source readable; otherwise its first failure speaks for it."""
    speaking = [reading for reading in readings if reading.speaks] or readings
    speaks = min(speaking, key=lambda reading: _RANK.get(reading.outcome, _FAILED))
    waits = [reading.retry_after for reading in readings if reading.retry_after]
    links = {urls.key(link.url): link for reading in reversed(readings) for link in reversed(reading.links)}
    return Poll(
        outcome=speaks.outcome,
        http=speaks.http,
        error=speaks.error,
        retry_after=max(waits, default=None),
        links=tuple(reversed(links.values())),
        states={reading.url: reading.state for reading in readings if reading.state},
    )
