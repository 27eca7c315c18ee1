"""Who is told of what: recipients.toml becomes `Recipient` values, or one line for each of its faults."""

from __future__ import annotations

import dataclasses
import re
import zoneinfo
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from articles.faults import Faults, Table, parse, shown

__all__ = ["AT_ONCE", "BOTH", "DIGEST", "Faults", "Recipient", "free_from", "is_address", "load", "wants"]

AT_ONCE, DIGEST, BOTH = "at once", "digest", "both"
CLASSES = ("A", "B", "C")
PERIODS = ("day", "week")

# Letters of any script may stand on both sides of the @ (RFC 6531); what could begin another header may not.
_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\\x00-\x1f\x7f-\x9f]{1,64}@[^\s@<>,;:\"()\[\]\\/\x00-\x1f\x7f-\x9f]{1,253}")
_QUIET = re.compile(r"([01]\d|2[0-3]):([0-5]\d) ?[-–] ?([01]\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Recipient:
    """Somebody who is written to. Empty lists mean: any."""

    address: str
    languages: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    mail: str = BOTH
    """`at once` (a mail a story), `digest`, or `both`."""
    digest: str = "day"
    """A digest each `day`, or each `week`."""
    timezone: str = "UTC"
    quiet: tuple[time, time] | None = None
    """From when until when, in their zone, no mail at once is sent: it waits until the end."""
    operator: bool = False
    """Told of trouble with the watch itself."""


def load(text: str, *, file: str) -> tuple[Recipient, ...]:
    """The recipients of a file, in its order. Raises `Faults`, with all of them at once."""
    top = parse(text, file=file)
    top.only(["recipient"])
    blocks = top.tables("recipient")
    read = [_recipient(_block(top, block, n)) for n, block in enumerate(blocks, 1)]
    seen: set[str] = set()
    for recipient in read:
        if recipient.address.casefold() in seen:
            top.fault("recipient", f"{shown(recipient.address)} stands twice", "keep one of them")
        seen.add(recipient.address.casefold())
    if top.faults:
        raise Faults(top.faults)
    return tuple(read)


def is_address(address: str) -> bool:
    """Whether this can be written to: one plain `name@host`, in any script."""
    return _ADDRESS.fullmatch(address) is not None


def wants(recipient: Recipient, *, language: str, kind: str, sources: frozenset[str]) -> bool:
    """Whether a recipient is to be told of an article of this language and class, seen at these sources."""
    return (
        (not recipient.languages or language in recipient.languages)
        and (not recipient.classes or kind in recipient.classes)
        and (not recipient.sources or not sources.isdisjoint(recipient.sources))
    )


def free_from(recipient: Recipient, now: datetime) -> datetime:
    """When a mail at once may be sent: now, or the end of the recipient's quiet hours."""
    if recipient.quiet is None:
        return now
    begin, end = recipient.quiet
    local = now.astimezone(ZoneInfo(recipient.timezone))
    clock = local.time()
    within = begin <= clock < end if begin < end else clock >= begin or clock < end
    if not within:
        return now
    day = local.date() + timedelta(days=clock >= end)
    return datetime.combine(day, end, local.tzinfo).astimezone(UTC)


def _block(top: Table, values: dict[str, object], position: int) -> Table:
    address = values.get("address")
    called = shown(address) if isinstance(address, str) and address.strip() else f"#{position}"
    return Table(values, f"{top.place}: recipient {called}", top.faults)


def _recipient(block: Table) -> Recipient:
    block.only(field.name for field in dataclasses.fields(Recipient))
    address = (block.text("address") or "").strip()
    if not is_address(address):
        block.fault("address", f"{shown(address)} is no address", 'write address = "name@host"')
    return Recipient(
        address=address,
        languages=tuple(language.lower() for language in block.texts("languages")),
        classes=_among(block, "classes", CLASSES),
        sources=block.texts("sources"),
        mail=_one_of(block, "mail", (AT_ONCE, DIGEST, BOTH), BOTH),
        digest=_one_of(block, "digest", PERIODS, "day"),
        timezone=_zone(block),
        quiet=_quiet(block),
        operator=block.flag("operator", False),
    )


def _among(block: Table, key: str, known: tuple[str, ...]) -> tuple[str, ...]:
    values = block.texts(key)
    for value in values:
        if value not in known:
            block.fault(key, f"{shown(value)} is none", f"write some of {', '.join(known)}")
    return values


def _one_of(block: Table, key: str, known: tuple[str, ...], default: str) -> str:
    value = block.text(key) or default
    if value not in known:
        block.fault(key, f"{shown(value)} is not known", f"write one of {', '.join(map(shown, known))}")
    return value


def _zone(block: Table) -> str:
    name = block.text("timezone") or "UTC"
    try:
        ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        block.fault("timezone", f"{shown(name)} is no time zone", 'write one like "Asia/Hebron"')
        return "UTC"
    return name


def _quiet(block: Table) -> tuple[time, time] | None:
    said = block.text("quiet")
    if said is None:
        return None
    match = _QUIET.fullmatch(said.strip())
    if match is None:
        block.fault("quiet", f"{shown(said)} is no span of hours", 'write quiet = "22:00-07:00"')
        return None
    hours = [int(part) for part in match.groups()]
    begin, end = time(hours[0], hours[1]), time(hours[2], hours[3])
    if begin == end:
        block.fault("quiet", "begins when it ends", 'write quiet = "22:00-07:00", or leave the key out')
        return None
    return begin, end
