"""A page becomes an article, or is refused as one: the cascade, its steps in a row."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from articles import language as languages
from articles import noise
from articles.model import Answer, Article, Link, Refusal, Source
from articles.text import words
from extractors import body, charset, furniture, metadata, page, publication


def extract(answer: Answer, source: Source | None, now: datetime, link: Link | None = None) -> Article | Refusal:
    """The article on a page, cleaned, with the steps that gave each part; or why the page is none.

    Without a source the zone is UTC and the language detected. `link` is what the front page said; it speaks
    where the page is silent.
    """
    text, how = charset.decode(answer.body, answer.content_type, source.language if source else None)
    tree = page.parse(text)
    if tree is None:
        return Refusal(url=answer.url, reason="the page is empty")
    head = metadata.read_head(tree)
    known = [source.title, source.name] if source else []
    sites = metadata.site_names(head, answer.url, known)
    title, title_step, heading = metadata.read_title(tree, head, sites, link.title if link else None)
    hint = (source.language if source else None) or head.language
    reading = publication.Reading(
        language=languages.normal(hint),
        zone=ZoneInfo(source.timezone) if source else UTC,
        zone_known=source is not None,
        now=now,
    )
    published, date_step = publication.read_published(tree, head, heading, link, reading)
    author = metadata.read_author(tree, head, sites)
    furniture.remove(tree)
    found = body.by_extractor(tree, answer.url, precise=False)
    cleaned = noise.clean(
        found, title=title, site=sites[0] if sites else None, language=hint, zone=reading.zone, now=now,
        drop_lines=[re.compile(p) for p in source.extract.drop_lines] if source else [],
    )
    if not cleaned.text:
        return Refusal(url=answer.url, reason="the page holds no article text")
    return Article(
        url=answer.url, title=title, text=cleaned.text, language=languages.detect(cleaned.text, hint), author=author,
        published=published or cleaned.published,
        steps=(f"charset:{how}", "body:trafilatura", f"title:{title_step}", f"date:{date_step}", *(f"clean:{r}" for r in cleaned.rules)),
    )
