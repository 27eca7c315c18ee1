"""What an edit changed: is it a revision at all, and how to show it to a reader.

Texts are compared word by word in folded letters (`articles.text.matching_copy`, capitals aside), without the lines
that a page changes by itself. White space, punctuation, quotes, dashes and the spelling of letters are no edit;
every other word or number is one, wherever it stands.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Literal

from articles import dates, phrases
from articles.lines import fold, is_headline, is_image_name, is_sign_off
from articles.text import matching_copy, words

_EDGE = 5
"""Among so many lines from either end of a text stand its date, its counters and the page's buttons."""
_LINK_WORDS = 30
_HEADLINE_WORDS = 20
_ANY_DAY = datetime(2200, 1, 1, tzinfo=UTC)
"""A date line is known by its shape, whatever its day."""

_MARKS = "\u00ad\u0300-\u036f\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u200b-\u200f\u2060"
_WORD = re.compile(rf"\d+(?:[.,:/]\d+)*|[^\W_](?:\w|[{_MARKS}])*|[%‰$€£₸₽₪]")
_NOT_KEY = re.compile(r"[^\w.%‰$€£₸₽₪]+")
_COUNTS = """
views view reads read comments comment shares share likes like times min mins minute minutes time reading
просмотров просмотра просмотры просмотр комментариев комментария комментарии комментарий поделились лайков
прочитали прочтений раз мин минут минуты время чтения количество
қаралды қаралым рет пікір пікірлер бөлісу оқылды минут оқу уақыты
مشاهدة مشاهدات المشاهدات قراءة قراءات القراءات تعليق تعليقات التعليقات مشاركة مشاركات المشاركات عدد مرات مرة إعجاب
دقيقة دقائق وقت
görüntülenme okunma yorum paylaşım beğeni kez dakika vues commentaires partages
"""
_COUNTED = frozenset(map(fold, _COUNTS.split()))
_UPDATED = re.compile(
    r"^\W*(?:(?:last )?updated|обновлено|обновлён|обновлен|жаңартылды|жаңартылған|آخر تحديث|اخر تحديث|تم التحديث"
    r"|(?:son )?güncelleme|mis à jour(?: le)?)\b\W*",
    re.I,
)

_LEAF = 4_000
"""Cells of the comparison of two runs of words that is still made in full."""
_LIKE = 0.5
"""The share of common words from which on a paragraph is another one's changed form."""
_AHEAD = 8
"""How many paragraphs on such a one is looked for."""

