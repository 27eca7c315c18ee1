"""`rasid source`: a site becomes a block of the catalogue; lists of feeds come in and go out."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from articles import catalogue_edit, urls
from articles import language as languages
from articles.faults import Faults
from articles.model import Source
from articles.text import one_line
from extractors import opml
from extractors.opml import Outline
from flows import adding, catalogue_file, checking, checkups, orders
from flows.adding import Proposal, Wish
from flows.findings import Verdict
from flows.settings import Settings

Asked = Callable[[str], bool]
"""Asks a person a question; True: yes."""


def add(settings: Settings, wish: Wish, asked: Asked, *, as_json: bool) -> int:
    """Finds out how a site can be read, shows it, and on a yes writes its block; returns the exit code.

    Raises:
        Faults: the catalogue has that source already, or can't be written.
    """
    known = catalogue_file.known(settings)
    _refuse(known, wish.name, [wish.url])
    adding.examine(wish)
    proposal = asyncio.run(_propose(settings, wish, [source.name for source in known]))
    checkup, source = proposal.checkup, proposal.source
    _refuse(known, None, [*source.feeds, *source.sitemaps, *(one.url for one in source.listings)])
    usable = checkup.verdict in (Verdict.GOOD, Verdict.MEND)
    values = adding.block(source) | checking.remark(checkup) if usable else {}
    if not as_json:
        print("\n".join(_told(proposal, values)))
    added = usable and asked(f"Add this block to {settings.sources.name}?")
    if added:
        catalogue_file.change(settings, partial(catalogue_edit.appended, values=values))
    if as_json:
        print(json.dumps(checkup.json() | {"block": values, "added": added}, ensure_ascii=False, default=str))
    else:
        print(f"{source.name} is in {settings.sources.name} now." if added else "Nothing was written.")
    return 0 if added else 1


async def _propose(settings: Settings, wish: Wish, taken: list[str]) -> Proposal:
    async with checkups.bench(settings, orders.topic_of(settings)) as bench:
        return await adding.propose(bench, wish, taken)


def _refuse(known: tuple[Source, ...], name: str | None, addresses: list[str]) -> None:
    if name in {source.name for source in known}:
        raise Faults([f"--name {name}: the catalogue has a source of that name; choose another"])
    if there := adding.holder(known, addresses):
        raise Faults([f"{addresses[0]}: {there.name} reads it already; try it with `rasid check {there.name}`"])


def _told(proposal: Proposal, values: dict[str, Any]) -> list[str]:
    lines = checking.seen(proposal.checkup)
    if not values:
        return lines
    zone = [] if proposal.zone_known else ["  note: Its time zone is not known: UTC stands for it (--timezone)."]
    return [*lines, *zone, "", catalogue_edit.appended("", values)]


def take_in(settings: Settings, file: Path) -> int:
    """Adds a source for each site of an OPML list that is not there yet; returns the exit code.

    Raises:
        Faults: the list can't be read, or the catalogue can't be written.
    """
    try:
        outlines = opml.read(file.read_bytes())
    except OSError as error:
        raise Faults([f"{file}: can't be read ({error.strerror}); name an OPML file"]) from error
    if outlines is None:
        raise Faults([f"{file}: is no OPML; export it anew from the program that it came from"])
    known = list(catalogue_file.known(settings))
    fresh: list[Source] = []
    for outline in outlines:
        print(f"{one_line(outline.title or outline.feed)}: {_taken(outline, known, fresh)}")
    if fresh:
        blocks = [adding.block(source) | {"evidence": f"Imported from {file.name}."} for source in fresh]
        catalogue_file.change(settings, partial(_with_blocks, blocks=blocks))
        print(f"{len(fresh)} added to {settings.sources.name}; look at them with `rasid check`.")
    return 0 if fresh or not outlines else 1


def _taken(outline: Outline, known: list[Source], fresh: list[Source]) -> str:
    """What becomes of a feed; `fresh` gets its source, or one more feed for it."""
    if urls.absolute(outline.feed, outline.feed) is None:
        return f"left out: {one_line(outline.feed)} is no http(s) address."
    if there := adding.holder((*known, *fresh), [outline.feed]):
        return f"is there already, as {there.name}."
    home = outline.home if outline.home and urls.absolute(outline.home, outline.home) else None
    kin = next((n for n, one in enumerate(fresh) if home and one.home == home), None)
    if kin is not None:
        fresh[kin] = replace(fresh[kin], feeds=(*fresh[kin].feeds, outline.feed))
        return f"one more feed of {fresh[kin].name}."
    fresh.append(adding.described(outline.feed, outline.title, home, languages.normal(outline.language), known + fresh))
    return f"added as {fresh[-1].name}."


def _with_blocks(text: str, *, blocks: list[dict[str, Any]]) -> str:
    for values in blocks:
        text = catalogue_edit.appended(text, values)
    return text


def give_out(settings: Settings) -> None:
    """Prints the feeds of the enabled sources as OPML, and says on standard error who has none."""
    sources = [source for source in orders.sources_of(settings) if source.enabled]
    outlines = [
        Outline(feed=feed, title=one_line(source.title), home=source.home, language=source.language)
        for source in sources
        for feed in source.feeds
    ]
    print(opml.write("Rasid", outlines), end="")
    if without := [source.name for source in sources if not source.feeds]:
        print(f"Without a feed, and so left out: {', '.join(without)}.", file=sys.stderr)
