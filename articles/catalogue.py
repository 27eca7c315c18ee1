"""The catalogue: sources.toml becomes `Source` values, or one line for each of its faults."""

from __future__ import annotations

import dataclasses
import re
import zoneinfo
from datetime import date, datetime

from articles import checks, entrances
from articles.checks import SelectorFault
from articles.faults import Faults, Table, parse, shown
from articles.model import ExtractRules, Source

__all__ = ["Faults", "load"]

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_SPAN = re.compile(r"([0-9]{1,12})([smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_LONGEST_SPAN = 3650 * 86400  # ten years: a due time further ahead is a slip, and far enough it is no date
_WAYS = ("feeds", "sitemaps", "listings", "searches")
_DEFAULT = {field.name: field.default for field in dataclasses.fields(Source)}


def load(text: str, *, file: str, selector_fault: SelectorFault) -> tuple[Source, ...]:
    """The sources of a catalogue, in its order, disabled ones included.

    `file` is the name that faults are told under. Raises `Faults`, with all of them at once.
    """
    top = parse(text, file=file)
    top.only(["source"])
    blocks = top.tables("source")
    sources = [_source(_block(top, block, n), selector_fault) for n, block in enumerate(blocks, 1)]
    _refuse_doubles(sources, top)
    if not blocks and not top.faults:
        top.fault("source", "there is none", "write a [[source]] table")
    elif not top.faults and not any(source.enabled for source in sources):
        top.fault("enabled", "false for every source", "set enabled = true for one at least")
    if top.faults:
        raise Faults(top.faults)
    return tuple(sources)


def _block(top: Table, values: dict[str, object], position: int) -> Table:
    name = values.get("name")
    called = shown(name) if isinstance(name, str) and name.strip() else f"#{position}"
    return Table(values, f"{top.place}: source {called}", top.faults)


def _refuse_doubles(sources: list[Source], top: Table) -> None:
    seen: set[str] = set()
    for position, source in enumerate(sources, 1):
        if source.name and source.name in seen:
            place = f"source #{position}: name"
            top.fault(place, f"{shown(source.name)} stands twice", "give each source a name of its own")
        seen.add(source.name)


def _source(block: Table, selector_fault: SelectorFault) -> Source:
    block.only(field.name for field in dataclasses.fields(Source))
    name = _name(block)
    if not any(block.values.get(way) for way in _WAYS):
        mend = "give one of feeds, sitemaps, listings and searches (home is read by people alone)"
        block.fault(", ".join(_WAYS), "no way of finding articles", mend)
    return Source(
        name=name,
        title=block.text("title") or name,
        country=block.text("country"),
        language=block.text("language"),
        home=checks.address(block, "home"),
        timezone=_zone(block),
        feeds=checks.addresses(block, "feeds"),
        sitemaps=checks.addresses(block, "sitemaps"),
        listings=entrances.listings(block, selector_fault),
        searches=entrances.searches(block, selector_fault),
        queries=entrances.queries(block),
        canonical=entrances.canonical(block),
        article_url=checks.pattern(block, "article_url"),
        interval=_span(block, "interval"),
        min_delay=_span(block, "min_delay"),
        enabled=block.flag("enabled", True),
        extract=_extract(block.table("extract", f"{block.place}: extract"), selector_fault),
        verified=_verified(block),
        evidence=block.text("evidence") or "",
    )


def _name(block: Table) -> str:
    name = block.text("name")
    if "name" not in block.values:
        block.fault("name", "missing", 'write name = "a-short-slug"')
    elif name is not None and not _SLUG.fullmatch(name):
        mend = "write small letters and digits, joined by single hyphens"
        block.fault("name", f"{shown(name)} is no slug", mend)
    return name or ""


def _zone(block: Table) -> str:
    name = block.text("timezone") or str(_DEFAULT["timezone"])
    try:
        zoneinfo.ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        block.fault("timezone", f"{shown(name)} is no time zone", 'write one like "Asia/Hebron"')
    return name


def _extract(block: Table, selector_fault: SelectorFault) -> ExtractRules:
    block.only(field.name for field in dataclasses.fields(ExtractRules))
    return ExtractRules(
        title=checks.selector(block, "title", selector_fault),
        body=checks.selector(block, "body", selector_fault),
        date=checks.selector(block, "date", selector_fault),
        remove=checks.selectors(block, "remove", selector_fault),
        drop_lines=checks.patterns(block, "drop_lines"),
    )


def _span(block: Table, key: str) -> int:
    """Seconds, of a whole number and its unit."""
    value = block.values.get(key, f"{_DEFAULT[key]}s")
    match = _SPAN.fullmatch(value) if isinstance(value, str) else None
    seconds = int(match[1]) * _SECONDS[match[2]] if match else 0
    if match is None or seconds > _LONGEST_SPAN:
        wrong = "more than ten years" if match else "no length of time"
        mend = 'write a whole number and s, m, h or d, like "30m"'
        block.fault(key, f"{shown(value)} is {wrong}", mend)
    return seconds


def _verified(block: Table) -> date | None:
    value = block.values.get("verified", "never")
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if value == "never":
        return None
    try:
        return date.fromisoformat(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        block.fault("verified", f"{shown(value)} is no date", 'write "never" or a date like 2026-11-21')
        return None
