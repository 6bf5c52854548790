"""From landmarks to chips: every face the same way up, in the same place, of the same size."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from vultus.domain.face import Box, Detection, Landmarks
from vultus.domain.image import Rgb
from vultus.errors import InvalidValue
from vultus.vision.halvings import Halvings, Patches

Points = NDArray[np.float32]
"""(5, 2) rows (x, y), in the order of `Landmarks`."""

CENTRE_PX = 0.5
"""Packs give points by the centres of pixels; landmarks, like boxes, count from their edges."""


class Aligner:
    """Turns, moves and scales faces so that their landmarks fall onto a pack's points."""

    def __init__(self, points: Points, chip_width_px: int, chip_height_px: int) -> None:
        """Align onto `points`, (5, 2) pixel indices in a chip of the given size.

        Raises:
            InvalidValue: they are not five, or all the same.
        """
        self._points = Landmarks(points + np.float32(CENTRE_PX)).points
        if not np.ptp(self._points, axis=0).any():
            raise InvalidValue("points", "they must not all coincide")
        self._width_px = chip_width_px
        self._height_px = chip_height_px

    def chips(self, rgb: Rgb, landmarks: Sequence[Landmarks]) -> Patches:
        """Cut N faces out of an image: (N, chip_height_px, chip_width_px, 3) uint8 RGB.

        What lies outside the image is black. Large faces are averaged down, not thinned out.
        """
        to_image = [similarity_transform(self._points, face.points) for face in landmarks]
        affines = np.array(to_image).reshape(-1, 2, 3)
        return Halvings(rgb).cut(affines, self._width_px, self._height_px)

    def whole(self, rgb: Rgb) -> Detection:
        """Take an image as one face: the chip as large as it fits in, upright, in the middle."""
        height, width = rgb.shape[:2]
        factor = min(width / self._width_px, height / self._height_px)
        from_middle = self._points - np.array([self._width_px, self._height_px]) / 2
        points = from_middle * factor + np.array([width, height]) / 2
        return Detection(Box(0, 0, width, height), Landmarks(points.astype(np.float32)), 1.0)


def similarity_transform(source: Points, target: Points) -> NDArray[np.float64]:
    """Rotate, scale and move `source` onto `target` with the least sum of squared distances.

    Over complex numbers such a map of the plane is z → a z + b, and its least squares are linear.
    Coinciding targets give a = 0: everything maps onto that one place.

    Args:
        source: (5, 2) points that do not all coincide.
        target: (5, 2) points.

    Returns:
        (2, 3) affine map.
    Source: Umeyama, Least-Squares Estimation of Transformation Parameters Between Two Point
        Patterns (1991).
    """
    z, w = (points.astype(np.float64) @ np.array([1, 1j]) for points in (source, target))
    spread = z - z.mean()
    a = np.vdot(spread, w) / np.vdot(spread, spread)
    b = w.mean() - a * z.mean()
    return np.array([[a.real, -a.imag, b.real], [a.imag, a.real, b.imag]])
