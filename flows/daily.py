"""The daily look at all sources: what is kept of it, and which sources have turned since the last one."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from articles.model import Outcome
from flows import checking, checkups, health
from flows.findings import Checkup, Verdict
from flows.health import Turn
from flows.orders import Order
from flows.report import UNREACHED
from flows.stores import opened
from storage import checkups as kept
from storage import periods
from storage.checkups import Found
from storage.periods import Health

log = logging.getLogger("rasid")


@dataclass(frozen=True, kw_only=True)
class Look:
    """What a daily look found, and who has turned since the last one."""

    found: tuple[Found, ...] = ()
    turns: tuple[Turn, ...] = ()


async def look(order: Order) -> Look:
    """Glances at the wanted sources and keeps what was found; nothing where no site at all could be reached.

    Raises:
        StorageError: the database or the state folder can't be used.
    """
    seen: list[Checkup] = []
    await checking.look_at(order, checkups.glance, seen.append)
    told = [checkup for checkup in seen if checkup.verdict != Verdict.LEFT]
    if told and all(map(_is_out_of_reach, told)):
        log.warning("check: no source could be reached; is the network up?")
        return Look()
    found = tuple(
        Found(source=one.source.name, verdict=one.verdict.value, says=one.says, checked_at=one.at) for one in told
    )
    for one in told:
        log.info("check: source %s: %s. %s", one.source.name, one.verdict, " ".join((one.says, *one.notes)))
    with opened(order.settings) as store:
        with store.write() as connection:
            before = kept.all_found(connection)
            kept.keep(connection, found, [source.name for source in order.catalogue])
        with store.read() as connection:
            doing = {one.source: one for one in periods.health(connection, datetime.now(UTC))}
    return Look(found=found, turns=tuple(turns(before, found, doing)))


def turns(before: Mapping[str, Found], found: Sequence[Found], doing: Mapping[str, Health]) -> Iterator[Turn]:
    """The sources that this look found broken and the last one did not, or the other way round.

    What passes have told already, since front pages alone show it, is not told again.
    """
    for now in found:
        was, stands = before.get(now.source), doing.get(now.source)
        if was is None or stands is None or _is_bad(was) == _is_bad(now):
            continue
        if _is_bad(now) and health.state(stands) != health.BROKEN:
            yield Turn(health=replace(stands, outcome=Outcome.BROKEN.value, error=now.says), state=health.BROKEN)
        elif not _is_bad(now) and health.state(stands) == health.SOUND:
            yield Turn(health=stands, state=health.SOUND)


def _is_bad(found: Found) -> bool:
    return found.verdict == Verdict.BAD


def _is_out_of_reach(checkup: Checkup) -> bool:
    return bool(checkup.ways) and all(way.outcome in UNREACHED for way in checkup.ways)
