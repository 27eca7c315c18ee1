"""What an operator is told when something is wrong: in plain words what happened, and what to do. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from articles.text import one_line
from flows import letter_parts

Facts = Mapping[str, object]

RUN_FAILED, LATE = "run-failed", "tagging-late"
BROKEN, SILENT, RECOVERED = "source-broken", "source-silent", "source-recovered"

WORDS = 300
"""Of a fact: an error can be a page long."""

_MORE = "docs/operations.md says more on each of these mails."


@dataclass(frozen=True, kw_only=True)
class Notice:
    """A mail to an operator."""

    subject: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of trouble; `{…}` in its words are facts of the event."""

    subject: str
    happened: str
    do: str
    page: str
    """Of the dashboard."""


KINDS = {
    RUN_FAILED: Kind(
        subject="a run of {flow} ended as {state}",
        happened="The run {run} ended as {state}: {message}",
        do="The run's page has its log. `rasid doctor` says whether the installation is sound; the next run by "
        "schedule begins where this one stopped.",
        page="/runs/flow-run/{id}",
    ),
    BROKEN: Kind(
        subject="source {source} can't be read",
        happened="{source} could not be read {failures} times in a row ({outcome}). {error} It was last read at "
        "{last_read_at}, and is asked again at {next_due_at}, then ever more rarely, but at least once a day.",
        do="Open its address in a browser: feeds move, and sites change. README.md has a table of outcomes with what "
        "to do about each; `rasid ingest --source {source} --force` tries it at once.",
        page="/artifacts/key/sources",
    ),
    SILENT: Kind(
        subject="source {source} has gone quiet",
        happened="{source} answers, but has brought nothing new since {last_new_at}, for much longer than is usual for "
        "it. It was last read at {last_read_at}.",
        do="Look at its site: if there is news, its feed or its selectors have been left behind, and its block in the "
        "catalogue needs another address. If there is none, nothing is wrong.",
        page="/artifacts/key/sources",
    ),
    RECOVERED: Kind(
        subject="source {source} is well again",
        happened="{source} can be read and brings news. It was last read at {last_read_at}.",
        do="Nothing. What it published meanwhile is taken up as far as its front pages still name it; `rasid backfill "
        "{source}` looks further back.",
        page="/artifacts/key/sources",
    ),
    LATE: Kind(
        subject="tagging is late",
        happened="{waiting} documents wait for the tagger {tagger}, the oldest since {oldest_waiting_since}.",
        do="`rasid tags status` says how it stands. A tagger of taggers.toml is run by `rasid tags run`, which says "
        "what stops it; any other one is run by whoever keeps it.",
        page="/artifacts/key/waiting",
    ),
}


def notice(kind: str, facts: Facts, dashboard: str) -> Notice:
    """The mail on a trouble; `dashboard` is the address of Prefect's pages, without a slash at its end.

    A kind that this version does not know is told as it came: better an odd mail than none.
    """
    known = {name: _plain(value) for name, value in facts.items()}
    words = KINDS.get(kind)
    if words is None:
        listed = "\n".join(f"{name}: {value}" for name, value in sorted(known.items()))
        return Notice(subject=f"Rasid: {_plain(kind)}", text=f"{_plain(kind)}\n\n{listed}\n\n{dashboard}\n")
    filled = _Facts(known)
    paragraphs = (
        words.happened.format_map(filled),
        f"What to do: {words.do.format_map(filled)}",
        f"{dashboard}{words.page.format_map(filled)}",
        f"The same is told at most once in six hours. {_MORE}",
    )
    return Notice(subject=f"Rasid: {words.subject.format_map(filled)}", text="\n\n".join(paragraphs) + "\n")


class _Facts(dict[str, str]):
    """Facts by name; one that is missing leaves a word in its place, not an error in a mail about an error."""

    def __missing__(self, name: str) -> str:
        return "(not known)"


def _plain(value: object) -> str:
    if value is None:
        return "(not known)"
    return letter_parts.shortened(one_line(letter_parts.plain(str(value))), WORDS)
