"""Events for Prefect's automations: documents are there to be tagged, and tagging has fallen behind.

Outside a flow run nobody listens, and nothing is sent: then Prefect is not even imported, which takes a second.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from storage.tags import Backlog

READY, STALE = "rasid.document.ready", "rasid.tagging.stale"

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
    return _emit(STALE, f"rasid.tagger.{backlog.tagger}", payload)


def _emit(event: str, resource: str, payload: dict[str, Any]) -> bool:
    context = sys.modules.get("prefect.context")
    if context is None or context.FlowRunContext.get() is None:
        return False
    from prefect.events import emit_event

    return emit_event(event, resource={"prefect.resource.id": resource}, payload=payload) is not None
