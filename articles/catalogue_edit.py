"""Changing the text of a catalogue: one value, one new block; comments, order and everything else stay as they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import tomlkit
from tomlkit.items import AbstractTable, Array, InlineTable, Table


def amended(text: str, name: str, values: Mapping[str, Any]) -> str:
    """The catalogue with these keys of a source's block set, and those whose value is None taken out.

    Raises:
        KeyError: there is no such source.
        ValueError: the text is no TOML.
    """
    document = tomlkit.parse(text)
    blocks = document.get("source", [])
    block = next((block for block in blocks if block.get("name") == name), None)
    if block is None:
        raise KeyError(name)
    for key, value in values.items():
        if value is None:
            block.pop(key, None)
        elif key in block:
            _assign(block, key, value)
        else:
            _add(block, key, value)
    return tomlkit.dumps(document)


def appended(text: str, values: Mapping[str, Any]) -> str:
    """The catalogue with one more source at its end."""
    block = tomlkit.aot()
    table = tomlkit.table()
    for key, value in values.items():
        table.add(key, _item(value))
    block.append(table)
    document = tomlkit.document()
    document.add("source", block)
    end = "\r\n" if "\r\n" in text else "\n"
    before = text.rstrip("\r\n")
    new = tomlkit.dumps(document).strip("\n").replace("\n", end)
    return f"{before}{end * 2 if before else ''}{new}{end}"


def _assign(table: AbstractTable, key: str, value: Any) -> None:
    """Sets what is there already; of a list as long as before only the items that differ, so that comments stay."""
    old = table[key]
    if isinstance(old, Array) and isinstance(value, list) and len(old) == len(value):
        for place, item in enumerate(value):
            _replace(old, place, item)
    elif old != value:
        table[key] = _item(value)


def _replace(array: Array, place: int, item: Any) -> None:
    old = array[place]
    if isinstance(old, InlineTable) and isinstance(item, dict) and old.keys() == item.keys():
        for key, value in item.items():
            if old[key] != value:
                old[key] = value
    elif old != item:
        array[place] = _item(item)


def _add(table: Table, key: str, value: Any) -> None:
    """Adds a key below the last one. What stands below that, blank lines and comments, heads the next block."""
    body = table.value.body
    below: list[Any] = []
    while body and body[-1][0] is None:
        below.insert(0, body.pop())
    table.append(key, _item(value))
    body.extend(below)


def _item(value: Any) -> Any:
    """A value as a person would write it: tables in lists on one line, text without needless escapes."""
    if isinstance(value, list):
        array = tomlkit.array()
        array.extend(_item(one) for one in value)
        return array
    if isinstance(value, dict):
        inline = tomlkit.inline_table()
        inline.update({key: _item(one) for key, one in value.items()})
        return inline
    if isinstance(value, str) and "\\" in value and "'" not in value and value.isprintable():
        return tomlkit.string(value, literal=True)
    return value
