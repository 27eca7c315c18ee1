"""A mailbox on loopback: takes every mail that is sent to it, for anybody, and keeps it in memory."""

from __future__ import annotations

import email
import socket
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass(frozen=True, kw_only=True, slots=True)
class Mail:
    """A mail, and when it came."""

    at: datetime
    message: EmailMessage

    @property
    def subject(self) -> str:
        """As people read it."""
        return str(self.message["Subject"])

    def body(self, kind: str) -> str:
        """Its `html` or its `plain` text; empty where it has none."""
        part = self.message.get_body((kind,))
        return str(part.get_content()) if part else ""


class Mailbox:
    """A context manager: inside it a mail server listens on 127.0.0.1 at `port`."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []
        """The oldest first."""
        with socket.create_server(("127.0.0.1", 0)) as free:  # the controller asks for a port's number
            self.port: int = free.getsockname()[1]
        self._server = Controller(self, hostname="127.0.0.1", port=self.port)

    def __enter__(self) -> Mailbox:
        self._server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """What aiosmtpd calls with each mail."""
        assert isinstance(envelope.content, bytes)
        message = email.message_from_bytes(envelope.content, policy=policy.default)
        self.mails.append(Mail(at=datetime.now(UTC), message=message))
        return "250 OK"
