"""A look at one source: the ways in its catalogue block, then, where these don't do, those that its site offers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from urllib.parse import urljoin

from articles import urls
from articles.model import Answer, Failure, Link, Outcome, RobotsFile, Source
from articles.topic import Topic
from extractors import discover
from extractors.pool import Pool
from extractors.sampling import Sample
from extractors.web import Web, user_agent
from flows import findings, probing, searching
from flows.findings import CATALOGUE, FEED, SITEMAP, Checkup, Way
from flows.probing import Bench
from flows.settings import Settings

SAMPLES = 2
"""Articles that are read."""

TRIES = 4
"""Pages that are asked for until so many articles were read."""

ALL_SECONDS = 600
"""For one source with all waiting: as long as its turn in a pass."""

SITEMAP_NAMES = (
    "/news-sitemap.xml",
    "/sitemap-news.xml",
    "/google-news-sitemap.xml",
    "/sitemap_google_news.xml",
    "/sitemap_index.xml",
    "/sitemap.xml",
)
FEED_NAMES = ("/feed/", "/rss", "/rss.xml")
"""Where publishing systems put them, the likeliest first."""

USUAL = "a usual name"
"""Where an address is from that nobody named: what is not there is no news."""

FOUND = 3
"""Addresses that a page or a robots.txt names, of each kind, that are tried."""

_CLOSED = frozenset(
    {Outcome.BLOCKED, Outcome.FORBIDDEN, Outcome.RATE_LIMITED, Outcome.UNREACHABLE, Outcome.TIMEOUT, Outcome.REFUSED}
)
"""A front page that answers so shall not be asked for further addresses by guessing."""


@asynccontextmanager
async def bench(settings: Settings, topic: Topic, robots: Iterable[RobotsFile] = ()) -> AsyncIterator[Bench]:
    """What looks at sources need, open: the same web as a pass has."""
    now: Callable[[], datetime] = partial(datetime.now, UTC)
    web = Web(user_agent=user_agent(settings.contact), allowed=settings.allowed_hosts, robots=robots, now=now)
    async with Pool() as pool, web:
        yield Bench(web=web, pool=pool, topic=topic, now=now)


async def check(bench: Bench, source: Source) -> Checkup:
    """Looks at all that a catalogue block names, and where no feed or sitemap of it is alive, at what else there is.

    Takes `ALL_SECONDS` at most.
    """
    best, now = (FEED, SITEMAP), bench.now()
    return await _within_time(bench, source, lambda way: way.works and way.kind in best and not way.is_old(now))


async def glance(bench: Bench, source: Source) -> Checkup:
    """The same, but looks further only where nothing of the block works."""
    return await _within_time(bench, source, lambda way: way.works)


async def _within_time(bench: Bench, source: Source, suffices: Callable[[Way], bool]) -> Checkup:
    ways: list[Way] = []
    samples: list[Sample] = []
    try:
        async with asyncio.timeout(ALL_SECONDS):
            await _configured(bench, source, ways)
            if not any(map(suffices, ways)):
                await elsewhere(bench, source, ways, samples)
            await read(bench, source, ways, samples, SAMPLES)
    except TimeoutError:
        says = f"The time for one source was up ({ALL_SECONDS} s)."
        ways.append(Way(kind="site", url=home_of(source), found=CATALOGUE, outcome=Outcome.TIMEOUT, says=says))
    changes = tuple(findings.changes(source, ways, samples))
    return findings.judge(source, bench.now(), ways, samples, changes)


async def _configured(bench: Bench, source: Source, ways: list[Way]) -> None:
    for url in source.feeds:
        ways.append(await probing.way(bench, source, FEED, url, CATALOGUE))
    for url in source.sitemaps:
        ways.append(await probing.way(bench, source, SITEMAP, url, CATALOGUE))
    for one in source.listings:
        ways += await probing.listing(bench, source, one, CATALOGUE)
    for search in source.searches:
        ways.append(await searching.search(bench, source, search))


async def elsewhere(bench: Bench, source: Source, ways: list[Way], samples: list[Sample]) -> None:
    """What a site offers besides: feeds that its pages name, sitemaps that its robots.txt names, addresses that are
    usual, its front page as a listing. Ends with the first that does.

    `ways` gets what was found, `samples` the article that a sitemap had to show.
    """
    readable = any(way.works for way in ways)
    tried = {urls.key(way.url) for way in ways}
    home = home_of(source)
    front = await probing.ask(bench, source, home)
    async for kind, url, found in _candidates(bench, source, tuple(ways), home, front):
        if urls.key(url) in tried:
            continue
        tried.add(urls.key(url))
        way = await probing.way(bench, source, kind, url, found)
        if way.works and not way.is_old(bench.now()) and await _does(bench, source, way, samples, readable):
            ways.append(way)
            return
        if found != USUAL and not way.works:
            ways.append(way)
    if isinstance(front, Answer) and not readable:
        ways += await probing.guessed(bench, source, front, home)


async def _does(bench: Bench, source: Source, way: Way, samples: list[Sample], readable: bool) -> bool:
    """Is a found way one to articles? A feed is; a sitemap may list anything, or the whole past."""
    if way.kind == FEED:
        return True
    if readable and not way.dated:
        return False
    found = await probing.sample(bench, source, way.links[0])
    if found.article:
        samples.append(found)
    return found.article is not None


async def read(bench: Bench, source: Source, ways: Sequence[Way], samples: list[Sample], wanted: int) -> None:
    """Reads articles of the best way until so many came out; `samples` gets each page, and print views if better."""
    best = next((way for way in ways if way.works), None)
    if best is None:
        return
    rules = replace(source, article_url=source.article_url or best.article_url)
    asked = {sample.url for sample in samples}
    for link in _spread(best.links, wanted):
        if sum(1 for sample in samples if sample.article and not sample.print_of) >= wanted:
            return
        if link.url in asked:
            continue
        found = await probing.sample(bench, rules, link)
        samples.append(found)
        if found.print_view and (found.article is None or found.article.published is None):
            samples += await _printed(bench, rules, link, found)


def home_of(source: Source) -> str:
    """A source's front page: as the catalogue says, or else the root of the site that its first address is on."""
    if source.home:
        return source.home
    listed, searched = (one.url for one in source.listings), (one.url for one in source.searches)
    first = next(iter((*source.feeds, *source.sitemaps, *listed, *searched)))
    return urljoin(first, "/")


