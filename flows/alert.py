"""The alert flow: one turn of the sender over what waits in the outbox."""

from __future__ import annotations

import logging

from prefect import flow

from flows import mailrooms, mortal, runs, settings
from flows.alerts import Sending

mortal.with_runner()

log = logging.getLogger("rasid")


class NothingWent(Exception):
    """Mail waits and none went out, so the flow run fails; `sending` says how it stands."""

    def __init__(self, sending: Sending) -> None:
        self.sending = sending
        super().__init__(sending.note or f"{sending.pending} mails wait, and none went out.")


@flow(name="alert", flow_run_name=runs.named("alert"))
def alert(force: bool = False) -> Sending:
    """Sends what waits and is due; `force`: whatever its backoff.

    Raises:
        NothingWent: mail waits, and none went out.
        Faults: settings or recipients can't be used.
        StorageError: the database or the state folder can't be used.
    """
    return checked(mailrooms.send(settings.load(), force=force))


def checked(sending: Sending) -> Sending:
    """The same, if it came to anything.

    Raises:
        NothingWent: mail waits, and none went out.
    """
    if sending.sent or sending.failed:
        log.info("mail: %d sent, %d failed, %d wait", sending.sent, sending.failed, sending.pending)
    if sending.nothing_went:
        raise NothingWent(sending)
    return sending
