"""What comes out in the newsroom while somebody looks on: news, edits and reprints, from `articles/wire.toml`."""

from __future__ import annotations

import threading
import time
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from demo.newsroom import Newsroom
from demo.sites import FOLDER
from demo.stories import Story


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """Something that comes out."""

    after: float
    """Seconds after the newsroom was first read."""
    says: str
    """What it is, for whoever looks on."""
    site: str
    story: Mapping[str, Any]


def events() -> tuple[Event, ...]:
    """All of it, in its order."""
    document = tomllib.loads((FOLDER / "wire.toml").read_text("utf-8"))
    return tuple(sorted((Event(**event) for event in document["event"]), key=lambda event: event.after))


def put_out(newsroom: Newsroom, event: Event) -> None:
    """An event comes out now. A path that is out already is edited, and keeps its date."""
    model, now = newsroom.site(event.site).stories[0], datetime.now(UTC)
    now = now.astimezone(model.published.tzinfo).replace(microsecond=0)
    path = quote(event.story["path"].format(published=now))
    before = next((story for story in newsroom.site(event.site).stories if story.path == path), None)
    day = now.replace(hour=0, minute=0, second=0) if model.precision == "day" else now
    paragraphs = tuple(" ".join(block.split()) for block in event.story["text"].strip().split("\n\n"))
    published = before.published if before else day
    bare = Story(
        path=path,
        title=event.story["title"],
        paragraphs=paragraphs,
        language=event.story["language"],
        published=published,
        updated=now,
        precision=model.precision,
        on_topic=event.story["on_topic"],
    )
    newsroom.publish(event.site, replace(bare, caption=model.caption, image=model.image))


class Wire:
    """A context manager: inside it everything comes out at its time."""

    def __init__(self, newsroom: Newsroom, pace: float = 1.0) -> None:
        self._newsroom, self._pace = newsroom, pace
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="wire", daemon=True)

    def __enter__(self) -> Wire:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._newsroom.requests:  # what is out before the first pass is no news to it
            if self._over.wait(0.2):
                return
        began = time.monotonic()
        for event in events():
            if self._over.wait(max(0.0, began + event.after * self._pace - time.monotonic())):
                return
            put_out(self._newsroom, event)
            print(f"{datetime.now():%H:%M:%S} the newsroom: {event.says} ({event.site})", flush=True)
