"""A page becomes an article, or is refused as one: the cascade, its steps in a row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from zoneinfo import ZoneInfo

from lxml.html import HtmlElement

from articles import language as languages
from articles import noise
from articles.lines import same_line
from articles.model import Answer, Article, Link, Refusal, Source, Stamp
from articles.text import words
from extractors import body, charset, furniture, metadata, page, publication, refusals, rules, state, titles
from extractors.metadata import Head
from extractors.page import Line
from extractors.publication import Reading
from extractors.rules import Ruled

_THIN = 25
"""Words of prose below which the extractor's text asks for a second opinion."""
_FULLER = 1.5
_SAMPLE = 500
"""Elements that are looked at for a page's language."""
_SUMMARY_WORDS = 6
_NOT_SHORTER = 0.95


@dataclass(frozen=True, slots=True)
class _Said:
    """What the page says about its article, and the steps that said it."""

    title: str | None
    published: Stamp | None
    date_line: str | None
    author: str | None
    sites: tuple[str, ...]
    head: Head
    steps: tuple[str, ...]


def extract(answer: Answer, source: Source | None, now: datetime, link: Link | None = None) -> Article | Refusal:
    """The article on a page, cleaned, with the steps that gave each part; or why the page is none.

    Without a source the zone is UTC and the language detected. `link` is what the front page said; it speaks
    where the page is silent. Nothing that a page may hold raises.
    """
    if reason := refusals.why_no_page(answer.content_type, answer.body):
        return Refusal(url=answer.url, reason=reason)
    text, how = charset.decode(answer.body, answer.content_type, source.language if source else None)
    text = page.bounded(text)
    tree = page.parse(text)
    if tree is None:
        return Refusal(url=answer.url, reason="The page is empty.", short=True)
    ruled = rules.apply(text, source.extract) if source else Ruled()
    reading = _reading(source, tree, now)
    said = _read_head(tree, ruled, answer.url, source, link, reading)
    rest = page.parse(ruled.rest) if ruled.rest else tree
    found, body_steps, reason = _find_body(tree if rest is None else rest, ruled, said, answer.url, link)
    if reason:
        return Refusal(url=answer.url, reason=reason, short=reason in refusals.SHORT)
    cleaned = noise.clean(
        found,
        title=said.title,
        site=_signature(found, said.sites),
        language=reading.language,
        zone=reading.zone,
        now=now,
        drop_lines=_drop_lines(source, said.date_line),
    )
    if not cleaned.text:
        return Refusal(url=answer.url, reason="The page holds nothing but what is no article's text.", short=True)
    late = ["title:first-line"] * (cleaned.title != said.title)
    late += ["date:text-line"] * bool(cleaned.published and not said.published)
    return Article(
        url=answer.url,
        title=cleaned.title,
        text=cleaned.text,
        language=languages.detect(cleaned.text, reading.language),
        author=said.author,
        published=said.published or cleaned.published,
        variants=cleaned.variants,
        steps=(
            f"charset:{how}",
            *body_steps,
            *said.steps,
            *late,
            *(f"clean:{rule}" for rule in cleaned.rules),
        ),
    )


def _reading(source: Source | None, tree: HtmlElement, now: datetime) -> Reading:
    known = languages.normal(source.language) if source else None
    return Reading(
        language=known or languages.likely(_sample(tree), tree.get("lang")),
        zone=ZoneInfo(source.timezone) if source else UTC,
        zone_known=source is not None,
        now=now,
    )


def _sample(tree: HtmlElement) -> str:
    return " ".join(element.text for element in islice(tree.iter("h1", "p", "div", "td"), _SAMPLE) if element.text)


def _read_head(
    tree: HtmlElement, ruled: Ruled, url: str, source: Source | None, link: Link | None, reading: Reading
) -> _Said:
    head = metadata.read_head(tree)
    sites = metadata.site_names(head, url, [source.title, source.name] if source else [])
    title, title_step, heading = titles.read_title(tree, head, sites, link.title if link else None)
    if ruled.title:
        title, title_step = titles.without_site(ruled.title, sites), "site-rule"
    published = next((stamp for words in ruled.dates if (stamp := reading.field(words))), None)
    stated, date_step, date_line = publication.read_published(tree, head, heading, url, link, reading)
    published, date_step = (published, "site-rule") if published else (stated, date_step)
    steps = [f"title:{title_step}"] * bool(title) + [f"date:{date_step}"] * bool(published)
    author = metadata.read_author(tree, head, sites)
    return _Said(title, published, date_line, author, sites, head, tuple(steps))


def _find_body(
    tree: HtmlElement, ruled: Ruled, said: _Said, url: str, link: Link | None
) -> tuple[str, tuple[str, ...], str | None]:
    """The article's lines, the steps that gave them, and why the page is no article, if it is none."""
    if ruled.body:
        return ruled.body, ("body:site-rule",), refusals.why_too_long(ruled.body)
    lines, scripts = page.read_lines(tree), state.states(tree)
    furniture.remove(tree, said.title)
    found, step = body.as_shown(body.by_extractor(tree, url), lines), "trafilatura"
    stated = body.by_statement(said.head, lines)
    if stated and words(stated) >= _NOT_SHORTER * words(found):
        found, step = stated, "json-ld"
    elif second := _second_opinion(found, lines, link):
        found, step = second, "second-opinion"
    if body.prose_words(found) < _THIN and (told := state.article(said.head, scripts, said.title)):
        found, step = told, "page-data"
    reason = refusals.why_no_article(found, lines, said.title, tree)
    start = _below_title(lines, said.title)
    opening = body.lead(found, lines, start, said.head.say("og:description", "description") or "")
    steps = (f"body:{step}", *(["lead:page"] if opening else []))
    return "\n".join([*opening, found]), steps, reason


def _second_opinion(found: str, lines: Sequence[Line], link: Link | None) -> str | None:
    """The page's heaviest stretch of prose, where the extractor's text is thin or not what the feed announced."""
    thin = body.prose_words(found) < _THIN
    summary = body.key(link.summary or "") if link else ""
    opening = " ".join(summary.split()[:_SUMMARY_WORDS])
    contradicted = len(opening.split()) == _SUMMARY_WORDS and opening not in body.key(found)
    if not thin and not contradicted:
        return None
    other = body.by_prose(lines)
    if contradicted and opening in body.key(other):
        return other
    return other if thin and body.prose_words(other) > _FULLER * body.prose_words(found) else None


def _below_title(lines: Sequence[Line], title: str | None) -> int:
    return next((n + 1 for n, line in enumerate(lines) if title and same_line(line.text, title)), 0)


def _signature(found: str, sites: Sequence[str]) -> str | None:
    """Which of the site's names stands above or below the text, if one does."""
    ends = (found.partition("\n")[0], found.rpartition("\n")[2])
    return next((site for site in sites if any(same_line(site, line) for line in ends)), None)


def _drop_lines(source: Source | None, date_line: str | None) -> list[re.Pattern[str]]:
    patterns = [re.compile(pattern) for pattern in source.extract.drop_lines] if source else []
    return [*patterns, re.compile(f"^{re.escape(date_line)}$")] if date_line else patterns
