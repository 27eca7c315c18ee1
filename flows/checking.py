"""`rasid check`: looks at sources side by side, shows what was found, and writes it into the catalogue where asked."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from articles import catalogue_edit
from articles.model import Source
from articles.text import one_line
from flows import catalogue_file, checkups, orders
from flows.findings import BEGINNING, Checkup, Verdict, Way
from flows.orders import Order
from flows.probing import Bench
from flows.settings import Settings
from flows.stores import opened
from storage import robots, sources

SIDE_BY_SIDE = 16
"""Sources looked at at once: half of what a pass reads, since each look is longer."""

_CHECKED = re.compile(r"\s*Checked \d{4}-\d{2}-\d{2}: .*\Z", re.DOTALL)

Look = Callable[[Bench, Source], Awaitable[Checkup]]


def check(settings: Settings, names: Sequence[str], *, write: bool, as_json: bool) -> int:
    """Looks at the named sources, or all enabled ones, and prints each; returns the exit code.

    Raises:
        Faults: settings, catalogue or topic can't be used, or the catalogue can't be written.
        StorageError: the database or the state folder can't be used.
    """
    order = orders.order(settings, names)
    verdicts: list[Verdict] = []

    def show(checkup: Checkup) -> None:
        written = write and record(settings, checkup)
        verdicts.append(checkup.verdict)
        if as_json:
            print(json.dumps(checkup.json() | {"written": written}, ensure_ascii=False), flush=True)
        else:
            print("\n".join(told(checkup, written=written)), flush=True)

    asyncio.run(look_at(order, checkups.check, show))
    return 1 if verdicts and all(verdict == Verdict.BAD for verdict in verdicts) else 0


async def look_at(order: Order, look: Look, done: Callable[[Checkup], None]) -> None:
    """Looks at the wanted sources side by side; `done` hears of each in their order, as soon as may be.

    A source whose server asked to be left alone is. Stores nothing.
    """
    now = datetime.now(UTC)
    with opened(order.settings) as store, store.read() as connection:
        away = sources.away(connection, now)
        known_robots = robots.fresh(connection, now)
    async with checkups.bench(order.settings, order.topic, known_robots) as bench:
        turns = asyncio.Semaphore(SIDE_BY_SIDE)
        tasks = [
            asyncio.create_task(_one(bench, source, look, turns, away.get(source.name))) for source in order.wanted
        ]
        try:
            for task in tasks:
                done(await task)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def _one(bench: Bench, source: Source, look: Look, turns: asyncio.Semaphore, away: datetime | None) -> Checkup:
    if away is not None:
        says = f"The server asked to be left alone until {away:%Y-%m-%d %H:%M} UTC."
        return Checkup(source=source, at=bench.now(), verdict=Verdict.LEFT, says=says)
    async with turns:
        return await look(bench, source)


def record(settings: Settings, checkup: Checkup) -> bool:
    """Writes what a look found into the catalogue, with its date; False: there was nothing good to write.

    Raises:
        Faults: the catalogue can't be written.
    """
    if checkup.verdict not in (Verdict.GOOD, Verdict.MEND):
        return False
    values = {change.key: change.value for change in checkup.changes} | remark(checkup)
    catalogue_file.change(settings, partial(catalogue_edit.amended, name=checkup.source.name, values=values))
    return True


def remark(checkup: Checkup) -> dict[str, Any]:
    """What the catalogue says of a look: its date, and behind what a person wrote what it saw, for its last one's."""
    before = _CHECKED.sub("", checkup.source.evidence)
    working = next(way for way in checkup.ways if way.works)
    evidence = f"{before} Checked {checkup.at:%Y-%m-%d}: {working.kind}: {working.says}".strip()
    return {"verified": checkup.at.date(), "evidence": evidence}


def seen(checkup: Checkup) -> list[str]:
    """What a look saw, as people read it: what stands on a line is one line, whatever a page says."""
    lines = [one_line(f"{checkup.source.name}: {checkup.verdict.upper()}. {checkup.says}")]
    lines += [f"  {one_line(_way(way))}" for way in checkup.ways]
    for sample in checkup.json()["samples"]:
        lines += [f"  article {one_line(sample['url'])}", *(f"    {one_line(line)}" for line in _sample(sample))]
    return lines + [f"  note: {one_line(note)}" for note in checkup.notes]


def told(checkup: Checkup, *, written: bool) -> list[str]:
    """The same, with what is or might be written into the catalogue."""
    lines = seen(checkup)
    verb = "written" if written else "to write"
    lines += [f"  {verb}: {one_line(_change(one.key, one.value))}  ({one_line(one.why)})" for one in checkup.changes]
    if written:
        lines.append(f"  written: verified = {checkup.at:%Y-%m-%d}")
    return [*lines, ""]


def _way(way: Way) -> str:
    mark = "ignores its word" if way.ignores_word else "works" if way.works else way.outcome.value
    moved = f" -> {way.moved_to}" if way.moved_to else ""
    selector = f' "{way.listing.links}"' if way.listing else ""
    return f"{way.kind} {way.url}{selector}{moved} (from {way.found}): {mark}. {way.says}"


def _sample(sample: dict[str, Any]) -> list[str]:
    if sample["refused"]:
        return [f"no article: {sample['refused']}"]
    lines = [
        f"title: {sample['title'] or 'none found'}",
        f"date: {sample['published_at'] or 'none found'}",
        f"language: {sample['language']}, {sample['words']} words",
        f"begins: {sample['begins']}{'…' if len(sample['begins']) == BEGINNING else ''}",
    ]
    return lines + [f"left out: {line[:BEGINNING]}" for line in sample["left_out"]]


def _change(key: str, value: Any) -> str:
    return f"{key} (taken out)" if value is None else f"{key} = {json.dumps(value, ensure_ascii=False)}"
