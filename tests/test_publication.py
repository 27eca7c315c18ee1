"""Where a date is taken from: what readers see against what machines are told, and what is no date of this article."""

from __future__ import annotations

import json

import pytest

from articles.model import Answer, Article, Link, Source
from extractors.article import extract
from tests.conftest import NOW
from tests.newsdesk import ARABIC, ENGLISH, RUSSIAN, Item
from tests.shapes import ps

ALMATY = Source(name="example", title="Пример", language="ru", timezone="Asia/Almaty")
HEBRON = Source(name="example", title="مثال", language="ar", timezone="Asia/Hebron")


def read(
    main: str,
    head: str = "",
    *,
    item: Item = RUSSIAN,
    source: Source | None = ALMATY,
    url: str = "https://news.example/a/1",
    link: Link | None = None,
) -> Article:
    body = (
        f"<html lang='{item.language}'><head>{head}</head><body><div class='page'><h1>{item.title}</h1>{main}"
        f"{ps((item.lead, *item.paragraphs))}</div></body></html>"
    )
    answer = Answer(asked=url, url=url, status=200, content_type="text/html", body=body.encode(), fetched_at=NOW)
    found = extract(answer, source, NOW, link)
    assert isinstance(found, Article), found
    return found


def dated(found: Article) -> tuple[str | None, str | None]:
    step = next((step for step in found.steps if step.startswith("date:")), None)
    if found.published is None:
        return None, step
    exact = found.published.precision == "minute"
    return found.published.at.isoformat(timespec="minutes") if exact else str(found.published.at.date()), step


def meta(at: str, name: str = "article:published_time") -> str:
    return f"<meta property='{name}' content='{at}'>"


def ld(**fields: str) -> str:
    return f"<script type='application/ld+json'>{json.dumps({'@type': 'NewsArticle', **fields})}</script>"


LINE = "<div class='d'>12 ноября 2024, 14:05</div>"
OTHER_DAY = "<time datetime='2024-11-10'>10.11.2024</time>"
TRUE = "2024-11-12T14:05+05:00"


@pytest.mark.parametrize(
    ("head", "main", "at", "step"),
    [
        # machines alone
        (ld(datePublished="2024-11-12T09:05:00Z"), "", "2024-11-12T09:05+00:00", "date:json-ld"),
        (meta("2024-11-12T14:05:00+05:00"), "", TRUE, "date:meta"),
        (meta("2024-11-12 14:05"), "", TRUE, "date:meta"),
        ("", "<time datetime='2024-11-12T14:05:00+05:00'>12.11</time>", TRUE, "date:time"),
        ("", "<span itemprop='datePublished' content='2024-11-12T14:05:00+05:00'></span>", TRUE, "date:meta"),
        # what readers see alone
        ("", LINE, TRUE, "date:visible"),
        ("", "<div>Опубликовано: 12.11.2024 14:05 | Обновлено: 13.11.2024 10:00</div>", TRUE, "date:visible"),
        ("", "<div>Обновлено: 13.11.2024 10:00</div><div>Опубликовано: 12.11.2024 14:05</div>", TRUE, "date:visible"),
        # both, and they agree
        (meta("2024-11-12T09:05:00Z"), LINE, "2024-11-12T09:05+00:00", "date:meta"),
        (ld(datePublished="2024-11-12T14:06:00+05:00"), LINE, "2024-11-12T14:06+05:00", "date:json-ld"),
        # the offset lies
        (meta("2024-11-12T14:05:00Z"), LINE, TRUE, "date:visible"),
        (meta("2024-11-12T14:05:00+00:00"), LINE, TRUE, "date:visible"),
        (ld(datePublished="2024-11-12T14:05:00+06:00"), LINE, TRUE, "date:visible"),
        (ld(datePublished="2024-11-12T14:05:00+03:00"), LINE, TRUE, "date:visible"),
        (ld(datePublished="2024-11-12T09:05:00+05:00"), LINE, TRUE, "date:visible"),
        # a bare day, a moment of the day after in Greenwich
        (meta("2024-11-12"), LINE, TRUE, "date:visible"),
        (meta("2024-11-12T19:30:00Z"), "<div>13.11.2024 00:30</div>", "2024-11-12T19:30+00:00", "date:meta"),
        # when the page was made, or changed
        (meta(NOW.isoformat()), LINE, TRUE, "date:visible"),
        (meta("2025-03-01T10:00:00+05:00"), LINE, TRUE, "date:visible"),
        (ld(dateModified="2024-11-13T10:00:00+05:00"), "", None, None),
        (meta("2024-11-13T10:00:00+05:00", "article:modified_time"), "", None, None),
        (meta("2024-11-13T10:00:00+05:00", "og:updated_time"), LINE, TRUE, "date:visible"),
        ("", "<div>Обновлено: 13.11.2024 10:00</div>", None, None),
        ("", "<div>Последнее обновление 13 ноября 2024, 10:00</div>", None, None),
        # nonsense, and the future
        (meta("now"), LINE, TRUE, "date:visible"),
        (meta("0000-00-00 00:00:00"), LINE, TRUE, "date:visible"),
        (meta("1970-01-01T00:00:00Z"), LINE, TRUE, "date:visible"),
        (meta("2031-01-01T00:00:00Z"), LINE, TRUE, "date:visible"),
        (meta("2031-01-01T00:00:00Z"), "", None, None),
        # other people's dates
        ("", f"<div class='card'><a href='/2'><h3>Сборная объявила состав</h3></a>{OTHER_DAY}</div>", None, None),
        ("", f"<div class='card'><h3><a href='/2'>Сборная объявила состав</a></h3>{OTHER_DAY}</div>", None, None),
        ("", f"<ul><li>10.11.2024 <a href='/2'>{RUSSIAN.others[1]}</a></li></ul>", None, None),
        ("", "<p>Конференция пройдёт 12 ноября 2024 года, начало в 14:05.</p>", None, None),
        ("", "<div class='event-date'>12–14 ноября 2024</div>", None, None),
        ("", "<div class='date'>12 ноября</div>", None, None),
        ("", "<div class='phone'>+7 (727) 250-12-12</div>", None, None),
    ],
)  # fmt: skip
def test_the_ladder(head: str, main: str, at: str | None, step: str | None) -> None:
    assert dated(read(main, head)) == (at, step)


