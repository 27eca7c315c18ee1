"""The taggers that Rasid runs itself: taggers.toml becomes `Tagger` values, or one line for each of its faults."""

from __future__ import annotations

import difflib
import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from articles import spans
from articles.faults import Faults, Table, parse, shown
from articles.text import one_line

__all__ = ["PLACEHOLDERS", "Command", "Endpoint", "Faults", "Tagger", "is_name", "load"]

Read = Callable[[str], str]
"""The text of a file that the settings name; raises OSError or ValueError. Nothing here opens files."""

PLACEHOLDERS = ("title", "text", "language", "published_at", "source")
"""What a prompt may name in braces: `{title}`."""

LONGEST = timedelta(days=1)
"""Of a lease and of a timeout: a tagger that needs more for a batch wants smaller batches."""

_COMMON = ("name", "version", "batch", "lease", "timeout")
_COMMAND = ("command",)
_ENDPOINT = ("url", "model", "prompt", "schema", "requests_a_minute", "budget", "retries", "allow_http")
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_LONGEST_NAME = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Command:
    """A program that reads JSON lines of documents and writes JSON lines of tags."""

    words: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Endpoint:
    """A model behind an OpenAI-compatible address."""

    url: str
    """Without the `/chat/completions` at its end."""
    model: str
    prompt: str
    """The text of the prompt's file."""
    stances: tuple[str, ...]
    """What it may answer."""
    requests_a_minute: int = 60
    budget: int = 1000
    """Requests in a run."""
    retries: int = 3
    """Of one request, where the server is busy, broken or away."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Tagger:
    """A tagger that Rasid runs."""

    name: str
    version: str | None = None
    """Of another version, all documents are tagged again; without, a tag of any version settles one."""
    batch: int = 20
    lease: timedelta = timedelta(minutes=15)
    """How long a batch is claimed; it is given back when that is over."""
    timeout: timedelta = timedelta(minutes=5)
    """What a command may take for a batch, an endpoint for a request."""
    way: Command | Endpoint


def load(text: str, *, file: str, read: Read) -> tuple[Tagger, ...]:
    """The taggers of a file, in its order. Raises `Faults`, with all of them at once."""
    top = parse(text, file=file)
    top.only(["tagger"])
    taggers = [_tagger(_block(top, block, n), read) for n, block in enumerate(top.tables("tagger"), 1)]
    seen: set[str] = set()
    for tagger in taggers:
        if tagger.name in seen:
            top.fault("tagger", f"{shown(tagger.name)} stands twice", "give each a name of its own")
        if tagger.name:
            seen.add(tagger.name)
    if top.faults:
        raise Faults(top.faults)
    return tuple(taggers)


def is_name(name: str) -> bool:
    """Whether a tagger can be called that: one plain line without spaces around it."""
    return bool(name) and len(name) <= _LONGEST_NAME and name == one_line(name) and name.isprintable()


def _block(top: Table, values: dict[str, object], position: int) -> Table:
    name = values.get("name")
    called = shown(name) if isinstance(name, str) and name.strip() else f"#{position}"
    return Table(values, f"{top.place}: tagger {called}", top.faults)


def _tagger(block: Table, read: Read) -> Tagger:
    way = _command(block) if "command" in block.values else _endpoint(block, read)
    lease = _span(block, "lease", "15m")
    timeout = _span(block, "timeout", "5m" if isinstance(way, Command) else "1m")
    if timeout > lease:
        mend = f'write lease = "{spans.written(timeout)}" or more, or a shorter timeout'
        block.fault("lease", "ends before the timeout does", mend)
    return Tagger(
        name=_line(block, "name", 'write name = "stance-model"') or "",
        version=_line(block, "version", None),
        batch=_whole(block, "batch", 20, 1, 1000),
        lease=lease,
        timeout=timeout,
        way=way,
    )


def _command(block: Table) -> Command:
    if "url" in block.values:
        block.fault("command, url", "both are given", "keep the one that is to tag")
    block.only((*_COMMON, *_COMMAND, *(_ENDPOINT if "url" in block.values else ())))
    words = block.texts("command")
    if block.values["command"] == [] or (words and not words[0].strip()):
        block.fault("command", "names no program", 'write command = ["python", "tagger.py"]')
    if any("\0" in word for word in words):
        block.fault("command", "holds a NUL", 'write command = ["python", "tagger.py"]')
    return Command(words=words)


def _endpoint(block: Table, read: Read) -> Endpoint:
    if "url" not in block.values:
        block.fault("command, url", "neither is given", 'write command = ["…"], or url, model, prompt and schema')
    block.only((*_COMMON, *_COMMAND, *_ENDPOINT))
    given = "url" in block.values
    return Endpoint(
        url=_url(block) if given else "",
        model=_line(block, "model", 'write model = "its-name"' if given else None) or "",
        prompt=_prompt(block, read) if given else "",
        stances=_stances(block) if given else (),
        requests_a_minute=_whole(block, "requests_a_minute", 60, 1, 100_000),
        budget=_whole(block, "budget", 1000, 1, 1_000_000),
        retries=_whole(block, "retries", 3, 0, 10),
    )


def _line(block: Table, key: str, missing: str | None) -> str | None:
    """A short text on one line; where it is missing and `missing` says how to mend that, a fault."""
    value = block.text(key)
    if value is not None and not is_name(value):
        block.fault(key, f"{shown(value)} is no plain name", "write up to 200 letters on one line")
    if key not in block.values and missing:
        block.fault(key, "missing", missing)
    return value


def _whole(block: Table, key: str, default: int, lowest: int, highest: int) -> int:
    value = block.number(key, default, lowest, highest)
    if value != int(value):
        block.fault(key, f"{value:g} is no whole number", f"write {key} = {default}")
    return int(value)


def _span(block: Table, key: str, default: str) -> timedelta:
    value = block.values.get(key, default)
    span = spans.read(value) if isinstance(value, str) else None
    if span is None or not timedelta(0) < span <= LONGEST:
        mend = f'write a whole number and s, m, h or d, like {key} = "{default}", a day at most'
        block.fault(key, f"{shown(value)} is no span of time", mend)
        span = spans.read(default)
    assert span is not None, "a default is a span"
    return span


def _url(block: Table) -> str:
    url = block.text("url") or ""
    allow_http = block.flag("allow_http", False)
    mend = "write one like https://models.example.org/v1 or http://127.0.0.1:8080/v1"
    if not url:
        return url
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        block.fault("url", f"{shown(url)} is no address", mend)
        return url
    plain = url.isascii() and url.isprintable() and " " not in url
    if parts.scheme not in ("http", "https") or not host or not plain:
        block.fault("url", f"{shown(url)} is no http(s) address", mend)
    elif "@" in parts.netloc or parts.query or parts.fragment:
        wrong = "holds a user, a query or a fragment"  # not repeated: a password may stand in it
        block.fault("url", wrong, f"{mend}; a key is set in RASID_TAGGER_KEY")
    elif parts.scheme == "http" and not _is_loopback(host) and not allow_http:
        wrong = f"{shown(url)} would carry texts and key over the network for all to read"
        block.fault("url", wrong, "write https://, or allow_http = true where that network is yours")
    return url.rstrip("/")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _stances(block: Table) -> tuple[str, ...]:
    mend = 'write schema = ["supportive", "neutral", "critical"]'
    stances = block.texts("schema")
    if "schema" not in block.values or block.values["schema"] == []:
        block.fault("schema", "no stance is allowed", mend)
    for stance in stances:
        if not is_name(stance):
            block.fault("schema", f"{shown(stance)} is no label", mend)
    if len(set(stances)) < len(stances):
        block.fault("schema", "a label stands twice", mend)
    return stances


def _prompt(block: Table, read: Read) -> str:
    name = block.text("prompt")
    if name is None:
        if "prompt" not in block.values:
            block.fault("prompt", "missing", 'write prompt = "prompt.txt", a file beside this one')
        return ""
    try:
        prompt = read(name)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "it is no UTF-8 text"
        block.fault("prompt", f"{shown(name)} can't be read ({why})", "name a file beside this one")
        return ""
    if "{text}" not in prompt:
        block.fault("prompt", f"{shown(name)} does not hold {{text}}", "write {text} where the document's is to stand")
    for word in sorted(set(_PLACEHOLDER.findall(prompt)) - set(PLACEHOLDERS)):
        near = difflib.get_close_matches(word, PLACEHOLDERS, 1)
        mend = f"did you mean {{{near[0]}}}?" if near else f"known are {', '.join(f'{{{p}}}' for p in PLACEHOLDERS)}"
        block.fault("prompt", f"{shown(name)} holds an unknown {{{word}}}", mend)
    return prompt
