"""The ways into a source's past: each a list of what to look through, read a page at a time from a cursor on."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from urllib.parse import urlsplit

from articles import queries, ranges
from articles.model import Answer, Failure, Link, Outcome, Search, Source
from articles.ranges import Range
from articles.topic import Topic
from extractors import captures, discover, searches
from extractors.discover import Front, Read
from extractors.pool import Pool
from extractors.web import Web
from storage.frontiers import Cursor, Look

WORDPRESS, SITEMAP, LISTING, SEARCH, WAYBACK = "wordpress", "sitemap", "listing", "search", "wayback"
OWN = (WORDPRESS, SITEMAP, LISTING, SEARCH)
"""The ways that ask the source itself."""
ALL = (*OWN, WAYBACK)

WAYBACK_AT = "https://web.archive.org"
WAYBACK_DELAY = 3.0
"""Seconds between two requests to the Wayback Machine: twenty a minute, one at a time."""

MOST_PAGES = 2_000
"""Pages of one list: a site that goes on for ever is left alone after them."""

SITEMAP_DEPTH = 3

STOPPING = (Outcome.UNREACHABLE, Outcome.TIMEOUT, Outcome.RATE_LIMITED, Outcome.BLOCKED)
"""Of the host rather than of the page: the look stands still, and goes on another time."""

_POSTS = "{site}/wp-json/wp/v2/posts?per_page=100&_fields=link,date,title{dates}&page={{n}}"


@dataclass(frozen=True, kw_only=True)
class Walk:
    """One look under way."""

    web: Web
    pool: Pool
    now: Callable[[], datetime]
    source: Source
    look: Look


@dataclass(frozen=True, kw_only=True)
class Step:
    """What a page of a way gave."""

    links: tuple[Link, ...] = ()
    cursor: Cursor
    over: bool = False
    """The way has come to its end."""
    dated: bool = False
    """It is in order of time: a page that is all too old ends it."""
    failed: str | None = None
    """What could not be read of it, at its end."""


def looks(
    source: Source, topic: Topic, days: Range, via: tuple[str, ...], endpoint: str, *, by_topic: bool
) -> Iterator[Look]:
    """The looks that a source offers by these ways; `by_topic`: its searches are asked for the topic's words."""
    site = _site(source)
    if WORDPRESS in via and site:
        yield Look(source=source.name, kind=WORDPRESS, address=_posts(site, days), days=days)
    if SITEMAP in via:
        yield from (Look(source=source.name, kind=SITEMAP, address=url, days=days) for url in source.sitemaps)
    if LISTING in via:
        pages = (listing.pages for listing in source.listings if listing.pages)
        yield from (Look(source=source.name, kind=LISTING, address=page, days=days) for page in pages)
    if SEARCH in via:
        asked = (() if by_topic else source.queries) or queries.queries(topic, source.language, source.country)
        for search in source.searches:
            for query in asked:
                yield Look(source=source.name, kind=SEARCH, address=f"{search.url} {query}", days=days)
    if WAYBACK in via and site:
        yield Look(source=source.name, kind=WAYBACK, address=f"{endpoint} {urlsplit(site).netloc}", days=days)


async def step(walk: Walk, cursor: Cursor) -> Step | Failure:
    """The next page of a way, from the cursor on."""
    return await _STEPS[walk.look.kind](walk, cursor)


async def _sitemap(walk: Walk, cursor: Cursor) -> Step | Failure:
    """The next sitemap. Of an index those that may hold something of these days, by name and last change."""
    days = walk.look.days
    waiting = list(cursor.get("waiting", [[walk.look.address, 1]]))
    failed = list(cursor.get("failed", []))
    (url, depth), *rest = waiting
    front = await _read(walk, url, partial(discover.sitemap, days=days))
    if isinstance(front, Failure):
        if front.outcome in STOPPING or not cursor:
            return front
        failed += [[url, depth]] if front.outcome != Outcome.EMPTY else []
        front = Front()
    if front.further and depth < SITEMAP_DEPTH:
        names = ranges.of_names([child.url for child in front.further], walk.now().date())
        wanted = [one for one in front.further if ranges.is_wanted(one.url, one.changed, days, names)]
        rest = [[child.url, depth + 1] for child in wanted] + rest
    over = not rest
    says = f"{len(failed)} sitemaps could not be read, the first of them {failed[0][0]}" if over and failed else None
    after = {"waiting": failed, "failed": []} if says else {"waiting": rest, "failed": failed}
    return Step(links=_of(days, front.links), cursor=after, over=over, failed=says)


