"""What an exchange came to, told apart by evidence: status, headers, markup, and the errors below HTTP.

Everything here is pure. `Trouble` is how a failed exchange travels up through the HTTP library;
`extractors.web` turns it into a `Failure` at the door. Sentences are for the operator: plain, on one line.
"""

from __future__ import annotations

import errno
import re
import ssl
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from urllib.parse import urlsplit

import httpcore
from lxml import etree, html

from articles.model import Failure, Outcome

LONGEST_RETRY_AFTER = timedelta(hours=24)
"""A server that asks for more is taken to be misconfigured."""

EVIDENCE_BYTES = 65_536
"""How much of a body is looked at: challenge and consent pages are small."""

_FORBIDDEN = (401, 403, 451)
_GONE = (404, 410)
_MAY_BE_A_WALL = (200, 202, *_FORBIDDEN, 405, 429, 503)

# What a server adds to the headers of a challenge, and of nothing else.
_WALL_HEADERS = (
    ("cf-mitigated", ("challenge",), "Cloudflare"),
    ("x-amzn-waf-action", ("challenge", "captcha"), "AWS WAF"),
    ("x-sucuri-block", (), "Sucuri"),
)
# What challenge pages have in them, in lower case. Cloudflare and Imperva put scripts into ordinary pages too
# (`/cdn-cgi/challenge-platform/`, `_Incapsula_Resource`): only what challenges alone have is listed.
_WALL_MARKS = (
    (b"_cf_chl_opt", "Cloudflare"),
    (b"cf-browser-verification", "Cloudflare"),
    (b"<title>just a moment", "Cloudflare"),
    (b"<title>attention required! | cloudflare", "Cloudflare"),
    (b"/.well-known/ddos-guard/", "DDoS-Guard"),
    (b"<title>ddos-guard", "DDoS-Guard"),
    (b"incapsula incident id", "Imperva"),
    (b"/__qrator/", "Qrator"),
    (b"sucuri_cloudproxy_js", "Sucuri"),
    (b"sucuri website firewall", "Sucuri"),
    (b"captcha-delivery.com", "DataDome"),
    (b"anubis_challenge", "Anubis"),
)
_CAPTCHA_MARKS = (b"captcha", b"cf-turnstile")
_CONSENT_HOST = re.compile(r"(?:consent|guce|myprivacy|cookie-?consent|gdpr)\.", re.IGNORECASE)
_CONSENT_MARKS = (
    b"consent",
    b"gdpr",
    b"before you continue",
    b"accept cookies",
    b"accept all cookies",
    b"we value your privacy",
)
_PAGE_MARKS = (b"<html", b"<!doctype html", b"<head", b"<body", b"<form")

# A page that holds nothing but a form: short, almost without links, and no article.
_SHELL_LETTERS = 1500
_SHELL_LINKS = 6


