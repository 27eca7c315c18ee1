"""From a front page (feed, sitemap, listing, search) to the links it gives, or to the reason why it gives none."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from articles import dates, redirects, urls
from articles.model import Answer, Failure, Link, Outcome, Search, Source, Stamp
from articles.ranges import Range
from articles.text import one_line
from extractors import charset, feeds, listings, markup, searches, selectors, sitemaps
from extractors.markup import Entry

MAX_LINKS = 2_000
_MAX_ADDRESS = 2_047  # characters: the sitemap protocol asks for fewer than 2,048
_MAX_SUMMARY = 1_000  # characters
_MAX_TITLE = 500  # characters; what is longer is no headline
_MAX_MARKUP = 20_000  # characters of a title or summary that are looked at
_HEAD_BYTES = 256_000  # of a page, in which it has to name its feeds
_LONG_AGO = datetime.min.replace(tzinfo=UTC)

_BLOCK = re.compile(r"</?(?:p|br|div|li|ul|ol|h[1-6]|t[rdh]|hr|img|figure|blockquote)\b[^<>]*(?:>|\Z)", re.IGNORECASE)
_TAG = re.compile(r"<[a-zA-Z/!][^<>]*(?:>|\Z)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Child:
    """A sitemap as an index names it."""

    url: str
    changed: datetime | None = None
    """What the index says of its last change."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Front:
    """What a front page leads to."""

    links: tuple[Link, ...] = ()
    """At most `MAX_LINKS`, the newest first; those without a date come last, in the page's order."""
    further: tuple[Child, ...] = ()
    """The sitemaps that an index names, the newest first; those without a date come last, in its order."""
    newest: datetime | None = None
    """The latest publication or change that it tells of."""


Read = Callable[[Answer, Source, datetime], Front | Failure]
"""How a front page is read: `feed`, `sitemap`, `listing` with its selector, or `found` with its search."""


def feed(answer: Answer, source: Source, now: datetime) -> Front | Failure:
    """The links of an RSS, RDF, Atom or JSON feed."""
    text = _text(answer, answer.body, source)
    if failure := _no_document(answer, text, "feed"):
        return failure
    entries = feeds.entries(text)
    if entries is None:
        return _failure(answer, Outcome.BROKEN, "What came instead of a feed could not be read as one.")
    return _front(answer, entries, source, now)


def sitemap(answer: Answer, source: Source, now: datetime, *, days: Range | None = None) -> Front | Failure:
    """The links of a sitemap, packed or not, or the further sitemaps of an index; of a range of days all links."""
    try:
        body = sitemaps.unpacked(answer.body)
    except sitemaps.DAMAGED:
        return _failure(answer, Outcome.BROKEN, "The packed sitemap is damaged or cut off.")
    if len(body) > sitemaps.MAX_UNPACKED:
        reason = f"The sitemap unpacks to more than {sitemaps.MAX_UNPACKED:,} bytes."
        return _failure(answer, Outcome.TOO_LARGE, reason)
    text = _text(answer, body, source)
    if failure := _no_document(answer, text, "sitemap"):
        return failure
    if further := _further(answer, sitemaps.children(text)):
        return Front(further=further)
    entries = sitemaps.entries(text)
    if entries is None:  # search engines take a feed for a sitemap, so sites offer it as one
        entries = feeds.entries(text)
    if entries is None:
        return _failure(answer, Outcome.BROKEN, "What came instead of a sitemap could not be read as one.")
    return _front(answer, entries, source, now, days)


def is_light(how: Read, answer: Answer, most: int) -> bool:
    """Does reading a front page take little time for certain: is it a feed or sitemap of fewer bytes, also unpacked?

    How long a listing takes depends on the shape of its page's tree as well.
    """
    try:
        return how in (feed, sitemap) and len(answer.body) < most and len(sitemaps.unpacked(answer.body, most)) < most
    except sitemaps.DAMAGED:
        return True


def listing(answer: Answer, source: Source, now: datetime, *, selector: str) -> Front | Failure:
    """The links that a CSS selector finds on an index page."""
    if reason := selectors.fault(selector):
        return _failure(answer, Outcome.BROKEN, f'The selector "{selector}" does not compile: {reason}.')
    text = _text(answer, answer.body, source)
    if not text.strip():
        return _failure(answer, Outcome.EMPTY, "The page has no content.")
    if not markup.root(text):
        return _failure(answer, Outcome.BROKEN, "What came instead of a page is no HTML.")
    entries = listings.entries(text, selector)
    if not entries:
        return _failure(answer, Outcome.EMPTY, f'The selector "{selector}" found no links on {answer.url}.')
    return _front(answer, entries, source, now)


def found(answer: Answer, source: Source, now: datetime, *, search: Search) -> Front | Failure:
    """The links that a search's answer gives."""
    if search.form == "feed":
        return feed(answer, source, now)
    if search.form == "html":
        return listing(answer, source, now, selector=search.links or "")
    entries = searches.entries(_text(answer, answer.body, source), search)
    if entries is None:
        return _failure(answer, Outcome.BROKEN, "What came instead of a search's answer could not be read as one.")
    return _front(answer, entries, source, now)


def alternates(answer: Answer, source: Source) -> tuple[str, ...]:
    """The feeds that a page names as its own, on the source's hosts and their subdomains, in the page's order."""
    text = _text(answer, answer.body[:_HEAD_BYTES], source)
    if markup.root(text) != "html":
        return ()
    hosts = {_bare_host(url) for url in (source.home or "", *source.feeds)} - {""}
    found = (urls.absolute(_base(answer, entry), entry.addresses[0]) for entry in listings.alternates(text))
    named = (url for url in found if url and _is_on(_bare_host(url), hosts) and "/comments/" not in url)
    return tuple(dict.fromkeys(named))


