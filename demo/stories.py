"""Stories: what the newsroom's sites have to tell, as their files in `articles/` hold it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

# In the saved documents every headline, caption, date line and file name is shorter, every paragraph longer.
PROSE_WORDS = 14


@dataclass(frozen=True, kw_only=True, slots=True)
class Story:
    """One article: its own words, and what its site puts around them."""

    path: str
    """As it stands in links: percent-encoded, from the root."""
    title: str
    paragraphs: tuple[str, ...]
    language: str
    """ISO 639-1."""
    published: datetime
    """In the site's zone; local midnight where the site names only the day."""
    updated: datetime
    precision: str
    """`minute` or `day`: what the site tells of `published`."""
    on_topic: bool
    reprint_of: str | None = None
    """Whose text this is, word for word: a corpus document's file name, or another story's path."""
    caption: str = ""
    image: str = ""
    background: str = ""
    """A reminder of another event below the text, and no part of it."""
    residue: str = ""
    """Half an entity that the site leaves in front of the text."""


def corpus_texts(folder: Path) -> dict[str, tuple[str, ...]]:
    """The paragraphs of every document in `folder` by file name, without what is shorter than prose."""
    return {
        file.name: tuple(
            line.strip()
            for line in file.read_text("utf-8").splitlines()
            if len(line.split()) >= PROSE_WORDS
        )
        for file in sorted(folder.glob("*.txt"))
    }  # fmt: skip


def read_stories(document: Mapping[str, Any], texts: Mapping[str, tuple[str, ...]], now: datetime) -> tuple[Story, ...]:
    """The stories of one site's file, newest first.

    `texts` are those that may be reprinted, by corpus name or path; a reprint of any other is left out.
    """
    rows = document.get("story", [])
    told = [row for row in rows if "text" in row or row["reprint_of"] in texts]
    stories = (_story(row, document, texts, now) for row in told)
    return tuple(sorted(stories, key=lambda story: story.published, reverse=True))


def _story(
    row: Mapping[str, Any], site: Mapping[str, Any], texts: Mapping[str, tuple[str, ...]], now: datetime
) -> Story:
    at = (now - timedelta(hours=row["hours"])).astimezone(ZoneInfo(site["timezone"]))
    at = at.replace(second=0, microsecond=0)
    published = at.replace(hour=0, minute=0) if site["precision"] == "day" else at
    return Story(
        path=quote(row["path"].format(published=published)),
        title=row["title"],
        paragraphs=_paragraphs(row["text"]) if "text" in row else texts[row["reprint_of"]],
        language=row.get("language", site["language"]),
        published=published,
        updated=at,
        precision=site["precision"],
        on_topic=row["on_topic"],
        reprint_of=row.get("reprint_of"),
        **{key: row.get(key, "") for key in ("caption", "image", "background", "residue")},
    )


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(" ".join(block.split()) for block in text.strip().split("\n\n"))
