"""Bytes to text: the label is believed where the text bears it out, and tested against others where it does not.

Valid UTF-8 is UTF-8, whatever the label. Any other label must yield words of the script that the source's language
is written in at least as well as its rivals do; windows-1256 sold as ISO-8859-1 and KOI8-R sold as windows-1251
read as well-formed nonsense, so a clean decoding proves nothing.
"""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

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
_HEAD_BYTES = 4096
_SAMPLE_BYTES = 60_000
_BROKEN_SHARE = 0.05
"""UTF-8 with fewer broken sequences than this share of its non-ASCII bytes is damaged UTF-8, not another charset."""
_TRUSTED = 0.85
"""A label is believed when its text scores at least this share of the best rival's."""
_CONVINCING = 0.25
"""Below this score no rival has shown anything: common letters in words, per non-ASCII sign."""

_ARABIC = ("windows-1256", "iso-8859-6")
_CYRILLIC = ("windows-1251", "koi8-r", "iso-8859-5", "cp866")
# A source's own script is tested first, the other one too: a Palestinian site may carry a Russian page.
_RIVALS = dict.fromkeys(("ar", "fa", "ur"), _ARABIC + _CYRILLIC)
_RIVALS |= dict.fromkeys(("ru", "kk", "ky", "uk", "be", "bg", "tg", "mn", "sr"), _CYRILLIC + _ARABIC)
_NAMES = {"x-mac-cyrillic": "mac-cyrillic", "kz-1048": "kz1048", "utf8": "utf-8", "unicode": "utf-8"}
# What Python calls text encodings and no page is written in; some of them raise whatever they are told.
_NO_CHARSETS = {"idna", "mbcs", "oem", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7"}
# What browsers read under these labels (WHATWG Encoding Standard, "Names and labels").
_NAMES |= dict.fromkeys(("iso-8859-1", "latin-1", "latin1", "us-ascii", "ascii"), "windows-1252")

# Words of three letters and more, and the letters that make up most of any prose of their script: a wrong
# decoding of one script as the other, or with its capitals swapped, has the words without these letters.
_WORDS = re.compile("[\u0400-\u04ff]{3,}|[\u0620-\u06d3]{3,}")
_COMMON = frozenset("оеаинтсрвлыдіңқ" + "اليمونرتبةعه")


def decode(body: bytes, content_type: str, language: str | None) -> tuple[str, str]:
    """The text of a page or feed, without NULs, and how its charset was found (`declared:utf-8`, `tested:koi8-r`).

    `content_type` is the header's whole value, `language` what the source should be written in (ISO 639-1), where
    known. Never raises: what cannot be decoded becomes U+FFFD.
    """
    text, how = _decode(body, content_type, language)
    return text.replace("\x00", ""), how


def _decode(body: bytes, content_type: str, language: str | None) -> tuple[str, str]:
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body.decode(name, "replace").removeprefix("\ufeff"), f"bom:{name}"
    if body[:200].count(0) > 60:
        wide = "utf-16-le" if body[1:2] == b"\x00" else "utf-16-be"
        return body.decode(wide, "replace"), f"tested:{wide}"
    labels = _labels(body, content_type)
    try:
        return body.decode("utf-8"), "declared:utf-8" if "utf-8" in labels else "tested:utf-8"
    except UnicodeDecodeError:
        pass
    foreign = sum(1 for byte in body[:_SAMPLE_BYTES] if byte > 0x7F)
    repaired = body.decode("utf-8", "replace")
    if repaired[:_SAMPLE_BYTES].count("\ufffd") <= _BROKEN_SHARE * foreign:
        return repaired, "repaired:utf-8"
    return _best(body, labels, language)


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
    labels = [name for name in labels if name != "utf-8"]
    rivals = _RIVALS.get(language or "ar", ())
    scores = {name: _score(sample, name) for name in dict.fromkeys((*labels, *rivals))}
    best = max(scores, key=lambda name: scores[name], default="windows-1252")
    worth = scores.get(best, 0.0)
    for name in labels:
        if scores[name] >= _TRUSTED * worth or worth < _CONVINCING:
            return body.decode(name, "replace"), f"declared:{name}"
    if worth >= _CONVINCING:
        return body.decode(best, "replace"), f"tested:{best}"
    guess = from_bytes(sample).best()
    name = (_known(guess.encoding) if guess else None) or "windows-1252"
    return body.decode(name, "replace"), f"detected:{name}"


def _sample(body: bytes) -> bytes:
    """A stretch of the body from its first non-ASCII byte on: before it every charset reads the same."""
    first = re.search(rb"[\x80-\xff]", body)
    start = first.start() if first else 0
    return body[start : start + _SAMPLE_BYTES]


def _score(sample: bytes, name: str) -> float:
    """How far a decoding gives words of Arabic or Cyrillic prose: common letters in words, per non-ASCII sign."""
    text = sample.decode(name, "replace")
    foreign = sum(1 for sign in text if sign > "\x7f")
    common = sum(1 for word in _WORDS.findall(text) for letter in word if letter in _COMMON)
    return common / foreign if foreign else 0.0
