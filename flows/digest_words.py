"""What a digest says in sentences of its own: how the span went, which sources fail, how tagging stands. Pure."""

from __future__ import annotations

from flows.bulletin import Bulletin, Usual
from flows.letter_parts import clock, many
from storage.periods import Health
from storage.tags import Status

EMPTY = (
    "This mail comes on empty days as well: without it you could not tell a quiet day from a watch that stands still."
)


def summary(this: Bulletin) -> str:
    """The span in two or three sentences."""
    read = f"{many(this.read, 'article')} from {many(this.sources, 'source')}"
    if this.nothing:
        says = f"nothing new on the topic, among {read}. {EMPTY}"
    elif this.first:
        says = (
            f"this is your first digest, so it also lists what was there when the watch began. "
            f"{many(this.news, 'new document')} among {read}."
        )
    else:
        says = f"{many(this.news, 'new document')} {_stories(this)}, among {read}."
    usual = "" if this.usual.mean is None else f" Usual in the four weeks before: {this.usual.mean:.1f}."
    return f"{clock(this.begin)} to {clock(this.end)}: {says}{usual}"


def _stories(this: Bulletin) -> str:
    known = f" and {many(len(this.later), 'known story', 'known stories')}" if this.later else ""
    return f"in {many(len(this.stories), 'new story', 'new stories')}{known}"


def chart(usual: Usual) -> str:
    """The chart in words, for whoever does not see it."""
    counts = ", ".join(str(count) for _, count in usual.days)
    now = "the last one is" if usual.now == 1 else f"the last {usual.now} are"
    return f"Documents a day over {many(len(usual.days), 'day')}: {counts}; {now} this digest's."


def failing(health: Health) -> str:
    """How a source fails."""
    last = f"last read {clock(health.succeeded_at)}" if health.succeeded_at else "never read so far"
    turns = many(health.failures, "failed turn")
    return f"{health.outcome or 'not read'}, {turns} in a row; {last}. {health.error or ''}".rstrip()


def quiet(health: Health) -> str:
    """How a source has gone quiet."""
    since = clock(health.last_at) if health.last_at else "the watch began"
    before = f"before that {many(health.brought, 'article')} in four weeks"
    return f"answers, but has brought nothing since {since}; {before}."


def tagging(status: Status) -> str:
    """How current a tagger is."""
    oldest = f", the oldest since {clock(status.oldest_waiting_since)}" if status.oldest_waiting_since else ""
    documents = many(status.documents, "document")
    return f"{status.tagger}: {status.tagged} of {documents} tagged, {status.waiting} waiting{oldest}."
