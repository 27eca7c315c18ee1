"""What the documents say is so: settings, commands, pins."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from typer.main import get_command

from flows import cli, settings
from tests.worlds import ROOT

README = (ROOT / "README.md").read_text("utf-8")


def test_the_readme_names_every_setting() -> None:
    named = set(re.findall(r"^\| `([A-Z_]+)` \|", README, re.MULTILINE))
    assert named == set(settings.load({}).shown())


def test_every_command_in_the_documents_exists() -> None:
    known = set(get_command(cli.app).commands)  # type: ignore[attr-defined]
    for path in (ROOT / "README.md", ROOT / "sources.toml", ROOT / "topic.toml", *(ROOT / "docs").glob("*.md")):
        for command in re.findall(r"(?:`|bin/)rasid ([a-z]+)", path.read_text("utf-8")):
            assert command in known, f"{path.name}: rasid {command}"


def test_every_target_in_the_readme_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(re.findall(r"(?:^|`)make ([a-z]+)", README, re.MULTILINE)) <= targets


def test_pins_have_hashes_and_no_addresses() -> None:
    pins = (ROOT / "requirements.txt").read_text("utf-8")
    assert not re.search(r"://|^--", pins, re.MULTILINE)
    blocks = re.split(r"\n(?=[a-z])", pins)
    assert all("--hash=sha256:" in block for block in blocks) and len(blocks) > 100


def test_prefect_yaml_names_module_paths() -> None:
    deployments = yaml.safe_load((ROOT / "prefect.yaml").read_text("utf-8"))["deployments"]
    for deployment in deployments:
        module, _, name = deployment["entrypoint"].rpartition(".")
        assert (ROOT / f"{module.replace('.', '/')}.py").is_file() and name == deployment["name"]


@pytest.mark.parametrize("path", sorted((ROOT / "corpus").iterdir()), ids=lambda path: path.name[:3])
def test_the_corpus_holds_documents_alone(path: Path) -> None:
    assert re.fullmatch(r"\d{3,}_[0-9a-f]{16}\.txt", path.name)
