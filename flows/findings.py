"""What a look at a source found: the ways to its articles, articles as they read, a verdict, and what to write down."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from articles import urls
from articles.model import Link, Listing, Outcome, Source
from extractors.sampling import Sample

FEED, SITEMAP, LISTING, SEARCH = "feed", "sitemap", "listing", "search"
KEYS = {FEED: "feeds", SITEMAP: "sitemaps", LISTING: "listings", SEARCH: "searches"}
"""The catalogue's key for each kind of way."""

_WAYS = frozenset(KEYS.values())

CATALOGUE = "the catalogue"
"""Where an address is known from."""

OLD = timedelta(days=60)
"""A way whose newest article is older leads to a site that has moved on or fallen asleep."""

BEGINNING = 200
"""Characters of a text that are shown."""

_WRONG = frozenset({Outcome.BROKEN, Outcome.EMPTY})


class Verdict(StrEnum):
    """What a look at a source comes to."""

    GOOD = "good"
    MEND = "mend"
    """It can be read, but the catalogue should say something else."""
    BAD = "bad"
    LEFT = "left-alone"
    """The server has asked for time."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Way:
    """One address that should lead to articles, and what it gave."""

    kind: str
    url: str
    found: str
    """Where its address is known from."""
    outcome: Outcome
    says: str
    http: int | None = None
    moved_to: str | None = None
    """The address that answered in its stead."""
    links: tuple[Link, ...] = ()
    newest: datetime | None = None
    """The latest publication or change that it tells of."""
    named: tuple[str, ...] = ()
    """The feeds that a page in its place names."""
    listing: Listing | None = None
    """Of a listing: how it is read."""
    article_url: str | None = None
    """A pattern that goes with a guessed way."""
    ignores_word: bool = False
    """A search that gives the same whatever it is asked."""

    @property
    def works(self) -> bool:
        """Does it lead to articles?"""
        return self.outcome == Outcome.OK and not self.ignores_word

    @property
    def is_dead(self) -> bool:
        """Is it nothing that another visit would mend: gone, or something else in its place?"""
        return self.outcome == Outcome.GONE or (self.outcome in _WRONG and self.http == 200)

    @property
    def dated(self) -> int:
        """How many of its articles it dates."""
        return sum(1 for link in self.links if link.published)

    def is_old(self, now: datetime) -> bool:
        """Is the newest that it tells of from another time?"""
        return self.newest is not None and self.newest < now - OLD


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """A key of the catalogue and what should stand there; None: nothing."""

    key: str
    value: Any
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Checkup:
    """One source, looked at."""

    source: Source
    at: datetime
    verdict: Verdict
    says: str
    """The verdict in a sentence."""
    ways: tuple[Way, ...] = ()
    samples: tuple[Sample, ...] = ()
    notes: tuple[str, ...] = ()
    """What somebody should know or mend, a sentence each."""
    changes: tuple[Change, ...] = field(default=())
    """What to write into the catalogue."""

    def json(self) -> dict[str, Any]:
        """The public form."""
        return {
            "name": self.source.name,
            "verdict": self.verdict.value,
            "says": self.says,
            "checked_at": f"{self.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
            "ways": [_way(way) for way in self.ways],
            "samples": [_sample(sample) for sample in self.samples],
            "notes": list(self.notes),
            "changes": [{"key": c.key, "value": c.value, "why": c.why} for c in self.changes],
        }


def judge(
    source: Source, at: datetime, ways: Sequence[Way], samples: Sequence[Sample], changes: Sequence[Change]
) -> Checkup:
    """The verdict on what was found, with its reasons."""
    notes = [*_notes(ways, at), *_notes_of_pages(source, samples)]
    read = [sample for sample in samples if sample.article and not sample.print_of]
    working = [way for way in ways if way.works]
    if not working:
        verdict, says = Verdict.BAD, "No way to its articles works."
    elif not read:
        verdict, says = Verdict.BAD, f"Its articles are listed, but none of {len(samples)} could be read."
    elif notes or any(change.key in _WAYS for change in changes):
        verdict, says = Verdict.MEND, "It can be read, but something should be mended."
    else:
        verdict, says = Verdict.GOOD, f"It works: {working[0].says}"
    return Checkup(
        source=source,
        at=at,
        verdict=verdict,
        says=says,
        ways=tuple(ways),
        samples=tuple(samples),
        notes=tuple(notes),
        changes=() if verdict == Verdict.BAD else tuple(changes),
    )


def _notes(ways: Sequence[Way], at: datetime) -> Iterator[str]:
    for way in ways:
        if way.found == CATALOGUE and not way.works:
            yield f"The {way.kind} {way.url} does not work: {way.says}"
        elif way.found == CATALOGUE and way.moved_to:
            yield f"The {way.kind} {way.url} has moved to {way.moved_to}."
        if way.works and way.newest and way.is_old(at):
            yield f"The {way.kind} {way.url} has nothing newer than {way.newest:%Y-%m-%d}."


def _notes_of_pages(source: Source, samples: Sequence[Sample]) -> Iterator[str]:
    for sample in samples:
        if sample.refused:
            yield f"{sample.url} gave no article: {sample.refused}"
        if sample.print_of:
            yield f"{sample.url}, the print view of {sample.print_of}, gives what the page itself lacks."
    read = [sample.article for sample in samples if sample.article and not sample.print_of]
    languages = {article.language for article in read}
    if len(languages) == 1 and source.language and source.language not in languages:
        yield f"The catalogue says that its language is {source.language}; its articles are in {languages.pop()}."
    if read and not any(article.published for article in read):
        yield "None of its articles gave a date; set `date` in [source.extract]."
    if read and not any(article.title for article in read):
        yield "None of its articles gave a title; set `title` in [source.extract]."


def changes(source: Source, ways: Sequence[Way], samples: Sequence[Sample]) -> Iterator[Change]:
    """What the catalogue should say instead."""
    better = any(way.works for way in ways)
    for kind, before in _entries(source).items():
        mine = [way for way in ways if way.kind == kind]
        after = _mended(before, mine, better=better)
        if after != before:
            yield Change(key=KEYS[kind], value=after or None, why=_why(mine))
    working = [way for way in ways if way.works]
    if len(working) == 1 and working[0].article_url and not source.article_url:
        why = "The addresses of its articles have this in common."
        yield Change(key="article_url", value=working[0].article_url, why=why)
    languages = {sample.article.language for sample in samples if sample.article}
    if len(languages) == 1 and source.language is None:
        yield Change(key="language", value=languages.pop(), why="Its articles are in this language.")


def _entries(source: Source) -> dict[str, list[Any]]:
    """A source's addresses as its block has them."""
    return {
        FEED: list(source.feeds),
        SITEMAP: list(source.sitemaps),
        LISTING: [_listing(one, one.url) for one in source.listings],
    }


