"""Pages of an archive file, read and judged: some in one transaction with the cursor behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from articles.model import Article, Link, Verdict
from storage import archive, frontiers, intake, quarantine
from storage.archive import Page
from storage.corpus import Document
from storage.frontiers import Cursor, Frontier
from storage.records import Arrival


@dataclass(frozen=True, kw_only=True)
class Catch:
    """A page that is worth keeping: it gave an article, or the extraction failed on it."""

    page: Page
    article: Article | None
    verdict: Verdict | None
    reason: str | None = None
    """How the extraction failed."""


def keep(
    connection: Connection, frontier: Frontier, catches: Sequence[Catch], cursor: Cursor, now: datetime
) -> list[Document]:
    """Keeps the articles and moves the cursor; returns the files that the corpus folder is owed."""
    files = [file for one in catches if (file := _keep(connection, frontier, one, now))]
    frontiers.step(connection, frontier, cursor)
    return files


def _keep(connection: Connection, frontier: Frontier, one: Catch, now: datetime) -> Document | None:
    answer, source = one.page.answer, one.page.source
    link = frontiers.arrive(connection, frontier, source, Link(url=answer.url), now)
    page = replace(one.page, link_id=link.id)
    if one.article is None or one.verdict is None:
        quarantine.put(connection, archive.note(connection, page), one.reason or "", now)
        return None
    arrival = Arrival(
        article=one.article,
        verdict=one.verdict,
        source=source,
        link=link,
        fetched_at=answer.fetched_at,
        news=False,
    )
    return intake.keep(connection, arrival, page, now).file
