"""The text decides on its language; the hint only where the text cannot."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.language import detect, likely, normal

TEXTS = {
    "ar": "استقبل وزير الخارجية في العاصمة أستانا سفير دولة فلسطين وبحث معه العلاقات الثنائية بين البلدين.",
    "fa": "وزیر امور خارجه در آستانه با سفیر فلسطین دیدار و درباره گسترش روابط دو کشور گفتگو کرد و پیام گرفت.",
    "ur": "وزیر خارجہ نے آستانہ میں فلسطین کے سفیر سے ملاقات کی اور دونوں ملکوں کے تعلقات پر بات چیت کی ہے۔",
    "ru": "Министр иностранных дел принял в Астане посла Палестины и обсудил с ним отношения двух стран.",
    "kk": "Сыртқы істер министрі Астанада Палестина елшісін қабылдап, екі елдің қатынастарын талқылады.",
    "ky": "Тышкы иштер министри Астанада Палестинанын элчисин кабыл алып, эки өлкөнүн мамилелерин талкуулады.",
    "uk": "Міністр закордонних справ прийняв в Астані посла Палестини та обговорив з ним відносини двох країн, їхніх.",
    "en": "The foreign minister received the ambassador of Palestine in Astana and discussed relations of the two.",
    "tr": "Dışişleri Bakanı Astana'da Filistin büyükelçisini kabul etti ve iki ülke arasındaki ilişkileri görüştü.",
    "fr": "Le ministre des Affaires étrangères a reçu à Astana l'ambassadeur de Palestine et évoqué les relations.",
    "he": "שר החוץ קיבל באסטנה את שגריר פלסטין ודן עמו ביחסים בין שתי המדינות ובמצב באזור כולו.",
    "zh": "外交部长在阿斯塔纳会见了巴勒斯坦大使，讨论了两国关系以及地区局势，双方表示愿意继续加强各领域合作与交流。",
}


@pytest.mark.parametrize("hint", [None, "en", "ar", "ru", "kk"])
@pytest.mark.parametrize("language", TEXTS)
def test_the_text_outranks_the_hint(language: str, hint: str | None) -> None:
    assert detect(TEXTS[language], hint) == language


def test_kazakh_in_arabic_letters_is_not_arabic() -> None:
    text = "مينيستر استانادا پالەستينا ەلشىسىن قابىلداپ، ەكى ەلدىڭ قاتىناستارىن تالقىلادى ٴبىر جىل بۇرىن"
    assert detect(text, "ar") == "kk"


def test_arabic_with_a_foreign_name_stays_arabic() -> None:
    assert detect(TEXTS["ar"] * 3 + " چاڤيز") == "ar"


@pytest.mark.parametrize(
    ("text", "hint", "language"),
    [("Астана", "kk", "kk"), ("", "ar", "ar"), ("123", None, "en"), ("OK", "tr", "tr")],
)
def test_short_texts_leave_it_to_the_hint(text: str, hint: str | None, language: str) -> None:
    assert detect(text, hint) == language


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("ar-PS", "ar"),
        ("RU_ru", "ru"),
        ("kz", "kk"),
        ("kaz", "kk"),
        ("", None),
        (None, None),
        ("x", None),
        ("english", None),
    ],
)
def test_tags_are_brought_to_two_letters(tag: str | None, code: str | None) -> None:
    assert normal(tag) == code


@settings(deadline=None)
@given(st.text(max_size=300), st.one_of(st.none(), st.text(max_size=8)))
def test_every_text_has_a_language(text: str, hint: str | None) -> None:
    assert len(detect(text, hint)) == 2


def test_common_languages_need_no_model() -> None:
    for language in ("ar", "ru", "kk", "en", "tr", "fr"):
        assert likely(TEXTS[language]) == language


def test_labels_leave_it_to_the_hint_or_to_nobody() -> None:
    assert likely("Menu Sport Video Foto Blog Login Contact Weather Radio", "lv-LV") == "lv"
    assert likely("Menu Sport Video Foto Blog Login Contact Weather Radio") is None
