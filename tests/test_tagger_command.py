"""A tagger as a command: what it says is kept, whatever becomes of it; nothing of it outlives its time."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import time
from collections.abc import AsyncGenerator, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from articles.taggers import Command, Tagger
from flows import tagger, tagger_command
from flows.tagger import Run
from flows.tagger_answer import Answer
from storage import tags
from storage.database import Store
from storage.tags import Task
from tests.conftest import NOW
from tests.test_revisions import FIRST, SECOND, keep, page, revise
from tests.test_tags import documents, waiting

HEAD = "import json, sys, os, time, subprocess\n"
TAG = "print(json.dumps({'id': d['id'], 'content_hash': d['content_hash'], 'stance': 'a'}), flush=True)\n"
EACH = f"for line in sys.stdin:\n    d = json.loads(line)\n    {TAG}"


def command(code: str, **more: object) -> Tagger:
    words = (sys.executable, "-c", HEAD + code)
    return Tagger(name="t", way=Command(words=words), **more)  # type: ignore[arg-type]


def task(number: int) -> Task:
    return Task(
        id=number,
        name=f"{number:03}_{number:016x}.txt",
        content_hash=f"{number:016x}",
        version=1,
        title="عنوان",
        language="ar",
        published_at=None,
        source=None,
        url=None,
        text="نص\u2028ثان\nسطر",
        reason="new",
    )


def ask(tagger: Tagger, *tasks: Task, folder: Path = Path("/")) -> Answer:
    assert isinstance(tagger.way, Command)
    words = tagger.way.words

    async def one() -> Answer:
        (answer,) = [answer async for answer in tagger_command.ask(tagger, words, folder, tasks)]
        return answer

    return asyncio.run(one())


def test_documents_go_in_and_tags_come_out() -> None:
    code = "docs = [json.loads(line) for line in sys.stdin]\nassert docs[0]['text'] == 'نص\\u2028ثان\\nسطر'\n"
    answer = ask(command(f"{code}for d in docs:\n    {TAG}", version="2"), task(1), task(2))
    assert [(tag.id, tag.content_hash, tag.tagger_version) for tag in answer.tags] == [
        (1, f"{1:016x}", "2"),
        (2, f"{2:016x}", "2"),
    ]
    assert (answer.trouble, answer.stop, answer.faults) == (None, None, ())


def test_bad_lines_are_told_by_number() -> None:
    lines = [
        "nonsense",
        "",
        json.dumps({"id": 9, "content_hash": f"{9:016x}", "stance": "a"}),
        json.dumps({"id": 1, "content_hash": f"{2:016x}", "stance": "a"}),
        json.dumps({"id": 1, "content_hash": f"{1:016x}", "stance": "a", "tagger_version": "1"}),
        json.dumps({"id": 1, "content_hash": f"{1:016x}", "stance": "a"}),
    ]
    answer = ask(command(f"print({chr(10).join(lines)!r})", version="2"), task(1))
    assert [tag.id for tag in answer.tags] == [1]
    assert [fault.partition(":")[0] for fault in answer.faults] == ["line 1", "line 3", "line 4", "line 5"]
    assert "is no JSON" in answer.faults[0] and "nobody asked" in answer.faults[1] and "version 2" in answer.faults[3]


@pytest.mark.parametrize(
    ("code", "trouble"),
    [
        (f"{EACH}sys.exit(3)", "It ended with exit code 3."),
        (f"{EACH}os.kill(os.getpid(), 9)", "It was ended by SIGKILL."),
        (f"{EACH}sys.stdout.write('{{\"id\"'); sys.stdout.flush(); sys.exit(1)", "It ended with exit code 1."),
    ],
)
def test_a_failure_keeps_what_was_said_before(code: str, trouble: str) -> None:
    answer = ask(command(code), task(1), task(2))
    assert ([tag.id for tag in answer.tags], answer.trouble, answer.faults) == ([1, 2], trouble, ())


def test_what_takes_too_long_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    """Its child ignores SIGTERM and holds its standard output open."""
    child = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
    code = f"p = subprocess.Popen([sys.executable, '-c', {child!r}])\nopen('pid', 'w').write(str(p.pid))\n{EACH}"
    began = time.monotonic()
    answer = ask(command(code, timeout=timedelta(seconds=1)), task(1), folder=tmp_path)
    assert time.monotonic() - began < 10
    assert ([tag.id for tag in answer.tags], answer.trouble) == ([1], "It took longer than 1 s and was ended.")
    assert ended(int((tmp_path / "pid").read_text()))


def ended(pid: int) -> bool:
    """Whether a process is gone, or dead and only not yet buried; a kill takes a moment."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z":
            return True
    return False


def test_what_says_too_much_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tagger_command, "OUTPUT", 1_000_000)
    answer = ask(command(f"{EACH}while True: print('x' * 9999)"), task(1))
    assert [tag.id for tag in answer.tags] == [1]
    assert answer.trouble == "It said more than 1 MB and was ended."


