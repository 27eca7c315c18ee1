"""docs/limits.md held against the code: every row says what its constant is, and no limit of a pass is left out."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from articles.model import Source
from extractors.web import Limits
from tests.worlds import ROOT

UNITS = {
    "": 1, "s": 1, "min": 60, "h": 3600, "d": 86_400, "KB": 1000, "MB": 10**6, "KiB": 2**10, "MiB": 2**20,
}  # fmt: skip
WITH_FIELDS = {"Limits": Limits(), "Source": Source(name="a", title="A")}
WHOLE = (
    "extractors.pool", "extractors.robots", "extractors.transport", "flows.desk", "flows.harvest", "flows.indexes",
    "flows.passes", "flows.polling", "storage.deliveries",
)  # fmt: skip
"""Modules all of whose numbers are limits that the page has to have."""
ROWS = [
    tuple(cell.strip() for cell in line.strip("|").split("|"))
    for line in (ROOT / "docs/limits.md").read_text("utf-8").splitlines()
    if line.startswith("|") and "`" in line.split("|")[4]
]


def constant(where: str) -> Any:
    """What `room/module.py: NAME` or `room/module.py: Class.field` is."""
    file, _, name = where.strip("`").partition(": ")
    holder, _, field = name.rpartition(".")
    if holder:
        return getattr(WITH_FIELDS[holder], field)
    return getattr(importlib.import_module(file.removesuffix(".py").replace("/", ".")), name)


@pytest.mark.parametrize("row", ROWS, ids=[row[3] for row in ROWS])
def test_a_row_says_what_its_constant_is(row: tuple[str, ...]) -> None:
    what, value, why, where, setting = row
    number, unit = re.fullmatch(r"([\d,.]+) ?(\w*)", value).groups()  # type: ignore[union-attr]
    held = constant(where)
    held = held.total_seconds() if isinstance(held, timedelta) else held
    assert float(number.replace(",", "")) * UNITS[unit] == held, what
    assert why and setting


def test_no_place_is_named_twice() -> None:
    places = [row[3] for row in ROWS]
    assert len(places) == len(set(places)) > 80


@pytest.mark.parametrize("module", WHOLE)
def test_no_limit_of_a_pass_is_left_out(module: str) -> None:
    told = {row[3] for row in ROWS}
    file = module.replace(".", "/") + ".py"
    assert [name for name in numbers(module) if f"`{file}: {name}`" not in told] == []


def numbers(module: str) -> Iterator[str]:
    """The public constants that a module itself makes and that are numbers or spans of time."""
    made = re.findall(r"^([A-Z][A-Z_]+)\b.* = ", (ROOT / f"{module.replace('.', '/')}.py").read_text("utf-8"), re.M)
    for name in made:
        if isinstance(getattr(importlib.import_module(module), name), int | float | timedelta):
            yield name


def test_every_bound_of_a_request_is_told() -> None:
    told = {row[3] for row in ROWS}
    assert [name for name in Limits.__slots__ if f"`extractors/web.py: Limits.{name}`" not in told] == []
