"""The digest's chart: documents a day as small bars, the digest's own days in a stronger colour."""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 1120, 220
"""Pixels; shown at half of that, so that it is sharp on a phone."""

_PAPER, _BAR, _NOW, _LINE, _INK = "#ffffff", "#b6c2cf", "#0f766e", "#b45309", "#57606a"
_FOOT = 34
_HEAD = 34


def bars(counts: Sequence[int], *, now: int, usual: float | None, begin: str, end: str) -> bytes:
    """A PNG of `counts`, oldest first, the last `now` of them marked, with a line at `usual` a day.

    `begin` and `end` name the first and the last day; ASCII alone, the built-in font has no more.
    """
    image = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(22)
    top = max(*counts, usual or 0, 1)
    step = WIDTH / max(len(counts), 1)
    floor = HEIGHT - _FOOT

    def level(count: float) -> float:
        return floor - count / top * (floor - _HEAD)

    for n, count in enumerate(counts):
        colour = _NOW if n >= len(counts) - now else _BAR
        left, right = n * step + step * 0.15, (n + 1) * step - step * 0.15
        draw.rectangle((left, min(level(count), floor - 3), right, floor), fill=colour)
        if count:
            draw.text(((left + right) / 2, level(count) - 4), str(count), font=font, fill=_INK, anchor="mb")
    if usual is not None:
        draw.line((0, level(usual), WIDTH, level(usual)), fill=_LINE, width=2)
    draw.text((2, HEIGHT - 4), begin, font=font, fill=_INK, anchor="lb")
    draw.text((WIDTH - 2, HEIGHT - 4), end, font=font, fill=_INK, anchor="rb")
    return _png(image)


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.quantize(16).save(out, "PNG", optimize=True)
    return out.getvalue()
