"""Is this an item on Palestine–Kazakhstan relations? A verdict by what is named where, with its sentences.

A side is named by a strong cue, or by two different weak ones. An item is on topic where the two sides meet:
in a sentence, at its beginning, in a paragraph. Standing in one list of states is no meeting.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, zip_longest

from articles.cues import SIDES, Hit, Topic, find, load, split
from articles.faults import Faults
from articles.model import Evidence, Verdict
from articles.text import matching_copy, one_line

__all__ = ["Faults", "Topic", "judge", "load"]

# A full stop after one letter or a title ends no sentence: "د. منتصر", "Dr. Abbas".
_SENTENCE_END = re.compile(
    r"(?:(?<=[.!?؟…])|(?<=[.!?؟…][\"»”)\]]))(?<!\b[^\W\d_]\.)(?<!\b(?:Mr|Dr|Ms|St|им|гг|тт)\.)\s+"
)
# A word as the text has it, with the vowel marks and tatweel that its matching copy lacks.
_RAW_WORD = re.compile("[^\\W_](?:[^\\W_]|[\u0610-\u061a\u064b-\u065f\u0670\u00ad\u200b-\u200f])*")

_STOPS = (".", "!", "?", "؟", "…", '"', "»")
_LIST_LINE = 4  # words: a paragraph as short, without a full stop, is a row of a table or list
_LIST_GAP = 2  # words that may stand between two names of one enumeration, the goals of a match for example
_BEST = 2  # meetings of a kind that count: a long text is not the more on topic
_FEW = 3  # of an item about many, the sides meet in one paragraph of so many at most
_EVIDENCE = 12
_EVIDENCE_CHARS = 300


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence that names something, or the title; `position` counts the words of the text before it."""

    where: str
    paragraph: int
    position: int
    original: str
    words: Sequence[str]
    hits: tuple[Hit, ...]
    told: frozenset[str] = frozenset()
    """The sides that it names otherwise than in an enumeration or by looking back."""

    def names(self, role: str) -> bool:
        return any(hit.cue.role == role for hit in self.hits)


def judge(topic: Topic, *, title: str | None, text: str, language: str) -> Verdict:
    """The verdict on one article. `language` is ISO 639-1; anything else stands for an unknown one.

    Raises nothing, and takes time in proportion to the text.
    """
    read = [*_read(topic, title, text, language.strip().lower()[:2])]
    sentences = _at_home(topic, read)
    score = 0.0
    if all(_is_named(side, sentences) for side in SIDES):
        score = _score(topic, sentences, moved=sentences != read)
    on_topic = score >= topic.weights["accept"]
    return Verdict(
        on_topic=on_topic,
        kind=_kind(topic, sentences) if on_topic else "D",
        score=score,
        review=topic.weights["look"] <= score < topic.weights["sure"],
        evidence=_evidence(sentences),
    )


def _read(topic: Topic, title: str | None, text: str, language: str) -> Iterator[_Sentence]:
    """The sentences with cues in them, the title first."""
    if title:
        yield from _sentence(topic, language, "title", -1, 0, title)
    position = 0
    for paragraph, line in enumerate(line for line in text.split("\n") if line.strip()):
        for original in _SENTENCE_END.split(line):
            yield from _sentence(topic, language, "text", paragraph, position, original)
            position += original.count(" ") + 1


def _sentence(
    topic: Topic, language: str, where: str, paragraph: int, position: int, original: str
) -> Iterator[_Sentence]:
    words, folded = split(matching_copy(original))
    hits = tuple(find(topic, words, folded, language))
    if hits:
        row = paragraph > 0 and len(words) <= _LIST_LINE and not original.rstrip().endswith(_STOPS)
        background = any(hit.cue.role == "background" and hit.start == 0 for hit in hits)
        listed = _listed(hits, topic.weights["list"])
        told = frozenset(hit.cue.role for hit in hits if hit.start not in listed)
        sides = frozenset() if row or background else told & set(SIDES)
        yield _Sentence(where, paragraph, position, original, folded, hits, sides)


def _listed(hits: Sequence[Hit], enough: float) -> set[int]:
    """Where the states of an enumeration stand: `enough` of them, one close after the other."""
    listed: set[int] = set()
    run: list[Hit] = []
    for hit in (*(hit for hit in hits if hit.cue.role in (*SIDES, "countries")), None):
        if hit and run and hit.start - run[-1].end <= _LIST_GAP:
            run.append(hit)
            continue
        if len({one.cue.role if one.cue.role in SIDES else one.key for one in run}) >= enough:
            listed.update(one.start for one in run)
        run = [hit] if hit else []
    return listed


def _at_home(topic: Topic, sentences: list[_Sentence]) -> list[_Sentence]:
    """The sentences without what an `elsewhere` rule takes from a side: Astana, where talks are on Syria."""
    for rule in topic.elsewhere:
        away = [one for one in sentences if one.names(rule.role) and not rule.words.isdisjoint(one.words)]
        if away:
            sentences = [_without(one, rule.side, None if one in away else rule.words) for one in sentences]
    return sentences


