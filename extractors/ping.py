"""A sign of life to a watcher of watchers (healthchecks.io, or one's own): one GET, and `/fail` after a failure."""

from __future__ import annotations

import asyncio

import httpx

SECONDS = 10
"""For the whole exchange: a slow watcher must not hold up the watch."""


async def ping(url: str, *, ok: bool, user_agent: str) -> str | None:
    """Tells `url` how it went; why that did not work, or None. The operator names it: any host will do."""
    try:
        at = httpx.URL(url)
        if not ok:
            at = at.copy_with(path=f"{at.path.rstrip('/')}/fail")
        async with (
            asyncio.timeout(SECONDS),
            httpx.AsyncClient(trust_env=False, headers={"User-Agent": user_agent}) as client,
            client.stream("GET", at) as answer,
        ):
            return None if answer.is_success else f"it answered {answer.status_code}"
    except TimeoutError:
        return f"it did not answer within {SECONDS} s"
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return f"it can't be reached ({type(error).__name__})"
