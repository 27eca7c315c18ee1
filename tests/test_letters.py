"""Letters in whatever bytes they come: true labels, false ones, two charsets on a page, decoded once too often."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.model import Answer, Article, Source
from extractors import mojibake
from extractors.article import extract
from extractors.charset import decode
from tests.conftest import NOW

SAID = {
    "ar": (
        "سفير فلسطين يلتقي وزير الخارجية في أستانا",
        "التقى سفير دولة فلسطين لدى كازاخستان، اليوم الثلاثاء، وزير الخارجية في العاصمة أستانا، وبحث "
        "معه تطوير العلاقات "
        "الثنائية وزيادة المنح الدراسية للطلبة الفلسطينيين.",
        "وأكد الوزير موقف بلاده الثابت من حق الشعب الفلسطيني في إقامة دولته المستقلة وعاصمتها القدس الشرقية.",
    ),
    "ru": (
        "Посол Палестины встретился с министром в Астане",
        "Посол Государства Палестина в Казахстане встретился во вторник с министром иностранных дел и "
        "обсудил с ним развитие "
        "двусторонних отношений и увеличение числа стипендий для палестинских студентов.",
        "Министр подтвердил неизменную позицию страны: народ Палестины имеет право на независимое государство.",
    ),
    "kk": (
        "Палестина елшісі Астанада министрмен кездесті",
        "Палестина Мемлекетінің Қазақстандағы елшісі сейсенбі күні Сыртқы істер министрімен кездесіп, "
        "екіжақты қатынастарды "
        "дамыту және палестиналық студенттерге бөлінетін гранттарды көбейту мәселелерін талқылады.",
        "Министр еліміздің ұстанымы өзгермейтінін, Палестина халқының тәуелсіз мемлекет құруға құқығы "
        "бар екенін айтты.",
    ),
    "tr": (
        "Filistin Büyükelçisi Astana'da bakanla görüştü",
        "Filistin Devleti'nin Kazakistan Büyükelçisi salı günü Dışişleri Bakanı ile görüşerek ikili "
        "ilişkilerin geliştirilmesini "
        "ve Filistinli öğrencilere verilen bursların artırılmasını ele aldı.",
        "Bakan, ülkesinin değişmeyen tutumunu yineledi: Filistin halkının bağımsız bir devlet kurma hakkı vardır.",
    ),
    "fr": (
        "L'ambassadeur de Palestine reçu à Astana",
        "L'ambassadeur de l'État de Palestine au Kazakhstan a été reçu mardi par le ministre des "
        "Affaires étrangères, avec "
        "lequel il a évoqué les relations bilatérales et les bourses accordées aux étudiants palestiniens.",
        "Le ministre a réaffirmé la position constante de son pays en faveur d'un État indépendant.",
    ),
    "en": (
        "Palestine's ambassador received in Astana — “a friend’s visit”",
        "The ambassador of the State of Palestine to Kazakhstan was received on Tuesday by the foreign "
        "minister; they spoke "
        "about the two countries’ relations and about more scholarships for Palestinian students.",
        "The minister’s view: “The Palestinian people have the right to an independent state.”",
    ),
}
UTF_8, UTF_16_LE, UTF_16_BE = "utf-8", "utf-16-le", "utf-16-be"


def page(language: str, head: str = "") -> str:
    title, first, second = SAID[language]
    return (
        f"<!doctype html><html><head>{head}<title>{title}</title></head><body><h1>{title}</h1>"
        f"<p>{first}</p><p>{second}</p></body></html>"
    )


def read(body: bytes, content_type: str, language: str | None) -> Article:
    url = "https://news.example/a/1"
    answer = Answer(asked=url, url=url, status=200, content_type=content_type, body=body, fetched_at=NOW)
    source = Source(name="example", title="Example", language=language) if language else None
    found = extract(answer, source, NOW)
    assert isinstance(found, Article), found
    return found


def says(found: Article, language: str) -> bool:
    title, *paragraphs = SAID[language]
    return (found.title, found.text) == (title, "\n".join(paragraphs))


# Language, charset of the bytes, charset of the header, charset of the meta element.
BYTES = [
    ("ar", UTF_8, None, None),
    ("ar", UTF_8, "utf-8", "utf-8"),
    ("ar", UTF_8, "windows-1256", None),
    ("ar", UTF_8, None, "windows-1256"),
    ("ar", UTF_8, "iso-8859-1", "utf-8"),
    ("ar", UTF_8, "utf-8", "windows-1256"),
    ("ar", "windows-1256", "windows-1256", None),
    ("ar", "windows-1256", None, "windows-1256"),
    ("ar", "windows-1256", None, None),
    ("ar", "windows-1256", "utf-8", None),
    ("ar", "windows-1256", "utf-8", "utf-8"),
    ("ar", "windows-1256", "utf-8", "windows-1256"),
    ("ar", "windows-1256", "windows-1256", "utf-8"),
    ("ar", "windows-1256", "iso-8859-1", None),
    ("ar", "windows-1256", "iso-8859-6", None),
    ("ar", "windows-1256", "windows-1252", None),
    ("ar", "windows-1256", "windows-1251", None),
    ("ar", "windows-1256", "x-unknown", None),
    ("ar", "iso-8859-6", "iso-8859-6", None),
    ("ar", "iso-8859-6", None, "iso-8859-6"),
    ("ar", "iso-8859-6", None, None),
    ("ar", "iso-8859-6", "windows-1256", None),
    ("ar", UTF_16_LE, "utf-16", None),
    ("ar", UTF_16_LE, None, "utf-16"),
    ("ru", UTF_8, None, None),
    ("ru", UTF_8, "windows-1251", "windows-1251"),
    ("ru", UTF_8, "koi8-r", None),
    ("ru", "windows-1251", "windows-1251", None),
    ("ru", "windows-1251", None, "windows-1251"),
    ("ru", "windows-1251", None, "cp1251"),
    ("ru", "windows-1251", None, None),
    ("ru", "windows-1251", "utf-8", "utf-8"),
    ("ru", "windows-1251", "utf-8", "windows-1251"),
    ("ru", "windows-1251", "koi8-r", None),
    ("ru", "windows-1251", "iso-8859-1", None),
    ("ru", "windows-1251", "windows-1256", None),
    ("ru", "koi8-r", "koi8-r", None),
    ("ru", "koi8-r", None, None),
    ("ru", "koi8-r", "windows-1251", "windows-1251"),
    ("ru", "koi8-r", "utf-8", None),
    ("ru", "cp866", None, None),
    ("ru", "cp866", "ibm866", None),
    ("ru", "iso-8859-5", "iso-8859-5", None),
    ("ru", "mac-cyrillic", "x-mac-cyrillic", None),
    ("ru", "mac-cyrillic", None, None),
    ("ru", UTF_16_LE, None, None),
    ("ru", UTF_16_BE, None, None),
    ("ru", UTF_16_BE, "utf-8", "utf-8"),
    ("kk", UTF_8, "windows-1251", None),
    ("kk", "kz1048", "kz-1048", None),
    ("kk", "kz1048", None, None),
    ("kk", "kz1048", "windows-1251", None),
    ("kk", UTF_16_LE, None, None),
    ("tr", UTF_8, "iso-8859-9", None),
    ("tr", "windows-1254", "windows-1254", None),
    ("tr", "windows-1254", "iso-8859-9", None),
    ("tr", "windows-1254", None, None),
    ("tr", "windows-1254", "iso-8859-1", None),
    ("tr", "windows-1254", "utf-8", None),
    ("fr", UTF_8, "iso-8859-1", None),
    ("fr", "windows-1252", None, None),
    ("fr", "iso-8859-1", "utf-8", None),
    ("fr", "windows-1252", "iso-8859-15", None),
    ("en", UTF_8, "iso-8859-1", "windows-1252"),
    ("en", "windows-1252", None, None),
    ("en", "windows-1252", "utf-8", "utf-8"),
]


@pytest.mark.parametrize(("language", "charset", "header", "meta"), BYTES)
def test_whatever_the_labels_say_the_letters_are_right(
    language: str, charset: str, header: str | None, meta: str | None
) -> None:
    body = page(language, f"<meta charset='{meta}'>" if meta else "").encode(charset)
    content_type = "text/html" + (f"; charset={header}" if header else "")
    assert says(read(body, content_type, language), language)


@pytest.mark.parametrize("label", ["utf-8", "windows-1256", "windows-1251"])
@pytest.mark.parametrize(
    ("mark", "charset"),
    [(codecs.BOM_UTF8, UTF_8), (codecs.BOM_UTF16_LE, UTF_16_LE), (codecs.BOM_UTF16_BE, UTF_16_BE)],
)
@pytest.mark.parametrize("language", SAID)
def test_a_byte_order_mark_outranks_labels(language: str, mark: bytes, charset: str, label: str) -> None:
    assert says(read(mark + page(language).encode(charset), f"text/html; charset={label}", language), language)


def shown(text: str, charset: str) -> str:
    """UTF-8 taken for another charset; bytes that this leaves undefined become controls, as in browsers."""
    return "".join(bytes([code]).decode(charset, "ignore") or chr(code) for code in text.encode())


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("charset", ["latin-1", "windows-1252", "windows-1251", "windows-1256", "koi8-r", "cp866"])
@pytest.mark.parametrize("language", ["ar", "ru", "kk"])
def test_utf8_that_was_taken_for_something_else(language: str, charset: str, known: bool) -> None:
    body = shown(page(language), charset).encode()
    found = read(body, "text/html; charset=utf-8", language if known else None)
    assert says(found, language)
    assert found.steps[0] == f"charset:declared:utf-8+undone:{charset.replace('latin-1', 'windows-1252')}"


@pytest.mark.parametrize("language", ["ar", "ru", "kk", "tr", "fr", "en"])
def test_utf8_that_was_taken_for_western_european(language: str) -> None:
    for charset in ("latin-1", "windows-1252"):
        assert says(read(shown(page(language), charset).encode(), "text/html", language), language)


def test_twice_is_undone_twice() -> None:
    twice = shown(shown(page("ru"), "latin-1"), "latin-1")
    assert says(read(twice.encode(), "text/html", "ru"), "ru")


@pytest.mark.parametrize(
    ("language", "charset"), [("ar", "windows-1256"), ("ar", "iso-8859-6"), ("ru", "windows-1251"), ("ru", "koi8-r")]
)
def test_arabic_and_cyrillic_that_were_taken_for_western_european(language: str, charset: str) -> None:
    body = page(language).encode(charset).decode("latin-1").encode()
    found = read(body, "text/html; charset=utf-8", language)
    assert says(found, language)
    assert found.steps[0] == "charset:declared:utf-8+undone:windows-1252"


@pytest.mark.parametrize("part", [0, 1])
@pytest.mark.parametrize(("language", "charset"), [("ar", "windows-1256"), ("ru", "windows-1251")])
def test_a_part_of_the_page_in_another_charset(language: str, charset: str, part: int) -> None:
    body = page(language).encode()
    other = SAID[language][part]
    assert says(
        read(body.replace(other.encode(), other.encode(charset)), "text/html; charset=utf-8", language), language
    )
    body = page(language).encode(charset)
    mixed = body.replace(other.encode(charset), other.encode())
    assert says(read(mixed, f"text/html; charset={charset}", language), language)


@pytest.mark.parametrize("charset", ["latin-1", "windows-1251"])
def test_a_title_alone_that_was_decoded_once_too_often(charset: str) -> None:
    title = SAID["ru"][0]
    assert says(read(page("ru").replace(title, shown(title, charset)).encode(), "text/html", "ru"), "ru")


def test_western_letters_spelt_as_entities() -> None:
    spelt = shown(SAID["ar"][1], "latin-1").encode("ascii", "xmlcharrefreplace").decode()
    named = page("ar").replace(SAID["ar"][1], spelt)
    assert says(read(named.encode(), "text/html", "ar"), "ar")


def test_tails_that_got_lost_cost_their_letters_alone() -> None:
    lossy = page("ru").encode().decode("windows-1252", "replace")
    text, taken_for = mojibake.mend(lossy, ())
    assert taken_for == "windows-1252"
    assert len(text) == len(page("ru"))
    assert all(one == other for one, other in zip(text, page("ru"), strict=True) if one != "\ufffd")


@pytest.mark.parametrize(
    "text",
    [
        "Её ёлка: «СССР» — США, 5 °С, ЭВМ № 3; РФ… «Р»",
        "فلسطين وكازاخستان: «لقاء» – ٢٠٢٤، ص ١٢؛ ط ع ظ",
        "L’Élysée, où l’été a été « très » doux à Nîmes… Ça va ? Øre, Ångström",
        "İstanbul’da güneşli; ığdır şöyle çağ",
        "Tiếng Việt, Português: NÃO, MANHÃ, São; Íslensk þjóð á Þingvöllum",
        "Қазақстан ұлттық үні; Київ: «Є їжа»",
        "10 °C ± 2 µm, ½ × ¼ = ⅛ © ® ™",
        "",
    ],
)
def test_what_reads_well_is_left_alone(text: str) -> None:
    for charsets in ((), ("windows-1251", "windows-1256")):
        assert mojibake.mend(text, charsets) == (text, None)


@settings(deadline=None)
@given(st.text(max_size=80), st.sampled_from(["latin-1", "windows-1251", "windows-1256", "koi8-r"]))
def test_mending_never_raises(text: str, charset: str) -> None:
    mojibake.mend(text, ("windows-1251", "windows-1256"))
    wrong = shown(text.encode("utf-8", "replace").decode(), charset)
    assert isinstance(mojibake.mend(wrong, ("windows-1251",))[0], str)
    assert isinstance(decode(wrong.encode(), "text/html", "ar")[0], str)


PROSE = SAID["ru"][1]
SIGNS = {
    # what stands in the page: what is read
    "&laquo;a&raquo; &mdash; &hellip;": "«a» — …",
    "&amp;laquo;a&amp;raquo;": "«a»",
    "a &amp;quot;b&amp;quot; c": 'a "b" c',
    "&amp;#1605; &amp;#x645;": "م م",
    "AT&amp;T, R&D, &amp;amp;": "AT&T, R&D, &",
    "5 &lt; 6": "5 < 6",
    "a&#150;b &#145;c&#146; &#133;": "a–b ‘c’ …",
    "a&nbsp;b\u00a0c\u202fd": "a b c d",
    "пре&shy;зи\u00adдент": "президент",
    "a\u200bb\ufeffc\u2060d": "abcd",
    "می\u200cخواهم": "می\u200cخواهم",
    "\u202eabc\u202c \u2067x\u2069 \u200fy\u200e": "abc x y",
    "a&#8238;b&#x2066;c": "abc",
    "a&#xD800;b": "a\ufffdb",
    "a&#0;b": "a\ufffdb",
    "a&#x110000;b": "a\ufffdb",
    "a\x01b\x1bc\x7fd\x85e": "abcd e",
    "a&#1;b&#27;c&#127;d": "abcd",
    "ﷲ ﻻ ﻣﺤﻤﺪ": "ﷲ ﻻ ﻣﺤﻤﺪ",
    "۱۲۳ ١٢٣": "۱۲۳ ١٢٣",
    "😀 &#128512; 👩\u200d👩": "😀 😀 👩\u200d👩",
    "a\ue001b": "ab",
    "&xyz; &;": "&xyz; &;",
    "39;a": "39;a",
}


@pytest.mark.parametrize("written", SIGNS)
def test_signs_are_read_once_and_safely_in_title_and_text(written: str) -> None:
    body = f"<html><body><h1>Слово {written} слово дня</h1><p>{PROSE} Слово {written} слово.</p><p>{SAID['ru'][2]}</p>"
    found = read(body.encode(), "text/html; charset=utf-8", "ru")
    said = SIGNS[written]
    assert found.title == f"Слово {said} слово дня"
    assert found.text.split("\n")[0] == f"{PROSE} Слово {said} слово."


@pytest.mark.parametrize("written", [sign for sign in SIGNS if not set("<>'\x01") & set(sign) and "&#0" not in sign])
def test_stated_titles_are_read_as_often(written: str) -> None:
    head = f"<meta property='og:title' content='Слово {written} слово дня'>"
    body = f"<html><head>{head}</head><body><p>{PROSE}</p><p>{SAID['ru'][2]}</p>"
    assert read(body.encode(), "text/html; charset=utf-8", "ru").title == f"Слово {SIGNS[written]} слово дня"
