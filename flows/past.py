"""Catching up on the past: the same way as in a pass, from another beginning. Read `_walk` first.

Sitemap, list, search, captures --step--> Links --note--> fetch, extract, judge, keep: by the functions of a pass
Archive file --------------read, glance--> Pages --------> extract, judge, keep: the same, several at a time
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from articles.model import Answer, Failure, Link, Outcome, Source
from articles.ranges import Range
from extractors import captures
from flows import adoption, archives, arrivals, passes, ways
from flows.archives import Shelf
from flows.arrivals import Turn
from flows.desk import Desk, opened_desk
from flows.headway import Headway, Result
from flows.orders import Order
from flows.stores import opened
from storage import corpus, frontiers, lives, robots
from storage.database import StorageError
from storage.frontiers import Frontier, Look
from storage.links import Waiting
from storage.sources import Claim

Work = Coroutine[Any, Any, "str | None"]

LINKS = 200
"""Links taken up at a time."""

_OF_THE_HOST = (Outcome.UNREACHABLE, Outcome.RATE_LIMITED)
"""What a page comes to that its neighbours would come to as well."""

log = logging.getLogger("rasid")


@dataclass(frozen=True, kw_only=True)
class Errand:
    """What is to be gone through."""

    order: Order
    """Its sources are those whose past is wanted."""
    days: Range
    via: tuple[str, ...] = ways.OWN
    archives: tuple[str, ...] = ()
    """Files, or their addresses."""
    every_host: bool = True
    """Of an archive file the pages of all hosts, not of the sources' alone."""
    endpoint: str = ways.WAYBACK_AT
    by_topic: bool = False
    """Searches are asked for the topic's words, whatever the catalogue says."""
    again: bool = False
    """What is done is done once more."""

    @property
    def looks(self) -> tuple[Look, ...]:
        """A look for each way into each source's past, and for each archive file."""
        topic, only = self.order.topic, " ".join(sorted(source.name for source in self.order.wanted))
        own = (
            look
            for source in self.order.wanted
            for look in ways.looks(source, topic, self.days, self.via, self.endpoint, by_topic=self.by_topic)
        )
        whose = "" if self.every_host else only
        files = (Look(source=whose, kind=archives.KIND, address=one, days=self.days) for one in self.archives)
        return tuple(dict.fromkeys((*own, *files)))


@dataclass(frozen=True, kw_only=True)
class Report:
    """One run."""

    results: tuple[Result, ...]
    documents: tuple[str, ...]
    """The corpus files that it added."""
    seconds: float

    @property
    def nothing_worked(self) -> bool:
        """Every look stopped."""
        return bool(self.results) and all(one.state == "stopped" for one in self.results)


async def run(errand: Errand, headway: Headway) -> Report:
    """Goes through all that is not done yet, sources side by side, archive files one after the other.

    Raises:
        StorageError: the database or the state folder can't be used.
    """
    order, settings, started = errand.order, errand.order.settings, time.monotonic()
    now, looks = datetime.now(UTC), errand.looks
    with opened(settings) as store, lives.life(store, passes.run_id(now), settings.home / "runs") as life:
        adopted = await asyncio.to_thread(adoption.adopt, store, settings.corpus, order.catalogue, order.topic, now)
        for fault in adopted.faults:
            log.warning("corpus: %s", fault)
        with store.read() as connection:
            corpus.repair(settings.corpus, connection, life)
        async with opened_desk(order, store, life) as desk:
            mine = await desk.writer.do(partial(frontiers.claim, looks=looks, life=life, now=now, again=errand.again))
            renewal = asyncio.create_task(_renew(desk))
            shelf = Shelf.of(errand.order, store, desk, every_host=errand.every_host)
            going = _Going(desk=desk, shelf=shelf, headway=headway, began=now)
            try:
                await going.all(mine, order.wanted)
            except ExceptionGroup as group:
                raise passes.innermost(group) from group
            finally:
                renewal.cancel()
                await desk.writer.do(partial(robots.remember, records=desk.web.robots_read, now=desk.now()))
                await desk.writer.do(partial(frontiers.release, run=life.run))
        with store.read() as connection:
            results = tuple(Result.of(state) for state in frontiers.states(connection, looks))
        names = tuple(sorted(going.documents))
        return Report(results=results, documents=names, seconds=time.monotonic() - started)


