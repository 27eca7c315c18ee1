"""The hostile newsroom: many small sites, each on a port of its own and hostile in one way.

A `Case` says what its site does and what a pass is to make of it: `hostile_fronts` holds the sites whose front page
is hostile, `hostile_pages` those with a sound feed that names a good article and a hostile page. The `Canary` is a
listener that nobody may reach: redirects and links of many sites lead to it.
"""

from __future__ import annotations

import contextlib
import gzip
import random
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from tests.webserver import Request, Route, Wire, reply, serving

KB, MB = 2**10, 2**20
FEED = 'feeds = ["{url}/front"]'


@dataclass(frozen=True, kw_only=True)
class Case:
    """A hostile site, and what a pass is to make of it."""

    routes: Mapping[str, Route]
    """By path; `/front` is the front page, `/good` an article that every site has, and other paths are 404.
    None at all: nobody listens at its port."""
    outcome: str = "ok"
    """Several outcomes that all will do are joined by a bar."""
    says: str = ""
    """A part of the source's `error`."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """What the report says of it besides."""
    fails: Mapping[str, str] = field(default_factory=dict)
    """Paths of pages that fail, and a part of the reason that is kept of each."""
    way: str = FEED
    """The lines of the catalogue that say how it is read."""
    takes: int = 0
    """Seconds of the deadline that it runs into."""
    heavy: bool = False
    """It is made to take time or memory."""


# --- What a site says

_SAID = """
    about across after again along already among another answer around asked autumn baker basket before began below
    bench beside better between bicycle bridge bring brother building called carried centre children city clear
    close cloud coffee corner cotton country daughter door early east evening every family farmer few field fish
    flour forest found friend garden gate gather glass green ground hall harvest heard heavy hill home horse hour
    house kitchen known large later leave letter light long lower lunch map market meadow minute morning mother
    mountain music narrow near neighbour never new night north oak office old open orchard other outside paper past
    people picture place plain point quiet rain ready river road roof room round school sea second seven shade shelf
    ship shop short silver sister sky slow small snow song south spoke spring square stairs start station still
    stone street summer table teacher third thousand three today together told tower town train tree under until
    upper valley village visit voice wait walk wall warm watch water weather west white wide wind window winter wood
    word work year yellow young
"""
WORDS = _SAID.split()

LITTLE = ("the", "of the", "and the", "to the", "in the", "with a", "was a", "for")

RELATION = "The foreign ministers of Kazakhstan and Palestine met in Astana and signed a plan of consultations."


def prose(seed: str) -> tuple[str, ...]:
    """Paragraphs that no other seed has: each site needs an article of its own."""
    dice = random.Random(seed)
    sentences = [
        " ".join(f"{dice.choice(LITTLE)} {word}" for word in dice.choices(WORDS, k=7)).capitalize() + "."
        for _ in range(12)
    ]
    return tuple(" ".join(sentences[n : n + 3]) for n in range(0, 12, 3))


def page(inside: str, head: str = "", title: str = "A plain headline of six words") -> str:
    """An HTML page."""
    return (
        f"<!DOCTYPE html><html lang=en><head><meta charset=utf-8><title>{title}</title>{head}</head>"
        f"<body><article><h1>{title}</h1>{inside}</article></body></html>"
    )


def article(seed: str, extra: str = "", head: str = "", title: str = "A plain headline of six words") -> str:
    """An HTML page with an article on it, and something more."""
    return page("".join(f"<p>{paragraph}</p>" for paragraph in prose(seed)) + extra, head, title)


def item(path: str, title: str = "An entry", date: str = "Fri, 20 Nov 2026 10:00:00 +0500", more: str = "") -> str:
    """One entry of a feed."""
    return f"<item><title>{title}</title><link>{path}</link><pubDate>{date}</pubDate>{more}</item>"


def rss(*items: str, before: str = "") -> str:
    """A feed."""
    channel = f"<channel><title>A site</title>{''.join(items)}</channel>"
    return f'<?xml version="1.0" encoding="utf-8"?>{before}<rss version="2.0">{channel}</rss>'


GOOD = item("/good")
SOUND = rss(GOOD)


# --- How a site misbehaves on the wire


def raw(head: str, body: bytes = b"") -> Route:
    """Just these bytes, then the end of the connection."""

    def answer(_: Request, wire: Wire) -> None:
        wire.send(head.replace("\n", "\r\n").encode("latin-1") + body)
        wire.hang_up()

    return answer


def drip(head: str, piece: bytes) -> Route:
    """The head at once, then a byte every half second."""

    def answer(_: Request, wire: Wire) -> None:
        wire.send(head.replace("\n", "\r\n").encode())
        wire.drip(piece * 1000, 0.5)

    return answer


def endless(head: str, piece: bytes, most: int = 256 * MB) -> Route:
    """The head, then the same bytes as fast as they are taken."""

    def answer(_: Request, wire: Wire) -> None:
        wire.send(head.replace("\n", "\r\n").encode())
        block = piece * max(1, 256 * KB // len(piece))
        for _n in range(most // len(block)):
            wire.send(block)
        wire.hang_up()

    return answer


def silent(_: Request, wire: Wire) -> None:
    """Nothing at all."""
    wire.silence()


def reset(head: bytes = b"") -> Route:
    """These bytes, then a TCP reset."""

    def answer(_: Request, wire: Wire) -> None:
        wire.send(head)
        wire.reset()

    return answer


def unasked(_: Request, wire: Wire) -> None:
    """The feed, and behind it an answer to a request that nobody sent."""
    wire.send(reply(SOUND) + reply(rss(item("/smuggled"))))


def moved(to: str, status: int = 302) -> Route:
    """A redirect; the address goes out as UTF-8."""
    return reply("", status, location=to.encode().decode("latin-1"))


def chain(length: int) -> dict[str, Route]:
    """Redirects from `/front` on, the last of them to a sound feed."""
    hops: dict[str, Route] = {f"/{n}": moved(f"/{n + 1}") for n in range(1, length)}
    return {"/front": moved("/1"), **hops, f"/{length}": reply(SOUND)}


def packed(body: bytes, coding: str) -> Route:
    """A page that says it is packed in this way."""
    return reply(body, content_encoding=coding)


HEAD = "HTTP/1.1 200 OK\nContent-Type: text/html\n"
ZEROS = gzip.compress(bytes(32 * MB), 1)
BITS = random.Random(1).randbytes(64 * KB)


def inside(port: int) -> tuple[str, ...]:
    """Every spelling of this machine, and of a few other inside addresses, with the canary's port."""
    hosts = (
        "127.0.0.1", "127.0.0.2", "127.1", "0177.0.0.1", "0x7f.0.0.1", "2130706433", "0x7f000001", "017700000001",
        "0.0.0.0", "0", "localhost", "localhost.", "LOCALHOST", "a.localhost", "127.0.0.1.", "127。0。0。1",
        "①②⑦.⓪.⓪.①", "%31%32%37.0.0.1", "[::1]", "[0:0:0:0:0:0:0:1]", "[::]", "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]",
        "[fe80::1]", "[fc00::1]", "[ff02::1]", "169.254.169.254", "10.0.0.1", "172.16.0.1", "192.168.0.1",
        "100.64.0.1", "224.0.0.1", "255.255.255.255", "198.18.0.1",
    )  # fmt: skip
    return (*(f"http://{host}:{port}/" for host in hosts), f"http://user:word@127.0.0.1:{port}/")


