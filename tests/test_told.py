"""From a publisher's page to an analyst's mail, in one pass: what rings, and what does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage

import pytest

from demo.stories import Story
from tests.mailserver import Temper, serving
from tests.worlds import World

TO = "desk@example.org,embassy@example.org"


def mail(port: int) -> dict[str, str]:
    return {"RASID_SMTP_URL": f"smtp://127.0.0.1:{port}?tls=none", "RASID_MAIL_TO": TO}


def outbox(there: World, port: int) -> tuple[int, int]:
    """What a pass sent, and what it left waiting."""
    report = there.ingest(**mail(port))
    return report["outbox"]["sent"], report["outbox"]["pending"]


def text(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def fresh(there: World, site: str) -> Story:
    """A story on topic that the site has not told yet."""
    model = next(story for story in there.newsroom.site(site).stories if story.on_topic and not story.reprint_of)
    told = (
        "The foreign ministry of Kazakhstan handed a letter of condolence to the Palestinian ambassador in Astana on "
        "Saturday, after the flood in the valley of Jericho that left nine families without a home.",
        "Ambassador Samer Hijazi thanked the people of Kazakhstan, and said that the State of Palestine would name a "
        "school in Jericho after the city of Astana, which had paid for its roof.",
    )
    title = "Kazakhstan sends condolences to Palestine after the Jericho flood"
    published = model.published + timedelta(minutes=1)
    return replace(
        model, path=f"{model.path}-again", title=title, paragraphs=told, published=published, updated=published
    )


def test_a_new_story_rings_each_reader_once_and_a_first_pass_nobody(there: World) -> None:
    with serving(temper := Temper()) as port:
        assert outbox(there, port) == (0, 0)
        story = fresh(there, "steppe-times")
        there.newsroom.publish("steppe-times", story)
        assert outbox(there, port) == (2, 0)
        assert outbox(there, port) == (0, 0)
    taken = temper.taken
    assert sorted(message["To"] for message in taken) == sorted(TO.split(","))
    assert len({message["Message-ID"] for message in taken}) == 2
    for message in taken:
        assert story.title in message["Subject"]
        assert there.newsroom.addresses["steppe-times"] + story.path in text(message)


def test_a_near_copy_elsewhere_rings_nobody(there: World) -> None:
    with serving(temper := Temper()) as port:
        outbox(there, port)
        story = fresh(there, "steppe-times")
        there.newsroom.publish("steppe-times", story)
        assert outbox(there, port) == (2, 0)
        copy = replace(
            story, path="/world/condolences", paragraphs=(f"ASTANA - {story.paragraphs[0]}", story.paragraphs[1])
        )
        there.newsroom.publish("qala", copy)
        assert outbox(there, port) == (0, 0)
    assert len(temper.taken) == 2


@pytest.mark.thorough
def test_mail_that_could_not_go_waits_and_goes_later(there: World) -> None:
    with serving(Temper()) as closed:
        outbox(there, closed)
    story = fresh(there, "steppe-times")
    there.newsroom.publish("steppe-times", story)
    report = there.ingest(**mail(closed))
    assert report["outbox"]["pending"] == 2 and "can't be used" in report["outbox"]["note"]
    there.rasid("alert", code=1, **mail(closed))
    with serving(temper := Temper()) as port:
        there.rasid("alert", **mail(port))
    assert len(temper.taken) == 2


@pytest.mark.thorough
def test_without_a_mail_server_the_report_says_that_alerts_wait(there: World) -> None:
    there.ingest()
    there.newsroom.publish("steppe-times", fresh(there, "steppe-times"))
    outbox = there.ingest()["outbox"]
    assert outbox["pending"] == 1 and "RASID_SMTP_URL" in outbox["note"]
