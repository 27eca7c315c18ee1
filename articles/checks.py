"""Values of the catalogue that have a form of their own: addresses, selectors, patterns. The table notes the faults."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Collection
from urllib.parse import urlsplit

from articles.faults import Table, shown

SelectorFault = Callable[[str], str | None]
"""Why a CSS selector can't be used, or None. Given by the caller: nothing here knows HTML."""

_BLANK = re.compile(r"\{[^{}]*\}")


def address(table: Table, key: str) -> str | None:
    """An http(s) address; None where there is none."""
    return _sound(table, key, table.text(key))


def addresses(table: Table, key: str) -> tuple[str, ...]:
    """A list of http(s) addresses."""
    found = table.texts(key)
    for one in found:
        _sound(table, key, one)
    return found


def template(table: Table, key: str, needed: str, optional: Collection[str] = ()) -> str | None:
    """An http(s) address with the blank `needed` in it, `{q}` or `{n}`, and no others but the `optional` ones."""
    said = table.text(key)
    if said is None:
        return None
    blanks = _BLANK.findall(said)
    mend = f"write one like https://example.org/search?find={needed}"
    for blank in blanks:
        if blank != needed and blank not in optional:
            table.fault(key, f"{shown(said)} has an unknown blank {blank}", mend)
    if needed not in blanks:
        table.fault(key, f"{shown(said)} has no {needed}", mend)
    _sound(table, key, _BLANK.sub("1", said))
    return said


def _sound(table: Table, key: str, said: str | None) -> str | None:
    wrong = None if said is None else _address_fault(said)
    if wrong:
        table.fault(key, f"{shown(said)} {wrong}", "write one like https://example.org/rss")
    return said


def _address_fault(said: str) -> str | None:
    """What makes it unfit to be asked for; where its host leads is no question of the catalogue."""
    if not said.isprintable() or " " in said:
        return "holds a space or a control character"
    try:
        parts = urlsplit(said)
        host, _port = parts.hostname, parts.port
    except ValueError as error:
        return f"is no address ({error})"
    if parts.scheme not in ("http", "https"):
        return "is no http(s) address"
    return None if (host or "").strip(".") else "has no host"


def selector(table: Table, key: str, selector_fault: SelectorFault) -> str | None:
    """A CSS selector; None where there is none."""
    said = table.text(key)
    if said is not None:
        _selects(table, key, said, selector_fault)
    return said


def selectors(table: Table, key: str, selector_fault: SelectorFault) -> tuple[str, ...]:
    """A list of CSS selectors."""
    found = table.texts(key)
    for said in found:
        _selects(table, key, said, selector_fault)
    return found


def _selects(table: Table, key: str, said: str, selector_fault: SelectorFault) -> None:
    if wrong := selector_fault(said):
        mend = 'write one like "div.article > p"'
        table.fault(key, f"{shown(said)} is no CSS selector ({wrong})", mend)


def pattern(table: Table, key: str) -> str | None:
    """A regular expression; None where there is none."""
    said = table.text(key)
    if said is not None:
        compiled(table, key, said)
    return said


def patterns(table: Table, key: str) -> tuple[str, ...]:
    """A list of regular expressions."""
    found = table.texts(key)
    for said in found:
        compiled(table, key, said)
    return found


def compiled(table: Table, key: str, said: str) -> re.Pattern[str] | None:
    """The pattern compiled; None, and a fault noted, where it does not compile."""
    try:
        with warnings.catch_warnings():  # a pattern that may mean something else one day is no fault today
            warnings.simplefilter("ignore")
            return re.compile(said)
    except (re.error, OverflowError, RecursionError) as error:
        mend = "mend it; a literal text like /news/ is a pattern too"
        table.fault(key, f"{shown(said)} is no regular expression ({error})", mend)
        return None
