"""`rasid match`: the topic decision alone, for one text or for JSON lines."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

from articles import language, topic
from articles.faults import Faults
from articles.model import Verdict
from articles.topic import Topic
from flows import orders
from flows.settings import Settings

_BOM = b"\xef\xbb\xbf"
_TEXTS = ("title", "text", "language")


def match(settings: Settings, file: Path | None, *, as_json: bool) -> int:
    """Judges what stands in `file` (default: standard input) and prints the verdicts; returns the exit code.

    JSON lines are judged one by one as they come in; a line without anything on it is passed over.

    Raises:
        Faults: the topic or the file can't be used, or a line is no JSON object; the lines before it are answered.
    """
    watched = orders.topic_of(settings)
    with _opened(file) as lines:
        if as_json:
            for number, line in enumerate(_lines(lines, file), 1):
                if line.strip():
                    print(_answer(watched, _item(line, number)))
        else:
            text = b"".join(_lines(lines, file)).decode("utf-8", errors="replace")
            print(_words(_judge(watched, None, text, None)))
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
    known = language.normal(spoken) or language.detect(f"{title or ''}\n{text}")
    return topic.judge(watched, title=title, text=text, language=known)


def _answer(watched: Topic, item: dict[str, Any]) -> str:
    verdict = _judge(watched, item.get("title"), item.get("text") or "", item.get("language"))
    answer = {"id": item.get("id"), **public(verdict), "reasons": verdict.reasons}
    line = json.dumps(answer, ensure_ascii=False)
    try:
        line.encode()
    except UnicodeEncodeError:  # half a character, which only an id can bring here, is echoed as it came: escaped
        return json.dumps(answer)
    return line


@contextlib.contextmanager
def _opened(file: Path | None) -> Iterator[BinaryIO]:
    if file is None:
        yield sys.stdin.buffer
        return
    try:
        opened = file.open("rb")
    except OSError as error:
        _unreadable(file, error)
    with opened:
        yield opened


def _lines(opened: BinaryIO, file: Path | None) -> Iterator[bytes]:
    """The lines, without the mark that some editors put before the first."""
    try:
        for number, line in enumerate(opened):
            yield line if number else line.removeprefix(_BOM)
    except OSError as error:
        _unreadable(file, error)


def _unreadable(file: Path | None, error: OSError) -> NoReturn:
    name = file or "standard input"
    raise Faults([f"{name}: can't be read ({error.strerror}); name a file or pipe the text in"]) from error


def _item(line: bytes, number: int) -> dict[str, Any]:
    try:
        item = json.loads(line.decode("utf-8", errors="replace"), parse_constant=_no_number)
    except (ValueError, RecursionError):
        item = None
    if not isinstance(item, dict):
        raise Faults([f'line {number}: is no JSON object; write {{"id": …, "title": …, "text": …}} on one line'])
    wrong = [key for key in _TEXTS if not isinstance(item.get(key), str | None)]
    if wrong:
        raise Faults([f'line {number}: {wrong[0]}: is no text; write "{wrong[0]}": "…", or null'])
    return item


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _words(verdict: Verdict) -> str:
    head = f"{'on topic' if verdict.on_topic else 'not on topic'}: class {verdict.kind}, score {verdict.score:g}"
    told = [f"  {reason}" for reason in verdict.reasons]
    named = [f"  {e.side}: {e.term} ({e.where}): {e.sentence}" for e in verdict.evidence]
    return "\n".join([head + (", for review" if verdict.review else ""), *told, *(["", *named] if named else [])])
