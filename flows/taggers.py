"""The taggers that are configured, and how far behind tagging is."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from datetime import datetime

from articles import taggers
from articles.faults import Faults
from articles.taggers import Tagger
from flows.settings import Settings
from storage import tags
from storage.database import Store
from storage.tags import Backlog


def configured(known: Settings, only: Sequence[str] = ()) -> tuple[Tagger, ...]:
    """The taggers of taggers.toml, or those of them that are named; no file, no taggers.

    Raises:
        Faults: the file can't be used, or it has none of that name.
    """
    found = _load(known)
    names = [tagger.name for tagger in found]
    faults = []
    for name in only:
        if name not in names:
            near = difflib.get_close_matches(name, names, 1)
            known_ones = f"did you mean {near[0]}?" if near else f"known are {', '.join(names) or 'none'}"
            faults.append(f"--tagger {name}: no such tagger in {known.taggers.name}; {known_ones}")
    if faults:
        raise Faults(faults)
    return tuple(tagger for tagger in found if not only or tagger.name in only)


def backlog(known: Settings, store: Store, now: datetime) -> Backlog:
    """How far behind tagging is; stale, by `known.tagging_max_age`, is for the caller to ask.

    Raises:
        Faults: taggers.toml can't be used.
    """
    versions = {tagger.name: tagger.version for tagger in configured(known)}
    with store.read() as connection:
        return tags.backlog(connection, now, versions)


def _load(known: Settings) -> tuple[Tagger, ...]:
    file = known.taggers
    try:
        text = file.read_text("utf-8-sig")
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is no UTF-8 text"
        raise Faults([f"{file}: can't be read ({why}); mend that, or set RASID_TAGGERS"]) from error
    return taggers.load(text, file=file.name, read=lambda name: (file.parent / name).read_text("utf-8-sig"))