def _mended(before: Sequence[Any], ways: Sequence[Way], *, better: bool) -> list[Any]:
    """A list of the catalogue as it should be: dead ways out where another works, moved ones moved, found ones in.

    What takes the place of a dead one stands in its place, what was not looked at stays.
    """
    old = {way.url: way for way in ways if way.found == CATALOGUE}
    new = {way.url: way for way in ways if way.found != CATALOGUE and way.works}
    kept: dict[str, Any] = {}
    for entry in before:
        url = _address(entry)
        way = old.get(url)
        if way is not None and way.is_dead and better:
            way = new.pop(url, None)
            if way is None:
                continue
        entry = _entry(way) if way and way.works else entry
        kept.setdefault(_key(entry), entry)
    for entry in map(_entry, new.values()):
        kept.setdefault(_key(entry), entry)
    return list(kept.values())


def _key(entry: Any) -> str:
    return urls.key(_address(entry))


def _address(entry: Any) -> str:
    return str(entry["url"] if isinstance(entry, dict) else entry)


def _entry(way: Way) -> Any:
    """A way as the catalogue writes it."""
    url = way.moved_to or way.url
    return _listing(way.listing, url) if way.listing else url


def _listing(listing: Listing, url: str) -> dict[str, str]:
    return {"url": url, "links": listing.links} | ({"pages": listing.pages} if listing.pages else {})


def _why(ways: Sequence[Way]) -> str:
    said = [f"{way.url}: {way.says}" for way in ways if way.found != CATALOGUE and way.works]
    said += [f"{way.url} has moved." for way in ways if way.found == CATALOGUE and way.moved_to and way.works]
    said += [f"{way.url}: {way.says}" for way in ways if way.found == CATALOGUE and not way.works]
    return " ".join(said)


def _way(way: Way) -> dict[str, Any]:
    return {
        "kind": way.kind,
        "url": way.url,
        "found": way.found,
        "outcome": way.outcome.value,
        "works": way.works,
        "http": way.http,
        "moved_to": way.moved_to,
        "links": len(way.links),
        "dated": way.dated,
        "newest": way.newest.isoformat() if way.newest else None,
        "selector": way.listing.links if way.listing else None,
        "says": way.says,
    }


def _sample(sample: Sample) -> dict[str, Any]:
    article = sample.article
    stamp = article.published if article else None
    return {
        "url": sample.url,
        "title": article.title if article else None,
        "published_at": stamp.at.isoformat() if stamp else None,
        "published_precision": stamp.precision if stamp else None,
        "language": article.language if article else None,
        "words": len(article.text.split()) if article else 0,
        "begins": article.text[:BEGINNING] if article else None,
        "left_out": list(sample.left_out),
        "steps": list(article.steps) if article else [],
        "refused": sample.refused,
        "print_view": sample.print_view,
        "print_of": sample.print_of,
    }