def is_wanted(url: str, source: Source) -> bool:
    """Is it the address of an article, by what the source's own look like?"""
    wanted = re.compile(source.article_url or "")
    return not _is_home(urls.key(url)) and bool(wanted.search(url) or wanted.search(unquote(url)))


def _bare_host(url: str) -> str:
    return (urlsplit(urls.canonical(url)).hostname or "").removeprefix("www.")


def _is_on(host: str, hosts: Iterable[str]) -> bool:
    return any(host == one or host.endswith(f".{one}") for one in hosts)


def _text(answer: Answer, body: bytes, source: Source) -> str:
    return charset.decode(body, answer.content_type, source.language)[0]


def _no_document(answer: Answer, text: str, wanted: str) -> Failure | None:
    if not text.strip():
        return _failure(answer, Outcome.EMPTY, f"The {wanted} has no content.")
    if markup.root(text) == "html":
        return _failure(answer, Outcome.BROKEN, f"An HTML page came instead of a {wanted}.")
    return None


def _failure(answer: Answer, outcome: Outcome, reason: str) -> Failure:
    return Failure(url=answer.url, outcome=outcome, reason=reason, http=answer.status)


def _front(
    answer: Answer, entries: Sequence[Entry], source: Source, now: datetime, days: Range | None = None
) -> Front | Failure:
    if not entries:
        return _failure(answer, Outcome.EMPTY, "The page is sound, but lists nothing.")
    zone = ZoneInfo(source.timezone)
    stamped = [(entry, _stamp(entry.published, source, zone, now)) for entry in entries]
    if days is not None:
        stamped = [(entry, stamp) for entry, stamp in stamped if days.may_hold(stamp, _changed(entry))]
    stamped.sort(key=lambda pair: _moment(*pair), reverse=True)
    links = _chosen(answer, stamped, source, MAX_LINKS if days is None else len(stamped))
    if not links:
        return _failure(
            answer, Outcome.EMPTY, f"None of the {len(entries):,} links leads to an article of {source.name}."
        )
    newest = _moment(*stamped[0])
    return Front(links=links, newest=newest if newest > _LONG_AGO else None)


def _chosen(
    answer: Answer, stamped: Iterable[tuple[Entry, Stamp | None]], source: Source, most: int
) -> tuple[Link, ...]:
    """Each article once; a second link to it lends what the first one lacks (a picture's link has no headline)."""
    wanted = re.compile(source.article_url or "")
    fronts = {urls.key(url) for url in (answer.asked, answer.url, source.home or "")}
    links: dict[str, Link] = {}
    for entry, stamp in stamped:
        if len(links) == most:
            break
        url = _address(answer, entry, source)
        if url is None or not (wanted.search(url) or wanted.search(unquote(url))):
            continue
        key = urls.key(url)
        if key in links:
            links[key] = _completed(links[key], entry, stamp)
        elif key not in fronts and not _is_home(key):
            links[key] = Link(url=url, title=_title(entry), published=stamp, summary=_summary(entry))
    return tuple(links.values())


def _completed(link: Link, entry: Entry, stamp: Stamp | None) -> Link:
    return replace(
        link,
        title=link.title or _title(entry),
        published=link.published or stamp,
        summary=link.summary or _summary(entry),
    )


def _address(answer: Answer, entry: Entry, source: Source) -> str | None:
    """The first of the entry's addresses that leads somewhere, in the form to fetch."""
    resolved = (urls.absolute(_base(answer, entry), address) for address in entry.addresses)
    behind = (redirects.target(address) for address in resolved if address)
    found = next((urls.canonical(address) for address in behind if address), None)
    if found and source.canonical:
        found = urls.absolute(found, re.sub(source.canonical.find, source.canonical.put, found, count=1))
    return found if found and len(found) <= _MAX_ADDRESS else None


def _base(answer: Answer, entry: Entry) -> str:
    return urls.absolute(answer.url, entry.base) or answer.url


def _is_home(key: str) -> bool:
    parts = urlsplit(key)
    return parts.path == "/" and not parts.query


def _further(answer: Answer, children: Sequence[Entry]) -> tuple[Child, ...]:
    found: dict[str, Child] = {}
    for entry in sorted(children, key=lambda child: _moment(child, None), reverse=True):
        if address := urls.absolute(answer.url, entry.addresses[0]):
            found.setdefault(address, Child(url=address, changed=_changed(entry)))
    return tuple(found.values())


def _stamp(words: str | None, source: Source, zone: ZoneInfo, now: datetime) -> Stamp | None:
    return dates.read(words, language=source.language, zone=zone, now=now) if words else None


def _moment(entry: Entry, stamp: Stamp | None) -> datetime:
    """What entries are ordered by: publication, else last change; never shown to anyone."""
    return stamp.at if stamp else _changed(entry) or _LONG_AGO


def _changed(entry: Entry) -> datetime | None:
    """The last change (ISO 8601) in UTC."""
    try:
        changed = datetime.fromisoformat((entry.modified or "").strip())
        return changed.astimezone(UTC) if changed.tzinfo else changed.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def _plain(text: str | None) -> str | None:
    """One line without tags. Twice over: feeds escape HTML for XML, and some escape it before that."""
    text = (text or "")[:_MAX_MARKUP]
    for _ in range(2):
        text = html.unescape(_TAG.sub("", _BLOCK.sub(" ", text)))
    return one_line(text) or None


def _title(entry: Entry) -> str | None:
    title = _plain(entry.title)
    return title if title and len(title) <= _MAX_TITLE else None


def _summary(entry: Entry) -> str | None:
    summary = _plain(entry.summary)
    return summary[:_MAX_SUMMARY].rstrip() if summary else None
