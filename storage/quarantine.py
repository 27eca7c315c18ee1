"""Pages on which the extraction failed: killed at its deadline, out of memory, or by an error nobody foresaw.

Their bytes stand in the archive; the quarantine is a mark on their rows, with the reason, until an extractor copes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from articles.model import Article, Verdict
from storage import archive, pages, records
from storage.archive import Reading
from storage.pages import Archived
from storage.records import Arrival, Kept
from storage.tables import PAGE, SOURCE

_HERE = PAGE.c.quarantined_at.is_not(None)


@dataclass(frozen=True, kw_only=True)
class Quarantined:
    """A page in quarantine."""

    page: Archived
    reason: str
    tries: int
    """How often an extractor has failed on it."""


def put(connection: Connection, page_id: int, reason: str, now: datetime) -> None:
    """Puts a page into quarantine. It takes the place of earlier pages of its link, and counts their tries on."""
    link = select(PAGE.c.link_id).where(PAGE.c.id == page_id).scalar_subquery()
    earlier = (PAGE.c.link_id == link) & (PAGE.c.id != page_id) & _HERE
    tried = connection.scalar(select(func.max(PAGE.c.replays) + 1).where(earlier)) or 0
    connection.execute(update(PAGE).where(earlier).values(quarantined_at=None))
    values = {"quarantined_at": now, "reason": reason, "replays": tried}
    connection.execute(update(PAGE).where(PAGE.c.id == page_id).values(values))


def waiting(connection: Connection, ids: Sequence[int] = ()) -> list[Quarantined]:
    """The pages in quarantine, or those of these ids that are, by id."""
    wanted = select(PAGE).where(_HERE).order_by(PAGE.c.id)
    rows = connection.execute(wanted.where(PAGE.c.id.in_(ids)) if ids else wanted).all()
    return [
        Quarantined(page=page, reason=row.reason, tries=row.replays + 1)
        for page, row in zip(pages.archived(connection, list(rows)), rows, strict=True)
    ]


def stay(connection: Connection, page_id: int, reason: str) -> None:
    """Notes that an extractor has failed on a page once more, and how."""
    values = {"reason": reason, "replays": PAGE.c.replays + 1}
    connection.execute(update(PAGE).where((PAGE.c.id == page_id) & _HERE).values(values))


def release(connection: Connection, page_id: int) -> bool:
    """Lets a page go; False: it was not there."""
    mine = (PAGE.c.id == page_id) & _HERE
    return connection.execute(update(PAGE).where(mine).values(quarantined_at=None)).rowcount > 0


def keep(
    connection: Connection, page_id: int, article: Article, verdict: Verdict, reading: Reading, now: datetime
) -> Kept | None:
    """Keeps the article that a page has given after all, the ordinary way; None: the page is there no more.

    Nobody is told of a page that was fetched before its source's baseline was complete.
    """
    found = waiting(connection, [page_id])
    page = found[0].page if found else None
    if page is None or page.link is None:
        return None
    baseline_at = connection.scalar(select(SOURCE.c.baseline_at).where(SOURCE.c.name == page.source))
    arrival = Arrival(
        article=article,
        verdict=verdict,
        source=page.source,
        link=page.link,
        fetched_at=page.fetched_at,
        news=baseline_at is not None and page.fetched_at > baseline_at,
    )
    kept = records.keep(connection, arrival, now)
    archive.reread(connection, page_id, reading, kept.article_id)
    release(connection, page_id)
    return kept
