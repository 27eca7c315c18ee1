"""What a model is asked, and whether its answer is one."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from articles.taggers import PLACEHOLDERS, Endpoint
from articles.text import one_line
from flows import tagging
from storage.tags import Tag, Task

TEXT = 12_000
"""Letters of a document that a model is given: some two thousand words, all of nearly every news item."""

UNKNOWN = "unknown"
"""Stands for what is not known of a document."""

LARGEST = 1_000_000
"""Bytes of an answer: a stance and its reason take a few hundred."""

_SHOWN = 80  # letters of an answer repeated in a reason
_PLACEHOLDER = re.compile("{(" + "|".join(PLACEHOLDERS) + ")}")
_RULE = re.compile(r"^---[ \t]*$\n?", re.MULTILINE)


class Unusable(Exception):
    """An answer that is no tag."""


def messages(way: Endpoint, task: Task, complaint: str | None, *, spell_out: bool) -> list[dict[str, str]]:
    """The prompt, filled in: above its line `---` for the system, below for the user; without, all for the user.

    `complaint` says why the last answer could not be used; `spell_out` adds the schema in words.
    """
    given = {name: str(getattr(task, name) or UNKNOWN) for name in PLACEHOLDERS}
    given["text"] = task.text[:TEXT]
    # In one go: what a document says is never taken for a placeholder.
    parts = [
        _PLACEHOLDER.sub(lambda found: given[found[1]], part).strip() for part in _RULE.split(way.prompt, maxsplit=1)
    ]
    user = parts[-1]
    if spell_out:
        form = json.dumps(schema(way.stances), ensure_ascii=False)
        user += f"\n\nAnswer with one JSON object of this schema:\n{form}"
    if complaint:
        user += f"\n\nYour last answer could not be used. {complaint} Answer with one JSON object and nothing else."
    system = [{"role": "system", "content": parts[0]}] if len(parts) > 1 and parts[0] else []
    return [*system, {"role": "user", "content": user}]


def schema(stances: Sequence[str]) -> dict[str, Any]:
    """The JSON schema of an answer. All keys are required: strict servers want it so, and null says "none"."""
    properties = {
        "stance": {"type": "string", "enum": list(stances)},
        "confidence": {"type": ["number", "null"], "description": "from 0 to 1"},
        "target": {"type": ["string", "null"], "description": "whom or what the stance is towards"},
        "rationale": {"type": ["string", "null"], "description": "one sentence"},
    }
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def response_format(stances: Sequence[str]) -> dict[str, Any]:
    """The schema as an endpoint is told it."""
    return {"type": "json_schema", "json_schema": {"name": "stance", "strict": True, "schema": schema(stances)}}


def tag(body: bytes, task: Task, stances: Sequence[str], version: str | None) -> Tag:
    """The tag that an answer's body holds.

    Raises:
        Unusable: it holds none; says why in one plain sentence.
    """
    said = _object(_content(body), "The answer")
    if said.get("stance") not in stances:
        raise Unusable(f"stance is {_shown(said.get('stance'))} and must be one of {', '.join(stances)}.")
    confidence = said.get("confidence")
    if confidence is not None and not (isinstance(confidence, int | float) and 0 <= confidence <= 1):
        raise Unusable(f"confidence is {_shown(confidence)} and must be a number from 0 to 1, or null.")
    known = {key: said.get(key) for key in ("stance", "confidence", "target", "rationale")}
    found = tagging.tag_of({"id": task.id, "content_hash": task.content_hash, "tagger_version": version or "", **known})
    if isinstance(found, str):
        raise Unusable(f"{found}.")
    return found


def _content(body: bytes) -> str:
    """What the model says, out of the answer that the server makes of it."""
    if len(body) > LARGEST:
        raise Unusable(f"The server's answer is larger than {LARGEST // 1_000_000} MB.")
    answer = _object(body, "The server's answer")
    try:
        message = answer["choices"][0]["message"]
        refusal, content = message.get("refusal"), message.get("content")
    except (KeyError, IndexError, TypeError, AttributeError):
        raise Unusable("The server's answer holds no choice.") from None
    if refusal:
        raise Unusable(f"The model refuses: {_shown(refusal)}.")
    if not isinstance(content, str) or not content.strip():
        raise Unusable("The answer is empty.")
    return content


def _object(text: str | bytes, what: str) -> dict[str, Any]:
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        raise Unusable(f"{what} is no JSON: {_shown(text)}.") from None
    if not isinstance(said, dict):
        raise Unusable(f"{what} is no JSON object.")
    return said


def _shown(value: object) -> str:
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    plain = one_line(text[: 2 * _SHOWN])
    return repr(plain if len(plain) <= _SHOWN else f"{plain[:_SHOWN]}…")
