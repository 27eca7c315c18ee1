"""Near copies found in the database: candidates by shared bands, then a verdict over what differs."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, delete, func, select, text

from articles.nearness import BANDS, Telling, against
from storage.tables import ARTICLE, BAND, VERSION

NEWEST = 64
"""Articles of one band that are looked at, the newest: thousands of weather reports share a band, and a copy comes
soon after its original."""

CANDIDATES = 24
"""Originals that a text is compared with at most: some milliseconds each."""


def _sharing(bands: int) -> str:
    """SQL: the articles of so many bands, those that share most first, then the earliest."""
    one = "SELECT * FROM (SELECT article_id FROM band WHERE key = :k{} ORDER BY article_id DESC LIMIT :newest) AS b{}"
    every = " UNION ALL ".join(one.format(place, place) for place in range(bands))
    return (
        f"SELECT article_id FROM ({every}) AS shared GROUP BY article_id ORDER BY count(*) DESC, article_id LIMIT :most"
    )


# In SQL as it is: an expression of 32 parts costs more to compile than its rows to read or write.
_SHARING = text(_sharing(BANDS))
_VALUES = ", ".join(f"(:k{place}, :article_id)" for place in range(BANDS))
_KEEP = text(f"INSERT INTO band (key, article_id) VALUES {_VALUES} ON CONFLICT DO NOTHING")
_MOST_ROWS = 4 * CANDIDATES
_TOLD = (
    select(ARTICLE.c.id, VERSION.c.title, VERSION.c.text)
    .join(VERSION, (VERSION.c.article_id == ARTICLE.c.id) & (VERSION.c.version == ARTICLE.c.version))
    .where(ARTICLE.c.id == bindparam("id"))
)


def remember(connection: Connection, article_id: int, bands: Sequence[int]) -> None:
    """Keeps the bands that an article is found by. Doing it twice is doing it once."""
    if bands:
        connection.execute(_KEEP, {**_keys(sorted(bands)), "article_id": article_id})


def forget(connection: Connection, article_id: int) -> None:
    """Takes an article's bands away: its text has changed."""
    connection.execute(delete(BAND).where(BAND.c.article_id == article_id))


def original(connection: Connection, bands: Sequence[int], telling: Telling, *, but: int | None = None) -> int | None:
    """The stored article that a text is a near copy of, itself no copy of another; None: there is none.

    A copy's copy is held against the original itself, so that small changes do not add up to another event. `but`
    is an article that is not meant, nor its copies: the one whose text this is.
    """
    roots = [root for root in _roots(connection, bands) if root != but]
    if not roots:
        return None
    likeness = against(telling)
    for root in roots:
        found = connection.execute(_TOLD, {"id": root}).one_or_none()
        if found is not None and likeness(Telling(found.title, found.text)).near:
            return root
    return None


def _roots(connection: Connection, bands: Sequence[int]) -> list[int]:
    """The originals of the articles that share bands, the likeliest first."""
    if not bands:
        return []
    wanted = {**_keys(bands), "newest": NEWEST, "most": _MOST_ROWS}
    shared = connection.execute(_SHARING, wanted).scalars().all()
    if not shared:
        return []
    root = func.coalesce(ARTICLE.c.same_as, ARTICLE.c.id)
    rows = connection.execute(select(ARTICLE.c.id, root.label("root")).where(ARTICLE.c.id.in_(shared)))
    roots = {row.id: row.root for row in rows}
    return list(dict.fromkeys(roots[article_id] for article_id in shared if article_id in roots))[:CANDIDATES]


def _keys(bands: Sequence[int]) -> dict[str, int]:
    """The parameters of the statements above; fewer bands than they have places for stand there again."""
    return {f"k{place}": bands[place % len(bands)] for place in range(BANDS)}
