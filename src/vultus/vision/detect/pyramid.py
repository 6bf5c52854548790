"""The sizes in which a network with a small window sees an image."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from vultus.domain.image import Rgb
from vultus.vision.halvings import Halvings

MARGIN_PX = 4
"""Around each level: with it, a level of half a window still holds a window."""

OVERFILL = 2.0
"""Largest window of the pyramid, in shorter sides of the image."""

STRIP_PIXELS = 1 << 17
"""Large levels are seen in strips, so that memory stays bounded."""


@dataclass(frozen=True, slots=True)
class Window:
    """What slides over the pyramid: a square, and the step from one place to the next."""

    side_px: int
    stride_px: int


@dataclass(frozen=True, slots=True, eq=False)
class Strip:
    """A part of a level, over its whole width.

    `rgb` is (h, w, 3) uint8. Pixel (x, y) of it lies at ((x, y) + `shift`) * `ratio` of the image.
    """

    rgb: Rgb
    level: int
    shift: tuple[int, int]
    ratio: tuple[float, float]


def strips(
    rgb: Rgb, sizes: Halvings, window: Window, min_face_px: float, factor: float, outside: int
) -> Iterator[Strip]:
    """Show `rgb`, whose halvings are `sizes`, so that faces of every size fill the window once.

    The first level makes faces of `min_face_px` as large as the window; each further one is
    `factor` times as large as the one before, and the last makes the window `OVERFILL` times the
    image's shorter side. Around each is a margin of the value `outside`.
    """
    height, width = rgb.shape[:2]
    face_px, level = min_face_px, 0
    while face_px <= OVERFILL * min(height, width):
        scale = window.side_px / face_px
        inner = max(round(height * scale), 1), max(round(width * scale), 1)
        canvas = _with_margin(sizes, inner, outside)
        for top, part in _cut(canvas, window):
            shift = -MARGIN_PX, top - MARGIN_PX
            yield Strip(part, level, shift, (width / inner[1], height / inner[0]))
        face_px, level = face_px / factor, level + 1


def _with_margin(sizes: Halvings, inner: tuple[int, int], outside: int) -> Rgb:
    canvas = np.full((inner[0] + 2 * MARGIN_PX, inner[1] + 2 * MARGIN_PX, 3), outside, np.uint8)
    sizes.resize_into(canvas[MARGIN_PX:-MARGIN_PX, MARGIN_PX:-MARGIN_PX])
    return canvas


def _cut(canvas: Rgb, window: Window) -> Iterator[tuple[int, Rgb]]:
    """Cut into strips of which each place of the window lies in exactly one."""
    height, width = canvas.shape[:2]
    places = max(STRIP_PIXELS // width // window.stride_px, 1)
    step = places * window.stride_px
    for top in range(0, height - window.side_px + 1, step):
        yield top, canvas[top : top + step + window.side_px - window.stride_px]
