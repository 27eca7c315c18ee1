"""Forms of words: known answers by language, and none that another word would share."""

from __future__ import annotations

import pytest

from articles.inflection import LANGUAGES, beginnings, forms

KNOWN = [
    ("ar", "فلسطين", "فلسطين وفلسطين بفلسطين لفلسطين الفلسطيني والفلسطينيه للفلسطينيين فلسطينيون"),
    ("ar", "القدس", "القدس والقدس بالقدس للقدس فالقدس"),
    ("en", "palestinian", "palestinian palestinians"),
    ("fa", "فلسطين", "فلسطين فلسطيني فلسطينيها فلسطينيان"),
    ("fr", "palestinien", "palestinien palestiniens palestinienne palestiniennes"),
    ("he", "פלסטין", "פלסטין הפלסטיני ולפלסטינים שהפלסטינית מהפלסטינים"),
    ("ru", "палестин", "палестина палестины палестине палестину палестиной"),
    ("ru", "казахстанск", "казахстанский казахстанского казахстанскому казахстанскими казахстанская казахстанскую"),
    ("ru", "казахстан", "казахстан казахстана казахстану казахстаном казахстане казахстанец казахстанцев казахстанка"),
    ("kk", "палестина", "палестинаның палестинаға палестинаны палестинада палестинадан палестинамен палестиналықтарға"),
    (
        "kk",
        "қазақстан",
        "қазақстанның қазақстанға қазақстанды қазақстаннан қазақстанмен қазақстандағы қазақстандықтардың",
    ),
    ("kk", "сектор", "секторы секторында секторынан секторына секторындағы"),
    ("kk", "тоқаев", "тоқаевтың тоқаевқа тоқаевпен тоқаевты"),
    ("kk", "qazaqstan", "qazaqstannyn qazaqstannin qazaqstanga qazaqstandyqtar qazaqstandiqtar"),
    ("kk", "قازاقستان", "قازاقستاننيڭ قازاقستانعا قازاقستاندا قازاقستاننان"),
    ("tr", "filistin", "filistine filistinin filistinden filistinli filistinlilere filistinlilerin"),
    ("tr", "kazakistan", "kazakistana kazakistanda kazakistandan kazakistanin kazakistanli"),
    ("zh", "坦", "坦"),
]


@pytest.mark.parametrize(("language", "word", "expected"), KNOWN)
def test_forms(language: str, word: str, expected: str) -> None:
    assert set(expected.split()) <= forms(word, language, endings=True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_endings_only_what_stands_before(language: str) -> None:
    assert forms("سلام", language, endings=False) == set(beginnings("سلام", language))


OTHERS = [
    ("ar", "غزه", "غزا غزاره غزو"),
    ("ar", "القدس", "قدس"),
    ("ru", "палестин", "палестинске"),
    ("kk", "газа", "газ газға газдың газдан газы"),
    ("ru", "казах", "казаки казак"),
]


@pytest.mark.parametrize(("language", "word", "others"), OTHERS)
def test_another_word_is_no_form(language: str, word: str, others: str) -> None:
    assert not set(others.split()) & forms(word, language, endings=True)


def test_harmony_and_assimilation_choose_the_ending() -> None:
    wrong = {"палестинаге", "палестинаде", "палестинатың", "қазақстантан", "секторнда"}
    assert not wrong & (forms("палестина", "kk", endings=True) | forms("сектор", "kk", endings=True))
