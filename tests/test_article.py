"""Pages become articles: the cascade on pages written here, and the five documents in many surroundings."""

from __future__ import annotations

import html
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles import noise
from articles.model import Answer, Article, ExtractRules, Link, Refusal, Source
from articles.text import matching_copy
from extractors.article import extract
from extractors.page import MOST_MARKUP, MOST_TAGS, bounded
from extractors.refusals import LONGEST_TEXT
from extractors.titles import LONGEST_TITLE

NOW = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
CORPUS = Path(__file__).parent.parent / "corpus"
DOCUMENTS = {
    name: next(CORPUS.glob(f"{name}_*.txt")).read_text("utf-8") for name in ("000", "001", "002", "003", "004")
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
        f'<!doctype html><html lang="ar" dir="rtl"><head><meta charset="utf-8">'
        f"<title>{title} | البوابة 24</title>{head}"
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
        f"<h1>{TITLES[name]}</h1><div class='content'><p>{TITLES[name]}</p><p>{CAPTION}</p><p>{CAPTION}</p>"
        f"{body}{images}<p>البوابة 24</p></div>"
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
    return noise.clean(DOCUMENTS[name], title=None, site=None, language="ar", zone=ZoneInfo("Asia/Hebron"), now=NOW)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_served_document_is_recognised(name: str, shape) -> None:
    found = extract(serve(shape(name)), source(), NOW)
    assert isinstance(found, Article), found
    assert copies(found) & copies(adopted(name))
    assert len(found.variants) <= 3
    assert found.title == TITLES[name]
    assert found.language == "ar"


# ---- the cascade, step by step --------------------------------------------------------------------------------

P1 = "Президент Казахстана принял в Астане посла Государства Палестина и обсудил с ним развитие отношений."
P2 = "Стороны договорились расширить сотрудничество в торговле, образовании и здравоохранении."
P3 = "В завершение встречи посол передал приглашение посетить Рамалла в следующем году."
BODY = f"<p>{P1}</p><p>{P2}</p><p>{P3}</p>"
TEXT = f"{P1}\n{P2}\n{P3}"
HEADLINE = "Посол Палестины принят в Астане"
ALMATY = Source(name="example", title="Пример", language="ru", timezone="Asia/Almaty")


def read(main: str, head: str = "", link: Link | None = None, by: Source | None = ALMATY) -> Article:
    found = extract(serve(f"<html><head>{head}</head><body>{main}</body></html>"), by, NOW, link)
    assert isinstance(found, Article), found
    return found


def ld(**fields: object) -> str:
    return f"<script type='application/ld+json'>{json.dumps({'@type': 'NewsArticle', **fields})}</script>"


def ruled(**rules: object) -> Source:
    return Source(name="example", title="Пример", language="ru", timezone="Asia/Almaty", extract=ExtractRules(**rules))  # type: ignore[arg-type]


def test_a_plain_page_is_an_article() -> None:
    found = read(f"<h1>{HEADLINE}</h1>{BODY}")
    assert (found.title, found.text, found.language) == (HEADLINE, TEXT, "ru")
    assert found.steps == ("charset:declared:utf-8", "body:trafilatura", "title:h1")


@pytest.mark.parametrize(
    "body",
    [
        f"<div>{P1}<br>{P2}<br>{P3}</div>",
        f"<div>{P1}<br><br>{P2}<br/><br/>{P3}</div>",
        f"<p>{P1}<br>\n{P2}<br>\n{P3}</p>",
        f"<div><div>{P1}</div><div>{P2}</div><div>{P3}</div></div>",
        f"<div>{P1}<p>{P2}</p>{P3}</div>",
        f"<table><tr><td>{P1}<br>{P2}</td></tr><tr><td>{P3}</td></tr></table>",
        f"<p><b>{P1}</b></p><p><b>{P2}</b></p><p><b>{P3}</b></p>",
        f"<div><font size='2'>{P1}<br><br>{P2}<br><br>{P3}</font></div>",
    ],
)
def test_paragraphs_survive_however_they_are_marked(body: str) -> None:
    assert read(f"<h1>{HEADLINE}</h1>{body}").text == TEXT


def test_the_sources_rule_comes_first() -> None:
    ours = f"<b class='d'>12.11.2024 14:05</b><div class='x'>{P1}<i>{P2}</i><p>{P3}</p></div>"
    main = f"<h1>Другое</h1><h2 class='t'>{HEADLINE}</h2>{ours}{BODY}"
    found = read(main, by=ruled(title=".t", body=".x", date=".d", remove=("i",), drop_lines=("приглашение",)))
    assert (found.title, found.text) == (HEADLINE, P1)
    assert found.published is not None
    assert found.published.at.isoformat() == "2024-11-12T14:05:00+05:00"
    assert {"title:site-rule", "body:site-rule", "date:site-rule", "clean:drop-line"} <= set(found.steps)


def test_a_rule_that_finds_nothing_falls_through() -> None:
    found = read(f"<h1>{HEADLINE}</h1>{BODY}", by=ruled(title=".no", body=".no", date=".no", remove=(".no",)))
    assert (found.title, found.text) == (HEADLINE, TEXT)
    assert "body:trafilatura" in found.steps


def test_removed_parts_are_gone_for_every_step() -> None:
    found = read(
        f"<h1>{HEADLINE}</h1><div>{BODY}<div class='ad'><p>{P1.replace('Астане', 'Алматы')}</p></div></div>",
        by=ruled(remove=(".ad",)),
    )
    assert found.text == TEXT


def test_json_ld_is_believed_where_the_page_agrees() -> None:
    long = [f"{P1} Абзац номер {n}." for n in range(14)]
    main = (
        f"<h1>{HEADLINE}</h1>"
        + "".join(f"<p>{line}</p>" for line in long)
        + f"<p>{P2.replace('торговле', 'рекламе')}</p>"
    )
    assert "body:json-ld" in read(main, ld(articleBody=" ".join(long))).steps
    assert read(main, ld(articleBody=" ".join(long))).text == "\n".join(long)
    lie = read(main, ld(articleBody=" ".join(["Совсем другой текст о погоде в горах."] * 12)))
    assert "body:trafilatura" in lie.steps


def test_a_lead_outside_the_body_is_put_back() -> None:
    lead = "Посол вручил президенту послание и рассказал о положении в Газе."
    for box in (f"<div class='article__lead'>{lead}</div>", f"<div class='z'>{lead}</div>"):
        found = read(
            f"<header><h1>{HEADLINE}</h1>{box}</header><article>{BODY}</article>",
            f"<meta name='description' content='{lead}'>",
        )
        assert found.text == f"{lead}\n{TEXT}"
    hidden = read(f"<h1>{HEADLINE}</h1>{BODY}", f"<meta name='description' content='{lead}'>")
    assert hidden.text == TEXT


@pytest.mark.parametrize(
    "noise",
    [
        "<figure><img src='a.jpg'><figcaption>Посол и президент. Фото пресс-службы.</figcaption></figure>",
        "<div class='photo'><img src='a.jpg'><span>Посол и президент в резиденции</span></div>",
        "<p>Читайте также: <a href='/x'>В Алматы прошел форум</a></p>",
        "<div class='inject'><b>Новости по теме</b><ul><li><a href='/x'>В Алматы прошел форум</a></li></ul></div>",
        "<p><a href='/x'>В Алматы прошел большой форум</a></p>",
        "<div style='display:none'><p>Скрытая копия текста о встрече посла.</p></div>",
        "<script>var text = 'Посол';</script><style>p {color: red}</style>",
        "<p>IMG-20241211-WA0003.jpg</p>",
        "<div class='share'>Поделиться</div>",
    ],
)
def test_what_stands_between_paragraphs_is_left_out(noise: str) -> None:
    assert read(f"<h1>{HEADLINE}</h1><div><p>{P1}</p><p>{P2}</p>{noise}<p>{P3}</p></div>").text == TEXT


def test_a_page_that_a_script_would_show_is_read() -> None:
    assert read(f"<div style='display: none'><h1>{HEADLINE}</h1>{BODY}</div>").text == TEXT


@pytest.mark.parametrize(
    ("head", "main", "title"),
    [
        ("<title>X | Пример</title>", f"<h1>{HEADLINE}</h1>", HEADLINE),
        (f"<title>{HEADLINE} | Пример</title>", "", HEADLINE),
        (f"<title>{HEADLINE} - Пример</title>", "<h1>Пример</h1>", HEADLINE),
        (
            f"<meta property='og:title' content='{HEADLINE} — Сайт'><meta property='og:site_name' content='Сайт'>",
            "",
            HEADLINE,
        ),
        ("<meta property='og:title' content='Совсем иначе сказано'>", f"<h1>{HEADLINE}</h1>", HEADLINE),
        (
            f"<title>{HEADLINE}</title>",
            f"<div><h1>Срочно: курс доллара вырос</h1></div><h1>{HEADLINE}</h1>",
            HEADLINE,
        ),
        (
            "<meta property='og:title' content='&amp;quot;Газа&amp;quot; и мир вокруг нее'>",
            "",
            '"Газа" и мир вокруг нее',
        ),
        (ld(headline=HEADLINE), "", HEADLINE),
        ("<title>Посол о Газе - latest news</title>", "", "Посол о Газе - latest news"),
        ("<title>Посол о встрече в Газе | News Example</title>", "", "Посол о встрече в Газе"),
        ("", f"<h2>{HEADLINE}</h2>", HEADLINE),
        (
            "<title>Встреча в Астане - итоги дня и комментарии</title>",
            "",
            "Встреча в Астане - итоги дня и комментарии",
        ),
    ],
)
def test_titles(head: str, main: str, title: str) -> None:
    found = read(f"{main}{BODY}", head)
    assert (found.title, found.text) == (title, TEXT)


SHOWN = "<div>12.11.2024, 14:05</div>"


def published(at: str) -> str:
    return f"<meta property='article:published_time' content='{at}'>"


@pytest.mark.parametrize(
    ("head", "main", "at", "step"),
    [
        (published("2024-11-12T14:05:00+05:00"), "", "14:05+05:00", "meta"),
        (ld(datePublished="2024-11-12T14:05:00+05:00"), "", "14:05+05:00", "json-ld"),
        ("", "<time datetime='2024-11-12T14:05'>вчера</time>", "14:05+05:00", "time"),
        ("", "<div>12 ноября 2024, 14:05</div>", "14:05+05:00", "visible"),
        # the local hour marked Z, the UTC hour marked +05:00, the zone of before March 2024
        (published("2024-11-12T14:05:13Z"), SHOWN, "14:05+05:00", "visible"),
        (ld(datePublished="2024-11-12T09:05:13+05:00"), SHOWN, "14:05+05:00", "visible"),
        (ld(datePublished="2024-11-12T14:05:00+06:00"), SHOWN, "14:05+05:00", "visible"),
        # true offsets are kept
        (ld(datePublished="2024-11-12T09:05:00Z"), SHOWN, "09:05+00:00", "json-ld"),
        # a bare day gives way to the minute
        ("<meta name='date' content='2024-11-12'>", SHOWN, "14:05+05:00", "visible"),
    ],
)
def test_dates(head: str, main: str, at: str, step: str) -> None:
    found = read(f"<h1>{HEADLINE}</h1>{main}{BODY}", head)
    assert found.published is not None
    assert found.published.at.isoformat(timespec="minutes") == f"2024-11-12T{at}"
    assert f"date:{step}" in found.steps
    assert found.text == TEXT


@pytest.mark.parametrize(
    "head", ["", "<meta name='date' content='soon'>", "<meta name='date' content='2031-01-01T00:00:00Z'>"]
)
def test_no_date_rather_than_a_guess(head: str) -> None:
    assert read(f"<h1>{HEADLINE}</h1>{BODY}", head).published is None


def test_the_front_page_speaks_where_the_page_is_silent() -> None:
    stamp = read(f"<h1>{HEADLINE}</h1><div>12.11.2024, 14:05</div>{BODY}").published
    silent = read(f"<div>{BODY}</div>", link=Link(url="https://news.example/a/1", title=HEADLINE, published=stamp))
    assert (silent.title, silent.published) == (HEADLINE, stamp)
    assert {"title:link", "date:link"} <= set(silent.steps)


def test_authors() -> None:
    assert read(f"<h1>{HEADLINE}</h1>{BODY}", ld(author={"name": "Айгуль Н."})).author == "Айгуль Н."
    assert read(f"<h1>{HEADLINE}</h1>{BODY}", "<meta name='author' content='Пример'>").author is None


# ---- what is no article ---------------------------------------------------------------------------------------

TEASER = "Власти области сообщили о ремонте дорог и о погоде на неделю, номер {}."
LIST = "".join(
    f"<div class='card'><h2><a href='/n/{n}'>Другая новость дня о жизни города {n}</a></h2>"
    f"<p>{TEASER.format(n)}</p></div>"
    for n in range(9)
)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<div id='app'></div><script>start()</script>",
        "<h1>{{ title }}</h1><p>{{ lead }}</p><p>{{ body }} опубликовано сегодня на нашем сайте новостей.</p>",
        "<h1>Новости</h1><ul>"
        + "".join(f"<li><a href='/n/{n}'>Другая новость дня о жизни города {n}</a></li>" for n in range(20))
        + "</ul>",
        f"<h1>Новости</h1>{LIST}",
        f"<h1>{HEADLINE}</h1><div itemprop='articleBody'> </div><ul><li>Политика</li><li>Общество</li></ul>",
        "<h1>Страница</h1>",
    ],
)
def test_pages_without_an_article_are_refused(body: str) -> None:
    found = extract(serve(f"<html><head><title>Новости</title></head><body>{NAV}{body}</body></html>"), ALMATY, NOW)
    assert isinstance(found, Refusal)
    assert found.reason.endswith(".")


