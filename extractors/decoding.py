"""Content encodings taken off a body piece by piece, with a bound on what comes out.

200 KB of gzip can hold 200 MB. Nothing is inflated further than the bound, at no layer. Brotli and zstd are
not offered to servers: gzip does all that a news page needs.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import httpx

from articles.model import Outcome
from extractors.outcomes import Trouble

ACCEPTED = "gzip, deflate"
"""What our Accept-Encoding header says."""

_STEP = 65_536
_MOST_LAYERS = 2
_NO_ENCODING = ("", "identity", "none", "utf-8")  # the last two are none, and yet are seen


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
    """A body as it arrives: `add` raw pieces, then take it `whole`. Both raise `Trouble` on bad encodings."""

    def __init__(self, content_encoding: str, most: int) -> None:
        """`most` bounds the bytes on the wire, after each layer, and in the end."""
        names = [name.strip().lower() for name in content_encoding.split(",")]
        self._most = most
        self._decoded = bytearray()
        self._layers = [_Layer(name, most) for name in reversed(names) if name not in _NO_ENCODING]
        self._received = 0
        if len(self._layers) > _MOST_LAYERS:
            raise Trouble(Outcome.BROKEN, f"The answer is compressed {len(self._layers)} times over.")

    @property
    def so_far(self) -> bytes:
        """What is decoded by now: for a reader whom the beginning serves."""
        return bytes(self._decoded[: self._most])

    def add(self, raw: bytes) -> None:
        """Take the next piece from the wire; raise `TooLarge` as soon as the bound is passed."""
        self._received += len(raw)
        if self._received > self._most:
            raise TooLarge(self._most)
        pieces = iter([raw])
        for layer in self._layers:
            pieces = layer.inflate(pieces)
        for piece in pieces:
            self._decoded += piece
            if len(self._decoded) > self._most:
                raise TooLarge(self._most)

    def whole(self) -> bytes:
        """The decoded body; raise `Trouble` if a compressed layer has not come to its end."""
        if self._received and not all(layer.ended for layer in self._layers):
            raise Trouble(Outcome.BROKEN, "The compressed answer is cut short.")
        return bytes(self._decoded)


class _Layer:
    """One gzip or deflate encoding."""

    def __init__(self, encoding: str, most: int) -> None:
        if encoding not in ("gzip", "x-gzip", "deflate"):
            raise Trouble(Outcome.BROKEN, f"The answer is compressed as {encoding[:20]!a}, which was not asked for.")
        self._gzip = encoding != "deflate"
        self._most = most
        self._given = 0
        self._head = b""
        self._inflater: zlib._Decompress | None = None

    @property
    def ended(self) -> bool:
        return self._inflater is not None and self._inflater.eof

    def inflate(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        """What the pieces hold, at most `_STEP` bytes at a time."""
        for piece in pieces:
            data = self._head + piece if self._inflater is None else piece
            if len(data) < 2 and self._inflater is None:
                self._head = data
                continue
            for inflated in self._steps(data):
                self._given += len(inflated)
                if self._given > self._most:
                    raise TooLarge(self._most)
                yield inflated

    def _steps(self, data: bytes) -> Iterator[bytes]:
        inflater = self._inflater = self._inflater or self._start(data)
        while True:
            if inflater.eof:
                if not (self._gzip and data.startswith(b"\x1f\x8b")):
                    return  # the end; some servers pad it
                inflater = self._inflater = self._start(data)
            try:
                inflated = inflater.decompress(data, _STEP)
            except zlib.error:
                raise Trouble(Outcome.BROKEN, "The compressed answer can't be decoded.") from None
            yield inflated
            data = inflater.unused_data if inflater.eof else inflater.unconsumed_tail
            # A full step may leave output inside the inflater after the last byte of input.
            if not data and (inflater.eof or len(inflated) < _STEP):
                return

    def _start(self, data: bytes) -> zlib._Decompress:
        """gzip, or deflate with its zlib header (RFC 1950), or without, as some servers send it."""
        if self._gzip:
            return zlib.decompressobj(16 + zlib.MAX_WBITS)
        wrapped = data[0] & 0x0F == 8 and int.from_bytes(data[:2]) % 31 == 0
        return zlib.decompressobj(zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS)
