"""What a tagger makes of documents that it was asked for."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass

from storage.tags import Tag, Task


@dataclass(frozen=True, kw_only=True)
class Left:
    """A document that stays without a tag, and why."""

    id: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What it said of some of the documents, one or all. Each reason is one plain sentence."""

    tags: tuple[Tag, ...] = ()
    unusable: tuple[Left, ...] = ()
    """Documents that it was asked for again and again could not answer for: their own fault, not the tagger's."""
    faults: tuple[str, ...] = ()
    """Lines that can't be kept, by number."""
    trouble: str | None = None
    """Why it failed, and said no more of these documents; the next ones may fare better."""
    stop: str | None = None
    """Why it is to be asked no more in this run."""


Ask = Callable[[Sequence[Task]], AsyncGenerator[Answer, None]]
"""Asks a tagger for documents; answers come as they are ready."""
