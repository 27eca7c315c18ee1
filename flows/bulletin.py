"""What a digest tells one reader: a span of time, sorted by what the reader asked for. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from articles import recipients
from articles.recipients import Recipient
from flows.health import is_quiet
from storage.periods import ADOPTED, BASELINE, LOOKED_BACK, NEWS, PAST, RULE, Document, Health, Period, Revised
from storage.tags import Status

ENOUGH_DAYS = 7
"""Of watching, before anything is called usual."""

_DAY = timedelta(days=1)

STILL_WATCHED = timedelta(days=2)
"""A source that was not tried for so long is no longer read: it has left the catalogue, or nothing runs."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Story:
    """A story with the documents that the span brought, newest first."""

    beginning: Document
    """The document that began it."""
    reports: tuple[Document, ...]
    """Those of the span, without a beginning that is one of them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Usual:
    """Documents in each 24 hours up to the span's end, by the day when those began, and what is usual."""

    days: tuple[tuple[date, int], ...]
    now: int
    """How many of the days, the last ones, are the span's."""
    mean: float | None
    """Of spans as long as this in the weeks before; None: watched for too short a time."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Bulletin:
    """One digest, sorted."""

    begin: datetime
    """In the reader's zone, as `end`."""
    end: datetime
    first: bool
    """It begins where the watch does."""
    stories: tuple[Story, ...]
    later: tuple[Story, ...]
    """Stories that are older than the span, with their new reports."""
    by_rule: tuple[Document, ...]
    adopted: tuple[Document, ...]
    baseline: tuple[Document, ...]
    past: tuple[Document, ...]
    revised: tuple[Revised, ...]
    gone: tuple[Document, ...]
    failing: tuple[Health, ...]
    quiet: tuple[Health, ...]
    idle_since: datetime | None
    """Nothing was read since: the schedule stands still."""
    taggers: tuple[Status, ...]
    read: int
    sources: int
    """How many are being read."""
    usual: Usual

    @property
    def news(self) -> int:
        """Documents that the span brought, without what was there before."""
        return sum(len(story.reports) for story in (*self.stories, *self.later)) + len(self.stories)

    @property
    def nothing(self) -> bool:
        """The span brought nothing that is told one by one."""
        others = (self.by_rule, self.adopted, self.baseline, self.past, self.revised, self.gone)
        return not (self.news or any(others))


def bulletin(period: Period, reader: Recipient) -> Bulletin:
    """What a reader is told of a span of time, in their zone and by their wishes."""
    zone = ZoneInfo(reader.timezone)
    documents = _wanted(period.documents, reader)
    news = [one for one in documents if one.origin == NEWS]
    beginnings = {one.story: one for one in period.known}
    watched = [one for one in period.sources if one.tried_at and one.tried_at > period.end - STILL_WATCHED]
    tried = max((one.tried_at for one in period.sources if one.tried_at), default=None)
    return Bulletin(
        begin=period.begin.astimezone(zone),
        end=period.end.astimezone(zone),
        first=period.watched_since is not None and period.begin <= period.watched_since,
        stories=_stories([one for one in news if one.story not in beginnings], {}),
        later=_stories([one for one in news if one.story in beginnings], beginnings),
        by_rule=_of(documents, RULE),
        adopted=_of(documents, ADOPTED),
        baseline=_of(documents, BASELINE),
        past=_of(documents, PAST),
        revised=tuple(one for one in period.revised if _is_wanted(one.document, reader)),
        gone=tuple(_wanted(period.gone, reader)),
        failing=tuple(one for one in watched if one.failures),
        quiet=tuple(one for one in watched if not one.failures and is_quiet(one, period.end)),
        idle_since=tried.astimezone(zone) if tried and period.end - tried > _DAY else None,
        taggers=period.taggers,
        read=period.read,
        sources=len(watched),
        usual=usual(period, reader),
    )


def usual(period: Period, reader: Recipient) -> Usual:
    """The reader's documents day by day over the last weeks, without what was there before."""
    zone = ZoneInfo(reader.timezone)
    known = _wanted((*period.documents, *period.earlier), reader)
    news = [one for one in known if one.origin in (NEWS, RULE)]
    length = period.end - period.begin
    span = max(1, min(round(length / _DAY), LOOKED_BACK.days))
    count = Counter((period.end - one.became_at) // _DAY for one in news)
    backs = reversed(range(LOOKED_BACK.days + span))
    days = tuple(((period.end - (back + 1) * _DAY).astimezone(zone).date(), count[back]) for back in backs)
    before = [one for one in news if one.became_at < period.begin]
    watched = min(period.begin - (period.watched_since or period.begin), LOOKED_BACK)
    mean = len(before) * (length / watched) if watched >= ENOUGH_DAYS * _DAY else None
    return Usual(days=days, now=span, mean=mean)


def _wanted(documents: Iterable[Document], reader: Recipient) -> list[Document]:
    return [one for one in documents if _is_wanted(one, reader)]


def _is_wanted(one: Document, reader: Recipient) -> bool:
    return recipients.wants(reader, language=one.language, kind=one.kind, sources=one.sources)


def _of(documents: Sequence[Document], origin: str) -> tuple[Document, ...]:
    return tuple(one for one in documents if one.origin == origin)


def _stories(documents: Sequence[Document], beginnings: dict[int, Document]) -> tuple[Story, ...]:
    """The documents by story, in the order of each story's newest."""
    by_story: dict[int, list[Document]] = {}
    for one in documents:
        by_story.setdefault(one.story, []).append(one)
    return tuple(_story(members, beginnings.get(story)) for story, members in by_story.items())


def _story(members: Sequence[Document], known: Document | None) -> Story:
    first = known or min(members, key=lambda one: one.id)
    return Story(beginning=first, reports=tuple(one for one in members if one.id != first.id))