@pytest.mark.parametrize(
    ("content_type", "body"),
    [("application/pdf", b"%PDF-1.7"), ("text/html", b"\x89PNG\r\n"), ("image/png", b"x")],
)
def test_files_are_no_pages(content_type: str, body: bytes) -> None:
    assert isinstance(extract(serve(body, content_type), ALMATY, NOW), Refusal)


@pytest.mark.parametrize("label", ["", "<h3>Читайте также</h3>", "<h3>Последние новости</h3>"])
@pytest.mark.parametrize("name", ["related", "block", "sidebar"])
def test_a_short_item_among_previews_is_an_article(name: str, label: str) -> None:
    main = f"{NAV}<div><h1>{HEADLINE}</h1><p>{P1}</p><p>{P2}</p></div><div class='{name}'>{label}{LIST}</div>{FOOTER}"
    assert read(main, f"<title>{HEADLINE}</title>").text == f"{P1}\n{P2}"


# ---- hostile bytes --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        b"\0" * 1000,
        b"<html><body>" + b"<div>" * 20_000 + b"<p>text",
        b"<html><body><p>" + b"a" * 2_000_000,
        b"<p>" * 5000 + b"<h1>" * 500,
        b"<script type='application/ld+json'>" + b"[" * 50_000 + b"</script><p>x</p>",
        b"<!--" * 10_000,
    ],
    ids=["nul", "nested", "long", "unclosed", "json", "comments"],
)
def test_hostile_pages_are_refused_in_time(body: bytes) -> None:
    assert isinstance(extract(serve(body), ALMATY, NOW), Refusal)


