"""A source's own rules: the CSS selectors of its catalogue entry, run on one page."""

from __future__ import annotations

from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag

from articles.model import ExtractRules
from articles.text import one_line
from extractors import page


@dataclass(frozen=True, slots=True)
class Ruled:
    """What the selectors found; None where one is missing or finds nothing."""

    title: str | None = None
    dates: tuple[str, ...] = ()
    """What the date element says, the machine's words before the reader's."""
    body: str | None = None
    rest: str | None = None
    """The page without what the rules remove; None where they remove nothing."""


def apply(text: str, rules: ExtractRules) -> Ruled:
    """Run a source's selectors on a page. A selector that finds nothing leaves its part to the general steps."""
    if not (rules.title or rules.date or rules.body or rules.remove):
        return Ruled()
    soup = BeautifulSoup(text, "lxml")
    title = soup.select_one(rules.title) if rules.title else None
    date = soup.select_one(rules.date) if rules.date else None
    said = _dates(date) if date else ()
    heading = one_line(_said(title)) if title else ""
    unwanted = [tag for selector in rules.remove for tag in soup.select(selector)]
    for tag in unwanted:
        tag.extract()
    chosen = soup.select(rules.body) if rules.body else []
    taken = set(map(id, chosen))  # equal tags are compared by all they hold, level by level
    outermost = [tag for tag in chosen if not any(id(parent) in taken for parent in tag.parents)]
    body = "\n".join(filter(None, map(_lines, outermost)))
    return Ruled(heading or None, said, body or None, str(soup) if unwanted else None)


def _said(tag: Tag) -> str:
    return str(tag.get("content") or "") if tag.name == "meta" else tag.get_text(" ")


def _dates(tag: Tag) -> tuple[str, ...]:
    said = (tag.get("datetime"), tag.get("content"), tag.get_text(" "))
    return tuple(one_line(str(value)) for value in said if value and one_line(str(value)))


def _lines(tag: Tag) -> str:
    tree = page.parse(f"<html><body><div>{tag}</div></body></html>")
    return page.lines(tree) if tree is not None else ""
