"""What a command was asked to do, held against catalogue and topic before anything opens."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from articles.faults import Faults
from articles.model import Source
from articles.topic import Topic
from flows.inputs import recipients_of, sources_of, topic_of
from flows.settings import Settings

__all__ = ["order", "recipients_of", "sources_of", "topic_of"]

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a pass is asked to do."""

    settings: Settings
    catalogue: tuple[Source, ...]
    topic: Topic
    wanted: tuple[Source, ...]
    """The sources to visit, in the catalogue's order."""
    force: bool = False


def order(settings: Settings, names: Sequence[str] = (), *, force: bool = False) -> Order:
    """The pass to run over the named sources, or over all enabled ones.

    Raises:
        Faults: everything wrong with catalogue, topic and names, a line each.
    """
    faults: list[str] = []
    sources = _collect(faults, lambda: sources_of(settings))
    watched = _collect(faults, lambda: topic_of(settings))
    _collect(faults, lambda: recipients_of(settings))
    known = {source.name: source for source in sources or ()}
    if sources is not None:
        faults += [_unknown(name, known) for name in dict.fromkeys(names) if name not in known]
    if faults or sources is None or watched is None:
        raise Faults(faults)
    wanted = tuple(s for s in sources if (s.name in names if names else s.enabled))
    return Order(settings=settings, catalogue=sources, topic=watched, wanted=wanted, force=force)


def _collect(faults: list[str], read: Callable[[], T]) -> T | None:
    try:
        return read()
    except Faults as error:
        faults += error.faults
        return None


def _unknown(name: str, known: dict[str, Source]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    mend = f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}"
    return f"--source {name}: the catalogue has no such source; {mend}"
