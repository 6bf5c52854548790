"""Small pictures of the faces that a report speaks of."""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

import cv2
import numpy as np
from PIL import Image as pillow

from vultus.domain.face import Box
from vultus.domain.image import Image, Rgb
from vultus.errors import VultusError
from vultus.usecases.recognizer import Recognizer

SIDE_PX = 128
MARGIN = 0.45
"""Kept around a face on each side, as a share of its longer side: enough to know a person by."""
JPEG_QUALITY = 80


@dataclass(frozen=True, slots=True)
class Pictures:
    """Cuts the main face out of an image; takes the whole image where it shows none."""

    recognizer: Recognizer
    read: Callable[[str], bytes]

    def of(self, digest: str) -> str:
        """The picture of the image with that digest, as Base64 of a JPEG; empty if it has none."""
        try:
            image = self.recognizer.pipeline.reader.read(self.read(digest))
            square = _square(image.rgb, self._box(image))
        except VultusError:
            # A missing or damaged image is one of the findings; it must not cost the report.
            return ""
        file = BytesIO()
        pillow.fromarray(square).save(file, "JPEG", quality=JPEG_QUALITY)
        return base64.b64encode(file.getvalue()).decode()

    def _box(self, image: Image) -> Box:
        portrait = self.recognizer.portrait(image)
        if not portrait.faces:
            height_px, width_px = image.rgb.shape[:2]
            return Box(0, 0, width_px, height_px)
        return _with_margin(portrait.main.detection.box.scaled(1 / image.shrink))


def _with_margin(box: Box) -> Box:
    half = max(box.width, box.height) * (0.5 + MARGIN)
    x, y = (box.x1 + box.x2) / 2, (box.y1 + box.y2) / 2
    return Box(x - half, y - half, x + half, y + half)


def _square(rgb: Rgb, box: Box) -> Rgb:
    """The largest square in the middle of what `box` shows of the image, `SIDE_PX` wide."""
    height_px, width_px = rgb.shape[:2]
    left, top = (int(max(edge, 0)) for edge in (box.x1, box.y1))
    right, bottom = int(min(box.x2, width_px)), int(min(box.y2, height_px))
    side = max(min(right - left, bottom - top), 1)
    x, y = (left + right - side) // 2, (top + bottom - side) // 2
    part = rgb[max(y, 0) : max(y, 0) + side, max(x, 0) : max(x, 0) + side]
    shrunk = cv2.resize(part, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA)
    return np.asarray(shrunk, np.uint8)
