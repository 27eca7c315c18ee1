"""The facts of a whole text that decide what its meetings weigh."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from articles.bonds import Bond, Meeting, meetings
from articles.cues import SIDES, Topic
from articles.structure import Reading, Sentence, read
from articles.subjects import (
    begins,
    first_state,
    has,
    has_partner,
    is_acting,
    is_head,
    is_place_only,
    is_plain,
    is_speaking,
    partners_of,
    speaks_alone,
)

_WOVEN = 2  # paragraphs that name each of two sides in a text about both
_LATE = 3  # paragraphs that a text has at least in order to have a late one


@dataclass(frozen=True)
class Case:
    """One text as read, and the meetings found in it."""

    topic: Topic
    reading: Reading
    found: Sequence[Meeting]

    @property
    def sentences(self) -> Sequence[Sentence]:
        """The sentences that name something, the title first."""
        return self.reading.sentences

    @cached_property
    def met(self) -> list[Meeting]:
        """The meetings of the sides; beside a partner, Gaza may be no more than what one speaks of."""
        return [replace(one, bond=Bond.TRIANGLE) if self._is_spoken_of(one) else one for one in self.found]

    def _is_spoken_of(self, meeting: Meeting) -> bool:
        one = meeting.sentence
        israel = "israel" in {first_state(one), *(first_state(head) for head in self.head[:1])}
        others = israel and not has(one, "people", "kazakhstan") and not speaks_alone(one)
        spoken = meeting.bond in (Bond.STANCE, Bond.MEETING) or (meeting.bond is Bond.DEED and others)
        return spoken and is_place_only(one) and self.has_partner

    @cached_property
    def firm(self) -> list[Meeting]:
        """The meetings that make a relation."""
        return [one for one in self.met if one.firm]

    @cached_property
    def opening(self) -> list[Meeting]:
        """Those of them in the headline or the first words of the text."""
        return [one for one in self.firm if begins(self.topic, one.sentence)]

    @cached_property
    def head(self) -> list[Sentence]:
        """The headline and the first sentence."""
        return [one for one in self.sentences if is_head(one)]

    @cached_property
    def named(self) -> frozenset[str]:
        """The sides named by a strong cue, or by two different weak ones."""
        return frozenset(side for side in SIDES if _is_named(side, self.sentences))

    @cached_property
    def mentioned(self) -> frozenset[str]:
        """The sides of which there is any cue."""
        return frozenset(side for side in SIDES if any(one.names(side) for one in self.sentences))

    @cached_property
    def is_woven(self) -> bool:
        """Each side is named in so many paragraphs that the text is about both, whatever its sentences join.

        Of a text on Kazakhstan and a third state, Gaza alone may still be no more than what they talk about.
        """
        plain = [one for one in self.sentences if one.told and not one.background]
        kazakhstan = {one.paragraph for one in plain if is_plain(one, "kazakhstan")}
        palestine = {
            one.paragraph
            for one in plain
            if is_plain(one, "palestine") and not (self.is_triangle and is_place_only(one))
        }
        return not self.is_digest and min(len(palestine), len(kazakhstan)) >= _WOVEN

    @cached_property
    def is_own(self) -> bool:
        """It opens with what Kazakhstan by itself thinks of Palestine or does for it."""
        return any(one.both and speaks_alone(one) for one in self.head)

    @cached_property
    def has_partner(self) -> bool:
        """It opens with Kazakhstan and a third state, and nobody speaks for Palestine there."""
        if any(is_acting(one) for one in self.sentences if begins(self.topic, one)) or self.is_own:
            return False
        partners = set[str]().union(*(partners_of(one) for one in self.head if not speaks_alone(one)))
        if self.head_names("factions") and partners.isdisjoint({"israel", "third"}):
            return False
        named = [one for one in self.head if "palestine" in one.told and not is_place_only(one)]
        others = bool(partners) or self.head_names("accords")
        return others and self.head_names("kazakhstan") and all(has_partner(one) for one in named)

    @cached_property
    def is_triangle(self) -> bool:
        """It opens with Kazakhstan and a third state, and Palestine comes later."""
        return self.has_partner and not any(one.sentence in self.head for one in self.firm)

    @cached_property
    def is_late(self) -> bool:
        """The only relation is in the last paragraph, and one of the sides is named nowhere else."""
        last = self.reading.paragraphs - 1
        if last + 1 < _LATE or not self.firm or self.is_digest or self.head_names("gatherings"):
            return False
        if any(one.sentence.paragraph != last for one in self.met if one.firm or one.bond is Bond.NEAR):
            return False
        before = [one for one in self.sentences if one.paragraph != last]
        return any(not any(one.names(side) for one in before) for side in SIDES)

    @cached_property
    def is_digest(self) -> bool:
        """It says of itself that it tells many things."""
        return any(one.names("digest") for one in self.head)

    @cached_property
    def countries(self) -> int:
        """How many other countries are named."""
        return len({hit.cue.name for one in self.sentences for hit in one.hits if hit.cue.role == "countries"})

    def head_names(self, *roles: str) -> bool:
        """Does the head name one of these roles?"""
        return any(one.names(*roles) for one in self.head)

    def head_speaks_for(self, side: str) -> bool:
        """Is a person or an office of the side named in the head?"""
        return any(is_speaking(one, side) for one in self.head)

    def is_old(self, meeting: Meeting) -> bool:
        """Deep in the text, it names another year: told to recall it."""
        return meeting.sentence.past and not begins(self.topic, meeting.sentence) and not self.opening


def of(topic: Topic, title: str | None, text: str, language: str) -> Case:
    """The case of one text. `language` is ISO 639-1, or anything else for an unknown one."""
    reading = read(topic, title, text, language)
    return Case(topic, reading, meetings(topic, reading))


def _is_named(side: str, sentences: Sequence[Sentence]) -> bool:
    cues = {hit.cue for one in sentences for hit in one.hits if hit.cue.role == side}
    return any(cue.strength != "weak" for cue in cues) or len({cue.name for cue in cues}) > 1
