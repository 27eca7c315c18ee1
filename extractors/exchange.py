"""One request and its answer."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

import httpx

from articles.model import Outcome, Validators
from extractors import decoding, heads, outcomes, walls
from extractors.trouble import Trouble
from extractors.turns import Clock, Host

_REDIRECTS = (301, 302, 303, 307, 308)

Take = Callable[[httpx.Response, int], Awaitable[bytes]]
"""How a body is taken: whole or its beginning, with a bound in bytes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Errand:
    """What is wanted, and on what terms: seconds for all its requests, bytes of the decoded body."""

    url: str
    min_delay: float
    seconds: float
    most: int
    validators: Validators = field(default_factory=Validators)
    within: Clock | None = None
    """A clock that other errands share."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """A 200 with its body, a 304 that was asked for, or a redirect to `location`."""

    url: str
    status: int
    headers: httpx.Headers
    as_sent: list[tuple[bytes, bytes]]
    asked_with: list[tuple[bytes, bytes]]
    body: bytes = b""
    location: str | None = None


class Exchanger:
    """Sends requests, and judges what comes back."""

    def __init__(self, client: httpx.AsyncClient, now: Callable[[], datetime]) -> None:
        self._client = client
        self._now = now

    async def exchange(self, errand: Errand, url: httpx.URL, host: Host, clock: Clock, take: Take) -> Reply:
        """One request of an errand; raise `Trouble` for anything but a page, a redirect or a wanted 304."""
        headers = heads.conditions(errand.validators)
        try:
            async with clock.running(), self._client.stream("GET", url, headers=headers) as response:
                # Counted from the answer, so that the host too sees the whole delay between two requests.
                host.asked = asyncio.get_running_loop().time()
                reply = _head(url, response)
                if reply.location is not None or (reply.status == 304 and errand.validators != Validators()):
                    return reply
                body = await _read(response, errand.most, take)
        except TimeoutError:
            raise overdue(errand, url) from None
        evidence = walls.Evidence(url=reply.url, status=reply.status, headers=reply.headers, body=body)
        if trouble := outcomes.of_answer(evidence, self._now()):
            raise trouble
        return dataclasses.replace(reply, body=body)


def _head(url: httpx.URL, response: httpx.Response) -> Reply:
    status = response.status_code
    return Reply(
        url=str(url),
        status=status,
        headers=response.headers,
        as_sent=response.extensions["as_sent"],
        asked_with=response.request.headers.raw,
        location=response.extensions["location"] if status in _REDIRECTS else None,
    )


async def _read(response: httpx.Response, most: int, take: Take) -> bytes:
    """The body as `take` takes it; of an error page the beginning, as far as it can be read."""
    if response.status_code == 200:
        return await take(response, most)
    with contextlib.suppress(Trouble):
        return await decoding.beginning(response, walls.EVIDENCE_BYTES)
    return b""


def overdue(errand: Errand, url: httpx.URL) -> Trouble:
    """What is to be said when an errand's time is up."""
    sentence = f"{url.netloc.decode()} gave no whole answer within {errand.seconds:g} s."
    if errand.within is not None and errand.within.left <= 0:
        sentence = f"The front pages took more than {errand.within.seconds:g} s together."
    return Trouble(Outcome.TIMEOUT, sentence)
