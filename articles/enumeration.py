"""States in a row: member lists, roll calls, tables written as a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from articles.cues import ACTS, SIDES, WORD
from articles.finding import Hit

_COMMA = re.compile("[,;،؛、，|/]")
_GAP = 7  # words that may stand between two names of one enumeration where a comma parts them: titles and persons
_NAME = 3  # words of a state's name at most, where it is in no table
_JOINERS = frozenset(
    ("and", "or", "и", "или", "және", "мен", "пен", "бен", "men", "ve", "ile", "et", "و", "مع", *"和与及")
)
_AND_THE = "وال"  # Arabic: "and", with the article, as a part of the word
_SHORT_LIST = 3  # states that make an enumeration where both sides stand in it
STATES = (*SIDES, "countries", "israel")


@dataclass(frozen=True, slots=True)
class _State:
    """A member of an enumeration: a cue, or a capitalised name that no table knows."""

    start: int
    end: int
    name: str
    listed: bool = True


def commas(copy: str) -> set[int]:
    """The words of a matching copy before which a comma or the like stands."""
    after = set[int]()
    end = 0
    for n, word in enumerate(WORD.finditer(copy)):
        if _COMMA.search(copy, end, word.start()):
            after.add(n)
        end = word.end()
    return after


def members(hits: Sequence[Hit], written: Sequence[str], after: Set[int], enough: float) -> set[int]:
    """Where the states of an enumeration stand: `enough` of them, one close after the other.

    `written` are the words of the sentence as it has them, `after` those of them that follow a comma.
    """
    acts = [hit.start for hit in hits if hit.cue.role in ACTS]
    states = [_State(hit.start, hit.end, _name(hit)) for hit in hits if hit.cue.role in STATES]
    states += _unlisted(hits, written, after)
    found: set[int] = set()
    run: list[_State] = []
    for state in sorted(states, key=lambda one: one.start):
        parted = bool(run) and any(run[-1].end <= act < state.start for act in acts)
        if run and not parted and (_follows(run[-1], state, written, after) or _ends(run, state, written)):
            run.append(state)
            continue
        found.update(_enumeration(run, enough))
        run = [state]
    return found.union(_enumeration(run, enough))


def _name(hit: Hit) -> str:
    return hit.cue.role if hit.cue.role in SIDES else hit.cue.name


def _unlisted(hits: Sequence[Hit], written: Sequence[str], after: Set[int]) -> Iterator[_State]:
    """What stands between two commas, or "and" and the end, and is nothing but capitalised words without a cue."""
    known = {n for hit in hits for n in range(hit.start, hit.end)}
    start = None
    for n in range(len(written) + 1):
        joiner = n < len(written) and written[n] in _JOINERS
        if n == len(written) or n in after or joiner:
            words = range(start, n) if start is not None else range(0)
            if 0 < len(words) <= _NAME and all(written[at][0].isupper() and at not in known for at in words):
                yield _State(words.start, words.stop, " ".join(written[at] for at in words), listed=False)
            start = n + joiner


def _follows(last: _State, state: _State, written: Sequence[str], after: Set[int]) -> bool:
    """Nothing parts them but a comma and a title, "and", or the goals of a match."""
    between = range(last.end, state.start)
    if len(between) <= _GAP and any(n in after or written[n].startswith(_AND_THE) for n in (*between, state.start)):
        return True
    return all(written[n] in _JOINERS or written[n].isdecimal() for n in between)


def _ends(run: Sequence[_State], state: _State, written: Sequence[str]) -> bool:
    """It is the last member: "and" stands before it, whatever is told of the one before."""
    return len(run) > 1 and state.start - run[-1].end <= _GAP and written[state.start - 1] in _JOINERS


def _enumeration(run: Sequence[_State], enough: float) -> Iterator[int]:
    states = {state.name for state in run if state.listed}
    short = states.issuperset(SIDES) and len(states) >= _SHORT_LIST
    if short or len({state.name for state in run}) >= enough:
        yield from (state.start for state in run)
