"""A fetched page and what it came to, in one transaction: the article, and where the page stands in the archive."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from articles.model import Refusal, Source
from storage import archive, links, looks, quarantine, records
from storage.archive import Page
from storage.links import Waiting
from storage.records import Arrival, Kept


def keep(connection: Connection, arrival: Arrival, page: Page, now: datetime) -> Kept:
    """Keeps a page's article, and notes that it was read from there."""
    kept = records.keep(connection, arrival, now)
    archive.note(connection, replace(page, article_id=kept.article_id))
    return kept


def refuse(
    connection: Connection, source: Source, link: Waiting, refusal: Refusal, page: Page | None, now: datetime
) -> None:
    """Puts a page off that gave no article; one that the extraction failed on waits in the quarantine."""
    if page is not None:
        page_id = archive.note(connection, page)
        if refusal.failed:
            quarantine.put(connection, page_id, refusal.reason, now)
    if link.article_id is None:
        links.fail(connection, source, link, refusal.reason, now, after=0, outcome=_outcome(refusal))
    else:
        looks.failed(connection, link, now)


def _outcome(refusal: Refusal) -> str | None:
    if refusal.failed:
        return None
    return links.TOO_SHORT if refusal.short else links.NO_ARTICLE
