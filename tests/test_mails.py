"""What mails say and what they never hold, whatever strangers put into titles, sentences and addresses."""

from __future__ import annotations

import email
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email import policy
from email.message import EmailMessage
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.model import Evidence, Stamp
from articles.revision import Telling
from flows import letter_parts, letters
from flows.letters import Envelope
from storage.summaries import Item, Place

UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

ENVELOPE = Envelope(
    sender="rasid@example.org",
    to="desk@example.org",
    message_id="ab" * 16,
    date=datetime(2026, 11, 21, 12, 0, tzinfo=UTC),
    why="desk@example.org stands in RASID_MAIL_TO, which is told of everything.",
    stop="Have your address taken out.",
    names={"waha": "وكالة واحة"},
)
ARABIC = "سفير فلسطين يلتقي وزير خارجية كازاخستان"
ITEM = Item(
    id=7,
    version=1,
    name="007_0123456789abcdef.txt",
    now=Telling(title=ARABIC, text=f"{ARABIC} في أستانا اليوم.\nوبحثا التعاون."),
    before=None,
    language="ar",
    url="https://waha.example/news/7?a=1&b=2",
    source="waha",
    kind="A",
    review=True,
    evidence=(
        Evidence(side="palestine", term="فلسطين", where="title", sentence=ARABIC),
        Evidence(side="kazakhstan", term="كازاخستان", where="title", sentence=ARABIC),
    ),
    published=Stamp(
        at=datetime(2026, 11, 21, 14, 5, tzinfo=timezone(timedelta(hours=2))), precision="minute", evidence=""
    ),
    first_seen_at=datetime(2026, 11, 21, 12, 10, tzinfo=UTC),
    story=7,
    sightings=(Place(source="nida", url="https://nida.example/1", title=None, language="ar", seen_at=ENVELOPE.date),),
    reports=(
        Place(
            source="qala",
            url="https://qala.example/2",
            title="Посол встретился с министром",
            language="ru",
            seen_at=ENVELOPE.date,
        ),
    ),
)

strange = st.text(st.characters(), max_size=80) | st.sampled_from(
    [
        "a\r\nBcc: thief@example.net",
        "=?utf-8?q?a=0ABcc:_thief@example.net?=",
        "<script>alert(1)</script>",
        '" onmouseover="x',
        "\u202egnp.exe",
        "\ud83d lone",
        "👩‍👩‍👧 " * 30,
        "ق" * 5000,
        "a" * 5000,
        "\u2067عنوان\u2069 in English",
    ]
)


def sent(message: EmailMessage) -> EmailMessage:
    """The mail as it is read at the other end."""
    read = email.message_from_bytes(message.as_bytes(), policy=policy.default)
    assert isinstance(read, EmailMessage)
    return read


def parts(message: EmailMessage) -> tuple[str, str]:
    plain, page = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None and page is not None
    return plain.get_content(), page.get_content()


