"""Events for Prefect's automations: documents have come, tagging has fallen behind, a source is in trouble.

Outside a flow run nobody listens, and nothing is sent: then Prefect is not even imported, which takes a second.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flows import health
from flows.health import Turn
from flows.report import Report
from storage.tags import Backlog

READY, STALE = "rasid.document.ready", "rasid.tagging.stale"
BROKEN, SILENT, RECOVERED = "rasid.source.broken", "rasid.source.silent", "rasid.source.recovered"
ENDED = "rasid.pass.ended"

SOURCE = "rasid.source"
TAGGER = "rasid.tagger"
"""What an event's resource begins with; its name follows behind a full stop."""

_TURNS = {health.BROKEN: BROKEN, health.SILENT: SILENT, health.SOUND: RECOVERED}

NAMED = 100
"""Documents that an event names; it counts them all."""


def document_ready(names: Sequence[str]) -> bool:
    """Says that documents have come or changed, one event for all; returns whether there was anybody to tell."""
    if not names:
        return False
    return _emit(READY, "rasid.documents", {"count": len(names), "names": list(names[:NAMED])})


def tagging_stale(backlog: Backlog, now: datetime, longest: timedelta) -> bool:
    """Says that a document has waited for a tag for longer than `longest`; returns whether it said so."""
    if backlog.oldest_waiting_since is None or not backlog.is_stale(now, longest):
        return False
    payload = {
        "tagger": backlog.tagger,
        "waiting": backlog.waiting,
        "oldest_waiting_since": backlog.oldest_waiting_since.isoformat(),
        "oldest_waiting_seconds": round((now - backlog.oldest_waiting_since).total_seconds()),
    }
    return _emit(STALE, f"{TAGGER}.{backlog.tagger}", payload)


def source_turned(turn: Turn) -> bool:
    """Says that a source is broken, silent or well again; returns whether there was anybody to tell."""
    now = turn.health
    payload = {
        "source": now.source,
        "outcome": now.outcome,
        "error": now.error,
        "failures": now.failures,
        "last_read_at": now.succeeded_at.isoformat() if now.succeeded_at else None,
        "last_new_at": now.last_at.isoformat() if now.last_at else None,
        "next_due_at": now.due_at.isoformat() if now.due_at else None,
    }
    return _emit(_TURNS[turn.state], f"{SOURCE}.{now.source}", payload)


def pass_ended(report: Report) -> bool:
    """Says what a pass came to; returns whether there was anybody to tell."""
    told = report.json()
    kept = {key: told[key] for key in ("run_id", "started_at", "seconds", "totals", "corpus", "outbox")}
    failed = [source.name for source in report.sources if source.error]
    return _emit(ENDED, "rasid.pass", kept | {"sources": len(report.sources), "failed": failed[:NAMED]})


def _emit(event: str, resource: str, payload: dict[str, Any]) -> bool:
    context = sys.modules.get("prefect.context")
    if context is None or context.FlowRunContext.get() is None:
        return False
    from prefect.events import emit_event

    return emit_event(event, resource={"prefect.resource.id": resource}, payload=payload) is not None
