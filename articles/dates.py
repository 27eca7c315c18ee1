"""When something was published, read from the words of its publisher and never guessed.

A text becomes letters (`articles.datesigns`), and dates, clocks and zones are short patterns over these letters:
"16:24, 02 Декабрь 2025 | GMT +5" is `2:22m4g+1`. Words that say nothing in a date line leave no letter; unknown
ones leave an `x`, which no pattern crosses. What is not wholly there is no date.

A clock that a zone shows twice or never, where summer time begins or ends, is read as RFC 5545 (3.3.5) has it: the
first of the two, or by the offset before the change.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from articles.datesigns import WIDEST_OFFSET, Signs, offset, signs
from articles.datewords import NIGHT, NOON, Word
from articles.model import Stamp
from articles.text import one_line

_FIELD = 300
"""Characters of a field that are looked at; a longer line is no date line."""
_EARLIEST = 1990
_LONGEST_AGO = 999
"""In whatever unit: above it the number is no "ago"."""
_AHEAD = timedelta(hours=24)
_HIJRI_YEAR = 1600
"""Below it a year is of another calendar, which often stands beside ours."""

_ISO = re.compile(r"\d{4}(?:-\d\d-\d\d|\d{4}|-?W\d\d-?\d)([Tt ]\d\d:?\d\d.*)?", re.ASCII)
_EPOCH = re.compile(r"(\d{10})(?:\d{3})?", re.ASCII)

_DAY_ALONE = r"(?:(?<![12m]-)|(?<=[.:h+][12]-))"
"""Before a day: not the first half of a span of days (12-14 November), but an hour or an offset may stand there."""
_DATES = tuple(
    re.compile(rf"(?<![129][:.]){shape}")
    for shape in (
        r"(?P<y>4)(?P<s>[./-])(?P<m>[12])(?P=s)(?P<d>[12])",
        rf"{_DAY_ALONE}(?P<d>[12])(?P<s>[./-])(?P<m>[12])(?P=s)(?P<y>4)",
        rf"{_DAY_ALONE}(?:(?<![12])|(?<=[.:h+][12]))(?P<d>[12])[./-]*(?P<m>m)(?:[./-]*m)*[./-]*(?P<y>4)",
        r"(?P<m>m)(?:[./-]*m)*[./-]*(?P<d>[12])[./-]*(?P<y>4)",
        r"(?P<y>4)(?:k\.?|[./-]*)(?P<m>m)[./-]*(?P<d>[12])(?![:.4])",
        r"(?P<y>4)k\.?(?P<d>[12])-?(?P<m>m)",
        r"(?P<d>[12])-?(?P<m>m)-?(?P<y>2)(?=2:2(?::2)?[zgo])",  # RFC 822
        r"(?P<m>m)(?P<d>[12])(?=2:2(?::2)?[zgo]?(?P<y>4))",  # C's and Java's own
    )
)
_SHORT_YEAR = re.compile(rf"(?<![129.][:.]){_DAY_ALONE}(?P<d>[12])\.(?P<m>2)\.(?P<y>2)(?![.:])")
_SHORT_YEARS = frozenset({"ru", "kk", "ky", "uk", "be", "tr", "de"})
"""Languages in which 12.11.24 is a day and nothing else."""
_SPAN = re.compile("-+(?:[12]m|[12][./-][12][./-]4|m[12])")
_HIJRI = re.compile(r"[12][./-]*i[./-]*4|4[./-]*i[./-]*[12]|[12](?P<s>[./-])[12](?P=s)4|4(?P<t>[./-])[12](?P=t)[12]")
_UNKNOWN_ZONE = re.compile("x(?=t)|t(?=x)")
_CLOCK = re.compile(
    r"(?<!\+)(?<![1249]:)(?P<h>[12])(?:(?:[:h]|\.(?=2[pzgo]))(?P<m>2)(?::(?P<s>2)(?:\.[1249])?)?|(?=p))(?P<p>p)?"
)
_UNSURE = re.compile(r"q|z[+-][12](?!m|[./-][12m])|-[12]:2|U")
"""After a clock: a zone, but which; minus an offset or a span of hours; minutes, so that it was a film's length."""
_GREENWICH = re.compile(r"g[+-][12](?::2)?(?!m|[./-][12m])|[+-][12]g")
_OFFSET = re.compile("o")
_NAMED_ZONE = re.compile("z|g|tc|ct")
_DAY_WORD = re.compile("(?P<back>R)")
_AGO = re.compile("B[1249]?[Uh]|(?<![1249])[1249]?[Uh]A")
_UPDATE = re.compile("u[^P]*")
_NO_PLACES = frozenset({"UTC", "Etc/UTC", "GMT"})
"""Zones of sources that name none: they do not tell in which country a page is written."""
_NO_RELATIVES = str.maketrans("RAB", "___")
_PLACE = re.compile("(?<!t)c(?!t)")
_STRANGE = re.compile("[AB]|[12]:2")
"""What has no place beside a publication date: "since", "before", a second clock."""


