"""Makes docs/pictures/ anew: mails of own-written articles, drawn by a headless Chromium. `python -m docs.pictures`"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

from PIL import Image, ImageChops

from articles import topic
from articles.model import Stamp
from articles.revision import Telling
from demo.sites import read_sites
from demo.stories import Story
from flows import bulletin, letters, previews, settings
from flows.bulletin import Bulletin, Usual
from flows.letters import Envelope
from storage.periods import ADOPTED, Document, Health, Revised
from storage.summaries import Item, Place
from storage.tags import Status

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
NAMES = {
    "waha": "وكالة واحة الإخبارية",
    "bawaba": "بوابة المدينة",
    "qala": "Qala",
    "dala": "Дала",
    "steppe-times": "The Steppe Times",
}
WIDTHS = (420, 760)
COLOURS = 160

PICTURES = Path(__file__).parent / "pictures"
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--force-device-scale-factor=1",
)


def main() -> None:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("Chromium is not installed (apt-get install chromium)")
    PICTURES.mkdir(exist_ok=True)
    for name, message in mails():
        for width in WIDTHS:
            _draw(chromium, previews.page(message), width, PICTURES / f"{name}-{width}.png")


def mails() -> Iterator[tuple[str, EmailMessage]]:
    """The mails to draw, by the names of their pictures."""
    items = _items()
    arabic = next(item for item in items if item.source == "waha")
    russian = next(item for item in items if item.language == "ru")
    envelope = _envelope()
    yield "story-arabic", letters.story(envelope, replace(arabic, reports=(_place(russian),)))
    yield "revision-russian", letters.revision(envelope, _revised(russian))
    yield "digest-mixed", letters.digest(envelope, _bulletin(items))


def _draw(chromium: str, html: str, width: int, file: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source, shot = Path(folder) / "mail.html", Path(folder) / "shot.png"
        source.write_text(html, "utf-8")
        size = f"--window-size={max(width, 500)},2400"
        if width < 500:  # Chromium's window has a least width; a frame has none
            frame = Path(folder) / "frame.html"
            frame.write_text(
                f'<body style="margin:0;background:#eef1f4"><iframe src="mail.html" width="{width}" height="2400" '
                'style="border:0"></iframe>',
                "utf-8",
            )
            source = frame
        command = [
            chromium,
            *_FLAGS,
            f"--user-data-dir={folder}/profile",
            size,
            f"--screenshot={shot}",
            source.as_uri(),
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        image = Image.open(shot).convert("RGB").crop((0, 0, width, 2400))
        paper = Image.new("RGB", image.size, image.getpixel((1, 2399)))
        box = ImageChops.difference(image, paper).getbbox() or (0, 0, width, 100)
        image.crop((0, 0, width, box[3] + 12)).quantize(COLOURS).save(file, "PNG", optimize=True)
    print(f"{file.name}: {file.stat().st_size / 1024:.0f} KB")


def _envelope() -> Envelope:
    return Envelope(
        sender="rasid@example.org",
        to="desk@example.org",
        message_id="0123456789abcdef0123456789abcdef",
        date=NOW,
        why="desk@example.org stands in RASID_MAIL_TO, which is told of everything.",
        stop="Have your address taken out of RASID_MAIL_TO and recipients.toml: whoever runs this watch reads "
        "rasid@example.org.",
        names=NAMES,
    )


def _items() -> list[Item]:
    """The newsroom's articles on topic, judged as a pass judges them."""
    watched = topic.load((settings.ROOT / "topic.toml").read_text("utf-8"), file="topic.toml")
    stories = [(site.name, story) for site in read_sites(settings.ROOT / "corpus", NOW) for story in site.stories]
    own = [(name, story) for name, story in stories if story.reprint_of is None]
    judged = [_item(watched, number, name, story) for number, (name, story) in enumerate(own, 1)]
    return [item for item in judged if item.name]


def _item(watched: topic.Topic, number: int, source: str, story: Story) -> Item:
    text = "\n".join(story.paragraphs)
    verdict = topic.judge(watched, title=story.title, text=text, language=story.language)
    return Item(
        id=number,
        version=1,
        name=f"{number:03}_{number * 0x9E3779B97F4A7C15 % 2**64:016x}.txt" if verdict.on_topic else None,
        now=Telling(title=story.title, text=text),
        before=None,
        language=story.language,
        url=f"https://{source}.example{story.path}",
        source=source,
        kind=verdict.kind,
        review=verdict.review,
        evidence=verdict.evidence,
        published=Stamp(at=story.published, precision=story.precision, evidence=""),
        first_seen_at=NOW,
        story=number,
    )


def _place(item: Item) -> Place:
    return Place(source=item.source, url=item.url, title=item.now.title, language=item.language, seen_at=NOW)


def _revised(item: Item) -> Item:
    """An article after an edit of its first line."""
    lines = item.now.text.split("\n")
    words = lines[0].split()
    edited = " ".join([*words[:3], "в четверг", *words[4:]])
    return replace(item, version=2, before=item.now, now=replace(item.now, text="\n".join([edited, *lines[1:-1]])))


def _document(item: Item, origin: str = "news") -> Document:
    return Document(
        id=item.id,
        name=item.name,
        title=item.now.title,
        begins=item.now.text[:300],
        language=item.language,
        url=item.url,
        source=item.source,
        sources=frozenset({item.source or ""}),
        kind=item.kind,
        review=item.language == "en",
        evidence=item.evidence,
        published=item.published,
        became_at=NOW - timedelta(hours=item.id),
        story=item.id,
        origin=origin,
    )


def _bulletin(items: list[Item]) -> Bulletin:
    documents = [_document(item) for item in items]
    begin, end = NOW - timedelta(days=1), NOW
    days = tuple((date(2026, 10, 24) + timedelta(days=n), n * n % 5 if n % 6 else 0) for n in range(28))
    return Bulletin(
        begin=begin,
        end=end,
        first=False,
        stories=tuple(bulletin.Story(beginning=one, reports=()) for one in documents[:4]),
        later=(bulletin.Story(beginning=documents[4], reports=(documents[5],)),),
        by_rule=(),
        adopted=(replace(documents[-1], origin=ADOPTED, title=None),),
        baseline=(),
        revised=(Revised(document=documents[6], version=3, changes=2),),
        gone=(),
        failing=(_health("dala", outcome="timeout", failures=7, error="The whole exchange took more than 30 s."),),
        quiet=(_health("bawaba", brought=64),),
        idle_since=None,
        taggers=(_status(),),
        read=312,
        sources=8,
        usual=Usual(days=(*days, (date(2026, 11, 21), 5)), now=1, mean=1.9),
    )


def _health(source: str, outcome: str = "ok", failures: int = 0, error: str | None = None, brought: int = 0) -> Health:
    return Health(
        source=source,
        outcome=outcome,
        error=error,
        failures=failures,
        tried_at=NOW,
        succeeded_at=NOW - timedelta(hours=14),
        brought=brought,
        first_at=NOW - timedelta(days=28),
        last_at=NOW - timedelta(days=4, hours=3),
    )


def _status() -> Status:
    return Status(
        tagger="stance-model",
        documents=128,
        tagged=121,
        waiting=7,
        claimed=0,
        oldest_waiting_since=NOW - timedelta(hours=9),
        p50_seconds=600.0,
        p95_seconds=4000.0,
    )


if __name__ == "__main__":
    main()
