"""The address of the mail server: what is understood, and what is refused with the mend."""

from __future__ import annotations

import pytest

from flows import mail_server
from flows.mail_server import Server


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example:2525", Server(host="mail.example", port=2525, tls="starttls")),
        ("smtp://mail.example", Server(host="mail.example", port=587, tls="starttls")),
        ("smtps://mail.example", Server(host="mail.example", port=465, tls="implicit")),
        ("smtp://127.0.0.1:1025?tls=none", Server(host="127.0.0.1", port=1025, tls="none")),
        ("smtp://[::1]:1025?tls=none", Server(host="::1", port=1025, tls="none")),
        ("smtp://localhost:1025/?tls=none", Server(host="localhost", port=1025, tls="none")),
        (
            "smtp://desk%40example.org:p%40ss%2Fword@mail.example:587",
            Server(host="mail.example", port=587, tls="starttls", user="desk@example.org", password="p@ss/word"),
        ),
    ],
)
def test_what_is_understood(url: str, server: Server) -> None:
    assert mail_server.parse(url) == server


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("mail.example:587", "no way to send mail"),
        ("https://mail.example", "no way to send mail"),
        ("smtp://", "names no mail server"),
        ("smtp://mail.example:0", "names no mail server"),
        ("smtp://mail.example:port", "can't be read"),
        ("smtp://[::1", "can't be read"),
        ("smtp://mail.example/inbox", "names no mail server"),
        ("smtp://mail.example?tls=none", "loopback alone"),
        ("smtp://mail.example?tls=maybe", "is not known"),
        ("smtp://mail.example?timeout=3", "is not known"),
        ("smtps://127.0.0.1?tls=none", "TLS already"),
    ],
)
def test_what_is_refused(url: str, fault: str) -> None:
    refused = mail_server.parse(url)
    assert isinstance(refused, str) and fault in refused


def test_no_password_is_shown() -> None:
    server = mail_server.parse("smtp://desk:secret@mail.example")
    assert isinstance(server, Server)
    assert server.shown() == "smtp://desk:***@mail.example:587"
    assert "secret" not in repr(server)
