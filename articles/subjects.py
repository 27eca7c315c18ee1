"""Who acts in a sentence, and for which side; who else is there as the one with whom a side has to do."""

from __future__ import annotations

from collections.abc import Sequence

from articles.cues import ACTS, SIDES, Topic
from articles.finding import Hit
from articles.structure import Sentence

_STATES = (*SIDES, "countries", "israel")
_PARTNERS = ("countries", "israel", "third")
_LEAD_PARAGRAPHS = 3
_NEAR_BODY = 1  # words between an institution and its town
_NEAR_OFFICE = 3  # words between an office and the side whose it is: "послом Государства Палестина"
_NEAR_FORCE = 2  # words between a state and what it is blamed for: "удары армии Израиля"


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
    return has_person(sentence, side) or has(sentence, "offices", side)


def has_person(sentence: Sentence, side: str) -> bool:
    """Someone who speaks for the side is named."""
    return any(hit.cue.role == side and hit.cue.strength == "person" for hit in sentence.hits)


def is_plain(sentence: Sentence, side: str) -> bool:
    """The side is named otherwise than by a weak cue."""
    return any(hit.cue.role == side and hit.cue.strength != "weak" for hit in sentence.hits)


def is_of_place(sentences: Sequence[Sentence]) -> bool:
    """Palestine is named by more than a person, who may be a namesake; a title before the name is enough."""
    offices = {(one.number, hit.end) for one in sentences for hit in one.hits if hit.cue.role == "offices"}
    named = ((one.number, hit) for one in sentences for hit in one.hits if hit.cue.role == "palestine")
    return any(hit.cue.strength in ("strong", "territory") or (number, hit.start) in offices for number, hit in named)


def has(sentence: Sentence, role: str, side: str) -> bool:
    """An ambassador, minister … (`offices`) or students, a family … (`people`) of the side is named."""
    return any(owner(sentence, hit) == side for hit in sentence.hits if hit.cue.role == role)


def _has_body(sentence: Sentence) -> bool:
    """An institution of a town in Palestine is named: its mayor, university, chamber of commerce."""
    towns = [hit for hit in sentence.hits if hit.cue.role == "palestine" and hit.cue.strength != "person"]
    bodies = [hit for hit in sentence.hits if hit.cue.role == "bodies"]
    return any(_gap(town, body) <= _NEAR_BODY for town in towns for body in bodies)


def owner(sentence: Sentence, office: Hit) -> str | None:
    """The state whose name stands close to an office and closer to no other office; None where none does."""
    states = [
        hit
        for hit in sentence.hits
        if hit.cue.role in _STATES and (hit.cue.strength == "strong" or _is_of_town(hit, office))
    ]
    nearest = min(states, key=lambda hit: _gap(hit, office), default=None)
    if nearest is None or _gap(nearest, office) > _NEAR_OFFICE or _parted(sentence, nearest, office):
        return None
    rivals = (hit for hit in sentence.hits if hit.cue.role == office.cue.role and hit.start != office.start)
    if any(_gap(nearest, rival) < _gap(nearest, office) for rival in rivals):
        return None
    return nearest.cue.role


def _is_of_town(town: Hit, people: Hit) -> bool:
    """An Almaty surgeon, a Gazan child; or one word for both, as "our citizens"."""
    of_town = people.cue.role == "people" and town.cue.strength == "territory" and _gap(town, people) == 0
    return of_town or town.start == people.start


def _parted(sentence: Sentence, one: Hit, other: Hit) -> bool:
    first, second = sorted((one, other), key=lambda hit: hit.start)
    return not sentence.commas.isdisjoint(range(first.end, second.start + 1))


def _gap(hit: Hit, office: Hit) -> int:
    return office.start - hit.end if hit.end <= office.start else hit.start - office.end


def has_partner(sentence: Sentence) -> bool:
    """A third state is there as the one with whom, and Palestine as that of which, one speaks."""
    if speaks_alone(sentence):
        return False
    place = is_place_only(sentence)
    spoken_of = sentence.names("accords") and sentence.names("talks", "meets")
    if place and (spoken_of or has(sentence, "offices", "israel")):
        return True
    partners = partners_of(sentence)
    spoken = sentence.names("stances") and not place
    if sentence.names("talks", "meets") and partners and not (spoken and sentence.names("gatherings")):
        return not sentence.names("deeds") or sentence.names("talks")
    return bool(partners - {"israel"}) and not sentence.names("deeds") and not spoken


def first_state(sentence: Sentence) -> str:
    """The role of the state that is named first; "" where there is none."""
    return next((hit.cue.role for hit in sentence.hits if hit.cue.role in (*SIDES, *_PARTNERS)), "")


def speaks_alone(sentence: Sentence) -> bool:
    """Kazakhstan is the first to be named, and what is first told is what it thinks or does, not whom it meets."""
    acts = [hit.cue.role for hit in sentence.hits if hit.cue.role in ACTS]
    return first_state(sentence) == "kazakhstan" and acts[:1] in (["stances"], ["deeds"])


def partners_of(sentence: Sentence) -> set[str]:
    """The roles of the third states there, but for one that is only blamed: "Israeli strikes", "the occupation"."""
    return {hit.cue.role for hit in sentence.hits if hit.cue.role in _PARTNERS and not _is_blamed(sentence, hit)}


def _is_blamed(sentence: Sentence, state: Hit) -> bool:
    close = [hit for hit in sentence.hits if _gap(state, hit) <= (_NEAR_FORCE if hit.cue.role == "force" else 0)]
    return state.cue.role == "israel" and any(hit.cue.role in ("force", "palestine") for hit in close)


def is_of_course(sentence: Sentence) -> bool:
    """Nobody of Kazakhstan is named there, nor of its people: what is told may have a war as its reason."""
    strong = any(hit.cue.role == "kazakhstan" and hit.cue.strength in ("strong", "person") for hit in sentence.hits)
    return is_at_war(sentence) and not strong


def is_at_war(sentence: Sentence) -> bool:
    """Palestine is no more there than a war or a conflict, which may be the reason of anything."""
    return is_place_only(sentence) and all(
        any(_gap(hit, one) <= _NEAR_FORCE for one in sentence.hits if one.cue.role == "force")
        for hit in sentence.hits
        if hit.cue.role == "palestine"
    )


def is_place_only(sentence: Sentence) -> bool:
    """Palestine is named by its places alone, or by weak cues."""
    strengths = {hit.cue.strength for hit in sentence.hits if hit.cue.role == "palestine"}
    return strengths <= {"territory", "weak"}
