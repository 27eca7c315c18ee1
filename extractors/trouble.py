"""How a failed exchange travels up through the HTTP library: as `Trouble`, told in one plain sentence.

`extractors.web` turns it into a `Failure` at the door. Sentences are for the operator: plain, on one line.
"""

from __future__ import annotations

import errno
import ssl
from collections.abc import Iterator

import httpcore

from articles.model import Failure, Outcome


class Trouble(Exception):
    """An exchange that failed: its outcome, and one plain sentence as `str()`."""

    def __init__(
        self, outcome: Outcome, sentence: str, *, http: int | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(sentence)
        self.outcome = outcome
        self.http = http
        self.retry_after = retry_after

    def failure(self, url: str) -> Failure:
        """The same as a value, about the address that was asked for."""
        return Failure(url=url, outcome=self.outcome, reason=str(self), http=self.http, retry_after=self.retry_after)


class NoConnection(Trouble):
    """The host could not be connected to at all: other pages of it need not be tried."""

    def __init__(self, sentence: str) -> None:
        super().__init__(Outcome.UNREACHABLE, sentence)


def about(what: str, trouble: Trouble) -> Trouble:
    """The same trouble, told as that of something that was needed first; about the host itself, it is as it was."""
    if trouble.outcome in (Outcome.REFUSED, Outcome.UNREACHABLE):
        return trouble
    sentence = f"{what} can't be read: {trouble}"
    return Trouble(trouble.outcome, sentence, http=trouble.http, retry_after=trouble.retry_after)


def of_error(error: Exception, host: str, *, answered: bool) -> Trouble:
    """What an error of the HTTP library means; `answered`: the answer's head had arrived."""
    if isinstance(error, Trouble):
        return error
    if isinstance(error, httpcore.ConnectError | httpcore.ConnectTimeout):
        return NoConnection(_why_no_connection(error, host))
    if isinstance(error, httpcore.TimeoutException):
        return Trouble(Outcome.TIMEOUT, f"{host} fell silent.")
    if answered:
        return Trouble(Outcome.BROKEN, f"{host} broke off in the middle of its answer.")
    if is_hang_up(error):
        return Trouble(Outcome.UNREACHABLE, f"{host} closed the connection without an answer.")
    return Trouble(Outcome.BROKEN, f"{host} sent an answer that is not proper HTTP.")


def is_hang_up(error: Exception) -> bool:
    """Was the connection closed or reset before an answer was there?"""
    if isinstance(error, httpcore.RemoteProtocolError):
        # httpcore has words of its own for a hang-up, and wraps the parser's error for all else that is no HTTP.
        return isinstance(next(iter(error.args), None), str)
    return isinstance(error, httpcore.NetworkError)


def _why_no_connection(error: Exception, host: str) -> str:
    if isinstance(error, httpcore.ConnectTimeout):
        return f"{host} took no connection in time."
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"The certificate of {host} is not to be trusted: {_printable(cause.verify_message)}."
        if isinstance(cause, ssl.SSLError):
            return f"No secure connection with {host}: the TLS handshake failed."
        if isinstance(cause, ConnectionRefusedError):
            return f"{host} refused the connection."
        if isinstance(cause, ConnectionResetError):
            return f"{host} cut the connection at once."
        if isinstance(cause, OSError) and cause.errno in (errno.ENETUNREACH, errno.EHOSTUNREACH):
            return f"There is no route to {host}."
    return f"{host} took no connection."


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what lies behind it; httpcore keeps the original as the first argument."""
    waiting, seen = [error], set[int]()
    while waiting:
        one = waiting.pop(0)
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        behind = [*one.args[:1], one.__cause__, one.__context__, *getattr(one, "exceptions", ())]
        waiting += [cause for cause in behind if isinstance(cause, BaseException)]


def _printable(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable())[:200].rstrip(".")