SCHEMES = (
    "file:///etc/passwd", "ftp://127.0.0.1/a", "javascript:alert(1)", "data:text/html,a", "gopher://127.0.0.1:1/a",
    "mailto:desk@site.example", "jar:http://a!/b", "about:blank", "view-source:http://a/", "dict://127.0.0.1:1/",
)  # fmt: skip


# --- The newsroom


class Canary:
    """A listener on all addresses of this machine, IPv4 and IPv6, that notes who comes."""

    def __init__(self) -> None:
        self.touched: list[str] = []
        first = socket.create_server(("0.0.0.0", 0))
        self.port: int = first.getsockname()[1]
        self._ears = [first]
        if socket.has_ipv6:
            self._ears.append(socket.create_server(("::", self.port), family=socket.AF_INET6))

    def __enter__(self) -> Canary:
        for ear in self._ears:
            threading.Thread(target=self._listen, args=(ear,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for ear in self._ears:
            with contextlib.suppress(OSError):
                ear.shutdown(socket.SHUT_RDWR)
            ear.close()

    def _listen(self, ear: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, peer = ear.accept()
                self.touched.append(str(peer))
                connection.close()


@dataclass(frozen=True, kw_only=True)
class Newsroom:
    """Hostile sites that are being served."""

    cases: Mapping[str, Case]
    urls: Mapping[str, str]

    @property
    def allowed(self) -> str:
        """Their `host:port`, comma-separated."""
        return ",".join(url.removeprefix("http://") for url in self.urls.values())

    def catalogue(self) -> str:
        """A sources.toml of them all; who takes longest comes first, so that the others need not wait."""
        names = sorted(self.cases, key=lambda name: -self.cases[name].takes)
        return "\n".join(
            f'[[source]]\nname = "{name}"\nlanguage = "en"\nmin_delay = "0s"\n{self.cases[name].way}\n'.replace(
                "{url}", self.urls[name]
            )
            for name in names
        )


@contextmanager
def newsroom(cases: Mapping[str, Case]) -> Iterator[Newsroom]:
    """Serves the cases for the length of a `with`."""
    with ExitStack() as stack:
        urls = {}
        for name, case in cases.items():
            if case.routes:
                urls[name] = stack.enter_context(serving({"/good": reply(article(name)), **case.routes})).url
            else:
                held = stack.enter_context(socket.socket())
                held.bind(("127.0.0.1", 0))
                urls[name] = f"http://127.0.0.1:{held.getsockname()[1]}"
        yield Newsroom(cases=cases, urls=urls)
