"""Every pass leaves a sign of life, in the database and with the watcher that RASID_PING_URL names."""

from __future__ import annotations

import logging
from collections.abc import Awaitable
from datetime import UTC, datetime

from extractors.ping import ping
from extractors.web import user_agent
from flows.report import Report
from flows.settings import Settings
from flows.stores import opened
from storage import heartbeat

log = logging.getLogger("rasid")


async def watched(settings: Settings, work: Awaitable[Report]) -> Report:
    """The report of this pass, once both have been told; that they could not be costs a warning, no more."""
    try:
        report = await work
    except Exception:
        await _tell(settings, ok=False)
        raise
    with opened(settings) as store, store.write() as connection:
        heartbeat.beat(connection, datetime.now(UTC))
    await _tell(settings, ok=not report.nothing_worked)
    return report


async def _tell(settings: Settings, *, ok: bool) -> None:
    if settings.ping_url is None:
        return
    if fault := await ping(settings.ping_url, ok=ok, user_agent=user_agent(settings.contact)):
        log.warning("RASID_PING_URL: %s", fault)
