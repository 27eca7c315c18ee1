"""`rasid doctor`: is this installation sound? Each check is one line, with the mend where something is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from articles import spans
from flows import alerts, orders, settings, taggers
from flows.findings import Verdict
from flows.orders import Order
from flows.report import FAILURES
from flows.settings import Settings
from flows.stores import opened
from storage import checkups, corpus, deliveries, heartbeat, tags, views
from storage.database import SCHEMA, Store

NETWORK_FILESYSTEMS = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "afs", "ceph"})
"""Where SQLite's write-ahead log is not safe: its shared memory does not reach other machines."""

LONGEST_SILENCE = timedelta(days=1)
"""Without a pass. No source is read more rarely than once a day by itself."""

CLOCK_SLACK = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class Check:
    """One thing looked at. `ok` None: nothing wrong, but worth knowing."""

    name: str
    ok: bool | None
    message: str


@dataclass(frozen=True, kw_only=True)
class Diagnosis:
    """All that was looked at."""

    settings: dict[str, str | None]
    checks: tuple[Check, ...]
    sources: list[dict[str, Any]]

    @property
    def sound(self) -> bool:
        return all(check.ok is not False for check in self.checks)


def examine(known: Settings) -> Diagnosis:
    """Looks at everything an installation stands on.

    Raises:
        Faults: settings, catalogue or topic can't be used.
        StorageError: the database or the state folder can't be used.
    """
    order = orders.order(known)
    taggers.configured(known)  # refused, as all settings are, before anything opens
    with opened(known) as store:
        with store.read() as connection:
            health = views.source_health(connection)
        return Diagnosis(settings=known.shown(), checks=tuple(_checks(known, order, store, health)), sources=health)


def _checks(known: Settings, order: Order, store: Store, health: list[dict[str, Any]]) -> Iterator[Check]:
    says = f"{len(order.catalogue)} in {known.sources.name}, {len(order.wanted)} of them enabled"
    yield Check(name="catalogue", ok=True, message=says)
    yield Check(name="topic", ok=True, message=f"{known.topic.name} is usable")
    yield _contact(known)
    yield _database(known, store)
    yield from _corpus(known, store)
    yield _clock(store)
    yield _pass(store, datetime.now(UTC))
    yield _mail(known, store)
    yield _tagging(known, store, datetime.now(UTC))
    yield _sources(health)
    yield _looks(store)


def _contact(known: Settings) -> Check:
    if known.contact == settings.HOME_PAGE:
        says = "nobody is named in the User-Agent; set RASID_CONTACT to an address that publishers can write to"
        return Check(name="contact", ok=None, message=says)
    return Check(name="contact", ok=True, message=known.contact)


def _database(known: Settings, store: Store) -> Check:
    filesystem = _filesystem(known.home) if store.is_sqlite else None
    if filesystem in NETWORK_FILESYSTEMS:
        says = f"the database stands on a network folder ({filesystem}), where SQLite is not safe; move RASID_HOME"
        return Check(name="database", ok=False, message=says)
    kind = "SQLite" if store.is_sqlite else "PostgreSQL"
    return Check(name="database", ok=True, message=f"{kind}, schema {SCHEMA}")


def _filesystem(folder: Path) -> str | None:
    """The kind of file system that holds a folder: the longest mount point above it. None where unknown."""
    try:
        mounts = [line.split()[1:3] for line in Path("/proc/mounts").read_text("utf-8").splitlines()]
    except OSError:
        return None
    above = [(point, kind) for point, kind in mounts if folder.resolve().is_relative_to(point)]
    return max(above, key=lambda mount: len(mount[0]), default=("", None))[1]


def _corpus(known: Settings, store: Store) -> Iterator[Check]:
    with store.read() as connection:
        wrong = list(corpus.compare(known.corpus, connection))
        count = len(corpus.known(connection))
    if wrong:
        says = f"{len(wrong)} findings between files and database; run `rasid corpus verify`"
        yield Check(name="corpus", ok=False, message=says)
    else:
        yield Check(name="corpus", ok=True, message=f"{count} files, as the database has them")


