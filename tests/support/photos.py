"""Photos as pixels, and what a photographer could have done to them."""

from pathlib import Path

import cv2
import numpy as np
from PIL import Image as pillow

from vultus.domain.face import Box
from vultus.domain.image import Rgb

GREY = 127


def read(path: Path) -> Rgb:
    """The pixels of a photo."""
    with pillow.open(path) as picture:
        return np.asarray(picture.convert("RGB"))


def shown_with(rgb: Rgb, left: int = 0, top: int = 0, right: int = 0, bottom: int = 0) -> Rgb:
    """A photo with grey around it, in pixels of each side."""
    edges = top, bottom, left, right
    return cv2.copyMakeBorder(rgb, *edges, cv2.BORDER_CONSTANT, value=(GREY, GREY, GREY))


def resized(rgb: Rgb, factor: float) -> Rgb:
    """A photo `factor` times as large."""
    return cv2.resize(rgb, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)


def around(rgb: Rgb, box: Box, share: float) -> tuple[Rgb, tuple[int, int]]:
    """What a box of `share` times the size shows, and where its upper left corner was."""
    x, y = (box.x1 + box.x2) / 2, (box.y1 + box.y2) / 2
    width, height = box.width * share / 2, box.height * share / 2
    left, top = max(round(x - width), 0), max(round(y - height), 0)
    part = rgb[top : round(y + height), left : round(x + width)]
    return np.ascontiguousarray(part), (left, top)


def side_by_side(rgb: Rgb, columns: int, rows: int) -> Rgb:
    """The same photo again and again."""
    return np.tile(rgb, (rows, columns, 1))
