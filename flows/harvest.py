"""The data's way, from a source to the corpus. Read `read_source` first: it is the whole of it.

Source --poll--> Links --note--> due ones --fetch--> Answer --extract--> Article --judge--> Verdict
                                                       |                                       |
                                                    archive                                    |
  corpus/NNN_<hash>.txt  <-- after the commit --  ONE transaction: article, sighting, story, document, outbox
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Sequence
from functools import partial

from articles.model import Failure, Outcome, Source
from flows import arrivals
from flows.arrivals import Turn
from flows.desk import Desk
from flows.polling import poll
from flows.report import SourceReport
from storage import links, looks, sources
from storage.links import Noted, Waiting
from storage.sources import Claim, End

SECONDS = 600
"""A source's turn in a pass; links that it leaves over stay rows, and the next pass takes them up."""

LINKS = 2000
"""Links of a source taken up in one pass."""


async def read_source(desk: Desk, source: Source, claim: Claim) -> SourceReport:
    """One source's turn: what its front pages name is noted, and every due link fetched, judged and kept.

    Its validators are stored last of all, so that a pass cut short looks again.
    """
    started = time.monotonic()
    front = await poll(desk, source, claim.fronts)
    noted = Noted()
    if front.links:
        noted = await desk.writer.do(partial(links.note, source=source, links=front.links, now=desk.now()))
    turn, complete = Turn(desk=desk, source=source, claim=claim), True
    if front.links or claim.waiting:
        complete = await _take_links(turn, started + SECONDS)
    end = End(
        source=source,
        claim=claim,
        outcome=front.outcome,
        error=front.error,
        at=desk.now(),
        complete=complete,
        retry_after=front.retry_after,
        fronts=front.states,
        discovered=len(front.links),
        known=noted.seen,
        dice=random.random(),
    )
    await desk.writer.do_together(sources.finish, end)
    tally = turn.tally
    return SourceReport(
        name=source.name,
        outcome=front.outcome,
        http=front.http,
        discovered=len(front.links),
        known=noted.stored,
        fetched=tally.fetched,
        new=tally.new,
        duplicates=tally.duplicates,
        revised=tally.revised,
        on_topic=tally.on_topic,
        failed=tally.failed,
        error=front.error,
        documents=tuple(tally.documents),
        seconds=time.monotonic() - started,
    )


async def look_again(desk: Desk, source: Source, claim: Claim) -> SourceReport:
    """The kept pages of a source whose turn has come, without its front pages, which stay as due as they are."""
    started = time.monotonic()
    turn = Turn(desk=desk, source=source, claim=claim)
    due = await desk.writer.do(partial(looks.due, source=source, now=desk.now()))
    await _take(turn, due, started + SECONDS)
    tally = turn.tally
    return SourceReport(
        name=source.name,
        outcome=Outcome.NOT_DUE,
        fetched=tally.fetched,
        revised=tally.revised,
        failed=tally.failed,
        error="Only its kept pages were looked at again.",
        documents=tuple(tally.documents),
        seconds=time.monotonic() - started,
    )


async def _take_links(turn: Turn, until: float) -> bool:
    """Fetches what is new and what is to be looked at again; False: some was left for later."""
    desk, source, now = turn.desk, turn.source, turn.desk.now()
    due = await desk.writer.do(partial(links.due, source=source, now=now, force=desk.force, limit=LINKS))
    due += await desk.writer.do(partial(looks.due, source=source, now=now))
    return await _take(turn, due, until)


async def _take(turn: Turn, due: Sequence[Waiting], until: float) -> bool:
    """Fetches these in turn while earlier pages are extracted; False: some were left for later."""
    async with asyncio.TaskGroup() as group:
        for link in due:
            if time.monotonic() > until:
                return False
            fetched = await arrivals.fetch(turn, link)
            if isinstance(fetched, Failure):
                await arrivals.put_off(turn, link, fetched)
                if fetched.outcome == Outcome.RATE_LIMITED:
                    return False
            else:
                await turn.desk.slots.acquire()
                group.create_task(arrivals.take(turn, link, fetched))
    return True
