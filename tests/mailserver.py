"""Mail servers on loopback, each with a temper of its own, and what they took."""

from __future__ import annotations

import asyncio
import email
import ssl
import threading
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from typing import Any

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from flows.mail_server import Server

OK = "250 OK"


@dataclass
class Temper:
    """A polite server: takes everything. The others differ in one thing each."""

    taken: list[EmailMessage] = field(default_factory=list)
    open: int = 0
    """Connections."""

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.welcome(address)
        if answer == OK:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        return await self.take(server, _message(envelope))

    def welcome(self, address: str) -> str:
        """The answer to a recipient."""
        return OK

    async def take(self, server: SMTP, message: EmailMessage) -> str:
        """The answer to a mail."""
        self.taken.append(message)
        return OK


@dataclass
class Refusing(Temper):
    """Has no mailbox for these."""

    unknown: frozenset[str] = frozenset()

    def welcome(self, address: str) -> str:
        return "550 5.1.1 No such mailbox" if address in self.unknown else OK


@dataclass
class Greylisting(Temper):
    """Puts every recipient off the first time."""

    seen: Counter[str] = field(default_factory=Counter)

    def welcome(self, address: str) -> str:
        self.seen[address] += 1
        return "451 4.7.1 Greylisted, come again" if self.seen[address] == 1 else OK


@dataclass
class Dropping(Temper):
    """Takes a mail and breaks off before it says so, `times` times."""

    times: int = 1

    async def take(self, server: SMTP, message: EmailMessage) -> str:
        self.taken.append(message)
        if self.times:
            self.times -= 1
            server.transport.abort()  # type: ignore[union-attr]
        return OK


@dataclass
class Stalling(Temper):
    """Never answers a mail."""

    async def take(self, server: SMTP, message: EmailMessage) -> str:
        await asyncio.sleep(3600)
        return OK


@dataclass
class Rejecting(Temper):
    """Finds fault with what a mail says."""

    async def take(self, server: SMTP, message: EmailMessage) -> str:
        return "554 5.7.1 Looks like spam"


class Voice(asyncio.Protocol):
    """Says `words`, a few bytes at a time or all at once, and then nothing."""

    def __init__(self, words: bytes, every: float) -> None:
        self._words, self._every = words, every

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._say()

    def _say(self) -> None:
        size = 1 if self._every else len(self._words)
        said, self._words = self._words[:size], self._words[size:]
        if said and not self._transport.is_closing():
            self._transport.write(said)  # type: ignore[attr-defined]
            asyncio.get_running_loop().call_later(self._every, self._say)


@contextmanager
def speaking(words: bytes, every: float = 0.0) -> Iterator[int]:
    """The port of a server that greets with `words` and does no more; a byte each `every` seconds, where given."""
    with _serving(lambda loop: Voice(words, every), None) as port:
        yield port


@contextmanager
def serving(temper: Temper, *, tls: ssl.SSLContext | None = None, implicit: bool = False, **more: Any) -> Iterator[int]:
    """The port of a server of this temper; with `tls` it offers STARTTLS, or speaks TLS from the start."""

    def connection(loop: asyncio.AbstractEventLoop) -> SMTP:
        return _Counted(temper, loop=loop, tls_context=None if implicit else tls, **more)

    with _serving(connection, tls if implicit else None) as port:
        yield port


def loopback(port: int) -> Server:
    """The address of a server without TLS."""
    return Server(host="127.0.0.1", port=port, tls="none")


def certificates() -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """The server's side and that of a client who trusts it, for `localhost`."""
    authority = trustme.CA()
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(server)
    client = ssl.create_default_context()
    authority.configure_trust(client)
    return server, client


def only(user: str, password: str) -> Callable[..., AuthResult]:
    """An authenticator that knows one user."""

    def check(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: LoginPassword) -> AuthResult:
        known = (data.login, data.password) == (user.encode(), password.encode())
        return AuthResult(success=known, handled=False)

    return check


class _Counted(SMTP):
    """Tells its temper how many connections are open."""

    def __init__(self, temper: Temper, **more: Any) -> None:
        super().__init__(temper, **more)
        self._temper = temper

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._temper.open += 1
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._temper.open -= 1
        super().connection_lost(error)


@contextmanager
def _serving(
    protocol: Callable[[asyncio.AbstractEventLoop], asyncio.BaseProtocol], tls: ssl.SSLContext | None
) -> Iterator[int]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def listen() -> asyncio.Server:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return await loop.create_server(lambda: protocol(loop), "127.0.0.1", 0, ssl=tls)

    async def stop(server: asyncio.Server) -> None:
        server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        await asyncio.sleep(0)

    server = asyncio.run_coroutine_threadsafe(listen(), loop).result(10)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        asyncio.run_coroutine_threadsafe(stop(server), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


def _message(envelope: Envelope) -> EmailMessage:
    assert isinstance(envelope.content, bytes)
    message = email.message_from_bytes(envelope.content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message
