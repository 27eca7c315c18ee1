"""Each cleaning rule, by what it takes away and by what it must leave alone."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles import lines, phrases
from articles.noise import Cleaned, clean

NOW = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
HEBRON = ZoneInfo("Asia/Hebron")
CORPUS = Path(__file__).parent.parent / "corpus"

FIRST = "Президент Казахстана принял в Астане посла Государства Палестина и обсудил с ним развитие отношений."
SECOND = "Стороны договорились расширить сотрудничество в торговле, образовании и здравоохранении."
THIRD = "В завершение встречи посол передал приглашение посетить Рамалла в следующем году."
PROSE = [FIRST, SECOND, THIRD]


def cleaned(
    *rows: str, title: str | None = "Заголовок", site: str | None = None, language: str = "ru", **more: object
) -> Cleaned:
    return clean("\n".join(rows), title=title, site=site, language=language, zone=HEBRON, now=NOW, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rule", "noise"),
    [
        ("image-line", "IMG-20241211-WA0003.jpg"),
        ("image-line", "لقاء-السفير.JPEG"),
        ("image-line", "لقاء السفير مع الوزير.png"),
        ("image-line", "flag-pins-palestine-kazakhstan.jpg"),
        ("control-line", "حجم الخط"),
        ("control-line", "تعليقات القرّاء"),
        ("control-line", "Бөлісу:"),
        ("control-line", "Подписаться"),
        ("control-line", "Tell a friend"),
        ("control-line", "Facebook Twitter WhatsApp"),
        ("read-also", "Читайте также: Токаев поздравил палестинский народ"),
        ("read-also", "اقرأ أيضاً: الرئيس يصل إلى أستانا"),
        ("read-also", "إقرأ أيضا"),
        ("read-also", "Тағы оқыңыз: Тоқаев елшіні қабылдады"),
        ("read-also", "Read also: Envoy received in Astana"),
    ],
)
def test_a_noisy_line_goes_wherever_it_stands(rule: str, noise: str) -> None:
    for place in range(4):
        found = cleaned(*PROSE[:place], noise, *PROSE[place:])
        assert found.text == "\n".join(PROSE)
        assert rule in found.rules


@pytest.mark.parametrize(
    "line",
    [
        "Он показал журналистам файл photo.jpg и сказал, что снимок сделан в Рамалле.",
        "نشرت الوزارة الصورة IMG-1.jpg على موقعها الرسمي اليوم.",
        "Подписаться под обращением решили послы двадцати стран.",
        "Реклама табака запрещена в обеих странах.",
        "شارك الرئيس في القمة العربية الإسلامية في الرياض.",
        "وأضاف أن القرار أيضا يخدم الشعبين.",
        "Читайте внимательно договор, советует посол.",
        "Ранее посол работал в Каире и Аммане.",
        "Telegram удалил каналы по запросу министерства.",
        "الصورة التي رسمها التقرير قاتمة، وفق السفير.",
        "Фото: так называлась выставка, которую посол открыл в Алматы вместе с министром культуры Казахстана.",
        "В 2024 году вышла книга «Газа».",
        "12 ноября 2024 года стороны подписали меморандум.",
        "Мнение посла разделяют многие.",
        "5 > 3, и это все, что надо знать.",
    ],
)
def test_prose_stays_wherever_it_stands(line: str) -> None:
    for place in range(4):
        rows = [*PROSE[:place], line, *PROSE[place:]]
        assert cleaned(*rows).text == "\n".join(rows)


def test_a_title_in_the_text_is_dropped_in_any_spelling() -> None:
    found = cleaned("العلاقات الفلسطينيّة - الكازاخستانية", *PROSE, title="العلاقات الفلسطينية الكازاخستانية")
    assert (found.text, found.title, found.rules) == (
        "\n".join(PROSE),
        "العلاقات الفلسطينية الكازاخستانية",
        ("title-line",),
    )


@pytest.mark.parametrize("gap", ["", "12.11.2024"])
def test_an_unknown_title_is_lifted(gap: str) -> None:
    found = cleaned("Посол принят в Астане", gap, *PROSE, title=None)
    assert found.title == "Посол принят в Астане"
    assert found.text == "\n".join(PROSE)


def test_prose_is_no_title() -> None:
    found = cleaned(*PROSE, title=None)
    assert (found.title, found.text, found.rules) == (None, "\n".join(PROSE), ())


@pytest.mark.parametrize(
    ("line", "at", "precision"),
    [
        (
            "نشر بتاريخ: 08/07/2017 ( آخر تحديث: 08/07/2017 الساعة: 16:41 )",
            "2017-07-08T00:00:00+03:00",
            "day",
        ),
        ("تاريخ النشر: 03/07/2025 05:52 م", "2025-07-03T17:52:00+03:00", "minute"),
        ("06.11.2023, 20:35 118106", "2023-11-06T20:35:00+02:00", "minute"),
        ("16:24, 02 Декабрь 2025 | GMT +5", "2025-12-02T16:24:00+05:00", "minute"),
    ],
)
def test_date_lines_are_read_and_dropped(line: str, at: str, precision: str) -> None:
    found = cleaned(line, *PROSE, language="ar" if "ن" in line or "ت" in line else "ru")
    assert found.text == "\n".join(PROSE)
    assert found.published is not None
    assert (found.published.at.isoformat(), found.published.precision) == (at, precision)
    assert "date-line" in found.rules


def test_a_short_line_said_twice_is_a_caption_and_a_variant_keeps_it() -> None:
    found = cleaned("На полях встречи", "На полях встречи", *PROSE)
    assert found.text == "\n".join(PROSE)
    assert found.variants == ("\n".join(["На полях встречи", *PROSE]),)


def test_a_paragraph_said_twice_stays_once() -> None:
    long = " ".join([FIRST, SECOND])
    assert cleaned(FIRST, FIRST, SECOND, THIRD).text == "\n".join(PROSE)
    assert cleaned(long, THIRD, long).text == "\n".join([long, THIRD])


def test_short_lines_may_come_again() -> None:
    rows = [FIRST, "— Да.", SECOND, "— Да.", THIRD, "0", "0"]
    assert cleaned(*rows).text == "\n".join(rows)


@pytest.mark.parametrize("name", ["Zakon Times", "البوابة 24", "Haberler.com"])
def test_the_sites_name_goes_from_both_ends_alone(name: str) -> None:
    assert cleaned(name, name, *PROSE, name, site="Zakon Times").text == "\n".join(PROSE)
    rows = [FIRST, name, SECOND]
    assert cleaned(*rows, site="Zakon Times").text == "\n".join(rows)


@pytest.mark.parametrize("residue", ["39;>", "#39;>", "&#39;>", "&#39;&gt;", "quot;", "&nbsp;", "&amp;nbsp;"])
def test_what_is_left_of_entities(residue: str) -> None:
    assert cleaned(f"{residue}{FIRST}", SECOND, THIRD).text == "\n".join(PROSE)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("&amp;quot;Газа&amp;quot;", '"Газа"'),
        ("Ben &amp; Co", "Ben & Co"),
        ("AT&T; R&D", "AT&T; R&D"),
        ("5 &lt; 6", "5 < 6"),
        ("&#1605;", "م"),
    ],
)
def test_entities_are_decoded_until_none_is_left(text: str, plain: str) -> None:
    assert lines.unescaped(text) == plain


def test_headlines_below_a_read_also_label_go_with_it() -> None:
    found = cleaned(FIRST, "Читайте также", "Токаев провел совещание", "В Алматы прошел форум", SECOND, THIRD)
    assert found.text == "\n".join(PROSE)


@pytest.mark.parametrize(
    "block",
    [
        ["Напомним, посол прибыл в страну в марте."],
        ["Еске салайық, елші елге наурызда келген."],
        ["Ранее сообщалось, что посол прибыл.", "Он работал в Каире."],
    ],
)
def test_background_is_cut_at_the_end_and_kept_as_a_variant(block: list[str]) -> None:
    found = cleaned(*PROSE, *block)
    assert found.text == "\n".join(PROSE)
    assert "\n".join([*PROSE, *block]) in found.variants
    within = [FIRST, *block, SECOND, THIRD]
    assert cleaned(*within).text == "\n".join(within)


def test_a_text_that_is_background_for_the_most_part_stays() -> None:
    rows = ["Посол прибыл в Астану.", f"Напомним, {FIRST}"]
    assert cleaned(*rows).text == "\n".join(rows)


@pytest.mark.parametrize(
    "note",
    [
        "--(بترا)",
        "R.N",
        "ع.ف",
        "Фото: Акорда",
        "Photo credit: Akorda",
        "Нашли ошибку? Выделите ее и нажмите Ctrl+Enter.",
        "الآراء الواردة أدناه لا تعبر عن رأي الموقع.",
        "Барлық құқықтар қорғалған.",
        "© 2024 Agency. All rights reserved.",
    ],
)
def test_what_stands_below_a_text(note: str) -> None:
    assert cleaned(*PROSE, note).text == "\n".join(PROSE)


def test_drop_lines_are_searched() -> None:
    found = cleaned(FIRST, "Курс валют: 1 доллар", SECOND, THIRD, drop_lines=[re.compile("валют")])
    assert (found.text, found.rules) == ("\n".join(PROSE), ("drop-line",))


def test_spaces_and_blank_runs() -> None:
    assert cleaned(f"\u00a0{FIRST}\u00a0", "\u00a0", "", "", f"\t{SECOND}", "\u200b", THIRD).text == "\n".join(PROSE)


RECEPTION = "نائب رئيس الوزراء ووزير الخارجية الكازاخستاني يستقبل مجلس السفراء العرب المعتمدين لدى كازاخستان"


@pytest.mark.parametrize(
    ("name", "title", "day", "first", "paragraphs"),
    [
        ("000", None, None, "ثمن الرئيس محمود عباس", 9),
        ("001", RECEPTION, None, "نشرت وزارة خارجية", 9),
        ("002", None, None, "اجتمع سفير دولة فلسطين", 7),
        ("003", None, "2017-07-08", "رام الله- معا- انطلقت", 10),
        ("004", "المالكي ونظيره الكازخستاني يوقعان مذكرتي تفاهم", "2018-07-31", "استانا-معا-بحث", 8),
    ],
)  # fmt: skip
def test_the_five_documents(name: str, title: str | None, day: str | None, first: str, paragraphs: int) -> None:
    text = next(CORPUS.glob(f"{name}_*.txt")).read_text("utf-8")
    found = cleaned(*text.split("\n"), title=None, language="ar")
    assert found.title == title
    assert (found.published.at.date().isoformat() if found.published else None) == day
    assert found.published is None or found.published.precision == "day"
    assert found.text.startswith(first)
    assert len(found.text.split("\n")) == paragraphs
    assert len(found.variants) <= 1


WORDS = st.sampled_from(
    [
        "Напомним",
        "Читайте",
        "также",
        "39;>",
        "&#39;",
        "IMG.jpg",
        "وفا",
        "اقرأ",
        "أيضا",
        "посол",
        "2024",
        ".",
        "!",
        "X",
        "\u200b",
        "12.11.2024",
    ]
)
ROWS = st.lists(st.one_of(st.lists(WORDS, max_size=8).map(" ".join), st.text(max_size=30)), max_size=12).map("\n".join)


@settings(deadline=None)
@given(ROWS, st.one_of(st.none(), st.text(max_size=20)))
def test_anything_can_be_cleaned(text: str, title: str | None) -> None:
    found = cleaned(text, title=title, site="X")
    assert "\n\n" not in found.text
    assert found.text not in found.variants
    assert len(found.variants) <= 3


@settings(deadline=None)
@given(st.permutations([FIRST, SECOND, THIRD, "Посол поблагодарил за прием."]))
def test_plain_prose_comes_back_untouched(rows: list[str]) -> None:
    found = cleaned(*rows)
    assert (found.text, found.rules, found.variants) == ("\n".join(rows), (), ())


def test_a_label_is_told_from_a_sentence() -> None:
    assert phrases.is_label("Читайте также:")
    assert not phrases.is_label("Читайте также интервью посла в нашем новом номере.")


@pytest.mark.parametrize("rest", [(), ("Ещё одна строка внизу.",)])
def test_a_copy_of_the_whole_goes(rest: tuple[str, ...]) -> None:
    assert cleaned(*PROSE, *PROSE, *rest).text == "\n".join([*PROSE, *rest])


def test_a_stretch_that_comes_again_later_stays() -> None:
    rows = [
        FIRST,
        "Утро: каша.",
        "День: суп.",
        "Вечер: чай.",
        SECOND,
        "Утро: каша.",
        "День: суп.",
        "Вечер: чай.",
        THIRD,
    ]
    assert cleaned(*rows).text == "\n".join(rows)


@pytest.mark.parametrize(
    "credit", ["Источник: пресс-служба", "Дереккөз: әкімдік", "Source: agencies", "المصدر: وكالات"]
)
def test_a_credit_below_the_text_goes(credit: str) -> None:
    assert cleaned(*PROSE, credit).text == "\n".join(PROSE)
    rows = [FIRST, credit, SECOND, THIRD]
    assert cleaned(*rows).text == "\n".join(rows)


def test_turkish_capitals_are_folded_as_well() -> None:
    assert cleaned(*PROSE, "İLGİLİ HABERLER", "Karaganda yakınlarında iki otobüs çarpıştı").text == "\n".join(PROSE)
