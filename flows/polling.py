"""A source's front pages: asked politely, read, and told apart."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from articles import urls
from articles.model import Answer, Failure, Link, Listing, NotModified, Outcome, Source
from extractors import discover
from extractors.discover import Front
from flows.desk import Desk
from storage.sources import FrontState

SECONDS = 100
"""For a source's robots and front pages together, waiting for the host's turn apart."""

FULL_READ = timedelta(days=1)
"""How often a front page is read in full whatever its server says: some answer 304 after a change."""

SITEMAPS = 50
"""Sitemap files of one index in a pass, newest first."""

DEPTH = 3

Read = Callable[[Answer, Source, datetime], Front | Failure]


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What one front page came to."""

    url: str
    outcome: Outcome
    http: int | None = None
    error: str | None = None
    retry_after: float | None = None
    links: tuple[Link, ...] = ()
    further: tuple[str, ...] = ()
    state: FrontState | None = None


@dataclass(frozen=True, kw_only=True)
class Poll:
    """What a source's front pages came to together."""

    outcome: Outcome
    http: int | None = None
    error: str | None = None
    retry_after: float | None = None
    links: tuple[Link, ...] = ()
    states: Mapping[str, FrontState] = field(default_factory=dict)


async def poll(desk: Desk, source: Source, known: Mapping[str, FrontState]) -> Poll:
    """Reads all front pages of a source; one that fails does not stop the others."""
    readings: list[Reading] = []
    fronts = list(_fronts(source))
    try:
        async with asyncio.timeout(SECONDS + source.min_delay * (len(fronts) + 1)):
            for url, read in fronts:
                readings += await _front(desk, source, url, read, known)
    except TimeoutError:
        reason = f"Its front pages took longer than {SECONDS} s."
        readings.append(Reading(url=source.name, outcome=Outcome.TIMEOUT, error=reason))
    return _together(readings)


def _fronts(source: Source) -> Iterable[tuple[str, Read]]:
    yield from ((url, discover.feed) for url in source.feeds)
    yield from ((url, discover.sitemap) for url in source.sitemaps)
    yield from ((listing.url, partial(_listing, listing)) for listing in source.listings)


def _listing(listing: Listing, answer: Answer, source: Source, now: datetime) -> Front | Failure:
    return discover.listing(answer, listing.links, source, now)


async def _front(desk: Desk, source: Source, url: str, read: Read, known: Mapping[str, FrontState]) -> list[Reading]:
    """A front page, and the sitemaps that it names in its stead."""
    readings: list[Reading] = []
    waiting = [(url, 1)]
    asked = {url}
    while waiting:
        address, depth = waiting.pop(0)
        reading = await _read(desk, source, address, read, known.get(address))
        readings.append(reading)
        children = [child for child in reading.further if child not in asked] if depth < DEPTH else []
        children = children[: SITEMAPS - len(asked) + 1]
        asked.update(children)
        waiting += [(child, depth + 1) for child in children]
    return [reading for reading in readings if not reading.further] or readings


async def _read(desk: Desk, source: Source, url: str, read: Read, known: FrontState | None) -> Reading:
    now = desk.now()
    rules = _rules(source, url)
    if known and (now - known.read_at > FULL_READ or known.rules != rules):
        known = None
    answer = await desk.web.front(url, min_delay=source.min_delay, validators=known.validators if known else None)
    if isinstance(answer, Failure):
        return _failed(answer)
    if isinstance(answer, NotModified):
        return _not_modified(answer, known)
    body_hash = hashlib.sha256(answer.body).hexdigest()
    state = FrontState(validators=answer.validators, body_hash=body_hash, read_at=now, rules=rules)
    if known and known.body_hash == body_hash:
        return Reading(url=url, outcome=Outcome.UNCHANGED, http=answer.status, state=state)
    front = await asyncio.to_thread(read, answer, source, now)
    if isinstance(front, Failure):
        return _failed(front, http=answer.status)
    if front.further:
        # An index says nothing of its children's changes, so it is read in full each time.
        return Reading(url=url, outcome=Outcome.OK, http=answer.status, links=front.links, further=front.further)
    return Reading(url=url, outcome=Outcome.OK, http=answer.status, links=front.links, state=state)


def _rules(source: Source, url: str) -> str:
    """The catalogue's rules for a front page, as one digest."""
    selectors = [listing.links for listing in source.listings if listing.url == url]
    said = repr((selectors, source.article_url, source.language, source.timezone))
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _not_modified(answer: NotModified, known: FrontState | None) -> Reading:
    state = None
    if known:
        state = replace(known, validators=answer.validators)
    return Reading(url=answer.url, outcome=Outcome.UNCHANGED, http=304, state=state)


def _failed(failure: Failure, http: int | None = None) -> Reading:
    return Reading(
        url=failure.url,
        outcome=failure.outcome,
        http=failure.http or http,
        error=failure.reason,
        retry_after=failure.retry_after,
    )


def _together(readings: list[Reading]) -> Poll:
    """One page that could be read makes the source readable; otherwise its first failure speaks for it."""
    speaks = min(readings, key=lambda reading: _RANK.get(reading.outcome, _FAILED))
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


_RANK = {Outcome.OK: 0, Outcome.UNCHANGED: 1, Outcome.EMPTY: 3}
_FAILED = 2
