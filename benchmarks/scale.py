"""What so many sources take, and what gives out first: `python -m benchmarks.scale [--name VALUE]…`.

A model, not a measurement: unit costs that were measured (each says by what) times a day of assumed news. Every number
can be given anew on the command line, like `--page-ms 40 --items 50`.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, fields

SIZES = (100, 1_000, 10_000, 100_000, 1_000_000)

DAY = 86_400


@dataclass(frozen=True, kw_only=True)
class Day:
    """What a source's day is like (assumed), and what each thing costs (measured on two cores, PostgreSQL 15)."""

    items: float = 30
    """New articles of a source."""
    looks: float = 2.1
    """Further fetches of each: after an hour and a day (`storage.looks.LOOSELY`), documents more often."""
    polls: float = 48
    """Readings of its front pages: every 15 minutes while it brings something, ever more rarely in the night."""
    on_topic: float = 0.002
    """Share of the articles that become documents. Half a per cent in a crisis, a tenth of that in a dull month."""
    recipients: float = 3
    """Mails a document: one each, at most."""
    delay: float = 5
    """Seconds between two requests to a host, which a source's turn waits for."""
    answer: float = 0.5
    """Seconds until a host has answered."""

    poll_ms: float = 2.7
    """CPU of an unchanged front page (`benchmarks.passes`, PostgreSQL; SQLite: 1.2)."""
    page_ms: float = 44
    """CPU of a page from request to commit (`benchmarks.passes`: 300 pages in 5.7 to 7.3 s of two full cores)."""
    write_ms: float = 12
    """Inside the write transactions, which follow one another (one pass over 240 new pages; SQLite: 7)."""
    rows: float = 42
    """Rows of an article in all tables (`benchmarks.move`)."""
    database_kb: float = 10
    """An article in all tables with their indexes (`benchmarks.move`: 9.8 on PostgreSQL, 9.1 on SQLite)."""
    archive_kb: float = 44
    """A fetched page in the archive, packed."""

    slots: float = 32
    """Sources that a worker reads at once (`flows.passes.SIDE_BY_SIDE`)."""
    cores: float = 2
    """Of one machine."""


@dataclass(frozen=True)
class Load:
    """What so many sources come to."""

    sources: int
    articles: float
    """A day."""
    requests: float
    """A second."""
    cores: float
    writer: float
    """Share of the time that somebody is writing: above 1 it can't be done with one database."""
    slots: float
    """Sources under way at any moment, most of them waiting for their hosts' delays."""
    workers: float
    """Passes at once that so many slots, and so many cores, take."""
    rows: float
    """A day, in millions."""
    database_gb: float
    """A year."""
    archive_gb: float
    """A day."""
    mails: float
    """A day."""

    def first(self, day: Day) -> str:
        """What gives out first, and what to add then."""
        if self.writer > 0.7:
            return "the writers' row: a database for each language or region"
        if self.workers <= 1:
            return "nothing: `rasid serve` on one machine"
        machines = -(-self.cores // (0.7 * day.cores))
        if machines <= 1:
            return f"slots: {self.workers:.0f} workers on PostgreSQL, one machine"
        return f"cores: {self.workers:.0f} workers on {machines:.0f} machines"


def load(sources: int, day: Day) -> Load:
    """What so many sources take."""
    articles = sources * day.items
    pages, polls = articles * (1 + day.looks), sources * day.polls
    cores = (polls * day.poll_ms + pages * day.page_ms) / 1000 / DAY
    slots = (polls * day.answer + pages * (day.delay + day.answer)) / DAY
    return Load(
        sources=sources,
        articles=articles,
        requests=(polls + pages) / DAY,
        cores=cores,
        writer=pages * day.write_ms / 1000 / DAY,
        slots=slots,
        workers=max(-(-slots // day.slots), -(-cores // 1)),
        rows=articles * day.rows / 1e6,
        database_gb=articles * 365 * day.database_kb / 1e6,
        archive_gb=pages * day.archive_kb / 1e6,
        mails=articles * day.on_topic * day.recipients,
    )


def table(day: Day) -> str:
    """The model as a table in Markdown."""
    head = (
        "| sources | articles a day | requests a second | cores busy | writing | sources under way "
        "| rows a day, million | database, GB a year | archive, GB a day | mails a day | what gives out first |"
    )
    lines = [head, "|" + " ---: |" * 10 + " --- |"]
    for sources in SIZES:
        it = load(sources, day)
        cells = [
            f"{sources:,}",
            f"{it.articles:,.0f}",
            f"{it.requests:,.2g}" if it.requests < 10 else f"{it.requests:,.0f}",
            f"{it.cores:.2g}" if it.cores < 10 else f"{it.cores:,.0f}",
            f"{it.writer:.1%}" if it.writer < 1 else f"{it.writer:,.0%}",
            f"{it.slots:,.1f}" if it.slots < 10 else f"{it.slots:,.0f}",
            f"{it.rows:,.2g}" if it.rows < 10 else f"{it.rows:,.0f}",
            f"{it.database_gb:,.0f}",
            f"{it.archive_gb:,.1f}" if it.archive_gb < 10 else f"{it.archive_gb:,.0f}",
            f"{it.mails:,.0f}",
            it.first(day),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale")
    for field in fields(Day):
        parser.add_argument(f"--{field.name.replace('_', '-')}", type=float, default=field.default)
    print(table(Day(**vars(parser.parse_args()))))


if __name__ == "__main__":
    main()
