"""Stories: which reports tell of one event, across languages, by whom, where, what and when they tell of.

Two reports are bonded when what their titles and leads tell is much alike, neither is about somebody whom the
other does not name, and they lie within a few days. A story never merges texts.

An event and its announcement are one story only where a day and a half lies between them at most: what is announced
for next week is news of its own, and so is the event when it comes. A comment on an event, a reaction to it and the
next event of a series are told from it by what their titles and leads tell of.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from math import hypot

from articles import actors
from articles.text import matching_copy

NEAR = timedelta(days=3)
"""Reports of one event lie no farther apart."""
REACH = timedelta(days=4)
"""Reports lie no farther from the one that began their story, so that a story can't grow for weeks by its links."""
LOOSE = 0.2
"""The least score of a report with the one that began its story."""

_ANNOUNCED = timedelta(hours=36)
_JOINED = 0.45
_LEAST = 10.0
"""How much two reports must tell alike in weights: two of one event told in both titles have 9."""
_LEAST_NAMES = 3
"""How many names both leads must have where those weigh little."""
_LEAD_WORDS = 40
_HEAD_WORDS = 120
"""Names and numbers are taken from so many words: those further down are of other events and of passers-by."""
_WEIGHTS = {"person": 3.0, "role": 1.0, "body": 2.0, "place": 1.5, "event": 2.0, "thing": 1.5}
_COMMON = 0.4
"""What is left of the weight of what nearly all reports name."""
_TITLE, _LEAD, _REST = 1.5, 1.0, 0.15
# What a difference or an agreement counts against that likeness: those of a logistic regression on the tuning half
# of benchmarks/sameness/stories_*.toml, rounded; changing any by a third changes its figures by a hundredth or two.
_STRANGER, _APART, _A_DAY = 0.2, 0.6, 0.12
_SAME_NAME, _NUMBER_TELLS, _AT_MOST = 0.1, 0.1, 2

_FIELDS = {"person": "who", "role": "who", "body": "who", "place": "where", "event": "what", "thing": "what"}
_NUMBER = re.compile(r"(?<![\w.,:/-])(?:\d{1,3}(?:[ ,.]\d{3}){1,3}|\d{1,12})(?![\d:/]|[.,]\d)")
_LEAST_NUMBER = 10
_YEARS = range(1900, 2101)


@dataclass(frozen=True, kw_only=True, slots=True)
class Signature:
    """What a report tells, in no language: names of actors.toml, each once, in the order of their first mention."""

    who: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    what: tuple[str, ...] = ()
    title: tuple[str, ...] = ()
    """Those of all these that the title names."""
    lead: tuple[str, ...] = ()
    """Those that the title or the lead names."""
    names: tuple[str, ...] = ()
    """Names that nobody listed, by their consonants."""
    numbers: tuple[str, ...] = ()
    ahead: tuple[str, ...] = ()
    """`lead`, where the title or the lead tells of what is still to come."""

    def columns(self) -> dict[str, list[str]]:
        """As it is kept: lists by name, without the empty ones."""
        return {name: list(values) for name, values in asdict(self).items() if values}

    @classmethod
    def from_columns(cls, columns: Mapping[str, Sequence[str]]) -> Signature:
        """What `columns` gave."""
        return cls(**{name: tuple(values) for name, values in columns.items()})


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """A report and its time: published, or first seen where no date is known."""

    signature: Signature
    moment: datetime
    precision: str | None = None
    """`minute`; `day`: any time of the day that begins at `moment`; None: first seen then."""
    language: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Bond:
    """Do two reports tell of one event? `reasons` say why, or why not, in plain words."""

    joined: bool
    score: float
    reasons: tuple[str, ...]


def signature(title: str | None, text: str, language: str) -> Signature:
    """What a report tells. `language` is its ISO 639-1 code; of listed names any language's spelling counts."""
    head, words = actors.split(title or ""), actors.split(text)
    named = [*actors.find(words)]
    in_title = [one.actor for one in actors.find(head)]
    in_lead = [*in_title, *(one.actor for one in named if one.start < _LEAD_WORDS)]
    everything = [*in_title, *(one.actor for one in named)]
    beginning = " ".join(f"{title or ''} . {text}".split()[:_HEAD_WORDS])
    return Signature(
        **{
            field: _names(a for a in everything if _FIELDS.get(a.section) == field)
            for field in ("who", "where", "what")
        },
        title=_names(in_title),
        lead=_names(in_lead),
        names=tuple(actors.unlisted(beginning, language)),
        numbers=tuple(dict.fromkeys(_numbers(beginning))),
        ahead=("lead",) if any(actor.section == actors.AHEAD for actor in in_lead) else (),
    )


