"""How far a run into the past has come, and what each of its looks has come to: what people and programs are told."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Protocol

from storage.frontiers import Brought, Look, State


class Headway(Protocol):
    """Whoever wants to hear how far it has come."""

    def at(self, look: Look, done: float, total: float | None) -> None:
        """A look has come so far: pages, or bytes of an archive file; `total` is None where nobody knows."""
        ...

    def ended(self, look: Look, error: str | None) -> None:
        """A look is done, or has stopped with an error."""
        ...


@dataclass(frozen=True, kw_only=True)
class Result:
    """What one look came to, all runs together."""

    source: str
    kind: str
    address: str
    state: str
    """`done`, `stopped` (with an error; the next run goes on from there), or `held` (by another live run)."""
    error: str | None
    brought: Brought
    seen: int
    """Pages of an archive file that were looked at."""
    set_aside: int
    """Those of them that name one side at most, and were not read any further."""

    @classmethod
    def of(cls, state: State) -> Result:
        """From what the database says."""
        return cls(
            source=state.look.source,
            kind=state.look.kind,
            address=state.look.address,
            state="done" if state.done else "stopped" if state.error else "held",
            error=state.error,
            brought=state.brought,
            seen=int(state.cursor.get("seen", 0)),
            set_aside=int(state.cursor.get("aside", 0)),
        )

    def json(self) -> dict[str, Any]:
        """The result in its public form."""
        named = {name: value for name, value in asdict(self).items() if name != "brought"}
        return named | asdict(self.brought)

    def line(self) -> str:
        """The result in one plain line."""
        got = self.brought
        counts = f"{got.found} found, {got.stored} stored, {got.new} new, {got.on_topic} on topic, {got.failed} failed"
        looked = f"; {self.seen} pages looked at, {self.set_aside} set aside" if self.seen else ""
        why = f": {self.error}" if self.error else ""
        return f"{self.source or '-':<14} {self.kind:<10} {counts}{looked} ({self.state}{why})  {self.address}"
