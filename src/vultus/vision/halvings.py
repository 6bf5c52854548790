"""An image at 1, 1/2, 1/4 … of its size, and what is sampled from the size that suits."""

import cv2
import numpy as np
from numpy.typing import NDArray

from vultus.domain.image import Rgb

Affines = NDArray[np.float64]
"""(N, 2, 3); each maps places (x, y, 1) of a patch to places of the image.

Places count from the outer edge of the first pixel: its centre is at (0.5, 0.5).
"""

Patches = NDArray[np.uint8]
"""(N, h, w, 3) uint8 RGB."""


class Halvings:
    """Samples an image without skipping pixels. For use within one call: no thread safety.

    Bilinear sampling looks at four pixels. Where it shrinks more than twofold, pixels fall
    through and the result flickers with every shift of the face; taken from a halved image it
    averages all of them, for a fraction of what an area filter over the whole image costs.
    """

    def __init__(self, rgb: Rgb) -> None:
        self._sizes = [rgb]

    def resize_into(self, target: Rgb) -> None:
        """Fill `target`, (h, w, 3), with the whole image."""
        height, width = target.shape[:2]
        full_height, full_width = self._sizes[0].shape[:2]
        (times,) = self._times(np.array([min(full_height / height, full_width / width)]))
        cv2.resize(self._sizes[times], (width, height), dst=target, interpolation=cv2.INTER_LINEAR)

    def cut(self, to_image: Affines, width_px: int, height_px: int, outside: int = 0) -> Patches:
        """Sample N patches: (N, height_px, width_px, 3).

        What lies outside the image has the value `outside` in every channel.
        """
        patches = np.empty((len(to_image), height_px, width_px, 3), np.uint8)
        times = self._times(_shrinks(to_image))
        affines = _by_centres(to_image / np.exp2(times)[:, np.newaxis, np.newaxis])
        for patch, affine, halved in zip(patches, affines, times, strict=True):
            cv2.warpAffine(
                self._sizes[halved],
                affine,
                (width_px, height_px),
                dst=patch,
                flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
                borderMode=cv2.BORDER_CONSTANT,
                borderValue=(outside, outside, outside),
            )
        return patches

    def _times(self, shrinks: NDArray[np.float64]) -> list[int]:
        """Say how often to halve before sampling so many times smaller, and have that ready."""
        # shrink = fraction * 2**exponent with 0.5 <= fraction < 1.
        wanted = np.maximum(np.frexp(shrinks)[1] - 1, 0)
        for _ in range(len(self._sizes), wanted.max(initial=0) + 1):
            self._halve()
        times: list[int] = np.minimum(wanted, len(self._sizes) - 1).tolist()
        return times

    def _halve(self) -> None:
        """Add the next smaller size, unless the last is one pixel wide or high."""
        last = self._sizes[-1]
        height, width = last.shape[0] // 2, last.shape[1] // 2
        if height and width:
            # An odd last row or column falls away: the rest stays exactly aligned.
            even = last[: 2 * height, : 2 * width]
            half = cv2.resize(even, (width, height), interpolation=cv2.INTER_AREA)
            self._sizes.append(np.asarray(half, np.uint8))


def _shrinks(to_image: Affines) -> NDArray[np.float64]:
    shrinks: NDArray[np.float64] = np.sqrt(np.abs(np.linalg.det(to_image[:, :, :2])))
    return shrinks


def _by_centres(affines: Affines) -> NDArray[np.float64]:
    """The same maps for pixel indices, which OpenCV counts from the centre of the first pixel."""
    shifts = affines @ (0.5, 0.5, 1.0) - 0.5
    return np.concatenate([affines[:, :, :2], shifts[:, :, np.newaxis]], axis=2)
