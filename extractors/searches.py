"""A site's own search: the addresses to ask, and the answers of those that speak JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from articles.model import Search
from extractors.markup import Entry

_MAX_ITEMS = 2_000


def addresses(search: Search, queries: Iterable[str]) -> Iterator[str]:
    """The first page of each query's answer; queries stand there as percent-encoded UTF-8."""
    return (address(search, query) for query in queries)


def address(search: Search, query: str, page: int = 1) -> str:
    """The address of one page of a query's answer; the same for all pages where the search has no `{n}`."""
    return search.url.replace("{n}", str(page)).replace("{q}", quote(query, safe=""))


def entries(text: str, search: Search) -> list[Entry] | None:
    """What a JSON answer lists, in its order, without items that have no address; None for what is no such answer."""
    try:
        items = _at(json.loads(text), search.items)
    except (ValueError, RecursionError):
        return None
    if not isinstance(items, list):
        return None
    found = (_entry(item, search) for item in items[:_MAX_ITEMS])
    return [entry for entry in found if entry.addresses]


def _entry(item: object, search: Search) -> Entry:
    link = _text(item, search.link)
    return Entry(
        addresses=(link,) if link else (),
        title=_text(item, search.title) if search.title else None,
        published=_text(item, search.date) if search.date else None,
    )


def _text(item: object, path: str | None) -> str | None:
    value = _at(item, path)
    return value if isinstance(value, str) and value.strip() else None


def _at(value: object, path: str | None) -> object:
    """What stands at a dotted path; a number in it counts from 0 in a list. None where there is nothing."""
    for name in path.split(".") if path else ():
        if isinstance(value, dict):
            value = value.get(name)
        elif isinstance(value, list) and name.isdecimal() and len(name) < 5 and int(name) < len(value):
            value = value[int(name)]
        else:
            return None
    return value
