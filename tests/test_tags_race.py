"""Two taggers of several processes each, killed at any moment, while texts change: every text is tagged once.

A hundred documents a kill: some 400 as a rule, 10,000 in the long form (`--kills 100`).
"""

from __future__ import annotations

import contextlib
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from articles import sameness
from storage import tags
from storage.database import Store
from storage.tables import ARTICLE, CLAIM, TAG, VERSION
from storage.tables.articles import ArticleRow, VersionRow
from tests.conftest import NOW
from tests.test_revisions import page, revise
from tests.worlds import ROOT

pytestmark = pytest.mark.thorough

TAGGERS = ("one", "two")
PROCESSES = 2
"""Of each tagger."""

LEASE = 0.5
"""Seconds: what a killed process held is free again before its successor has started."""

WORKER = f"""
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from storage import tags
from storage.opening import open_store

store, tagger = open_store(sys.argv[1], Path(sys.argv[2])), sys.argv[3]
now, lease = lambda: datetime.now(UTC), timedelta(seconds={LEASE})
while tasks := list(tags.next(store, tagger, now, version=None, limit=10, lease=lease)):
    print("claimed", flush=True)
    for some in (tasks[:1], tasks[1:5], tasks[5:]):
        with store.write() as connection:
            for task in some:
                tag = tags.Tag(id=task.id, content_hash=task.content_hash, stance=task.text.split()[0])
                assert tags.submit(connection, tagger, tag, now()).fault is None
        for task in some:
            print("kept", task.id, task.content_hash, flush=True)
store.close()
"""


class Crew:
    """The processes of both taggers: each says what it has done, line by line."""

    def __init__(self, url: str, lock: Path) -> None:
        self._words = [sys.executable, "-W", "error", "-c", WORKER, url, str(lock)]
        self._at_work: list[tuple[str, subprocess.Popen[str]]] = []
        self.kept: set[tuple[str, int, str]] = set()
        """What the processes say that the store has taken."""
        self.ended = 0
        """Processes that found nothing more to do."""

    def fill(self) -> None:
        """Puts a new process into every empty place."""
        for tagger in TAGGERS:
            for _ in range(PROCESSES - [name for name, _ in self._at_work].count(tagger)):
                words = [*self._words, tagger]
                process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, cwd=ROOT, bufsize=1)
                self._at_work.append((tagger, process))

    def listen(self, lines: int) -> None:
        """Hears so many lines, now of one process, now of another."""
        for number in range(lines):
            if not self._at_work:
                return
            tagger, process = self._at_work[number % len(self._at_work)]
            assert process.stdout
            if line := process.stdout.readline():
                self._note(tagger, line)
            else:
                self._end(tagger, process)

    def kill(self, choice: random.Random) -> None:
        """SIGKILL to one of them, whatever it is doing; what it had said still counts."""
        if self._at_work:
            tagger, process = choice.choice(self._at_work)
            process.kill()
            self._end(tagger, process)

    def drain(self) -> None:
        """Lets all of them come to their end."""
        for tagger, process in list(self._at_work):
            self._end(tagger, process)

    def _end(self, tagger: str, process: subprocess.Popen[str]) -> None:
        said, _ = process.communicate(timeout=300)
        for line in said.splitlines(keepends=True):
            if line.endswith("\n"):
                self._note(tagger, line)
        self._at_work.remove((tagger, process))
        assert process.returncode in (0, -9)
        self.ended += process.returncode == 0

    def _note(self, tagger: str, line: str) -> None:
        kind, *rest = line.split()
        if kind == "kept":
            self.kept.add((tagger, int(rest[0]), rest[1]))

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *_: object) -> None:
        for _, process in self._at_work:
            process.kill()
            with contextlib.suppress(ValueError):
                process.communicate()


def prose(choice: random.Random) -> str:
    """A text that is no near copy of another."""
    return " ".join(f"{choice.choice('абвгдежз')}{choice.getrandbits(40):x}" for _ in range(30))


def fill(store: Store, count: int, choice: random.Random) -> range:
    """Many documents at once, with no more than taggers and editors need of them; returns their ids."""
    texts = {number: prose(choice) for number in range(1, count + 1)}
    with store.write() as connection:
        connection.execute(ARTICLE.insert(), [_article(number, text) for number, text in texts.items()])
        connection.execute(VERSION.insert(), [_version(number, text) for number, text in texts.items()])
    return range(1, count + 1)


def _article(number: int, text: str) -> dict[str, Any]:
    digest = sameness.digest(text)
    row = ArticleRow(
        id=number,
        birth=digest,
        language="ru",
        fetched_at=NOW,
        first_seen_at=NOW,
        content_hash=digest[:16],
        on_topic=True,
        kind="A",
        review=False,
        score=9.0,
        evidence=[],
        steps=[],
        number=number,
        name=f"{number:03}_{digest[:16]}.txt",
        story=number,
    )
    return row.model_dump()


def _version(number: int, text: str) -> dict[str, Any]:
    digest = sameness.digest(text)
    row = VersionRow(
        article_id=number, version=1, content_hash=digest[:16], digest=digest, text=text, seen_at=NOW, reason="new"
    )
    return row.model_dump()


def test_every_text_is_tagged_once_whoever_is_killed(
    new_store: Callable[[], Store], database_url: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    kills = request.config.getoption("--kills")
    choice, store = random.Random(20261122), new_store()
    ids = fill(store, 100 * kills, choice)
    with Crew(database_url, tmp_path / "upgrade.lock") as crew:
        for _ in range(kills):
            crew.fill()
            crew.listen(choice.randrange(20, 120))
            tagged = sorted({id_ for _, id_, _ in crew.kept})
            for id_ in {*choice.sample(ids, 3), choice.choice(tagged)}:
                revise(store, id_, page(prose(choice), url=f"https://a.example/{id_}"))
            crew.kill(choice)
        while _waiting(store):
            crew.fill()
            crew.drain()
    _check(store, crew)


def _waiting(store: Store) -> int:
    now = datetime.now(UTC)
    with store.read() as connection:
        return sum(tags.status(connection, tagger, now).waiting for tagger in TAGGERS)


def _check(store: Store, crew: Crew) -> None:
    on_newest = (TAG.c.article_id == ARTICLE.c.id) & (TAG.c.content_hash == ARTICLE.c.content_hash)
    on_it = (VERSION.c.article_id == TAG.c.article_id) & (VERSION.c.content_hash == TAG.c.content_hash)
    with store.read() as connection:
        documents = connection.scalar(select(func.count()).select_from(ARTICLE))
        current = Counter(map(tuple, connection.execute(select(TAG.c.tagger, ARTICLE.c.id).join(ARTICLE, on_newest))))
        history = set(map(tuple, connection.execute(select(TAG.c.tagger, TAG.c.article_id, TAG.c.content_hash))))
        stances = connection.execute(select(TAG.c.stance, VERSION.c.text).join(VERSION, on_it)).all()
        held = connection.scalar(select(func.count()).select_from(CLAIM))
    assert len(current) == documents * len(TAGGERS) and set(current.values()) == {1}, "each newest text once a tagger"
    assert crew.kept <= history, "what a process was told is kept is kept, on texts that have changed since as well"
    assert len(history) > len(current), "some texts have changed after they were tagged"
    assert all(row.text.split()[0] == row.stance for row in stances), "no tag stands on another text than its own"
    assert held == 0, "nothing is held any more"
