"""A tagger as a model behind an OpenAI-compatible address: one document a request, the answer held against a schema."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from articles.taggers import Endpoint, Tagger
from flows import tagger_prompt
from flows.tagger_answer import Answer, Left
from flows.tagger_prompt import Unusable
from storage.tags import Tag, Task

ASKED = 2
"""How often a document is asked for whose answer can't be used."""

LONGEST_WAIT = 300
"""Seconds: a server that wants to be left alone for longer is asked no more in this run."""

_BUSY = frozenset({408, 429, *range(500, 600)})
_HOPELESS = frozenset({401, 402, 403, 404, 405, *range(300, 400)})
_NO_SCHEMA = frozenset({400, 422})


@dataclass(frozen=True, kw_only=True)
class Clock:
    """Time and chance as a run has them."""

    seconds: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    chance: Callable[[], float] = random.random


@dataclass(frozen=True, kw_only=True)
class Reply:
    """A whole answer of the server."""

    status: int
    retry_after: str | None
    body: bytes


class Trouble(Exception):
    """The server did not answer: for this document, or for none."""


class Stop(Exception):
    """The server is to be asked no more in this run."""


@asynccontextmanager
async def model(tagger: Tagger, way: Endpoint, key: str | None, clock: Clock) -> AsyncIterator[Model]:
    """The endpoint for a run; `key` is shown to it alone."""
    headers = {"Content-Type": "application/json", "Accept-Encoding": "identity", "User-Agent": "rasid"}
    bearer = {"Authorization": f"Bearer {key}"} if key else {}
    # No redirects: they would carry the key elsewhere. No proxies of the environment. The deadline is our own, since
    # those of httpx are by read, and a server that drips would never meet them.
    async with httpx.AsyncClient(headers=headers | bearer, timeout=None, trust_env=False) as client:
        yield Model(tagger, way, key, client, clock)


class Model:
    """One run's way to an endpoint: what it may still ask, and how fast."""

    def __init__(self, tagger: Tagger, way: Endpoint, key: str | None, client: httpx.AsyncClient, clock: Clock) -> None:
        self._requests = 0
        self._tagger = tagger
        self._way = way
        self._key = key
        self._client = client
        self._clock = clock
        self._free_at = clock.seconds()
        self._schema = True
        """Whether the server takes a schema."""

    async def ask(self, tasks: Sequence[Task]) -> AsyncGenerator[Answer, None]:
        """Asks for one document after the other, up to the first trouble."""
        for task in tasks:
            answer = await self._answer(task)
            yield answer
            if answer.trouble or answer.stop:
                return

    async def _answer(self, task: Task) -> Answer:
        try:
            return Answer(tags=(await self._tag(task),))
        except Unusable as error:
            return Answer(unusable=(Left(id=task.id, reason=str(error)),))
        except Trouble as error:
            return Answer(trouble=str(error))
        except Stop as error:
            return Answer(stop=str(error))

    async def _tag(self, task: Task) -> Tag:
        complaint = None
        for _ in range(ASKED):
            body = await self._completion(task, complaint)
            try:
                return tagger_prompt.tag(body, task, self._way.stances, self._tagger.version)
            except Unusable as error:
                complaint = str(error)
        raise Unusable(f"Asked {ASKED} times: {complaint}")

    async def _completion(self, task: Task, complaint: str | None) -> bytes:
        """The body of a good answer; where the server takes no schema, asked again without."""
        reply = await self._persist(self._payload(task, complaint, schema=self._schema))
        if reply.status in _NO_SCHEMA and self._schema:
            reply = await self._persist(self._payload(task, complaint, schema=False))
            # Twice refused, it was not for the schema.
            self._schema = reply.status in _NO_SCHEMA
        if reply.status in _HOPELESS:
            raise Stop(f"The endpoint answers {reply.status}: look at url, model and RASID_TAGGER_KEY.")
        if reply.status != 200:
            raise Trouble(f"The endpoint answers {reply.status}.")
        return reply.body

    def _payload(self, task: Task, complaint: str | None, *, schema: bool) -> dict[str, Any]:
        messages = tagger_prompt.messages(self._way, task, complaint, spell_out=not schema)
        form = tagger_prompt.response_format(self._way.stances) if schema else {"type": "json_object"}
        return {"model": self._way.model, "messages": messages, "temperature": 0, "response_format": form}

    async def _persist(self, payload: dict[str, Any]) -> Reply:
        """Asks until the server is neither busy, nor broken, nor away; the budget counts every request.

        Raises:
            Trouble: it still is after all retries.
            Stop: the budget is spent, or it wants to be left alone for long.
        """
        for tried in range(self._way.retries + 1):
            await self._turn()
            asked = None
            try:
                async with asyncio.timeout(self._tagger.timeout.total_seconds()):
                    reply = await self._post(payload)
                if reply.status not in _BUSY:
                    return reply
                trouble, asked = f"answers {reply.status}", reply.retry_after
            except TimeoutError:
                trouble = f"does not answer within {self._tagger.timeout.total_seconds():g} s"
            except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
                trouble = f"can't be reached ({type(error).__name__})"
            if tried < self._way.retries:
                await self._clock.sleep(self._wait(tried, asked))
        raise Trouble(f"The endpoint {trouble}; tries: {self._way.retries + 1}.")

    async def _post(self, payload: dict[str, Any]) -> Reply:
        url, body = f"{self._way.url}/chat/completions", bytearray()
        async with self._client.stream("POST", url, content=json.dumps(payload).encode()) as answer:
            async for piece in answer.aiter_raw():
                body += piece
                if len(body) > tagger_prompt.LARGEST:
                    break
        # A server may say back what it was sent, and answers are quoted in reasons.
        said = bytes(body).replace(self._key.encode(), b"(key)") if self._key else bytes(body)
        return Reply(status=answer.status_code, retry_after=answer.headers.get("retry-after"), body=said)

    async def _turn(self) -> None:
        """Waits until a further request may be made; raises `Stop` where none may."""
        if self._requests >= self._way.budget:
            raise Stop(f"The run's budget of {self._way.budget} requests is spent.")
        self._requests += 1
        now = self._clock.seconds()
        begin = max(now, self._free_at)
        self._free_at = begin + 60 / self._way.requests_a_minute
        if begin > now:
            await self._clock.sleep(begin - now)

    def _wait(self, tried: int, asked: str | None) -> float:
        """Seconds until the next try: what the server asks for, else twice as long each time, up to a minute."""
        wanted = _seconds(asked, self._clock.now()) if asked else None
        if wanted is None:
            return min(60.0, 2.0**tried) * (0.5 + self._clock.chance() / 2)
        if wanted > LONGEST_WAIT:
            raise Stop(f"The endpoint asks to be left alone for {wanted:.0f} s.")
        return wanted


def _seconds(retry_after: str, now: datetime) -> float | None:
    """What a Retry-After header says, in either of its forms; None: nothing that can be read."""
    said = retry_after.strip()
    if said.isascii() and said.isdigit():
        return float(said[:9])
    try:
        at = parsedate_to_datetime(said)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(0.0, (at - now).total_seconds())
