"""`rasid match`: the topic decision alone, for one text or for JSON lines."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from articles import language, topic
from articles.faults import Faults
from articles.model import Verdict
from articles.topic import Topic
from flows import orders
from flows.settings import Settings


def match(settings: Settings, file: Path | None, *, as_json: bool) -> int:
    """Judges what stands in `file` (default: standard input) and prints the verdicts; returns the exit code.

    Raises:
        Faults: the topic or the file can't be used, or a line is no JSON object.
    """
    watched = orders.topic_of(settings)
    text = _read(file)
    if not as_json:
        print(_words(_judge(watched, None, text, None)))
        return 0
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            item = _item(line, number)
            verdict = _judge(watched, item.get("title"), item.get("text") or "", item.get("language"))
            print(json.dumps({"id": item.get("id"), **public(verdict)}, ensure_ascii=False))
    return 0


def public(verdict: Verdict) -> dict[str, Any]:
    """A verdict under the names that every command prints."""
    return {
        "on_topic": verdict.on_topic,
        "class": verdict.kind,
        "review": verdict.review,
        "score": verdict.score,
        "evidence": [asdict(evidence) for evidence in verdict.evidence],
    }


def _judge(watched: Topic, title: str | None, text: str, spoken: str | None) -> Verdict:
    return topic.judge(watched, title=title, text=text, language=spoken or language.detect(f"{title or ''}\n{text}"))


def _read(file: Path | None) -> str:
    try:
        body = file.read_bytes() if file else sys.stdin.buffer.read()
    except OSError as error:
        raise Faults([f"{file}: can't be read ({error.strerror}); name a file or pipe the text in"]) from error
    return body.decode("utf-8-sig", errors="replace")


def _item(line: str, number: int) -> dict[str, Any]:
    try:
        item = json.loads(line)
    except ValueError:
        item = None
    texts = ("title", "text", "language")
    if not isinstance(item, dict) or any(not isinstance(item.get(key), str | None) for key in texts):
        raise Faults([f'line {number}: is no JSON object with texts; write {{"id": …, "title": …, "text": …}}'])
    return item


def _words(verdict: Verdict) -> str:
    head = f"{'on topic' if verdict.on_topic else 'not on topic'}: class {verdict.kind}, score {verdict.score:g}"
    named = [f"  {e.side}: {e.term} ({e.where}): {e.sentence}" for e in verdict.evidence]
    return "\n".join([head + (", for review" if verdict.review else ""), *named])
