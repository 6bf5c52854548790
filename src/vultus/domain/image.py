"""Pixels, and where they came from."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vultus.errors import InvalidValue

Rgb = NDArray[np.uint8]
"""(H, W, 3) uint8, colour order red, green, blue, upright."""


@dataclass(frozen=True, slots=True, eq=False)
class Image:
    """A decoded image.

    `rgb` is (H, W, 3) uint8. It may be smaller than the file by `shrink` (1, 2, 4 or 8), when a
    large JPEG was decoded at reduced scale: coordinates in `rgb` times `shrink` are the file's.
    """

    rgb: Rgb
    shrink: int = 1

    def __post_init__(self) -> None:
        if self.rgb.ndim != 3 or self.rgb.shape[2] != 3 or self.rgb.dtype != np.uint8:
            raise InvalidValue(
                "image", f"(H, W, 3) uint8 RGB is needed, got {self.rgb.shape} {self.rgb.dtype}"
            )
        if 0 in self.rgb.shape:
            raise InvalidValue("image", "it has no pixels")