class Trouble(Exception):
    """An exchange that failed: its outcome, and one plain sentence as `str()`."""

    def __init__(
        self, outcome: Outcome, sentence: str, *, http: int | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(sentence)
        self.outcome = outcome
        self.http = http
        self.retry_after = retry_after

    def failure(self, url: str) -> Failure:
        """The same as a value, about the address that was asked for."""
        return Failure(url=url, outcome=self.outcome, reason=str(self), http=self.http, retry_after=self.retry_after)


class NoConnection(Trouble):
    """The host could not be connected to at all: other pages of it need not be tried."""

    def __init__(self, sentence: str) -> None:
        super().__init__(Outcome.UNREACHABLE, sentence)


def about(what: str, trouble: Trouble) -> Trouble:
    """The same trouble, told as that of something that was needed first; about the host itself, it is as it was."""
    if trouble.outcome in (Outcome.REFUSED, Outcome.UNREACHABLE):
        return trouble
    sentence = f"{what} can't be read: {trouble}"
    return Trouble(trouble.outcome, sentence, http=trouble.http, retry_after=trouble.retry_after)


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """An answer to be judged: who answered, and what it said."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes


def of_answer(answer: Evidence, now: datetime) -> Trouble | None:
    """Why this answer is no page, or None for a 200 that shows no sign of a wall."""
    host = _host(answer.url)
    if owner := _wall(answer):
        outcome, sentence = Outcome.BLOCKED, f"{host} answered {answer.status} with a challenge ({owner})."
    elif answer.status != 200:
        outcome, sentence = _outcome(answer.status), f"{host} answered {_named(answer.status)}."
    elif told := _consent(answer, host):
        outcome, sentence = Outcome.BLOCKED, told
    else:
        return None
    wait = retry_after(answer.headers.get("retry-after"), now)
    return Trouble(outcome, sentence, http=answer.status, retry_after=wait)


def of_redirect(asked: str, target: str) -> Trouble | None:
    """Why this redirect need not be followed: it leads away to a host that only asks for consent."""
    host = _host(target)
    if host == _host(asked) or not _CONSENT_HOST.match(host):
        return None
    return Trouble(Outcome.BLOCKED, f"The address leads to a consent page at {host}.")


def _outcome(status: int) -> Outcome:
    if status in _FORBIDDEN:
        return Outcome.FORBIDDEN
    if status in _GONE:
        return Outcome.GONE
    return Outcome.RATE_LIMITED if status == 429 else Outcome.BROKEN


def _named(status: int) -> str:
    try:
        return f"{status} ({HTTPStatus(status).phrase})"
    except ValueError:
        return f"{status}, which is no known status"


def _wall(answer: Evidence) -> str | None:
    """Whose challenge this is, or None."""
    if answer.status not in _MAY_BE_A_WALL:
        return None
    for name, values, owner in _WALL_HEADERS:
        value = answer.headers.get(name)
        if value is not None and (not values or value.lower() in values):
            return owner
    head = _page_head(answer)
    marked = next((owner for mark, owner in _WALL_MARKS if mark in head), None)
    if marked and (answer.status != 200 or _shell(head)):
        return marked
    return "a captcha" if _has(head, _CAPTCHA_MARKS) and _has(_shell(head), _CAPTCHA_MARKS) else None


def _consent(answer: Evidence, host: str) -> str | None:
    """How this page asks for consent instead of answering, or None."""
    head = _page_head(answer)
    shell = _shell(head) if _has(head, _CONSENT_MARKS) else b""
    asks = _has(shell, _CONSENT_MARKS) and _has(shell, (b"<form", b"<button"))
    return f"{host} shows a consent form instead of the page." if asks else None


def _page_head(answer: Evidence) -> bytes:
    """The beginning of an HTML page in lower case; nothing of an answer that is too long to be a wall."""
    if answer.status == 200 and len(answer.body) > EVIDENCE_BYTES:
        return b""
    head = answer.body[:EVIDENCE_BYTES].lower()
    return head if _has(head, _PAGE_MARKS) else b""


def _has(page: bytes, marks: Iterable[bytes]) -> bool:
    return any(mark in page for mark in marks)


def _shell(head: bytes) -> bytes:
    """What a page is without its scripts, if that is next to nothing; else (and if it is no page) no bytes."""
    try:
        page = html.document_fromstring(head)
    except (etree.LxmlError, ValueError):
        return b""
    etree.strip_elements(page, "script", "style", "noscript", "svg", etree.Comment, with_tail=False)
    letters = sum(len(text.strip()) for text in page.itertext())
    if page.find(".//article") is not None or letters > _SHELL_LETTERS or len(page.findall(".//a")) > _SHELL_LINKS:
        return b""
    remains: bytes = html.tostring(page)
    return remains


def retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds that a Retry-After header asks for, in both its forms, at most a day; None if unreadable."""
    if value is None:
        return None
    value = value.strip()
    if re.fullmatch(r"[0-9]{1,15}", value):
        seconds = float(value)
    else:
        try:
            moment = parsedate_to_datetime(value)
            seconds = (moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds()
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
    return min(max(seconds, 0.0), LONGEST_RETRY_AFTER.total_seconds())


def of_error(error: Exception, host: str, *, answered: bool) -> Trouble:
    """What an error of the HTTP library means; `answered`: the answer's head had arrived."""
    if isinstance(error, Trouble):
        return error
    if isinstance(error, httpcore.ConnectError | httpcore.ConnectTimeout):
        return NoConnection(_why_no_connection(error, host))
    if isinstance(error, httpcore.TimeoutException):
        return Trouble(Outcome.TIMEOUT, f"{host} fell silent.")
    if answered:
        return Trouble(Outcome.BROKEN, f"{host} broke off in the middle of its answer.")
    if is_hang_up(error):
        return Trouble(Outcome.UNREACHABLE, f"{host} closed the connection without an answer.")
    return Trouble(Outcome.BROKEN, f"{host} sent an answer that is not proper HTTP.")


def is_hang_up(error: Exception) -> bool:
    """Was the connection closed or reset before an answer was there?"""
    if isinstance(error, httpcore.RemoteProtocolError):
        # httpcore has words of its own for a hang-up, and wraps the parser's error for all else that is no HTTP.
        return isinstance(next(iter(error.args), None), str)
    return isinstance(error, httpcore.NetworkError)


def _why_no_connection(error: Exception, host: str) -> str:
    if isinstance(error, httpcore.ConnectTimeout):
        return f"{host} took no connection in time."
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"The certificate of {host} is not to be trusted: {_printable(cause.verify_message)}."
        if isinstance(cause, ssl.SSLError):
            return f"No secure connection with {host}: the TLS handshake failed."
        if isinstance(cause, ConnectionRefusedError):
            return f"{host} refused the connection."
        if isinstance(cause, ConnectionResetError):
            return f"{host} cut the connection at once."
        if isinstance(cause, OSError) and cause.errno in (errno.ENETUNREACH, errno.EHOSTUNREACH):
            return f"There is no route to {host}."
    return f"{host} took no connection."


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what lies behind it; httpcore keeps the original as the first argument."""
    waiting, seen = [error], set[int]()
    while waiting:
        one = waiting.pop(0)
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        behind = [*one.args[:1], one.__cause__, one.__context__, *getattr(one, "exceptions", ())]
        waiting += [cause for cause in behind if isinstance(cause, BaseException)]


def _host(url: str) -> str:
    return urlsplit(url).netloc.rpartition("@")[2]


def _printable(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable())[:200].rstrip(".")