async def _listing(walk: Walk, cursor: Cursor) -> Step | Failure:
    (listing,) = [one for one in walk.source.listings if one.pages == walk.look.address][:1]
    number = int(cursor.get("page", 1))
    url = listing.url if number == 1 else walk.look.address.replace("{n}", str(number))
    return await _paged(walk, cursor, url, partial(discover.listing, selector=listing.links), dated=True)


async def _search(walk: Walk, cursor: Cursor) -> Step | Failure:
    template, _, query = walk.look.address.partition(" ")
    (search,) = [one for one in walk.source.searches if one.url == template][:1]
    url = searches.address(search, query, int(cursor.get("page", 1)))
    found = await _paged(walk, cursor, url, partial(discover.found, search=search), dated=False)
    return replace(found, over=True) if isinstance(found, Step) and "{n}" not in template else found


async def _wordpress(walk: Walk, cursor: Cursor) -> Step | Failure:
    """A site that does not speak so has no such past: that is no failure."""
    url = walk.look.address.replace("{n}", str(cursor.get("page", 1)))
    posts = Search(url=walk.look.address, form="json", link="link", title="title.rendered", date="date")
    found = await _paged(walk, cursor, url, partial(discover.found, search=posts), dated=True)
    if isinstance(found, Failure) and found.outcome not in STOPPING:
        return Step(cursor=cursor, over=True)
    return found


async def _paged(walk: Walk, cursor: Cursor, url: str, how: Read, *, dated: bool) -> Step | Failure:
    """A page of a list. Its end is a page that is not there, is empty, or says what the one before it said."""
    number = int(cursor.get("page", 1))
    front = await _read(walk, url, how)
    if isinstance(front, Failure):
        if front.outcome == Outcome.EMPTY or (number > 1 and front.outcome not in STOPPING):
            return Step(cursor=cursor, over=True)
        return front
    links = _of(walk.look.days, front.links)
    said = hashlib.sha256("\n".join(link.url for link in front.links).encode()).hexdigest()[:16]
    if said == cursor.get("said"):
        return Step(cursor=cursor, over=True)
    old = _newest(front.links)
    since = walk.look.days.since
    over = number >= MOST_PAGES or bool(dated and since and old and old < since)
    return Step(links=links, cursor={"page": number + 1, "said": said}, over=over, dated=dated)


async def _wayback(walk: Walk, cursor: Cursor) -> Step | Failure:
    endpoint, _, host = walk.look.address.partition(" ")
    url = captures.listing(endpoint, host, walk.look.days, cursor.get("key"))
    answer = await walk.web.page(url, min_delay=WAYBACK_DELAY)
    if isinstance(answer, Failure):
        return answer
    found = captures.read(answer.body, endpoint)
    if found is None:
        return Failure(url=url, outcome=Outcome.BROKEN, reason="What came instead of a list of captures can't be read.")
    pages = [(captures.original(address), address) for address in found.addresses]
    links = [Link(url=page[0], front=address) for page, address in pages if page]
    wanted = tuple(link for link in links if discover.is_wanted(link.url, walk.source))
    return Step(links=wanted, cursor={"key": found.key}, over=found.key is None)


_STEPS: dict[str, Callable[[Walk, Cursor], Awaitable[Step | Failure]]] = {
    WORDPRESS: _wordpress,
    SITEMAP: _sitemap,
    LISTING: _listing,
    SEARCH: _search,
    WAYBACK: _wayback,
}


async def _read(walk: Walk, url: str, how: Read) -> Front | Failure:
    answer = await walk.web.front(url, min_delay=walk.source.min_delay, validators=None)
    if not isinstance(answer, Answer):
        return answer if isinstance(answer, Failure) else Front()
    front = await walk.pool.read(how, answer, walk.source, walk.now())
    if isinstance(front, Failure):
        return front
    return replace(front, links=tuple(replace(link, front=url) for link in front.links))


def _of(days: Range, links: tuple[Link, ...]) -> tuple[Link, ...]:
    return tuple(link for link in links if days.may_hold(link.published, None))


def _newest(links: tuple[Link, ...]) -> date | None:
    return max((link.published.at.date() for link in links if link.published), default=None)


def _site(source: Source) -> str | None:
    address = source.home or next(iter((*source.feeds, *source.sitemaps, *(one.url for one in source.listings))), None)
    parts = urlsplit(address or "")
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else None


def _posts(site: str, days: Range) -> str:
    after = f"&after={days.since}T00:00:00" if days.since else ""
    before = f"&before={days.until}T23:59:59" if days.until else ""
    return _POSTS.format(site=site, dates=after + before)
