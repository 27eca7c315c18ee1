"""`rasid source add`: what a site that nobody has described can be read by, tried out, as a block of the catalogue."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urljoin, urlsplit

from articles import catalogue, catalogue_edit, places, urls
from articles import language as languages
from articles.model import Answer, Failure, Source
from articles.text import one_line
from extractors import guesses, selectors
from extractors.guesses import Looks
from extractors.sampling import Sample
from flows import checkups, findings, probing
from flows.findings import FEED, LISTING, SITEMAP, Checkup, Way
from flows.probing import Bench

SAMPLES = 3
"""Articles that are shown."""

GIVEN = "you"
"""Where an address is from that was given on the command line."""

_GENERIC = frozenset({"www", "m", "com", "co", "net", "org", "gov", "edu", "info"})
_NO_SLUG = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What is asked for: an address, and what need not be guessed. `min_delay` is seconds."""

    url: str
    name: str | None = None
    title: str | None = None
    language: str | None = None
    timezone: str | None = None
    min_delay: int | None = None


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A source as it might stand in the catalogue, looked at."""

    checkup: Checkup
    zone_known: bool = False

    @property
    def source(self) -> Source:
        return self.checkup.source


def examine(wish: Wish) -> None:
    """Holds what was given against the catalogue's rules, before anybody is asked for anything.

    Raises:
        Faults: something of it can't stand in a catalogue.
    """
    given = {"name": wish.name or "new", "language": wish.language, "timezone": wish.timezone, "feeds": [wish.url]}
    text = catalogue_edit.appended("", {key: value for key, value in given.items() if value})
    catalogue.load(text, file="rasid source add", selector_fault=selectors.fault)


async def propose(bench: Bench, wish: Wish, taken: Iterable[str]) -> Proposal:
    """Finds out how the site at an address can be read, and reads some articles; `taken` are the names in use."""
    root = urljoin(wish.url, "/")
    source = Source(name="new", title="new", home=wish.url, language=wish.language, timezone=wish.timezone or "UTC")
    if wish.min_delay is not None:
        source = replace(source, min_delay=wish.min_delay)
    ways: list[Way] = []
    samples: list[Sample] = []
    answer = await probing.ask(bench, source, wish.url)
    if isinstance(answer, Failure):
        ways.append(probing.failed(FEED, wish.url, GIVEN, answer))
        return Proposal(checkup=findings.judge(source, bench.now(), ways, samples, ()))
    given = await _given(bench, source, answer)
    if given is None:
        await checkups.elsewhere(bench, source, ways, samples)
    else:
        ways.append(given)
    looks = await _looks(bench, source, answer if given is None else await probing.ask(bench, source, root))
    source = _placed(_named(source, wish, looks, root, taken), wish, looks)
    await checkups.read(bench, source, ways, samples, SAMPLES)
    source = _spoken(source, wish, samples)
    best = next((way for way in ways if way.works), None)
    source = _with_way(source, best) if best else source
    known = source.timezone != "UTC" or wish.timezone is not None
    return Proposal(checkup=findings.judge(source, bench.now(), ways, samples, ()), zone_known=known)


async def _given(bench: Bench, source: Source, answer: Answer) -> Way | None:
    """The feed or sitemap that the address itself is."""
    for kind in (FEED, SITEMAP):
        way = await probing.understood(bench, source, kind, answer, GIVEN)
        if way.works:
            return way
    return None


async def _looks(bench: Bench, source: Source, answer: Answer | Failure) -> Looks:
    nothing = Looks(title=None, language=None, listing=None)
    if isinstance(answer, Failure):
        return nothing
    looks = await bench.pool.read(guesses.look, answer, source, bench.now())
    return nothing if isinstance(looks, Failure) else looks


def _named(source: Source, wish: Wish, looks: Looks, root: str, taken: Iterable[str]) -> Source:
    host = urlsplit(root).hostname or ""
    title = wish.title or looks.title or host
    return replace(source, name=wish.name or slug(host, title, taken), title=title, home=root)


def _placed(source: Source, wish: Wish, looks: Looks) -> Source:
    language = languages.normal(wish.language) or looks.language
    country, zone = places.place(urlsplit(source.home or "").hostname or "", language)
    return replace(source, country=country, timezone=wish.timezone or zone or "UTC", language=wish.language)


def _spoken(source: Source, wish: Wish, samples: Sequence[Sample]) -> Source:
    """With the language that its articles are in, and the clock of whoever speaks it."""
    spoken = Counter(sample.article.language for sample in samples if sample.article)
    if wish.language or not spoken:
        return source
    language = spoken.most_common(1)[0][0]
    country, zone = places.place(urlsplit(source.home or "").hostname or "", language)
    timezone = source.timezone if source.timezone != "UTC" else zone or "UTC"
    return replace(source, language=language, country=source.country or country, timezone=timezone)


def _with_way(source: Source, way: Way) -> Source:
    url = way.moved_to or way.url
    source = replace(source, article_url=way.article_url)
    if way.kind == LISTING and way.listing:
        return replace(source, listings=(replace(way.listing, url=url),))
    return replace(source, feeds=(url,)) if way.kind == FEED else replace(source, sitemaps=(url,))


def slug(host: str, title: str, taken: Iterable[str]) -> str:
    """A name that is not taken: of the host without its ends, or where that is a number, of the title's letters."""
    labels = [label for label in host.lower().split(".")[:-1] if label not in _GENERIC]
    numeric = not any(any(map(str.isalpha, label)) for label in labels)
    said = title.lower() if numeric or ":" in host else "-".join(labels)
    name = _NO_SLUG.sub("-", said).strip("-") or "site"
    names = set(taken)
    return next(one for one in (name, *(f"{name}-{n}" for n in range(2, len(names) + 3))) if one not in names)


def described(feed: str, title: str | None, home: str | None, language: str | None, known: Iterable[Source]) -> Source:
    """A source of which no more is known than its feed's line in a list."""
    host = urlsplit(home or feed).hostname or ""
    country, zone = places.place(host, language)
    name = title or host
    return Source(
        name=slug(host, name, (source.name for source in known)),
        title=name,
        country=country,
        language=language,
        home=home,
        timezone=zone or "UTC",
        feeds=(feed,),
    )


def holder(sources: Iterable[Source], addresses: Iterable[str]) -> Source | None:
    """The source of a catalogue that has one of these addresses already."""
    wanted = {urls.key(address) for address in addresses}
    for source in sources:
        listed = (one.url for one in source.listings)
        if wanted & {urls.key(one) for one in (*source.feeds, *source.sitemaps, *listed)}:
            return source
    return None


def block(source: Source) -> dict[str, Any]:
    """A source as the catalogue writes it, without what is as by default."""
    values: dict[str, Any] = {
        "name": source.name,
        "title": one_line(source.title),
        "country": source.country,
        "language": source.language,
        "home": source.home,
        "timezone": source.timezone,
        "feeds": list(source.feeds),
        "sitemaps": list(source.sitemaps),
        "listings": [{"url": one.url, "links": one.links} for one in source.listings],
        "article_url": source.article_url,
    }
    if source.min_delay != Source.__dataclass_fields__["min_delay"].default:
        values["min_delay"] = f"{source.min_delay}s"
    return {key: value for key, value in values.items() if value}
