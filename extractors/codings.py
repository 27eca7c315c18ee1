"""The content codings that can be taken off with a bound: gzip, deflate, Brotli and Zstandard.

An `Inflater` takes one compressed stream apart in small pieces, so that whoever counts them can stop in time.
`Layer` is one coding of a body: one stream, or several on end where the format allows that.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from typing import Protocol

import brotli
import zstandard

from articles.model import Outcome
from extractors.trouble import Trouble

STEP = 65_536
"""Bytes that an inflater gives at once, where its library can be told; see `_ZSTD_INPUT` for the one that can't."""

_ZSTD_INPUT = 16
"""Compressed bytes handed to Zstandard at once. A block of four bytes can hold 128 KB (RFC 8878, 3.1.1.2), and its
library gives all that its input holds: half a megabyte at most for so many."""

_ZSTD_WINDOW = 8 * 2**20
"""Bytes of history that a stream may ask for: RFC 9659 allows no more in HTTP."""

_ERRORS = (zlib.error, brotli.error, zstandard.ZstdError)
_GZIP = (b"\x1f\x8b",)
_ZSTD = (b"\x28\xb5\x2f\xfd", *(bytes((0x50 + n, 0x2A, 0x4D, 0x18)) for n in range(16)))


class Inflater(Protocol):
    """One compressed stream."""

    ended: bool
    rest: bytes
    """What came after the end of the stream."""

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """What these compressed bytes hold, little by little."""


class _Zlib:
    """gzip and deflate; `bits` as zlib wants them."""

    def __init__(self, bits: int) -> None:
        self.ended, self.rest = False, b""
        self._inflater = zlib.decompressobj(bits)

    def pieces(self, data: bytes) -> Iterator[bytes]:
        while not self.ended:
            piece = self._inflater.decompress(data, STEP)
            data = self._inflater.unconsumed_tail
            self.ended, self.rest = self._inflater.eof, self._inflater.unused_data
            yield piece
            # A full step may leave output inside after the last byte of input.
            if not data and len(piece) < STEP:
                return


class _Brotli:
    def __init__(self) -> None:
        self.ended, self.rest = False, b""
        self._inflater = brotli.Decompressor()

    def pieces(self, data: bytes) -> Iterator[bytes]:
        while not self.ended:
            piece = self._inflater.process(data, output_buffer_limit=STEP)
            self.ended, data = self._inflater.is_finished(), b""
            yield piece
            # As with zlib; it may also refuse more input before all that it has is out.
            if len(piece) < STEP and self._inflater.can_accept_more_data():
                return


class _Zstd:
    def __init__(self) -> None:
        self.ended, self.rest = False, b""
        self._inflater = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW).decompressobj(write_size=STEP)

    def pieces(self, data: bytes) -> Iterator[bytes]:
        for start in range(0, len(data), _ZSTD_INPUT):
            end = start + _ZSTD_INPUT
            piece = self._inflater.decompress(data[start:end])
            self.ended = self._inflater.eof
            if self.ended:
                self.rest = self._inflater.unused_data + data[end:]
            yield piece
            if self.ended:
                return


class Layer:
    """One coding of a body. Pieces of it go in, what they hold comes out; `Trouble` where that is no such coding."""

    def __init__(self, coding: str) -> None:
        known = _CODINGS.get(coding)
        if known is None:
            raise Trouble(Outcome.BROKEN, f"The answer is compressed as {coding[:20]!a}, which was not asked for.")
        self._start, self._needs, self._marks = known
        self._waiting = b""
        self._inflater: Inflater | None = None

    @property
    def ended(self) -> bool:
        """Has a stream come to its end, with no other one begun?"""
        return self._inflater is not None and self._inflater.ended

    def inflate(self, data: bytes) -> Iterator[bytes]:
        """What the next bytes of the body hold, little by little."""
        data = self._waiting + data
        while data and (inflater := self._current(data)):
            try:
                yield from inflater.pieces(data)
            except _ERRORS:
                raise Trouble(Outcome.BROKEN, "The compressed answer can't be decoded.") from None
            if not inflater.ended:
                return
            data, inflater.rest = inflater.rest, b""

    def _current(self, data: bytes) -> Inflater | None:
        """The stream that these bytes belong to; None: too few to tell, or mere padding after the last one."""
        self._waiting = b""
        if self._inflater is None and len(data) < self._needs:
            self._waiting = data
        elif self._inflater is None or (self._inflater.ended and data.startswith(self._marks)):
            self._inflater = self._start(data)
        elif self._inflater.ended:
            if any(mark.startswith(data) for mark in self._marks):
                self._waiting = data
            return None
        return self._inflater


def _gzip(_: bytes) -> Inflater:
    return _Zlib(16 + zlib.MAX_WBITS)


def _deflate(data: bytes) -> Inflater:
    """With its zlib header (RFC 1950), or without, as some servers send it."""
    wrapped = data[0] & 0x0F == 8 and int.from_bytes(data[:2]) % 31 == 0
    return _Zlib(zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS)


def _brotli(_: bytes) -> Inflater:
    return _Brotli()


def _zstd(_: bytes) -> Inflater:
    return _Zstd()


# How a stream is begun, how many bytes that takes, and what a further stream after its end begins with.
_CODINGS: dict[str, tuple[Callable[[bytes], Inflater], int, tuple[bytes, ...]]] = {
    "gzip": (_gzip, 1, _GZIP),
    "x-gzip": (_gzip, 1, _GZIP),
    "deflate": (_deflate, 2, ()),
    "br": (_brotli, 1, ()),
    "zstd": (_zstd, 1, _ZSTD),
}
