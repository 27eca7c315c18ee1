"""recipients.toml: who is told of what, and when not to ring."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from articles import recipients
from articles.faults import Faults
from articles.recipients import Recipient, free_from, is_address, wants

WHOLE = """
[[recipient]]
address = "desk@example.org"

[[recipient]]
address = "سفارة@مثال.فلسطين"
languages = ["ar", "ru"]
classes = ["A", "B"]
sources = ["wafa"]
mail = "at once"
digest = "week"
timezone = "Asia/Almaty"
quiet = "22:00-07:00"
"""


def test_the_whole_of_it() -> None:
    desk, embassy = recipients.load(WHOLE, file="recipients.toml")
    assert desk == Recipient(address="desk@example.org")
    assert (embassy.languages, embassy.mail, embassy.digest) == (("ar", "ru"), "at once", "week")


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ('address = "desk"', 'recipient "desk": address: "desk" is no address'),
        ("address = 7", "recipient #1: address: 7 is no text"),
        ('address = "a@b"\nadress = "x"', "unknown key"),
        ('address = "a@b"\nclasses = ["D"]', 'classes: "D" is none'),
        ('address = "a@b"\nmail = "never"', 'mail: "never" is not known'),
        ('address = "a@b"\ntimezone = "Hebron"', "is no time zone"),
        ('address = "a@b"\nquiet = "22-7"', "is no span of hours"),
        ('address = "a@b"\nquiet = "22:00-22:00"', "begins when it ends"),
        ('address = "a@b"\n[[recipient]]\naddress = "A@B"', "stands twice"),
    ],
)
def test_each_fault_is_told_with_its_place(line: str, fault: str) -> None:
    with pytest.raises(Faults, match=r"^recipients\.toml: ") as raised:
        recipients.load(f"[[recipient]]\n{line}\n", file="recipients.toml")
    assert any(fault in told for told in raised.value.faults)


@pytest.mark.parametrize(
    "address",
    ["", "desk", "@host", "a@", "a b@host", "a@b\nBcc: c@d", "a@b,c@d", "<a@b>", "a@b@c", "a\u0000@b", "a@b/c"],
)
def test_what_is_no_address(address: str) -> None:
    assert not is_address(address)


@pytest.mark.parametrize(
    ("who", "wanted"),
    [
        (Recipient(address="a@b"), True),
        (Recipient(address="a@b", languages=("ar",)), True),
        (Recipient(address="a@b", languages=("ru",)), False),
        (Recipient(address="a@b", classes=("A", "C")), False),
        (Recipient(address="a@b", classes=("B",), sources=("wafa", "maan")), True),
        (Recipient(address="a@b", sources=("tengri",)), False),
    ],
)
def test_wants(who: Recipient, wanted: bool) -> None:
    assert wants(who, language="ar", kind="B", sources=frozenset({"maan", "raya"})) is wanted


@pytest.mark.parametrize(
    ("quiet", "now", "free"),
    [
        ("22:00-07:00", "2026-11-21T21:59", "2026-11-21T21:59"),
        ("22:00-07:00", "2026-11-21T22:00", "2026-11-22T07:00"),
        ("22:00-07:00", "2026-11-22T06:59", "2026-11-22T07:00"),
        ("22:00-07:00", "2026-11-22T07:00", "2026-11-22T07:00"),
        ("13:00-14:30", "2026-11-21T13:15", "2026-11-21T14:30"),
        ("13:00-14:30", "2026-11-21T15:00", "2026-11-21T15:00"),
        # The night in which the clocks of Hebron go back an hour: 07:00 is 07:00 of the new time.
        ("22:00-07:00", "2026-10-23T23:00", "2026-10-24T07:00"),
    ],
)
def test_quiet_hours_end_in_the_recipients_zone(quiet: str, now: str, free: str) -> None:
    text = f'[[recipient]]\naddress = "a@b"\ntimezone = "Asia/Hebron"\nquiet = "{quiet}"\n'
    (who,) = recipients.load(text, file="recipients.toml")
    zone = ZoneInfo("Asia/Hebron")
    at = datetime.fromisoformat(now).replace(tzinfo=zone)
    assert free_from(who, at) == datetime.fromisoformat(free).replace(tzinfo=zone)
