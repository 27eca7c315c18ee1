"""Draining the outbox: everything owed is addressed, claimed under a lease, sent, then marked."""

from __future__ import annotations

import logging
import ssl
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage

from articles.recipients import Recipient
from flows.mail_server import Server
from flows.post import Post, Undelivered
from storage import deliveries
from storage.database import Store
from storage.deliveries import Delivery
from storage.lives import Life

SECONDS = 480
"""A sender's turn: well within the lease of the mails that it holds."""

BREAKS = 3
"""Sessions that may break off before the rest is left for the next time."""

NO_SERVER = "No mail server is set (RASID_SMTP_URL): alerts wait in the outbox."
NO_RECIPIENTS = "Nobody is to be written to (RASID_MAIL_TO, recipients.toml): alerts wait in the outbox."

Compose = Callable[[Delivery], EmailMessage]

log = logging.getLogger("rasid")


@dataclass(frozen=True, kw_only=True)
class Mailroom:
    """How mail goes out: the server, the sender's address, who is written to, and what a mail looks like."""

    server: Server | None
    sender: str
    recipients: tuple[Recipient, ...]
    compose: Compose
    tls: ssl.SSLContext | None = None


@dataclass(frozen=True, kw_only=True)
class Sending:
    """What a turn of the sender came to."""

    sent: int = 0
    failed: int = 0
    pending: int = 0
    note: str | None = None
    """Why mail waits, if some does."""

    @property
    def nothing_went(self) -> bool:
        """Mail waits, and none went out."""
        return self.pending > 0 and self.sent == 0


def drain(store: Store, mailroom: Mailroom, life: Life, *, force: bool) -> Sending:
    """Sends what waits and is due (`force`: whatever its backoff). Any number of senders may do so at once."""
    sent, faults = 0, list[Undelivered]()
    if mailroom.server and mailroom.recipients:
        with store.write() as connection:
            now = datetime.now(UTC)
            deliveries.address(connection, mailroom.recipients, now)
            mails = deliveries.claim(connection, life, now, force=force)
        try:
            sent, faults = _send_all(store, mailroom, mailroom.server, mails)
        finally:
            with store.write() as connection:
                deliveries.release(connection, life.run)
    with store.read() as connection:
        pending = deliveries.pending(connection)
    return Sending(sent=sent, failed=len(faults), pending=pending, note=_note(mailroom, faults, pending))


def _send_all(
    store: Store, mailroom: Mailroom, server: Server, mails: Sequence[Delivery]
) -> tuple[int, list[Undelivered]]:
    """How many went out, and why the others did not; a server that can't be used is not asked for each mail."""
    rest, faults = deque(mails), list[Undelivered]()
    until, breaks = time.monotonic() + SECONDS, 0
    while rest and time.monotonic() < until:
        try:
            with Post(server, context=mailroom.tls) as post:
                while rest and time.monotonic() < until:
                    if fault := _send(store, mailroom, post, rest.popleft()):
                        faults.append(fault)
                        if fault.lost:
                            break
        except Undelivered as unusable:
            faults += _give_up(store, rest, unusable)
        breaks += bool(faults and faults[-1].lost)
        if faults and (faults[-1].silent or breaks == BREAKS):
            faults += _give_up(store, rest, faults[-1])
    return len(mails) - len(rest) - len(faults), faults


def _send(store: Store, mailroom: Mailroom, post: Post, mail: Delivery) -> Undelivered | None:
    """One mail: sent, then marked. A process that dies in between sends it again, under the same Message-ID."""
    try:
        post.send(mailroom.compose(mail), sender=mailroom.sender, to=mail.recipient)
    except Undelivered as fault:
        return _fail(store, mail, fault)
    except Exception as error:
        log.exception("mail %s to %s", mail.id, mail.recipient)
        return _fail(store, mail, Undelivered(f"An unexpected error: {type(error).__name__}.", lost=False))
    with store.write() as connection:
        deliveries.sent(connection, mail.id, datetime.now(UTC))
    return None


def _give_up(store: Store, rest: deque[Delivery], fault: Undelivered) -> list[Undelivered]:
    """Puts off everything that is left, for one reason."""
    faults = [_fail(store, mail, fault) for mail in rest]
    rest.clear()
    return faults


def _fail(store: Store, mail: Delivery, fault: Undelivered) -> Undelivered:
    with store.write() as connection:
        deliveries.failed(connection, mail, str(fault), datetime.now(UTC))
    return fault


def _note(mailroom: Mailroom, faults: Sequence[Undelivered], pending: int) -> str | None:
    if mailroom.server is None:
        return NO_SERVER
    if not mailroom.recipients:
        return NO_RECIPIENTS
    return str(faults[-1]) if faults and pending else None
