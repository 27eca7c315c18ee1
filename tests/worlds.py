"""A newsroom, a state folder and the command line between them: what end-to-end tests share."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from demo.newsroom import Newsroom
from storage import corpus, views
from storage.opening import open_store

ROOT = Path(__file__).parent.parent
RASID = (sys.executable, "-c", "from flows.cli import main; main()")
NOW = datetime.now(UTC)
"""When the newsroom's stories are fresh: the same for all newsrooms of a run, so that they compare."""

FIVE = corpus.names(ROOT / "corpus")[:5]
"""The documents that the project came with; an installation in use has more."""

FAILING = {"minbar": "blocked", "vestnik": "broken", "nida": "gone"}
"""The newsroom's sites that can't be read."""


@dataclass(frozen=True)
class World:
    """One installation: its folders, its database, and the newsroom that it watches."""

    newsroom: Newsroom
    folder: Path
    environment: dict[str, str]

    def start(self, *words: str, **settings: str) -> subprocess.Popen[str]:
        """A `rasid` command under way, in a process group of its own."""
        return subprocess.Popen(
            (*RASID, *words),
            env=self.environment | settings,
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def rasid(self, *words: str, code: int = 0, **settings: str) -> str:
        """A `rasid` command's standard output; it must end with `code`."""
        with self.start(*words, **settings) as process:
            out, err = process.communicate(timeout=120)
        assert process.returncode == code, f"{words}: exit {process.returncode}\n{out[-2000:]}\n{err[-4000:]}"
        return out

    def ingest(self, *words: str, code: int = 0, **settings: str) -> dict[str, Any]:
        """The report of a pass over all sources."""
        report: dict[str, Any] = json.loads(self.rasid("ingest", "--force", "--json", *words, code=code, **settings))
        return report

    def articles(self) -> list[dict[str, Any]]:
        """All stored articles, whole."""
        store = open_store(self.environment["RASID_DATABASE_URL"], self.folder / "upgrade.lock")
        ids = [article["id"] for article in views.listing(store)]
        with store.read() as connection:
            whole = [views.whole(connection, article_id) for article_id in ids]
        store.close()
        return whole

    def corpus(self) -> list[str]:
        return sorted(path.name for path in (self.folder / "corpus").iterdir())


@contextmanager
def world(folder: Path, database_url: str) -> Iterator[World]:
    """A fresh installation that holds the five documents and watches a newsroom of its own."""
    (folder / "corpus").mkdir()
    for name in FIVE:
        shutil.copy(ROOT / "corpus" / name, folder / "corpus")
    with Newsroom(ROOT / "corpus", NOW) as newsroom:
        (folder / "sources.toml").write_text(newsroom.catalogue(), "utf-8")
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "PYTHONWARNINGS": "error",
            "HOME": str(folder),
            "RASID_HOME": str(folder / "var"),
            "RASID_DATABASE_URL": database_url,
            "RASID_SOURCES": str(folder / "sources.toml"),
            "RASID_CORPUS": str(folder / "corpus"),
            "RASID_ALLOW_PRIVATE_HOSTS": newsroom.allowed,
        }
        yield World(newsroom, folder, environment)
