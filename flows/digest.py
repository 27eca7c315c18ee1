"""The digest flow: whoever's hour has come is owed a digest, and it is sent. Meant to run every hour."""

from __future__ import annotations

from prefect import flow

from flows import alert, digests, mailrooms, mortal, runs, settings
from flows.alerts import Sending

mortal.with_runner()


@flow(name="digest", flow_run_name=runs.named("digest"))
def digest() -> Sending:
    """Makes and sends the digests that are due; one that was missed is made up once.

    Raises:
        NothingWent: mail waits, and none went out.
        Faults: settings or recipients can't be used.
        StorageError: the database or the state folder can't be used.
    """
    return alert.checked(mailrooms.send(settings.load(), digests.due, force=False))
