"""What an answer or a redirect came to, told apart by evidence: status, headers, markup. Everything here is pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from articles.model import Outcome
from extractors import walls
from extractors.trouble import Trouble
from extractors.walls import Evidence

LONGEST_RETRY_AFTER = timedelta(hours=24)
"""A server that asks for more is taken to be misconfigured."""

_FORBIDDEN = (401, 403, 451)
_GONE = (404, 410)
_SECONDS = re.compile(r"[0-9]{1,1000}(?:\.[0-9]{0,20})?")


def of_answer(answer: Evidence, now: datetime) -> Trouble | None:
    """Why this answer is no page, or None for a 200 that shows no sign of anything else."""
    if wall := walls.of_answer(answer):
        outcome, sentence = wall
    elif answer.status != 200:
        outcome, sentence = _outcome(answer.status), f"{answer.host} answered {_named(answer.status)}."
    else:
        return None
    wait = retry_after(answer.headers.get("retry-after"), now)
    return Trouble(outcome, sentence, http=answer.status, retry_after=wait)


def of_redirect(asked: str, target: str) -> Trouble | None:
    """Why this redirect need not be followed, or None."""
    wall = walls.of_redirect(asked, target)
    return Trouble(Outcome.BLOCKED, wall) if wall else None


def retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds that a Retry-After header asks for, in both its forms, at most a day; None if unreadable."""
    if value is None:
        return None
    value = value.strip()
    if _SECONDS.fullmatch(value):
        seconds = float(value)
    else:
        try:
            moment = parsedate_to_datetime(value)
            seconds = (moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds()
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
    return min(max(seconds, 0.0), LONGEST_RETRY_AFTER.total_seconds())


def _outcome(status: int) -> Outcome:
    if status in _FORBIDDEN:
        return Outcome.FORBIDDEN
    if status in _GONE:
        return Outcome.GONE
    return Outcome.RATE_LIMITED if status == 429 else Outcome.BROKEN


def _named(status: int) -> str:
    try:
        return f"{status} ({HTTPStatus(status).phrase})"
    except ValueError:
        return f"{status}, which is no known status"
