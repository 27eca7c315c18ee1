"""A tagger behind an OpenAI-compatible address, held against a server that speaks that protocol and misbehaves."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import struct
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from articles.taggers import Endpoint, Tagger
from flows import tagger, tagger_endpoint, tagger_prompt
from flows.tagger import Run
from flows.tagger_answer import Answer
from flows.tagger_endpoint import Clock
from storage.database import Store
from storage.tags import Task
from tests.conftest import NOW
from tests.test_tagger_command import task
from tests.test_tags import documents, waiting

PROMPT = "You judge.\n---\n{title} in {language} of {published_at} by {source}:\n{text}"
GOOD = {"stance": "a", "confidence": 0.5, "target": None, "rationale": "so"}
KEY = "sk-very-secret"

Reply = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Answers with the next of the server's replies, the last one again and again."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        server: Any = self.server
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        server.asked.append((self.path, dict(self.headers), body))
        reply = server.replies[min(len(server.asked), len(server.replies)) - 1]
        with suppress(OSError):
            reply(self)

    def say(self, body: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def raw(body: str | bytes, status: int = 200, **headers: str) -> Reply:
    data = body.encode() if isinstance(body, str) else body
    return lambda handler: handler.say(data, status, **headers)


def content(said: object) -> Reply:
    """The answer of a model, in its envelope."""
    text = said if isinstance(said, str) else json.dumps(said, ensure_ascii=False)
    return raw(json.dumps({"choices": [{"message": {"role": "assistant", "content": text}}]}))


def message(**fields: object) -> Reply:
    return raw(json.dumps({"choices": [{"message": fields}]}))


def silence(handler: Handler) -> None:
    with suppress(OSError):
        handler.connection.recv(1)
    handler.close_connection = True


def drip(handler: Handler) -> None:
    """Headers, byte by byte: no single read of it takes long."""
    for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 10_000:
        handler.connection.sendall(bytes([byte]))
        time.sleep(0.01)


def cut(handler: Handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"choices"')
    handler.wfile.flush()
    handler.connection.shutdown(socket.SHUT_RDWR)
    handler.close_connection = True


def reset(handler: Handler) -> None:
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()
    handler.close_connection = True


def endless(handler: Handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", str(10**12))
    handler.end_headers()
    while True:
        handler.wfile.write(b" " * 65_536)


@contextmanager
def serving(*replies: Reply) -> Iterator[Any]:
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads, server.block_on_close = True, False
    server.replies, server.asked = replies, []
    server.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


class Watch:
    """A clock that runs only while somebody sleeps by it."""

    def __init__(self) -> None:
        self.at = 0.0
        self.slept: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.at += seconds
        self.slept.append(round(seconds, 3))

    def clock(self) -> Clock:
        return Clock(seconds=lambda: self.at, sleep=self.sleep, now=lambda: NOW, chance=lambda: 1.0)


def endpoint(url: str, **more: Any) -> Tagger:
    of_tagger = {key: more.pop(key) for key in ("version", "batch", "lease", "timeout") if key in more}
    prompt = more.pop("prompt", PROMPT)
    return Tagger(
        name="m", way=Endpoint(url=url, model="small", prompt=prompt, stances=("a", "b"), **more), **of_tagger
    )


def ask(tagger_: Tagger, *tasks: Task, watch: Watch | None = None, key: str | None = KEY) -> list[Answer]:
    assert isinstance(tagger_.way, Endpoint)
    way, clock = tagger_.way, (watch or Watch()).clock()

    async def all_of_it() -> list[Answer]:
        async with tagger_endpoint.model(tagger_, way, key, clock) as model:
            return [answer async for answer in model.ask(tasks)]

    return asyncio.run(all_of_it())


def told(answers: list[Answer]) -> str:
    """The one reason that the answers give."""
    (reason,) = [
        reason
        for answer in answers
        for reason in (answer.trouble, answer.stop, *(left.reason for left in answer.unusable))
        if reason
    ]
    return reason


def test_what_is_asked_and_what_comes_of_it() -> None:
    with serving(content(GOOD)) as server:
        ((answer),) = ask(endpoint(server.url, version="3"), task(1))
    (tag,) = answer.tags
    assert (tag.id, tag.content_hash, tag.stance, tag.confidence, tag.rationale, tag.target, tag.tagger_version) == (
        1,
        f"{1:016x}",
        "a",
        0.5,
        "so",
        None,
        "3",
    )
    ((path, headers, body),) = server.asked
    assert (path, headers["Authorization"]) == ("/v1/chat/completions", f"Bearer {KEY}")
    assert (body["model"], body["temperature"]) == ("small", 0)
    form = body["response_format"]
    assert form["type"] == "json_schema" and form["json_schema"]["schema"]["properties"]["stance"]["enum"] == ["a", "b"]
    assert body["messages"] == [
        {"role": "system", "content": "You judge."},
        {"role": "user", "content": "عنوان in ar of unknown by unknown:\nنص\u2028ثان\nسطر"},
    ]


def test_without_a_key_none_is_sent() -> None:
    with serving(content(GOOD)) as server:
        ask(endpoint(server.url), task(1), key=None)
    assert "Authorization" not in server.asked[0][1]


def test_a_document_is_cut_and_never_taken_for_a_prompt() -> None:
    long = Task(**{**task(1).__dict__, "title": "{text}", "text": "x" * 50_000})
    way = endpoint("http://x", prompt="{title}|{text}").way
    assert isinstance(way, Endpoint)
    (only,) = tagger_prompt.messages(way, long, None, spell_out=False)
    assert only == {"role": "user", "content": "{text}|" + "x" * tagger_prompt.TEXT}


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (content("not json"), "The answer is no JSON: 'not json'"),
        (content(f"Here it is: {json.dumps(GOOD)} Glad to help!"), "The answer is no JSON: 'Here it is"),
        (content(f"```json\n{json.dumps(GOOD)}\n```"), "The answer is no JSON"),
        (content([GOOD]), "The answer is no JSON object."),
        (content({**GOOD, "stance": "c"}), "stance is 'c' and must be one of a, b."),
        (content({"label": "a"}), "stance is 'None' and must be"),
        (content({**GOOD, "stance": ["a"]}), "stance is "),
        (content({**GOOD, "confidence": 95}), "confidence is '95'"),
        (content({**GOOD, "confidence": "high"}), "confidence is 'high'"),
        (content({**GOOD, "confidence": True}), "confidence: is no number."),
        (content('{"stance": "a", "confidence": NaN}'), "confidence is 'nan'"),
        (content({**GOOD, "target": 3}), "target: is no text."),
        (content("[" * 100_000), "The answer is no JSON"),
        (content(" "), "The answer is empty."),
        (message(content=None), "The answer is empty."),
        (message(content=None, refusal="I can't help with that"), 'The model refuses: "I can\'t help with that"'),
        (raw('{"choices": []}'), "The server's answer holds no choice."),
        (raw('{"choices": [null]}'), "The server's answer holds no choice."),
        (raw('{"choices": {"0": 1}}'), "The server's answer holds no choice."),
        (raw("[]"), "The server's answer is no JSON object."),
        (raw("<html><body>Welcome</body></html>"), "The server's answer is no JSON: '<html>"),
        (raw(b""), "The server's answer is no JSON"),
        (raw(b"\xff\xfe\x00"), "The server's answer is no JSON"),
        (endless, "The server's answer is larger than 1 MB."),
    ],
)
def test_an_unusable_answer_is_asked_for_once_more(bad: Reply, reason: str) -> None:
    with serving(bad, content(GOOD)) as server:
        (answer,) = ask(endpoint(server.url), task(1))
        assert [tag.stance for tag in answer.tags] == ["a"]
        assert reason.partition(":")[0] in server.asked[1][2]["messages"][-1]["content"]
    with serving(bad) as server:
        assert f"Asked 2 times: {reason}" in told(ask(endpoint(server.url), task(1)))
        assert len(server.asked) == 2


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (raw(b"busy", 500), "answers 500"),
        (raw(b"busy", 503), "answers 503"),
        (raw(b"busy", 429), "answers 429"),
        (cut, "can't be reached (RemoteProtocolError)"),
        (reset, "can't be reached (ReadError)"),
        (silence, "does not answer within 0.2 s"),
        (drip, "does not answer within 0.2 s"),
    ],
    ids=["500", "503", "429", "cut", "reset", "silence", "drip"],
)
def test_a_server_in_trouble_is_tried_again_with_pauses(bad: Reply, reason: str) -> None:
    watch = Watch()
    with serving(bad, bad, content(GOOD)) as server:
        quick = endpoint(server.url, timeout=timedelta(seconds=0.2), requests_a_minute=100_000)
        (answer,) = ask(quick, task(1), watch=watch)
        assert len(answer.tags) == 1 and watch.slept == [1, 2]
    with serving(bad) as server:
        once = endpoint(server.url, timeout=timedelta(seconds=0.2), retries=1)
        (answer,) = ask(once, task(1), task(2))
        assert answer.trouble == f"The endpoint {reason}; tries: 2."


def test_where_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    assert told(ask(endpoint(url, retries=0), task(1))) == "The endpoint can't be reached (ConnectError); tries: 1."


@pytest.mark.parametrize(
    ("said", "waited"),
    [
        ("7", 7),
        (format_datetime(NOW + timedelta(seconds=30), usegmt=True), 30),
        (format_datetime(NOW - timedelta(days=1), usegmt=True), 0),
        ("soon", 1),
        ("-5", 1),
    ],
)
def test_how_long_the_server_asks_to_be_left_alone(said: str, waited: float) -> None:
    watch = Watch()
    with serving(raw(b"", 429, Retry_After=said), content(GOOD)) as server:
        ask(endpoint(server.url, requests_a_minute=100_000), task(1), watch=watch)
    assert watch.slept[0] == waited


def test_one_that_asks_to_be_left_alone_for_an_hour_is() -> None:
    with serving(raw(b"", 429, Retry_After="3600")) as server:
        assert told(ask(endpoint(server.url), task(1), task(2))) == "The endpoint asks to be left alone for 3600 s."
        assert len(server.asked) == 1


@pytest.mark.parametrize("status", [301, 401, 403, 404])
def test_what_no_retry_mends_stops_the_run(status: int) -> None:
    elsewhere = {"Location": "http://127.0.0.1:1/"} if status == 301 else {}
    with serving(raw(b"", status, **elsewhere)) as server:
        reason = told(ask(endpoint(server.url), task(1), task(2)))
        assert f"answers {status}" in reason and "RASID_TAGGER_KEY" in reason
        assert len(server.asked) == 1


def test_a_server_that_takes_no_schema_is_asked_without(store: Store) -> None:
    def picky(handler: Handler) -> None:
        server: Any = handler.server
        kind = server.asked[-1][2]["response_format"]["type"]
        (raw(b"unknown response_format", 400) if kind == "json_schema" else content(GOOD))(handler)

    with serving(picky) as server:
        answers = ask(endpoint(server.url), task(1), task(2))
    assert [len(answer.tags) for answer in answers] == [1, 1]
    kinds = [body["response_format"]["type"] for _, _, body in server.asked]
    assert kinds == ["json_schema", "json_object", "json_object"], "asked with the schema once"
    assert '"enum": ["a", "b"]' in server.asked[-1][2]["messages"][-1]["content"]


def test_a_document_that_is_refused_either_way_is_left_and_the_schema_kept(store: Store) -> None:
    def too_long(handler: Handler) -> None:
        server: Any = handler.server
        (raw(b"", 400) if len(server.asked) <= 2 else content(GOOD))(handler)

    first, _ = documents(store, 2)
    with serving(too_long) as server:
        done = run(store, endpoint(server.url))
    assert [(left.id, left.reason) for left in done.left] == [(first, "The endpoint answers 400.")]
    assert done.tagged == 1 and server.asked[-1][2]["response_format"]["type"] == "json_schema"
    assert [task.id for task in waiting(store, "m")] == [first], "given back, not put off: it may be the settings"


def test_requests_a_minute_are_kept() -> None:
    watch = Watch()
    with serving(content(GOOD)) as server:
        ask(endpoint(server.url, requests_a_minute=30), *map(task, range(1, 5)), watch=watch)
    assert watch.slept == [2, 2, 2]


def test_the_budget_counts_every_request() -> None:
    with serving(raw(b"", 500)) as server:
        assert told(ask(endpoint(server.url, budget=3, retries=9), task(1))) == (
            "The run's budget of 3 requests is spent."
        )
        assert len(server.asked) == 3


def test_the_key_is_told_to_nobody_else(caplog: pytest.LogCaptureFixture) -> None:
    """Not in the log, and not where a server says back what it was sent."""
    with caplog.at_level(logging.DEBUG), serving(raw(f"<html>Bearer {KEY}")) as server:
        answers = ask(endpoint(server.url), task(1))
    assert "(key)" in told(answers) and KEY not in repr(answers) and KEY not in caplog.text


def run(store: Store, tagger_: Tagger, watch: Watch | None = None) -> Run:
    assert isinstance(tagger_.way, Endpoint)
    way, clock = tagger_.way, (watch or Watch()).clock()

    async def whole() -> Run:
        async with tagger_endpoint.model(tagger_, way, KEY, clock) as model:
            return await tagger.run(store, tagger_, model.ask, lambda: NOW)

    return asyncio.run(whole())


def test_a_run_keeps_each_answer_as_it_comes_and_stops_at_its_budget(store: Store) -> None:
    ids = documents(store, 4)
    with serving(content(GOOD)) as server:
        done = run(store, endpoint(server.url, budget=3))
    assert (done.tagged, done.stopped) == (3, "The run's budget of 3 requests is spent.")
    assert [task.id for task in waiting(store, "m")] == ids[3:]


def test_a_document_that_the_model_refuses_is_put_off_for_hours(store: Store) -> None:
    """Else what is refused time and again would eat up each run's budget."""
    documents(store, 2)
    with serving(message(refusal="no"), message(refusal="no"), content(GOOD)) as server:
        done = run(store, endpoint(server.url))
        assert (done.tagged, done.status.waiting, done.status.claimed) == (1, 1, 1)
        assert [left.reason for left in done.left] == ["Asked 2 times: The model refuses: 'no'."]
        assert run(store, endpoint(server.url)).asked == 0
    assert len(waiting(store, "m", minutes=6 * 60 + 1)) == 1


