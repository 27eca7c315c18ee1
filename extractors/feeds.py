"""Feeds: RSS in all its versions, RDF, Atom and JSON Feed, sound or broken.

The reading is one pass of lxml. A faster parser exists, but it hands out dates already read, with zones guessed for
those that name none; here the publisher's own words are needed. feedparser is the second opinion on broken feeds.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

import feedparser
from lxml import etree

from extractors import markup
from extractors.markup import Entry

_ROOTS = frozenset(("rss", "rdf", "feed", "channel"))
_ITEM = re.compile(r"<(?:\w{1,20}:)?(?:item|entry)[\s>]", re.IGNORECASE)
_MAX_ITEMS = 20_000
_SECOND_OPINION = 100_000  # characters: feedparser takes up to three seconds for that many
_TITLE = ("title",)
_SUMMARY = ("description", "summary", "content", "encoded")  # the last is RSS's `content:encoded`
_PUBLISHED = ("pubdate", "published", "issued", "date", "created", "updated", "modified")
_ARTICLE = ("", "alternate")  # values of rel; without one, a link is the entry's own
_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"


def entries(text: str) -> list[Entry] | None:
    """What a feed lists, in its order, without items that have no address; None for what is no feed or a mere stump."""
    if text.lstrip().startswith("{"):
        return _json_entries(text)
    items = islice(markup.elements(text, "item", "entry"), _MAX_ITEMS)
    found = [entry for item in items if (entry := _entry(item)).addresses]
    if len(found) < min(len(_ITEM.findall(text)), _MAX_ITEMS):
        found = max(found, _second_opinion(text[:_SECOND_OPINION]), key=len)
    return found if found or markup.is_whole(text, _ROOTS) else None


def _entry(item: etree._Element) -> Entry:
    # Elements of the feed's own kind come first: a `media:title` speaks of the picture.
    children = sorted(item.iterchildren(etree.Element), key=_is_foreign)
    texts: dict[str, str] = {}
    for child in children:
        if value := markup.content(child):
            texts.setdefault(markup.name(child), value)
    return Entry(
        addresses=tuple(_addresses(item, children)),
        base=item.base or "",
        title=_first(texts, _TITLE),
        summary=_first(texts, _SUMMARY),
        published=_first(texts, _PUBLISHED),
    )


def _is_foreign(child: etree._Element) -> bool:
    return child.prefix != child.getparent().prefix or ":" in child.tag.rpartition("}")[2]


def _first(texts: dict[str, str], names: tuple[str, ...]) -> str | None:
    return next((texts[name] for name in names if name in texts), None)


def _addresses(item: etree._Element, children: list[etree._Element]) -> Iterator[str]:
    """The item's addresses: the one before any redirecting service, its links, then a guid that is one, rdf:about."""
    links = [child for child in children if markup.name(child) == "link"]
    candidates = [markup.content(child) for child in children if markup.name(child) == "origlink"]
    candidates += [markup.content(link) for link in links]
    # A page in HTML goes before the same entry as JSON or PDF.
    own = [link for link in links if link.get("rel", "").lower() in _ARTICLE]
    own.sort(key=lambda link: "html" not in link.get("type", "html"))
    candidates += [link.get("href", "") for link in own]
    guids = [child for child in children if markup.name(child) in ("guid", "id")]
    candidates += [
        markup.content(guid) for guid in guids if _is_permalink(markup.content(guid), guid.get("isPermaLink"))
    ]
    candidates.append(item.get(_ABOUT, ""))
    return (candidate for candidate in candidates if candidate)


def _is_permalink(guid: str, said: str | None) -> bool:
    """A guid is an address unless it says otherwise; by that rule plain numbers would be addresses as well."""
    return guid.lower().startswith(("http://", "https://")) and (said or "").lower() != "false"


def _second_opinion(text: str) -> list[Entry]:
    try:
        feed = feedparser.parse(
            io.BytesIO(text.encode(errors="replace")),
            response_headers={"content-type": "application/xml; charset=utf-8"},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception:  # whatever a broken feed does to it, its opinion is merely missing
        return []
    return [
        Entry(
            addresses=(said["link"],),
            title=said.get("title"),
            summary=said.get("summary"),
            published=said.get("published") or said.get("updated"),
        )
        for said in map(dict, feed.entries)
        if said.get("link") and (said["link"] != said.get("id") or _is_permalink(said["link"], None))
    ]


def _json_entries(text: str) -> list[Entry] | None:
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError):
        return None
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        return None
    found = (_json_entry(item) for item in items[:_MAX_ITEMS] if isinstance(item, dict))
    return [entry for entry in found if entry.addresses]


def _json_entry(item: dict[str, Any]) -> Entry:
    texts = {name: value for name, value in item.items() if isinstance(value, str) and value.strip()}
    addresses = [texts[name] for name in ("url", "external_url") if name in texts]
    addresses += [guid for guid in (texts.get("id", ""),) if _is_permalink(guid, None)]
    return Entry(
        addresses=tuple(addresses),
        title=_first(texts, ("title",)),
        summary=_first(texts, ("summary", "content_text", "content_html")),
        published=_first(texts, ("date_published", "date_modified")),
    )
