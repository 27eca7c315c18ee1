"""Writing an export: JSON lines, CSV that a spreadsheet opens safely, or Parquet."""

from __future__ import annotations

import codecs
import csv
import importlib
import io
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO, Any

from articles.faults import Faults

JSONL, CSV, PARQUET = "jsonl", "csv", "parquet"
FORMATS = (JSONL, CSV, PARQUET)

ROWS = 500
"""Rows written at a time."""

# What a spreadsheet takes for the beginning of a formula (OWASP, "CSV Injection"), also behind spaces and apostrophes:
# so that one apostrophe before it is all that has to be taken off again.
_FORMULA = re.compile(r"[\s']*[=+\-@\t\r＝＋－＠]")

Record = Mapping[str, Any]


def write(form: str, columns: Mapping[str, type], rows: Iterable[Record], out: IO[bytes]) -> int:
    """Writes rows as `jsonl`, `csv` or `parquet`, a few hundred in memory; returns how many there were.

    Raises:
        Faults: Parquet is wanted, and its library is not installed.
    """
    writer = {JSONL: _jsonl, CSV: _csv, PARQUET: _parquet}[form]
    count = 0
    with writer(columns, out) as put:
        for some in _by_hundreds(rows):
            put(some)
            count += len(some)
    return count


def check(form: str) -> None:
    """Raises `Faults` where this format can't be written here."""
    if form == PARQUET:
        _pyarrow()


def cell(value: Any) -> Any:
    """A value as a CSV cell: before what a spreadsheet would take for a formula stands an apostrophe."""
    if isinstance(value, bool):
        return str(value).lower()
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value


def uncelled(said: str) -> str:
    """The text of a cell, without the apostrophe that `cell` may have put before it."""
    return said[1:] if said.startswith("'") and _FORMULA.match(said[1:]) else said


@contextmanager
def opened(file: Path) -> Iterator[IO[bytes]]:
    """A file that gets its name when it is whole: what is cut short leaves the one that stood there before.

    Raises:
        Faults: it can't be written there.
    """
    # A pipe or a device has its name already.
    whole = file if file.exists() and not file.is_file() else file.with_name(f".{file.name}.{os.getpid()}.tmp")
    try:
        with whole.open("wb") as out:
            yield out
        if whole != file:
            whole.replace(file)
    except OSError as error:
        raise Faults([f"--out {file}: can't be written ({error.strerror or error}); name another file"]) from error
    finally:
        if whole != file:
            whole.unlink(missing_ok=True)


def _by_hundreds(rows: Iterable[Record]) -> Iterator[list[Record]]:
    left = iter(rows)
    while some := list(islice(left, ROWS)):
        yield some


@contextmanager
def _jsonl(_columns: Mapping[str, type], out: IO[bytes]) -> Iterator[Any]:
    def put(rows: Sequence[Record]) -> None:
        out.write("".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows).encode())

    yield put


@contextmanager
def _csv(columns: Mapping[str, type], out: IO[bytes]) -> Iterator[Any]:
    # With the mark, since Excel takes what has none for the letters of the machine's own country.
    out.write(codecs.BOM_UTF8)

    def put(lines: Iterable[Iterable[Any]]) -> None:
        text = io.StringIO(newline="")
        csv.writer(text).writerows(lines)
        out.write(text.getvalue().encode())

    put([columns])
    yield lambda rows: put([cell(row[column]) for column in columns] for row in rows)


@contextmanager
def _parquet(columns: Mapping[str, type], out: IO[bytes]) -> Iterator[Any]:
    pyarrow, parquet = _pyarrow()
    kinds = {int: pyarrow.int64(), str: pyarrow.string(), bool: pyarrow.bool_(), float: pyarrow.float64()}
    schema = pyarrow.schema([(column, kinds[kind]) for column, kind in columns.items()])
    with parquet.ParquetWriter(out, schema, compression="zstd") as writer:
        yield lambda rows: writer.write_table(pyarrow.Table.from_pylist(list(rows), schema=schema))


def _pyarrow() -> tuple[Any, Any]:
    """The library, which is not installed everywhere: it weighs more than all the rest."""
    try:
        return importlib.import_module("pyarrow"), importlib.import_module("pyarrow.parquet")
    except ImportError:
        mend = "install it with .venv/bin/python -m pip install pyarrow, or write jsonl or csv"
        raise Faults([f"--format parquet: needs pyarrow, which is not installed; {mend}"]) from None
