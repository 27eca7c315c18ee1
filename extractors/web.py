"""The polite client: one for a whole pass, and the only way out to the web.

    guard -> robots.txt -> turn of the host -> request -> (redirect: again) -> Answer | NotModified | Failure

A host and port has one connection at a time, and its delay between the starts of two requests. Every exchange
has one deadline by the clock on the wall, from its first request to its last byte; waiting for a turn doesn't
count.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import re
import ssl
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Self
from urllib.parse import urljoin

import httpx

from articles.model import Answer, Failure, NotModified, Outcome, RobotsFile, Validators
from extractors import decoding, guard, outcomes
from extractors import robots as robots_txt
from extractors.outcomes import Trouble
from extractors.transport import Transport
from extractors.turns import Clock, Host

MB = 2**20
_REDIRECTS = (301, 302, 303, 307, 308)
_ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
_SENDABLE = re.compile(r"[\x21-\x7e\x80-\xff](?:[\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?")
_Permit = Callable[[httpx.URL, float], Awaitable[None]]
_Take = Callable[[httpx.Response, int], Awaitable[bytes]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """Bounds of one exchange: seconds, bytes after decoding, redirects."""

    front_seconds: float = 30.0
    front_bytes: int = 5 * MB
    page_seconds: float = 60.0
    page_bytes: int = 10 * MB
    robots_seconds: float = 20.0
    redirects: int = 5
    dns_seconds: float = 6.0
    connect_seconds: float = 10.0


@dataclass(frozen=True, kw_only=True, slots=True)
class _Errand:
    """What is wanted, and on what terms."""

    url: str
    min_delay: float
    seconds: float
    most: int
    validators: Validators = field(default_factory=Validators)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Reply:
    """A 200 with its body, a 304 that was asked for, or a redirect."""

    url: str
    status: int
    headers: httpx.Headers
    body: bytes = b""
    location: str | None = None


def user_agent(contact: str) -> str:
    """Who we are, and whom to write to about us."""
    return f"rasid/0.1 (+{''.join(letter for letter in contact if letter.isprintable())})"


class Web:
    """The web as one pass sees it. Nothing that a server sends raises out of `front` and `page`."""

    def __init__(
        self,
        *,
        user_agent: str,
        allowed: frozenset[str],
        robots: Iterable[RobotsFile],
        now: Callable[[], datetime],
        limits: Limits = Limits(),
        resolver: guard.Resolver = guard.resolve,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """`allowed`: inside hosts that may be read. `robots`: files of earlier passes, good for a day.

        `tls` says whose certificates are trusted; None: those that browsers trust (certifi).
        """
        self.robots_read: list[RobotsFile] = []
        """The files read in this pass, for the caller to keep."""
        self._now = now
        self._limits = limits
        self._guard = guard.Guard(allowed)
        network = guard.GuardedNetwork(
            self._guard,
            dns_seconds=limits.dns_seconds,
            connect_seconds=limits.connect_seconds,
            resolver=resolver,
        )
        self._client = httpx.AsyncClient(
            transport=Transport(network, tls or httpx.create_ssl_context(trust_env=False)),
            trust_env=False,
            timeout=None,
            headers=[
                (b"User-Agent", user_agent.encode()),
                (b"Accept", _ACCEPT.encode()),
                (b"Accept-Encoding", decoding.ACCEPTED.encode()),
            ],
        )
        self._kept = {file.origin: file for file in robots}
        self._rules: dict[str, robots_txt.Rules | Trouble] = {}
        self._reading: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._hosts: defaultdict[tuple[bytes, int], Host] = defaultdict(Host)

    async def __aenter__(self) -> Self:
        await self._client.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.__aexit__(kind, error, trace)

    async def front(
        self, url: str, *, min_delay: float, validators: Validators | None
    ) -> Answer | NotModified | Failure:
        """A front page, feed or sitemap; `validators` as the server gave them last time, `min_delay` in seconds."""
        errand = _Errand(
            url=url,
            min_delay=min_delay,
            seconds=self._limits.front_seconds,
            most=self._limits.front_bytes,
            validators=validators or Validators(),
        )
        reply = await self._run(errand)
        if isinstance(reply, _Reply) and reply.status == 304:
            return NotModified(url=reply.url, validators=_validators(reply.headers, errand.validators))
        return reply if isinstance(reply, Failure) else self._answer(errand, reply)

    async def page(self, url: str, *, min_delay: float) -> Answer | Failure:
        """An article's page; `min_delay` in seconds."""
        errand = _Errand(
            url=url,
            min_delay=min_delay,
            seconds=self._limits.page_seconds,
            most=self._limits.page_bytes,
        )
        reply = await self._run(errand)
        return reply if isinstance(reply, Failure) else self._answer(errand, reply)

    def _answer(self, errand: _Errand, reply: _Reply) -> Answer:
        return Answer(
            asked=errand.url,
            url=reply.url,
            status=reply.status,
            content_type=reply.headers.get("content-type", ""),
            body=reply.body,
            fetched_at=self._now(),
            validators=_validators(reply.headers, Validators()),
        )

    async def _run(self, errand: _Errand) -> _Reply | Failure:
        try:
            return await self._follow(errand, self._obey_robots, decoding.whole)
        except Trouble as trouble:
            return trouble.failure(errand.url)

    async def _follow(self, errand: _Errand, permit: _Permit, take: _Take) -> _Reply:
        """Ask, and follow redirects to where they end; raise `Trouble` if that is no page."""
        clock = Clock(errand.seconds)
        url = self._guard.parse(errand.url)
        seen: list[str] = []
        while True:
            seen.append(str(url))
            await permit(url, errand.min_delay)
            host = self._hosts[url.raw_host, guard.port_of(url)]
            host.slow_down(errand.min_delay)
            async with host.turn():
                reply = await self._exchange(errand, url, host, clock, take)
            if reply.location is None:
                return dataclasses.replace(reply, url=errand.url) if len(seen) == 1 else reply
            url = self._next(reply, seen)

    def _next(self, reply: _Reply, seen: list[str]) -> httpx.URL:
        """Where a redirect leads; raise `Trouble` if it is not to be followed."""
        try:
            url = self._guard.parse(urljoin(reply.url, (reply.location or "").strip()))
        except ValueError:
            raise Trouble(Outcome.BROKEN, "The redirect's address can't be read.", http=reply.status) from None
        except Trouble as refused:
            raise Trouble(refused.outcome, f"The address redirects to one that is not read: {refused}") from None
        if trouble := outcomes.of_redirect(seen[0], str(url)):
            raise trouble
        if str(url) in seen:
            raise Trouble(Outcome.BROKEN, "The address redirects in a circle.", http=reply.status)
        if len(seen) > self._limits.redirects:
            raise Trouble(Outcome.BROKEN, f"The address redirects {len(seen)} times.", http=reply.status)
        return url

    async def _exchange(self, errand: _Errand, url: httpx.URL, host: Host, clock: Clock, take: _Take) -> _Reply:
        """One request and its answer; raise `Trouble` for anything but a page, a redirect or a wanted 304."""
        headers = _conditions(errand.validators)
        try:
            async with clock.running(), self._client.stream("GET", url, headers=headers) as response:
                # Counted from the answer, so that the host too sees the whole delay between two requests.
                host.asked = asyncio.get_running_loop().time()
                reply = _Reply(url=str(url), status=response.status_code, headers=response.headers)
                if reply.status in _REDIRECTS and response.extensions["location"] is not None:
                    return dataclasses.replace(reply, location=response.extensions["location"])
                if reply.status == 304 and errand.validators != Validators():
                    return reply
                body = await _read(response, errand.most, take)
        except TimeoutError:
            reason = f"{url.netloc.decode()} gave no whole answer within {errand.seconds:g} s."
            raise Trouble(Outcome.TIMEOUT, reason) from None
        evidence = outcomes.Evidence(url=reply.url, status=reply.status, headers=reply.headers, body=body)
        if trouble := outcomes.of_answer(evidence, self._now()):
            raise trouble
        return dataclasses.replace(reply, body=body)

    async def _obey_robots(self, url: httpx.URL, min_delay: float) -> None:
        """Raise `Trouble` where robots.txt keeps the address from us, or can't be read."""
        origin = robots_txt.origin(url.scheme, url.raw_host.decode("ascii"), guard.port_of(url))
        async with self._reading[origin]:
            if origin not in self._rules:
                self._rules[origin] = await self._read_rules(origin, min_delay)
        rules = self._rules[origin]
        if isinstance(rules, Trouble):
            raise rules.with_traceback(None)
        self._hosts[url.raw_host, guard.port_of(url)].slow_down(rules.crawl_delay)
        if not rules.allow(str(url)):
            raise Trouble(Outcome.DISALLOWED, f"{origin}/robots.txt keeps this address from crawlers.")

    async def _read_rules(self, origin: str, min_delay: float) -> robots_txt.Rules | Trouble:
        """The rules of a site: kept, or read now. RFC 9309, 2.3.1: an outage means wait."""
        kept = self._kept.get(origin)
        if kept and robots_txt.is_fresh(kept, self._now()):
            return robots_txt.Rules(kept.body)
        errand = _Errand(
            url=f"{origin}/robots.txt",
            min_delay=min_delay,
            seconds=self._limits.robots_seconds,
            most=robots_txt.MOST_BYTES,
        )
        try:
            body = robots_txt.decode((await self._follow(errand, _permit_all, decoding.beginning)).body)
        except Trouble as trouble:
            if not _means_none(trouble):
                return outcomes.about("robots.txt", trouble)
            body = None
        self.robots_read.append(RobotsFile(origin=origin, body=body, read_at=self._now()))
        return robots_txt.Rules(body)


