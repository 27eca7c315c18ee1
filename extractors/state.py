"""The article in a page's data: what a shell would show once its script runs, told by JSON-LD or by a JSON state."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from lxml.html import HtmlElement

from articles.lines import as_read, same_line
from articles.text import words
from extractors import page
from extractors.metadata import Head, flatten

_STATE = re.compile(r"^\s*(?:window\.)?__[A-Z_]{3,40}__\s*=\s*(?=[{\[])")
"""`window.__INITIAL_STATE__ = {…}`; states that are programs rather than data are not read."""
_LEAST_WORDS = 40
"""Words from which on a text in the data is an article's rather than a summary."""
_MOST_NODES = 20_000
_TAG = re.compile(r"<[a-zA-Z/][^<>]{0,300}>")


def states(tree: HtmlElement) -> list[str]:
    """The scripts of a page that hold nothing but data."""
    found = []
    for script in tree.iter("script"):
        said = script.text or ""
        if (script.get("type") or "").strip().lower() == "application/json":
            found.append(said)
        elif begin := _STATE.match(said):
            found.append(said[begin.end() :])
    return found


def article(head: Head, scripts: list[str], title: str | None) -> str | None:
    """The lines of the article that the data holds; a state must call it by the page's own title."""
    stated = next((body for node in head.nodes if (body := node.get("articleBody")) and isinstance(body, str)), None)
    if stated and words(lines := _lines(stated)) >= _LEAST_WORDS:
        return lines
    told = [_lines(body) for script in scripts for body in _bodies(script, title)] if title else []
    longest = max(told, key=words, default="")
    return longest if words(longest) >= _LEAST_WORDS else None


def _bodies(script: str, title: str | None) -> Iterator[str]:
    """The longest text of each object that has the title among its values."""
    try:
        root = json.JSONDecoder(strict=False).raw_decode(script.strip())[0]
    except (ValueError, RecursionError):
        return
    for count, node in enumerate(flatten(root)):
        if count > _MOST_NODES:
            return
        values = [value for value in (_resolved(value, root) for value in node.values()) if isinstance(value, str)]
        if any(len(value) < 500 and same_line(as_read(_TAG.sub("", value)), title or "") for value in values):
            yield max(values, key=len)


def _resolved(value: Any, root: Any) -> Any:
    """A value, or what its number stands for where the state is one flat list."""
    flat = isinstance(root, list) and type(value) is int and 0 <= value < len(root)
    return root[value] if flat else value


def _lines(body: str) -> str:
    if not _TAG.search(body):
        return body
    tree = page.parse(f"<html><body><div>{body}</div></body></html>")
    return page.lines(tree) if tree is not None else ""
