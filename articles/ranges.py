"""A range of days, and what the names of files say of theirs: `sitemap-2024-11.xml` is of one month."""

from __future__ import annotations

import calendar
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from articles.model import Stamp

_DAY = timedelta(days=1)
_PART = r"(?:[-_/.]|&\w{1,6}=)?"
_DATED = re.compile(
    rf"(?<!\d)((?:19|20)\d\d)(?:{_PART}(0[1-9]|1[0-2])(?:{_PART}(0[1-9]|[12]\d|3[01]))?)?(?!\d)", re.ASCII
)
_DIGITS = re.compile(r"\d+", re.ASCII)
_FIRST_YEAR = 1990
"""Of news on the web: a lower number is no year."""


@dataclass(frozen=True, slots=True)
class Range:
    """Whole days, both ends included; None: no end on that side."""

    since: date | None = None
    until: date | None = None

    def holds(self, day: date) -> bool:
        """Is the day one of them?"""
        return self.meets(Range(day, day))

    def meets(self, other: Range) -> bool:
        """Have the two ranges a day in common?"""
        return not _ends_before(self, other) and not _ends_before(other, self)

    def may_hold(self, published: Stamp | None, changed: datetime | None) -> bool:
        """May an item be of these days, by what is said of it? What is said of nothing may be of any.

        A change came no earlier than the publication; its day may be another one elsewhere.
        """
        if published is not None:
            return self.holds(published.at.date())
        return changed is None or self.since is None or changed.date() + _DAY >= self.since

    def __str__(self) -> str:
        return f"{self.since or ''}..{self.until or ''}"


ALWAYS = Range()


def of_names(urls: Iterable[str], today: date) -> dict[str, Range]:
    """The days that addresses name, as far as they do.

    A lone year is believed where none of its siblings has another number in its place: `sitemap-2001.xml` may be
    the two thousand and first of many.
    """
    named = {url: found for url in urls if (found := _DATED.search(_path(url)))}
    alike: defaultdict[str, list[str]] = defaultdict(list)
    for url in urls:
        alike[_DIGITS.sub("#", _path(url))].append(url)
    return {
        url: _range(found)
        for url, found in named.items()
        if found[2] or all(_is_year(named.get(other), today) for other in alike[_DIGITS.sub("#", _path(url))])
    }


def is_wanted(url: str, changed: datetime | None, days: Range, names: Mapping[str, Range]) -> bool:
    """May a file, named in `names` or not and last changed then, hold anything of these days?"""
    if url in names and not days.meets(names[url]):
        return False
    return days.may_hold(None, changed)


def _path(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


def _is_year(found: re.Match[str] | None, today: date) -> bool:
    return found is not None and _FIRST_YEAR <= int(found[1]) <= today.year


def _range(found: re.Match[str]) -> Range:
    year, month, day = int(found[1]), int(found[2] or 0), int(found[3] or 0)
    if not month:
        return Range(date(year, 1, 1), date(year, 12, 31))
    last = calendar.monthrange(year, month)[1]
    if not 0 < day <= last:
        return Range(date(year, month, 1), date(year, month, last))
    return Range(date(year, month, day), date(year, month, day))


def _ends_before(one: Range, other: Range) -> bool:
    return one.until is not None and other.since is not None and one.until < other.since
