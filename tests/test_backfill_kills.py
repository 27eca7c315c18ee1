"""`rasid backfill` killed at random moments, and let through: what stands there is what an undisturbed run leaves."""

from __future__ import annotations

import json
import os
import random
import subprocess
import time
from pathlib import Path

import pytest

from tests.past import Site, page, sitemap, warc
from tests.webserver import reply, serving
from tests.worlds import RASID, ROOT

pytestmark = pytest.mark.thorough

PAGES, ARCHIVED = 24, 60

CATALOGUE = """
[[source]]
name = "site"
title = "The Site"
language = "en"
timezone = "Asia/Almaty"
sitemaps = ["{url}/map.xml"]
article_url = "/a/"
min_delay = "0s"
"""


def test_killed_anywhere_and_gone_on_with(tmp_path: Path, database_url: str, request: pytest.FixtureRequest) -> None:
    moments = random.Random(20240305)
    with serving({}) as server:
        site = Site(tmp_path, database_url, server)
        server.routes |= {f"/a/{n}": reply(page(n, "2024-03-05", on_topic=n % 4 > 0)) for n in range(PAGES)}
        server.routes["/map.xml"] = sitemap(*((f"{server.url}/a/{n}", "2024-03-05") for n in range(PAGES)))
        held = {
            f"https://news.example/a/{n}": page(1000 + n, "2024-03-05", on_topic=n % 3 > 0) for n in range(ARCHIVED)
        }
        file = warc(tmp_path / "news.warc.gz", held)
        words = [*RASID, "backfill", "--via", "sitemap", "--archive", str(file), "--json"]
        around = _environment(tmp_path, site)
        for _ in range(request.config.getoption("--kills") // 2):
            process = subprocess.Popen(words, env=around, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(moments.uniform(1.0, 4.0))
            process.kill()
            process.wait()
        done = subprocess.run(words, env=around, stdout=subprocess.PIPE, timeout=120, check=True)
        results = {one["kind"]: one for one in map(json.loads, done.stdout.splitlines())}
    counted = ("state", "found", "stored", "new", "on_topic", "failed", "seen", "set_aside")
    on_topic = PAGES - PAGES // 4
    assert [results["sitemap"][name] for name in counted] == ["done", PAGES, PAGES, PAGES, on_topic, 0, 0, 0]
    named = ARCHIVED - ARCHIVED // 3
    assert [results["archive"][name] for name in counted] == ["done", named, named, named, named, 0, ARCHIVED, 20]
    assert site.rows("SELECT count(*), count(DISTINCT birth) FROM article") == [(PAGES + named, PAGES + named)]
    assert site.rows("SELECT value FROM counter WHERE name = 'document'") == [(on_topic + named - 1,)]
    assert len(list((tmp_path / "corpus").glob("*.txt"))) == on_topic + named
    assert not list((tmp_path / "corpus").glob(".*")) and site.rows("SELECT count(*) FROM outbox") == [(0,)]


def _environment(folder: Path, site: Site) -> dict[str, str]:
    (folder / "sources.toml").write_text(CATALOGUE.format(url=site.server.url), "utf-8")
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "error",
        "HOME": str(folder),
        "RASID_HOME": str(folder / "var"),
        "RASID_DATABASE_URL": site.url,
        "RASID_SOURCES": str(folder / "sources.toml"),
        "RASID_CORPUS": str(folder / "corpus"),
        "RASID_ALLOW_PRIVATE_HOSTS": site.server.netloc,
    }
