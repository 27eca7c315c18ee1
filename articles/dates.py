"""When something was published, read from the words of its publisher and never guessed.

A text is folded and cut into words, numbers and signs, each of which leaves one letter (`articles.months` says
which; numbers leave how many digits they have, 9 for odd ones). Dates, clocks and zones are short patterns over
these letters: "16:24, 02 Декабрь 2025 | GMT +5" is `2:22m4g+1`. Words that say nothing in a date line leave no
letter; unknown ones leave an `x`, which no pattern crosses. What is not wholly there is no date.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from articles.model import Stamp
from articles.months import PHRASES, Word, fold, vocabulary
from articles.text import one_line

_FIELD = 300
"""Characters of a field that are looked at; a longer line is no date line."""
_EARLIEST = 1990
_LONGEST_AGO = 999
"""In whatever unit: above it the number is no "ago"."""
_AHEAD = timedelta(hours=24)
_WIDEST_OFFSET = 14 * 60
"""Minutes; no zone is further from Greenwich than Kiribati's."""

_ISO = re.compile(r"\d{4}(?:-\d\d-\d\d|\d{4}|-?W\d\d-?\d)([Tt ]\d\d:?\d\d.*)?", re.ASCII)
_EPOCH = re.compile(r"(\d{10})(?:\d{3})?", re.ASCII)

_TOKEN = re.compile(
    rf"""(?P<phrase>(?<!\w)(?:{PHRASES})(?!\w))
    | (?P<iana>(?:africa|america|asia|atlantic|australia|europe|indian|pacific)/[a-z_]+(?:/[a-z_]+)?)
    # an offset stands behind a clock or "GMT"; minus hours only behind seconds, since 10:00-11:30 is a span
    | (?:(?<=:\d\d)|(?<=\.\d{{3}})|(?<=\.\d{{6}})|(?<=gmt)|(?<=utc)|(?<=[ap]m))[ ]?\(?(?P<offset>
        \+\d\d:?\d\d|-\d{{4}}|(?:(?<=:\d\d:\d\d)|(?<=:\d\d:\d\d[ ])|(?<=gmt)|(?<=utc))-\d\d:\d\d
        |(?<=:\d\d:\d\d)[+-]\d\d(?![:./-]))(?!\d)
    | (?:(?<=:\d\d)|(?<=[ap]m))[ ]?(?P<zone>[a-z]{{2,3}}t)(?!\w)
    | (?P<number>\d+) | (?P<word>[^\W\d_]+) | (?P<other>\S)""",
    re.VERBOSE,
)
_STRUCTURE = frozenset("./:+-")
_OF_TEXTS = frozenset("%$€£₽₸₪°=?!")
"""Signs of prices, shares and sentences, never of a date line; the others (bars, icons) are decoration."""

_DATES = tuple(
    re.compile(rf"(?<![129][:.]){shape}")
    for shape in (
        r"(?P<y>4)(?P<s>[./-])(?P<m>[12])(?P=s)(?P<d>[12])",
        r"(?P<d>[12])(?P<s>[./-])(?P<m>[12])(?P=s)(?P<y>4)",
        r"(?P<d>[12])[./-]*(?P<m>m)(?:[./-]*m)*[./-]*(?P<y>4)",
        r"(?P<m>m)(?:[./-]*m)*[./-]*(?P<d>[12])[./-]*(?P<y>4)",
        r"(?P<y>4)(?:k\.?|[./-]+)(?P<m>m)[./-]*(?P<d>[12])(?![:.])",
        r"(?P<y>4)k\.?(?P<d>[12])-?(?P<m>m)",
        r"(?P<d>[12])-?(?P<m>m)-?(?P<y>2)(?=2:2(?::2)?[zgo])",  # RFC 822
        r"(?P<m>m)(?P<d>[12])(?=2:2(?::2)?[zgo]?(?P<y>4))",  # C's and Java's own
    )
)
_CLOCK = re.compile(
    r"(?<!\+)(?<![1249]:)(?P<h>[12])(?:(?:[:h]|\.(?=2[pzgo]))(?P<m>2)(?::(?P<s>2)(?:\.[1249])?)?|(?=p))(?P<p>p)?"
)
_UNSURE = re.compile("q|-[12]:2|U")
"""After a clock: a zone, but which; minus an offset or a span of hours; minutes, so that it was a film's length."""
_GREENWICH = re.compile(r"g[+-][12](?::2)?(?!m|[./-][12m])|[+-][12]g")
_OFFSET = re.compile("o")
_NAMED_ZONE = re.compile("z|g|tc|ct")
_DAY_WORD = re.compile("(?P<back>R)")
_AGO = re.compile("B[1249]?[Uh]|(?<![1249])[1249]?[Uh]A")
_UPDATE = re.compile("u[^P]*")
_NO_RELATIVES = str.maketrans("RAB", "___")
_PLACE = re.compile("(?<!t)c(?!t)")
_STRANGE = re.compile("[AB]|[12]:2")
"""What has no place beside a publication date: "since", "before", a second clock."""


