"""The data's way, from a source to the corpus. Read `read_source` first: it is the whole of it.

Source --poll--> Links --note--> due ones --fetch--> Answer --extract--> Article --judge--> Verdict
                                                                                       |
  corpus/NNN_<hash>.txt  <-- after the commit --  ONE transaction: article, sighting, document, outbox
"""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass, field
from functools import partial

from articles import topic
from articles.model import Answer, Failure, Outcome, Refusal, Source
from flows.desk import Desk
from flows.polling import poll
from flows.report import NewDocument, SourceReport
from storage import corpus, links, looks, records, sources
from storage.database import StorageError
from storage.links import Waiting
from storage.records import Arrival
from storage.sources import Claim, End

SECONDS = 600
"""A source's turn in a pass; links that it leaves over stay rows, and the next pass takes them up."""

MISSING = (404, 410)
"""Answers that mean: this page is not here any more."""

LINKS = 2000
"""Links of a source taken up in one pass."""

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


async def read_source(desk: Desk, source: Source, claim: Claim) -> SourceReport:
    """One source's turn: what its front pages name is noted, and every due link fetched, judged and kept.

    Its validators are stored last of all, so that a pass cut short looks again.
    """
    started = time.monotonic()
    front = await poll(desk, source, claim.fronts)
    known = 0
    if front.links:
        known = await desk.writer.do(partial(links.note, source=source, links=front.links, now=desk.now()))
    tally, complete = Tally(), True
    if front.links or claim.waiting:
        tally, complete = await _take_links(desk, source, claim, started + SECONDS)
    end = End(
        source=source,
        claim=claim,
        outcome=front.outcome,
        error=front.error,
        at=desk.now(),
        complete=complete,
        retry_after=front.retry_after,
        fronts=front.states,
    )
    await desk.writer.do_together(sources.finish, end)
    return SourceReport(
        name=source.name,
        outcome=front.outcome,
        http=front.http,
        discovered=len(front.links),
        known=known,
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


async def _take_links(desk: Desk, source: Source, claim: Claim, until: float) -> tuple[Tally, bool]:
    """Fetches the due links in turn while earlier pages are extracted; False: some were left for later."""
    now = desk.now()
    due = await desk.writer.do(partial(links.due, source=source, now=now, force=desk.force, limit=LINKS))
    due += await desk.writer.do(partial(looks.due, source=source, now=now))
    tally = Tally()
    async with asyncio.TaskGroup() as group:
        for waiting in due:
            if time.monotonic() > until:
                return tally, False
            answer = await desk.web.page(waiting.link.url, min_delay=source.min_delay)
            tally.fetched += not _unasked(answer)
            if isinstance(answer, Failure):
                tally.failed += 1
                await _put_off(desk, source, waiting, answer)
                if answer.outcome == Outcome.RATE_LIMITED:
                    return tally, False
            else:
                await desk.slots.acquire()
                group.create_task(_take(desk, source, claim, waiting, answer, tally))
    return tally, True


async def _take(desk: Desk, source: Source, claim: Claim, waiting: Waiting, answer: Answer, tally: Tally) -> None:
    """One fetched page, whatever comes of it. What nobody expected costs this page, never its source."""
    try:
        refused = await _keep(desk, source, claim, waiting, answer, tally)
    except StorageError:
        raise
    except Exception as error:
        log.exception("source %s: %s", source.name, answer.url)
        refused = Refusal(url=answer.url, reason=f"An unexpected error: {type(error).__name__}.")
    finally:
        desk.slots.release()
    if refused:
        tally.failed += 1
        await _put_off(desk, source, waiting, refused)


async def _keep(
    desk: Desk, source: Source, claim: Claim, waiting: Waiting, answer: Answer, tally: Tally
) -> Refusal | None:
    """The page extracted, judged, kept, and its file written after the commit; or why it is no article."""
    article = await desk.pool.extract(answer, source, desk.now(), waiting.link)
    if isinstance(article, Refusal):
        return article
    arrival = Arrival(
        article=article,
        verdict=topic.judge(desk.topic, title=article.title, text=article.text, language=article.language),
        source=source.name,
        link=waiting,
        fetched_at=answer.fetched_at,
        news=not claim.baseline,
    )
    kept = await desk.writer.do(partial(records.keep, arrival=arrival, now=desk.now()))
    tally.new += kept.new
    tally.duplicates += kept.duplicate
    tally.revised += kept.revised
    tally.on_topic += kept.new and kept.on_topic
    if kept.file:
        tally.documents.append(NewDocument(name=kept.file.name, title=article.title, url=article.url))
        await asyncio.to_thread(corpus.write, desk.corpus, kept.file, desk.run)
    return None


async def _put_off(desk: Desk, source: Source, waiting: Waiting, why: Failure | Refusal) -> None:
    """What gave nothing this time is tried again: a new page later, a known one at its next rung."""
    now = desk.now()
    if waiting.article_id is None:
        after = why.retry_after or 0 if isinstance(why, Failure) else 0
        put_off = partial(links.fail, source=source, link=waiting, reason=why.reason, now=now, after=after)
    elif isinstance(why, Failure) and why.http in MISSING:
        put_off = partial(looks.missed, link=waiting, now=now)
    else:
        put_off = partial(looks.failed, link=waiting, now=now)
    await desk.writer.do(put_off)


def _unasked(answer: Answer | Failure) -> bool:
    return isinstance(answer, Failure) and answer.outcome in (Outcome.DISALLOWED, Outcome.REFUSED)
