"""Which story an article belongs to, decided and mended inside a transaction of the caller's.

A story's id is the id of one of its articles, the one that began it, so it can always be looked up. When that one
leaves, it takes the id along, and the others keep together under the lowest id among them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select, update

from articles.stories import LOOSE, REACH, Bond, Report, Signature, apart, bond
from storage.tables import ARTICLE

_DAY = timedelta(days=1)
_LAST_ID = 2**31 - 1
"""What the column holds: a larger id is nobody's."""
_MOMENT = func.coalesce(ARTICLE.c.published_at, ARTICLE.c.first_seen_at)


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """An article of a story, with the time that it counts by: published, or first seen."""

    id: int
    source: str | None
    language: str
    title: str | None
    moment: datetime
    same_as: int | None
    held: bool
    report: Report | None
    """None where its signature was never taken."""


def settle(connection: Connection, article_id: int, report: Report) -> int:
    """Keeps what the article tells, and gives it its story, which is returned.

    It stays in its story while it is bonded to it, or was put there by hand; else it joins the story of the report
    that it is bonded to best, or begins one of its own. One that was settled before, and now again since its text
    changed, joins no story with articles put there by hand: it may be what they were split from.
    """
    columns = (ARTICLE.c.story, ARTICLE.c.story_held, ARTICLE.c.signature)
    row = connection.execute(select(*columns).where(ARTICLE.c.id == article_id)).one()
    signature = report.signature.columns()
    connection.execute(update(ARTICLE).where(ARTICLE.c.id == article_id).values(signature=signature))
    if row.story_held:
        return int(row.story)
    near = _near(connection, article_id, report)
    closed = {one.story for one in near if one.held} - {row.story} if row.signature is not None else set()
    scores = _scores([one for one in near if one.story not in closed], article_id, report)
    if row.story in scores:
        return int(row.story)
    story = max(scores, key=lambda story: (scores[story], -story), default=article_id)
    _move(connection, article_id, story)
    return story


def split(connection: Connection, article_id: int) -> int:
    """Makes the article a story of its own, for good; returns its id.

    Raises:
        LookupError: there is no such article.
    """
    story_of(connection, article_id)
    _move(connection, article_id, article_id)
    _hold(connection, [article_id])
    return article_id


def join(connection: Connection, article_ids: Sequence[int], story: int) -> int:
    """Puts articles into a story, for good; any article of it names it. Returns the story's id.

    Raises:
        LookupError: there is no such article.
    """
    wanted = story_of(connection, story)
    joining = [article_id for article_id in article_ids if story_of(connection, article_id) != wanted]
    for article_id in joining:
        _move(connection, article_id, wanted)
    _hold(connection, article_ids)
    return wanted


def story_of(connection: Connection, article_id: int) -> int:
    """The story of an article.

    Raises:
        LookupError: there is no such article.
    """
    found = connection.scalar(select(ARTICLE.c.story).where(ARTICLE.c.id == max(0, min(article_id, _LAST_ID))))
    if found is None:
        raise LookupError(f"no article has the id {article_id}")
    return int(found)


def members(connection: Connection, story: int) -> list[Member]:
    """The articles of a story in the order of time."""
    wanted = select(ARTICLE).where(ARTICLE.c.story == story).order_by(_MOMENT, ARTICLE.c.id)
    return [_member(row) for row in connection.execute(wanted)]


def why(connection: Connection, story: int) -> list[tuple[int, int, tuple[str, ...]]]:
    """For each member but the first: the earlier member that it belongs to most, its own id, and why."""
    known = members(connection, story)
    return [_ties(member, known[:n]) for n, member in enumerate(known) if n]


def public(connection: Connection, story: int) -> dict[str, Any]:
    """A story as every command prints it: its articles in the order of time, and why they are together."""
    return {
        "story": story,
        "members": [_shown(member) for member in members(connection, story)],
        "why": [{"article": b, "with": a, "reasons": list(reasons)} for a, b, reasons in why(connection, story)],
    }


