"""The catalogue: sources.toml becomes `Source` values, or one line for each of its faults."""

from __future__ import annotations

import dataclasses
import re
import warnings
import zoneinfo
from collections.abc import Callable
from datetime import date, datetime
from urllib.parse import urlsplit

from articles.faults import Faults, Table, parse, shown
from articles.model import ExtractRules, Listing, Source

__all__ = ["Faults", "load"]

SelectorFault = Callable[[str], str | None]
"""Why a CSS selector can't be used, or None. Given by the caller: nothing here knows HTML."""

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_SPAN = re.compile(r"([0-9]{1,12})([smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_LONGEST_SPAN = 3650 * 86400  # ten years: a due time further ahead is a slip, and far enough it is no date
_WAYS = ("feeds", "sitemaps", "listings")
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
        mend = "give one of feeds, sitemaps and listings (home is read by people alone)"
        block.fault(", ".join(_WAYS), "no way of finding articles", mend)
    return Source(
        name=name,
        title=block.text("title") or name,
        country=block.text("country"),
        language=block.text("language"),
        home=_address(block, "home", block.text("home")),
        timezone=_zone(block),
        feeds=_addresses(block, "feeds"),
        sitemaps=_addresses(block, "sitemaps"),
        listings=_listings(block, selector_fault),
        article_url=_pattern(block, "article_url", block.text("article_url")),
        interval=_span(block, "interval"),
        min_delay=_span(block, "min_delay"),
        enabled=block.flag("enabled", True),
        extract=_extract(block.table("extract", f"{block.place}: extract"), selector_fault),
        verified=_verified(block),
        evidence=block.text("evidence"),
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


def _address(block: Table, key: str, address: str | None) -> str | None:
    wrong = None if address is None else _address_fault(address)
    if wrong:
        block.fault(key, f"{shown(address)} {wrong}", "write one like https://example.org/rss")
    return address


def _address_fault(address: str) -> str | None:
    """What makes it unfit to be asked for; where its host leads is no question of the catalogue."""
    if not address.isprintable() or " " in address:
        return "holds a space or a control character"
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname, parts.port
    except ValueError as error:
        return f"is no address ({error})"
    if parts.scheme not in ("http", "https"):
        return "is no http(s) address"
    return None if (host or "").strip(".") else "has no host"


def _addresses(block: Table, key: str) -> tuple[str, ...]:
    found = block.texts(key)
    for address in found:
        _address(block, key, address)
    return found


def _listings(block: Table, selector_fault: SelectorFault) -> tuple[Listing, ...]:
    found = []
    for position, values in enumerate(block.tables("listings"), 1):
        listing = Table(values, f"{block.place}: listings: #{position}", block.faults)
        listing.only(field.name for field in dataclasses.fields(Listing))
        for key in ("url", "links"):
            if key not in values:
                listing.fault(key, "missing", 'write { url = "https://…", links = "a CSS selector" }')
        url = _address(listing, "url", listing.text("url"))
        links = _selector(listing, "links", listing.text("links"), selector_fault)
        found.append(Listing(url=url or "", links=links or ""))
    return tuple(found)


def _extract(block: Table, selector_fault: SelectorFault) -> ExtractRules:
    block.only(field.name for field in dataclasses.fields(ExtractRules))
    title, body, day = (_selector(block, key, block.text(key), selector_fault) for key in ("title", "body", "date"))
    remove = block.texts("remove")
    for selector in remove:
        _selector(block, "remove", selector, selector_fault)
    drop_lines = block.texts("drop_lines")
    for pattern in drop_lines:
        _pattern(block, "drop_lines", pattern)
    return ExtractRules(title=title, body=body, date=day, remove=remove, drop_lines=drop_lines)


def _selector(block: Table, key: str, selector: str | None, selector_fault: SelectorFault) -> str | None:
    wrong = None if selector is None else selector_fault(selector)
    if wrong:
        mend = 'write one like "div.article > p"'
        block.fault(key, f"{shown(selector)} is no CSS selector ({wrong})", mend)
    return selector


def _pattern(block: Table, key: str, pattern: str | None) -> str | None:
    if pattern is None:
        return None
    try:
        with warnings.catch_warnings():  # a pattern that may mean something else one day is no fault today
            warnings.simplefilter("ignore")
            re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        mend = "mend it; a literal text like /news/ is a pattern too"
        block.fault(key, f"{shown(pattern)} is no regular expression ({error})", mend)
    return pattern


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


def _verified(block: Table) -> str:
    value = block.values.get("verified", "never")
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    if value == "never":
        return "never"
    try:
        return date.fromisoformat(value).isoformat()  # type: ignore[arg-type]
    except (TypeError, ValueError):
        block.fault("verified", f"{shown(value)} is no date", 'write "never" or a date like 2026-11-21')
        return "never"