@dataclass(frozen=True, slots=True)
class _Signs:
    """A text as letters, and the word behind each of them."""

    letters: str
    words: tuple[Word, ...]

    def under(self, match: re.Match[str]) -> tuple[Word, ...]:
        """The words of a match."""
        return self.words[slice(*match.span())]

    def number(self, match: re.Match[str], group: str) -> int:
        """What the word under a group says; 0 where the group is not there."""
        return self.words[match.start(group)].number if match[group] else 0

    def without(self, match: re.Match[str]) -> _Signs:
        """The same with blanks for what was read."""
        start, end = match.span()
        return _Signs(self.letters[:start] + "_" * (end - start) + self.letters[end:], self.words)


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
        found = _machine_made(head, zone) or _written(_signs(head, language), language, zone, now)
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
        signs = _signs(head, language)
        found = None if "x" in signs.letters else _written(signs, language, zone, now)
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
    elif abs(offset) > timedelta(minutes=_WIDEST_OFFSET):
        raise ValueError(head)
    return _Found(at, "minute" if iso[1] else "day")


def _signs(head: str, language: str | None) -> _Signs:
    known = vocabulary(language)
    words = tuple(word for token in _TOKEN.finditer(fold(head)) if (word := _word(token, known)).sign)
    return _Signs("".join(word.sign for word in words), words)


def _word(token: re.Match[str], known: Mapping[str, Word]) -> Word:
    kind = token.lastgroup or ""
    text = token[kind]
    if kind == "number":
        return Word(str(len(text)) if len(text) in (1, 2, 4) else "9", int(text))
    if kind == "other":
        return Word(text if text in _STRUCTURE else "x" if text in _OF_TEXTS else "")
    if kind == "offset":
        return Word("o", zone=_offset(text[0], int(text[1:3]), int(text[3:].lstrip(":") or 0)))
    if kind == "iana":
        return _iana(text)
    return known.get(text, Word("q" if kind == "zone" else "x"))


def _iana(name: str) -> Word:
    try:
        return Word("z", zone=ZoneInfo(name.title()))
    except (KeyError, OSError, ValueError):
        return Word("x")


def _offset(sign: str, hours: int, minutes: int = 0) -> timezone:
    total = 60 * hours + minutes
    if minutes > 59 or total > _WIDEST_OFFSET:
        raise ValueError(f"no zone is {sign}{hours}:{minutes} from Greenwich")
    return timezone(timedelta(minutes=-total if sign == "-" else total))


def _written(signs: _Signs, language: str | None, zone: tzinfo, now: datetime) -> _Found | None:
    """The first date that is not an update's; relative words are read only where nothing unknown stands by."""
    letters = _UPDATE.sub(lambda update: "_" * len(update[0]), signs.letters)
    if "x" in letters or _PLACE.search(letters):
        letters = letters.translate(_NO_RELATIVES)
    for run in re.finditer("[^x]+", letters):
        known = _Signs(run[0], signs.words[run.start() : run.end()])
        if found := _dated(known, language, zone, now.astimezone(zone)):
            return found
    return None


