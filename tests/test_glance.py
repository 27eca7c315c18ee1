"""The cheap look loses nothing: every labelled item on topic, in every form in which a page may hold its letters."""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from urllib.parse import quote

import pytest

from articles import topic
from articles.topic import Topic
from benchmarks.topic import ROOT, Item, read_items
from extractors.glance import Glance

ARABIC, CYRILLIC = ("ar", "fa"), ("ru", "kk", "en")


def in_hexadecimal(letter: str) -> str:
    return letter if letter < "\x7f" else f"&#x{ord(letter):x};"


FORMS: dict[str, tuple[Callable[[str], bytes], tuple[str, ...]]] = {
    "utf-8": (str.encode, ()),
    "utf-16": (lambda text: text.encode("utf-16"), ()),
    "windows-1256": (lambda text: text.encode("windows-1256", "xmlcharrefreplace"), ARABIC),
    "windows-1251": (lambda text: text.encode("windows-1251", "xmlcharrefreplace"), CYRILLIC),
    "koi8-r": (lambda text: text.encode("koi8-r", "xmlcharrefreplace"), CYRILLIC),
    "kz1048": (lambda text: text.encode("kz1048", "xmlcharrefreplace"), CYRILLIC),
    "numbers": (lambda text: text.encode("ascii", "xmlcharrefreplace"), ()),
    "hexadecimal": (lambda text: "".join(map(in_hexadecimal, text)).encode(), ()),
    "escapes": (lambda text: f"<script>{json.dumps(text)}</script>".encode(), (*ARABIC, "ru", "he", "zh", "en")),
    "percent": (lambda text: quote(text, safe="<>/ ").encode(), (*ARABIC, "ru", "he", "zh", "en")),
    "decoded wrongly": (lambda text: text.encode().decode("latin-1").encode(), (*ARABIC, "ru", "he")),
}


@pytest.fixture(scope="module")
def watched() -> Topic:
    return topic.load((ROOT / "topic.toml").read_text("utf-8"), file="topic.toml")


@pytest.fixture(scope="module")
def glance(watched: Topic) -> Glance:
    return Glance(watched)


@pytest.fixture(scope="module")
def on_topic(watched: Topic) -> list[Item]:
    """Items that are on topic by their label or by the rule."""
    return [
        one
        for one in read_items()
        if one.kind != "D" or topic.judge(watched, title=one.title, text=one.text, language=one.language).on_topic
    ]


@pytest.mark.parametrize("form", FORMS)
def test_no_item_on_topic_is_lost(glance: Glance, on_topic: list[Item], form: str) -> None:
    encode, languages = FORMS[form]
    wanted = [one for one in on_topic if not languages or one.language in languages]
    assert len(wanted) > 40
    assert [one.id for one in wanted if not glance.names_both(encode(rendered(one)))] == []


def rendered(item: Item) -> str:
    """A page with menus, scripts and the item in it."""
    title = html.escape(item.title or "", quote=False)
    body = "".join(f"<p>{html.escape(paragraph, quote=False)}</p>" for paragraph in item.text.split("\n"))
    menu = "".join(f'<li class="menu-{n}"><a href="/section/{n}">{n}</a></li>' for n in range(40))
    head = f"<title>{title}</title><script>var settings = {{}};</script>"
    return f"<!DOCTYPE html><html><head>{head}</head><body><ul>{menu}</ul><h1>{title}</h1>{body}</body></html>"


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("<p>Palestine and Kazakhstan</p>", True),
        ("<p>Palestine and Pakistan</p>", False),
        ("<p>Казахстан и Узбекистан</p>", False),
        ("<p>КАЗАХСТАН и ПАЛЕСТИНА</p>", True),
        ("<p>Filistin ile Kazakistan'ın ilişkileri</p>", True),
        ("<p>Казах&shy;стан – Палестина</p><p>Казахстан</p>", True),
        ("<p>A bridge over the river</p>" * 500, False),
        ("", False),
        ("abc", False),
        ("\ufffd\ufffd", False),
    ],
)
def test_both_sides_or_not(glance: Glance, body: str, names: bool) -> None:
    assert glance.names_both(body.encode()) is names


@pytest.mark.parametrize("body", [b"\xff\xfe", b"\x00" * 50, bytes(range(256)) * 4, b"%", b"&#999999;" * 20, b"\\u12"])
def test_no_bytes_raise(glance: Glance, body: bytes) -> None:
    assert glance.names_both(body) in (True, False)
