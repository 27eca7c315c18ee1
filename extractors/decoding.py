"""Content codings taken off a body piece by piece, with a bound on what comes out.

200 KB of gzip can hold 200 MB. Nothing is inflated further than the bound, at no layer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import httpx

from articles.model import Outcome
from extractors.codings import Layer
from extractors.trouble import Trouble

ACCEPTED = "gzip, deflate, br, zstd"
"""What our Accept-Encoding header says."""

_MOST_LAYERS = 2
MOST_PIECES = 50_000
"""Pieces that a body may come in: ten MB in pieces of 200 bytes. A flood of smaller ones takes a second of CPU for
40,000, and they say next to nothing."""
_NO_CODING = ("", "identity", "none", "utf-8")  # the last two are none, and yet are seen


class TooLarge(Trouble):
    """The body, or a layer of it, has more bytes than the bound."""

    def __init__(self, most: int) -> None:
        super().__init__(Outcome.TOO_LARGE, f"The answer is larger than {most / 2**20:.3g} MB.")


async def whole(response: httpx.Response, most: int) -> bytes:
    """The decoded body; raise `Trouble` if it has more than `most` bytes, or is not whole."""
    declared = response.headers.get("content-length", "")
    if declared.isdecimal() and float(declared) > most:
        raise TooLarge(most)
    body = Body(response.headers.get("content-encoding", ""), most)
    async for piece in response.aiter_raw():
        body.add(piece)
    return body.whole()


async def beginning(response: httpx.Response, most: int) -> bytes:
    """The decoded body's first `most` bytes."""
    body = Body(response.headers.get("content-encoding", ""), most)
    try:
        async for piece in response.aiter_raw():
            body.add(piece)
    except TooLarge:
        return body.so_far
    return body.whole()


class Body:
    """A body as it arrives: `add` raw pieces, then take it `whole`. Both raise `Trouble` on bad codings."""

    def __init__(self, content_encoding: str, most: int) -> None:
        """`most` bounds the bytes on the wire, after each layer, and in the end."""
        names = [name.strip().lower() for name in content_encoding.split(",")]
        codings = [name for name in names if name not in _NO_CODING]
        if len(codings) > _MOST_LAYERS:
            raise Trouble(Outcome.BROKEN, f"The answer is compressed {len(codings)} times over.")
        self._most = most
        self._decoded = bytearray()
        self._layers = [Layer(name) for name in reversed(codings)]
        self._given = [0] * len(self._layers)
        self._received = self._pieces = 0

    @property
    def so_far(self) -> bytes:
        """What is decoded by now: for a reader whom the beginning serves."""
        return bytes(self._decoded[: self._most])

    def add(self, raw: bytes) -> None:
        """Take the next piece from the wire; raise `TooLarge` as soon as the bound is passed."""
        self._received += len(raw)
        if self._received > self._most:
            raise TooLarge(self._most)
        self._pieces += 1
        if self._pieces > MOST_PIECES:
            raise Trouble(Outcome.BROKEN, f"The answer comes in more than {MOST_PIECES} small pieces.")
        pieces: Iterable[bytes] = (raw,)
        for number in range(len(self._layers)):
            pieces = self._inflated(number, pieces)
        for piece in pieces:
            self._decoded += piece
            if len(self._decoded) > self._most:
                raise TooLarge(self._most)

    def whole(self) -> bytes:
        """The decoded body; raise `Trouble` if a compressed layer has not come to its end."""
        if self._received and not all(layer.ended for layer in self._layers):
            raise Trouble(Outcome.BROKEN, "The compressed answer is cut short.")
        return bytes(self._decoded)

    def _inflated(self, number: int, pieces: Iterable[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            for inflated in self._layers[number].inflate(piece):
                self._given[number] += len(inflated)
                if self._given[number] > self._most:
                    raise TooLarge(self._most)
                yield inflated
