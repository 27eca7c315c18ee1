"""Letters that were decoded once too often, put right: `Ø§Ù„`, `РџСЂРµР·`, `ط§ظ„`, `Ïðåçèäåíò` are no words.

Two things happen on servers. UTF-8 is taken for a one-byte charset and encoded again: then each letter is a lead and
a tail of that charset. Or a text of an Arabic or Cyrillic charset is taken for Western European and encoded: then
whole words are made of accented letters. Both are undone stretch by stretch, since a title may have suffered where
the body did not, and only where the result is letters, so that nothing that reads well changes.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from functools import cache, partial

from extractors.letters import CONVINCING, score

_WESTERN = "windows-1252"
_TAKEN_FOR = (_WESTERN, "windows-1251", "windows-1256", "koi8-r", "cp866", "mac-cyrillic")
"""Charsets that UTF-8 is taken for, the commonest first."""
_LEADS = bytes((0xC2, *range(0xD0, 0xD4), *range(0xD7, 0xDC), 0xE2))
"""First bytes of Cyrillic, Hebrew and Arabic letters, and of signs, in UTF-8."""
_LATIN_LEADS = bytes((0xC3, 0xC4, 0xC5))
_TAILS = bytes(range(0x80, 0xC0))
_FEWEST = 3
"""Letters in a row that are wrong in one and the same way before anything is believed to be."""
_TIMES = 2
_LONE = re.compile("(?:â€|вЂ)[^\x00-\x7f]")
"""Quotes, dashes and dots (U+2010 to U+203F): unmistakable even where nothing else is wrong."""
_NAME = r"(?!(?:lt|gt|amp|quot|apos|nbsp);)(?:[A-Za-z]{2,8}|#(?:1[2-9]|2[0-5])\d);"
_SPELT, _SIGNS = re.compile(f"&(?:{_NAME}&){{3}}"), re.compile(f"&{_NAME}")
"""Signs of Western European written as entities, four in a row: what a server does to a text it cannot read."""
_ASCII = bytes(range(0x80))
_ACCENTED = re.compile("[À-ÿ]{4,}")
_FEWEST_WORDS = 2
_READABLE = re.compile("[^\\W\\d_]|[\u0080-\u00bf\u0300-\u036f\u060c-\u066f\u06d4-\u06ed\u2000-\u206f\u20a0-\u214f]")


def mend(text: str, charsets: Sequence[str]) -> tuple[str, str | None]:
    """The text with such stretches put right, and the charset that it had been taken for; None: nothing was wrong.

    `charsets` are those that a text of accented words may have been written in.
    """
    if _SPELT.search(text):
        text = _SIGNS.sub(lambda match: html.unescape(match[0]), text)
    found = None
    for _ in range(_TIMES):
        mended, taken_for = _undo_utf8(text)
        if taken_for is None:
            break
        text, found = mended, taken_for
    if found is None and charsets and _ACCENTED.search(_foreign(text)):
        mended = _western_runs().sub(lambda match: _as_written(match[0], charsets), text)
        return mended, _WESTERN if mended != text else None
    return text, found


def _undo_utf8(text: str) -> tuple[str, str | None]:
    foreign = _foreign(text)
    for charset in _TAKEN_FOR:
        if _trace(charset).search(foreign):  # a tenth of the time that the whole page would take
            mended = _runs(charset).sub(partial(_once_less, charset=charset), text)
            if mended != text:
                return mended, charset
    if "â€" in foreign or "вЂ" in foreign:
        mended = _LONE.sub(lambda match: _once_less(match, "windows-1251" if match[0][0] == "в" else _WESTERN), text)
        return mended, _WESTERN if mended != text else None
    return text, None


def _foreign(text: str) -> str:
    """What of a text is not ASCII, ten times as fast as a pattern would tell."""
    return text.encode("utf-8", "replace").translate(None, delete=_ASCII).decode("utf-8")


@cache
def _trace(charset: str) -> re.Pattern[str]:
    """Three letters of a word in a row, as this charset shows them."""
    return re.compile(f"(?:{_letter(charset)}){{{_FEWEST}}}")


def _letter(charset: str) -> str:
    """A letter's lead and its tails; one that got lost on the way stands as a question mark."""
    tails = _shown(_TAILS, charset) + ("\x80-\x9f" if charset == _WESTERN else "")
    return f"[{_shown(_leads(charset), charset)}](?:[{tails}]{{1,2}}|[?\ufffd])"


@cache
def _runs(charset: str) -> re.Pattern[str]:
    """Stretches of UTF-8 letters as this charset shows them, with ASCII between them and no other letters beside."""
    beside, letter = "[^\\W\\d_a-zA-Z]", _letter(charset)
    return re.compile(f"(?<!{beside}){letter}(?:[\\x00-\\x7f]*{letter}){{{_FEWEST - 1},}}(?!{beside})")


def _leads(charset: str) -> bytes:
    return _LEADS + _LATIN_LEADS if charset == _WESTERN else _LEADS


@cache
def _western_runs() -> re.Pattern[str]:
    """Stretches of what a Western European charset can show."""
    return re.compile(f"[\\x00-\\x7f{_shown(bytes(range(0x80, 0x100)), _WESTERN)}\\x80-\\x9f]+")


def _shown(codes: bytes, charset: str) -> str:
    """What each byte is shown as; bytes that the charset leaves undefined are shown as controls, as browsers do."""
    return "".join(re.escape(bytes([code]).decode(charset, "ignore") or chr(code)) for code in codes)


@cache
def _codes(charset: str) -> dict[int, int]:
    """The byte behind each sign; ISO-8859-1 and its Windows cousin are told apart by nobody."""
    signs = {code: bytes([code]).decode(charset, "ignore") or chr(code) for code in range(256)}
    controls = {code: code for code in range(0x80, 0xA0)} if charset == _WESTERN else {}
    return controls | {ord(sign): code for code, sign in signs.items()}


def _once_less(match: re.Match[str], charset: str) -> str:
    """The stretch with its letters decoded; as it was where they are no UTF-8 or become nothing readable."""
    stretch = match[0]
    codes, lost = _codes(charset), f"[{_shown(_leads(charset), charset)}][?\ufffd]"
    try:
        pieces = [bytes(codes[ord(sign)] for sign in piece).decode("utf-8") for piece in re.split(lost, stretch)]
    except (KeyError, UnicodeDecodeError):
        return stretch
    foreign = [sign for piece in pieces for sign in piece if sign > "\x7f"]
    return "\ufffd".join(pieces) if foreign and all(map(_READABLE.match, foreign)) else stretch


def _as_written(stretch: str, charsets: Sequence[str]) -> str:
    """A stretch of accented words in the charset that makes prose of it; as it was where none does."""
    if len(_ACCENTED.findall(stretch)) < _FEWEST_WORDS:
        return stretch
    codes = _codes(_WESTERN)
    raw = bytes(codes[ord(sign)] for sign in stretch)
    best = max((raw.decode(charset, "replace") for charset in charsets), key=score)
    return best if score(best) >= CONVINCING else stretch
