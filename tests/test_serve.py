"""`rasid serve` over a newsroom, on a real Prefect server: scheduled runs, and kills at any moment."""

from __future__ import annotations

import os
import random
import signal
import socket
import time
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from prefect.settings import PREFECT_API_URL, temporary_settings

from articles.faults import Faults
from demo.stories import Story
from flows import cli_serve, dashboard, schedules, serving, settings, stores
from flows.schedules import Served
from storage import deliveries
from storage.corpus import number
from storage.tables import DELIVERY
from tests.serving import Serving, until
from tests.worlds import ROOT

UNFINISHED = ("Running", "Pending", "Submitting", "Cancelling")

NOUNS = [
    "apricots",
    "barley",
    "bridges",
    "camels",
    "carpets",
    "cement",
    "cinema",
    "clinics",
    "cotton",
    "dairy",
    "drones",
    "embroidery",
    "fencing",
    "ferries",
    "films",
    "flour",
    "gas",
    "glass",
    "grants",
    "honey",
    "horses",
    "irrigation",
    "judo",
    "lamps",
    "libraries",
    "looms",
    "maps",
    "marble",
    "medals",
    "melons",
    "mosaics",
    "music",
    "nurses",
    "olives",
    "opera",
    "orchards",
    "paper",
    "pianos",
    "poems",
    "ports",
    "pottery",
    "pumps",
    "rail",
    "rice",
    "robots",
    "saffron",
    "satellites",
    "schools",
    "seeds",
    "silk",
    "solar",
    "stamps",
    "steel",
    "sugar",
    "tents",
    "textbooks",
    "tractors",
    "tulips",
    "turbines",
    "vaccines",
    "water",
    "wheat",
    "wool",
    "wrestling",
]
CITIES = [
    "Astana",
    "Almaty",
    "Shymkent",
    "Aktau",
    "Karaganda",
    "Atyrau",
    "Ramallah",
    "Hebron",
    "Nablus",
    "Jericho",
    "Jenin",
    "Bethlehem",
]


def test_prefect_yaml_repeats_the_table() -> None:
    written = yaml.safe_load((ROOT / "prefect.yaml").read_text("utf-8"))["deployments"]
    assert written == [_written(one) for one in schedules.SERVED]


def _written(one: Served) -> dict[str, Any]:
    """How prefect.yaml has it."""
    block: dict[str, Any] = {
        "name": one.name,
        "description": one.about,
        "entrypoint": one.entrypoint,
        "tags": list(one.tags),
        "parameters": {},
        "work_pool": {"name": "rasid"},
    }
    if one.cron:
        block["concurrency_limit"] = {"limit": 1, "collision_strategy": "CANCEL_NEW"}
        block["schedules"] = [{"cron": one.cron, "timezone": "UTC", "slug": one.slug}]
    if one.at_once:
        block["concurrency_limit"] = {"limit": one.at_once, "collision_strategy": "ENQUEUE"}
    if one.upon:
        block["triggers"] = [schedules.trigger(one.upon)]
    return block


def test_a_taken_port_gives_way_to_the_next() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        taken = listening.getsockname()[1]
        assert taken < dashboard.free_port(taken) < taken + dashboard.PORTS


@pytest.mark.parametrize("span", ["", "5", "soon", "0m"])
def test_a_pace_that_is_none_is_refused(span: str) -> None:
    with pytest.raises(Faults, match="--every"):
        cli_serve.served(span)


def article(index: int, chance: random.Random) -> Story:
    """A report that only its number, its place and its nouns tell from the others: each is an event of its own."""
    now = datetime.now(UTC)
    city, (one, other, *rest) = chance.choice(CITIES), chance.sample(NOUNS, 24)
    words = " ".join(rest[:10]), " ".join(rest[10:])
    return Story(
        path=f"/{now:%Y/%m}/report-{index}/",
        title=f"Palestine and Kazakhstan agree on {one} and {other} in {city}",
        paragraphs=(
            f"The ambassador of Palestine and a deputy minister of Kazakhstan signed paper {index} in {city} on {one}.",
            f"It names {chance.randrange(20, 900)} lots of {words[0]}, and puts {other} before all of them for a year.",
            f"A second part lists {words[1]} for {chance.randrange(20, 900)} households near {chance.choice(CITIES)}.",
        ),
        language="en",
        published=now,
        updated=now,
        precision="minute",
        on_topic=True,
    )


@pytest.mark.thorough
@pytest.mark.prefect
def test_a_scheduled_pass_brings_what_came_out_and_mails_it(serving_rasid: Serving) -> None:
    served = serving_rasid
    until(lambda: served.runs("ingest", "Completed"))
    story = article(100_000, random.Random(1))
    served.world.newsroom.publish("steppe-times", story)
    (mail,) = until(lambda: [mail for mail in served.mails.taken if story.title in str(mail["Subject"])])
    url = served.world.newsroom.addresses["steppe-times"] + story.path
    assert url in mail.get_body(("plain",)).get_content()
    assert url in {sighting["url"] for article in served.world.articles() for sighting in article["sightings"]}
    until(lambda: [run for run in served.runs("ingest", "Completed") if run["auto_scheduled"]])
    served.world.rasid("doctor")
    until(lambda: served.runs("tag", "Completed"))
    assert not served.runs("ingest", "Failed", "Crashed")


