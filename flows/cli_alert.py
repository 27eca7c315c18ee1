"""`rasid alert`: what is owed to the people who are told, sent, shown, put right.

What composes mail is imported where it is used: every command loads this module.
"""

from __future__ import annotations

import json as jsons
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from articles.faults import Faults
from flows import settings
from flows.alerts import Sending
from flows.settings import Settings
from flows.stores import opened
from storage import deliveries, owed
from storage.owed import Owed

Change = Callable[[Any, int, datetime], bool]
"""What puts a mail right, inside a transaction."""

app = typer.Typer(help="Send what waits in the outbox, show it, put it right.", invoke_without_command=True)
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Id = Annotated[int, typer.Argument(metavar="ID", help="As `rasid alert list` prints it.")]


@app.callback()
def alert(context: typer.Context, json: Json = False) -> None:
    """Send everything that waits, whatever its backoff. Exit 1: mail waits and none went."""
    if context.invoked_subcommand is None:
        from flows import mailrooms

        _end(mailrooms.send(settings.load(), force=True), as_json=json)


@app.command()
def digest(
    due: Annotated[bool, typer.Option("--due", help="Only for whom the hour has come.")] = False,
    json: Json = False,
) -> None:
    """Make everyone's digest now, since the last one, and send what waits."""
    from flows import digests, mailrooms

    known = _with_recipients(settings.load())
    _end(mailrooms.send(known, digests.due if due else digests.until_now, force=True), as_json=json)


@app.command()
def preview(
    to: Annotated[str | None, typer.Option("--to", metavar="ADDRESS", help="Only mails to this address.")] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write mails as .eml or .html; several are numbered.")
    ] = None,
    digest: Annotated[bool, typer.Option("--digest", help="With everyone's digest until now.")] = False,
) -> None:
    """Show what waits as it would be sent. Nothing is sent or marked."""
    from flows import digests, previews

    if out and out.suffix not in (".eml", ".html"):
        raise Faults([f"--out {out}: is neither .eml nor .html; name a file like mail.eml"])
    messages = previews.waiting(settings.load(), digests.until_now if digest else None, to=to)
    for number, message in enumerate(messages, 1):
        if out is None:
            _print(message)
        else:
            _write(message, out if len(messages) == 1 else out.with_stem(f"{out.stem}-{number}"))
    if not messages:
        print("Nothing waits.")


@app.command()
def test(json: Json = False) -> None:
    """Send everyone a sample now. Exit 1: none went."""
    from flows import inputs, previews

    known = _with_recipients(settings.load())
    if known.mail_server is None:
        raise Faults(["RASID_SMTP_URL: no mail server is named; write smtp://user:password@host:587"])
    results = previews.send_samples(known, inputs.recipients_of(known))
    for address, fault in results:
        if json:
            print(jsons.dumps({"to": address, "sent": fault is None, "error": str(fault) if fault else None}))
        else:
            print(f"{address}: {fault or 'sent'}")
    raise typer.Exit(1 if all(fault for _, fault in results) else 0)


@app.command("list")
def listing(json: Annotated[bool, typer.Option("--json", help="Print one JSON object a line.")] = False) -> None:
    """What waits, and what was given up after a week, with the reason."""
    with opened(settings.load()) as store, store.read() as connection:
        found = owed.listing(connection)
    for one in found:
        print(jsons.dumps(_public(one), ensure_ascii=False) if json else _line(one))
    if not found and not json:
        print("Nothing waits.")


@app.command()
def resend(mail_id: Id) -> None:
    """Make a mail wait again, sent, given up or cancelled; it keeps its Message-ID."""
    _change(mail_id, deliveries.resend, "waits again; `rasid alert` sends it")


@app.command()
def cancel(mail_id: Id) -> None:
    """Take a mail back that has not gone."""
    _change(mail_id, deliveries.cancel, "is cancelled")


def _change(mail_id: int, change: Change, says: str) -> None:
    with opened(settings.load()) as store, store.write() as connection:
        done = change(connection, mail_id, datetime.now(UTC))
    if not done:
        print(f"There is no such mail {mail_id}; `rasid alert list` shows what waits.", file=sys.stderr)
        raise typer.Exit(1)
    print(f"Mail {mail_id} {says}.")


def _with_recipients(known: Settings) -> Settings:
    from flows import inputs

    if not inputs.recipients_of(known):
        raise Faults(["RASID_MAIL_TO: nobody is to be written to; name addresses, or write recipients.toml"])
    return known


def _end(sending: Sending, *, as_json: bool) -> NoReturn:
    """Says what a turn came to, and ends with its exit code."""
    if as_json:
        print(jsons.dumps(asdict(sending), ensure_ascii=False))
    else:
        print(f"{sending.sent} mails sent, {sending.failed} failed, {sending.pending} wait.")
        if sending.note:
            print(sending.note)
    raise typer.Exit(1 if sending.nothing_went else 0)


def _print(message: EmailMessage) -> None:
    body = message.get_body(("plain",))
    print(f"To: {message['To']}\nSubject: {message['Subject']}\n")
    print(body.get_content() if body is not None else "")


def _write(message: EmailMessage, file: Path) -> None:
    from flows import previews

    data = message.as_bytes() if file.suffix == ".eml" else previews.page(message).encode()
    try:
        file.write_bytes(data)
    except OSError as error:
        raise Faults([f"--out {file}: can't be written ({error.strerror}); name another file"]) from error
    print(f"{file}: {message['Subject']}")


def _public(one: Owed) -> dict[str, object]:
    times = {
        name: moment.isoformat(timespec="seconds") if moment else None
        for name, moment in (("born_at", one.born_at), ("next_try_at", one.next_try_at))
    }
    return asdict(one) | times


def _line(one: Owed) -> str:
    about = "; ".join(one.titles) or one.kind
    head = f"{one.id if one.id is not None else '-':>5}  {one.state:<11} {one.kind:<9} {one.recipient or '-'}"
    tried = f", tried {one.tries} times: {one.error}" if one.error else ""
    return f"{head}  {about if len(about) <= 100 else about[:99] + '…'}{tried}"
