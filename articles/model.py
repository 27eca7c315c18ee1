"""The nouns that cross a room's door: one frozen dataclass a stage."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

Headers = tuple[tuple[str, str], ...]
"""Header names and values, in the order in which they were sent."""


class Outcome(StrEnum):
    """What asking for a page came to; for a source it speaks of its front pages alone."""

    OK = "ok"
    UNCHANGED = "unchanged"
    NOT_DUE = "not-due"
    EMPTY = "empty"
    BLOCKED = "blocked"
    RATE_LIMITED = "rate-limited"
    FORBIDDEN = "forbidden"
    GONE = "gone"
    TIMEOUT = "timeout"
    TOO_LARGE = "too-large"
    BROKEN = "broken"
    UNREACHABLE = "unreachable"
    DISALLOWED = "disallowed"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    """An index page and the CSS selector of the links on it that lead to articles."""

    url: str
    links: str
    pages: str | None = None
    """The address of its page n, from 2 on, with `{n}` in the number's place."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Search:
    """A site's search: its address with `{q}` in the query's place, and how its answer is read."""

    url: str
    """May hold `{n}`, the page's number from 1 on, as well."""
    form: str = "html"
    """`html` with the CSS selector `links`, `feed`, or `json` with the dotted paths below."""
    links: str | None = None
    items: str | None = None
    """Where the list stands in the answer; None: the answer is the list."""
    link: str | None = None
    """Where an item has its address; `title` and `date` likewise."""
    title: str | None = None
    date: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Rewrite:
    """Addresses in which the pattern `find` is found are known by what `put` makes of that place (as `re.sub`)."""

    find: str
    put: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ExtractRules:
    """What is known of one site's pages: CSS selectors, and regexes of lines that are not the article's."""

    title: str | None = None
    body: str | None = None
    date: str | None = None
    remove: tuple[str, ...] = ()
    drop_lines: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """One block of the catalogue. `interval` and `min_delay` are seconds."""

    name: str
    title: str
    country: str | None = None
    language: str | None = None
    home: str | None = None
    timezone: str = "UTC"
    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    listings: tuple[Listing, ...] = ()
    searches: tuple[Search, ...] = ()
    queries: tuple[str, ...] = ()
    """What its searches are asked for; empty: the words of `articles.queries`."""
    canonical: Rewrite | None = None
    """Leads from other forms of an article's address to the one to fetch."""
    article_url: str | None = None
    interval: int = 1800
    min_delay: int = 5
    enabled: bool = True
    extract: ExtractRules = field(default_factory=ExtractRules)
    verified: date | None = None
    """When `rasid check` last found it as described here; None: never."""
    evidence: str = ""
    """What is known of its addresses and markup, and whence."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Validators:
    """What a server gave us to ask "has it changed?" with; opaque, sent back byte for byte."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """One finished exchange that brought a body (decoded of its content encoding, not of its charset)."""

    asked: str
    url: str
    """The address that answered, after redirects."""
    status: int
    content_type: str
    body: bytes
    fetched_at: datetime
    validators: Validators = field(default_factory=Validators)
    asked_with: Headers = ()
    """The headers of the last hop's request."""
    headers: Headers = ()
    """The headers of the answer."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NotModified:
    """A 304: nothing new; the validators to keep (a server may renew them)."""

    url: str
    validators: Validators


@dataclass(frozen=True, kw_only=True, slots=True)
class Failure:
    """An expected failure, as a value: the address it is about, its class and one plain sentence."""

    url: str
    outcome: Outcome
    reason: str
    http: int | None = None
    retry_after: float | None = None
    """Seconds that the server asked us to stay away."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RobotsFile:
    """One site's robots.txt as read. `origin` is `https://host:port`; `body` is None where there is no file."""

    origin: str
    body: str | None
    read_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Stamp:
    """A moment as a publisher wrote it. `at` is aware and keeps the publisher's offset."""

    at: datetime
    precision: str
    """`minute`, or `day`: then `at` is local midnight in the source's zone."""
    evidence: str
    """The words that were read."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """An article's address as a front page gave it, with what the page said about it."""

    url: str
    title: str | None = None
    published: Stamp | None = None
    summary: str | None = None
    front: str | None = None
    """The address of the front page."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Article:
    """What a page says, cleaned: title and date never stand in `text`."""

    url: str
    title: str | None
    text: str
    language: str
    """ISO 639-1."""
    author: str | None = None
    published: Stamp | None = None
    variants: tuple[str, ...] = ()
    """Texts that the same article has when its noise is cleaned otherwise: further marks to know a copy by."""
    steps: tuple[str, ...] = ()
    """Which step gave what, and which cleaning rules took something away: `title:og`, `clean:image-line`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Refusal:
    """A page that is no article (a listing, a shell, an empty body), and why."""

    url: str
    reason: str
    failed: bool = False
    """The extraction failed, not the page: it was killed at its deadline, or raised."""
    short: bool = False
    """The page has next to no text."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """One place where a side of the relation is named."""

    side: str
    """`palestine` or `kazakhstan`."""
    term: str
    where: str
    """`title` or `text`."""
    sentence: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """Is this a Palestine–Kazakhstan item? Class A, B and C are on topic, D is not."""

    on_topic: bool
    kind: str
    """A bilateral, B multilateral with a bilateral part, C third party about it, D incidental or none."""
    score: float
    review: bool = False
    evidence: tuple[Evidence, ...] = ()
    reasons: tuple[str, ...] = ()
    """Why it is on topic, or why not: one plain sentence each, the weightiest first."""
