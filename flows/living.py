"""`rasid demo`: the whole product at work on the built-in newsroom, where something new comes out all the time."""

from __future__ import annotations

from datetime import timedelta

from demo.mailbox import Mailbox
from demo.pages import Pages
from demo.wire import Wire
from flows import cli_serve, dashboard, running, schedules, settings
from flows.settings import Settings

EVERY = timedelta(seconds=20)

READER = "desk@demo.example"


def demo(known: Settings, port: int) -> None:
    """Serves the newsroom until SIGINT or SIGTERM; its mails come back to a mailbox on this machine.

    Raises:
        StorageError: the demo's folder can't be used, or a demo is under way in it.
    """
    with running.newsroom(known) as (newsroom, there), Mailbox() as mailbox, Pages(mailbox, there.corpus) as pages:
        # Each pass reads every site, however short a while ago it was read.
        there.sources.write_text(newsroom.catalogue().replace('"30m"', '"1s"'), "utf-8")
        (there.home / "taggers.toml").write_text("# Nobody tags in the demo.\n", "utf-8")
        free = dashboard.free_port(port)
        settings.export(_environment(there, mailbox.port))
        print("Rasid on a newsroom of this machine's own. Something new comes out there every half minute.")
        print(f"  The dashboard   http://127.0.0.1:{free}   (in a quarter of a minute)")
        print(f"  The documents   http://127.0.0.1:{pages.port}/documents")
        print(f"  The mails       http://127.0.0.1:{pages.port}/mails", flush=True)
        with Wire(newsroom):
            cli_serve.begin(settings.load(), free, schedules.paced(schedules.SERVED, EVERY))


def _environment(there: Settings, smtp: int) -> dict[str, str]:
    """What the runs, which are processes of their own, find of the demo; what is not the demo's is emptied."""
    return {
        "RASID_HOME": str(there.home),
        "RASID_DATABASE_URL": there.database_url,
        "RASID_SOURCES": str(there.sources),
        "RASID_CORPUS": str(there.corpus),
        "RASID_RECIPIENTS": "",
        "RASID_TAGGERS": str(there.home / "taggers.toml"),
        "RASID_ALLOW_PRIVATE_HOSTS": ",".join(sorted(there.allowed_hosts)),
        "RASID_SMTP_URL": f"smtp://127.0.0.1:{smtp}?tls=none",
        "RASID_MAIL_FROM": "rasid@demo.example",
        "RASID_MAIL_TO": READER,
        "RASID_PING_URL": "",
        "PREFECT_API_URL": "",
    }