@dataclass(frozen=True, kw_only=True)
class _Going:
    """A run under way."""

    desk: Desk
    shelf: Shelf
    headway: Headway
    began: datetime
    documents: list[str] = field(default_factory=list)

    async def all(self, mine: Sequence[Frontier], sources: Sequence[Source]) -> None:
        """Everything that this run holds."""
        turns = asyncio.Semaphore(passes.SIDE_BY_SIDE)
        own = [one for one in mine if one.look.kind != archives.KIND]
        async with asyncio.TaskGroup() as group:
            for source in sources:
                group.create_task(self._source(source, [one for one in own if one.look.source == source.name], turns))
            group.create_task(self._files([one for one in mine if one.look.kind == archives.KIND]))

    async def _source(self, source: Source, its: Sequence[Frontier], turns: asyncio.Semaphore) -> None:
        """The looks into one source's past, one after the other: its host answers one request at a time anyway."""
        turn = Turn(
            desk=self.desk, source=source, claim=Claim(run=self.desk.run, baseline=True, failures=0, waiting=False)
        )
        async with turns:
            for frontier in its:
                await self._end(frontier, await self._survived(frontier, self._walk(turn, frontier)))
        self.documents.extend(document.name for document in turn.tally.documents)

    async def _files(self, files: Sequence[Frontier]) -> None:
        for frontier in files:
            taken = archives.take_in(self.shelf, frontier, self.headway)
            await self._end(frontier, await self._survived(frontier, taken))
        self.documents.extend(self.shelf.documents)

    async def _walk(self, turn: Turn, frontier: Frontier) -> str | None:
        """One look from its cursor to its end; returns why it stopped before that, if it did.

        First comes what is left of an earlier run. A page's links are written down with the cursor behind it.
        """
        walk, stopped = self._way(turn.source, frontier.look), None
        last: Sequence[Link] = ()
        while True:
            if error := await self._take(turn, frontier):
                return error
            if stopped or frontier.cursor.get("over") or await self._is_too_old(walk, last):
                return stopped
            step = await ways.step(walk, frontier.cursor)
            if isinstance(step, Failure):
                return step.reason
            stopped, last = step.failed, step.links if step.dated else ()
            cursor = {**step.cursor, "over": step.over and not step.failed}
            note = partial(frontiers.note, frontier=frontier, source=turn.source, found=step.links, cursor=cursor)
            frontier = await self.desk.writer.do(partial(note, now=self.desk.now()))
            self.headway.at(frontier.look, turn.tally.fetched, None)

    def _way(self, source: Source, look: Look) -> ways.Walk:
        return ways.Walk(web=self.desk.web, pool=self.desk.pool, now=self.desk.now, source=source, look=look)

    async def _take(self, turn: Turn, frontier: Frontier) -> str | None:
        """Fetches the source's links of the past, as a pass does its own; returns why it stopped, if it did."""
        desk, source = turn.desk, turn.source
        due = partial(frontiers.due, source=source, began=self.began, limit=LINKS)
        while links := await desk.writer.do(due):
            known = turn.tally.fetched
            async with asyncio.TaskGroup() as group:
                for link in links:
                    answer = await _fetch(desk, source, link)
                    turn.tally.fetched += 1
                    self.headway.at(frontier.look, turn.tally.fetched, known + len(links))
                    if not isinstance(answer, Failure):
                        await desk.slots.acquire()
                        group.create_task(arrivals.take(turn, link, await arrivals.archived(turn, answer)))
                        continue
                    await arrivals.put_off(turn, link, answer)
                    if answer.outcome in _OF_THE_HOST:
                        return answer.reason
        return None

    async def _is_too_old(self, walk: ways.Walk, links: Sequence[Link]) -> bool:
        """Whether a list in order of time has come to what was published before the days that are wanted."""
        since = walk.look.days.since
        if since is None or not links:
            return False
        newest = await self.desk.writer.do(partial(frontiers.newest, source=walk.source, found=links))
        return newest is not None and newest.date() < since

    async def _survived(self, frontier: Frontier, work: Work) -> str | None:
        """What nobody expected costs this look, never the run."""
        try:
            return await work
        except Exception as raised:
            error = passes.innermost(raised)
            if isinstance(error, StorageError):
                raise error from raised
            log.error("%s: unexpected error", frontier.look.key, exc_info=error)
            return f"An unexpected error: {type(error).__name__}."

    async def _end(self, frontier: Frontier, error: str | None) -> None:
        await self.desk.writer.do(partial(frontiers.end, frontier=frontier, now=self.desk.now(), error=error))
        self.headway.ended(frontier.look, error)


async def _fetch(desk: Desk, source: Source, link: Waiting) -> Answer | Failure:
    """The page; one that was captured speaks as of then, under its own address."""
    captured = captures.original(link.link.front or "")
    if captured is None:
        return await desk.web.page(link.link.url, min_delay=source.min_delay)
    answer = await desk.web.page(link.link.front or "", min_delay=ways.WAYBACK_DELAY)
    if isinstance(answer, Failure):
        return answer
    url, at = captured
    return replace(answer, asked=url, url=url, fetched_at=at)


async def _renew(desk: Desk) -> None:
    while True:
        await asyncio.sleep(passes.RENEW_SECONDS)
        await desk.writer.do(partial(frontiers.renew, run=desk.run, now=desk.now()))
