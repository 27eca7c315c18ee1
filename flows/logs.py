"""How a line of the log looks where people read it."""

from __future__ import annotations

import logging

from articles.text import one_line


class Brief(logging.Formatter):
    """The time and one line; of an exception its last word, as the dashboard has the rest."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(message)s", "%H:%M:%S")

    def format(self, record: logging.LogRecord) -> str:
        error = record.exc_info[1] if record.exc_info else None
        says = record.getMessage()
        if error is not None:
            says = f"{says} {type(error).__name__}: {error}"
        if record.levelno >= logging.WARNING:
            says = f"{record.levelname.lower()}: {says}"
        return f"{self.formatTime(record, self.datefmt)} {one_line(says)}"


class Orderly(logging.Filter):
    """Leaves out what Prefect says of runs that are told to end: that is no trouble."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        return type(error).__name__ != "TerminationSignal" and not record.getMessage().startswith(
            "Finished in state Run"
        )
