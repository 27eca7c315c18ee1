"""What a site's own search is asked for: the other country, as the topic spells it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from articles.topic import Topic

MOST = 4
"""Queries of one search in a pass: each is a request."""

_OTHER = {"PS": "kazakhstan", "KZ": "palestine"}
_AT_HOME = {"ar": "PS", "ru": "KZ", "kk": "KZ"}
_ROOT = 4  # letters that a country's adjective has in common with its name


def queries(topic: Topic, language: str | None, country: str | None = None) -> tuple[str, ...]:
    """The few words worth asking a site of that language (ISO 639-1) and country (ISO 3166).

    A Palestinian site is asked for Kazakhstan, a Kazakh one for Palestine, any other for both in one query. Without a
    country, Arabic stands for Palestine, Russian and Kazakh for Kazakhstan. Empty where the topic has no such words.
    """
    spoken = (language or "").strip().lower()[:2]
    here = country.upper() if country else _AT_HOME.get(spoken)
    if here in _OTHER:
        return tuple(islice(dict.fromkeys(_names(topic, _OTHER[here], spoken)), MOST))
    both = [next(_names(topic, side, spoken), None) for side in _OTHER.values()]
    return (" ".join(filter(None, both)),) if all(both) else ()


def _names(topic: Topic, side: str, language: str) -> Iterator[str]:
    """The country's name, then its adjectives and people, then the name's other spellings."""
    cues = [[way for way in cue if " " not in way] for cue in topic.strong.get((side, language), ())]
    cues = [cue for cue in cues if cue]
    if cues:
        name = cues[0]
        yield from (cue[0] for cue in cues if cue[0][:_ROOT] == name[0][:_ROOT])
        yield from name[1:]
