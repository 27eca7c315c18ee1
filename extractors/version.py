"""Which extractor this is: kept with every page that it reads, so that it is known what a better one may change."""

from __future__ import annotations

from importlib.metadata import version

_OURS = 1
"""Raised whenever a change of ours gives pages another text, title or date."""

EXTRACTOR = f"rasid-{_OURS} trafilatura-{version('trafilatura')}"