async def _candidates(
    bench: Bench, source: Source, known: Sequence[Way], home: str, front: Answer | Failure
) -> AsyncIterator[tuple[str, str, str]]:
    """Kind, address, and where the address is from, in the order in which they are worth asking for."""
    for way in known:
        for url in way.named[:FOUND]:
            yield FEED, url, f"the page at {way.url}"
    if isinstance(front, Answer):
        named = await asyncio.to_thread(discover.alternates, front, replace(source, home=front.url))
        for url in named[:FOUND]:
            yield FEED, url, f"the page at {home}"
    for url in (await bench.web.sitemaps(home, min_delay=source.min_delay))[:FOUND]:
        if absolute := urls.absolute(home, url):
            yield SITEMAP, absolute, "robots.txt"
    if isinstance(front, Answer) or front.outcome not in _CLOSED:
        for name in SITEMAP_NAMES:
            yield SITEMAP, urljoin(home, name), USUAL
        for name in FEED_NAMES:
            yield FEED, urljoin(home, name), USUAL


def _spread(links: Sequence[Link], wanted: int) -> list[Link]:
    """The newest link, others spread over the list, and the next ones in reserve."""
    step = max(1, len(links) // wanted)
    chosen = list(links[::step][:wanted])
    return [*chosen, *(link for link in links if link not in chosen)][: max(TRIES, wanted)]


async def _printed(bench: Bench, source: Source, link: Link, page: Sample) -> list[Sample]:
    """The print view of a page that gave no article or no date, if it gives more."""
    found = await probing.sample(bench, source, replace(link, url=page.print_view or page.url))
    better = found.article and (page.article is None or found.article.published)
    return [replace(found, print_of=page.url)] if better else []