@dataclass(frozen=True, slots=True)
class _Found:
    at: datetime
    precision: str
    rest: str = ""
    """The letters that were no part of it."""


def read(text: str, *, language: str | None, zone: tzinfo, now: datetime) -> Stamp | None:
    """The date that a field gives: a meta tag, JSON-LD, `<time>`, a feed's pubDate, a date line.

    `language` (ISO 639-1) decides what two languages read differently; `zone` is the source's, for what is
    printed without one; `now` is aware. None for what is no whole date, lies before 1990 or more than 24 hours
    after `now`.
    """
    head = one_line(text[: 10 * _FIELD])
    if len(head) > _FIELD:
        head = head[: _FIELD + 1].rpartition(" ")[0]
    try:
        found = _machine_made(head, zone) or _written(signs(head, language), language, zone, now)
    except ValueError:  # a day that no month has, an hour that no clock shows
        return None
    return _plausible(found, head, now)


def read_line(line: str, *, language: str | None, zone: tzinfo, now: datetime) -> Stamp | None:
    """The date of a visible line, if the whole of it is a date line; arguments and limits as for `read`.

    Beside the date it may hold labels, clock, zone, weekday, place, an update note and two counts, no more.
    """
    if len(line) > _FIELD:
        return None
    head = one_line(line)
    try:
        known = signs(head, language)
        found = None if "x" in known.letters else _written(known, language, zone, now)
    except ValueError:
        return None
    return _plausible(found, head, now) if found and _says_no_more(found.rest) else None


def _plausible(found: _Found | None, evidence: str, now: datetime) -> Stamp | None:
    if found is None or not _EARLIEST <= found.at.year <= now.year + 1 or found.at > now + _AHEAD:
        return None
    return Stamp(at=found.at.replace(second=0, microsecond=0), precision=found.precision, evidence=evidence)


def _machine_made(head: str, zone: tzinfo) -> _Found | None:
    """ISO 8601, extended and basic, and Unix time in seconds or milliseconds."""
    if epoch := _EPOCH.fullmatch(head):
        return _Found(datetime.fromtimestamp(int(epoch[1]), UTC), "minute")
    if not (iso := _ISO.fullmatch(head)):
        return None
    try:
        at = datetime.fromisoformat(head)
    except ValueError:  # near forms, as "2024-11-12 14:05:00 +0500", are read as written ones
        return None
    offset = at.utcoffset()
    if offset is None:
        at = at.replace(tzinfo=zone)
    elif abs(offset) > timedelta(minutes=WIDEST_OFFSET):
        raise ValueError(head)
    return _Found(at, "minute" if iso[1] else "day")


def _written(line: Signs, language: str | None, zone: tzinfo, now: datetime) -> _Found | None:
    """The first date that is not an update's; relative words are read only where nothing unknown stands by."""
    letters = _UPDATE.sub(lambda update: "_" * len(update[0]), line.without(*_hijri(line)).letters)
    if "E" in letters:
        return None
    if "x" in letters or _PLACE.search(letters):
        letters = letters.translate(_NO_RELATIVES)
    for run in re.finditer("[^x]+", _UNKNOWN_ZONE.sub("q", letters)):
        known = Signs(run[0], line.words[run.start() : run.end()])
        if found := _dated(known, language, zone, now.astimezone(zone)):
            return found
    return None


def _hijri(line: Signs) -> Iterator[re.Match[str]]:
    """The dates of the other calendar, in words or in figures."""
    for match in _HIJRI.finditer(line.letters):
        if "i" in match[0] or min(word.number for word in line.under(match) if word.sign == "4") < _HIJRI_YEAR:
            yield match


