"""Smaller copies of large images."""

import cv2
import numpy as np

from vultus.domain.image import Rgb


def shrink_to(rgb: Rgb, long_side_px: int) -> tuple[Rgb, float]:
    """Shrink an image whose long side exceeds `long_side_px`; never enlarge one.

    Returns:
        The image, and its size as a fraction of the given one: at most 1.
    """
    height, width = rgb.shape[:2]
    factor = long_side_px / max(height, width)
    if factor >= 1:
        return rgb, 1.0
    size = max(round(width * factor), 1), max(round(height * factor), 1)
    return np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8), factor
