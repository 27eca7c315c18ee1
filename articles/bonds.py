"""What joins the two sides in a sentence: an act, an encounter, a statement, or nothing but standing side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from articles.cues import ACTS, SIDES, Topic
from articles.finding import Hit
from articles.structure import Reading, Sentence

# What in a sentence shows that it is about a third party, and what in the first words that the text is.
_ELSEWHERE = ("countries", "capitals", "third", "sections")
_OF_OTHERS = ("israel", "third", "factions", "accords", "gatherings", "sections", "digest")
_STATES = (*SIDES, "countries", "israel")
_LEAD_PARAGRAPHS = 3
_STORY = 2  # paragraphs in which someone's story names where it plays
_AFTER_TITLE = 2  # sentences of the text that the headline belongs to
_SETTING = 2  # sentences that name the country in which a text is set, where the first does not
_NEAR_BODY = 1  # words between an institution and its town
_NEAR_OFFICE = 3  # words between an office and the side whose it is: "послом Государства Палестина"


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
    if not reading.moved:
        apart = {
            Bond.NEAR: _near(topic, reading.sentences),
            Bond.CONTEXT: _context(reading.sentences),
            Bond.HEAD: _headed(reading.sentences),
            Bond.CITIZENS: _citizens(topic, reading.sentences),
        }
        for bond, others in apart.items():
            for one in others:
                if one.number not in met:
                    met.add(one.number)
                    found.append(Meeting(bond, one))
    return sorted(found, key=lambda meeting: meeting.sentence.number)


def begins(topic: Topic, sentence: Sentence) -> bool:
    """Does it stand in the headline or in the first words of the text?"""
    return sentence.position < topic.weights["lead_words"] and sentence.paragraph < _LEAD_PARAGRAPHS


def is_head(sentence: Sentence) -> bool:
    """Is it the headline or the first sentence: what the text says that it is about?"""
    return sentence.where == "title" or sentence.position == 0


def is_acting(sentence: Sentence) -> bool:
    """Palestine is someone there who acts or is met: a person, an office of the side, a body of one of its towns."""
    return is_speaking(sentence, "palestine") or _has_body(sentence)


def is_speaking(sentence: Sentence, side: str) -> bool:
    """A person or an office of the side is named."""
    return has_person(sentence, side) or _has(sentence, "offices", side)


def has_person(sentence: Sentence, side: str) -> bool:
    """Someone who speaks for the side is named."""
    return any(hit.cue.role == side and hit.cue.strength == "person" for hit in sentence.hits)


def is_plain(sentence: Sentence, side: str) -> bool:
    """The side is named otherwise than by a weak cue."""
    return any(hit.cue.role == side and hit.cue.strength != "weak" for hit in sentence.hits)


def is_of_place(sentences: Sequence[Sentence]) -> bool:
    """Palestine is named by more than a person, who may be a namesake."""
    hits = (hit for one in sentences for hit in one.hits if hit.cue.role == "palestine")
    return any(hit.cue.strength in ("strong", "territory") for hit in hits)


def _has(sentence: Sentence, role: str, side: str) -> bool:
    """An ambassador, minister … (`offices`) or students, a family … (`people`) of the side is named."""
    return any(_owner(sentence, hit) == side for hit in sentence.hits if hit.cue.role == role)


def _has_body(sentence: Sentence) -> bool:
    """An institution of a town in Palestine is named: its mayor, university, chamber of commerce."""
    towns = [hit for hit in sentence.hits if hit.cue.role == "palestine" and hit.cue.strength != "person"]
    bodies = [hit for hit in sentence.hits if hit.cue.role == "bodies"]
    return any(_gap(town, body) <= _NEAR_BODY for town in towns for body in bodies)


def _owner(sentence: Sentence, office: Hit) -> str | None:
    """The state whose name stands close to an office and closer to no other office; None where none does."""
    states = [hit for hit in sentence.hits if hit.cue.role in _STATES and hit.cue.strength == "strong"]
    nearest = min(states, key=lambda hit: _gap(hit, office), default=None)
    if nearest is None or _gap(nearest, office) > _NEAR_OFFICE:
        return None
    rivals = (hit for hit in sentence.hits if hit.cue.role == office.cue.role and hit.start != office.start)
    if any(_gap(nearest, rival) < _gap(nearest, office) for rival in rivals):
        return None
    return nearest.cue.role


def _gap(hit: Hit, office: Hit) -> int:
    return office.start - hit.end if hit.end <= office.start else hit.start - office.end


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
    acting = is_acting(sentence)
    people = any(_has(sentence, "people", side) for side in SIDES)
    if not acting and not people and not sentence.names("factions") and _has_partner(sentence):
        return Bond.TRIANGLE
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
    return Bond.MENTION if all(is_plain(sentence, side) for side in SIDES) else Bond.LIST


def _has_partner(sentence: Sentence) -> bool:
    """A third state is there as the one with whom, and Palestine as that of which, one speaks."""
    if is_place_only(sentence) and sentence.names("accords") and sentence.names("talks", "meets"):
        return True
    if sentence.names("talks", "meets") and sentence.names("countries", "israel", "third"):
        return not sentence.names("deeds") or sentence.names("talks")
    spoken = sentence.names("stances") and not is_place_only(sentence)
    return sentence.names("countries", "third") and not sentence.names("deeds") and not spoken


def is_place_only(sentence: Sentence) -> bool:
    """Palestine is named by its places alone, or by weak cues."""
    strengths = {hit.cue.strength for hit in sentence.hits if hit.cue.role == "palestine"}
    return strengths <= {"territory", "weak"}


def _near(topic: Topic, sentences: Sequence[Sentence]) -> Iterator[Sentence]:
    """The second of two sentences in a row that tell of one side each, without a third state."""
    for one, other in pairwise(sentences):
        together = one.paragraph == other.paragraph or (begins(topic, one) and begins(topic, other))
        close = other.number - one.number <= (1 if one.where == "text" else _AFTER_TITLE)
        apart = len(one.told) == len(other.told) == 1 and one.told != other.told
        if together and close and apart and not _disturbs(one) and not _disturbs(other) and _acts(one, other):
            yield other


def _disturbs(sentence: Sentence) -> bool:
    if not any(is_plain(sentence, side) for side in sentence.told):
        return True
    return sentence.background or sentence.names("israel", *_ELSEWHERE)


def _acts(one: Sentence, other: Sentence) -> bool:
    palestine = one if "palestine" in one.told else other
    if is_acting(palestine):
        return one.names(*ACTS) or other.names(*ACTS)
    spoken = other is palestine and is_speaking(one, "kazakhstan") and other.names("stances")
    done = one if "kazakhstan" in one.told else other
    row = one.where == "title" or one.paragraph == other.paragraph or is_acting(done)
    return spoken or done.names("deeds") or (row and palestine.names("deeds"))


def _context(sentences: Sequence[Sentence]) -> Iterator[Sentence]:
    """Sentences where Palestine acts, or someone unnamed acts for it, in a text that elsewhere names Kazakhstan."""
    naming = {one.number: one for one in sentences if "kazakhstan" in one.told and not one.background}
    alone = any(not one.names("countries") for one in naming.values())
    at_home = len(naming) >= _SETTING or any(one.number in naming for one in sentences if is_head(one))
    accords = any(one.names("accords") for one in sentences)
    for one in sentences:
        if naming and one.told == {"palestine"} and not one.background and not one.names(*_ELSEWHERE):
            officials = any(hit.cue.role == "offices" and _owner(one, hit) is None for hit in one.hits)
            spoken = one.names("stances", "deeds") and not is_place_only(one)
            met = is_acting(one) and one.names(*ACTS) and (alone or at_home or has_person(one, "palestine"))
            acted = met or (is_head(one) and one.names("deeds") and is_plain(one, "palestine"))
            against = one.names("israel") and one.names("meets", "talks")
            if not against and (acted or (spoken and (accords or (at_home and officials)))):
                yield one


def _headed(sentences: Sequence[Sentence]) -> Iterator[Sentence]:
    """The last sentence of a head that names both sides."""
    head = [one for one in sentences if is_head(one) and one.told]
    told = frozenset[str]().union(*(one.told for one in head))
    if len(told) == len(SIDES) and not any(one.names("sections") for one in head):
        yield head[-1]


def _tells_of_people(sentence: Sentence) -> bool:
    """It is the head, and of people of a side or of what was done for them."""
    return is_head(sentence) and sentence.names("people") and bool(sentence.told or sentence.names("deeds"))


def _citizens(topic: Topic, sentences: Sequence[Sentence]) -> Iterator[Sentence]:
    """Where the first words tell of people and of both sides, and of one other state at most: someone's story."""
    lead = [one for one in sentences if begins(topic, one) and one.paragraph < _STORY and not one.background]
    others = {hit.cue.name for one in lead for hit in one.hits if hit.cue.role == "countries"}
    if len(others) > 1 or any(one.names(*_OF_OTHERS) for one in lead):
        return
    plain = {side: [one for one in lead if side in one.told and is_plain(one, side)] for side in SIDES}
    if all(plain.values()) and any(_tells_of_people(one) for one in lead):
        yield plain["palestine"][0]
