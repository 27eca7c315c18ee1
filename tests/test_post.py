"""Sessions with mail servers of every temper: what is taken, what is said of the rest, and how long it takes."""

from __future__ import annotations

import time
from contextlib import AbstractContextManager
from dataclasses import replace
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from flows import post
from flows.mail_server import Server
from flows.post import Post, Undelivered
from tests import mailserver
from tests.mailserver import Dropping, Greylisting, Refusing, Rejecting, Stalling, Temper, loopback, serving, speaking


def letter(to: str = "desk@example.org") -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = "rasid@example.org", to, "Проба"
    message.set_content("سلام\n")
    return message


def send(server: Server, to: str = "desk@example.org", **more: object) -> None:
    with Post(server, **more) as session:  # type: ignore[arg-type]
        session.send(letter(to), sender="rasid@example.org", to=to)


def test_a_polite_server_takes_the_mail() -> None:
    with serving(temper := Temper()) as port:
        send(loopback(port))
    (taken,) = temper.taken
    assert (taken["Subject"], taken.get_content().strip()) == ("Проба", "سلام")


@pytest.mark.parametrize("implicit", [False, True])
def test_tls_and_login(implicit: bool) -> None:
    server_side, client_side = mailserver.certificates()
    known = mailserver.only("watch", "secret")
    with serving(
        temper := Temper(), tls=server_side, implicit=implicit, authenticator=known, auth_require_tls=not implicit
    ) as port:
        server = Server(
            host="localhost", port=port, tls="implicit" if implicit else "starttls", user="watch", password="secret"
        )
        send(server, context=client_side)
        with pytest.raises(Undelivered, match=r"refused the login \(user and password of RASID_SMTP_URL\): 535"):
            send(replace(server, password="wrong"), context=client_side)
    assert len(temper.taken) == 1


@pytest.mark.parametrize("implicit", [False, True])
def test_a_certificate_that_nobody_vouches_for_is_refused(implicit: bool) -> None:
    server_side, _ = mailserver.certificates()
    with serving(temper := Temper(), tls=server_side, implicit=implicit) as port:
        server = Server(host="localhost", port=port, tls="implicit" if implicit else "starttls")
        with pytest.raises(Undelivered, match=r"certificate that is not trusted .*SSL_CERT_FILE"):
            send(server)
    assert temper.taken == []


def test_a_certificate_of_another_name_is_refused() -> None:
    server_side, client_side = mailserver.certificates()
    with serving(Temper(), tls=server_side) as port, pytest.raises(Undelivered, match="not trusted"):
        send(Server(host="127.0.0.1", port=port, tls="starttls"), context=client_side)


def test_tls_is_never_left_out() -> None:
    with serving(temper := Temper()) as port, pytest.raises(Undelivered, match="offers no STARTTLS"):
        send(Server(host="127.0.0.1", port=port, tls="starttls"))
    assert temper.taken == []


def test_tls_spoken_to_a_server_that_speaks_none() -> None:
    with serving(Temper()) as port, pytest.raises(Undelivered, match="no secure connection"):
        send(Server(host="127.0.0.1", port=port, tls="implicit"))


@pytest.mark.parametrize(
    ("server", "says", "lost"),
    [
        (serving(Refusing(unknown=frozenset({"desk@example.org"}))), "refused the recipient: 550 5.1.1 No such", False),
        (serving(Greylisting()), "refused the recipient: 451 4.7.1 Greylisted", False),
        (serving(Rejecting()), "refused the mail: 554 5.7.1 Looks like spam", False),
        (serving(Dropping()), "broke the connection off", True),
        (speaking(b"421 4.3.2 Too busy\r\n"), "does not take mail now: 421 4.3.2 Too busy", True),
        (speaking(b"554 No SMTP here\r\n"), "does not take mail now: 554 No SMTP here", True),
    ],
)
def test_what_a_server_refuses_is_one_plain_sentence(
    server: AbstractContextManager[int], says: str, lost: bool
) -> None:
    with server as port, pytest.raises(Undelivered, match=says) as raised:
        send(loopback(port))
    assert (raised.value.lost, raised.value.silent) == (lost, False)
    assert "\n" not in str(raised.value)


def test_nobody_there() -> None:
    with serving(Temper()) as port:
        pass
    with pytest.raises(Undelivered, match="can't be used: Connection refused"):
        send(loopback(port))


@pytest.mark.parametrize(
    "server", [serving(Stalling()), speaking(b""), speaking(b"220-" + b"wait " * 1000, every=0.02)]
)
def test_a_server_that_takes_its_time_is_left(
    server: AbstractContextManager[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(post, "READ_SECONDS", 0.2)
    monkeypatch.setattr(post, "EXCHANGE_SECONDS", 0.3)
    began = time.monotonic()
    with server as port, pytest.raises(Undelivered, match="did not answer in time") as raised:
        send(loopback(port))
    assert raised.value.silent and raised.value.lost
    assert time.monotonic() - began < 5


def test_a_silent_server_costs_less_than_a_minute() -> None:
    assert 2 * post.EXCHANGE_SECONDS < 60 and post.READ_SECONDS < post.EXCHANGE_SECONDS


def test_one_refused_recipient_does_not_end_the_session() -> None:
    with serving(temper := Refusing(unknown=frozenset({"old@example.org"}))) as port, Post(loopback(port)) as session:
        with pytest.raises(Undelivered):
            session.send(letter(), sender="rasid@example.org", to="old@example.org")
        session.send(letter(), sender="rasid@example.org", to="desk@example.org")
    assert len(temper.taken) == 1


def test_an_address_in_another_script_needs_a_server_that_can() -> None:
    with serving(temper := Temper(), enable_SMTPUTF8=True) as port:
        send(loopback(port), "поçта@пример.example")
    assert temper.taken[0]["Subject"] == "Проба"
    with serving(Temper()) as port, pytest.raises(Undelivered, match="takes no SMTPUTF8"):
        send(loopback(port), "почта@example.org")


def test_a_host_in_another_script_needs_nothing() -> None:
    with serving(temper := Temper()) as port, Post(loopback(port)) as session:
        session.send(letter("a@xn--e1afmkfd.example"), sender="rasid@example.org", to="a@пример.example")
    assert len(temper.taken) == 1
