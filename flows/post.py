"""Handing mail over to a server: one session, bounded in time whatever the server does."""

from __future__ import annotations

import contextlib
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from types import TracebackType
from typing import Self

from articles.text import one_line
from flows.mail_server import Server

READ_SECONDS = 15
"""What one answer of the server may take."""

EXCHANGE_SECONDS = 40
"""What greeting, TLS and login may take together, and then each mail: a server that drips its answers ends too."""


class Undelivered(Exception):
    """A mail, or the whole session, was not taken; the message is one plain sentence."""

    def __init__(self, reason: str, *, lost: bool) -> None:
        super().__init__(one_line(reason)[:500])
        self.lost = lost
        """The session can't go on."""


class Post:
    """A session with a mail server, within a `with` block."""

    def __init__(self, server: Server, *, context: ssl.SSLContext | None = None) -> None:
        self._server = server
        self._tls = context or ssl.create_default_context()
        self._smtp: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        """Connects, with TLS and login as the server's address says.

        Raises:
            Undelivered: the server can't be reached, does not greet, has no TLS, or refuses the login.
        """
        server = self._server
        smtp = (
            smtplib.SMTP_SSL(timeout=READ_SECONDS, context=self._tls)
            if server.tls == "implicit"
            else smtplib.SMTP(timeout=READ_SECONDS)
        )
        # connect() would take the name for TLS from its own argument only with an underscore attribute set.
        smtp._host = server.host  # type: ignore[attr-defined]
        try:
            with _told(f"{server.host}:{server.port}"), _bounded(smtp):
                _expect(smtp.connect(server.host, server.port), 220)
                if server.tls == "starttls":
                    smtp.starttls(context=self._tls)
                if server.user:
                    smtp.login(server.user, server.password or "")
                smtp.ehlo_or_helo_if_needed()
        except Undelivered:
            smtp.close()
            raise
        self._smtp = smtp
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._smtp is None:
            return
        with contextlib.suppress(smtplib.SMTPException, OSError), _bounded(self._smtp):
            self._smtp.quit()
        self._smtp.close()

    def send(self, message: EmailMessage, *, sender: str, to: str) -> None:
        """Hands one mail over to one recipient.

        Raises:
            Undelivered: the server did not take it.
        """
        if self._smtp is None:
            raise RuntimeError("a session is used within its with block")
        with _told(f"{self._server.host}:{self._server.port}"), _bounded(self._smtp):
            self._smtp.send_message(message, from_addr=_plain(sender), to_addrs=[_plain(to)])


@contextmanager
def _told(where: str) -> Iterator[None]:
    """What can go wrong with a mail server, as one sentence each."""
    try:
        yield
    except smtplib.SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        raise Undelivered(f"{where} refused the recipient: {code} {_text(words)}.", lost=False) from error
    except smtplib.SMTPSenderRefused as error:
        says = f"{where} refused the sender: {error.smtp_code} {_text(error.smtp_error)}."
        raise Undelivered(says, lost=False) from error
    except smtplib.SMTPNotSupportedError as error:
        raise Undelivered(f"{where} can't do what this mail needs: {error}.", lost=False) from error
    except smtplib.SMTPServerDisconnected as error:
        raise Undelivered(f"{where} broke the connection off.", lost=True) from error
    except smtplib.SMTPResponseException as error:
        lost = isinstance(error, smtplib.SMTPConnectError | smtplib.SMTPHeloError | smtplib.SMTPAuthenticationError)
        says = f"{where} answered {error.smtp_code} {_text(error.smtp_error)}."
        raise Undelivered(says, lost=lost or error.smtp_code == 421) from error
    except TimeoutError as error:
        raise Undelivered(f"{where} did not answer in time.", lost=True) from error
    except ssl.SSLError as error:
        raise Undelivered(f"{where}: no secure connection: {error.reason or error}.", lost=True) from error
    except (OSError, smtplib.SMTPException, ValueError) as error:
        raise Undelivered(f"{where} can't be used: {getattr(error, 'strerror', None) or error}.", lost=True) from error


@contextmanager
def _bounded(smtp: smtplib.SMTP) -> Iterator[None]:
    """Ends the exchange from outside once it has taken its time."""
    late = threading.Event()

    def end() -> None:
        late.set()
        if smtp.sock is not None:
            with contextlib.suppress(OSError):
                smtp.sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(EXCHANGE_SECONDS, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    except (OSError, smtplib.SMTPException) as error:
        if late.is_set():
            raise TimeoutError from error
        raise
    finally:
        timer.cancel()


def _expect(answer: tuple[int, bytes], code: int) -> None:
    if answer[0] != code:
        raise smtplib.SMTPConnectError(*answer)


def _text(words: bytes | str) -> str:
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)


def _plain(address: str) -> str:
    """The address with its host in ASCII, so that only a name in another script needs SMTPUTF8."""
    name, _, host = address.rpartition("@")
    try:
        return f"{name}@{host.encode('idna').decode('ascii')}"
    except UnicodeError:
        return address
