"""Whole passes over the hostile newsroom, beside the friendly one: nothing that a site sends can do harm."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from benchmarks.memory import Memory
from tests import hostile
from tests.hostile import Canary
from tests.worlds import World


@dataclass(frozen=True, kw_only=True)
class Ran:
    there: World
    newsroom: hostile.Newsroom
    canary: Canary
    report: dict[str, Any]
    seconds: float
    memory: Memory
