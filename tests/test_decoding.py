"""Content codings: whole, cut, lied about, nested, and bombs in each of them."""

from __future__ import annotations

import gzip
import itertools
import subprocess
import sys
import zlib
from collections.abc import Callable

import brotli  # type: ignore[import-untyped]
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from articles.model import Outcome
from extractors import decoding
from extractors.codings import STEP, Layer
from extractors.trouble import Trouble


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


def zstd(data: bytes) -> bytes:
    return zstandard.ZstdCompressor(write_content_size=False).compress(data)


ENCODE: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "raw deflate": raw_deflate,
    "br": brotli.compress,
    "zstd": zstd,
}
CODINGS = sorted(ENCODE)
TEXT = "Посол Палестины вручил верительные грамоты. ".encode() * 40


def named(codings: list[str]) -> str:
    return ", ".join(coding.removeprefix("raw ") for coding in codings)


def wire(data: bytes, codings: list[str]) -> bytes:
    for coding in codings:
        data = ENCODE[coding](data)
    return data


def decoded(content_encoding: str, data: bytes, most: int = 10**6, cut: int = 10**6) -> bytes:
    body = decoding.Body(content_encoding, most)
    for start in range(0, len(data), cut):
        body.add(data[start : start + cut])
    return body.whole()


@given(
    data=st.binary(min_size=1, max_size=50),
    times=st.integers(1, 9000),
    codings=st.lists(st.sampled_from(CODINGS), max_size=2),
    cut=st.sampled_from([1, 7, 1000, 10**6]),
)
def test_a_body_comes_out_whole_however_it_arrives(data: bytes, times: int, codings: list[str], cut: int) -> None:
    sent = wire(data * times, codings)
    assert decoded(named(codings), sent, cut=max(cut, len(sent) // 5_000)) == data * times


def test_no_byte_is_lost_where_a_step_ends() -> None:
    for coding in CODINGS:
        for size in (*range(STEP - 2, STEP + 3), *range(65_790, 65_800), 131_071, 131_072, 131_073):
            assert decoded(named([coding]), wire(bytes(size), [coding])) == bytes(size), (coding, size)


@pytest.mark.parametrize("coding", CODINGS)
def test_a_cut_is_never_half_a_text(coding: str) -> None:
    sent = wire(TEXT, [coding])
    for end in range(1, len(sent)):
        with pytest.raises(Trouble) as met:
            decoded(named([coding]), sent[:end], cut=50)
        assert met.value.outcome is Outcome.BROKEN
    assert decoded(named([coding]), b"") == b""


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
@pytest.mark.parametrize("cut", [1, 2, 3, 10**6])
def test_streams_on_end_are_one_body_and_padding_is_none(coding: str, cut: int) -> None:
    one, two = wire(b"one", [coding]), wire(b"two", [coding])
    assert decoded(coding, one + two, cut=cut) == b"onetwo"
    for padding in (b"\0", b"\0" * 9, b"<!-- cached -->", one[:1]):
        assert decoded(coding, one + padding, cut=cut) == b"one"
    with pytest.raises(Trouble, match="cut short"):
        decoded(coding, one + two[:-1], cut=cut)


def test_a_zstandard_frame_to_be_skipped_is_skipped() -> None:
    skipped = b"\x50\x2a\x4d\x18\x03\x00\x00\x00abc"
    assert decoded("zstd", skipped + zstd(b"text") + skipped) == b"text"


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd", "deflate"])
@pytest.mark.parametrize("sent", [TEXT, b"<html>plain</html>", bytes(99), b"\xff" * 99])
def test_what_is_not_what_it_says_is_broken(coding: str, sent: bytes) -> None:
    with pytest.raises(Trouble) as met:
        decoded(coding, sent)
    assert met.value.outcome is Outcome.BROKEN


@pytest.mark.parametrize(
    ("content_encoding", "word"),
    [
        ("compress", "'compress'"),
        ("dcb", "'dcb'"),
        ("gzip, exi", "'exi'"),
        ("gzip, br, zstd", "3 times"),
        ("\xff\x01" * 50, "which was not asked for"),
    ],
)
def test_codings_that_were_not_asked_for(content_encoding: str, word: str) -> None:
    with pytest.raises(Trouble, match=word) as met:
        decoding.Body(content_encoding, 1000)
    assert met.value.outcome is Outcome.BROKEN and str(met.value).isprintable()


@pytest.mark.parametrize("content_encoding", ["", "identity", "utf-8", " , none", "GZIP", "X-Gzip,", "identity, gzip"])
def test_names_are_read_generously(content_encoding: str) -> None:
    sent = gzip.compress(TEXT) if "gzip" in content_encoding.lower() else TEXT
    assert decoded(content_encoding, sent) == TEXT


def test_the_bound_is_exact() -> None:
    for coding in CODINGS:
        sent = wire(bytes(200_000), [coding])
        assert len(decoded(named([coding]), sent, most=200_000)) == 200_000
        with pytest.raises(decoding.TooLarge):
            decoded(named([coding]), sent, most=199_999)


def test_a_zstandard_window_beyond_what_http_allows_is_refused() -> None:
    parameters = zstandard.ZstdCompressionParameters(window_log=27, write_content_size=False)
    packer = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    sent = packer.compress(TEXT) + packer.flush()
    with pytest.raises(Trouble, match="decoded"):
        decoded("zstd", sent)


@pytest.mark.parametrize("coding", CODINGS)
def test_a_layer_gives_small_pieces(coding: str) -> None:
    pieces = Layer(named([coding])).inflate(wire(bytes(30_000_000), [coding]))
    assert max(map(len, itertools.islice(pieces, 200))) <= 16 * STEP


BOMBS = [[coding] for coding in CODINGS] + [list(pair) for pair in itertools.product(CODINGS, repeat=2)]

DEFUSE = """
import resource, sys
from extractors import decoding
MOST = 1_000_000
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for line in sys.stdin:
    name, _, sent = line.strip().rpartition(" ")
    body, sent = decoding.Body(name, MOST), bytes.fromhex(sent)
    before, met = peak(), "nothing"
    try:
        for start in range(0, len(sent), 65_536):
            body.add(sent[start:start + 65_536])
        body.whole()
    except decoding.TooLarge:
        met = "too large"
    print(name, "|", met, "|", peak() - before)
"""


def test_no_bomb_takes_more_memory_than_the_bound_and_a_little() -> None:
    """50 MB in every coding and every pair of them; what a process of its own grows by is measured."""
    once = {coding: wire(bytes(50_000_000), [coding]) for coding in CODINGS}
    sent = [wire(once[codings[0]], codings[1:]) for codings in BOMBS]
    lines = "\n".join(f"{named(codings)} {bomb.hex()}" for codings, bomb in zip(BOMBS, sent, strict=True))
    words = [sys.executable, "-c", DEFUSE]
    ended = subprocess.run(words, input=lines, capture_output=True, text=True, check=True, timeout=60)
    rows = [line.split(" | ") for line in ended.stdout.splitlines()]
    assert len(rows) == len(BOMBS)
    assert {met for _, met, _ in rows} == {"too large"}
    grown = sum(int(kilobytes) for *_, kilobytes in rows)
    assert grown < 12_000, rows
