"""What joins the two sides in a sentence: an act, an encounter, a statement, or nothing but standing side by side."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

from articles import apart
from articles.cues import SIDES, Topic
from articles.structure import Reading, Sentence
from articles.subjects import (
    has,
    has_partner,
    has_person,
    is_acting,
    is_head,
    is_of_course,
    is_of_place,
    is_place_only,
    is_plain,
    is_speaking,
)


class Bond(StrEnum):
    """The kinds of meeting of the two sides, the strongest first."""

    DEED = "deed"
    """Help, a vote, an evacuation: something is done."""
    MEETING = "meeting"
    """A visit, a call, a letter, relations."""
    OFFICE = "office"
    """An official of Palestine is named together with Kazakhstan."""
    PEOPLE = "people"
    """Citizens of one side are named together with the other."""
    STANCE = "stance"
    """One speaks for or against the other."""
    CONTEXT = "context"
    """Palestine meets someone there who by the rest of the text is Kazakhstan's."""
    TOLD = "told"
    """Someone of Kazakhstan, named in the sentence before, speaks of Palestine."""
    GIVEN = "given"
    """What the text says is done for Palestine is Kazakhstan's, or a part of it is."""
    NEAR = "near"
    """Two sentences in a row tell of one side each, and of an act or an encounter."""
    HEAD = "head"
    """The headline and the first sentence name both, and nothing there joins them."""
    CITIZENS = "citizens"
    """The first words tell of people and of both sides, in sentences apart."""
    MENTION = "mention"
    """Both are named, and nothing joins them."""
    TRIANGLE = "triangle"
    """One of them talks with a third state about the other."""
    LIST = "list"
    """One of them, or both, stand in an enumeration."""
    BACKGROUND = "background"
    """It was told before."""


FIRM = frozenset({Bond.DEED, Bond.MEETING, Bond.OFFICE, Bond.PEOPLE, Bond.STANCE})
"""Bonds within one sentence that make a relation."""

_NO_RELATION = (Bond.TRIANGLE, Bond.BACKGROUND)


@dataclass(frozen=True, slots=True)
class Meeting:
    """A sentence in which the two sides meet (of a `NEAR` one the second of two), and by what."""

    bond: Bond
    sentence: Sentence

    @property
    def firm(self) -> bool:
        """Is it a relation?"""
        return self.bond in FIRM


def meetings(topic: Topic, reading: Reading) -> list[Meeting]:
    """Every meeting of the sides, in the order of the text."""
    found = [Meeting(bond, one) for one in reading.sentences if (bond := _bond(one))]
    if not is_of_place(reading.sentences):
        found = [one for one in found if one.bond is not Bond.OFFICE]
    met = {one.sentence.number for one in found if one.firm}
    settled = {one.sentence.number for one in found if one.bond in _NO_RELATION}
    if not reading.moved:
        across = {
            Bond.TOLD: apart.told(reading.sentences),
            Bond.NEAR: apart.near(topic, reading.sentences),
            Bond.CONTEXT: chain(apart.context(reading.sentences), apart.opposed(topic, reading.sentences)),
            Bond.GIVEN: apart.given(topic, reading.sentences),
            Bond.HEAD: apart.headed([one for one in reading.sentences if one.number not in settled]),
            Bond.CITIZENS: apart.citizens(topic, reading.sentences),
        }
        for bond, others in across.items():
            for one in others:
                if one.number not in met:
                    met.add(one.number)
                    found.append(Meeting(bond, one))
    return sorted(found, key=lambda meeting: meeting.sentence.number)


def _bond(sentence: Sentence) -> Bond | None:
    """How the sides meet in a sentence; None where it does not name both."""
    if not all(sentence.names(side) for side in SIDES):
        return None
    if sentence.background:
        return Bond.BACKGROUND
    if not sentence.both:
        return Bond.LIST
    if sentence.names("sections"):
        return Bond.MENTION
    if sentence.names("sport"):
        return Bond.MEETING
    acting = is_acting(sentence)
    people = any(has(sentence, "people", side) for side in SIDES)
    if not acting and not people and not sentence.names("factions") and has_partner(sentence):
        return Bond.TRIANGLE
    if is_of_course(sentence):
        return Bond.BACKGROUND
    if sentence.names("deeds"):
        return Bond.DEED
    if sentence.joined or (acting and sentence.names("meets", "talks", "stances")):
        return Bond.MEETING
    if acting:
        return Bond.OFFICE
    if people:
        return Bond.PEOPLE
    if sentence.names("stances") or (sentence.names("factions") and is_head(sentence)):
        return Bond.STANCE
    if sentence.names("meets") and (is_speaking(sentence, "kazakhstan") or not is_place_only(sentence)):
        return Bond.MEETING
    if sentence.names("talks") and has_person(sentence, "kazakhstan") and not is_of_place([sentence]):
        return Bond.MEETING
    return Bond.MENTION if all(is_plain(sentence, side) for side in SIDES) else Bond.LIST