def _ties(member: Member, earlier: Sequence[Member]) -> tuple[int, int, tuple[str, ...]]:
    by_hand = ("put here by hand",) if member.held else ()
    for one in earlier:
        if member.same_as == one.id or one.same_as == member.id:
            return one.id, member.id, (*by_hand, "a near copy")
    own = member.report
    bonds = [(bond(one.report, own), one.id) for one in earlier if one.report and own]
    if not bonds:
        return earlier[0].id, member.id, by_hand or ("what it tells was never noted",)
    closest, other = max(bonds, key=lambda found: (found[0].joined, found[0].score))
    return other, member.id, by_hand + closest.reasons


def _shown(member: Member) -> dict[str, Any]:
    return {
        "id": member.id,
        "at": member.moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "source": member.source,
        "language": member.language,
        "title": member.title,
        "same_as": member.same_as,
        "held": member.held,
    }


@dataclass(frozen=True, slots=True)
class _Neighbour:
    id: int
    story: int
    held: bool
    report: Report


def _near(connection: Connection, article_id: int, report: Report) -> list[_Neighbour]:
    """The reports that the article may share a story with, and those that began their stories."""
    first, last = report.moment - REACH - _DAY, report.moment + REACH + _DAY
    columns = (ARTICLE.c.id, ARTICLE.c.story, ARTICLE.c.story_held, ARTICLE.c.signature, ARTICLE.c.language, *_TIME)
    wanted = select(*columns).where(
        ARTICLE.c.on_topic,
        ARTICLE.c.same_as.is_(None),
        ARTICLE.c.id != article_id,
        _MOMENT.between(first, last),
    )
    rows = connection.execute(wanted)
    return [_Neighbour(row.id, row.story, row.story_held, found) for row in rows if (found := _report(row)) is not None]


def _scores(near: Sequence[_Neighbour], article_id: int, report: Report) -> dict[int, float]:
    """The stories that a report may belong to: half of their reports at least are bonded to it; with their best score.

    One bond alone would let a report that tells of two events draw a second event into the story of the first.
    """
    found: dict[int, list[Bond]] = {}
    for one in near:
        found.setdefault(one.story, []).append(bond(one.report, report))
    beginnings = {one.id: one.report for one in near}
    return {
        story: max(one.score for one in bonds if one.joined)
        for story, bonds in found.items()
        if 2 * sum(one.joined for one in bonds) >= len(bonds)
        and (story == article_id or (story in beginnings and _in_reach(beginnings[story], report)))
    }


def _in_reach(beginning: Report, report: Report) -> bool:
    """Is a story's beginning near enough in time, and not quite another event?"""
    return apart(beginning, report) <= REACH and bond(beginning, report).score >= LOOSE


def _move(connection: Connection, article_id: int, story: int) -> None:
    """Puts an article and its near copies into a story; those that were in one that it began keep together."""
    mine = (ARTICLE.c.id == article_id) | (ARTICLE.c.same_as == article_id)
    others = (
        (ARTICLE.c.story == article_id) & (ARTICLE.c.id != article_id) & ARTICLE.c.same_as.is_distinct_from(article_id)
    )
    originals = func.min(ARTICLE.c.id).filter(ARTICLE.c.same_as.is_(None))
    heir = connection.scalar(select(func.coalesce(originals, func.min(ARTICLE.c.id))).where(others))
    if heir is not None:
        connection.execute(update(ARTICLE).where(others).values(story=heir))
    connection.execute(update(ARTICLE).where(mine).values(story=story))


def _hold(connection: Connection, article_ids: Sequence[int]) -> None:
    connection.execute(update(ARTICLE).where(ARTICLE.c.id.in_(article_ids)).values(story_held=True))


_TIME = (ARTICLE.c.published_at, ARTICLE.c.published_precision, ARTICLE.c.first_seen_at)


def _report(row: Any) -> Report | None:
    if row.signature is None:
        return None
    return Report(
        signature=Signature.from_columns(row.signature),
        moment=row.published_at or row.first_seen_at,
        precision=row.published_precision if row.published_at else None,
        language=row.language,
    )


def _member(row: Any) -> Member:
    return Member(
        id=row.id,
        source=row.source,
        language=row.language,
        title=row.title,
        moment=row.published_at or row.first_seen_at,
        same_as=row.same_as,
        held=row.story_held,
        report=_report(row),
    )
