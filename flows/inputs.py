"""The files that the settings name, read and checked: catalogue, topic, recipients."""

from __future__ import annotations

from pathlib import Path

from articles import catalogue, recipients, topic
from articles.faults import Faults
from articles.model import Source
from articles.recipients import Recipient
from articles.topic import Topic
from extractors import selectors
from flows.settings import Settings


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
