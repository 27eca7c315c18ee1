"""Noise: what stands among an article's lines without being the article, told by named rules on lines of text.

Every rule would rather keep than drop: it knows a line by its whole shape, or by where it stands, never by a
word in running prose. The same rules clean extracted pages and adopted corpus files, so that both come to one text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from itertools import takewhile

from articles import dates, phrases
from articles.lines import as_read, is_closed, is_headline, is_image_name, is_sign_off, same_line, unescaped
from articles.model import Stamp
from articles.text import one_line, safe, tidy, words

_TITLE_WORDS = 4
_TITLE_APART_WORDS = 3
"""The least words of a first line that is taken for the title; fewer will do where a blank or date line follows."""
_BELOW_TITLE = 3
"""Among so many lines below a title its text begins: captions may come first."""
_CAPTION_WORDS = 12
_PARAGRAPH_WORDS = 20
"""From here on a line with a stop at its end is a paragraph that nobody writes twice."""
_COPIED_LINES = 3
"""So many lines in a row that stood before, from the first on and with half of all words, are a copy: a page for
phones beside one for desks. Recipes and lists repeat themselves too, but never so."""
_READ_ALSO_WORDS = 30
_OTHER_HEADLINE_WORDS = 20
_DATE_LINE_CHARS = 140
_EDGE = 5
"""How many lines from either end may be the page's furniture rather than prose: date lines, the site's name."""

_RESIDUE = re.compile(
    r"^\s*(?:(?:&?\s*#?(?:0?39|34|160|8217);|&?(?:quot|nbsp|amp|apos|raquo);)\s*>?\s*)+|^\s*['\"]?>\s*(?=\w)"
)
"""What stripping tags by pattern leaves of an entity before a line: `39;>` is the half of `&#39;>`."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A text without its noise: one paragraph a line, neither title nor date among them."""

    text: str
    title: str | None
    published: Stamp | None
    rules: tuple[str, ...]
    """Names of the rules that changed something, in the order of their work."""
    variants: tuple[str, ...]
    """Other texts the same article may have where its noise is told differently; none equals `text`."""


def clean(
    text: str,
    *,
    title: str | None,
    site: str | None,
    language: str | None,
    zone: tzinfo,
    now: datetime,
    drop_lines: Sequence[re.Pattern[str]] = (),
) -> Cleaned:
    """Take the noise out of lines of text, and the title and the date, where nobody knows them yet.

    A blank line in `text` is taken as the end of what stands above it. `drop_lines` are searched in each line.
    """
    fired: list[str] = []
    lines = _mend(safe(text).split("\n"), fired)
    lines = _drop(lines, "drop-line", lambda line: any(p.search(line) for p in drop_lines), fired)
    lines = _drop(lines, "image-line", is_image_name, fired)
    lines = _drop(lines, "control-line", phrases.is_control, fired)
    lines, published = _take_dates(lines, language, zone, now, fired)
    title, lines = _take_title(lines, title, fired)
    paragraphs = [line for line in lines if line]
    paragraphs = _drop_site(paragraphs, site, fired)
    paragraphs = _drop_read_also(paragraphs, fired)
    paragraphs = _drop_last(paragraphs, fired)
    paragraphs, background = _cut_background(paragraphs, fired)
    texts = [_undouble(paragraphs, keep=False, fired=fired), _undouble(paragraphs, keep=True, fired=[])]
    if background:
        texts.append(_undouble(paragraphs + background, keep=False, fired=[]))
    if len(texts[0]) > 1 and _is_caption(texts[0][0]):
        texts.append(texts[0][1:])
    first, *others = [tidy("\n".join(lines)) for lines in texts]
    return Cleaned(first, title, published, tuple(dict.fromkeys(fired)), _unlike(first, others))


def _mend(lines: Iterable[str], fired: list[str]) -> list[str]:
    mended = []
    for line in lines:
        plain = as_read(line)
        decoded = one_line(_RESIDUE.sub("", plain))
        if decoded != plain or unescaped(line) != line:
            fired.append("entity")
        mended.append(decoded)
    return mended


def _drop(lines: list[str], name: str, noisy: Callable[[str], bool], fired: list[str]) -> list[str]:
    kept = [line for line in lines if not (line and noisy(line))]
    if len(kept) < len(lines):
        fired.append(name)
    return kept


def _edges(lines: list[str]) -> set[int]:
    filled = [n for n, line in enumerate(lines) if line]
    return {*filled[:_EDGE], *filled[-_EDGE:]}


def _take_dates(
    lines: list[str], language: str | None, zone: tzinfo, now: datetime, fired: list[str]
) -> tuple[list[str], Stamp | None]:
    """The lines with each date line made blank (it ends what stands above it), and the first date read."""
    first: Stamp | None = None
    for n in sorted(_edges(lines)):
        if len(lines[n]) > _DATE_LINE_CHARS:
            continue
        stamp = dates.read_line(lines[n], language=language, zone=zone, now=now)
        if stamp is not None:
            first, lines[n] = first or stamp, ""
            fired.append("date-line")
    return lines, first


