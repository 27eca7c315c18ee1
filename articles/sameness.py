"""When two texts are the same text: the digest of the matching copy decides."""

from __future__ import annotations

import hashlib

from articles.model import Article
from articles.text import matching_copy, words

SHORT = 25
"""Words under which a text alone says little (video pages, paywall stubs): the title must agree too."""


def digest(text: str) -> str:
    """SHA-256 over the matching copy of a text: 64 lowercase hex digits."""
    return hashlib.sha256(matching_copy(text).encode()).hexdigest()


def content_hash(text: str) -> str:
    """The public short form of `digest`: its first 16 hex digits."""
    return digest(text)[:16]


def identity(text: str, title: str | None) -> str:
    """The digest that makes two articles one: of the text, and of the title too where the text is short."""
    return digest(text) if words(text) >= SHORT else digest(f"{text}\n{title or ''}")


def fingerprints(article: Article) -> tuple[str, ...]:
    """All identities an article is recognised by, its own first."""
    texts = (article.text, *article.variants)
    return tuple(dict.fromkeys(identity(text, article.title) for text in texts))
