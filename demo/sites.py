"""Sites: the shape of their pages, as their files in `articles/` hold it, and how a page is made of it.

A site's file has `article`, the page of one story; `[[front]]`, each a `frame` around one `item` a story
(feeds, sitemaps, listings, home pages, robots.txt alike); and `catalogue`, what a source catalogue says of
the site: all templates in the manner of `string.Template`. Its `[[story]]` tables are read by `stories`.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import unquote

from demo.stories import Story, corpus_texts, read_stories

FOLDER = Path(__file__).parent / "articles"

# In the order in which they may reprint one another.
NAMES = ("waha", "bawaba", "qala", "dala", "steppe-times", "minbar", "vestnik", "nida")

MONTHS = {
    "ar": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
    "en": "January February March April May June July August September October November December",
    "kk": "қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан",
    "ru": "Январь Февраль Март Апрель Май Июнь Июль Август Сентябрь Октябрь Ноябрь Декабрь",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Front:
    """A page that is no article; `frame` holds `$items`, one `item` for each story."""

    path: str
    type: str
    frame: str
    item: str = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """One site: its pages' templates, and its stories, newest first."""

    name: str
    catalogue: str
    article: str = ""
    paragraph: str = ""
    other: str = ""
    """How an article's page names each of the site's other stories."""
    fronts: tuple[Front, ...]
    stories: tuple[Story, ...]
    opened: datetime

    @property
    def changed(self) -> datetime:
        """When the site last put out or changed a story."""
        return max((story.updated for story in self.stories), default=self.opened)


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """What a site answers at one path."""

    status: int
    type: str
    body: bytes
    changed: datetime
    headers: Mapping[str, str] = field(default_factory=dict)


def read_sites(corpus: Path, now: datetime) -> tuple[Site, ...]:
    """All sites, their stories dated back from `now`; `corpus` holds the documents that some reprint."""
    texts = corpus_texts(corpus)
    sites = []
    for name in NAMES:
        document = tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))
        stories = read_stories(document, texts, now)
        texts |= {story.path: story.paragraphs for story in stories}
        templates = {key: document.get(key, "") for key in ("catalogue", "article", "paragraph", "other")}
        fronts = tuple(Front(**front) for front in document["front"])
        sites.append(Site(name=name, fronts=fronts, stories=stories, opened=now, **templates))
    return tuple(sites)


def page(site: Site, home: str, path: str) -> Page:
    """What `site` answers at `path` (decoded, without query), 404 included; `home` is its address."""
    for front in site.fronts:
        if front.path == path:
            body = _front(site, front, home)
            return Page(status=front.status, type=front.type, body=body, changed=site.changed, headers=front.headers)
    for story in site.stories:
        if unquote(story.path) == path:
            return Page(status=200, type="text/html", body=_article(site, story, home), changed=site.changed)
    return Page(status=404, type="text/html", body=b"<!DOCTYPE html><title>404</title>", changed=site.changed)


def _front(site: Site, front: Front, home: str) -> bytes:
    items = "".join(_fill(front.item, _fields(site, story, home)) for story in site.stories)
    updated = site.changed.isoformat(timespec="seconds")
    return _fill(front.frame, {"home": home, "items": items, "updated": updated}).encode()


def _article(site: Site, story: Story, home: str) -> bytes:
    others = (other for other in site.stories if other is not story)
    fields = {"others": "\n".join(_fill(site.other, _fields(site, other, home)) for other in others)}
    return _fill(site.article, fields | _fields(site, story, home)).encode()


def _fields(site: Site, story: Story, home: str) -> dict[str, str]:
    """Everything that a template may name of a story; safe in HTML and XML, `title_json` in a script."""
    paragraphs = [_fill(site.paragraph, {"text": escape(text)}) for text in story.paragraphs]
    plain = {
        "path": story.path,
        "url": home + story.path,
        "language": story.language,
        "title": story.title,
        "summary": story.paragraphs[0],
        "caption": story.caption,
        "image": story.image,
        "background": story.background,
        "residue": story.residue,
    }
    return {
        **{key: escape(value) for key, value in plain.items()},
        **_moments(story),
        "home": home,
        "lead": paragraphs[0],
        "rest": "".join(paragraphs[1:]),
        "body": "".join(paragraphs),
        "title_json": json.dumps(story.title, ensure_ascii=False).replace("</", r"<\/"),
    }


def _moments(story: Story) -> dict[str, str]:
    """A story's date in all the pieces and forms that the sites write."""
    at = story.published
    offset = at.utcoffset() or timedelta()
    return {
        "iso": at.isoformat(timespec="seconds"),
        "rfc": format_datetime(at),
        "updated": story.updated.isoformat(timespec="seconds"),
        "slashes": f"{at:%d/%m/%Y}",
        "clock": f"{at:%H:%M}",
        "year": str(at.year),
        "month": MONTHS[story.language].split()[at.month - 1],
        "day": str(at.day),
        "day2": f"{at:%d}",
        "offset": str(offset // timedelta(hours=1)),
    }


def _fill(template: str, fields: Mapping[str, str]) -> str:
    return Template(template.lstrip("\n")).substitute(fields)