def _take_title(lines: list[str], title: str | None, fired: list[str]) -> tuple[str | None, list[str]]:
    """The title, found or given, and the lines without it among the first ones."""
    start = next((n for n, line in enumerate(lines) if line), len(lines))
    if title is None and _heads(lines, start):
        title = lines[start]
    if title is None:
        return None, lines
    head = set(sorted(_edges(lines))[:_EDGE])
    kept = [line for n, line in enumerate(lines) if not (n in head and same_line(line, title))]
    if len(kept) < len(lines):
        fired.append("title-line")
    return title, kept


def _heads(lines: list[str], start: int) -> bool:
    """Is the first line a title: headline-like, and set apart from what follows or far shorter than its prose?"""
    following = [line for line in lines[start + 1 :] if line][:_BELOW_TITLE]
    if not following or not is_headline(lines[start]):
        return False
    length = words(lines[start])
    apart = not lines[start + 1] and length >= _TITLE_APART_WORDS
    return apart or (length >= _TITLE_WORDS and max(map(words, following)) >= 2 * length)


def _drop_site(lines: list[str], site: str | None, fired: list[str]) -> list[str]:
    def named(line: str) -> bool:
        return phrases.is_site_name(line) or bool(site and same_line(line, site))

    first, last = 0, len(lines)
    while first < last and named(lines[first]):
        first += 1
    while last > first and named(lines[last - 1]):
        last -= 1
    if last - first < len(lines):
        fired.append("site-line")
    return lines[first:last]


def _drop_read_also(lines: list[str], fired: list[str]) -> list[str]:
    """Without read-also lines, and without the headlines below one that is but a label."""
    kept: list[str] = []
    below_label = False
    for line in lines:
        marked = words(line) <= _READ_ALSO_WORDS and phrases.invites_elsewhere(line)
        if marked or (below_label and is_headline(line) and words(line) <= _OTHER_HEADLINE_WORDS):
            fired.append("read-also")
            below_label = phrases.is_label(line) if marked else below_label
            continue
        below_label = False
        kept.append(line)
    return kept


def _drop_last(lines: list[str], fired: list[str]) -> list[str]:
    """Without what stands below a text: initials, an agency in brackets, credits; notes on rights and comments."""
    last = len(lines)
    while last > 1 and (is_sign_off(lines[last - 1]) or phrases.is_credit(lines[last - 1])):
        last -= 1
    if last < len(lines):
        fired.append("sign-off")
    notes = [n for n in range(max(1, last - _EDGE), last) if phrases.is_note(lines[n])]
    if notes and all(n in notes or is_headline(lines[n]) for n in range(notes[0], last)):
        fired.append("note")
        return _drop_last(lines[: notes[0]], fired)
    return lines[:last]


def _cut_background(lines: list[str], fired: list[str]) -> tuple[list[str], list[str]]:
    """The text, and the background block at its end: at most two paragraphs, and less than a third of it."""
    for n in range(max(1, len(lines) - 2), len(lines)):
        block = lines[n:]
        if phrases.opens_background(lines[n]) and 3 * sum(map(words, block)) < sum(map(words, lines)):
            fired.append("background")
            return lines[:n], block
    return lines, []


def _undouble(lines: list[str], *, keep: bool, fired: list[str]) -> list[str]:
    """Without lines said twice in a row, whole paragraphs that stood before, and copies of whole stretches.

    A short line said twice is a picture's caption and goes altogether; with `keep` it stays once.
    """
    kept: list[str] = []
    first: dict[str, int] = {}
    n = 0
    while n < len(lines):
        run = n + 1
        while run < len(lines) and lines[run] == lines[n] and any(map(str.isalpha, lines[n])):
            run += 1
        copied = _copied(lines, first.get(lines[n], n), n)
        if run > n + 1 or copied:
            fired.append("doubled-line")
        if not copied and not (run > n + 1 and not keep and _is_caption(lines[n])):
            kept.append(lines[n])
        first.setdefault(lines[n], n)
        n = max(run, n + copied)
    return kept


def _copied(lines: list[str], before: int, place: int) -> int:
    """How many lines from this place on say again what stood before; 0 where it is no whole paragraph or stretch."""
    pairs = zip(lines[before:place], lines[place:], strict=False)
    length = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    copied = sum(map(words, lines[place : place + length]))
    if before <= 1 and length >= _COPIED_LINES and 2 * copied >= sum(map(words, lines[:place])):
        return length
    return int(length > 0 and words(lines[place]) >= _PARAGRAPH_WORDS and is_closed(lines[place]))


def _is_caption(line: str) -> bool:
    return is_headline(line) and words(line) <= _CAPTION_WORDS and any(map(str.isalpha, line))


def _unlike(text: str, others: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(other for other in others if other and other != text))