def _clock(store: Store) -> Check:
    with store.read() as connection:
        newest = views.newest(connection)
    if newest and newest > datetime.now(UTC) + CLOCK_SLACK:
        says = f"the newest article is from {newest:%Y-%m-%d %H:%M} UTC, in the future; set this machine's clock"
        return Check(name="clock", ok=False, message=says)
    return Check(name="clock", ok=True, message=f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC")


def _pass(store: Store, now: datetime) -> Check:
    with store.read() as connection:
        last = heartbeat.last(connection)
    if last is None:
        says = "there has been none yet; run `rasid ingest`, or `rasid serve` for all that follow"
        return Check(name="pass", ok=None, message=says)
    minutes = max(0, int((now - last).total_seconds() // 60))
    says = f"the last one ended {minutes // 60} h {minutes % 60} min ago"
    if now - last > LONGEST_SILENCE:
        return Check(name="pass", ok=False, message=f"{says}; see whether `rasid serve` still runs")
    return Check(name="pass", ok=True, message=says)


def _mail(known: Settings, store: Store) -> Check:
    """Whether mail could go out; what has failed for long is told, as `rasid alert list` says why."""
    with store.read() as connection:
        waiting, dead = deliveries.pending(connection), len(deliveries.listing(connection, [deliveries.DEAD]))
    to = len(orders.recipients_of(known))
    if known.mail_server is None or not to:
        note = alerts.NO_RECIPIENTS if known.mail_server else alerts.NO_SERVER
        return Check(name="mail", ok=None, message=f"{note} {waiting} wait")
    if dead:
        return Check(name="mail", ok=False, message=f"{dead} could not be sent for a week; see `rasid alert list`")
    return Check(
        name="mail", ok=True, message=f"{known.mail_server.shown()} for {to} recipients; {waiting} alerts wait"
    )


def _tagging(known: Settings, store: Store, now: datetime) -> Check:
    with store.read() as connection:
        somebody = tags.taggers(connection) or taggers.configured(known)
        documents = tags.status(connection, "", now).waiting
    if not somebody:
        says = f"nobody tags yet; {documents} documents wait for the first tagger (docs/tagging.md)"
        return Check(name="tagging", ok=None, message=says)
    behind = taggers.backlog(known, store, now)
    if behind.oldest_waiting_since is None:
        return Check(name="tagging", ok=True, message="nothing waits for a tag")
    hours = (now - behind.oldest_waiting_since).total_seconds() / 3600
    says = f"{behind.waiting} documents wait for {behind.tagger}, the oldest for {hours:.1f} hours"
    if not behind.is_stale(now, known.tagging_max_age):
        return Check(name="tagging", ok=True, message=says)
    limit = f"more than RASID_TAGGING_MAX_AGE ({spans.written(known.tagging_max_age)})"
    return Check(name="tagging", ok=False, message=f"{says}, {limit}; see `rasid tags run` or what keeps that tagger")


def _sources(health: list[dict[str, Any]]) -> Check:
    failing = [source["name"] for source in health if source["outcome"] in FAILURES]
    if health and len(failing) == len(health):
        return Check(name="sources", ok=False, message="all failed at their last visit; is the network up?")
    if failing:
        return Check(name="sources", ok=None, message=f"failed at their last visit: {', '.join(failing)}")
    return Check(name="sources", ok=True, message=f"{len(health)} visited so far, none failing")


def _looks(store: Store) -> Check:
    """What the daily look at the sources found; not said of sources that nobody has looked at."""
    with store.read() as connection:
        found = checkups.all_found(connection).values()
    bad = [f"{one.source} (since {one.since:%Y-%m-%d})" for one in found if one.verdict == Verdict.BAD]
    mend = [one.source for one in found if one.verdict == Verdict.MEND]
    if not found:
        return Check(
            name="check", ok=None, message="no source was looked at yet; `rasid check` does, `rasid serve` daily"
        )
    says = [f"can't be read: {', '.join(bad)}"] * bool(bad) + [f"to be mended: {', '.join(mend)}"] * bool(mend)
    if says:
        return Check(name="check", ok=None, message=f"{'; '.join(says)}; see `rasid check SLUG`")
    return Check(name="check", ok=True, message=f"{len(found)} sources looked at, all as the catalogue says")
