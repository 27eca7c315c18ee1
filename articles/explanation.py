"""Why a text is on topic or not, in plain sentences, and where the sides are named."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from articles.bonds import Bond, Meeting
from articles.case import Case
from articles.cues import HAN, SIDES
from articles.finding import Hit
from articles.model import Evidence
from articles.structure import Sentence
from articles.subjects import begins
from articles.text import one_line

# A word as the text has it, with the vowel marks and tatweel that its matching copy lacks.
_RAW_WORD = re.compile(
    f"[{HAN}]|(?:(?![{HAN}])[^\\W_])(?:(?![{HAN}])[^\\W_]|[\u0610-\u061a\u064b-\u065f\u0670\u00ad\u200b-\u200f])*"
)
_EVIDENCE = 12
_EVIDENCE_CHARS = 300

_NAMES = {"palestine": "Palestine", "kazakhstan": "Kazakhstan"}
_BY = {
    Bond.DEED: "an act of one side for the other",
    Bond.MEETING: "an encounter or the relations of the two",
    Bond.OFFICE: "an official of Palestine beside Kazakhstan",
    Bond.STANCE: "a statement of one on the other",
    Bond.PEOPLE: "citizens of one side with the other",
    Bond.CONTEXT: "Palestine acting, or being spoken of, where the rest of the text is on Kazakhstan",
    Bond.TOLD: "someone of Kazakhstan speaking of Palestine",
    Bond.GIVEN: "Kazakhstan's part in what is done for Palestine",
    Bond.HEAD: "the headline and the first sentence naming both",
    Bond.CITIZENS: "someone's story that plays on both sides",
    Bond.NEAR: "two sentences in a row, one on each side",
    Bond.MENTION: "both being named, with no act or encounter",
}
_NOT = {
    Bond.TRIANGLE: "One side is only what the other talks about with a third state",
    Bond.LIST: "Both sides meet only in a list or table of states",
    Bond.BACKGROUND: "Both sides meet only in a sentence of background, told before",
    Bond.MENTION: "Both sides are named in one sentence, but nothing there joins them",
    Bond.NEAR: "The sides are named in neighbouring sentences, but no sentence joins them",
}
_KINDS = {
    "A": "Class A: one side acts toward the other",
    "B": "Class B: the item is about more than the two, and a part of it is about them",
    "C": "Class C: a third party speaks or acts; the relation is its subject",
}


def reasons(this: Case, kind: str) -> tuple[str, ...]:
    """Why it is on topic (classes A to C) or not (D), the weightiest first."""
    told = [*_why_not(this)] if kind == "D" else [*_why(this, kind)]
    return tuple(f"{one}." for one in told)


def _why(this: Case, kind: str) -> Iterator[str]:
    strongest = sorted(this.met, key=lambda one: (not one.firm, one.sentence.number))[:2]
    for meeting in strongest:
        yield f"The sides meet in {_place(this, meeting.sentence)}, by {_by(meeting)}"
    if this.is_woven:
        yield "Both sides run through the text, each named in several paragraphs"
    if this.is_triangle:
        yield "It opens with Kazakhstan and a third state, and still says what one side does or thinks of the other"
    if this.is_late:
        yield "They meet in the last paragraph alone"
    yield from _faint(this)
    yield _KINDS[kind]


def _why_not(this: Case) -> Iterator[str]:
    if this.reading.moved:
        yield "A name of one side stands for another place or matter here, as Astana does in talks on Syria"
    missing = [side for side in SIDES if side not in this.mentioned]
    if missing:
        yield f"{' and '.join(_NAMES[side] for side in missing)} {'is' if len(missing) == 1 else 'are'} not named"
        return
    yield from _faint(this)
    if this.is_late:
        yield "The sides meet in the last paragraph alone, which has nothing to do with the rest"
    elif this.firm:
        yield "The sides meet only in passing, in a sentence that recalls another year"
    bonds = {one.bond for one in this.met}
    yield from (reason for bond, reason in _NOT.items() if bond in bonds)
    if this.is_triangle:
        yield "It opens with Kazakhstan and a third state; Palestine is not acted on"
    if not this.met:
        yield "The sides are named apart, and no sentence or paragraph joins them"


def _faint(this: Case) -> Iterator[str]:
    for side in SIDES:
        if side not in this.named:
            terms = {" ".join(one.words[hit.start : hit.end]) for one, hit in _hits(this.sentences, side)}
            yield f"{_NAMES[side]} is named by a weak word alone ({', '.join(sorted(terms)[:3])})"


def _by(meeting: Meeting) -> str:
    """The kind of meeting, and the words that tell of it."""
    roles = {Bond.DEED: ("deeds",), Bond.STANCE: ("stances",), Bond.MEETING: ("meets", "talks", "stances")}
    signs = [hit for hit in meeting.sentence.hits if hit.cue.role in roles.get(meeting.bond, ())]
    words = [*dict.fromkeys(" ".join(meeting.sentence.words[hit.start : hit.end]) for hit in signs)][:2]
    return _BY.get(meeting.bond, "standing in one sentence") + (f" ({', '.join(words)})" if words else "")


def _place(this: Case, sentence: Sentence) -> str:
    if sentence.where == "title":
        return "the headline"
    return "the first words" if begins(this.topic, sentence) else f"paragraph {sentence.paragraph + 1}"


def _hits(sentences: Sequence[Sentence], side: str) -> Iterator[tuple[Sentence, Hit]]:
    return ((one, hit) for one in sentences for hit in one.hits if hit.cue.role == side)


def evidence(this: Case) -> tuple[Evidence, ...]:
    """Where the sides are named: both by turns, each term once, in a meeting if it stands in one."""
    met = {one.sentence.number for one in this.met if one.firm}
    ordered = sorted(this.sentences, key=lambda one: (one.number not in met, not one.both))
    by_side = []
    for side in SIDES:
        firsts: dict[tuple[str, ...], tuple[Sentence, Hit]] = {}
        for one, hit in _hits(ordered, side):
            firsts.setdefault(tuple(one.words[hit.start : hit.end]), (one, hit))
        by_side.append([*firsts.values()][:_EVIDENCE])
    turns = [place for pair in zip_longest(*by_side) for place in pair if place][:_EVIDENCE]
    originals = {raw: one_line(raw) for raw in {one.original for one, _ in turns}}
    spans = {raw: [*_RAW_WORD.finditer(original)] for raw, original in originals.items()}
    return tuple(_quote(one, hit, originals[one.original], spans[one.original]) for one, hit in turns)


def _quote(sentence: Sentence, hit: Hit, original: str, words: Sequence[re.Match[str]]) -> Evidence:
    """The term as the text has it, and its sentence, cut around it where it is long."""
    if len(words) == len(sentence.words):
        start, end = words[hit.start].start(), words[hit.end - 1].end()
    else:  # a letter that falls apart in folding: the place is lost, the term is told in its folded form
        start, end = 0, 0
    term = original[start:end] or " ".join(sentence.words[hit.start : hit.end])
    begin = max(0, min(start - _EVIDENCE_CHARS // 2, len(original) - _EVIDENCE_CHARS))
    cut = original[begin : begin + _EVIDENCE_CHARS]
    before, after = "…" * (begin > 0), "…" * (begin + _EVIDENCE_CHARS < len(original))
    return Evidence(side=hit.cue.role, term=term, where=sentence.where, sentence=f"{before}{cut}{after}")