def _dated(signs: _Signs, language: str | None, zone: tzinfo, here: datetime) -> _Found | None:
    """A day (the calendar's, "yesterday", "2 days ago") with its clock and zone, or a moment ("3 hours ago")."""
    dates = (match for shape in _DATES if (match := shape.search(signs.letters)))
    if match := min(dates, key=re.Match.start, default=None):
        return _at_clock(_calendar_day(signs, match, language), signs.without(match), zone)
    if match := _DAY_WORD.search(signs.letters):
        back = timedelta(days=signs.number(match, "back"))
        return _at_clock(here.date() - back, signs.without(match), zone)
    if match := _AGO.search(signs.letters):
        at, rest = here - _back(signs.under(match)), signs.without(match)
        in_days = any(word.number % (24 * 60) == 0 for word in signs.under(match) if word.sign == "U")
        return _at_clock(at.date(), rest, zone) if in_days else _Found(at, "minute", rest.letters)
    return None


def _back(words: tuple[Word, ...]) -> timedelta:
    """How long `3 hours ago` is; weeks and months are too coarse to be read at all."""
    count = next((word.number for word in words if word.sign in "1249"), 1)
    unit = next(word.number for word in words if word.sign in "Uh")
    if count > _LONGEST_AGO:
        raise ValueError("too long ago to be counted so")
    return timedelta(minutes=count * unit)


def _at_clock(day: date, signs: _Signs, zone: tzinfo) -> _Found:
    """The day at the clock that stands beside it, or as a whole where none does or its zone is not known."""
    midnight = datetime.combine(day, time.min, zone)
    clock = _CLOCK.search(signs.letters)
    if clock is None:
        return _Found(midnight, "day", signs.letters)
    if _UNSURE.match(signs.letters, clock.end()):
        return _Found(midnight, "day", signs.without(clock).letters)
    minutes = timedelta(minutes=_minutes(signs, clock))
    printed, rest = _printed_zone(signs.without(clock))
    return _Found(midnight.replace(tzinfo=printed or zone) + minutes, "minute", rest)


def _calendar_day(signs: _Signs, match: re.Match[str], language: str | None) -> date:
    year, month, day = (signs.number(match, part) for part in "ymd")
    if len({word.number for word in signs.under(match) if word.sign == "m"}) > 1:
        raise ValueError("two names of different months")
    if match["y"] == "2":
        year += 2000 if year < 50 else 1900  # RFC 2822, section 4.3
    if month > 12 and language == "en" and match.start("y") > match.start("m"):
        month, day = day, month
    return date(year, month, day)


def _minutes(signs: _Signs, clock: re.Match[str]) -> int:
    """Minutes since midnight; 24:00 is the end of the day, in twelve-hour clocks 12 is the hour 0."""
    hour, minute, second, half = (signs.number(clock, part) for part in "hmsp")
    if clock["p"] and hour <= 12:
        if hour == 0 and half:
            raise ValueError("0 hours after noon")
        hour = hour % 12 + half
    elif clock["p"] and not half:
        raise ValueError("more than 12 hours before noon")
    if minute > 59 or second > 59 or hour * 3600 + minute * 60 + second > 86_400:
        raise ValueError("no clock shows this")
    return 60 * hour + minute


def _printed_zone(signs: _Signs) -> tuple[tzinfo | None, str]:
    """The zone that the publisher prints (an offset counts before a name), and the letters that are left."""
    if match := _GREENWICH.search(signs.letters):
        numbers = [word.number for word in signs.under(match) if word.sign in "12"]
        zone: tzinfo | None = _offset("-" if "-" in match[0] else "+", *numbers)
    elif match := _OFFSET.search(signs.letters) or _NAMED_ZONE.search(signs.letters):
        zone = next(word.zone for word in signs.under(match) if word.zone)
    else:
        return None, signs.letters
    return zone, signs.without(match).letters


def _says_no_more(rest: str) -> bool:
    """Is nothing left of a date line but labels and two counts (views, comments)?"""
    rest = _AGO.sub("", rest)
    counts = sum(rest.count(number) for number in "1249")
    return counts <= 2 and not _STRANGE.search(rest) and not any(shape.search(rest) for shape in _DATES)
