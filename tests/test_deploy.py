"""What deploy/ says is so: files that parse, variables that settings know, commands that exist, nothing published."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from prefect.settings import Settings as Prefect
from prefect.settings.legacy import _get_settings_fields
from typer.main import get_command

from benchmarks import scale
from flows import cli, settings
from storage import database
from tests.worlds import ROOT

DEPLOY = ROOT / "deploy"
FILES = sorted(path for path in DEPLOY.iterdir() if path.is_file())
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_variable_is_one_that_settings_know(path: Path) -> None:
    known = (
        set(settings.load({}).shown()) | set(_get_settings_fields(Prefect)) | {"ARTICLES_PASSWORD", "PREFECT_PASSWORD"}
    )
    assert set(re.findall(r"\b(?:RASID|PREFECT|ARTICLES)_[A-Z_]+\b", path.read_text("utf-8"))) <= known


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_command_exists(path: Path) -> None:
    known = set(get_command(cli.app).commands)  # type: ignore[attr-defined]
    text = path.read_text("utf-8")
    said = set(re.findall(r"(?:`|bin/|; |setup |^- |^\s+- |^)rasid ([a-z]+)", text, re.MULTILINE))
    assert said <= known


def test_every_file_that_is_named_is_there() -> None:
    text = (DEPLOY / "README.md").read_text("utf-8")
    for name in re.findall(r"`([a-z]+\.(?:service|yaml|toml|env\.example))`", text):
        assert (DEPLOY / name).exists() or (ROOT / name).exists(), name
    for way in re.findall(r"\]\(([^)#]+)\)", text):
        assert (DEPLOY / way).exists(), way


def test_the_example_environment_is_usable(tmp_path: Path) -> None:
    lines = (DEPLOY / "rasid.env.example").read_text("utf-8").splitlines()
    pairs = [line.lstrip("#").split("=", 1) for line in lines if re.match(r"#?[A-Z_]+=", line)]
    loaded = settings.load(dict(pairs))
    assert loaded.home == Path("/var/lib/rasid") and loaded.mail_to and loaded.mail_server
    assert database.address_fault(loaded.database_url) is None


def test_compose_publishes_on_loopback_alone_and_watches_health() -> None:
    for name, service in SERVICES.items():
        assert all(str(port).startswith("127.0.0.1:") for port in service.get("ports", ())), name
        assert "healthcheck" in service or service["restart"] == "no", name
        for other, when in service.get("depends_on", {}).items():
            once = when["condition"] == "service_completed_successfully"
            assert ("healthcheck" in SERVICES[other]) is not once, f"{name} waits for {other}"


def test_compose_asks_for_what_its_example_sets() -> None:
    asked = set(re.findall(r"\$\{([A-Z_]+)", (DEPLOY / "compose.yaml").read_text("utf-8")))
    example = (DEPLOY / "compose.env.example").read_text("utf-8")
    assert set(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE)) == asked


def test_compose_uses_the_pool_of_prefect_yaml() -> None:
    deployments = yaml.safe_load((ROOT / "prefect.yaml").read_text("utf-8"))["deployments"]
    (pool,) = {deployment["work_pool"]["name"] for deployment in deployments}
    setup, worker = SERVICES["setup"]["command"][-1], SERVICES["worker"]["command"]
    assert f"work-pool create {pool} " in setup and worker[worker.index("--pool") + 1] == pool


def test_the_capacity_model_is_the_one_that_is_printed() -> None:
    assert scale.table(scale.Day()) in (ROOT / "docs" / "scale.md").read_text("utf-8")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_the_unit_is_sound_and_shut_in(tmp_path: Path) -> None:
    # As it would be installed: only its paths and its user are this machine's.
    unit = (DEPLOY / "rasid.service").read_text("utf-8").replace("/opt/rasid/.venv/bin/rasid", "/bin/true")
    unit = unit.replace("User=rasid", "User=root").replace("Group=rasid", "Group=root").replace("/opt/rasid", "/")
    path = tmp_path / "rasid.service"
    path.write_text(unit, "utf-8")
    for words in (["verify", path], ["security", "--offline=true", "--no-pager", "--threshold=25", path]):
        done = subprocess.run(["systemd-analyze", *words], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        assert words[0] == "security" or not done.stderr, done.stderr
