"""Equal texts: the matching copy in every script, and the marks that an article is known by."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles import sameness
from articles.model import Article
from articles.text import matching_copy

FOLDED = [
    # Arabic: hamza forms, ya, ta marbuta, marks, tatweel, Persian letters, digits, presentation forms
    ("أحمد إلى آخر ٱلله", "احمد الي اخر الله"),
    ("مستشفى مدرسة", "مستشفي مدرسه"),
    ("كَازَاخِسْتَانُ", "كازاخستان"),
    ("فلسطيــــن", "فلسطين"),
    ("کازاخستان یوم", "كازاخستان يوم"),
    ("١٢٣ و۴۵۶", "123 و456"),
    ("ﻓﻠﺴﻄﻴﻦ", "فلسطين"),
    ("مسؤول شئون", "مسؤول شئون"),
    ("قال ، ثم مضى ؟", "قال، ثم مضي؟"),
    # Cyrillic: ё, a combining accent stays off й; capitals and Kazakh letters stay
    ("Ещё самолёт Ёлка", "Еще самолет Елка"),
    ("Қазақстан Ұлы Һәм Әлем", "Қазақстан Ұлы Һәм Әлем"),
    ("Йод и\u0306од", "Йод йод"),
    # signs
    ("«так» “so” „also“", '"так" "so" "also"'),
    ("ʼ ’ ‘ `", "' ' ' '"),
    ("a — b – c ‑ d − e", "a - b - c - d - e"),
    ("a\u00a0b\u2009c\u200b\u200ed\u00ade", "a b cde"),
    ("ﬁne ① ２", "fine 1 2"),
    ("( a )  b .", "(a) b."),
    ("", ""),
]

LONG = "Kazakhstan and Palestine signed an agreement on the exchange of students in Astana today. " * 3


def article(text: str, title: str | None = None, *variants: str) -> Article:
    return Article(url="https://a.example/1", title=title, text=text, language="en", variants=variants)


@pytest.mark.parametrize(("text", "copy"), FOLDED)
def test_matching_copy(text: str, copy: str) -> None:
    assert matching_copy(text) == copy


@given(st.text())
def test_a_matching_copy_is_its_own(text: str) -> None:
    once = matching_copy(text)
    assert sameness.digest(once) == sameness.digest(text) or matching_copy(once) != once


def test_the_public_hash_begins_the_digest() -> None:
    digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"  # SHA-256 of "test"
    assert sameness.digest("test") == digest
    assert sameness.content_hash(" test\n") == digest[:16]
    assert sameness.marks(article(LONG)).content_hash == sameness.digest(LONG)[:16]


def test_long_texts_are_known_without_their_title() -> None:
    assert sameness.marks(article(LONG, "One")).identities == sameness.marks(article(LONG, "Other")).identities


def test_short_texts_are_known_with_their_title() -> None:
    one, other, none = (sameness.marks(article("Watch the video.", title)) for title in ("One", "Other", None))
    assert one.digest == other.digest == none.digest
    assert len({one.identities, other.identities, none.identities}) == 3
    assert sameness.marks(article("Watch  the video .", "ОNE".replace("О", "O").title())).identities == one.identities


def test_the_bound_of_short_texts() -> None:
    words = [f"w{number}" for number in range(sameness.SHORT)]
    long, short = " ".join(words), " ".join(words[1:])
    assert sameness.marks(article(long, "One")).identities == sameness.marks(article(long, "Other")).identities
    assert sameness.marks(article(short, "One")).identities != sameness.marks(article(short, "Other")).identities


def test_variants_are_further_identities() -> None:
    found = sameness.marks(article(LONG, None, LONG + "A caption.", LONG))
    assert found.identities == (sameness.digest(LONG), sameness.digest(LONG + "A caption."))