def bond(a: Report, b: Report) -> Bond:
    """Whether two reports tell of one event; the score is about -1 to 1.5, and joins where it is high enough."""
    gap = apart(a, b)
    one, other = a.signature, b.signature
    strangers = [*_strangers(one, other), *_strangers(other, one)]
    sides = bool(_strangers(one, other)) + bool(_strangers(other, one))
    names, numbers = _shared(one.names, other.names), _shared(one.numbers, other.numbers)
    told_alike, likeness = _likeness(one, other)
    score = likeness - _APART * min(_unshared(one, other), _unshared(other, one))
    other_numbers = bool(one.numbers and other.numbers and not numbers)
    score += _SAME_NAME * min(_AT_MOST, len(names)) + _NUMBER_TELLS * (min(_AT_MOST, len(numbers)) - other_numbers)
    score -= _STRANGER * sides + _A_DAY * (gap / timedelta(days=1))
    limit = _ANNOUNCED if bool(one.ahead) != bool(other.ahead) else NEAR
    enough = told_alike >= _LEAST or len(_shared(one.lead, other.lead)) >= _LEAST_NAMES
    joined = score >= _JOINED and enough and gap <= limit
    told = _alike(one, other, names, numbers) if joined else _unlike(strangers, other_numbers, gap > limit)
    return Bond(joined=joined, score=round(score, 3), reasons=(*told, _gap(gap)))


def apart(a: Report, b: Report) -> timedelta:
    """How far two reports are apart at least: a day of no known hour is near to every hour of it."""
    first, second = sorted((a, b), key=lambda report: report.moment)
    end = first.moment + (timedelta(days=1) if first.precision == "day" else timedelta())
    return max(timedelta(), second.moment - end)


def _names(found: Iterable[actors.Actor]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(actor.name for actor in found if actor.name))


def _numbers(text: str) -> Iterator[str]:
    for found in _NUMBER.findall(matching_copy(text)):
        value = int(re.sub(r"\D", "", found))
        if value >= _LEAST_NUMBER and value not in _YEARS:
            yield str(value)


def _shared(one: Sequence[str], other: Collection[str]) -> list[str]:
    return [value for value in one if value in other]


def _everything(signature: Signature) -> tuple[str, ...]:
    return (*signature.who, *signature.where, *signature.what)


def _weight(name: str) -> float:
    actor = actors.actor(name)
    if actor is None:
        return 0.0
    return _WEIGHTS[actor.section] * (_COMMON if actor.common else 1.0)


def _weights(signature: Signature) -> dict[str, float]:
    def place(name: str) -> float:
        return _TITLE if name in signature.title else _LEAD if name in signature.lead else _REST

    return {name: place(name) * _weight(name) for name in _everything(signature)}


def _likeness(one: Signature, other: Signature) -> tuple[float, float]:
    """How much two reports tell alike, and the cosine of their weights: 1 where they tell the same, 0 nothing alike."""
    a, b = _weights(one), _weights(other)
    alike = sum(a[name] * b[name] for name in a if name in b)
    return alike, alike / (hypot(*a.values()) * hypot(*b.values())) if alike else 0.0


def _unshared(one: Signature, other: Signature) -> float:
    """The share of one report's title and lead that the other has nowhere."""
    known = set(_everything(other))
    whole = sum(_weight(name) for name in one.lead)
    return sum(_weight(name) for name in one.lead if name not in known) / whole if whole else 0.0


def _strangers(one: Signature, other: Signature) -> list[str]:
    """People in one report's title or lead whom the other does not name."""
    return [name for name in one.lead if name not in other.who and _is(name, "person")]


def _is(name: str, *sections: str) -> bool:
    actor = actors.actor(name)
    return actor is not None and actor.section in sections


def _alike(one: Signature, other: Signature, names: Sequence[str], numbers: Sequence[str]) -> Iterator[str]:
    shared = sorted(_shared(_everything(one), _everything(other)), key=_weights(one).__getitem__, reverse=True)
    named = [name for name in shared if _is(name, "person", "body", "place")]
    told = [name for name in shared if _is(name, "event", "thing")]
    if named:
        yield f"both name {_listed(named[:3])}"
    if told:
        yield f"both tell of {_listed(told[:3])}"
    if names:
        yield "both have a name that sounds the same"
    if numbers:
        yield f"both give the number {numbers[0]}"


def _unlike(strangers: Sequence[str], other_numbers: bool, too_far: bool) -> Iterator[str]:
    if too_far:
        yield "too far apart in time"
    if strangers:
        yield f"not named by both: {_listed(strangers[:3])}"
    if other_numbers:
        yield "they give other numbers"
    if not (too_far or strangers):
        yield "too little alike in what they tell"


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _gap(gap: timedelta) -> str:
    hours = round(gap / timedelta(hours=1))
    if hours <= 1:
        return "within the hour"
    return f"{hours} hours apart" if hours < 48 else f"{round(hours / 24)} days apart"
