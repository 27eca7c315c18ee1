"""The labelled pairs of texts: what is one text, a near copy, one story, or different.

A file of `benchmarks/sameness/*.toml` holds `[[text]]` and `pair`:

    id, language      a text's own; `half` is "tune", "measure" or "adverse": rules are
                      fitted on the first alone; the last was written against them
    text, title       as a publisher has them; `published` (optional) is a TOML date-time
    of, edits         instead of `text`: another text of the file, changed as newsrooms change it; title, language
                      and half are taken over. With `label` (and `kind`) it makes a pair with that text by itself
    a, b, label, kind a pair: "same", "near", "story" or "different"; `kind` says what makes a negative hard

Edits, in order: replace OLD NEW (everywhere; OLD must be there), cut N (a paragraph, from 0), keep N (the first
ones), swap N M, prepend TEXT, append TEXT (a paragraph), insert N TEXT, stub N TAIL (the first N words), join (one
paragraph), title TEXT.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "sameness"
LABELS = ("same", "near", "story", "different")
EASY = "other news"
"""The kind of a negative that nothing makes hard."""


@dataclass(frozen=True, kw_only=True)
class Text:
    """One text of the set."""

    id: str
    language: str
    half: str
    text: str
    title: str | None = None
    published: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two texts and what they are to each other."""

    a: Text
    b: Text
    label: str
    kind: str | None = None

    @property
    def half(self) -> str:
        """A pair is for tuning only where both of its texts are."""
        return min(self.a.half, self.b.half, key=("adverse", "measure", "tune").index)

    @property
    def hard(self) -> bool:
        return self.label == "different" and self.kind != EASY


@dataclass(frozen=True)
class Pairs:
    """The whole set."""

    texts: tuple[Text, ...]
    pairs: tuple[Pair, ...]


def load(folder: Path = FOLDER) -> Pairs:
    """All files of the folder, one after the other; ids are unique over all of them.

    Raises:
        ValueError: an id stands twice or nowhere, a label is unknown, or an edit finds nothing to change.
    """
    texts: dict[str, Text] = {}
    rows: list[dict[str, Any]] = []
    for path in sorted(folder.glob("*.toml")):
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        for row in data.get("text", ()):
            if row["id"] in texts:
                raise ValueError(f"{path.name}: two texts are called {row['id']}")
            texts[row["id"]] = _text(row, texts)
        rows += (*data.get("pair", ()), *_implied(data.get("text", ())))
    return Pairs(tuple(texts.values()), tuple(_pair(row, texts) for row in rows))


def _text(row: dict[str, Any], texts: dict[str, Text]) -> Text:
    if "of" not in row:
        return Text(
            id=row["id"],
            language=row["language"],
            half=row["half"],
            text=row["text"].strip(),
            title=row.get("title"),
            published=row.get("published"),
        )
    text = replace(texts[row["of"]], id=row["id"])
    for name, *values in row["edits"]:
        text = _edited(text, name, values)
    return replace(text, published=row.get("published", text.published))


def _edited(text: Text, name: str, values: list[Any]) -> Text:
    match name, values:
        case "title", [title]:
            return replace(text, title=title)
        case "replace", [old, new] if old in text.text:
            return replace(text, text=text.text.replace(old, new))
        case "prepend", [words]:
            return replace(text, text=words + text.text)
        case "stub", [count, tail]:
            return replace(text, text=" ".join(text.text.split()[:count]) + tail)
    return replace(text, text="\n".join(_paragraphs(text.text.split("\n"), name, values, text.id)))


def _paragraphs(lines: list[str], name: str, values: list[Any], where: str) -> list[str]:
    match name, values:
        case "cut", [place]:
            return lines[:place] + lines[place + 1 :]
        case "keep", [count]:
            return lines[:count]
        case "swap", [one, other]:
            lines[one], lines[other] = lines[other], lines[one]
            return lines
        case "append", [words]:
            return [*lines, words]
        case "insert", [place, words]:
            return [*lines[:place], words, *lines[place:]]
        case "join", []:
            return [" ".join(lines)]
    raise ValueError(f"{where}: {name} {values} changes nothing")


def _implied(rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    return ({**row, "a": row["of"], "b": row["id"]} for row in rows if "label" in row)


def _pair(row: dict[str, Any], texts: dict[str, Text]) -> Pair:
    if row["label"] not in LABELS:
        raise ValueError(f"{row['a']}, {row['b']}: unknown label {row['label']}")
    if not {row["a"], row["b"]} <= texts.keys():
        raise ValueError(f"{row['a']}, {row['b']}: no such text")
    return Pair(a=texts[row["a"]], b=texts[row["b"]], label=row["label"], kind=row.get("kind"))
