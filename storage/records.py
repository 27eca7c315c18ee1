"""Keeping an article with all that follows from it, inside one transaction of the caller's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, update

from articles import sameness, urls
from articles.model import Article, Verdict
from articles.sameness import Marks
from storage import copies, corpus, documents, links, looks, moments, revisions, verdicts
from storage.database import insert
from storage.links import Waiting
from storage.revisions import Change
from storage.tables import ADDRESS, ARTICLE, FILE, FINGERPRINT, SIGHTING, VERSION


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """An article as it came from the web, judged, with where it was seen."""

    article: Article
    verdict: Verdict
    source: str
    link: Waiting
    """What the front page named; `article.url` is the address that answered."""
    fetched_at: datetime
    news: bool
    """Whether somebody is to be told: not so in a source's baseline, nor of what a look into the past has found."""


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What became of an arrival: a new article, a duplicate of one, a revised one, or nothing new."""

    article_id: int
    new: bool = False
    duplicate: bool = False
    revised: bool = False
    on_topic: bool = False
    file: corpus.Document | None = None
    """The file that the corpus folder is owed."""


@dataclass(frozen=True, kw_only=True)
class Adoption:
    """A file of the corpus folder that the database does not know, read and judged."""

    name: str
    body: bytes
    article: Article
    verdict: Verdict
    source: str | None


def keep(connection: Connection, arrival: Arrival, now: datetime) -> Kept:
    """Stores what is new, and notes one more sighting of what is not. The database decides which it is."""
    link = arrival.link
    if link.own and link.article_id is not None:
        return _look(connection, arrival, link.article_id, now)
    reason = "new" if link.frontier is None else revisions.PAST
    birth = _Birth(source=arrival.source, fetched_at=arrival.fetched_at, seen_at=now, reason=reason)
    article_id, new = _article(connection, arrival.article, arrival.verdict, birth)
    _seen(connection, article_id, arrival, now)
    own = new or _complete(connection, article_id, arrival)
    links.settle(connection, link.id, article_id, own=own)
    if own:
        looks.begin(connection, link.id, article_id, now)
    on_topic = arrival.verdict.on_topic
    if not new:
        return Kept(article_id=article_id, duplicate=link.article_id is None, on_topic=on_topic)
    if copies.recognise(connection, article_id):
        return Kept(article_id=article_id, duplicate=True, on_topic=on_topic)
    news = arrival.news and link.frontier is None
    document = verdicts.enlist(connection, article_id, now, news=news) if on_topic else None
    return Kept(article_id=article_id, new=True, on_topic=on_topic, file=document)


def _look(connection: Connection, arrival: Arrival, article_id: int, now: datetime) -> Kept:
    """An article's own page, looked at again. An address that leads to something else now has lost its page."""
    if _led_astray(connection, arrival, article_id):
        looks.missed(connection, arrival.link, now)
        return Kept(article_id=article_id)
    change = Change(article_id=article_id, article=arrival.article, verdict=arrival.verdict, reason=revisions.EDITED)
    revised = revisions.revise(connection, change, now)
    _seen(connection, article_id, arrival, now)
    connection.execute(update(ARTICLE).where(ARTICLE.c.id == article_id).values(url=arrival.article.url))
    looks.done(connection, arrival.link, now, revised=revised.version is not None)
    return Kept(
        article_id=article_id,
        revised=revised.version is not None,
        on_topic=arrival.verdict.on_topic,
        file=revised.file,
    )


def _led_astray(connection: Connection, arrival: Arrival, article_id: int) -> bool:
    """Whether the page has moved to an address that the article never had, and says something else there."""
    answered = connection.scalar(select(ADDRESS.c.article_id).where(ADDRESS.c.key == urls.key(arrival.article.url)))
    return answered != article_id and not copies.resembles(connection, article_id, arrival.article)


