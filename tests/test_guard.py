import asyncio
import socket
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.model import Answer, Failure, Outcome, RobotsFile
from extractors import guard
from extractors.trouble import Trouble
from extractors.web import Limits, Web
from tests.webserver import reply, serving

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)

PUBLIC = ["93.184.216.34", "8.8.8.8", "212.19.149.1", "1.1.1.1", "2606:2800:220:1::1", "2a00:1450:4001::8a"]
INSIDE = {
    "unspecified": ["0.0.0.0", "0.1.2.3", "::"],
    "loopback": ["127.0.0.1", "127.255.255.254", "::1"],
    "private": ["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "fc00::1", "fd12:3456::1"],
    "link-local": ["169.254.169.254", "fe80::1", "fe80::1%eth0"],
    "site-local": ["fec0::1"],
    "CGNAT": ["100.64.0.1", "100.127.255.255"],
    "multicast": ["224.0.0.1", "239.255.255.250", "ff02::1", "ff0e::1"],
    "reserved": ["240.0.0.1", "255.255.255.255", "192.0.0.1", "198.18.0.1", "4000::1"],
    "documentation": ["192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1", "3fff::1"],
    "IPv4 mapped": ["::ffff:127.0.0.1", "::ffff:8.8.8.8"],
    "IPv4 compatible": ["::127.0.0.1", "::8.8.8.8"],
    "IPv4 translated": ["::ffff:0:127.0.0.1"],
    "NAT64": ["64:ff9b::7f00:1", "64:ff9b::8.8.8.8", "64:ff9b:1::10.0.0.1", "64:ff9b:1:ffff::1"],
    "6to4": ["2002:7f00:1::", "2002:808:808::1", "192.88.99.1"],
    "Teredo": ["2001:0:7f00:1::1"],
}


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_may_be_connected_to(address: str) -> None:
    assert guard.is_public(address)


@pytest.mark.parametrize("address", [one for kind in INSIDE.values() for one in kind])
def test_inside_addresses_may_not(address: str) -> None:
    assert not guard.is_public(address)


REFUSED_SPELLINGS = [
    *(
        "http://127.1/",
        "http://0177.0.0.1/",
        "http://0x7f.0.0.1/",
        "http://0x7f000001/",
        "http://2130706433/",
    ),
    *(
        "http://017700000001/",
        "http://127.0.0.1./",
        "http://1/",
        "http://0/",
        "http://8.8.8.010/",
        "http://8.8.2056/",
    ),
    *("http://127.0.1/", "http://００.0.0.0/", "http://1.2.3.4.5./", "http://newsroom.example./"),
    # Digits and letters of other scripts that IDNA, a browser or a resolver might take for ours.
    *("http://１２７.0.0.1/", "http://①②⑦.⓪.⓪.①/", "http://١٢٧.٠.٠.١/", "http://²130706433/", "http://ⅼocalhost/"),
    *("http://ｌｏｃａｌｈｏｓｔ/", "http://localhost。/", "http://%31%32%37.0.0.1/", "http://127.0.0.1%00.a.example/"),
    *("http://a.example\\@127.0.0.1/", "http://127.0.0.1\\@a.example/", "http://127.0.0.01/", "http://0X7f.1/"),
    *("http://localhost/", "http://LOCALHOST:80/", "http://localhost./", "http://news.localhost/"),
    *("http://localhost.localdomain/", "https://ip6-localhost/"),
    *(
        "ftp://newsroom.example/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "data:text/html,x",
        "gopher://x/",
    ),
    *(
        "//newsroom.example/",
        "newsroom.example",
        "/path",
        "",
        "http://",
        "http:///path",
        "https:newsroom.example",
    ),
    *(
        "http://user@newsroom.example/",
        "http://user:pass@newsroom.example/",
        "http://:pass@newsroom.example/",
    ),
    *("http://newsroom.example:0/", "http://newsroom.example:65536/", "http://newsroom.example:x/"),
    *(
        "http://[::1/",
        "http://[::g]/",
        "http://256.1.1.1/",
        "http://a b/",
        "http://\x00/",
        "http://a\n.example/",
    ),
    *("http://\ud800.example/", "http://newsroom.example/\ud800", "http://" + "a" * 70_000),
]


@pytest.mark.parametrize("address", REFUSED_SPELLINGS)
def test_oddly_spelt_addresses_are_refused(address: str) -> None:
    with pytest.raises(Trouble) as met:
        guard.Guard(frozenset()).parse(address)
    assert met.value.outcome is Outcome.REFUSED
    assert str(met.value).isprintable() and str(met.value).endswith(".")


@pytest.mark.parametrize(
    ("address", "host", "port"),
    [
        ("http://newsroom.example", "newsroom.example", 80),
        ("HTTPS://NewsRoom.Example:8443/a?b#c", "newsroom.example", 8443),
        ("https://أخبار.example/راصد", "xn--igbicxr.example", 443),
        ("http://93.184.216.34/", "93.184.216.34", 80),
        ("http://[2606:2800:220:1::1]/", "2606:2800:220:1::1", 80),
        ("http://0x.example/", "0x.example", 80),
        ("http://1tv.kz/", "1tv.kz", 80),
        ("http://24.kz/ru/", "24.kz", 80),
    ],
)
def test_ordinary_addresses_pass(address: str, host: str, port: int) -> None:
    url = guard.Guard(frozenset()).parse(address)
    assert (url.raw_host.decode(), guard.port_of(url)) == (host, port)
    assert not url.fragment


@settings(deadline=None)
@given(st.text() | st.from_regex(r"https?://[^/]{1,20}(/.{0,10})?", fullmatch=True))
def test_whatever_the_address_it_is_parsed_or_refused(address: str) -> None:
    try:
        url = guard.Guard(frozenset()).parse(address)
    except Trouble as met:
        assert met.outcome is Outcome.REFUSED and str(met).isprintable()
    else:
        assert url.scheme in ("http", "https") and url.host and isinstance(httpx.Request("GET", url), httpx.Request)


@pytest.mark.parametrize(
    ("entry", "host", "port", "opens"),
    [
        ("127.0.0.1", "127.0.0.1", 8000, True),
        ("127.0.0.1:8000", "127.0.0.1", 8000, True),
        ("127.0.0.1:8000", "127.0.0.1", 8001, False),
        ("127.0.0.1", "127.0.0.2", 8000, False),
        ("LocalHost:80", "localhost", 80, True),
        ("localhost", "news.localhost", 80, False),
        ("[::1]", "::1", 80, True),
        ("[::1]:8000", "::1", 8000, True),
        ("[::1]:8000", "::1", 80, False),
        ("::1", "::1", 80, True),
        ("example", "newsroom.example", 80, False),
    ],
)
def test_an_entry_opens_its_host_alone(entry: str, host: str, port: int, opens: bool) -> None:
    assert guard.Guard(frozenset({entry})).allows(host, port) is opens


def web(resolver: guard.Resolver, *allowed: str, port: int = 80, **limits: float) -> Web:
    """A client that has read all robots files and asks this resolver."""
    return Web(
        user_agent="rasid",
        allowed=frozenset(allowed),
        robots=[RobotsFile(origin=f"http://newsroom.example:{port}", body=None, read_at=NOW)],
        now=lambda: NOW,
        limits=Limits(**limits),  # type: ignore[arg-type]
        resolver=resolver,
    )


def fetch(client: Web, *urls: str) -> list[Answer | Failure]:
    async def all_of_them() -> list[Answer | Failure]:
        async with client:
            return [await client.page(url, min_delay=0) for url in urls]

    return asyncio.run(all_of_them())


@pytest.mark.parametrize("addresses", [["10.0.0.1"], ["93.184.216.34", "127.0.0.1"], ["::1"], ["::ffff:8.8.8.8"]])
def test_one_inside_address_is_enough_to_refuse(addresses: list[str]) -> None:
    (met,) = fetch(web(lambda host, port: addresses), "http://newsroom.example/")
    assert isinstance(met, Failure) and met.outcome is Outcome.REFUSED
    assert addresses[-1] in met.reason and "newsroom.example" in met.reason


def test_every_hop_is_judged() -> None:
    """A redirect to an inside address in any of its forms is refused; what a name leads to is as well."""
    inside = [one for kind in INSIDE.values() for one in kind if "%" not in one]
    targets = [f"http://[{one}]/" if ":" in one else f"http://{one}/" for one in inside]
    targets += [
        "http://127。0。0。1/",
        "http://127.0.0.1:8/",
        "http://inside.example/",
        "//localhost/",
        "//2130706433/",
    ]
    hops = {f"/{n}": reply("", 302, location=one.encode().decode("latin-1")) for n, one in enumerate(targets)}
    with serving(hops) as server:
        client = web(lambda host, port: ["10.1.2.3"], server.netloc)
        met = fetch(client, *(server.url + path for path in hops))
    assert [one.outcome for one in met if isinstance(one, Failure)] == [Outcome.REFUSED] * len(targets), met
    assert server.asked == ["/robots.txt", *hops]


def test_the_connection_goes_to_the_judged_address() -> None:
    """The name server says another thing each time; what was judged is what is connected to."""
    lookups: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        lookups.append(host)
        return ["127.0.0.1"] if len(lookups) == 1 else ["127.0.0.2"]

    with serving({"/": reply("here", connection="close")}) as server:
        url = f"http://newsroom.example:{server.port}/"
        met = fetch(web(rebinding, "newsroom.example", port=server.port), url)
    assert isinstance(met[0], Answer) and met[0].body == b"here"
    assert lookups == ["newsroom.example"]
    assert server.requests[0].headers["host"] == f"newsroom.example:{server.port}"


def test_a_dead_address_gives_way_to_the_next() -> None:
    with serving({"/": reply("second")}) as server:
        client = web(lambda host, port: ["127.0.0.9", "127.0.0.1"], "newsroom.example", port=server.port)
        (met,) = fetch(client, f"http://newsroom.example:{server.port}/")
    assert isinstance(met, Answer) and met.body == b"second"


def test_a_silent_address_gives_way_to_the_next() -> None:
    """A listener whose queue is full lets a connection wait for ever."""
    with (
        serving({"/": reply("second")}) as server,
        socket.create_server(("127.0.0.9", server.port), backlog=0) as deaf,
        socket.create_connection(deaf.getsockname()),
    ):
        client = web(lambda *_: ["127.0.0.9", "127.0.0.1"], "a.example", port=server.port, connect_seconds=1.0)
        (met,) = fetch(client, f"http://a.example:{server.port}/")
    assert isinstance(met, Answer) and met.body == b"second"


def test_a_hanging_lookup_does_not_hold_up_the_end_of_the_program() -> None:
    program = """
import asyncio, time
from extractors.guard import Guard, GuardedNetwork
network = GuardedNetwork(
    Guard(frozenset()), dns_seconds=0.1, connect_seconds=1, resolver=lambda host, port: time.sleep(60)
)
asyncio.run(network.connect_tcp("newsroom.example", 80))
"""
    ended = subprocess.run([sys.executable, "-c", program], timeout=30, capture_output=True, text=True, check=False)
    assert "was not resolved within 0.1 s." in ended.stderr


def test_a_refused_connection_is_unreachable() -> None:
    with serving({}) as server:
        port = server.port
    client = web(lambda host, port: ["127.0.0.1"], "newsroom.example", port=port)
    (met,) = fetch(client, f"http://newsroom.example:{port}/")
    assert isinstance(met, Failure) and met.outcome is Outcome.UNREACHABLE
    assert met.reason == f"newsroom.example:{port} refused the connection."


@pytest.mark.parametrize("error", [OSError("gaierror"), UnicodeError("label"), ValueError("NUL")])
def test_a_name_without_addresses_is_unreachable(error: Exception) -> None:
    def resolver(host: str, port: int) -> list[str]:
        raise error

    (met,) = fetch(web(resolver), "http://newsroom.example/")
    assert isinstance(met, Failure) and met.outcome is Outcome.UNREACHABLE
    assert met.reason == "The name newsroom.example can't be resolved."


def test_without_a_network_many_hosts_are_unreachable_at_once() -> None:
    """Lookups that hang hold up neither each other nor a host that answers, nor the end of the program."""
    over = threading.Event()

    def hanging(host: str, port: int) -> list[str]:
        if host == "here.example":
            return ["127.0.0.1"]
        over.wait(20)
        return []

    async def all_at_once(client: Web, port: int) -> tuple[list[Answer | Failure], Answer | Failure, float]:
        async with client:
            started = time.monotonic()
            hosts = (client.page(f"http://{n}.example/", min_delay=9) for n in range(100))
            waiting = asyncio.gather(*hosts)
            await asyncio.sleep(0)
            here = await client.page(f"http://here.example:{port}/", min_delay=0)
            return await waiting, here, time.monotonic() - started

    with serving({"/": reply("here")}) as server:
        client = web(hanging, "here.example", dns_seconds=0.5)
        met, here, seconds = asyncio.run(all_at_once(client, server.port))
    over.set()
    assert isinstance(here, Answer)
    assert {one.outcome for one in met if isinstance(one, Failure)} == {Outcome.UNREACHABLE}
    assert len(met) == 100 and seconds < 5
    assert isinstance(met[7], Failure) and met[7].reason == "The name 7.example was not resolved within 0.5 s."


def test_the_systems_resolver_knows_this_machine() -> None:
    assert "127.0.0.1" in guard.resolve("127.0.0.1", 80)
