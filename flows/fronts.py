"""One front page: asked for politely, read, and told apart from what it was before."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from dataclasses import dataclass, replace
from datetime import timedelta

from articles.model import Answer, Failure, Link, NotModified, Outcome, Source, Validators
from extractors import discover
from extractors.discover import Child, Front, Read
from extractors.turns import Clock
from flows.desk import Desk
from storage.fronts import Fronts, FrontState

FULL_READ = timedelta(days=1)
"""How often a front page is read in full whatever its server says: some answer 304 after a change."""

BIG = 256_000
"""Bytes of a front page from which on it is read by a worker, which can be killed: most feeds are smaller, and read
faster than handed over."""

log = logging.getLogger("rasid")


@dataclass(frozen=True, kw_only=True)
class Visit:
    """A source's front pages in this pass: what is known of them, and the time that they have together."""

    desk: Desk
    source: Source
    known: Fronts
    clock: Clock


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What one front page came to."""

    url: str
    outcome: Outcome
    http: int | None = None
    error: str | None = None
    retry_after: float | None = None
    links: tuple[Link, ...] = ()
    further: tuple[Child, ...] = ()
    feeds: tuple[str, ...] = ()
    """The feeds that an HTML page named, which came in the place of one."""
    state: FrontState | None = None
    speaks: bool = True
    """It counts for what is said of the source."""


async def read(visit: Visit, url: str, how: Read) -> Reading:
    """Asks for a front page, unless it has not changed reads it, and finds out who only says that it has not."""
    now, before, rules = visit.desk.now(), visit.known.get(url), rules_of(visit.source, url)
    current = before if before and before.rules == rules else None
    fresh = current if current and now - current.read_at <= FULL_READ else None
    answer = await _ask(visit, url, fresh.validators if fresh and not fresh.frozen_at else None)
    if isinstance(answer, Failure):
        return failed(url, answer)
    if isinstance(answer, NotModified):
        state = replace(fresh, validators=answer.validators) if fresh else None
        return Reading(url=url, outcome=Outcome.UNCHANGED, http=304, state=state)
    state = FrontState(
        validators=answer.validators,
        body_hash=hashlib.sha256(answer.body).hexdigest(),
        read_at=now,
        rules=rules,
        frozen_at=before.frozen_at if before else None,
    )
    if fresh and fresh.body_hash == state.body_hash:
        return Reading(url=url, outcome=Outcome.UNCHANGED, http=answer.status, state=state)
    if current and not fresh and await _frozen(visit, url, current, state):
        state = replace(state, frozen_at=now)
    return await _parsed(visit, url, answer, how, state)


def failed(url: str, failure: Failure, http: int | None = None) -> Reading:
    """The reading of a front page that could not be read."""
    return Reading(
        url=url,
        outcome=failure.outcome,
        http=failure.http or http,
        error=failure.reason,
        retry_after=failure.retry_after,
    )


def rules_of(source: Source, url: str) -> str:
    """The catalogue's rules for a front page, as one digest."""
    selectors = [listing.links for listing in source.listings if listing.url == url]
    said = repr((selectors, source.searches, source.canonical, source.article_url, source.language, source.timezone))
    return hashlib.sha256(said.encode()).hexdigest()[:16]


async def _ask(visit: Visit, url: str, validators: Validators | None) -> Answer | NotModified | Failure:
    return await visit.desk.web.front(url, min_delay=visit.source.min_delay, validators=validators, within=visit.clock)


async def _parsed(visit: Visit, url: str, answer: Answer, how: Read, state: FrontState) -> Reading:
    source, now = visit.source, visit.desk.now()
    if discover.is_light(how, answer, BIG):
        front = await asyncio.to_thread(how, answer, source, now)
    else:
        front = await visit.desk.pool.read(how, answer, source, now)
    if isinstance(front, Front):
        links = tuple(replace(link, front=url) for link in front.links)
        # An index says nothing of its children's changes, so it is read in full each time.
        kept = None if front.further else state
        return Reading(url=url, outcome=Outcome.OK, http=answer.status, links=links, further=front.further, state=kept)
    feeds = await asyncio.to_thread(discover.alternates, answer, source) if how is discover.feed else ()
    return replace(failed(url, front, answer.status), feeds=feeds)


async def _frozen(visit: Visit, url: str, before: FrontState, after: FrontState) -> bool:
    """Do the validators stay as they are, or go on being accepted, although the bytes have changed?

    Asked after the daily full read alone: of those who said all day that nothing had changed.
    """
    if visit.source.interval >= FULL_READ.total_seconds():
        return False
    if before.frozen_at or before.body_hash in (None, after.body_hash) or before.validators == Validators():
        return False
    same = before.validators == after.validators
    if not same and not isinstance(await _ask(visit, url, before.validators), NotModified):
        return False
    log.warning(
        "source %s: %s is said to be unchanged although it has changed; it is read in full from now on",
        visit.source.name,
        url,
    )
    return True
