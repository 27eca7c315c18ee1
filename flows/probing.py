"""Asking a site's addresses what they are: each is a `Way`, whatever came of it. The Web's own manners hold."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

from articles import urls
from articles.model import Answer, Failure, Link, Listing, Outcome, Source
from articles.topic import Topic
from extractors import discover, guesses, sampling
from extractors.discover import Child, Front, Read
from extractors.pool import Pool
from extractors.sampling import Sample
from extractors.web import Web
from flows import fronts
from flows.findings import FEED, LISTING, SITEMAP, Way

CHILDREN = 3
"""Sitemaps of an index that are asked for until one has articles: an index may name hundreds."""

GUESS = "a guess from the page"
"""Where a listing is from that nobody named."""

SHELL = "The page is a frame that a script fills: it holds no links to articles."

_ARTICLES = re.compile(r"news|post|article", re.IGNORECASE)
_READ = {FEED: discover.feed, SITEMAP: discover.sitemap}
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Bench:
    """What a look at sources works with, open."""

    web: Web
    pool: Pool
    topic: Topic
    now: Callable[[], datetime]


async def way(bench: Bench, source: Source, kind: str, url: str, found: str) -> Way:
    """Asks for a feed or sitemap."""
    answer = await ask(bench, source, url)
    if isinstance(answer, Failure):
        return failed(kind, url, found, answer)
    return await understood(bench, source, kind, answer, found)


async def understood(bench: Bench, source: Source, kind: str, answer: Answer, found: str) -> Way:
    """What an answer is as a feed or sitemap."""
    url = answer.asked
    front = await read(bench, source, answer, _READ[kind])
    if isinstance(front, Front) and front.further:
        return await _of_index(bench, source, answer, front.further, found)
    made = _made(kind, url, found, answer, front)
    if isinstance(front, Failure) and kind == FEED:
        named = await asyncio.to_thread(discover.alternates, answer, source)
        return replace(made, named=tuple(one for one in named if urls.key(one) != urls.key(url)))
    return made


async def listing(bench: Bench, source: Source, wanted: Listing, found: str) -> list[Way]:
    """Asks for a listing; where its selector finds nothing, another one is guessed from the same page."""
    answer = await ask(bench, source, wanted.url)
    if isinstance(answer, Failure):
        return [replace(failed(LISTING, wanted.url, found, answer), listing=wanted)]
    front = await read(bench, source, answer, partial(discover.listing, selector=wanted.links))
    made = replace(_made(LISTING, wanted.url, found, answer, front), listing=wanted)
    if made.works:
        return [made]
    others = await guessed(bench, source, answer, wanted.url)
    if others and others[0].listing is None:
        return [replace(made, says=f"{made.says} {others[0].says}")]
    return [made, *(replace(way, listing=replace(wanted, links=way.listing.links)) for way in others if way.listing)]


async def guessed(bench: Bench, source: Source, answer: Answer, url: str) -> list[Way]:
    """The listing that a page seems to hold, tried out on it; nothing where it holds none."""
    looks = await bench.pool.read(guesses.look, answer, source, bench.now())
    if isinstance(looks, Failure):
        return []
    if looks.listing is None:
        return [_frame(url)] if looks.is_shell else []
    seems = Listing(url=url, links=looks.listing.links)
    tried = replace(source, article_url=source.article_url or looks.listing.article_url)
    front = await read(bench, tried, answer, partial(discover.listing, selector=seems.links))
    made = _made(LISTING, url, GUESS, answer, front)
    return [replace(made, listing=seems, article_url=looks.listing.article_url)] if made.works else []


async def is_shell(bench: Bench, source: Source, answer: Answer) -> bool:
    """Is a page a frame that a script fills?"""
    looks = await bench.pool.read(guesses.look, answer, source, bench.now())
    return not isinstance(looks, Failure) and looks.is_shell


async def ask(bench: Bench, source: Source, url: str) -> Answer | Failure:
    """One front page, anew."""
    answer = await bench.web.front(url, min_delay=source.min_delay, validators=None)
    if isinstance(answer, Answer | Failure):
        return answer
    return Failure(url=url, outcome=Outcome.BROKEN, reason="It answered 304 (Not Modified) to a first question.")


async def sample(bench: Bench, source: Source, link: Link) -> Sample:
    """One article's page, read as in a pass."""
    answer = await bench.web.page(link.url, min_delay=source.min_delay)
    if isinstance(answer, Failure):
        return Sample(url=link.url, article=None, refused=answer.reason)
    found = await bench.pool.read(partial(sampling.sample, link=link), answer, source, bench.now())
    return Sample(url=link.url, article=None, refused=found.reason) if isinstance(found, Failure) else found