def test_nuls_and_broken_bytes_cost_no_article() -> None:
    body = f"<html><body><h1>{HEADLINE}</h1>{BODY}</body></html>".encode()
    place = body.index(P2.encode())
    found = extract(serve(body[:place] + b"\0\0" + body[place:]), ALMATY, NOW)
    assert isinstance(found, Article)
    assert found.text == TEXT
    assert isinstance(extract(serve(body[:place] + b"\xff\xfe" + body[place:]), ALMATY, NOW), Article)


PIECES = st.sampled_from(
    [
        P1,
        P2,
        "<p>",
        "</p>",
        "<div>",
        "<h1>",
        "<br>",
        "<a href='x'>",
        "&#0;",
        "&#39;",
        "<table><td>",
        "<!--",
        "\0",
        "<title>",
        "\u202e",
    ]
)


@settings(deadline=None, max_examples=150)
@given(st.one_of(st.binary(max_size=300), st.lists(PIECES, max_size=30).map(lambda parts: "".join(parts).encode())))
def test_nothing_raises_and_titles_and_texts_are_safe(body: bytes) -> None:
    found = extract(
        serve(body),
        ALMATY,
        NOW,
        Link(url="https://news.example/a/1", summary="Президент принял посла в Астане сегодня утром"),
    )
    if isinstance(found, Article):
        assert found.text
        assert not re.search("[\x00-\x08\u202a-\u202e\u2066-\u2069]", found.text + (found.title or ""))


