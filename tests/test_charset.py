"""Bytes become text: true labels, false labels, none, and bytes that are no text at all."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.charset import decode

ARABIC = (
    "استقبل وزير الخارجية في العاصمة أستانا اليوم سفير دولة فلسطين لدى كازاخستان، وبحث معه سبل تعزيز العلاقات "
    "الثنائية بين البلدين الصديقين وآخر التطورات في المنطقة."
)
RUSSIAN = (
    "Министр иностранных дел принял сегодня в Астане посла Государства Палестина в Казахстане и обсудил с ним "
    "развитие двусторонних отношений и положение в регионе."
)
KAZAKH = (
    "Сыртқы істер министрі бүгін Астанада Палестина Мемлекетінің Қазақстандағы елшісін қабылдап, екіжақты "
    "қатынастарды дамыту мәселелерін және өңірдегі жағдайды талқылады."
)
TURKISH = "Cumhurbaşkanı İstanbul'da görüştü; ikili ilişkiler ve bölgesel gelişmeler ele alındı."
BYTES_OF = {
    "windows-1256": (ARABIC, "ar"),
    "iso-8859-6": (ARABIC, "ar"),
    "windows-1251": (RUSSIAN, "ru"),
    "koi8-r": (RUSSIAN, "ru"),
    "iso-8859-5": (RUSSIAN, "ru"),
    "cp866": (RUSSIAN, "ru"),
    "kz1048": (KAZAKH, "kk"),
}


def page(text: str, meta: str = "") -> str:
    return f"<!doctype html><html><head>{meta}<title>{text[:20]}</title></head><body><p>{text}</p></body></html>"


@pytest.mark.parametrize("charset", BYTES_OF)
def test_a_true_label_is_believed(charset: str) -> None:
    text, language = BYTES_OF[charset]
    assert decode(page(text).encode(charset), f"text/html; charset={charset}", language) == (
        page(text),
        f"declared:{charset}",
    )


@pytest.mark.parametrize(
    "label", ["", "; charset=iso-8859-1", "; charset=windows-1252", "; charset=utf-8", "; charset=xx"]
)
@pytest.mark.parametrize("charset", [name for name in BYTES_OF if name != "kz1048"])
def test_a_missing_or_false_label_is_found_out(charset: str, label: str) -> None:
    text, language = BYTES_OF[charset]
    for expected in (language, None):
        assert decode(page(text).encode(charset), f"text/html{label}", expected) == (
            page(text),
            f"tested:{charset}",
        )


@pytest.mark.parametrize(("charset", "label"), [("koi8-r", "windows-1251"), ("windows-1251", "koi8-r")])
def test_the_two_russian_charsets_are_told_apart(charset: str, label: str) -> None:
    assert decode(page(RUSSIAN).encode(charset), f"text/html; charset={label}", "ru") == (
        page(RUSSIAN),
        f"tested:{charset}",
    )


def test_an_arabic_source_may_carry_a_russian_page() -> None:
    assert decode(page(RUSSIAN).encode("windows-1251"), "text/html", "ar") == (
        page(RUSSIAN),
        "tested:windows-1251",
    )


@pytest.mark.parametrize("text", [ARABIC, RUSSIAN, KAZAKH, TURKISH])
@pytest.mark.parametrize("label", ["windows-1256", "windows-1251", "iso-8859-1", "koi8-r"])
def test_valid_utf8_wins_over_any_label(text: str, label: str) -> None:
    body = page(text, f'<meta charset="{label}">').encode()
    assert decode(body, f"text/html; charset={label}", "ar") == (body.decode(), "tested:utf-8")


def test_the_meta_element_and_the_xml_declaration_are_labels() -> None:
    meta = page(TURKISH, '<meta http-equiv="Content-Type" content="text/html; charset=windows-1254">')
    assert decode(meta.encode("windows-1254"), "text/html", "tr") == (meta, "declared:windows-1254")
    xml = f'<?xml version="1.0" encoding="windows-1254"?><rss><title>{TURKISH}</title></rss>'
    assert decode(xml.encode("windows-1254"), "application/xml", "tr") == (xml, "declared:windows-1254")


@pytest.mark.parametrize(
    ("mark", "charset"),
    [(codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")],
)
def test_a_byte_order_mark_settles_it(mark: bytes, charset: str) -> None:
    text, how = decode(mark + page(ARABIC).encode(charset), "text/html; charset=windows-1251", "ru")
    assert text == page(ARABIC)
    assert how.startswith("bom:utf-")


def test_utf16_without_a_mark() -> None:
    assert decode(page(RUSSIAN).encode("utf-16-le"), "text/html", "ru") == (page(RUSSIAN), "tested:utf-16-le")


def test_broken_sequences_cost_their_letters_alone() -> None:
    body = page(ARABIC).encode()
    place = body.index("أستانا".encode())
    text, how = decode(body[:place] + b"\xff\xfe\x80" + body[place:], "text/html; charset=utf-8", "ar")
    assert how == "repaired:utf-8"
    assert text.replace("\ufffd", "") == page(ARABIC)


def test_a_body_cut_within_a_letter() -> None:
    text, how = decode(page(RUSSIAN).encode()[:201], "text/html", "ru")
    assert how == "repaired:utf-8"
    assert text.startswith(page(RUSSIAN)[:100])


def test_nuls_are_dropped() -> None:
    assert decode(page(ARABIC).replace(" ", " \0").encode(), "", "ar")[0] == page(ARABIC)


@pytest.mark.parametrize("label", ["idna", "punycode", "undefined", "unicode_escape", "utf-7", "hex", "rot13", "none"])
@pytest.mark.parametrize("language", ["ar", None])
def test_labels_that_are_no_charsets_are_passed_over(label: str, language: str | None) -> None:
    body = ARABIC.encode("windows-1256")
    text, how = decode(body, f"text/html; charset={label}", language)
    assert text == ARABIC and label not in how


def test_other_scripts_keep_their_label() -> None:
    greek = page("Ο πρόεδρος συναντήθηκε με τον πρέσβη και συζήτησαν τις σχέσεις των δύο χωρών στην Αθήνα σήμερα.")
    assert decode(greek.encode("windows-1253"), "text/html; charset=windows-1253", "el") == (
        greek,
        "declared:windows-1253",
    )


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=400), st.text(max_size=60), st.sampled_from(["ar", "ru", "kk", "en", None]))
def test_no_bytes_and_no_label_raise(body: bytes, content_type: str, language: str | None) -> None:
    text, how = decode(body, content_type, language)
    assert "\0" not in text
    assert ":" in how


@settings(deadline=None)
@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0\ufeff"), max_size=200))
def test_utf8_comes_back_as_it_went(text: str) -> None:
    if text.encode()[:200].count(0) <= 60:
        assert decode(text.encode(), "text/html; charset=utf-8", None) == (text, "declared:utf-8")
