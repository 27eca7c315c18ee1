"""What a pass did, source by source: for programs as JSON, for people in plain words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from articles.model import Outcome
from flows.alerts import Sending

COUNTS = ("discovered", "known", "fetched", "new", "duplicates", "revised", "on_topic", "failed")

FAILURES = frozenset(Outcome) - {Outcome.OK, Outcome.UNCHANGED, Outcome.EMPTY, Outcome.NOT_DUE}
"""The outcomes that mean a source could not be read."""

UNREACHED = frozenset({Outcome.UNREACHABLE, Outcome.TIMEOUT})
"""When every source comes to one of these, it is our own network that is down."""


@dataclass(frozen=True, kw_only=True)
class NewDocument:
    """An article that became a document of the corpus in this pass."""

    name: str
    title: str | None
    url: str


@dataclass(frozen=True, kw_only=True)
class SourceReport:
    """One source's turn. `outcome`, `http` and `error` speak of its front pages alone."""

    name: str
    outcome: Outcome
    http: int | None = None
    discovered: int = 0
    known: int = 0
    fetched: int = 0
    new: int = 0
    duplicates: int = 0
    revised: int = 0
    on_topic: int = 0
    failed: int = 0
    error: str | None = None
    documents: tuple[NewDocument, ...] = ()
    seconds: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Report:
    """One pass."""

    run_id: str
    started_at: datetime
    seconds: float
    sources: tuple[SourceReport, ...]
    documents: int
    adopted: int
    added: tuple[NewDocument, ...]
    sending: Sending

    @property
    def nothing_worked(self) -> bool:
        """Every source failed; one that was left alone did not."""
        return bool(self.sources) and all(source.outcome in FAILURES for source in self.sources)

    @property
    def offline(self) -> bool:
        """No source on any host could be reached: our own network, not theirs."""
        return bool(self.sources) and all(source.outcome in UNREACHED for source in self.sources)

    def json(self) -> dict[str, Any]:
        """The report in its public form."""
        return {
            "run_id": self.run_id,
            "started_at": f"{self.started_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
            "seconds": round(self.seconds, 3),
            "sources": [asdict(source) | {"seconds": round(source.seconds, 3)} for source in self.sources],
            "totals": {count: sum(getattr(s, count) for s in self.sources) for count in COUNTS},
            "corpus": {
                "documents": self.documents,
                "adopted": self.adopted,
                "added": [document.name for document in self.added],
            },
            "outbox": {"pending": self.sending.pending, "sent": self.sending.sent, "note": self.sending.note},
        }


def describe(source: SourceReport) -> str:
    """What happened to a source, in one plain sentence."""
    if source.outcome in FAILURES:
        says = f"could not be read ({source.outcome}): {source.error or 'No reason is known.'}"
    elif source.outcome == Outcome.NOT_DUE:
        says = f"left alone: {source.error or 'It is not due yet.'}"
    elif source.outcome == Outcome.UNCHANGED:
        says = "nothing has changed since the last visit"
    elif source.outcome == Outcome.EMPTY:
        says = f"listed nothing: {source.error or 'An empty front page.'}"
    else:
        says = f"listed {_many(source.discovered, 'article')}, {source.known} of them known"
    return f"{says}{_pages(source)}"


def _pages(source: SourceReport) -> str:
    if not source.fetched:
        return ""
    counts = {"on topic": source.on_topic, "already here": source.duplicates, "failed": source.failed}
    further = [f"{count} {words}" for words, count in counts.items() if count]
    return f" - {', '.join([_many(source.fetched, 'page') + ' fetched', f'{source.new} new', *further])}"


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def in_order(reports: Iterable[SourceReport], names: Iterable[str]) -> tuple[SourceReport, ...]:
    """The reports in the catalogue's order."""
    by_name = {report.name: report for report in reports}
    return tuple(by_name[name] for name in names)


def in_a_line(report: Report) -> str:
    """A pass in one line of a log."""
    totals = {count: sum(getattr(source, count) for source in report.sources) for count in COUNTS}
    failing = [f"{source.name} ({source.outcome})" for source in report.sources if source.outcome in FAILURES]
    left = sum(source.outcome == Outcome.NOT_DUE for source in report.sources)
    says = [f"{len(report.sources) - len(failing) - left} sources read"]
    says += [f"{totals['fetched']} pages fetched, {totals['new']} new, {totals['on_topic']} on topic"]
    says += [f"{totals['revised']} revised"] if totals["revised"] else []
    says += [f"{report.sending.sent} mails sent"] if report.sending.sent else []
    says += [f"not read: {', '.join(failing)}"] if failing else []
    return "; ".join(says)