async def _permit_all(url: httpx.URL, min_delay: float) -> None:
    """What robots.txt says of itself."""


async def _read(response: httpx.Response, most: int, take: _Take) -> bytes:
    """The body as `take` takes it; of an error page the beginning, as far as it can be read."""
    if response.status_code == 200:
        return await take(response, most)
    with contextlib.suppress(Trouble):
        return await decoding.beginning(response, outcomes.EVIDENCE_BYTES)
    return b""


def _means_none(trouble: Trouble) -> bool:
    """Is a robots.txt that gave this to be taken as none? 4xx, endless redirects and pages, but no 429."""
    return trouble.http is not None and trouble.http < 500 and trouble.http != 429


def _validators(headers: httpx.Headers, old: Validators) -> Validators:
    """What the server gave to ask with next time; what it did not give stays as it was."""
    given = {name.lower(): value.decode("latin-1") for name, value in headers.raw}
    etag, modified = given.get(b"etag", ""), given.get(b"last-modified", "")
    return Validators(
        etag=etag if _SENDABLE.fullmatch(etag) else old.etag,
        last_modified=modified if _SENDABLE.fullmatch(modified) else old.last_modified,
    )


def _conditions(validators: Validators) -> list[tuple[bytes, bytes]]:
    """The headers that ask "has it changed?": the server's own bytes, or nothing where they can't be sent."""
    values = ((b"If-None-Match", validators.etag), (b"If-Modified-Since", validators.last_modified))
    return [(name, value.encode("latin-1")) for name, value in values if value and _SENDABLE.fullmatch(value)]
