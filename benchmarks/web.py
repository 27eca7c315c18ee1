"""A web on loopback for benchmarks: many hosts, each an address of 127/8, served by one lean process.

It answers from memory with as little work as it can, so that the reader is measured and not the server.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection


@dataclass(frozen=True)
class Resource:
    """What stands at an address."""

    kind: str
    body: bytes
    etag: str | None = None


Sites = Mapping[str, Mapping[str, Resource]]
"""Resources by host (an address of 127/8) and path."""


@contextmanager
def served(sites: Sites, port: int) -> Iterator[None]:
    """Serves the sites in a process of its own until the block ends."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(sites, port, there), daemon=True)
    process.start()
    here.recv()
    try:
        yield
    finally:
        process.kill()
        process.join()


def free_port() -> int:
    """A port that is free on 127.0.0.1, and so in all likelihood on the rest of 127/8."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def _serve(sites: Sites, port: int, ready: Connection) -> None:
    async def main() -> None:
        for host, resources in sites.items():
            answers = {path: _answers(resource) for path, resource in resources.items()}
            await asyncio.start_server(_Handler(answers), host, port)
        ready.send(True)
        await asyncio.Event().wait()

    asyncio.run(main())


def _answers(resource: Resource) -> tuple[bytes, bytes | None, bytes]:
    """The whole answer, the validator it goes by, and the answer to who has it already."""
    etag = f"ETag: {resource.etag}\r\n" if resource.etag else ""
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {resource.kind}\r\nContent-Length: {len(resource.body)}\r\n{etag}\r\n"
    not_modified = f"HTTP/1.1 304 Not Modified\r\n{etag}\r\n".encode()
    return head.encode() + resource.body, resource.etag.encode() if resource.etag else None, not_modified


_NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


class _Handler:
    def __init__(self, answers: dict[str, tuple[bytes, bytes | None, bytes]]) -> None:
        self._answers = answers

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                request = await reader.readuntil(b"\r\n\r\n")
                path = request.split(b" ", 2)[1].decode()
                whole, etag, not_modified = self._answers.get(path, (_NOT_FOUND, None, b""))
                writer.write(not_modified if etag and etag in request else whole)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()
