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
from flows.mail_server import Server, ascii_host

READ_SECONDS = 20
"""What one answer of the server may take."""

EXCHANGE_SECONDS = 28
"""What greeting, TLS and login may take together, and then each mail: a server that drips its answers ends too.
Twice that is less than a minute, and a session ends with the first exchange that is too long."""


class Undelivered(Exception):
    """A mail, or the whole session, was not taken; the message is one plain sentence."""

    def __init__(self, reason: str, *, lost: bool, silent: bool = False) -> None:
        super().__init__(one_line(reason)[:500])
        self.lost = lost
        """The session can't go on."""
        self.silent = silent
        """The server did not answer in time: another session would only wait again."""


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
            self._smtp.send_message(message, from_addr=ascii_host(sender), to_addrs=[ascii_host(to)])


@contextmanager
def _told(where: str) -> Iterator[None]:
    """What can go wrong with a mail server, as one sentence each."""
    try:
        yield
    except smtplib.SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        raise _refused(f"{where} refused the recipient", code, words) from error
    except smtplib.SMTPSenderRefused as error:
        raise _refused(f"{where} refused the sender", error.smtp_code, error.smtp_error) from error
    except smtplib.SMTPAuthenticationError as error:
        says = f"{where} refused the login (user and password of RASID_SMTP_URL): {error.smtp_code} "
        raise Undelivered(f"{says}{_text(error.smtp_error)}.", lost=True) from error
    except smtplib.SMTPNotSupportedError as error:
        raise Undelivered(f"{where} can't do what is needed: {_need(error)}.", lost=False) from error
    except smtplib.SMTPServerDisconnected as error:
        if isinstance(error.__context__, TimeoutError):
            raise _silent(where) from error
        raise Undelivered(f"{where} broke the connection off.", lost=True) from error
    except (smtplib.SMTPConnectError, smtplib.SMTPHeloError) as error:
        says = f"{where} does not take mail now: {error.smtp_code} {_text(error.smtp_error)}."
        raise Undelivered(says, lost=True) from error
    except smtplib.SMTPResponseException as error:
        did = "refused the mail" if isinstance(error, smtplib.SMTPDataError) else "answered"
        raise _refused(f"{where} {did}", error.smtp_code, error.smtp_error) from error
    except TimeoutError as error:
        raise _silent(where) from error
    except ssl.SSLCertVerificationError as error:
        says = f"{where} shows a certificate that is not trusted ({error.verify_message}); {_TRUST}."
        raise Undelivered(says, lost=True) from error
    except ssl.SSLError as error:
        raise Undelivered(f"{where}: no secure connection: {error.reason or error}; {_PORTS}.", lost=True) from error
    except (OSError, smtplib.SMTPException, ValueError) as error:
        raise Undelivered(f"{where} can't be used: {getattr(error, 'strerror', None) or error}.", lost=True) from error


_TRUST = "name the server as its certificate does, or have its issuer trusted on this machine (SSL_CERT_FILE)"
_PORTS = "smtps:// is for port 465, smtp:// for 587 and 25"


def _refused(what: str, code: int, words: bytes | str) -> Undelivered:
    # With 421 the server closes the session.
    return Undelivered(f"{what}: {code} {_text(words)}.", lost=code == 421)


def _silent(where: str) -> Undelivered:
    return Undelivered(f"{where} did not answer in time.", lost=True, silent=True)


def _need(error: smtplib.SMTPNotSupportedError) -> str:
    says = str(error).rstrip(".")
    if "STARTTLS" in says:
        return "it offers no STARTTLS; write smtps:// where it speaks TLS at once, or ?tls=none on loopback"
    if "SMTPUTF8" in says:
        return "an address is not ASCII, and it takes no SMTPUTF8"
    return says


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
