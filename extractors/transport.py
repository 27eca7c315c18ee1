"""httpx on the guarded network: what it does of its own accord, and we do not want, ends here."""

from __future__ import annotations

import contextlib
import ssl
from collections.abc import AsyncIterator, Iterator

import httpcore
import httpx

from articles.model import Outcome
from extractors import trouble
from extractors.trouble import Trouble
from extractors.wire import Wire

_KEPT_CONNECTIONS = 10  # httpcore looks through all of them at each request
_KEPT_SECONDS = 30.0

MOST_HEADERS = 200
"""Header fields of an answer; news sites send some thirty."""

MOST_HEADER_BYTES = 65_536
"""All names and values of an answer's head together."""


class Transport(httpx.AsyncBaseTransport):
    """httpx over a connection pool on the guarded network; whatever fails is raised as `Trouble`.

    httpx keeps cookies, and takes redirects apart before they are judged. So `Set-Cookie` is dropped here,
    and the redirect's address is handed on as the extension `location` (a string) instead of the header.
    The extension `as_sent` is the head as it came: pairs of bytes.
    """

    def __init__(self, network: httpcore.AsyncNetworkBackend, tls: ssl.SSLContext) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=tls,
            max_connections=None,
            max_keepalive_connections=_KEPT_CONNECTIONS,
            keepalive_expiry=_KEPT_SECONDS,
            http2=True,
            network_backend=network,
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request and wait for the answer's head."""
        host = request.url.netloc.decode("ascii")
        with _as_trouble(host, answered=False):
            answer = await self._send(request)
            if isinstance(stream := answer.extensions.get("network_stream"), Wire):
                stream.answered()
            if fault := _too_much(answer.headers, host):
                await answer.aclose()
                raise fault
        location = next((value for name, value in answer.headers if name.lower() == b"location"), None)
        return httpx.Response(
            answer.status,
            headers=[pair for pair in answer.headers if pair[0].lower() not in (b"set-cookie", b"location")],
            stream=_Stream(answer, host),
            extensions={"location": None if location is None else _text(location), "as_sent": answer.headers},
        )

    async def _send(self, request: httpx.Request) -> httpcore.Response:
        connected = False

        async def watch(event: str, _: object) -> None:
            nonlocal connected
            connected = connected or event == "connection.connect_tcp.started"

        url = request.url
        asked = httpcore.Request(
            request.method,
            httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=request.headers.raw,
            extensions={"trace": watch},
        )
        try:
            return await self._pool.handle_async_request(asked)
        except (httpcore.NetworkError, httpcore.RemoteProtocolError) as error:
            if connected or not trouble.is_hang_up(error):
                raise
            # A kept connection that the server closed just then: it never saw the request.
            return await self._pool.handle_async_request(asked)

    async def aclose(self) -> None:
        """Close all connections."""
        await self._pool.aclose()


class _Stream(httpx.AsyncByteStream):
    """The raw body of an answer."""

    def __init__(self, answer: httpcore.Response, host: str) -> None:
        self._answer = answer
        self._host = host

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _as_trouble(self._host, answered=True):
            async for piece in self._answer.aiter_stream():
                yield piece

    async def aclose(self) -> None:
        with _as_trouble(self._host, answered=True):
            await self._answer.aclose()


@contextlib.contextmanager
def _as_trouble(host: str, *, answered: bool) -> Iterator[None]:
    # All that runs inside is the HTTP stack on a stranger's bytes: whatever it raises is about them.
    try:
        yield
    except Exception as error:
        raise trouble.of_error(error, host, answered=answered) from error


def _too_much(headers: list[tuple[bytes, bytes]], host: str) -> Trouble | None:
    if len(headers) > MOST_HEADERS:
        return Trouble(Outcome.BROKEN, f"{host} sent {len(headers)} header fields.")
    if sum(len(name) + len(value) for name, value in headers) > MOST_HEADER_BYTES:
        return Trouble(Outcome.BROKEN, f"{host} sent a head of more than {MOST_HEADER_BYTES} bytes.")
    return None


def _text(header: bytes) -> str:
    """A header's text: UTF-8 where it is that (raw Arabic addresses are seen), else Latin-1."""
    try:
        return header.decode("utf-8")
    except UnicodeDecodeError:
        return header.decode("latin-1")
