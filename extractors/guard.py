"""Which addresses may be connected to: public ones, and those that the operator opened by name.

A name is resolved once for each connection, all its addresses are judged, and the connection goes to a judged
address: a second answer of the name server can't move it. The guard sits below the connection pool, so every
hop of every redirect passes it.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import re
import socket
import threading
from collections.abc import Callable, Iterable

import httpcore
import httpx

from articles.model import Outcome
from extractors.trouble import NoConnection, Trouble
from extractors.wire import Wire

Resolver = Callable[[str, int], list[str]]
"""Host and port to IP addresses; blocks, and raises OSError or ValueError for a name that has none."""

_MOST_ADDRESSES = 4
_PUBLIC_V6 = ipaddress.ip_network("2000::/3")  # all of IPv6 that IANA has given out for global unicast
# Public by their number, but they lead to an IPv4 address inside them (6to4, its relays, Teredo), or are for books
# alone (RFC 9637, which not every Python knows).
_NOT_PUBLIC = tuple(ipaddress.ip_network(net) for net in ("2002::/16", "2001::/32", "192.88.99.0/24", "3fff::/20"))
_HOST = re.compile(r"[a-z0-9._-]+|[0-9a-f:.]+")  # a name (with IDNA taken off) or the inside of [an IPv6 address]
_LOCAL_NAMES = ("localhost", "localhost.localdomain", "localhost6", "ip6-localhost", "ip6-loopback")


def resolve(host: str, port: int) -> list[str]:
    """The operating system's addresses of a host, in its order of preference."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def is_public(address: str) -> bool:
    """Is this IP address one of the public internet, and no way to another one?"""
    ip = ipaddress.ip_address(address)
    if not ip.is_global or ip.is_multicast or ip.is_reserved:
        return False
    if ip.version == 6 and ip not in _PUBLIC_V6:
        return False  # also mapped, compatible and NAT64 forms of IPv4 addresses
    return not any(ip in net for net in _NOT_PUBLIC)


class Guard:
    """The rule of one pass. `allowed` holds `host` or `host:port` entries that may be inside addresses."""

    def __init__(self, allowed: frozenset[str]) -> None:
        self._allowed = frozenset(entry.strip().lower() for entry in allowed)

    def allows(self, host: str, port: int) -> bool:
        """Did the operator open this host, or this port of it?"""
        spelt = f"[{host}]" if ":" in host else host
        return bool(self._allowed & {host, spelt, f"{spelt}:{port}"})

    def parse(self, address: str) -> httpx.URL:
        """The address taken apart; raise `Trouble` (refused) for a spelling that is never fetched."""
        try:
            url = httpx.URL(address)
        except (httpx.InvalidURL, ValueError):
            raise _refused("This is not a well-formed web address") from None
        if url.scheme not in ("http", "https"):
            raise _refused(f"Addresses of the scheme {url.scheme[:20]!a} are not fetched")
        if url.userinfo:
            raise _refused("Addresses with a user name or a password in them are not fetched")
        if not 0 < port_of(url) < 65_536:
            raise _refused(f"{port_of(url)} is no port")
        host = url.raw_host.decode("ascii")
        if not host or _is_odd(host):
            raise _refused(f"The host {host[:80]!a} is spelt oddly")
        if (host in _LOCAL_NAMES or host.endswith(".localhost")) and not self.allows(host, port_of(url)):
            raise _refused(f"{host} is this machine itself")
        return url.copy_with(fragment=None)

    def judge(self, host: str, port: int, addresses: Iterable[str]) -> None:
        """Raise `Trouble` (refused) if one of these addresses is inside and the host was not opened."""
        if self.allows(host, port):
            return
        for address in addresses:
            if not is_public(address):
                who = host if host == address else f"{host} has the address {address}, which"
                raise _refused(f"{who} is not on the public internet")


class GuardedNetwork(httpcore.AsyncNetworkBackend):
    """The network below the connection pool: opens connections to judged addresses alone."""

    def __init__(
        self, guard: Guard, *, dns_seconds: float, connect_seconds: float, resolver: Resolver = resolve
    ) -> None:
        self._guard = guard
        self._dns_seconds = dns_seconds
        self._connect_seconds = connect_seconds
        self._resolver = resolver
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection to the first of the host's addresses that takes one; raise `Trouble` if none may."""
        addresses = await self._addresses(host, port)
        self._guard.judge(host, port, addresses)
        failed: Exception = NoConnection(f"The name {host} has no address.")
        for address in addresses[:_MOST_ADDRESSES]:
            patience = self._connect_seconds / min(len(addresses), _MOST_ADDRESSES)
            try:
                stream = await self._network.connect_tcp(address, port, patience, local_address, socket_options)
                return Wire(stream)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
        raise failed

    async def _addresses(self, host: str, port: int) -> list[str]:
        with contextlib.suppress(ValueError):
            return [str(ipaddress.ip_address(host))]
        try:
            async with asyncio.timeout(self._dns_seconds):
                return await _in_a_thread(self._resolver, host, port)
        except TimeoutError:
            raise NoConnection(f"The name {host} was not resolved within {self._dns_seconds:g} s.") from None
        except (OSError, ValueError):
            raise NoConnection(f"The name {host} can't be resolved.") from None


def port_of(url: httpx.URL) -> int:
    """The port that an http(s) address means."""
    return url.port if url.port is not None else {"http": 80, "https": 443}[url.scheme]


def _is_odd(host: str) -> bool:
    """Would the resolver see an address where people don't: `127.1`, `2130706433`, `127.0.0.1.`?"""
    if host.endswith(".") or not _HOST.fullmatch(host):
        return True
    try:
        return socket.inet_ntoa(socket.inet_aton(host)) != host
    except (OSError, ValueError):
        return False


def _refused(what: str) -> Trouble:
    return Trouble(Outcome.REFUSED, f"{what}.")


async def _in_a_thread(resolver: Resolver, host: str, port: int) -> list[str]:
    """Run the resolver in a thread of its own, which nobody has to wait for.

    A lookup without a network blocks for half a minute and can't be cancelled. In a shared pool it would hold
    up the lookups behind it, and an ordinary thread the end of the program: hence a daemon for each.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[list[str]] = loop.create_future()

    def tell(addresses: list[str] | None, error: BaseException | None) -> None:
        if answer.done():
            return
        if error is None:
            answer.set_result(addresses or [])
        else:
            answer.set_exception(error)

    def look_up() -> None:
        addresses, error = None, None
        try:
            addresses = resolver(host, port)
        except Exception as raised:
            error = raised
        with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(tell, addresses, error)

    threading.Thread(target=look_up, name=f"resolve {host}", daemon=True).start()
    return await answer
