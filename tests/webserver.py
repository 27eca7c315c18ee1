"""A real HTTP server on loopback for tests: routes are raw bytes, or functions with the wire in hand."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Request:
    """One request as it came in; header names in lower case, values as Latin-1; `at` by the monotonic clock."""

    path: str
    headers: dict[str, str]
    at: float
    connection: int


class Wire:
    """A connection as a route has it: to write what it likes; it stays open unless it is hung up."""

    def __init__(self, connection: socket.socket, over: threading.Event) -> None:
        self.hung_up = False
        self._connection = connection
        self._over = over

    def send(self, data: bytes) -> None:
        """Send; an end of the client is no error."""
        with contextlib.suppress(OSError):
            self._connection.sendall(data)

    def drip(self, data: bytes, seconds: float) -> None:
        """Send byte after byte with a pause between them, until the client or the server goes."""
        with contextlib.suppress(OSError):
            for number in range(len(data)):
                self._connection.sendall(data[number : number + 1])
                if self._over.wait(seconds):
                    return

    def silence(self) -> None:
        """Say nothing until the client hangs up."""
        with contextlib.suppress(OSError):
            self._connection.recv(1)

    def hang_up(self) -> None:
        """Close the connection in good order; what still comes in on it is not read."""
        self.hung_up = True
        with contextlib.suppress(OSError):
            self._connection.shutdown(socket.SHUT_RDWR)

    def reset(self) -> None:
        """Cut the connection with a TCP reset."""
        self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        self._connection.close()


Route = bytes | Callable[[Request, Wire], None]
"""A whole answer, or a function that writes one."""


def reply(body: bytes | str = b"", status: int = 200, **headers: str) -> bytes:
    """A well-formed answer; `content_type="…"` becomes `Content-Type: …`."""
    raw = body.encode() if isinstance(body, str) else body
    named = {"Content-Type": "text/html", "Content-Length": str(len(raw))}
    named |= {name.replace("_", "-").title(): value for name, value in headers.items()}
    lines = [f"HTTP/1.1 {status} -", *(f"{name}: {value}" for name, value in named.items())]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + raw


class WebServer:
    """Answers by path (with its query; else without), 404 where there is no route, and remembers what was asked."""

    def __init__(self, routes: Mapping[str, Route], *, tls: ssl.SSLContext | None = None) -> None:
        self.routes = dict(routes)
        self.requests: list[Request] = []
        self.most_at_once = 0
        self._tls = tls
        self._open: set[socket.socket] = set()
        self._connections = 0
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.netloc = f"127.0.0.1:{self.port}"
        self.url = f"{'https' if tls else 'http'}://{self.netloc}"

    @property
    def asked(self) -> list[str]:
        """The paths asked for, in order."""
        return [request.path for request in self.requests]

    def start(self) -> None:
        """Serve from now on, in threads."""
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self) -> None:
        """Close the listener and all connections."""
        self._over.set()
        with self._lock:
            for one in (self._listener, *self._open):
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while not self._over.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._converse, args=(connection,), daemon=True).start()

    def _converse(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError):
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._tls:
                connection = self._tls.wrap_socket(connection, server_side=True)
            with self._lock:
                self._connections += 1
                number = self._connections
                self._open.add(connection)
                self.most_at_once = max(self.most_at_once, len(self._open))
            while self._answer(connection, number):
                pass
        with self._lock:
            self._open.discard(connection)
        connection.close()

    def _answer(self, connection: socket.socket, number: int) -> bool:
        """Answer one request; is there to be another on this connection?"""
        head = _head(connection)
        if not head:
            return False
        request = _parsed(head, number)
        self.requests.append(request)
        path = request.path
        route = self.routes.get(path, self.routes.get(path.partition("?")[0], reply("no such page", 404)))
        wire = Wire(connection, self._over)
        if isinstance(route, bytes):
            wire.send(route)
        else:
            route(request, wire)
        return connection.fileno() != -1 and not wire.hung_up


@contextlib.contextmanager
def serving(routes: Mapping[str, Route], *, tls: ssl.SSLContext | None = None) -> Iterator[WebServer]:
    """A server for the length of a `with`."""
    server = WebServer(routes, tls=tls)
    server.start()
    try:
        yield server
    finally:
        server.stop()


@contextlib.contextmanager
def talking(talk: Callable[[socket.socket], None]) -> Iterator[str]:
    """A listener for one connection that `talk` holds by itself; gives its `host:port`."""

    def accept() -> None:
        with contextlib.suppress(OSError), listener.accept()[0] as connection:
            talk(connection)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield f"127.0.0.1:{listener.getsockname()[1]}"
        thread.join(5)


def _head(connection: socket.socket) -> bytes:
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        piece = connection.recv(65_536)
        if not piece:
            return b""
        head += piece
    return head


def _parsed(head: bytes, connection: int) -> Request:
    first, *lines = head.decode("latin-1").rstrip().split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    named = {name.lower(): value for name, value in headers.items()}
    return Request(path=first.split(" ")[1], headers=named, at=time.monotonic(), connection=connection)