class Page(HTMLParser):
    """The elements of a page with their attributes, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def links(self) -> list[str]:
        return [attrs["href"] or "" for tag, attrs in self.tags if tag == "a"]


def test_a_story_says_what_an_analyst_asks() -> None:
    message = sent(letters.story(ENVELOPE, ITEM))
    plain, html = parts(message)
    page = Page(html)
    for words in (
        ARABIC,
        "وكالة واحة",
        "Saturday 21 November 2026, 14:05 (UTC+02:00)",
        "bilateral",
        "To be reviewed",
        "007_0123456789abcdef.txt",
        "https://waha.example/news/7?a=1&b=2",
        "https://nida.example/1",
        "Посол встретился с министром",
        "stands in RASID_MAIL_TO",
        "Have your address taken out.",
    ):
        assert words in plain and words in page.text, words
    assert "*فلسطين*" in plain and "*كازاخستان*" in plain
    marked = [
        attrs["style"] for tag, attrs in page.tags if tag == "b" and "background-color" in (attrs.get("style") or "")
    ]
    assert len(set(marked)) == 2, "each side has its own colour"
    assert page.links() == [ITEM.url, "https://nida.example/1", "https://qala.example/2"]


def test_its_headers() -> None:
    message = sent(letters.story(replace(ENVELOPE, answers="cd" * 16), ITEM))
    assert message["Subject"] == f"راصد: {ARABIC}"
    assert message["Message-ID"] == f"<{'ab' * 16}@example.org>"
    assert message["References"] == message["In-Reply-To"] == f"<{'cd' * 16}@example.org>"
    assert (message["Auto-Submitted"], message["X-Auto-Response-Suppress"]) == ("auto-generated", "All")
    assert message["List-Id"] == "Rasid <rasid.example.org>"
    assert message["Date"].datetime == ENVELOPE.date
    assert message["Bcc"] is None and len(message.get_all("Subject", [])) == 1
    assert message.get_content_type() == "multipart/alternative"
    assert "References" not in letters.story(ENVELOPE, ITEM)


def test_it_is_ascii_in_short_lines_on_its_way() -> None:
    for text in ("سلام", ARABIC * 200, "a" * 5000):
        raw = letters.story(ENVELOPE, replace(ITEM, now=Telling(title=text, text=text))).as_bytes()
        assert raw.isascii() and max(map(len, raw.split(b"\r\n"))) <= 998


def test_every_block_is_set_by_its_own_script() -> None:
    page = Page(parts(letters.story(ENVELOPE, ITEM))[1])
    assert ("rtl", "ar") in [(attrs.get("dir"), attrs.get("lang")) for tag, attrs in page.tags if tag == "h1"]
    ways = {(attrs["dir"], attrs["lang"]) for _, attrs in page.tags if "dir" in attrs and "lang" in attrs}
    assert ways == {("rtl", "ar"), ("ltr", "en"), ("ltr", "ru")}


@pytest.mark.parametrize(
    ("text", "language", "way"),
    [
        (ARABIC, "ar", ("rtl", "ar")),
        ("Kazakhstan and Palestine", "ar", ("ltr", "en")),
        ("Казахстан и Палестина", "ar", ("ltr", "ru")),
        (ARABIC, "en", ("rtl", "ar")),
        ("قازاقستان", "kk", ("rtl", "ar")),
        ("«Nomad MENA» توقع اتفاقا مع كازاخستان", "ar", ("rtl", "ar")),
        ("123", "ru", ("ltr", "ru")),
        ("", "en", ("ltr", "en")),
    ],
)
def test_direction(text: str, language: str, way: tuple[str, str]) -> None:
    block = letter_parts.block(text, language)
    assert (block.dir, block.lang) == way


def test_nothing_is_fetched_when_it_is_opened() -> None:
    _, html = parts(letters.story(ENVELOPE, ITEM))
    tags = {tag for tag, _ in Page(html).tags}
    assert not tags & {"script", "img", "link", "style", "iframe", "form", "object", "video"}
    assert "url(" not in html and "@import" not in html


@settings(max_examples=60)
@given(title=strange, text=strange, sentence=strange, term=strange, url=strange, name=strange)
def test_strangers_words_harm_no_header_and_no_page(
    title: str, text: str, sentence: str, term: str, url: str, name: str
) -> None:
    item = replace(
        ITEM,
        now=Telling(title=title, text=text),
        url=url,
        source=name,
        evidence=(Evidence(side="palestine", term=term, where="text", sentence=sentence),),
        reports=(Place(source=name, url=url, title=title, language="en", seen_at=ENVELOPE.date),),
    )
    message = sent(letters.story(ENVELOPE, item))
    assert message["To"] == "desk@example.org" and message["Bcc"] is None
    subject = str(message["Subject"])
    assert subject == str(letters.story(ENVELOPE, item)["Subject"]) and len(subject) <= 150
    assert not UNSAFE.search(subject) and "\n" not in subject
    for part in parts(message):
        assert not UNSAFE.search(part)
    page = Page(parts(message)[1])
    usual = {tag for tag, _ in Page(parts(letters.story(ENVELOPE, ITEM))[1]).tags}
    assert {tag for tag, _ in page.tags} <= usual | {"span"}
    assert not [name for _, attrs in page.tags for name in attrs if name.startswith("on")]
    assert all(link.startswith(("http://", "https://")) for link in page.links())


@given(st.text(st.sampled_from('аб فل a=?"_— 😀()<>,:;@\u0301'), max_size=170))
def test_a_subject_comes_back_as_it_was(title: str) -> None:
    line = letters.subject_line(f"Rasid: {title}")
    message = EmailMessage(policy=letters.POLICY)
    message["Subject"] = line
    message.set_content("x")
    assert sent(message)["Subject"] == line
    assert max(map(len, message.as_bytes().split(b"\r\n"))) <= 78


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "ftp://a.example/",
        "https://a.example/ b",
        "https://a.example/'onx=",
        "data:text/html,x",
        "",
    ],
)
def test_what_is_no_web_address_is_no_link(url: str) -> None:
    plain, html = parts(letters.story(ENVELOPE, replace(ITEM, url=url, sightings=(), reports=())))
    assert Page(html).links() == []
    assert url in plain


def test_an_article_without_a_title_is_called_by_its_first_words() -> None:
    message = letters.story(ENVELOPE, replace(ITEM, now=Telling(title=None, text="Astana. " + "word " * 100)))
    assert str(message["Subject"]).startswith("Rasid: Astana. word word")
    assert str(message["Subject"]).endswith("…")


def test_a_revision_shows_what_went_and_what_came() -> None:
    before = Telling(title="Старый заголовок", text="Встреча пройдёт во вторник в Астане при участии послов.")
    now = Telling(title="Новый заголовок", text="Встреча пройдёт в четверг в Астане при участии послов.")
    message = letters.revision(ENVELOPE, replace(ITEM, version=2, before=before, now=now, language="ru"))
    plain, html = parts(message)
    assert message["Subject"] == "Rasid, revised: Новый заголовок"
    assert "[-Старый-] {+Новый+} заголовок" in plain and "[-во вторник-] {+в четверг+}" in plain
    assert re.search(r"<del[^>]*>во вторник</del>", html) and re.search(r"<ins[^>]*>в четверг</ins>", html)
    assert str(letters.revision(ENVELOPE, replace(ITEM, before=ITEM.now))["Subject"]).startswith("راصد، نص معدّل: ")


def test_a_batch_tells_them_all() -> None:
    items = [replace(ITEM, id=n, url=f"https://waha.example/{n}") for n in range(12)]
    message = letters.batch(ENVELOPE, items)
    plain, html = parts(message)
    assert message["Subject"] == "Rasid: 12 alerts at once"
    assert all(f"https://waha.example/{n}" in plain and f"https://waha.example/{n}" in html for n in range(12))


def test_a_sample_says_that_it_is_one() -> None:
    message = letters.sample(ENVELOPE, ITEM)
    assert message["Subject"] == "Rasid: a test mail"
    assert all("made up" in part for part in parts(message))


def test_terms_are_marked_whole_and_the_longest_wins() -> None:
    sentence = "State of Palestine and Palestine; Palestinetown"
    evidence = [
        Evidence(side="palestine", term=term, where="text", sentence=sentence)
        for term in ("Palestine", "State of Palestine")
    ]
    (one,) = letter_parts.sentences(evidence, "en")
    assert [piece.text for piece in one.pieces if piece.side] == ["State of Palestine", "Palestine"]
    assert "".join(piece.text for piece in one.pieces) == sentence


def test_addresses_in_other_scripts_stand_in_headers() -> None:
    envelope = replace(ENVELOPE, sender="rasid@пример.example", to="почта@пример.example")
    message = letters.story(envelope, ITEM)
    raw = message.as_bytes(policy=letters.POLICY.clone(utf8=True)).decode()
    assert "To: почта@xn--e1afmkfd.example" in raw
    assert message["Message-ID"] == f"<{'ab' * 16}@xn--e1afmkfd.example>"
