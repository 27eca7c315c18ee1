"""A page on its way: fetched, into the archive, through the extractor, judged, kept; or put off with its reason."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field, replace
from functools import partial

from articles import topic
from articles.model import Answer, Article, Failure, Outcome, Refusal, Source
from extractors.pool import BIG
from extractors.version import EXTRACTOR
from flows.desk import Desk
from flows.report import NewDocument
from storage import corpus, intake, links, looks
from storage.archive import Page, Place, Reading
from storage.database import StorageError
from storage.links import Waiting
from storage.records import Arrival, Kept
from storage.sources import Claim

MISSING = (404, 410)
"""Answers that mean: this page is not here any more."""

log = logging.getLogger("rasid")


@dataclass(kw_only=True)
class Tally:
    """What a source's pages have come to so far."""

    fetched: int = 0
    new: int = 0
    duplicates: int = 0
    revised: int = 0
    on_topic: int = 0
    failed: int = 0
    documents: list[NewDocument] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Turn:
    """One source's turn in a pass."""

    desk: Desk
    source: Source
    claim: Claim
    tally: Tally = field(default_factory=Tally)


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """A page that stands in the archive, and waits for its turn."""

    answer: Answer
    """Of a big page without its body, which is read from the archive in its turn."""
    place: Place
    big: bool


async def fetch(turn: Turn, link: Waiting) -> Fetched | Failure:
    """Asks for a page, and puts it into the archive."""
    answer = await turn.desk.web.page(link.link.url, min_delay=turn.source.min_delay)
    if isinstance(answer, Failure):
        turn.tally.fetched += answer.outcome not in (Outcome.DISALLOWED, Outcome.REFUSED)
        return answer
    turn.tally.fetched += 1
    return await archived(turn, answer)


async def archived(turn: Turn, answer: Answer) -> Fetched:
    """The page, put into the archive."""
    place = await asyncio.to_thread(turn.desk.archive.put, answer)
    big = len(answer.body) >= BIG
    return Fetched(answer=replace(answer, body=b"") if big else answer, place=place, big=big)


async def take(turn: Turn, link: Waiting, fetched: Fetched) -> None:
    """One fetched page, whatever comes of it. What nobody expected costs this page, never its source."""
    try:
        await _take(turn, link, fetched)
    except StorageError:
        raise
    except Exception as error:
        log.exception("source %s: %s", turn.source.name, fetched.answer.url)
        unexpected = Refusal(url=fetched.answer.url, reason=f"An unexpected error: {type(error).__name__}.")
        await _refuse(turn, link, unexpected, None)
    finally:
        turn.desk.slots.release()


async def put_off(turn: Turn, link: Waiting, failure: Failure) -> None:
    """A page that could not be fetched is tried again: a new one later, a known one at its next rung."""
    turn.tally.failed += 1
    now = turn.desk.now()
    if link.article_id is None:
        after = failure.retry_after or 0
        failed = partial(
            links.fail, source=turn.source, link=link, reason=failure.reason, outcome=failure.outcome.value
        )
        later = partial(failed, now=now, after=after)
    else:
        later = partial(looks.missed if failure.http in MISSING else looks.failed, link=link, now=now)
    await turn.desk.writer.do(later)


async def _take(turn: Turn, link: Waiting, fetched: Fetched) -> None:
    desk, source = turn.desk, turn.source
    found = await _extracted(turn, link, fetched)
    steps, refused = (found.steps, None) if isinstance(found, Article) else ((), found.reason)
    reading = Reading(extractor=EXTRACTOR, steps=steps, refused=refused)
    page = Page(source=source.name, answer=fetched.answer, place=fetched.place, reading=reading, link_id=link.id)
    if isinstance(found, Refusal):
        await _refuse(turn, link, found, page)
        return
    # A long text takes a second: in a thread, the other sources go on meanwhile.
    verdict = await asyncio.to_thread(
        topic.judge, desk.topic, title=found.title, text=found.text, language=found.language
    )
    arrival = Arrival(
        article=found,
        verdict=verdict,
        source=source.name,
        link=link,
        fetched_at=fetched.answer.fetched_at,
        news=not turn.claim.baseline,
    )
    kept = await desk.writer.do(partial(intake.keep, arrival=arrival, page=page, now=desk.now()))
    _count(turn.tally, kept)
    if kept.file:
        turn.tally.documents.append(NewDocument(name=kept.file.name, title=found.title, url=found.url))
        await asyncio.to_thread(corpus.write, desk.corpus, kept.file, desk.run)


async def _extracted(turn: Turn, link: Waiting, fetched: Fetched) -> Article | Refusal:
    desk = turn.desk
    if not fetched.big:
        return await desk.pool.extract(fetched.answer, turn.source, fetched.answer.fetched_at, link.link)
    async with desk.pool.big:
        answer = await asyncio.to_thread(desk.archive.get, fetched.place)
        return await desk.pool.extract(answer, turn.source, answer.fetched_at, link.link)


async def _refuse(turn: Turn, link: Waiting, refusal: Refusal, page: Page | None) -> None:
    turn.tally.failed += 1
    now = turn.desk.now()
    refused = partial(intake.refuse, source=turn.source, link=link, refusal=refusal, page=page, now=now)
    await turn.desk.writer.do(refused)


def _count(tally: Tally, kept: Kept) -> None:
    tally.new += kept.new
    tally.duplicates += kept.duplicate
    tally.revised += kept.revised
    tally.on_topic += kept.new and kept.on_topic
