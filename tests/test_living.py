"""The living demo: its mailbox, its pages, what comes out over time; and all of it together, when it is asked for."""

from __future__ import annotations

import re
import signal
import smtplib
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from demo import wire
from demo.mailbox import Mailbox
from demo.newsroom import Newsroom
from demo.pages import Pages
from tests.serving import free_port, until
from tests.worlds import RASID, ROOT, World, world


def get(port: int, path: str) -> str:
    with urlopen(f"http://127.0.0.1:{port}{path}") as answer:
        return str(answer.read().decode())


def test_mails_and_documents_are_shown_as_they_are_and_do_no_harm(tmp_path: Path) -> None:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = "خبر <b>جديد</b>", "a@demo.example", "b@demo.example"
    message.set_content("Plain & simple")
    message.add_alternative("<p>In <i>colour</i></p>", subtype="html")
    (tmp_path / "007_0123456789abcdef.txt").write_text("سطر <script>", "utf-8")
    with Mailbox() as mailbox, Pages(mailbox, tmp_path) as pages:
        assert "No mail has come yet" in get(pages.port, "/")
        with smtplib.SMTP("127.0.0.1", mailbox.port) as client:
            client.send_message(message)
        listed = get(pages.port, "/mails")
        assert "خبر &lt;b&gt;جديد&lt;/b&gt;" in listed and "b@demo.example" in listed
        assert '<iframe sandbox src="/mails/0/html"' in get(pages.port, "/mails/0")
        assert get(pages.port, "/mails/0/html").strip() == "<p>In <i>colour</i></p>"
        assert "Plain &amp; simple" in get(pages.port, "/mails/0/text")
        assert "سطر &lt;script&gt;" in get(pages.port, "/documents")
        assert "&lt;script&gt;" in get(pages.port, "/documents/007_0123456789abcdef.txt")
        for nowhere in ("/mails/1", "/mails/0/raw", "/documents/..%2F..", "/documents/x.txt", "/etc"):
            with pytest.raises(HTTPError, match="404"):
                get(pages.port, nowhere)


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path, f"sqlite:///{tmp_path / 'var' / 'rasid.db'}") as made:
        yield made


@pytest.mark.thorough
def test_what_comes_out_is_what_it_says_it_is(alone: World) -> None:
    """News, a reprint, an edit, another matter, a second report: three stories and a revision are told, no more."""
    alone.ingest()
    first, *rest = wire.events()
    (edit,) = [number for number, event in enumerate(rest) if "edited" in event.says]
    for events, came in (([first], (1, 0, 0, 1)), (rest[:edit], (1, 1, 0, 2)), (rest[edit:], (3, 0, 1, 4))):
        for event in events:
            wire.put_out(alone.newsroom, event)
        report = alone.ingest()
        totals = report["totals"]
        assert (totals["new"], totals["duplicates"], totals["revised"], report["outbox"]["pending"]) == came
    stories = {article["title"]: article["story"] for article in alone.articles()}
    russian, english = (title for title in stories if "25" in title and ("гран" in title or "Grants" in title))
    assert stories[russian] == stories[english]


def test_it_waits_for_the_first_reading_and_ends_at_once() -> None:
    with Newsroom(ROOT / "corpus", datetime.now(UTC)) as newsroom:
        before = newsroom.site("waha").stories
        with wire.Wire(newsroom, pace=0):
            pass
        assert newsroom.site("waha").stories == before
        with wire.Wire(newsroom, pace=0), urlopen(newsroom.addresses["waha"]):
            until(lambda: any("95301" in story.path for story in newsroom.site("waha").stories))


@pytest.mark.prefect
def test_a_newcomer_sees_dashboard_documents_and_mails_within_two_minutes(
    alone: World, request: pytest.FixtureRequest
) -> None:
    if request.config.getoption("--soak") < 120:
        pytest.skip("half a minute and more: with --soak 120")
    log = alone.folder / "log"
    words, environment = (*RASID, "demo", "--port", str(free_port())), alone.environment | {"PYTHONWARNINGS": ""}
    with log.open("w") as both:
        process = subprocess.Popen(words, env=environment, stdout=both, stderr=both)
    try:
        addresses = until(lambda: re.findall(r"http://127\.0\.0\.1:(\d+)(\S*)", log.read_text("utf-8"))[:3])
        (dashboard, _), (pages, documents), (_, mails) = addresses
        until(lambda: "Rasid" in get(int(pages), mails).partition("<h1>")[2], 120)
        assert "005_" in get(int(pages), documents)
        assert get(int(dashboard), "/api/health") == "true"
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
    finally:
        process.kill()
        process.wait()