def adopt(connection: Connection, adoption: Adoption, now: datetime) -> bool:
    """Takes an existing file in under its own name, for ever; False: another run has done so meanwhile."""
    if connection.scalar(select(FILE.c.name).where(FILE.c.name == adoption.name)):
        return False
    birth = _Birth(source=adoption.source, fetched_at=now, seen_at=now, reason="adopted")
    article_id, _ = _article(connection, adoption.article, adoption.verdict, birth)
    corpus.raise_counter(connection, corpus.number(adoption.name))
    documents.file(connection, article_id, 1, adoption.name, adoption.body)
    if connection.scalar(select(ARTICLE.c.name).where(ARTICLE.c.id == article_id)) is None:
        documents.call(connection, article_id, 1, adoption.name)
        connection.execute(update(ARTICLE).where(ARTICLE.c.id == article_id).values(document_at=now))
        copies.remember(connection, article_id)
        if adoption.verdict.on_topic:
            verdicts.place(connection, article_id)
    return True


@dataclass(frozen=True, kw_only=True)
class _Birth:
    """How an article came to us, should it be new."""

    source: str | None
    fetched_at: datetime
    seen_at: datetime
    reason: str


def _article(connection: Connection, article: Article, verdict: Verdict, birth: _Birth) -> tuple[int, bool]:
    """The article's id, and whether it was born just now."""
    marks = sameness.marks(article)
    copies = select(FINGERPRINT.c.article_id).where(FINGERPRINT.c.digest.in_(marks.identities)).limit(1)
    known = connection.scalar(copies)
    if known is not None:
        return known, False
    row = insert(connection, ARTICLE).values(_row(article, verdict, birth, marks))
    article_id = connection.scalar(row.on_conflict_do_nothing(index_elements=["birth"]).returning(ARTICLE.c.id))
    if article_id is None:
        return connection.execute(
            select(ARTICLE.c.id).where(ARTICLE.c.birth == marks.identities[0])
        ).scalar_one(), False
    connection.execute(update(ARTICLE).where(ARTICLE.c.id == article_id).values(story=article_id))
    _fingerprints(connection, article_id, marks.identities)
    connection.execute(
        insert(connection, VERSION).values(
            article_id=article_id,
            version=1,
            content_hash=marks.content_hash,
            digest=marks.digest,
            title=article.title,
            text=article.text,
            seen_at=birth.seen_at,
            reason=birth.reason,
        )
    )
    return article_id, True


def _row(article: Article, verdict: Verdict, birth: _Birth, marks: Marks) -> dict[str, Any]:
    return {
        "birth": marks.identities[0],
        "source": birth.source,
        "url": article.url or None,
        "title": article.title,
        "author": article.author,
        "language": article.language,
        **moments.columns(article.published),
        "fetched_at": birth.fetched_at,
        "first_seen_at": birth.seen_at,
        "version": 1,
        "content_hash": marks.content_hash,
        **verdicts.columns(verdict),
        "steps": list(article.steps),
        "story": 0,
    }


def _fingerprints(connection: Connection, article_id: int, identities: Sequence[str]) -> None:
    rows = [{"digest": digest, "article_id": article_id} for digest in sorted(identities)]
    connection.execute(insert(connection, FINGERPRINT).on_conflict_do_nothing(), rows)


def _seen(connection: Connection, article_id: int, arrival: Arrival, now: datetime) -> None:
    asked, answered = urls.key(arrival.link.link.url), urls.key(arrival.article.url)
    rows = [{"key": key, "article_id": article_id} for key in sorted({asked, answered})]
    connection.execute(insert(connection, ADDRESS).on_conflict_do_nothing(), rows)
    sighting = {
        "article_id": article_id,
        "source": arrival.source,
        "key": answered,
        "url": arrival.article.url,
        "first_seen_at": now,
    }
    connection.execute(insert(connection, SIGHTING).values(sighting).on_conflict_do_nothing())


def _complete(connection: Connection, article_id: int, arrival: Arrival) -> bool:
    """Fills in what nobody knew of an adopted document before its page was found; True: this is that page."""
    bare = (ARTICLE.c.id == article_id) & ARTICLE.c.url.is_(None)
    found = connection.execute(update(ARTICLE).where(bare).values(url=arrival.article.url)).rowcount == 1
    copy = arrival.article
    told = {"source": arrival.source, "title": copy.title, "author": copy.author}
    known = {column: func.coalesce(ARTICLE.c[column], value) for column, value in told.items()}
    connection.execute(update(ARTICLE).where(ARTICLE.c.id == article_id).values(known))
    undated = (ARTICLE.c.id == article_id) & ARTICLE.c.published_at.is_(None)
    connection.execute(update(ARTICLE).where(undated).values(moments.columns(copy.published)))
    return found
