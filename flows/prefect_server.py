"""The Prefect server that PREFECT_API_URL names."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from prefect.client.orchestration import PrefectClient, get_client

from articles.faults import Faults


@asynccontextmanager
async def client() -> AsyncIterator[PrefectClient]:
    """A client of that server.

    Raises:
        Faults: no server answers there.
    """
    async with get_client() as found:
        if error := await found.api_healthcheck():
            mend = "start it, or unset the variable to run without Prefect"
            raise Faults([f"PREFECT_API_URL: no Prefect server answers there ({error}); {mend}"])
        yield found
