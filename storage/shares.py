"""What a pass may still take: looked over once, then taken batch by batch, so that several passes share the work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from articles.model import Outcome, Source
from storage import sources
from storage.lives import Life
from storage.sources import Claim, Denial, Rows


@dataclass(frozen=True, kw_only=True)
class _Prospect:
    """A source that was due when it was looked at, and when it had last been tried then."""

    source: Source
    due_at: datetime
    tried_at: datetime | None


class Shares:
    """The sources that a pass wants, the longest due first. Others may be taking the same ones meanwhile."""

    def __init__(self, life: Life, *, force: bool) -> None:
        self._life = life
        self._force = force
        self._prospects: list[_Prospect] = []

    def __len__(self) -> int:
        return len(self._prospects)

    def survey(self, connection: Connection, wanted: Sequence[Source], now: datetime) -> dict[str, Denial]:
        """Looks over what is wanted; says which can't be taken now, and takes nothing."""
        rows = sources.rows_of(connection, wanted)
        alive: dict[str, bool] = {}
        denials: dict[str, Denial] = {}
        found = []
        for source in wanted:
            row = rows.get(source.name)
            denied = row and sources.denial(row, source, self._life, alive, now, force=self._force)
            if denied:
                denials[source.name] = denied
            else:
                due, tried = (row.due_at, row.tried_at) if row else (now, None)
                found.append(_Prospect(source=source, due_at=due, tried_at=tried))
        self._prospects.extend(sorted(found, key=lambda prospect: prospect.due_at))
        return denials

    def take(self, connection: Connection, now: datetime, most: int) -> dict[str, Claim | Denial]:
        """Takes the next `most` of what is left, and says which of it others have come to before.

        What was answered is left here until it is dropped: a transaction may be undone and begun again.
        """
        answers: dict[str, Claim | Denial] = {}
        taken, window = 0, most
        while len(answers) < len(self) and taken < most:
            ahead = self._prospects[len(answers) : len(answers) + window]
            claims, denials = self._take(connection, ahead, now, most - taken)
            answers.update(claims)
            answers.update(denials)
            taken += len(claims)
            window *= 2
        return answers

    def drop(self, count: int) -> None:
        """Forgets the first `count` that are left: a `take` answered them, and was committed."""
        del self._prospects[:count]

    def _take(
        self, connection: Connection, ahead: Sequence[_Prospect], now: datetime, most: int
    ) -> tuple[dict[str, Claim], dict[str, Denial]]:
        """Goes through those ahead until enough is found."""
        wanted = [prospect.source for prospect in ahead]
        sources.introduce(connection, wanted, now)
        rows = sources.rows_of(connection, wanted)
        alive: dict[str, bool] = {}
        free: list[Source] = []
        denials: dict[str, Denial] = {}
        for prospect in ahead:
            if len(free) == most:
                break
            if denied := self._denial(prospect, rows, alive, now):
                denials[prospect.source.name] = denied
            else:
                free.append(prospect.source)
        return sources.hold(connection, free, rows, self._life, now, force=self._force), denials

    def _denial(self, prospect: _Prospect, rows: Rows, alive: dict[str, bool], now: datetime) -> Denial | None:
        row = rows[prospect.source.name]
        if denied := sources.denial(row, prospect.source, self._life, alive, now, force=self._force):
            return denied
        if row.tried_at != prospect.tried_at:
            return Denial(outcome=Outcome.NOT_DUE, reason="Another live pass has just read it.")
        return None
