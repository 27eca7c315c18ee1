"""The polite client: one for a whole pass, and the only way out to the web.

    guard -> robots.txt -> turn of the host -> request -> (redirect: again) -> Answer | NotModified | Failure

A host and port has one connection at a time, and its delay between the starts of two requests. Every exchange
has one deadline by the clock on the wall, from its first request to its last byte; waiting for a turn doesn't
count.
"""

from __future__ import annotations

import dataclasses
import ssl
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import BinaryIO, Self
from urllib.parse import urljoin

import httpx

from articles.model import Answer, Failure, NotModified, Outcome, RobotsFile, Validators
from extractors import decoding, guard, heads, outcomes
from extractors import robots as robots_txt
from extractors.exchange import Errand, Exchanger, Reply, Take, overdue
from extractors.permits import Permits
from extractors.transport import Transport
from extractors.trouble import Trouble
from extractors.turns import Clock, Host, Sharing

MB = 2**20
_ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
_Permit = Callable[[httpx.URL, float], Awaitable[None]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """Bounds of one exchange: seconds, bytes after decoding, redirects."""

    front_seconds: float = 30.0
    front_bytes: int = 5 * MB
    page_seconds: float = 60.0
    page_bytes: int = 10 * MB
    robots_seconds: float = 20.0
    file_seconds: float = 6 * 3600.0
    redirects: int = 5
    dns_seconds: float = 6.0
    connect_seconds: float = 10.0


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
        sharing: Sharing | None = None,
    ) -> None:
        """`allowed`: inside hosts that may be read. `robots`: files of earlier passes, good for a day.

        `sharing`: other passes that ask the same hosts; None: there are none.
        `tls` says whose certificates are trusted; None: those that browsers trust (certifi).
        """
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
        self._exchanger = Exchanger(self._client, now)
        self._permits = Permits(robots, self._read_robots, now)
        self._hosts: dict[tuple[bytes, int], Host] = {}
        self._sharing = sharing

    @property
    def robots_read(self) -> list[RobotsFile]:
        """The robots files read in this pass, for the caller to keep."""
        return self._permits.read

    async def __aenter__(self) -> Self:
        await self._client.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.__aexit__(kind, error, trace)

    async def front(
        self, url: str, *, min_delay: float, validators: Validators | None, within: Clock | None = None
    ) -> Answer | NotModified | Failure:
        """A front page, feed or sitemap; `validators` as the server gave them last time, `min_delay` in seconds.

        `within`: a clock that several front pages share, besides each one's own.
        """
        errand = Errand(
            url=url,
            min_delay=min_delay,
            seconds=self._limits.front_seconds,
            most=self._limits.front_bytes,
            validators=validators or Validators(),
            within=within,
        )
        reply = await self._run(errand)
        if isinstance(reply, Reply) and reply.status == 304:
            return NotModified(url=reply.url, validators=heads.validators(reply.headers, errand.validators))
        return reply if isinstance(reply, Failure) else self._answer(errand, reply)

    async def page(self, url: str, *, min_delay: float) -> Answer | Failure:
        """An article's page; `min_delay` in seconds."""
        errand = Errand(
            url=url,
            min_delay=min_delay,
            seconds=self._limits.page_seconds,
            most=self._limits.page_bytes,
        )
        reply = await self._run(errand)
        return reply if isinstance(reply, Failure) else self._answer(errand, reply)

    async def sitemaps(self, url: str, *, min_delay: float) -> tuple[str, ...]:
        """The sitemaps that the robots.txt of an address's site names; none where it can't be had."""
        try:
            return (await self._rules(self._guard.parse(url), min_delay)).sitemaps
        except Trouble:
            return ()

    async def download(self, url: str, into: BinaryIO, *, most: int) -> Failure | None:
        """A big file, of at most so many bytes, written as it comes, without taking its packing off."""
        errand = Errand(url=url, min_delay=0, seconds=self._limits.file_seconds, most=most)

        async def take(response: httpx.Response, most: int) -> bytes:
            async for piece in response.aiter_raw():
                if response.num_bytes_downloaded > most:
                    raise decoding.TooLarge(most)
                into.write(piece)
            return b""

        try:
            await self._follow(errand, self._obey_robots, take)
            return None
        except Trouble as trouble:
            return trouble.failure(url)

    def _answer(self, errand: Errand, reply: Reply) -> Answer:
        return Answer(
            asked=errand.url,
            url=reply.url,
            status=reply.status,
            content_type=reply.headers.get("content-type", ""),
            body=reply.body,
            fetched_at=self._now(),
            validators=heads.validators(reply.headers, Validators()),
            asked_with=heads.on_record(reply.asked_with),
            headers=heads.on_record(reply.as_sent),
        )

    async def _run(self, errand: Errand) -> Reply | Failure:
        try:
            return await self._follow(errand, self._obey_robots, decoding.whole)
        except Trouble as trouble:
            return trouble.failure(errand.url)

    async def _follow(self, errand: Errand, permit: _Permit, take: Take) -> Reply:
        """Ask, and follow redirects to where they end; raise `Trouble` if that is no page."""
        clock = Clock(errand.seconds, errand.within)
        url = self._guard.parse(errand.url)
        seen: list[str] = []
        while True:
            seen.append(str(url))
            if clock.left <= 0:
                raise overdue(errand, url)
            await permit(url, errand.min_delay)
            host = self._host(url)
            host.slow_down(errand.min_delay)
            async with host.turn():
                reply = await self._exchanger.exchange(errand, url, host, clock, take)
            if reply.location is None:
                return dataclasses.replace(reply, url=errand.url) if len(seen) == 1 else reply
            url = self._next(reply, seen)

    def _host(self, url: httpx.URL) -> Host:
        key = url.raw_host, guard.port_of(url)
        if key not in self._hosts:
            self._hosts[key] = Host(name=f"{key[0].decode('ascii')}:{key[1]}", sharing=self._sharing)
        return self._hosts[key]

    def _next(self, reply: Reply, seen: list[str]) -> httpx.URL:
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

    async def _obey_robots(self, url: httpx.URL, min_delay: float) -> None:
        """Raise `Trouble` where robots.txt keeps the address from us, or can't be read."""
        rules = await self._rules(url, min_delay)
        self._host(url).slow_down(rules.crawl_delay)
        if not rules.allow(str(url)):
            raise Trouble(Outcome.DISALLOWED, f"{_origin(url)}/robots.txt keeps this address from crawlers.")

    async def _rules(self, url: httpx.URL, min_delay: float) -> robots_txt.Rules:
        return await self._permits.rules(_origin(url), min_delay)

    async def _read_robots(self, url: str, min_delay: float) -> bytes:
        errand = Errand(
            url=url,
            min_delay=min_delay,
            seconds=self._limits.robots_seconds,
            most=robots_txt.MOST_BYTES,
        )
        return (await self._follow(errand, _permit_all, decoding.beginning)).body


def _origin(url: httpx.URL) -> str:
    return robots_txt.origin(url.scheme, url.raw_host.decode("ascii"), guard.port_of(url))


async def _permit_all(url: httpx.URL, min_delay: float) -> None:
    """What robots.txt says of itself."""
