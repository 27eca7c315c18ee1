"""Pages become articles: the cascade on pages written here, and the five documents in many surroundings."""

from __future__ import annotations

import html
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from articles import noise
from articles.model import Answer, Article, ExtractRules, Source
from articles.text import matching_copy
from extractors.article import extract

NOW = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
CORPUS = Path(__file__).parent.parent / "corpus"
DOCUMENTS = {
    name: next(CORPUS.glob(f"{name}_*.txt")).read_text("utf-8")
    for name in ("000", "001", "002", "003", "004")
}


def serve(
    body: str | bytes, content_type: str = "text/html; charset=utf-8", url: str = "https://news.example/a/1"
) -> Answer:
    raw = body.encode() if isinstance(body, str) else body
    return Answer(asked=url, url=url, status=200, content_type=content_type, body=raw, fetched_at=NOW)


def source(**rules: object) -> Source:
    return Source(
        name="example",
        title="موقع الأخبار",
        language="ar",
        timezone="Asia/Hebron",
        extract=ExtractRules(**rules),
    )


# ---- the five documents, as a site may serve them -------------------------------------------------------------

TITLES = {
    "000": "الرئيس يثمن مواقف كازاخستان الثابتة من القضية الفلسطينية",
    "001": "نائب رئيس الوزراء ووزير الخارجية الكازاخستاني يستقبل مجلس السفراء العرب المعتمدين لدى كازاخستان",
    "002": "السفير أبو زيد يبحث مع الخارجية الكازاخستانية آخر التطورات",
    "003": "انطلاق الجولة الأولى للمشاورات السياسية بين فلسطين وكازاخستان",
    "004": "المالكي ونظيره الكازخستاني يوقعان مذكرتي تفاهم",
}
CAPTION = "على هامش اللقاء"
NAV = "<nav><ul>" + "".join(f'<li><a href="/s/{n}">قسم {n}</a></li>' for n in range(9)) + "</ul></nav>"
CARDS = "<h3>أخبار ذات صلة</h3>" + "".join(
    f'<div class="card"><a href="/a/{n}"><h4>عنوان خبر آخر لا علاقة له بالموضوع رقم {n}</h4></a>'
    f"<p>ملخص قصير لخبر آخر عن الطقس والطرق في المحافظات رقم {n}.</p></div>"
    for n in range(5)
)
FOOTER = "<footer><p>جميع الحقوق محفوظة للموقع 2024</p></footer>"


def prose(name: str) -> list[str]:
    """A document's own paragraphs: without title, date, captions, image names and the site's name."""
    return [
        line.removeprefix("39;>")
        for line in DOCUMENTS[name].split("\n")
        if len(line.split()) > 14 and "نشر بتاريخ" not in line
    ]


def page(main: str, title: str, head: str = "") -> str:
    return (
        f'<!doctype html><html lang="ar" dir="rtl"><head><meta charset="utf-8"><title>{title} | البوابة 24</title>{head}'
        f"</head><body><header><a href='/'>البوابة 24</a></header>{NAV}<div class='page'>{main}"
        f"<div class='side'>{CARDS}</div></div>{FOOTER}</body></html>"
    )


def clean_paragraphs(name: str) -> str:
    body = "".join(f"<p>{line}</p>" for line in prose(name))
    return page(
        f"<article><h1>{TITLES[name]}</h1><time datetime='2024-12-11'>11/12/2024</time>{body}</article>",
        TITLES[name],
    )


def noisy_paragraphs(name: str) -> str:
    images = "".join(f"<p>IMG-20241211-WA000{n}.jpg</p>" for n in range(3))
    first, *others = prose(name)
    body = f"<p>39;&gt;{first}</p>" + "".join(f"<p>{line}</p><p>&nbsp;</p>" for line in others)
    main = (
        f"<h1>{TITLES[name]}</h1><div class='content'><p>{TITLES[name]}</p><p>{CAPTION}</p><p>{CAPTION}</p>{body}{images}"
        "<p>البوابة 24</p></div>"
    )
    return page(main, TITLES[name])


def broken_lines(name: str) -> str:
    dated = "نشر بتاريخ: 31/07/2018 ( آخر تحديث: 31/07/2018 الساعة: 23:25 )"
    body = "<br><br>\n".join(prose(name))
    return page(f"<h1>{TITLES[name]}</h1><div class='body'>{dated}<br>{body}</div>", TITLES[name])


def divisions(name: str) -> str:
    body = "".join(f"<div>{line}</div>" for line in prose(name))
    return page(f"<div class='title'><h1>{TITLES[name]}</h1></div><div id='text'>{body}</div>", TITLES[name])


def one_caption(name: str) -> str:
    body = "".join(f"<p>{line}</p>" for line in prose(name))
    return page(f"<h1>{TITLES[name]}</h1><div class='post'><p>{CAPTION}</p>{body}</div>", TITLES[name])


def bare(name: str) -> str:
    body = "".join(f"<p>{line}</p>" for line in prose(name))
    return f"<html><body><h1>{TITLES[name]}</h1>{body}</body></html>"


def whole_file(name: str) -> str:
    body = "".join(f"<p>{html.escape(line)}</p>" for line in DOCUMENTS[name].split("\n"))
    return f"<html><head><title>{TITLES[name]}</title></head><body><div class='news-content'>{body}</div></body></html>"


SHAPES = (clean_paragraphs, noisy_paragraphs, broken_lines, divisions, one_caption, bare, whole_file)


def copies(of: noise.Cleaned | Article) -> set[str]:
    return {matching_copy(text) for text in (of.text, *of.variants)}


def adopted(name: str) -> noise.Cleaned:
    return noise.clean(
        DOCUMENTS[name], title=None, site=None, language="ar", zone=ZoneInfo("Asia/Hebron"), now=NOW
    )


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_served_document_is_recognised(name: str, shape) -> None:
    found = extract(serve(shape(name)), source(), NOW)
    assert isinstance(found, Article), found
    assert copies(found) & copies(adopted(name))
    assert len(found.variants) <= 3
    assert found.title == TITLES[name]
    assert found.language == "ar"