SpanKind = Literal["same", "removed", "added"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Telling:
    """An article's words at one time."""

    title: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Span:
    """A run of words: in both tellings, in the old one alone, or in the new one alone."""

    kind: SpanKind
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """One paragraph that was added, removed or changed; of a changed one all its words in their order."""

    kind: Literal["added", "removed", "changed"]
    where: Literal["title", "text"]
    spans: tuple[Span, ...]

    def marked(self) -> str:
        """As a line of plain text: `[-old-]` and `{+new+}` among the words that stayed."""
        form = {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}
        return " ".join(form[span.kind].format(span.text) for span in self.spans)


def is_trivial(old: Telling, new: Telling) -> bool:
    """Do two tellings say the same, but for what a page changes by itself? In doubt they do not.

    A title that is missing from one of them says nothing. Date lines, counters, buttons and credits count as the
    page's own near the ends of a text, links to other articles everywhere.
    """
    same_title = old.title is None or new.title is None or _keys(old.title) == _keys(new.title)
    return same_title and _all_keys(old) == _all_keys(new)


def diff(old: Telling, new: Telling) -> list[Change]:
    """What a reader is to see of an edit, the title first, then paragraph by paragraph; nothing if it is trivial.

    The time is bounded: a text of 10,000 words takes about a second at most, however much of it changed.
    """
    if is_trivial(old, new):
        return []
    changes = list(_paragraphs(_own_lines(old.text), _own_lines(new.text)))
    if old.title is not None and new.title is not None and _keys(old.title) != _keys(new.title):
        changes.insert(0, Change("changed", "title", _spans(old.title, new.title)))
    return changes


def _keys(text: str) -> tuple[str, ...]:
    return tuple(_key(word) for word in _WORD.findall(text))


@lru_cache(maxsize=20_000)
def _key(word: str) -> str:
    return _NOT_KEY.sub("", matching_copy(word).casefold().replace(",", "."))


def _all_keys(telling: Telling) -> list[str]:
    return [key for line in _own_lines(telling.text) for key in _keys(line)]


def _own_lines(text: str) -> list[str]:
    """The lines that are the article's own."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    kept = []
    below_label = False
    for n, line in enumerate(lines):
        link = words(line) <= _LINK_WORDS and phrases.invites_elsewhere(line)
        if link or (below_label and is_headline(line) and words(line) <= _HEADLINE_WORDS):
            below_label = phrases.is_label(line) if link else below_label
            continue
        below_label = False
        if not (min(n, len(lines) - 1 - n) < _EDGE and _is_furniture(line)):
            kept.append(line)
    return kept


def _is_furniture(line: str) -> bool:
    said = (phrases.is_control, phrases.is_credit, phrases.is_site_name, is_image_name, is_sign_off)
    return _is_counter(line) or _is_date(line) or any(says(line) for says in said)


def _is_counter(line: str) -> bool:
    """Numbers and what they count, and nothing else: `1 204 просмотра`, `Views: 31 | Comments: 2`."""
    said = fold(line).split()
    numbers = sum(word.isdigit() for word in said)
    return 0 < numbers < len(said) <= 12 and all(word.isdigit() or word in _COUNTED for word in said)


def _is_date(line: str) -> bool:
    line = _UPDATED.sub("", line)
    return dates.read_line(line, language=None, zone=UTC, now=_ANY_DAY) is not None


def _paragraphs(old: Sequence[str], new: Sequence[str]) -> Iterator[Change]:
    start_old = start_new = 0
    ends = [*_matches([_keys(line) for line in old], [_keys(line) for line in new]), (len(old), len(new))]
    for end_old, end_new in ends:
        yield from _between(old[start_old:end_old], new[start_new:end_new])
        start_old, start_new = end_old + 1, end_new + 1


def _between(old: Sequence[str], new: Sequence[str]) -> Iterator[Change]:
    """The changes between two paragraphs that stayed: what is alike pairs up, in the order in which it stands."""
    rest = list(new)
    for line in old:
        place = _alike(line, rest[:_AHEAD])
        if place is None:
            yield Change("removed", "text", (Span("removed", line),))
            continue
        yield from (Change("added", "text", (Span("added", other),)) for other in rest[:place])
        yield Change("changed", "text", _spans(line, rest[place]))
        rest = rest[place + 1 :]
    yield from (Change("added", "text", (Span("added", other),)) for other in rest)


def _alike(line: str, others: Sequence[str]) -> int | None:
    """The place of the line that has most words in common with a line, if that is half of them."""
    own = Counter(_keys(line))
    shares = []
    for other in others:
        theirs = Counter(_keys(other))
        shares.append(2 * (own & theirs).total() / max(1, own.total() + theirs.total()))
    best = max(shares, default=0.0)
    return shares.index(best) if best >= _LIKE else None


def _spans(old: str, new: str) -> tuple[Span, ...]:
    """The words of a changed paragraph, with those that stayed as the new one writes them."""
    before, after = _pieces(old), _pieces(new)
    parts: list[tuple[SpanKind, str]] = []
    start_old = start_new = 0
    matches = _matches([key for key, _ in before], [key for key, _ in after])
    for end_old, end_new in [*matches, (len(before), len(after))]:
        parts += (("removed", piece) for _, piece in before[start_old:end_old])
        parts += (("added", piece) for _, piece in after[start_new:end_new])
        parts += (("same", piece) for _, piece in after[end_new : end_new + 1])
        start_old, start_new = end_old + 1, end_new + 1
    runs = ((kind, "".join(piece for _, piece in run).strip()) for kind, run in groupby(parts, key=itemgetter(0)))
    return tuple(Span(kind, text) for kind, text in runs)


def _pieces(text: str) -> list[tuple[str, str]]:
    """Each word of a line, folded, with its part of the line: up to the next word, with what opens before it."""
    found = list(_WORD.finditer(text))
    # An opening quote goes with its word: a piece begins after the last space before it.
    begins = (text.rfind(" ", one.end(), two.start()) + 1 or two.start() for one, two in pairwise(found))
    starts = [0, *begins, len(text)]
    return [(_key(word[0]), text[start:end]) for word, (start, end) in zip(found, pairwise(starts), strict=False)]


def _matches(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Which of one run stayed in the other, by their places in both, in order.

    What stands but once in either is an anchor; between the anchors small runs are compared in full, and large ones
    without any anchor count as replaced.
    """
    found: list[tuple[int, int]] = []
    todo = [(0, len(old), 0, len(new))]
    while todo:
        a, a_end, b, b_end = todo.pop()
        while a < a_end and b < b_end and old[a] == new[b]:
            found.append((a, b))
            a, b = a + 1, b + 1
        while a < a_end and b < b_end and old[a_end - 1] == new[b_end - 1]:
            a_end, b_end = a_end - 1, b_end - 1
            found.append((a_end, b_end))
        small = (a_end - a) * (b_end - b) <= _LEAF
        places = _in_full(old[a:a_end], new[b:b_end]) if small else _anchors(old[a:a_end], new[b:b_end])
        anchors = [(a + one, b + other) for one, other in places]
        found += anchors
        if anchors and not small:
            edges = pairwise([(a - 1, b - 1), *anchors, (a_end, b_end)])
            todo += ((one + 1, one_end, other + 1, other_end) for (one, other), (one_end, other_end) in edges)
    return sorted(found)


def _in_full(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]]:
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    return [(block.a + n, block.b + n) for block in blocks for n in range(block.size)]


def _anchors(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]]:
    """The longest run in common order of what stands once in either: patience sorting."""
    once_old, once_new = Counter(old), Counter(new)
    place = {key: n for n, key in enumerate(new) if once_new[key] == 1}
    pairs = [(n, place[key]) for n, key in enumerate(old) if once_old[key] == 1 and key in place]
    tops: list[int] = []
    before: list[int] = []
    last: list[int] = []
    for n, (_, other) in enumerate(pairs):
        pile = bisect_left(tops, other)
        tops[pile : pile + 1] = [other]
        last[pile : pile + 1] = [n]
        before.append(last[pile - 1] if pile else -1)
    chain = []
    n = last[-1] if last else -1
    while n >= 0:
        chain.append(pairs[n])
        n = before[n]
    return chain[::-1]
