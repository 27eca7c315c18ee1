"""When two texts are the same text: the digest of the matching copy decides."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from articles.model import Article
from articles.text import matching_copy, words

SHORT = 25
"""Words under which a text alone says little (video pages, paywall stubs): the title must agree too."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Marks:
    """What an article is known by. Digests are SHA-256 in lowercase hex."""

    digest: str
    """Of the matching copy of its text."""
    identities: tuple[str, ...]
    """All that make another article the same one, its own first."""

    @property
    def content_hash(self) -> str:
        """The public short form of the digest: its first 16 hex digits."""
        return self.digest[:16]


def marks(article: Article) -> Marks:
    """The marks of an article and of the variants of its text."""
    own = digest(article.text)
    identities = [_identity(own, article.text, article.title)]
    identities += [_identity(digest(text), text, article.title) for text in article.variants]
    return Marks(digest=own, identities=tuple(dict.fromkeys(identities)))


def digest(text: str) -> str:
    """SHA-256 over the matching copy of a text: 64 lowercase hex digits."""
    return hashlib.sha256(matching_copy(text).encode()).hexdigest()


def content_hash(text: str) -> str:
    """The first 16 hex digits of a text's digest."""
    return digest(text)[:16]


def _identity(own: str, text: str, title: str | None) -> str:
    """The digest that makes two articles one: of the text, and of the title too where the text is short."""
    return own if words(text) >= SHORT else digest(f"{text}\n{title or ''}")
