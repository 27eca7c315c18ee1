"""Does a site's search listen to its word? Asked for a real word and for one that nobody writes."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from articles import queries, urls
from articles.model import Failure, Link, Outcome, Search, Source
from extractors import discover, searches
from flows import probing
from flows.findings import CATALOGUE, SEARCH, Way
from flows.probing import Bench

WORDS = 2
"""Real words that are asked for until one finds something."""

NONSENSE = "zqxvkwjhp"

LISTENS = 0.2
"""Share of its finds that a nonsense word must not bring: what stands beside them on every page is more, at times."""

_SETTLED = frozenset({Outcome.OK, Outcome.EMPTY, Outcome.GONE, Outcome.BROKEN})


async def search(bench: Bench, source: Source, wanted: Search) -> Way:
    """Asks a search of the catalogue; its way's links are those that the word alone brought."""
    words = source.queries or queries.queries(bench.topic, source.language, source.country)
    if not words:
        return _way(wanted, Outcome.EMPTY, "There is no word to ask it for: give the source queries.")
    real = [await _found(bench, source, wanted, word) for word in words[:1]]
    if real[0].outcome == Outcome.EMPTY and len(words) > 1:
        real += [await _found(bench, source, wanted, word) for word in words[1:WORDS]]
    best = max(real, key=lambda way: len(way.links))
    if best.outcome not in (Outcome.OK, Outcome.EMPTY):
        return best
    return _compared(best, await _found(bench, source, wanted, NONSENSE), words[: len(real)])


def _compared(real: Way, nonsense: Way, words: tuple[str, ...]) -> Way:
    asked = " and ".join(f'"{word}"' for word in words)
    if real.outcome == Outcome.EMPTY:
        more = " It finds something for a nonsense word." if nonsense.links else ""
        return replace(real, says=f"It finds nothing for {asked}. {real.says}{more}")
    if nonsense.outcome not in _SETTLED:
        return replace(real, says=f"{real.says} A nonsense word could not be tried: {nonsense.says}")
    beside = {urls.key(link.url) for link in nonsense.links}
    own = tuple(link for link in real.links if urls.key(link.url) not in beside)
    if len(own) < LISTENS * len(real.links):
        says = f"It ignores its word: {len(real.links)} links for {asked}, and the same for a nonsense word."
        return replace(real, says=says, ignores_word=True)
    return replace(real, says=f"{len(own)} articles for {asked} that a nonsense word does not bring.", links=own)


async def _found(bench: Bench, source: Source, wanted: Search, word: str) -> Way:
    answer = await probing.ask(bench, source, searches.address(wanted, word))
    if isinstance(answer, Failure):
        return _way(wanted, answer.outcome, answer.reason, http=answer.http)
    front = await probing.read(bench, source, answer, partial(discover.found, search=wanted))
    if isinstance(front, Failure):
        shell = " " + probing.SHELL if await probing.is_shell(bench, source, answer) else ""
        return _way(wanted, front.outcome, front.reason + shell, http=answer.status)
    return _way(wanted, Outcome.OK, f"{len(front.links)} articles.", http=answer.status, links=front.links)


def _way(wanted: Search, outcome: Outcome, says: str, *, http: int | None = None, links: tuple[Link, ...] = ()) -> Way:
    return Way(kind=SEARCH, url=wanted.url, found=CATALOGUE, outcome=outcome, says=says, http=http, links=links)