def _without(sentence: _Sentence, side: str, words: frozenset[str] | None) -> _Sentence:
    """The sentence without the hits of a side: those on `words`, or all."""
    hits = tuple(hit for hit in sentence.hits if hit.cue.role != side or (words is not None and hit.key not in words))
    kept = any(hit.cue.role == side for hit in hits)
    return replace(sentence, hits=hits, told=sentence.told if kept else sentence.told - {side})


def _is_named(side: str, sentences: Sequence[_Sentence]) -> bool:
    cues = {hit.cue for sentence in sentences for hit in sentence.hits if hit.cue.role == side}
    return any(cue.strength != "weak" for cue in cues) or len({cue.name for cue in cues}) > 1


def _meets(sentence: _Sentence) -> bool:
    return len(sentence.told) == len(SIDES)


def _brushes(sentence: _Sentence) -> bool:
    """Names both sides, but one of them in a list alone, or both by looking back."""
    both = all(sentence.names(side) for side in SIDES)
    return both and not _meets(sentence) and (bool(sentence.told) or sentence.hits[0].cue.role == "background")


def _begins(topic: Topic, sentence: _Sentence) -> bool:
    return sentence.position < topic.weights["lead_words"]


def _score(topic: Topic, sentences: Sequence[_Sentence], *, moved: bool) -> float:
    """What the meetings weigh.

    Without one in a sentence, the beginning counts where it names no other state, and nothing does where a
    name was `moved` elsewhere.
    """
    weights = topic.weights
    meetings = [sentence for sentence in sentences if _meets(sentence)]
    lead = [sentence for sentence in sentences if _begins(topic, sentence)]
    both_lead = len(frozenset[str]().union(*(sentence.told for sentence in lead))) == len(SIDES)
    both_lead = both_lead and (bool(meetings) or not any(sentence.names("countries") for sentence in lead))
    asides = sum(map(_brushes, sentences)) + _shared_paragraphs(sentences)
    score = weights["sentence"] * min(_BEST, len(meetings))
    if not moved or meetings:
        score += weights["lead"] * both_lead + weights["aside"] * min(_BEST, asides)
    if _is_triangle(sentences, meetings or lead):
        score -= weights["triangle"]
    return max(0.0, score)


def _shared_paragraphs(sentences: Sequence[_Sentence]) -> int:
    """Paragraphs that tell of both sides, each in sentences of its own."""
    shared = 0
    for _, group in groupby(sentences, key=lambda sentence: sentence.paragraph):
        told = [sentence.told for sentence in group]
        shared += len(frozenset[str]().union(*told)) == len(SIDES) > max(map(len, told))
    return shared


def _is_triangle(sentences: Sequence[_Sentence], meetings: Sequence[_Sentence]) -> bool:
    """Palestine is a territory only, of which Kazakhstan speaks with a third state, and nobody acts."""
    strengths = {hit.cue.strength for one in sentences for hit in one.hits if hit.cue.role == "palestine"}
    third = any(one.names("countries") or one.names("third") for one in meetings)
    return strengths <= {"territory", "weak"} and third and not any(one.names("acts") for one in meetings)


def _kind(topic: Topic, sentences: Sequence[_Sentence]) -> str:
    """Class A, B or C of an item that is on topic."""
    head = [one for one in sentences if one.where == "title" or one.position == 0]
    meetings = [one for one in sentences if _meets(one)]
    lead = [one for one in sentences if _begins(topic, one)]
    if any(one.names("third") for one in head) and not any(
        hit.cue.role == "palestine" and hit.cue.strength == "person" for one in lead for hit in one.hits
    ):
        return "C"
    gathering = any(one.names("gatherings") for one in [*head, *meetings[:1]])
    deeper = bool(meetings) and not any(_begins(topic, one) for one in meetings)
    return "B" if gathering or deeper or _is_about_many(topic, sentences, meetings) else "A"


def _is_about_many(topic: Topic, sentences: Sequence[_Sentence], meetings: Sequence[_Sentence]) -> bool:
    countries = {hit.key for one in sentences for hit in one.hits if hit.cue.role == "countries"}
    paragraphs = 1 + max(one.paragraph for one in sentences)
    met = len({one.paragraph for one in meetings})
    return len(countries) >= topic.weights["many_countries"] and met * _FEW <= paragraphs


def _evidence(sentences: Sequence[_Sentence]) -> tuple[Evidence, ...]:
    """Where the sides are named: both by turns, each term once, in a meeting if it stands in one."""
    by_side = []
    for side in SIDES:
        firsts: dict[tuple[str, ...], tuple[_Sentence, Hit]] = {}
        for one in sorted(sentences, key=lambda sentence: not _meets(sentence)):
            for hit in one.hits:
                if hit.cue.role == side:
                    firsts.setdefault(tuple(one.words[hit.start : hit.end]), (one, hit))
        by_side.append([*firsts.values()][:_EVIDENCE])
    turns = [place for pair in zip_longest(*by_side) for place in pair if place][:_EVIDENCE]
    originals = {raw: one_line(raw) for raw in {one.original for one, _ in turns}}
    spans = {raw: [*_RAW_WORD.finditer(original)] for raw, original in originals.items()}
    return tuple(_quote(one, hit, originals[one.original], spans[one.original]) for one, hit in turns)


def _quote(sentence: _Sentence, hit: Hit, original: str, words: Sequence[re.Match[str]]) -> Evidence:
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
