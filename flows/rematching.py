"""`rasid rematch`: the stored articles judged by today's topic.toml, and what that would change."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from articles import topic
from articles.model import Verdict
from articles.topic import Topic
from flows import orders
from flows.settings import Settings
from flows.stores import opened
from storage import corpus, verdicts
from storage.database import Store
from storage.verdicts import Judged


@dataclass(frozen=True, kw_only=True)
class Change:
    """An article whose verdict is another one today."""

    article: Judged
    verdict: Verdict

    @property
    def what(self) -> str:
        """`comes on topic`, `leaves the topic`, `changes its class`, or `changes for review`."""
        before, after = self.article.verdict, self.verdict
        if before.on_topic != after.on_topic:
            return "comes on topic" if after.on_topic else "leaves the topic"
        return "changes its class" if before.kind != after.kind else "changes for review"

    def json(self) -> dict[str, Any]:
        """The change as `--json` prints it."""
        before, after = self.article.verdict, self.verdict
        return {
            "id": self.article.id,
            "name": self.article.name,
            "title": self.article.title,
            "change": self.what,
            "before": {"on_topic": before.on_topic, "class": before.kind, "review": before.review},
            "after": {"on_topic": after.on_topic, "class": after.kind, "review": after.review, "score": after.score},
            "reasons": list(after.reasons),
        }


def rematch(settings: Settings, *, apply: bool, as_json: bool) -> None:
    """Prints what changes, and with `apply` writes it: who comes on topic is a document and waits to be tagged.

    Raises:
        Faults: the topic can't be used.
        StorageError: the database or the corpus folder can't be used.
    """
    watched = orders.topic_of(settings)
    count = changed = 0
    with opened(settings) as store:
        for article in verdicts.judged(store):
            count += 1
            for change in _changes(watched, article):
                changed += 1
                print(json.dumps(change.json(), ensure_ascii=False) if as_json else _line(change))
                if apply:
                    _write(settings, store, change)
    if not as_json:
        print(_summary(count, changed, apply=apply))


def _changes(watched: Topic, article: Judged) -> Iterator[Change]:
    verdict = topic.judge(watched, title=article.title, text=article.text, language=article.language)
    before = article.verdict
    if (before.on_topic, before.kind, before.review) != (verdict.on_topic, verdict.kind, verdict.review):
        yield Change(article=article, verdict=verdict)


def _write(settings: Settings, store: Store, change: Change) -> None:
    now = datetime.now(UTC)
    with store.write() as connection:
        document = verdicts.rejudge(connection, change.article.id, change.article.version, change.verdict, now)
    if document:
        corpus.write(settings.corpus, document, f"rematch-{now:%Y%m%d%H%M%S}")


def _line(change: Change) -> str:
    kinds = f"{change.article.verdict.kind} to {change.verdict.kind}"
    why = f": {change.verdict.reasons[0]}" if change.verdict.reasons else ""
    return f"{change.article.id:>6}  {change.what} ({kinds})  {change.article.title or change.article.name or ''}{why}"


def _summary(count: int, changed: int, *, apply: bool) -> str:
    if not changed:
        return f"{count} articles judged; nothing changes."
    if apply:
        return f"{count} articles judged, {changed} changed."
    return f"{count} articles judged, {changed} would change; `rasid rematch --apply` writes that."
