"""The catalogue's tables on how a source is entered: its listings, its searches, and the form of its addresses."""

from __future__ import annotations

import dataclasses
import re

from articles import checks
from articles.checks import SelectorFault
from articles.faults import Table, shown
from articles.model import Listing, Rewrite, Search

_FORMS = {"html": ("links",), "feed": (), "json": ("items", "link", "title", "date")}
"""The forms of a search's answer, and the keys that only they have."""
_NEEDED = {"html": "links", "json": "link"}
_PATH = re.compile(r"[^.\s]+(\.[^.\s]+)*")


def listings(block: Table, selector_fault: SelectorFault) -> tuple[Listing, ...]:
    """The source's index pages."""
    found = []
    for listing in _tables(block, "listings"):
        listing.only(field.name for field in dataclasses.fields(Listing))
        for key in ("url", "links"):
            if key not in listing.values:
                listing.fault(key, "missing", 'write { url = "https://…", links = "a CSS selector" }')
        url = checks.address(listing, "url")
        links = checks.selector(listing, "links", selector_fault)
        found.append(Listing(url=url or "", links=links or "", pages=checks.template(listing, "pages", "{n}")))
    return tuple(found)


def searches(block: Table, selector_fault: SelectorFault) -> tuple[Search, ...]:
    """The source's searches. Without `queries` they need a language, whose words they are asked for."""
    found = tuple(_search(table, selector_fault) for table in _tables(block, "searches"))
    if found and not block.values.get("queries") and not block.values.get("language"):
        block.fault("searches", "nothing to ask them", 'give the source language = "…" or queries = ["…"]')
    return found


def _search(table: Table, selector_fault: SelectorFault) -> Search:
    table.only(field.name for field in dataclasses.fields(Search))
    if "url" not in table.values:
        table.fault("url", "missing", 'write url = "https://example.org/search?find={q}"')
    form = table.text("form") or "html"
    if form not in _FORMS:
        table.fault("form", f"{shown(form)} is no form", f"write one of {', '.join(_FORMS)}")
    else:
        _refuse_others(table, form)
    return Search(
        url=checks.template(table, "url", "{q}", ["{n}"]) or "",
        form=form,
        links=checks.selector(table, "links", selector_fault),
        items=_path(table, "items"),
        link=_path(table, "link"),
        title=_path(table, "title"),
        date=_path(table, "date"),
    )


def _refuse_others(table: Table, form: str) -> None:
    needed = _NEEDED.get(form)
    if needed and needed not in table.values:
        table.fault(needed, f"missing, which the form {form} needs", f'write {needed} = "…"')
    for other, keys in _FORMS.items():
        for key in keys:
            if other != form and key in table.values:
                mend = f'leave it out, or write form = "{other}"'
                table.fault(key, f"belongs to the form {other}, and this is {form}", mend)


def _path(table: Table, key: str) -> str | None:
    said = table.text(key)
    if said is not None and not _PATH.fullmatch(said):
        table.fault(key, f"{shown(said)} is no path", 'write names joined by dots, like "data.articles"')
    return said


def queries(block: Table) -> tuple[str, ...]:
    """What the searches are asked for instead of the topic's words."""
    found = block.texts("queries")
    for said in found:
        if not said.strip() or not said.isprintable():
            block.fault("queries", f"{shown(said)} is nothing to ask for", 'write queries = ["…"]')
    return found


def canonical(block: Table) -> Rewrite | None:
    """How other forms of an article's address lead to the one to fetch."""
    before = len(block.faults)
    table = block.table("canonical", f"{block.place}: canonical")
    if "canonical" not in block.values or len(block.faults) > before:
        return None
    table.only(field.name for field in dataclasses.fields(Rewrite))
    find, put = table.values.get("find"), table.values.get("put")
    if not isinstance(find, str) or not isinstance(put, str):
        wrong = [key for key, value in (("find", find), ("put", put)) if not isinstance(value, str)]
        table.fault(" and ".join(wrong), "missing, or no text", "write { find = 'a pattern', put = 'a text' }")
        return None
    if pattern := checks.compiled(table, "find", find):
        try:
            pattern.sub(put, "")
        except (re.error, IndexError) as error:
            table.fault("put", f"{shown(put)} can't be put in its place ({error})", r"write a text like '/news/\1'")
    return Rewrite(find=find, put=put)


def _tables(block: Table, key: str) -> list[Table]:
    return [
        Table(values, f"{block.place}: {key}: #{position}", block.faults)
        for position, values in enumerate(block.tables(key), 1)
    ]
