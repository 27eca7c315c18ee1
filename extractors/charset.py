"""Bytes to text: the label is believed where the text bears it out, and tested against others where it does not.

Valid UTF-8 is UTF-8, whatever the label. Any other label must yield words of the script that the source's language
is written in at least as well as its rivals do; windows-1256 sold as ISO-8859-1 and KOI8-R sold as windows-1251
read as well-formed nonsense, so a clean decoding proves nothing. What a server had decoded wrongly before it sent
it is put right as well (`extractors.mojibake`).
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence

from charset_normalizer import from_bytes

from extractors import mojibake
from extractors.letters import CONVINCING, score

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.I)
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.I)
_XML = re.compile(rb"^\s*<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w.:-]+)", re.I)
_PIECES = re.compile(rb"[<>\n]|[^<>\n]+")
_FOREIGN = re.compile(rb"[\x80-\xff]")
_FEWEST_FOREIGN = 8
"""Bytes that are not ASCII: fewer in a broken piece are damage rather than another charset."""
_WIDE_BYTES = 400
_WIDE_SHARE = 0.15
_HEAD_BYTES = 4096
_SAMPLE_BYTES = 60_000
_BROKEN_SHARE = 0.05
"""UTF-8 with fewer broken sequences than this share of its non-ASCII bytes is damaged UTF-8, not another charset."""
_TRUSTED = 0.85
"""A label is believed when its text scores at least this share of the best rival's."""
_COUSIN = 1.02
"""Windows-1251 and its Kazakh cousin differ in the Kazakh letters alone, a twentieth of a Kazakh text."""

