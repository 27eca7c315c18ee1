"""Reading a settings file that a person wrote: every fault is found, each told in one line.

A line says where it is, what is wrong and how to mend it:
`sources.toml: source "wafa": timezone: "Hebron" is no time zone; write one like "Asia/Hebron"`.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass

from articles import text as letters

_LONGEST_VALUE = 80  # of a value repeated in a fault: enough to find it in the file


class Faults(ValueError):
    """A file that can't be used. `faults` holds one line for each thing that is wrong with it."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(letters.one_line(fault) for fault in faults)
        super().__init__("\n".join(self.faults))


def shown(value: object) -> str:
    """A value as a fault repeats it: on one line, quoted where it is text, cut where it is long."""
    plain = letters.one_line(value if isinstance(value, str) else repr(value))
    short = plain if len(plain) <= _LONGEST_VALUE else plain[:_LONGEST_VALUE] + "…"
    return f'"{short}"' if isinstance(value, str) else short


@dataclass(frozen=True)
class Table:
    """One table of the file. Its methods hand values out and note what is wrong with them in `faults`.

    A value that is missing, or wrong and therefore noted, comes out as the default, so reading goes on.
    """

    values: dict[str, object]
    place: str
    faults: list[str]

    def fault(self, key: str, wrong: str, mend: str) -> None:
        """Note that the value of `key` is `wrong`, and how to `mend` it."""
        self.faults.append(f"{self.place}: {key}: {wrong}; {mend}")

    def only(self, known: Iterable[str]) -> None:
        """Note every key that is none of the `known`, with the known one that looks most like it."""
        names = list(known)
        for key in self.values:
            if key not in names:
                near = difflib.get_close_matches(key, names, 1)
                mend = f"did you mean {near[0]}?" if near else f"known are {', '.join(names)}"
                self.fault(shown(key)[1:-1], "unknown key", mend)

    def text(self, key: str) -> str | None:
        """A piece of text; None where there is none."""
        value = self.values.get(key)
        if value is None or (isinstance(value, str) and value.strip()):
            return value
        wrong = "empty" if isinstance(value, str) else f"{shown(value)} is no text"
        self.fault(key, wrong, f'write {key} = "…", or leave the key out')
        return None

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of pieces of text."""
        value = self.values.get(key, [])
        if not isinstance(value, list):
            self.fault(key, f"{shown(value)} is no list", f'write {key} = ["…"]')
            return ()
        for item in value:
            if not isinstance(item, str):
                self.fault(key, f"{shown(item)} in the list is no text", f'write {key} = ["…"]')
        return tuple(item for item in value if isinstance(item, str))

    def flag(self, key: str, default: bool) -> bool:
        """A true or false."""
        value = self.values.get(key, default)
        if not isinstance(value, bool):
            self.fault(key, f"{shown(value)} is neither true nor false", f"write {key} = true or false")
            return default
        return value

    def number(self, key: str, default: float, lowest: float, highest: float) -> float:
        """A number between `lowest` and `highest`; true and false are none."""
        value = self.values.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.fault(key, f"{shown(value)} is no number", f"write {key} = {default:g}")
            return default
        if not lowest <= value <= highest:
            mend = f"write a number from {lowest:g} to {highest:g}"
            self.fault(key, f"{shown(value)} is out of range", mend)
            return default
        return float(value)

    def table(self, key: str, place: str) -> Table:
        """The table under `key`, whose faults are told as being at `place`."""
        value = self.values.get(key, {})
        if not isinstance(value, dict):
            self.fault(key, f"{shown(value)} is no table", f"write [{key}]")
            value = {}
        return Table(value, place, self.faults)

    def tables(self, key: str) -> tuple[dict[str, object], ...]:
        """The tables of a list of tables."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.fault(key, f"{shown(value)} is no list of tables", f"write [[{key}]] above each")
            return ()
        return tuple(value)


def parse(text: str, *, file: str) -> Table:
    """The top table of a TOML file. Raises `Faults` where it is no TOML, with line and column."""
    try:
        values = tomllib.loads(text)
    except RecursionError:
        raise Faults([f"{file}: no readable TOML: nested too deeply; write plain tables and lists"]) from None
    except ValueError as error:  # TOMLDecodeError with its line, or a number of thousands of digits
        raise Faults([f"{file}: no readable TOML: {error}; mend that place"]) from None
    return Table(values, file, [])
