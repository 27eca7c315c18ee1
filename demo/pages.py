"""What came of it, as web pages on loopback: the mails as their readers see them, and the corpus's documents."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import TCPServer
from typing import Any

from demo.mailbox import Mail, Mailbox

DOCUMENT = re.compile(r"[0-9]{3,}_[0-9a-f]{16}\.txt")

FRAME = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">{refresh}
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>
<style>body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }}
li {{ margin: .4rem 0 }} small {{ color: #666 }} pre {{ white-space: pre-wrap; font: inherit }}
iframe {{ width: 100%; height: 75vh; border: 1px solid #ccc }}</style></head>
<body><p><a href="/mails">Mails</a> · <a href="/documents">Documents</a></p><h1>{title}</h1>{body}</body></html>"""

REFRESH = '<meta http-equiv="refresh" content="5">'


class Pages:
    """A context manager: inside it the pages answer on 127.0.0.1 at `port`, outside nothing of it is left."""

    def __init__(self, mailbox: Mailbox, corpus: Path) -> None:
        self.mailbox, self.corpus = mailbox, corpus
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, name="pages", daemon=True)
        self.port: int = self._server.server_address[1]

    def __enter__(self) -> Pages:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def page(self, path: str) -> tuple[str, str] | None:
        """A page's type and text; None: there is none at this path."""
        match path.strip("/").split("/"):
            case [""] | ["mails"]:
                return _page("Mails", self._mails(), REFRESH)
            case ["mails", number, *view] if number.isdecimal() and int(number) < len(self.mailbox.mails):
                return self._mail(int(number), *view)
            case ["documents"]:
                return _page("Documents", self._documents(), REFRESH)
            case ["documents", name] if DOCUMENT.fullmatch(name) and (self.corpus / name).is_file():
                text = (self.corpus / name).read_text("utf-8")
                return _page(name, f'<pre dir="auto">{escape(text)}</pre>')
        return None

    def _mails(self) -> str:
        items = [_entry(number, mail) for number, mail in enumerate(self.mailbox.mails)]
        return _list(reversed(items), "No mail has come yet: the first news comes out within a minute.")

    def _mail(self, number: int, *view: str) -> tuple[str, str] | None:
        mail = self.mailbox.mails[number]
        match view:
            case []:
                # Sandboxed: what a mail says comes from strangers.
                frame = f'<iframe sandbox src="/mails/{number}/html" title="The mail"></iframe>'
                return _page(mail.subject, f'<p><a href="/mails/{number}/text">As text</a></p>{frame}')
            case ["html"]:
                return "text/html", mail.body("html")
            case ["text"]:
                return _page(mail.subject, f'<pre dir="auto">{escape(mail.body("plain"))}</pre>')
        return None

    def _documents(self) -> str:
        names = sorted((path.name for path in self.corpus.glob("*.txt")), reverse=True)
        items = []
        for name in names:
            first = (self.corpus / name).read_text("utf-8").strip().partition("\n")[0]
            line = f'<span dir="auto">{escape(first[:160])}</span>'
            items.append(f'<li><a href="/documents/{name}">{name}</a><br>{line}</li>')
        return _list(items, "No document yet.")


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, pages: Pages) -> None:
        self.pages = pages
        super().__init__(("127.0.0.1", 0), _Handler)

    def server_bind(self) -> None:
        # HTTPServer's own would ask the name service for a name that nobody needs.
        TCPServer.server_bind(self)


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        found = self.server.pages.page(self.path.partition("?")[0])
        kind, text = found or _page("Not here", "<p>There is no such page.</p>")
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Security-Policy", "default-src 'self' 'unsafe-inline' data:")
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, format: str, *args: Any) -> None:
        """Nobody asks who looked."""


def _page(title: str, body: str, refresh: str = "") -> tuple[str, str]:
    return "text/html", FRAME.format(title=escape(title), body=body, refresh=refresh)


def _entry(number: int, mail: Mail) -> str:
    at = f"/mails/{number}"
    aside = f'to {escape(str(mail.message["To"]))}, {mail.at:%H:%M:%S} UTC · <a href="{at}/text">as text</a>'
    return f'<li><a href="{at}" dir="auto">{escape(mail.subject)}</a> <small>{aside}</small></li>'


def _list(items: Iterable[str], none: str) -> str:
    inside = "".join(items)
    return f"<ul>{inside}</ul>" if inside else f"<p>{none}</p>"