def _dated(line: Signs, language: str | None, zone: tzinfo, here: datetime) -> _Found | None:
    """A day (the calendar's, "yesterday", "2 days ago") with its clock and zone, or a moment ("3 hours ago")."""
    shapes = (*_DATES, _SHORT_YEAR) if language in _SHORT_YEARS else _DATES
    dates = (match for shape in shapes if (match := shape.search(line.letters)))
    if match := min(dates, key=re.Match.start, default=None):
        if line.letters[: match.start()].endswith("B") or _SPAN.match(line.letters, match.end()):
            raise ValueError("since or before a day, or a span of days")
        return _at_clock(_calendar_day(line, match, language, zone), line.without(match), zone)
    if match := _DAY_WORD.search(line.letters):
        back = timedelta(days=line.number(match, "back"))
        return _at_clock(here.date() - back, line.without(match), zone)
    if match := _AGO.search(line.letters):
        at, rest = here - _back(line.under(match)), line.without(match)
        in_days = any(word.number % (24 * 60) == 0 for word in line.under(match) if word.sign == "U")
        return _at_clock(at.date(), rest, zone) if in_days else _Found(at, "minute", rest.letters)
    return None


def _back(words: tuple[Word, ...]) -> timedelta:
    """How long `3 hours ago` is; weeks and months are too coarse to be read at all."""
    count = next((word.number for word in words if word.sign in "1249"), 1)
    unit = next(word.number for word in words if word.sign in "Uh")
    if count > _LONGEST_AGO:
        raise ValueError("too long ago to be counted so")
    return timedelta(minutes=count * unit)


def _at_clock(day: date, line: Signs, zone: tzinfo) -> _Found:
    """The day at the clock that stands beside it, or as a whole where none does or its zone is not known."""
    midnight = datetime.combine(day, time.min, zone)
    clock = _CLOCK.search(line.letters)
    if clock is None:
        return _Found(midnight, "day", line.letters)
    if _UNSURE.match(line.letters, clock.end()):
        return _Found(midnight, "day", line.without(clock).letters)
    minutes = timedelta(minutes=_minutes(line, clock))
    printed, rest = _printed_zone(line.without(clock))
    return _Found(midnight.replace(tzinfo=printed or zone) + minutes, "minute", rest)


def _calendar_day(line: Signs, match: re.Match[str], language: str | None, zone: tzinfo) -> date:
    year, month, day = (line.number(match, part) for part in "ymd")
    if len({word.number for word in line.under(match) if word.sign == "m"}) > 1:
        raise ValueError("two names of different months")
    if match["y"] == "2":
        year += 2000 if year < 50 else 1900  # RFC 2822, section 4.3
    if language == "en" and match["m"] != "m" and match.start("y") > match.start("m"):
        day, month = _english_order(day, month, zone, dotted=match["s"] == ".")
    return date(year, month, day)


def _english_order(first: int, second: int, zone: tzinfo, *, dotted: bool) -> tuple[int, int]:
    """Day and month of 11/12/2024 in English: the language does not say which is which, but the source's zone may.

    America puts the month first, the rest of the world the day; dots are never American. Without any of these, and
    where both could be a month, nothing is known.
    """
    american = str(zone).startswith("America/")
    if second > 12 or (american and first <= 12 and not dotted):
        return second, first
    if first <= 12 and first != second and not dotted and str(zone) in _NO_PLACES:
        raise ValueError("the day or the month, but which?")
    return first, second


def _minutes(line: Signs, clock: re.Match[str]) -> int:
    """Minutes since midnight; 24:00 is the end of the day, in twelve-hour clocks 12 is the hour 0."""
    hour, minute, second, half = (line.number(clock, part) for part in "hmsp")
    if half == NIGHT:
        half = 12 if 6 <= hour < 12 else 0
    elif half == NOON:
        half = 12 if hour < 6 or hour == 12 else 0
    if clock["p"] and hour <= 12:
        if hour == 0 and half:
            raise ValueError("0 hours after noon")
        hour = hour % 12 + half
    elif clock["p"] and not half:
        raise ValueError("more than 12 hours before noon")
    if minute > 59 or second > 59 or hour * 3600 + minute * 60 + second > 86_400:
        raise ValueError("no clock shows this")
    return 60 * hour + minute


def _printed_zone(line: Signs) -> tuple[tzinfo | None, str]:
    """The zone that the publisher prints (an offset counts before a name), and the letters that are left."""
    if match := _GREENWICH.search(line.letters):
        numbers = [word.number for word in line.under(match) if word.sign in "12"]
        zone: tzinfo | None = offset("-" if "-" in match[0] else "+", *numbers)
    elif match := _OFFSET.search(line.letters) or _NAMED_ZONE.search(line.letters):
        zone = next(word.zone for word in line.under(match) if word.zone)
    else:
        return None, line.letters
    return zone, line.without(match).letters


def _says_no_more(rest: str) -> bool:
    """Is nothing left of a date line but labels and two counts (views, comments)?"""
    rest = _AGO.sub("", rest)
    counts = sum(rest.count(number) for number in "1249")
    return counts <= 2 and not _STRANGE.search(rest) and not any(shape.search(rest) for shape in _DATES)
