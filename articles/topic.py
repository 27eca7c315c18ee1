"""Is this an item on Palestine–Kazakhstan relations? A verdict by what is named where, with its sentences.

A side is named by a strong cue, or by two different weak ones. An item is on topic where the two sides meet
(`articles.bonds`): the more so at its beginning, the less so where it looks back. Standing in one list of states,
or being what others talk about, is no meeting.
"""

from __future__ import annotations

from articles import case, explanation
from articles.bonds import FIRM, Bond, Meeting
from articles.case import Case
from articles.cues import SIDES, Topic, load
from articles.faults import Faults
from articles.model import Verdict
from articles.subjects import begins, first_state, is_acting, is_of_place, is_place_only, is_speaking

__all__ = ["Faults", "Topic", "judge", "load"]

_BEST = 2  # meetings that count: a long text is not the more on topic
_ALONE = 2  # other countries from which on a text that runs on both sides may be about more than the two
_FEW = 3  # of an item about many, the sides meet in one paragraph of so many at most


def judge(topic: Topic, *, title: str | None, text: str, language: str) -> Verdict:
    """The verdict on one article. `language` is ISO 639-1; anything else stands for an unknown one.

    Raises nothing, and takes time in proportion to the text.
    """
    this = case.of(topic, title, text, language.strip().lower()[:2])
    score = _score(this)
    on_topic = score >= topic.weights["accept"]
    kind = _kind(this) if on_topic else "D"
    return Verdict(
        on_topic=on_topic,
        kind=kind,
        score=score,
        review=topic.weights["look"] <= score < topic.weights["sure"],
        evidence=explanation.evidence(this),
        reasons=explanation.reasons(this, kind),
    )


def _score(this: Case) -> float:
    """What the meetings weigh: the best two, and where the first of them stands."""
    weights = this.topic.weights
    if len(this.mentioned) < len(SIDES) or not this.named:
        return 0.0
    if not this.firm and not is_of_place(this.sentences):
        return 0.0
    best = sorted((_value(this, one) for one in this.met), reverse=True)[:_BEST]
    score = sum(best) + _place(this)
    if this.is_woven and (this.met or this.countries < _ALONE) and not this.reading.moved:
        score += weights["woven"] + (weights["aside"] if this.countries < _ALONE else 0)
    if len(this.named) < len(SIDES):
        score = min(score, weights["sure"]) - weights["weak"] if this.firm else 0.0
    return max(0.0, score)


def _value(this: Case, meeting: Meeting) -> float:
    weights = this.topic.weights
    if meeting.firm:
        if this.is_old(meeting):
            return weights["aside"]
        return weights["bond"] - (weights["late"] if this.is_late else 0)
    if meeting.bond in (Bond.CONTEXT, Bond.TOLD, Bond.GIVEN):
        return weights["bond"]
    if meeting.bond is Bond.HEAD and not this.reading.moved and _is_one_story(this):
        return weights["bond"]
    if this.is_triangle or this.reading.moved:
        return weights["aside"]
    if meeting.bond in (Bond.NEAR, Bond.HEAD, Bond.CITIZENS):
        return weights["near"]
    if meeting.bond is Bond.MENTION and not this.head_names("sections", "digest"):
        return weights["mention"] + (0 if is_place_only(meeting.sentence) else weights["aside"])
    return weights["aside"]


def _is_one_story(this: Case) -> bool:
    """The headline and the first sentence name a side each, and both tell of people or of what is done for them."""
    return all(one.names("deeds", "people") and not one.both for one in this.head)


def _place(this: Case) -> float:
    """What a beginning with both sides weighs: a relation in full, a mention little, a triangle nothing."""
    weights = this.topic.weights
    if this.opening:
        return 0.0 if this.is_late else weights["lead"]
    if this.is_triangle or this.reading.moved:
        return 0.0
    early = {one.bond for one in this.met if begins(this.topic, one.sentence)}
    if early & {Bond.NEAR, Bond.TOLD}:
        return weights["near"]
    return weights["aside"] if early & {Bond.HEAD, Bond.MENTION, Bond.CITIZENS} else 0.0


def _kind(this: Case) -> str:
    """Class A, B or C of an item that is on topic."""
    if _is_of_others(this):
        return "C"
    many = this.countries >= this.topic.weights["many_countries"] or _is_of_gathering(this)
    near = [one for one in this.opening if one.sentence in this.head or not many]
    direct = any(one.bond is Bond.PEOPLE or is_acting(one.sentence) for one in near)
    if this.is_digest or (this.head_names("gatherings") and not direct and not _is_of_one(this)):
        return "B"
    apart = {one.bond for one in this.met if begins(this.topic, one.sentence)}
    told = {Bond.NEAR, Bond.TOLD, Bond.GIVEN, Bond.HEAD, Bond.CITIZENS}
    early = this.opening or apart & told or any(one.both for one in this.head)
    return "B" if not early or _is_about_many(this) else "A"


def _is_of_others(this: Case) -> bool:
    """A third party speaks or acts: a faction, another government, or the two states of a triangle."""
    if any(is_acting(one) for one in this.head) or (this.is_own and not this.head_names("accords")):
        return False
    if this.head_names("accords"):
        return True
    if this.head_names("gatherings"):
        return False
    if any(one.both and first_state(one) in ("countries", "israel", "third") for one in this.head):
        return True
    if this.head_names("third") and not this.head_speaks_for("kazakhstan"):
        return True
    if this.head_names("factions") and not any(one.bond is Bond.DEED for one in this.opening):
        return True
    return this.is_triangle and this.countries < this.topic.weights["many_countries"]


def _is_of_one(this: Case) -> bool:
    """Kazakhstan's own word or vote in a gathering, and not the gathering, is what the headline tells of."""
    return this.is_own and not _is_of_gathering(this)


def _is_of_gathering(this: Case) -> bool:
    """The headline tells of a gathering, without Kazakhstan by itself."""
    titles = [one for one in this.head if one.where == "title"]
    return any(one.names("gatherings") and not is_speaking(one, "kazakhstan") for one in titles)


def _is_about_many(this: Case) -> bool:
    met = len({one.sentence.paragraph for one in this.met if one.bond in FIRM or one.bond is Bond.NEAR})
    return this.countries >= this.topic.weights["many_countries"] and met * _FEW <= this.reading.paragraphs
