"""One news item in five languages through the page shapes of many sites: all of its text, nothing else, "
"to the minute."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.model import Answer, Article, Refusal, Source
from benchmarks.quality import precision_recall
from extractors.article import extract
from tests import shapes
from tests.conftest import NOW
from tests.newsdesk import ITEMS, Item

MINUTES = {"ar": "2024-11-12T14:05+02:00", "tr": "2024-11-12T14:05+03:00"}
ALMATY = "2024-11-12T14:05+05:00"


def served(body: bytes, item: Item | None) -> Article | Refusal:
    url = "https://news.example/news/77"
    answer = Answer(asked=url, url=url, status=200, content_type="text/html", body=body, fetched_at=NOW)
    source = Source(name="example", title="", language=item.language, timezone=item.zone) if item else None
    return extract(answer, source, NOW)


@pytest.mark.parametrize("language", ITEMS)
@pytest.mark.parametrize("shape", shapes.SHAPES, ids=lambda shape: shape.__name__)
def test_an_item_in_any_shape(shape: shapes.Shape, language: str) -> None:
    item = ITEMS[language]
    page, paragraphs = shape(item)
    found = served(page.encode(), item)
    assert isinstance(found, Article), found
    assert found.title == item.title
    assert found.text == "\n".join(paragraphs)
    assert found.language == language
    assert found.published is not None
    assert found.published.at.isoformat(timespec="minutes") == MINUTES.get(language, ALMATY)


@pytest.mark.parametrize("language", ITEMS)
@pytest.mark.parametrize("shape", shapes.SHAPES, ids=lambda shape: shape.__name__)
def test_the_same_without_a_source(shape: shapes.Shape, language: str) -> None:
    page, paragraphs = shape(ITEMS[language])
    found = served(page.encode(), None)
    assert isinstance(found, Article), found
    precision, recall = precision_recall("\n".join(paragraphs), found.text)
    assert min(precision, recall) > 0.95
    assert (found.title, found.language) == (ITEMS[language].title, language)


@pytest.mark.parametrize("language", ITEMS)
@pytest.mark.parametrize("make", shapes.NO_ARTICLES, ids=lambda make: make.__name__)
def test_pages_that_are_no_articles(make: shapes.Callable[[Item], str], language: str) -> None:
    item = ITEMS[language]
    for source in (item, None):
        found = served(make(item).encode(), source)
        assert isinstance(found, Refusal), found
        assert not found.failed


OTHERS = {
    "fa": (
        "بازگشایی کتابخانه مرکزی پس از سه سال",
        "کتابخانه مرکزی شهر پس از سه سال تعمیر، روز سه‌شنبه با حضور شهردار و گروهی از نویسندگان بازگشایی شد.",
        "مدیر کتابخانه گفت که هشتاد هزار جلد کتاب تازه خریداری شده و بخش کودکان دو برابر بزرگ‌تر از گذشته است.",
    ),
    "he": (
        "הספרייה המרכזית נפתחה מחדש אחרי שלוש שנים",
        "הספרייה המרכזית של העיר נפתחה מחדש ביום שלישי אחרי שלוש שנות שיפוץ, בנוכחות ראש העירייה וסופרים רבים.",
        "מנהלת הספרייה סיפרה שנרכשו שמונים אלף ספרים חדשים ושאגף הילדים גדול פי שניים מכפי שהיה בעבר.",
    ),
    "zh": (
        "市中心图书馆三年后重新开放",
        "经过三年的维修，市中心图书馆星期二重新向公众开放，市长和许多作家出席了开馆仪式，数百名读者在门外排起了长队。",
        "馆长介绍说，图书馆新购买了八万册图书，儿童阅览区的面积比过去扩大了一倍，晚上也将照常开放到十点钟为止。",
    ),
    "kk": (
        "ورتالىق كىتاپحانا ءۇش جىلدان كەيىن اشىلدى",
        "قالانىڭ ورتالىق كىتاپحاناسى ءۇش جىلعا سوزىلعان جوندەۋدەن كەيىن سەيسەنبى كۇنى وقىرماندارعا ەسىگىن قايتا اشتى.",
        "كىتاپحانا باسشىسى سەكسەن مىڭ جاڭا كىتاپ ساتىپ الىنعانىن، بالالار ءبولىمىنىڭ ەكى ەسە ۇلكەيگەنىن ايتتى.",
    ),
    "fr": (
        "La bibliothèque centrale rouvre ses portes après trois ans",
        "La bibliothèque centrale a rouvert mardi après trois ans de "
        "travaux, en présence du maire et de nombreux écrivains.",
        "La directrice a expliqué que quatre-vingt mille livres ont été achetés et que la salle des enfants a doublé.",
    ),
}


@pytest.mark.parametrize("language", OTHERS)
def test_pages_in_other_scripts(language: str) -> None:
    title, *paragraphs = OTHERS[language]
    body = f"<html><head><title>{title}</title></head><body><h1>{title}</h1>{shapes.ps(paragraphs)}</body></html>"
    found = served(body.encode(), None)
    assert isinstance(found, Article), found
    assert (found.title, found.text, found.language) == (title, "\n".join(paragraphs), language)


# ---- hostile pages --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tag", ["div", "table"])
def test_two_hundred_thousand_levels_end(tag: str) -> None:
    found = served(f"<html><body>{f'<{tag}>' * 200_000}<p>text".encode(), None)
    assert isinstance(found, Refusal)


PAGES = [shape(ITEMS["ar"])[0].encode() for shape in shapes.SHAPES[:14]]
"""Own-written pages in which damage is done."""


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(PAGES), st.integers(0, 2**32), st.sampled_from(["flip", "cut", "shuffle", "double"]))
def test_damaged_pages_never_raise(page: bytes, seed: int, damage: str) -> None:
    random = Random(seed)
    body = bytearray(page)
    if damage == "flip":
        for _ in range(40):
            body[random.randrange(len(body))] = random.randrange(256)
    elif damage == "cut":
        body = body[: random.randrange(len(body))]
    elif damage == "shuffle":
        pieces = bytes(body).split(b"<")
        random.shuffle(pieces)
        body = bytearray(b"<".join(pieces))
    else:
        start = random.randrange(len(body))
        body[start:start] = body[start : start + random.randrange(2000)]
    found = served(bytes(body), ITEMS["ar"])
    assert isinstance(found, Article | Refusal)
    if isinstance(found, Article):
        assert not any(ord(sign) < 32 and sign != "\n" for sign in found.text + (found.title or ""))
