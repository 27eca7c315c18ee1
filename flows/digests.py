"""Who is owed a digest now, and of which span of time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from articles import recipients
from articles.recipients import Recipient
from storage.periods import Span

HOUR = time(7)
"""When a digest is made, by the recipient's clock; weekly ones on Monday."""


def due(
    to: Sequence[Recipient], last: Mapping[str, datetime], now: datetime, since: datetime | None
) -> list[tuple[Recipient, Span]]:
    """Who is to have a digest now, and of what: since the end of the last one, by address, until this morning.

    One that was missed, or several, is made up by one. The first begins where the watch did (`since`), so that it
    lists the baseline; before the watch's first morning there is none.
    """
    spans = ((reader, (last.get(reader.address, since), morning(reader, now))) for reader in readers(to))
    return [(reader, (begin, end)) for reader, (begin, end) in spans if begin is not None and begin < end]


def readers(to: Sequence[Recipient]) -> list[Recipient]:
    """Those who want digests."""
    return [recipient for recipient in to if recipient.mail != recipients.AT_ONCE]


def morning(recipient: Recipient, now: datetime) -> datetime:
    """The last moment at which the recipient's digest was to be made."""
    zone = ZoneInfo(recipient.timezone)
    local = now.astimezone(zone)
    back = local.weekday() if recipient.digest == "week" else 0
    step = 7 if recipient.digest == "week" else 1
    end = datetime.combine(local.date() - timedelta(days=back), HOUR, zone)
    if end > local:
        end = datetime.combine(end.date() - timedelta(days=step), HOUR, zone)
    return end.astimezone(UTC)


def until_now(
    to: Sequence[Recipient], last: Mapping[str, datetime], now: datetime, since: datetime | None
) -> list[tuple[Recipient, Span]]:
    """A digest for everyone who wants digests, since the end of the last one, whatever the hour."""
    begin = min(since or now, now - timedelta(days=1))
    return [(reader, (last.get(reader.address, begin), now)) for reader in readers(to)]
