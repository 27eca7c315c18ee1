"""The check flow: a look at every enabled source, once a day; what it found is kept, and turns are told."""

from __future__ import annotations

from prefect import flow

from flows import daily, mortal, orders, runs, settings, signals

mortal.with_runner()


@flow(name="check", flow_run_name=runs.named("check"))
async def check() -> dict[str, str]:
    """Looks at the enabled sources; returns each one's verdict.

    Raises:
        Faults: settings, catalogue or topic can't be used.
        StorageError: the database or the state folder can't be used.
    """
    with runs.logged():
        order = orders.order(settings.load())
        look = await daily.look(order)
    for turn in look.turns:
        signals.source_turned(turn)
    return {one.source: one.verdict for one in look.found}
