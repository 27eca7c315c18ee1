"""The commands that read: stored articles, and the extraction and topic decision alone."""

from __future__ import annotations

import json as jsons
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from articles.faults import Faults
from articles.model import Answer, Article, Refusal
from flows import settings
from flows.settings import Settings
from flows.stores import opened
from storage import ledger, views
from storage.database import Store

Json = Annotated[bool, typer.Option("--json", help="Print JSON: one object a line where there are many.")]


def register(app: typer.Typer) -> None:
    """Adds the reading commands to the command line."""
    app.command("list")(listing)
    app.command()(show)
    app.command()(extract)
    app.command()(match)
    app.command()(rematch)


def listing(
    since: Annotated[str | None, typer.Option(metavar="ISO", help="First seen at this moment or later.")] = None,
    source: Annotated[str | None, typer.Option(metavar="SLUG", help="Seen at this source.")] = None,
    on_topic: Annotated[bool, typer.Option("--on-topic", help="Only Palestine–Kazakhstan items.")] = False,
    skipped: Annotated[
        bool, typer.Option("--skipped", help="Instead, what front pages listed and brought no document, and why.")
    ] = False,
    json: Json = False,
) -> None:
    """The stored articles, newest first; or what was left out."""
    if skipped and on_topic:
        raise Faults(["--skipped: goes with --source and --since, not with --on-topic; leave one of them out"])
    moment = _moment(since) if since else None
    known = settings.load()
    with opened(known) as store:
        if source:
            _check_source(store, known, source)
        if skipped:
            for link in ledger.skipped(store, since=moment, source=source):
                print(jsons.dumps(link, ensure_ascii=False) if json else _left_out(link))
            return
        for article in views.listing(store, since=moment, source=source, on_topic=on_topic):
            print(jsons.dumps(article, ensure_ascii=False) if json else _line(article))


def show(
    wanted: Annotated[str, typer.Argument(metavar="ID_OR_NAME_OR_URL")],
    diff: Annotated[bool, typer.Option("--diff", help="What each edit changed, instead of the article.")] = False,
    json: Json = False,
) -> None:
    """One article with its text, evidence, sightings and versions; or what was changed in it, and when."""
    with opened(settings.load()) as store, store.read() as connection:
        article_id = views.find(connection, wanted)
        article = None if article_id is None else views.whole(connection, article_id)
        texts = [] if article_id is None else views.history(connection, article_id)
    if article is None:
        print(f"rasid: no article has the id, name or address {wanted}", file=sys.stderr)
        raise typer.Exit(1)
    if diff:
        from flows import differences

        differences.show(texts, as_json=json)
    else:
        print(jsons.dumps(article, ensure_ascii=False) if json else _whole(article))


def extract(
    file: Annotated[Path, typer.Argument(help="The saved page.")],
    url: Annotated[str, typer.Option(help="The address it was saved from.")],
    source: Annotated[str | None, typer.Option(metavar="SLUG", help="Use this source's rules and zone.")] = None,
    json: Json = False,
) -> None:
    """The extraction alone, of a saved page."""
    from extractors import article as extraction
    from flows import orders

    known = settings.load()
    rules = orders.order(known, [source]).wanted[0] if source else None
    try:
        body = file.read_bytes()
    except OSError as error:
        print(f"rasid: {file} can't be read: {error.strerror}", file=sys.stderr)
        raise typer.Exit(2) from None
    now = datetime.now(UTC)
    answer = Answer(asked=url, url=url, status=200, content_type="text/html", body=body, fetched_at=now)
    found = extraction.extract(answer, rules, now)
    shown = _refused(found) if isinstance(found, Refusal) else _extracted(found)
    print(jsons.dumps(shown, ensure_ascii=False) if json else _fields(shown))
    raise typer.Exit(1 if shown["refused"] else 0)


def match(
    file: Annotated[Path | None, typer.Argument(help="Default: standard input.")] = None,
    json: Json = False,
) -> None:
    """The topic decision alone: of one text, or with --json of JSON lines {"id","title","text","language"}."""
    from flows import matching

    raise typer.Exit(matching.match(settings.load(), file, as_json=json))


def rematch(
    apply: Annotated[bool, typer.Option("--apply", help="Write what changes; without it, it is only shown.")] = False,
    json: Json = False,
) -> None:
    """Judge the stored articles again after a change of topic.toml."""
    from flows import rematching

    rematching.rematch(settings.load(), apply=apply, as_json=json)


def _moment(since: str) -> datetime:
    try:
        moment = datetime.fromisoformat(since)
    except ValueError:
        fault = f"--since {since}: is no ISO 8601 date or time; write one like 2026-11-21 or 2026-11-21T08:00Z"
        raise Faults([fault]) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _check_source(store: Store, known: Settings, name: str) -> None:
    with store.read() as connection:
        if views.has_source(connection, name):
            return
    from flows import orders

    orders.order(known, [name])


def _left_out(link: dict[str, Any]) -> str:
    about = f" (article {link['article']})" if link["article"] else ""
    what = f"{link['detail'] or link['title'] or ''}"
    return f"{link['found_at'][:10]}  {link['reason']:<10}  {link['source']}: {link['url']}{about} {what}".rstrip()


def _line(article: dict[str, Any]) -> str:
    date = (article["published_at"] or article["first_seen_at"])[:10]
    mark = article["class"] if article["on_topic"] else "-"
    what = article["title"] or article["url"] or ""
    return f"{article['id']:>6}  {date}  {mark}  {article['name'] or '':<24}  {article['source'] or '?'}: {what}"


def _whole(article: dict[str, Any]) -> str:
    simple = {key: value for key, value in article.items() if not isinstance(value, list) and key != "text"}
    blocks = [_fields(simple)]
    for key in ("evidence", "sightings", "versions"):
        blocks.append("\n".join([f"{key}:", *(f"  {_inline(row)}" for row in article[key])]))
    return "\n\n".join([*blocks, f"steps: {', '.join(article['steps'])}", article["text"]])


def _inline(row: dict[str, Any]) -> str:
    return "  ".join(f"{key}={value}" for key, value in row.items())


def _fields(fields: dict[str, Any]) -> str:
    return "\n".join(f"{key}: {'' if value is None else value}" for key, value in fields.items())


def _extracted(article: Article) -> dict[str, Any]:
    stamp = article.published
    return {
        "title": article.title,
        "text": article.text,
        "author": article.author,
        "language": article.language,
        "published_at": stamp.at.isoformat() if stamp else None,
        "published_precision": stamp.precision if stamp else None,
        "steps": list(article.steps),
        "refused": None,
    }


def _refused(refusal: Refusal) -> dict[str, Any]:
    nothing = dict.fromkeys(("title", "text", "author", "language", "published_at", "published_precision"))
    return {**nothing, "steps": [], "refused": refusal.reason}
