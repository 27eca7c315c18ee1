"""Which flows run, and when: the one table that `rasid serve` runs and that prefect.yaml repeats for workers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from articles import spans
from flows.signals import READY

TAGS = ("rasid",)


@dataclass(frozen=True, kw_only=True)
class Served:
    """A flow that runs by schedule, or when it is called.

    By schedule there is one run at a time: it takes up all that is due, so another that comes meanwhile is dropped, not
    queued, and one that was missed is never made up for.
    """

    name: str
    about: str
    entrypoint: str
    """The module path of the flow."""
    slug: str
    """When it runs, in words."""
    cron: str | None = None
    """When it runs, in UTC; None: when it is called."""
    every: timedelta | None = None
    """Runs so often, in the place of `cron`."""
    upon: str | None = None
    """An event that starts it as well, besides the schedule."""
    at_once: int | None = None
    """Of what is called: how many run at a time while others wait; None: any number."""
    tags: tuple[str, ...] = TAGS

    @property
    def when(self) -> str:
        """When it runs, for people."""
        rhythm = f"every {spans.written(self.every)}" if self.every else self.slug.replace("-", " ")
        return f"{rhythm}, and when documents have come" if self.upon else rhythm


SERVED = (
    Served(
        name="ingest",
        about="One pass over the sources that are due",
        entrypoint="flows.ingest.ingest",
        slug="every-15-minutes",
        cron="*/15 * * * *",
    ),
    Served(
        name="alert",
        about="What waits in the outbox goes out",
        entrypoint="flows.alert.alert",
        slug="every-5-minutes",
        cron="3-59/5 * * * *",
    ),
    Served(
        name="revisit",
        about="Kept pages whose turn has come are looked at again",
        entrypoint="flows.revisit.revisit",
        slug="every-hour",
        cron="25 * * * *",
    ),
    Served(
        name="digest",
        about="Whoever's hour has come is owed a digest",
        entrypoint="flows.digest.digest",
        slug="every-hour",
        cron="1 * * * *",
    ),
    # The schedule makes up for an event that came while a run was ending, or that was lost.
    Served(
        name="tag",
        about="The configured taggers, on all that waits for them",
        entrypoint="flows.tag.tag",
        slug="every-15-minutes",
        cron="7-59/15 * * * *",
        upon=READY,
    ),
    Served(
        name="check",
        about="A look at every enabled source: what answers, and whether its articles can be read",
        entrypoint="flows.check.check",
        slug="every-night",
        cron="37 2 * * *",
    ),
    Served(
        name="maintenance",
        about="Housekeeping",
        entrypoint="flows.maintenance.maintenance",
        slug="every-night",
        cron="23 3 * * *",
    ),
    # Many may wait, and as many as the workers have room for run at once.
    Served(
        name="backfill",
        about="A part of the past, one source and range or one archive file; `rasid backfill` hands them out",
        entrypoint="flows.backfill.backfill",
        slug="when-called",
        at_once=4,
    ),
    # Not tagged: the automation on failed runs would call it on its own failure.
    Served(
        name="notice",
        about="A mail to the operator, when an automation calls for it",
        entrypoint="flows.notice.notice",
        slug="when-called",
        tags=(),
    ),
)


def paced(served: Iterable[Served], every: timedelta) -> tuple[Served, ...]:
    """The same with a pass so often."""
    return tuple(replace(one, every=every) if one.name == "ingest" else one for one in served)


def trigger(event: str) -> dict[str, Any]:
    """What starts a deployment upon one of our events."""
    return {
        "type": "event",
        "enabled": True,
        "posture": "Reactive",
        "match": {"prefect.resource.id": "rasid.documents"},
        "expect": [event],
    }
