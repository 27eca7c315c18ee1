"""Taking existing hash-named files into the corpus: read, cleaned of an earlier extraction's noise, judged."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

from articles import language, noise, topic
from articles.model import Article, Source
from articles.text import matching_copy, tidy
from articles.topic import Topic
from storage import corpus, records
from storage.database import Store
from storage.records import Adoption

_DATELINE = re.compile(r"^.{0,12}?[\w ]{2,30} ?- ?(\w[\w ]{1,24}?) ?-")
"""Place, agency, dash: «رام الله- معا-». A little residue of an entity may stand before it."""


@dataclass(frozen=True, kw_only=True)
class Adopted:
    """What an adoption came to: the names taken in, and what could not be, with the reason."""

    names: tuple[str, ...]
    faults: tuple[str, ...]


def adopt(store: Store, folder: Path, catalogue: Sequence[Source], watched: Topic, now: datetime) -> Adopted:
    """Takes in every hash-named file that the database does not know. Lists the folder first, then reads it.

    The numbers of all files in the folder count as given, of those too that can't be taken in.
    """
    highest = corpus.highest(folder)
    with store.read() as connection:
        strange = corpus.strangers(folder, connection)
        given = corpus.newest_number(connection)
    if highest > given:
        with store.write() as connection:
            corpus.raise_counter(connection, highest)
    read = [_read(folder / name, catalogue, watched, now) for name in strange]
    adoptions = [adoption for adoption in read if isinstance(adoption, Adoption)]
    names: list[str] = []
    if adoptions:
        with store.write() as connection:
            names = [adoption.name for adoption in adoptions if records.adopt(connection, adoption, now)]
    return Adopted(
        names=tuple(names),
        faults=tuple(fault for fault in read if isinstance(fault, str)),
    )


def _read(path: Path, catalogue: Sequence[Source], watched: Topic, now: datetime) -> Adoption | str:
    try:
        body = path.read_bytes()
        raw = body.decode("utf-8-sig")
    except OSError as error:
        return f"{path.name}: can't be read ({error.strerror}); check its permissions"
    except UnicodeDecodeError:
        return f"{path.name}: is not UTF-8; convert it, then run `rasid corpus adopt`"
    if not tidy(raw):
        return f"{path.name}: is empty; put its text back, then run `rasid corpus adopt`"
    return _understand(path.name, body, raw, catalogue, watched, now)


def _understand(
    name: str, body: bytes, raw: str, catalogue: Sequence[Source], watched: Topic, now: datetime
) -> Adoption | str:
    source = publisher(raw, catalogue)
    zone: tzinfo = ZoneInfo(source.timezone) if source else UTC
    spoken = language.detect(raw, source.language if source else None)
    cleaned = noise.clean(raw, title=None, site=source.title if source else None, language=spoken, zone=zone, now=now)
    if not cleaned.text:
        return f"{name}: nothing is left of it once its noise is cleaned; look at the file"
    article = Article(
        url="",
        title=cleaned.title,
        text=cleaned.text,
        language=spoken,
        published=cleaned.published,
        variants=cleaned.variants,
        steps=("body:adopted", *(f"clean:{rule}" for rule in cleaned.rules)),
    )
    verdict = topic.judge(watched, title=article.title, text=article.text, language=article.language)
    return Adoption(name=name, body=body, article=article, verdict=verdict, source=source.name if source else None)


def publisher(raw: str, catalogue: Sequence[Source]) -> Source | None:
    """The source that a saved text names: by its title as the last line, or its agency in the dateline."""
    lines = [matching_copy(line) for line in raw.splitlines() if line.strip()]
    last = [source for source in catalogue if lines and matching_copy(source.title) == lines[-1]]
    if len(last) == 1:
        return last[0]
    agencies = {match[1].strip() for line in lines[:4] if (match := _DATELINE.match(line))}
    named = [s for s in catalogue if agencies & set(matching_copy(s.title).split())]
    return named[0] if len(named) == 1 else None
