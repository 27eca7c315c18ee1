"""A tagger as a command: documents on its standard input, tags on its standard output, its words to our log."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
from collections.abc import AsyncGenerator, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from articles.taggers import Tagger
from articles.text import one_line
from flows import tagging
from flows.tagger_answer import Answer
from storage.tags import Tag, Task

OUTPUT = 10_000_000
"""Bytes that a command may say on a batch: a thousand documents with a page of reasons each."""

WORDS = 20_000
"""Bytes of its standard error that are heard, a batch."""

LINES, LINE = 50, 500
"""How many lines of it reach the log, and how many letters of each."""

log = logging.getLogger("rasid")


@dataclass(frozen=True, kw_only=True)
class Heard:
    """One run of the command."""

    output: bytes
    words: bytes
    """Its standard error."""
    trouble: str | None = None
    started: bool = True


async def ask(
    tagger: Tagger, words: Sequence[str], folder: Path, tasks: Sequence[Task]
) -> AsyncGenerator[Answer, None]:
    """Starts the command in `folder` for a batch. What it said before it failed is kept."""
    lines = "".join(f"{tagging.line(task)}\n" for task in tasks)
    heard = await _converse(words, folder, lines.encode(), tagger.timeout.total_seconds())
    for line in _lines(heard.words):
        log.warning("tagger %s: %s", tagger.name, line)
    yield _answer(tagger, tasks, heard) if heard.started else Answer(stop=heard.trouble)


def _lines(words: bytes) -> list[str]:
    lines = [one_line(line)[:LINE] for line in words.decode("utf-8", "replace").splitlines()]
    said = [line for line in lines if line]
    return said if len(said) <= LINES else [*said[:LINES], "(more is not logged)"]


def _answer(tagger: Tagger, tasks: Sequence[Task], heard: Heard) -> Answer:
    lines = heard.output.decode("utf-8", "replace").removeprefix("\ufeff").split("\n")
    if heard.trouble and isinstance(tagging.read_tag(lines[-1]), str):
        lines.pop()  # it was cut short, which is told already
    read = list(_read(tagger, tasks, lines))
    return Answer(
        tags=tuple(tag for _, tag in read if isinstance(tag, Tag)),
        faults=tuple(f"line {number}: {fault}" for number, fault in read if isinstance(fault, str)),
        trouble=heard.trouble,
    )


def _read(tagger: Tagger, tasks: Sequence[Task], lines: Sequence[str]) -> Iterator[tuple[int, Tag | str]]:
    asked = {task.id: task.content_hash for task in tasks}
    for number, line in enumerate(lines, 1):
        if line.strip():
            tag = tagging.read_tag(line)
            yield number, tag if isinstance(tag, str) else _checked(tagger, asked, tag)


def _checked(tagger: Tagger, asked: dict[int, str], tag: Tag) -> Tag | str:
    if asked.get(tag.id) != tag.content_hash:
        return f"nobody asked for document {tag.id} with the text {tag.content_hash}"
    if tagger.version and tag.tagger_version not in ("", tagger.version):
        return f"tagger_version: is {tag.tagger_version}, and this tagger is run as version {tagger.version}"
    return replace(tag, tagger_version=tag.tagger_version or tagger.version or "")


async def _converse(words: Sequence[str], folder: Path, given: bytes, seconds: float) -> Heard:
    """Runs the command to its end, or to that of its time; nothing of its process group outlives this."""
    loop = asyncio.get_running_loop()
    try:
        transport, talk = await loop.subprocess_exec(_Talk, *words, cwd=folder, start_new_session=True)
    except OSError as error:
        why = f"It can't be started ({error.strerror}): {words[0]}."
        return Heard(output=b"", words=b"", trouble=why, started=False)
    trouble = None
    try:
        talk.give(transport, given)
        async with asyncio.timeout(seconds):
            trouble = await talk.over
    except TimeoutError:
        trouble = f"It took longer than {seconds:g} s and was ended."
    finally:
        # The group's own leader may be gone, and one that it started live on.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(transport.get_pid(), signal.SIGKILL)
        await asyncio.shield(talk.ended)
        transport.close()
    return Heard(output=bytes(talk.heard[1]), words=bytes(talk.heard[2]), trouble=trouble or _ending(transport))


def _ending(transport: asyncio.SubprocessTransport) -> str | None:
    code = transport.get_returncode()
    if not code:
        return None
    return f"It was ended by {signal.Signals(-code).name}." if code < 0 else f"It ended with exit code {code}."


class _Talk(asyncio.SubprocessProtocol):
    """Hears a command out, but no further than there is room for."""

    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        self.heard = {1: bytearray(), 2: bytearray()}
        self.over: asyncio.Future[str | None] = loop.create_future()
        """It has ended and its pipes are closed; or why it is not listened to any longer."""
        self.ended: asyncio.Future[None] = loop.create_future()

    def give(self, transport: asyncio.SubprocessTransport, given: bytes) -> None:
        pipe = transport.get_pipe_transport(0)
        assert isinstance(pipe, asyncio.WriteTransport)
        pipe.write(given)
        pipe.write_eof()

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        room = {1: OUTPUT, 2: WORDS}[fd] - len(self.heard[fd])
        self.heard[fd] += data[:room]
        if fd == 1 and len(data) > room:
            self._finish(f"It said more than {OUTPUT // 1_000_000} MB and was ended.")

    def process_exited(self) -> None:
        if not self.ended.done():
            self.ended.set_result(None)

    def connection_lost(self, error: Exception | None) -> None:
        self._finish(None)

    def _finish(self, trouble: str | None) -> None:
        if not self.over.done():
            self.over.set_result(trouble)