def test_the_zone_of_the_source_dates_what_is_printed() -> None:
    line = "<div>الثلاثاء 12 تشرين الثاني 2024 - 02:05 م</div>"
    assert dated(read(line, item=ARABIC, source=HEBRON)) == ("2024-11-12T14:05+02:00", "date:visible")
    assert dated(read(line, item=ARABIC, source=None)) == ("2024-11-12T14:05+00:00", "date:visible")
    convicted = read(line, meta("2024-11-12T14:05:00Z"), item=ARABIC, source=HEBRON)
    assert dated(convicted) == ("2024-11-12T14:05+02:00", "date:visible")


def test_without_a_source_nobody_knows_whose_clock_it_is() -> None:
    found = read("<div>12 November 2024, 14:05</div>", meta("2024-11-12T14:05:00+05:00"), item=ENGLISH, source=None)
    assert dated(found) == (TRUE, "date:meta")


def test_day_or_month_first_is_not_guessed() -> None:
    found = read("<div class='date'>11/12/2024</div>", item=ENGLISH, source=None)
    assert dated(found) == (None, None)
    assert dated(read("<div class='date'>11/25/2024</div>", item=ENGLISH, source=None)) == (
        "2024-11-25",
        "date:visible",
    )


@pytest.mark.parametrize(
    ("path", "at"),
    [
        ("/2024/11/12/slug", "2024-11-12"),
        ("/news/2024/11/12/77.html", "2024-11-12"),
        ("/20241112/slug-77.html", "2024-11-12"),
        ("/2024/11/slug", None),
        ("/2024/13/45/slug", None),
        ("/news/20241112345", None),
    ],
)
def test_an_address_tells_the_day_where_the_page_tells_nothing(path: str, at: str | None) -> None:
    url = f"https://news.example{path}"
    assert dated(read("", url=url)) == (at, "date:url" if at else None)
    assert dated(read(LINE, url=url)) == (TRUE, "date:visible")


def test_precision_and_evidence_are_kept() -> None:
    stamp = read("<div>Опубликовано: 12.11.2024</div>").published
    assert stamp is not None
    assert (stamp.precision, stamp.evidence) == ("day", "Опубликовано: 12.11.2024")
    assert stamp.at.isoformat() == "2024-11-12T00:00:00+05:00"
