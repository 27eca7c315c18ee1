"""What joins the two sides across sentences: an act told in a row, a text set in one country, someone's story."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from articles.cues import ACTS, SIDES, Topic
from articles.structure import Sentence
from articles.subjects import (
    begins,
    has_person,
    is_acting,
    is_at_war,
    is_head,
    is_place_only,
    is_plain,
    is_speaking,
    owner,
    speaks_alone,
)

# What in a sentence shows that it is about a third party, and what in the first words that the text is.
_ELSEWHERE = ("countries", "capitals", "third", "sections")
_OF_OTHERS = ("israel", "third", "factions", "accords", "gatherings", "sections", "digest")
_STORY = 2  # paragraphs in which someone's story names where it plays
_AFTER_TITLE = 2  # sentences of the text that the headline belongs to
_SETTING = 2  # sentences that name the country in which a text is set, where the first does not


def near(topic: Topic, sentences: Sequence[Sentence]) -> Iterator[Sentence]:
    """The second of two sentences in a row that tell of one side each, without a third state."""
    digest = any(is_head(one) and one.names("digest") for one in sentences)
    for one, other in pairwise(sentences):
        together = one.paragraph == other.paragraph or (not digest and begins(topic, one) and begins(topic, other))
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


def context(sentences: Sequence[Sentence]) -> Iterator[Sentence]:
    """Sentences where Palestine acts, or someone unnamed acts for it, in a text that elsewhere names Kazakhstan."""
    if any(is_head(one) and one.names("digest") for one in sentences):
        return
    naming = {one.number: one for one in sentences if "kazakhstan" in one.told and not one.background}
    alone = any(not one.names("countries") for one in naming.values())
    at_home = len(naming) >= _SETTING or any(one.number in naming for one in sentences if is_head(one))
    accords = any(one.names("accords") for one in sentences)
    for one in sentences:
        if naming and one.told == {"palestine"} and not one.background and not one.names(*_ELSEWHERE):
            officials = any(hit.cue.role == "offices" and owner(one, hit) is None for hit in one.hits)
            spoken = one.names("stances", "deeds") and not is_place_only(one)
            met = is_acting(one) and one.names(*ACTS) and (alone or at_home or has_person(one, "palestine"))
            acted = met or (is_head(one) and one.names("deeds") and is_plain(one, "palestine"))
            against = one.names("israel") and one.names("meets", "talks")
            if not against and (acted or (spoken and (accords or (at_home and officials)))):
                yield one


def told(sentences: Sequence[Sentence]) -> Iterator[Sentence]:
    """What is said of the Palestinians right after someone of Kazakhstan is named, and no other state."""
    for one, other in pairwise(sentences):
        close = one.paragraph == other.paragraph and other.number - one.number == 1
        spoken = other.told == {"palestine"} and other.names("stances") and not is_place_only(other)
        alone = one.told == {"kazakhstan"} and is_speaking(one, "kazakhstan")
        if close and spoken and alone and not _disturbs(one) and not _disturbs(other):
            yield other


def given(topic: Topic, sentences: Sequence[Sentence]) -> Iterator[Sentence]:
    """Help or troops for Palestine where the text opens, and Kazakhstan's part in it; or the other way round."""
    head = [one for one in sentences if is_head(one)]
    if any(one.names("sections", "digest") for one in head):
        return
    opening = frozenset[str]().union(*(one.told for one in head))
    for one in sentences:
        if one.background or not any(other.names("deeds", "gatherings") for other in head):
            continue
        if "palestine" in opening and one.told == {"kazakhstan"} and one.names("deeds") and speaks_alone(one):
            yield one
        carried = one.names("deeds") and not one.names("talks", *_OF_OTHERS)
        arrives = carried or (one.names("people") and not _disturbs(one) and not is_at_war(one))
        others = any(other.names(*_OF_OTHERS) for other in head)
        if "kazakhstan" in opening and one.told == {"palestine"} and begins(topic, one) and arrives and not others:
            yield one


def opposed(topic: Topic, sentences: Sequence[Sentence]) -> Iterator[Sentence]:
    """What a third state holds against Kazakhstan's accords, for Palestine's sake."""
    lead = [one for one in sentences if begins(topic, one) and not one.background]
    speaks = any(one.names("countries") and one.names("stances") for one in lead if one.paragraph <= 0)
    joins = any(one.names("accords") for one in lead) and any("kazakhstan" in one.told for one in lead)
    if speaks and joins and not any(one.names("israel", "third") for one in lead):
        yield from (one for one in lead if "palestine" in one.told and not is_at_war(one))


def headed(sentences: Sequence[Sentence]) -> Iterator[Sentence]:
    """The last sentence of a head that names both sides."""
    opening = [one for one in sentences if is_head(one)]
    head = [one for one in opening if one.told]
    told = frozenset[str]().union(*(one.told for one in head))
    if len(told) == len(SIDES) and not any(one.names("sections", "digest") for one in opening):
        yield head[-1]


def _tells_of_people(sentence: Sentence) -> bool:
    """It is the head, and of people of a side or of what was done for them."""
    return is_head(sentence) and sentence.names("people") and bool(sentence.told or sentence.names("deeds"))


def citizens(topic: Topic, sentences: Sequence[Sentence]) -> Iterator[Sentence]:
    """Where the first words tell of people and of both sides, and of one other state at most: someone's story."""
    lead = [one for one in sentences if begins(topic, one) and one.paragraph < _STORY and not one.background]
    others = {hit.cue.name for one in lead for hit in one.hits if hit.cue.role == "countries"}
    if len(others) > 1 or any(one.names(*_OF_OTHERS) for one in lead):
        return
    plain = {side: [one for one in lead if side in one.told and is_plain(one, side)] for side in SIDES}
    close = [one for one in plain["palestine"] if not one.names("countries") or one.names("people", "deeds")]
    there = [one for one in close if not is_at_war(one)]
    if there and plain["kazakhstan"] and any(_tells_of_people(one) for one in lead):
        yield there[0]
