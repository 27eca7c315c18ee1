"""The maintenance flow: housekeeping, once a day. What Prefect itself keeps is bounded by its own settings."""

from __future__ import annotations

from prefect import flow

from flows import housekeeping, mortal, runs, settings
from flows.stores import opened

mortal.with_runner()


@flow(name="maintenance", flow_run_name=runs.named("maintenance"))
def maintenance() -> dict[str, int]:
    """Old pages go, the database is looked after; returns what was removed, and the database's size in bytes.

    Raises:
        Faults: settings can't be used.
        StorageError: the database or the state folder can't be used.
    """
    with runs.logged():
        known = settings.load()
        with opened(known) as store:
            pruned, tended = housekeeping.keep(known, store)
    return {"files": pruned.files, "pages": pruned.pages, "database_bytes": tended.bytes}
