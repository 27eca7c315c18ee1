"""A bound on what a server may send before its answer begins.

Hints (1xx) may come without end. Each is tiny and read at once, so a flood of them takes from all other sources the
time that they need, until its deadline: one MB of them is a second of this process.
"""

from __future__ import annotations

import ssl
from typing import Any

import httpcore

from articles.model import Outcome
from extractors.trouble import Trouble

MOST_BYTES = 262_144
"""From the request to the answer's head: four times what the head itself may have."""


class Wire(httpcore.AsyncNetworkStream):
    """A connection that counts what comes in since it was last written to; raises `Trouble` above the bound."""

    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream = stream
        self._came = 0
        self._answered = False

    def answered(self) -> None:
        """The answer's head is here: what follows is its body, which is bounded elsewhere."""
        self._answered = True

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        data = await self._stream.read(max_bytes, timeout)
        self._came += len(data)
        if self._came > MOST_BYTES and not self._answered:
            raise Trouble(Outcome.BROKEN, f"The server sent more than {MOST_BYTES} bytes before its answer.")
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._came, self._answered = 0, False
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> Wire:
        return Wire(await self._stream.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