def test_a_model_that_answers_nothing_of_use_is_stopped_before_it_has_put_everything_off(store: Store) -> None:
    documents(store, 9)
    with serving(content("Certainly!")) as server:
        done = run(store, endpoint(server.url, batch=2))
    assert done.stopped is not None and "The answer is no JSON: 'Certainly!'" in done.stopped
    assert (done.asked, len(server.asked), len(waiting(store, "m"))) == (6, 12, 3)


def test_a_server_that_is_down_ends_the_run_after_three_documents(store: Store) -> None:
    documents(store, 9)
    with serving(raw(b"", 502)) as server:
        done = run(store, endpoint(server.url, retries=0))
        assert len(server.asked) == 3
    assert done.stopped == "It failed 3 times in a row. The endpoint answers 502; tries: 1."
    assert done.nothing_worked and len(waiting(store, "m")) == 9


def test_one_document_that_breaks_the_server_holds_up_no_other(store: Store) -> None:
    documents(store, 5)
    replies = [content(GOOD), raw(b"", 500), content(GOOD)]
    with serving(*replies) as server:
        done = run(store, endpoint(server.url, retries=0, batch=4))
    assert (done.tagged, len(done.left), done.stopped) == (4, 1, None)


def test_moments_are_aware() -> None:
    assert Clock().now().tzinfo is UTC and isinstance(Clock().now(), datetime)
    sleep: Callable[[float], Awaitable[object]] = Clock().sleep
    assert sleep is asyncio.sleep