_ARABIC = ("windows-1256", "iso-8859-6")
_CYRILLIC = ("windows-1251", "koi8-r", "iso-8859-5", "cp866", "mac-cyrillic")
# A source's own script is tested first, the other one too: a Palestinian site may carry a Russian page.
_RIVALS: dict[str, tuple[str, ...]] = dict.fromkeys(("ar", "fa", "ur"), _ARABIC + _CYRILLIC)
_RIVALS |= dict.fromkeys(("ru", "kk", "ky", "uk", "be", "bg", "tg", "mn", "sr"), _CYRILLIC + _ARABIC)
_RIVALS["kk"] = ("kz1048", *_RIVALS["kk"])
# Without a label that is known, the charset that everybody writes these languages in.
_USUAL = dict.fromkeys(("en", "fr", "de", "es", "it", "pt", "nl"), "windows-1252") | {"tr": "windows-1254"}
_NAMES = {"x-mac-cyrillic": "mac-cyrillic", "kz-1048": "kz1048", "utf8": "utf-8", "unicode": "utf-8"}
# What Python calls text encodings and no page is written in; some of them raise whatever they are told.
_NO_CHARSETS = {"idna", "mbcs", "oem", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7"}
# What browsers read under these labels (WHATWG Encoding Standard, "Names and labels").
_NAMES |= dict.fromkeys(("iso-8859-1", "latin-1", "latin1", "us-ascii", "ascii"), "windows-1252")


def decode(body: bytes, content_type: str, language: str | None) -> tuple[str, str]:
    """The text of a page or feed, without NULs, and how its charset was found (`declared:utf-8`, `tested:koi8-r`).

    `declared:utf-8+undone:windows-1252` says that the server had taken the text for that charset, wrongly.
    `content_type` is the header's whole value, `language` what the source should be written in (ISO 639-1), where
    known. Never raises: what cannot be decoded becomes U+FFFD.
    """
    text, how = _decode(body, content_type, language)
    mended, taken_for = mojibake.mend(text.replace("\x00", ""), _RIVALS.get(language or "ar", ()))
    return mended, f"{how}+undone:{taken_for}" if taken_for else how


def _decode(body: bytes, content_type: str, language: str | None) -> tuple[str, str]:
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body.decode(name, "replace").removeprefix("\ufeff"), f"bom:{name}"
    if wide := unmarked_utf16(body):
        return body.decode(wide, "replace"), f"tested:{wide}"
    labels = _labels(body, content_type)
    try:
        return body.decode("utf-8"), "declared:utf-8" if "utf-8" in labels else "tested:utf-8"
    except UnicodeDecodeError:
        pass
    foreign = sum(1 for byte in body[:_SAMPLE_BYTES] if byte > 0x7F)
    repaired = body.decode("utf-8", "replace")
    pieces = _PIECES.findall(body)
    if repaired[:_SAMPLE_BYTES].count("\ufffd") <= _BROKEN_SHARE * foreign or any(map(_is_utf8, pieces)):
        rivals = _RIVALS.get(language or "ar", ())
        return "".join(_piece(piece, rivals) for piece in pieces), "repaired:utf-8"
    return _best(body, labels, language)


def marked(body: bytes) -> bool:
    """Does a body begin with a byte order mark?"""
    return any(body.startswith(mark) for mark, _ in _BOMS)


def unmarked_utf16(body: bytes) -> str | None:
    """Which UTF-16 a body without a mark is in, if it is: the NULs of its tags stand on one side of all pairs."""
    head = body[:_WIDE_BYTES]
    first, second = head[::2].count(0), head[1::2].count(0)
    if max(first, second) <= _WIDE_SHARE * len(head) or min(first, second) > max(first, second) // 20:
        return None
    return "utf-16-le" if second > first else "utf-16-be"


def _is_utf8(piece: bytes) -> bool:
    """Is a piece with letters beyond ASCII valid UTF-8? Eight such bytes are so in no other charset by chance."""
    if len(_FOREIGN.findall(piece)) < _FEWEST_FOREIGN:
        return False
    try:
        piece.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _piece(raw: bytes, rivals: Sequence[str]) -> str:
    """A piece of a page in UTF-8, or in another charset: titles come out of other databases than texts."""
    readings = [raw.decode("utf-8", "replace")]
    if "\ufffd" in readings[0] and len(_FOREIGN.findall(raw)) >= _FEWEST_FOREIGN:
        readings += [text for name in rivals if score(text := raw.decode(name, "replace")) >= CONVINCING]
    return max(readings, key=score)


def _labels(body: bytes, content_type: str) -> list[str]:
    """The charsets that header, meta element and XML declaration name, those that Python knows, in that order."""
    head = body[:_HEAD_BYTES]
    said = [match[1] for match in [_HEADER.search(content_type)] if match]
    said += [match[1].decode("ascii", "replace") for match in (_META.search(head), _XML.search(head)) if match]
    return list(dict.fromkeys(name for label in said if (name := _known(label))))


def _known(label: str) -> str | None:
    lowered = label.strip().lower()
    name = _NAMES.get(lowered, lowered)
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    usable = info._is_text_encoding and info.name.replace("_", "-") not in _NO_CHARSETS
    return name if usable else None


def _best(body: bytes, labels: list[str], language: str | None) -> tuple[str, str]:
    sample = _sample(body)
    labels = [_own_kind(name, language) for name in labels if name != "utf-8"]
    rivals = _RIVALS.get(language or "ar", ())
    scores = {name: score(sample.decode(name, "replace")) for name in dict.fromkeys((*labels, *rivals))}
    best = max(scores, key=lambda name: scores[name], default="windows-1252")
    worth = scores.get(best, 0.0)
    trusted = worth / _COUSIN if best == "kz1048" else _TRUSTED * worth
    for name in labels:
        if scores[name] >= trusted or worth < CONVINCING:
            return body.decode(name, "replace"), f"declared:{name}"
    if worth >= CONVINCING:
        return body.decode(best, "replace"), f"tested:{best}"
    if usual := _USUAL.get(language or ""):
        return body.decode(usual, "replace"), f"usual:{usual}"
    guess = from_bytes(sample).best()
    name = (_known(guess.encoding) if guess else None) or "windows-1252"
    return body.decode(name, "replace"), f"detected:{name}"


def _own_kind(label: str, language: str | None) -> str:
    """Turkish pages sold as Western European are in the Turkish charset: it differs in six letters."""
    return "windows-1254" if language == "tr" and label == "windows-1252" else label


def _sample(body: bytes) -> bytes:
    """A stretch of the body from its first non-ASCII byte on: before it every charset reads the same."""
    first = re.search(rb"[\x80-\xff]", body)
    start = first.start() if first else 0
    return body[start : start + _SAMPLE_BYTES]
