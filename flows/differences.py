"""`rasid show --diff`: what each edit of an article changed, paragraph by paragraph."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from itertools import pairwise

from articles import revision
from articles.revision import Change, Telling
from storage.views import Text

_SIGNS = {"added": "+", "removed": "-", "changed": "~"}


def show(texts: Sequence[Text], *, as_json: bool) -> None:
    """Prints the edits, the oldest first: a JSON object a line, or in words with [-old-] and {+new+}."""
    for old, new in pairwise(texts):
        changes = revision.diff(_telling(old), _telling(new))
        print(_json(new, changes) if as_json else _words(old, new, changes))
    if len(texts) < 2 and not as_json:
        print("It has not changed since it was first seen.")


def _telling(text: Text) -> Telling:
    return Telling(title=text.title, text=text.text)


def _json(new: Text, changes: Sequence[Change]) -> str:
    said = {
        "version": new.version,
        "reason": new.reason,
        "seen_at": new.seen_at.isoformat(),
        "changes": [asdict(change) for change in changes],
    }
    return json.dumps(said, ensure_ascii=False)


def _words(old: Text, new: Text, changes: Sequence[Change]) -> str:
    head = f"version {old.version} to {new.version}, {new.reason}, seen {new.seen_at:%Y-%m-%d %H:%M} UTC"
    lines = [f"  {_SIGNS[change.kind]} {_place(change)}{_said(change)}" for change in changes]
    return "\n".join([head, *(lines or ["  nothing that a reader would notice"])])


def _place(change: Change) -> str:
    return "title: " if change.where == "title" else ""


def _said(change: Change) -> str:
    """A changed paragraph with its marks; of one that came or went, the words alone."""
    return change.marked() if change.kind == "changed" else " ".join(span.text for span in change.spans)
