"""The notice flow: an automation has seen trouble, and the operator is written to at once.

It opens no database: what it tells of may be that the database is gone.
"""

from __future__ import annotations

import hashlib
import logging
from datetime import UTC, datetime

from prefect import flow
from prefect.runtime import flow_run

from articles.faults import Faults
from flows import inputs, letters, mortal, notices, runs, settings
from flows.letters import Envelope
from flows.notices import Notice
from flows.post import Post, Undelivered
from flows.settings import Settings

mortal.with_runner()

NAME = "notice"

log = logging.getLogger("rasid")


class NobodyTold(Exception):
    """The mail server took no mail; the run is tried again."""


@flow(name=NAME, flow_run_name=runs.named(NAME), retries=2, retry_delay_seconds=300)
def notice(kind: str, facts: dict[str, object]) -> int:
    """Writes to the operators; returns to how many. Without a mail server it is said in the log alone.

    Raises:
        NobodyTold: there is somebody to write to, and the mail server took nothing.
        Faults: settings can't be used.
    """
    with runs.logged():
        known = settings.load()
        told = notices.notice(kind, facts, (known.prefect_api_url or "").removesuffix("/").removesuffix("/api"))
        log.warning("%s. %s", told.subject, told.text.partition("\n")[0])
        return send(known, told, key=f"{flow_run.id}", now=datetime.now(UTC))


def send(known: Settings, told: Notice, *, key: str, now: datetime) -> int:
    """One mail to each operator; the same `key` gives the same Message-ID. Returns how many went.

    Raises:
        NobodyTold: there is somebody to write to, and the mail server took nothing.
    """
    to = operators(known)
    if known.mail_server is None or not to:
        log.warning("no mail is sent: RASID_SMTP_URL or RASID_MAIL_TO is not set")
        return 0
    faults = []
    for address in to:
        digest = hashlib.sha256(f"{key} {address}".encode()).hexdigest()[:32]
        envelope = Envelope(sender=known.mail_from, to=address, message_id=digest, date=now, why="", stop="")
        try:
            with Post(known.mail_server) as post:
                post.send(letters.notice(envelope, told.subject, told.text), sender=known.mail_from, to=address)
        except Undelivered as fault:
            log.warning("no mail to %s: %s", address, fault)
            faults.append(str(fault))
    if len(faults) == len(to):
        raise NobodyTold("; ".join(dict.fromkeys(faults)))
    return len(to) - len(faults)


def operators(known: Settings) -> tuple[str, ...]:
    """Who is told of trouble: the operators of recipients.toml; where none is named, RASID_MAIL_TO."""
    try:
        named = tuple(reader.address for reader in inputs.recipients_of(known) if reader.operator)
    except Faults as error:
        log.warning("%s", error)
        named = ()
    return named or known.mail_to
