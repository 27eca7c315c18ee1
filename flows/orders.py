"""What a command was asked to do, held against catalogue and topic before anything opens."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from articles import catalogue, recipients, topic
from articles.faults import Faults
from articles.model import Source
from articles.recipients import Recipient
from articles.topic import Topic
from extractors import selectors
from flows.passes import Order
from flows.settings import Settings

T = TypeVar("T")


def order(settings: Settings, names: Sequence[str] = (), *, force: bool = False) -> Order:
    """The pass to run over the named sources, or over all enabled ones.

    Raises:
        Faults: everything wrong with catalogue, topic and names, a line each.
    """
    faults: list[str] = []
    sources = _collect(faults, lambda: sources_of(settings))
    watched = _collect(faults, lambda: topic_of(settings))
    known = {source.name: source for source in sources or ()}
    if sources is not None:
        faults += [_unknown(name, known) for name in dict.fromkeys(names) if name not in known]
    if faults or sources is None or watched is None:
        raise Faults(faults)
    wanted = tuple(s for s in sources if (s.name in names if names else s.enabled))
    return Order(settings=settings, catalogue=sources, topic=watched, wanted=wanted, force=force)


def sources_of(settings: Settings) -> tuple[Source, ...]:
    """The catalogue.

    Raises:
        Faults: all that is wrong with it.
    """
    text = _text(settings.sources, "RASID_SOURCES")
    return catalogue.load(text, file=settings.sources.name, selector_fault=selectors.fault)


def topic_of(settings: Settings) -> Topic:
    """The topic.

    Raises:
        Faults: all that is wrong with it.
    """
    return topic.load(_text(settings.topic, "RASID_TOPIC"), file=settings.topic.name)


def recipients_of(settings: Settings) -> tuple[Recipient, ...]:
    """Who is written to: those of recipients.toml, and those of RASID_MAIL_TO that do not stand there.

    Raises:
        Faults: all that is wrong with the file.
    """
    listed: tuple[Recipient, ...] = ()
    if settings.recipients.is_file():
        listed = recipients.load(_text(settings.recipients, "RASID_RECIPIENTS"), file=settings.recipients.name)
    known = {recipient.address.casefold() for recipient in listed}
    return listed + tuple(Recipient(address=to) for to in settings.mail_to if to.casefold() not in known)


def _text(path: Path, variable: str) -> str:
    try:
        return path.read_text("utf-8-sig")
    except OSError as error:
        raise Faults([f"{path}: can't be read ({error.strerror}); {variable} names the file"]) from error
    except UnicodeDecodeError as error:
        raise Faults([f"{path}: is not UTF-8 (byte {error.start}); save it as UTF-8"]) from error


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