def test_one_that_does_not_listen_is_no_error() -> None:
    many = [task(number) for number in range(1, 2000)]
    answer = ask(command("os.close(0); print('{}')"), *many)
    assert (answer.tags, answer.trouble) == ((), None)


def test_its_words_go_to_the_log_bounded_and_plain(caplog: pytest.LogCaptureFixture) -> None:
    code = "print('wor\\x1b[31mking', 'y' * 9999, file=sys.stderr)\nfor n in range(9999): print(n, file=sys.stderr)"
    with caplog.at_level(logging.WARNING, "rasid"):
        ask(command(code), task(1))
    assert caplog.messages[0].startswith("tagger t: wor[31mking yyy") and len(caplog.messages[0]) < 600
    assert len(caplog.messages) == tagger_command.LINES + 1


@pytest.mark.parametrize(("words", "why"), [(("nowhere-tagger",), "No such file"), (("/etc/passwd",), "denied")])
def test_what_cannot_be_started_stops_the_run(words: tuple[str, ...], why: str) -> None:
    answer = ask(Tagger(name="t", way=Command(words=words)), task(1))
    assert answer.stop is not None and why in answer.stop and words[0] in answer.stop


def run(store: Store, tagger_: Tagger) -> Run:
    assert isinstance(tagger_.way, Command)
    words = tagger_.way.words
    ask = partial(tagger_command.ask, tagger_, words, Path("/"))
    return asyncio.run(tagger.run(store, tagger_, ask, lambda: NOW))


def test_a_run_tags_all_that_waits_batch_by_batch(store: Store) -> None:
    ids = documents(store, 5)
    done = run(store, command(EACH, batch=2))
    assert (done.asked, done.tagged, done.left, done.status.waiting, done.stopped) == (5, 5, (), 0, None)
    assert run(store, command(EACH)).asked == 0
    again = run(store, command(EACH, version="2"))
    assert (again.asked, again.tagged) == (len(ids), 5)


def test_what_it_does_not_answer_is_given_back_and_not_asked_again_in_this_run(store: Store) -> None:
    ids = documents(store, 4)
    done = run(store, command(EACH.replace("    print", "    if d['id'] % 2: print"), batch=3))
    odd = [id_ for id_ in ids if id_ % 2]
    assert (done.asked, done.tagged) == (4, len(odd))
    assert [(left.id, left.reason) for left in done.left] == [(id_, "It gave no answer.") for id_ in ids if not id_ % 2]
    assert [task.id for task in waiting(store)] == [id_ for id_ in ids if not id_ % 2]


def test_a_document_that_it_dies_of_does_not_hold_up_those_behind_it(store: Store) -> None:
    ids = documents(store, 6)
    code = EACH.replace("    print", f"    if d['id'] == {ids[1]}: sys.exit(7)\n    print")
    done = run(store, command(code, batch=10))
    assert (done.tagged, done.stopped) == (5, None)
    assert [(left.id, left.reason) for left in done.left] == [(ids[1], "It ended with exit code 7.")]
    assert not done.nothing_worked


def test_one_that_fails_and_fails_is_stopped(store: Store) -> None:
    documents(store, 9)
    done = run(store, command("sys.exit(1)", batch=2))
    assert done.stopped == "It failed 3 times in a row. It ended with exit code 1."
    assert (done.asked, done.tagged, done.nothing_worked, len(waiting(store))) == (4, 0, True, 9)


def test_a_text_that_changes_meanwhile_waits_again(store: Store) -> None:
    born = keep(store, page(FIRST))
    tagger_ = command(EACH)

    async def ask_late(tasks: Sequence[Task]) -> AsyncGenerator[Answer, None]:
        revise(store, born.article_id, page(SECOND))
        assert isinstance(tagger_.way, Command)
        async for answer in tagger_command.ask(tagger_, tagger_.way.words, Path("/"), tasks):
            yield answer

    done = asyncio.run(tagger.run(store, tagger_, ask_late, lambda: NOW))
    assert (done.tagged, done.superseded, done.status.waiting) == (1, 1, 1)
    with store.read() as connection:
        assert tags.status(connection, "t", NOW).claimed == 0


def test_a_lease_that_ends_ends_the_batch(store: Store) -> None:
    documents(store, 3)
    done = run(store, command("time.sleep(600)", lease=timedelta(seconds=0.3)))
    assert done.left[0].reason.startswith("Its lease of") and done.stopped is not None
    assert len(waiting(store)) == 3


def test_an_interrupted_run_gives_back_what_it_held(store: Store, tmp_path: Path) -> None:
    documents(store, 3)
    tagger_ = command(f"open({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid()))\ntime.sleep(600)")
    assert isinstance(tagger_.way, Command)
    words = tagger_.way.words

    async def interrupted() -> None:
        ask = partial(tagger_command.ask, tagger_, words, Path("/"))
        running = asyncio.create_task(tagger.run(store, tagger_, ask, lambda: NOW))
        while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():
            await asyncio.sleep(0)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running

    asyncio.run(interrupted())
    assert ended(int((tmp_path / "pid").read_text()))
    assert len(waiting(store)) == 3