@pytest.mark.thorough
@pytest.mark.prefect
def test_everything_of_the_table_is_scheduled_and_runs_one_at_a_time(serving_rasid: Serving) -> None:
    found = {each["name"]: each for each in serving_rasid.ask("/deployments/filter", {})}
    assert found.keys() == {one.name for one in schedules.SERVED}
    for one in schedules.SERVED:
        each = found[one.name]
        assert (each["entrypoint"], each["paused"]) == (one.entrypoint, False)
        if one.cron is None:
            continue
        assert each["global_concurrency_limit"]["limit"] == 1
        assert [schedule["active"] for schedule in each["schedules"]] == [True]
        ahead = until(lambda name=one.name: serving_rasid.runs(name, "Scheduled"))  # type: ignore[misc]
        assert ahead[0]["auto_scheduled"]


@pytest.mark.thorough
@pytest.mark.prefect
def test_a_second_one_on_the_same_state_is_refused(serving_rasid: Serving) -> None:
    with serving_rasid.world.start("serve") as process:
        _, err = process.communicate(timeout=60)
    assert process.returncode == 3 and "another rasid serve" in err and "Traceback" not in err


def test_a_server_that_can_not_be_joined_is_named_with_the_mend(tmp_path: Path) -> None:
    with (
        temporary_settings({PREFECT_API_URL: "http://127.0.0.1:9/api"}),
        pytest.raises(Faults, match=r"^PREFECT_API_URL: no Prefect server answers there"),
    ):
        serving.serve(tmp_path, None, schedules.SERVED, lambda: None)


@pytest.mark.prefect
def test_killed_at_any_moment_nothing_is_lost_or_doubled(
    serving_rasid: Serving, request: pytest.FixtureRequest
) -> None:
    """The server, the serving process, a run, or all at once: SIGKILL, and on it goes."""
    served, chance = serving_rasid, random.Random(20261122)
    newsroom = served.world.newsroom
    until(lambda: served.runs("ingest", "Completed"))
    end, published, killed = time.monotonic() + request.config.getoption("--soak"), list[str](), Counter[str]()
    order = ["run", "server", "all", "serve"]
    while time.monotonic() < end or not killed.keys() >= {"run", "all"}:
        story = article(len(published), chance)
        newsroom.publish("steppe-times", story)
        published.append(newsroom.addresses["steppe-times"] + story.path)
        time.sleep(chance.uniform(0.5, 4))
        victim = order[killed.total() % len(order)] if killed.total() < len(order) else chance.choice(order)
        if kill(served, victim):
            killed[victim] += 1
        served.start()
    settled = datetime.now(UTC).isoformat()
    until(lambda: [run for run in served.runs("ingest", "Completed") if (run["start_time"] or "") > settled])
    until(lambda: set(mails(served).values()) == {deliveries.SENT})
    hold(served, published)
    print(f"\n{dict(killed)} killed; {len(published)} stories, {len(mails(served))} mails, {states(served)}")
    assert served.stop() == 0
    assert served.processes() == {}, "nothing outlives an orderly end"


def kill(served: Serving, victim: str) -> bool:
    """Kills one of the processes, or all; False: there is none such just now."""
    words = {"run": "prefect.engine", "server": "prefect server start", "serve": " serve ", "all": ""}[victim]
    found = [each for each, command in served.processes().items() if words in command]
    for each in found:
        with suppress(ProcessLookupError):
            os.kill(each, signal.SIGKILL)
    assert served.process is not None
    if found and victim in ("serve", "all"):
        served.process.wait(10)
    return bool(found)


def hold(served: Serving, published: list[str]) -> None:
    """Articles, documents, mails and runs against what there must be."""
    articles = served.world.articles()
    urls = Counter(sighting["url"] for article in articles for sighting in article["sightings"])
    assert {url: urls[url] for url in published} == dict.fromkeys(published, 1), "each story is one article"
    assert max(Counter(article["content_hash"] for article in articles).values()) == 1
    numbers = [number(name) for name in served.world.corpus()]
    assert numbers == list(range(len(numbers)))
    assert served.world.rasid("corpus", "verify").endswith("0 findings.\n")
    taken = Counter(str(message["Message-ID"]) for message in served.mails.taken)
    assert taken.keys() == mails(served).keys(), "each mail went out, and no other; a repeat has its own Message-ID"
    subjects = {str(message["Message-ID"]): str(message["Subject"]) for message in served.mails.taken}
    assert max(Counter(subjects.values()).values()) == 1, "no story is told twice"
    for one in schedules.SERVED:
        assert len(served.runs(one.name, *UNFINISHED)) <= 1, "only what runs just now is unfinished"
    for each in served.ask("/deployments/filter", {}):
        assert all(schedule["active"] for schedule in each["schedules"])
        assert (each["global_concurrency_limit"] or {"active_slots": 0})["active_slots"] <= 1


def mails(served: Serving) -> dict[str, str]:
    """The state of every mail that stands for itself, by its Message-ID."""
    with stores.opened(settings.load(served.world.environment)) as store, store.read() as connection:
        alone = DELIVERY.select().where(DELIVERY.c.batch_id.is_(None))
        return {f"<{row.message_id}@example.org>": row.state for row in connection.execute(alone)}


def states(served: Serving) -> dict[str, Any]:
    """How many passes came to which end; those still ahead left out."""
    return dict(Counter(run["state_name"] for run in served.runs("ingest") if run["state_name"] != "Scheduled"))
