"""The rooms keep to themselves: who may import whom, read from the syntax trees."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = {
    "articles": {"articles"},
    "extractors": {"articles", "extractors"},
    "storage": {"articles", "storage"},
    "flows": {"articles", "extractors", "storage", "flows", "demo"},
    "demo": {"demo"},
}
HOMES = {
    "prefect": {"flows"},
    "sqlmodel": {"storage"},
    "sqlalchemy": {"storage"},
    "alembic": {"storage"},
    "psycopg": {"storage"},
    "httpx": {"extractors"},
    "httpcore": {"extractors"},
    "bs4": {"extractors"},
    "lxml": {"extractors"},
    "trafilatura": {"extractors"},
    "typer": {"flows"},
}
ASIDE = {"flows/tagger_endpoint.py": {"httpx"}}
"""A tagger's endpoint is no news source: none of the rules for fetching pages are meant for it."""
FILES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))


def imports(path: Path) -> set[str]:
    """The top-level packages that a file imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found.add((node.module or "").partition(".")[0])
    return found


def reads_environment(path: Path) -> bool:
    tree = ast.parse(path.read_text("utf-8"))
    names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    names |= {alias.name for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) for alias in n.names}
    return bool(names & {"environ", "environb", "getenv", "putenv"})


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_stay_in_their_rooms(path: Path) -> None:
    room = path.relative_to(ROOT).parts[0]
    for package in imports(path) - ASIDE.get(str(path.relative_to(ROOT)), set()):
        assert package not in ROOMS or package in ROOMS[room], f"{room} must not import {package}"
        assert room in HOMES.get(package, {room}), f"{package} lives in {HOMES.get(package)}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_environment_is_read_in_one_place(path: Path) -> None:
    assert not reads_environment(path) or path == ROOT / "flows" / "settings.py"


def test_no_circles() -> None:
    """Modules import each other in one direction; an import inside a function counts too."""
    modules = {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in FILES}
    edges = {name: _modules_imported(path) & modules.keys() for name, path in modules.items()}
    done: set[str] = set()

    def visit(name: str, way: tuple[str, ...]) -> None:
        assert name not in way, " -> ".join((*way, name))
        if name not in done:
            for other in edges[name] - {name}:
                visit(other, (*way, name))
            done.add(name)

    for name in edges:
        visit(name, ())


def _modules_imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found
