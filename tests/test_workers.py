"""Several passes at once on one PostgreSQL: everything is read, nothing twice, and no site is pestered."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from storage import corpus
from storage.opening import open_store
from storage.tables import ARTICLE, HOST, SOURCE
from tests import postgres
from tests.crowd import Crowd, Installation, crowd, installation

WORKERS = 3


@pytest.fixture
def sites(request: pytest.FixtureRequest) -> Iterator[Crowd]:
    with crowd(request.config.getoption("--sources")) as made:
        yield made


@pytest.fixture
def there(sites: Crowd, tmp_path: Path, cluster: postgres.Cluster) -> Installation:
    return installation(sites, tmp_path, cluster.database())


def counts(there: Installation) -> dict[str, Any]:
    """What stands in the database and in the corpus folder."""
    address = there.environment["RASID_DATABASE_URL"]
    with closing(open_store(address, there.folder / "lock")) as store, store.read() as connection:
        return {
            "texts": connection.scalar(select(func.count()).select_from(ARTICLE)),
            "numbers": [corpus.number(name) for name in corpus.names(there.folder / "corpus")],
            "held": connection.scalar(select(func.count(SOURCE.c.holder))),
            "asking": connection.scalar(select(func.count(HOST.c.holder))),
        }


def expected(sites: Crowd) -> dict[str, Any]:
    numbers = list(range(sites.documents))
    return {"texts": len(sites.texts), "numbers": numbers, "held": 0, "asking": 0}


@pytest.mark.thorough
def test_workers_share_what_is_due(there: Installation, sites: Crowd) -> None:
    reports = there.passes(WORKERS)
    outcomes = [Counter(source["outcome"] for source in report["sources"]) for report in reports]
    assert all(set(told) <= {"ok", "not-due"} and told.total() == sites.count for told in outcomes)
    assert sum(told["ok"] for told in outcomes) == sites.count, "each source is read by one of them"
    assert all(told["ok"] for told in outcomes), "and each of them reads some"
    totals = Counter[str]()
    for report in reports:
        totals.update(report["totals"])
    assert (totals["new"], totals["new"] + totals["duplicates"]) == (len(sites.texts), sites.count)
    assert (totals["on_topic"], totals["failed"]) == (sites.documents, 0)
    assert counts(there) == expected(sites)
    polled = sites.times_asked("/feed/") | sites.times_asked("/text/")
    assert len(polled) == 2 * sites.count and set(polled.values()) == {1}, "nothing is asked for twice"
    assert sites.impolite() == []


@pytest.mark.thorough
def test_workers_killed_at_random(there: Installation, sites: Crowd, request: pytest.FixtureRequest) -> None:
    """Dead passes hold neither sources nor sites; the others, and those that follow, lose nothing and stay polite."""
    moments = random.Random(20261122)
    running = [there.worker(number) for number in range(WORKERS)]
    for turn in range(max(1, request.config.getoption("--kills") // 4)):
        time.sleep(moments.uniform(1.0, 3.0))
        process = running.pop(moments.randrange(len(running)))
        process.kill()
        process.communicate()
        running.append(there.worker(WORKERS + turn))
    for process in running:
        _, err = process.communicate(timeout=3600)
        assert process.returncode == 0, err[-4000:]
    assert set(Counter(s["outcome"] for s in there.passes(1)[0]["sources"])) <= {"ok", "not-due"}
    assert counts(there) == expected(sites)
    assert len(sites.times_asked("/text/")) == sites.count
    assert sites.impolite() == []
