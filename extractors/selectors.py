"""CSS selectors of the catalogue: do they compile, and if not, why."""

from __future__ import annotations

import soupsieve


def fault(selector: str) -> str | None:
    """Why a CSS selector does not compile, in one line; None for a good one."""
    if not selector.strip():
        return "the selector is empty"
    try:
        soupsieve.compile(selector)
    except (soupsieve.SelectorSyntaxError, NotImplementedError, ValueError, RecursionError) as error:
        return " ".join((str(error).splitlines() or [type(error).__name__])[0].split())
    return None
