"""Makes the pictures of the dashboard in docs/pictures/ anew: `python -m docs.screens`. It needs Chromium.

`rasid serve` runs over the built-in newsroom, and a headless browser looks at the pages that docs/operations.md names.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from pathlib import Path

from PIL import Image

from flows import artifacts
from tests import browser, serving
from tests.serving import Serving

PICTURES = Path(__file__).parent / "pictures"
COLOURS = 64
SIZE = (1280, 860)

_TO_ARABIC = "document.querySelector('div[dir=rtl]')?.scrollIntoView()"
"""Where there is some, it is what is to be seen: set from right to left."""


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as name,
        serving.installation(folder := Path(name)) as running,
        browser.page(folder / "browser") as page,
    ):
        running.start()
        serving.until(lambda: running.runs("ingest", "Completed"), 180)
        page.size(*SIZE)
        for picture, path, words in pages(running):
            page.open(f"{running.dashboard}{path}", *words)
            page.evaluate(_TO_ARABIC)
            page.settle()
            _keep(page.picture(), PICTURES / f"{picture}.png")


def pages(running: Serving) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """The pages to draw: the picture's name, the path, and words to wait for."""
    run = running.runs("ingest", "Completed")[-1]
    mine = {"flow_runs": {"id": {"any_": [run["id"]]}}}
    ids = {one["key"]: one["id"] for one in running.ask("/artifacts/filter", mine)}
    yield "dashboard", "/dashboard", ("Flow Runs", "Task Runs")
    yield "dashboard-run", f"/runs/flow-run/{run['id']}", (run["name"], "source waha")
    yield "dashboard-sources", f"/artifacts/artifact/{ids[artifacts.SOURCES]}", ("waha",)
    yield "dashboard-new-documents", f"/artifacts/artifact/{ids[artifacts.NEWS]}", ("new document",)
    yield "dashboard-deployments", "/deployments", ("ingest", "notice")


def _keep(shot: bytes, file: Path) -> None:
    Image.open(io.BytesIO(shot)).convert("RGB").quantize(COLOURS).save(file, "PNG", optimize=True)
    print(f"{file.name}: {file.stat().st_size / 1024:.0f} KB")


if __name__ == "__main__":
    main()