@pytest.mark.parametrize("by", [None, Source(name="s", title="S", extract=ExtractRules(body="article"))])
def test_a_text_too_long_for_an_article_is_refused(by: Source | None) -> None:
    line = "The minister said that the talks would go on in the capital tomorrow. "
    found = extract(serve(f"<article><p>{line * (LONGEST_TEXT // len(line) + 1)}</p></article>"), by, NOW)
    assert isinstance(found, Refusal) and "no article is that long" in found.reason


def test_what_is_too_long_for_a_headline_is_no_title() -> None:
    stated = f"<title>{'word ' * LONGEST_TITLE}</title>"
    text = "<p>The minister said that the talks would go on in the capital tomorrow, and that he would be there.</p>"
    found = extract(
        serve(f"<html><head>{stated}</head><body><h1>The talks go on</h1>{text * 4}</body></html>"), None, NOW
    )
    assert isinstance(found, Article) and found.title == "The talks go on"
    untitled = extract(serve(f"<html><head>{stated}</head><body>{text * 4}</body></html>"), None, NOW)
    assert isinstance(untitled, Article) and untitled.title is None


def test_a_page_of_too_many_tags_is_read_up_to_there() -> None:
    text = bounded("<p>a</p>" + "<b>" * MOST_TAGS)
    assert text.startswith("<p>a</p>") and text.count("<") == MOST_TAGS
    assert len(bounded("<script>a</script>" + "b" * 2 * MOST_MARKUP)) == MOST_MARKUP
    assert bounded("<p>short</p>") == "<p>short</p>"