async def read(bench: Bench, source: Source, answer: Answer, how: Read) -> Front | Failure:
    """A front page's links; big ones are read by a worker, as in a pass."""
    if discover.is_light(how, answer, fronts.BIG):
        return await asyncio.to_thread(how, answer, source, bench.now())
    return await bench.pool.read(how, answer, source, bench.now())


async def _of_index(bench: Bench, source: Source, index: Answer, children: Sequence[Child], found: str) -> Way:
    """What the newest sitemaps of an index hold, until one holds articles: never all of them."""
    asked, last = 0, Way(kind=SITEMAP, url=index.asked, found=found, outcome=Outcome.EMPTY, says="", http=index.status)
    waiting = _in_order(children)
    while waiting and asked < CHILDREN:
        child = waiting.pop(0)
        asked += 1
        answer = await ask(bench, source, child.url)
        if isinstance(answer, Failure):
            last = failed(SITEMAP, index.asked, found, answer)
            continue
        front = await read(bench, source, answer, discover.sitemap)
        if isinstance(front, Front) and front.further:
            waiting[:0] = _in_order(front.further)
            continue
        last = _made(SITEMAP, index.asked, found, answer, front)
        if last.works:
            break
    says = f"An index of {_many(len(children), 'sitemap')}; {asked} asked for. {last.says}"
    return replace(last, says=says, moved_to=_moved(index.asked, index.url))


def _in_order(children: Iterable[Child]) -> list[Child]:
    """The newest first; of those without a date first the ones that are called after news, the last named first."""
    undated = [child for child in children if child.changed is None]
    dated = [child for child in children if child.changed is not None]
    undated.reverse()
    undated.sort(key=lambda child: not _ARTICLES.search(child.url))
    return [*sorted(dated, key=lambda child: child.changed or _LONG_AGO, reverse=True), *undated]


def _made(kind: str, url: str, found: str, answer: Answer, front: Front | Failure) -> Way:
    moved = _moved(url, answer.url)
    if isinstance(front, Failure):
        says = f"{front.reason} It answered {answer.status} from {moved}." if moved else front.reason
        return Way(kind=kind, url=url, found=found, outcome=front.outcome, says=says, http=answer.status)
    newest = f"; the newest of {front.newest:%Y-%m-%d}" if front.newest else ""
    says = f"{_many(len(front.links), 'article')}{newest}."
    return Way(
        kind=kind,
        url=url,
        found=found,
        outcome=Outcome.OK,
        says=says,
        http=answer.status,
        moved_to=moved,
        links=front.links,
        newest=front.newest,
    )


def failed(kind: str, url: str, found: str, failure: Failure) -> Way:
    """An address that gave no answer."""
    return Way(kind=kind, url=url, found=found, outcome=failure.outcome, says=failure.reason, http=failure.http)


def _frame(url: str) -> Way:
    return Way(kind=LISTING, url=url, found=GUESS, outcome=Outcome.EMPTY, says=SHELL, http=200)


def _moved(asked: str, answered: str) -> str | None:
    """The address that answered, where a redirect led to it."""
    return answered if urls.canonical(asked) != urls.canonical(answered) else None


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
