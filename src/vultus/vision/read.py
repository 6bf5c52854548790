"""From whatever a caller calls an image to pixels."""

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vultus.domain.image import Image
from vultus.errors import InvalidValue
from vultus.vision.decode import DecodeLimits, decode, read_bounded

ImageSource = str | os.PathLike[str] | bytes | NDArray[np.uint8] | Image
"""A path, the bytes of a file, (H, W, 3) RGB uint8 pixels, or an image that was decoded before."""


SOURCES = str, os.PathLike, bytes, bytearray, memoryview, np.ndarray, Image


def check_source(source: object) -> None:
    """Refuse what nobody can call an image, such as an open file or an image of another library.

    Raises:
        InvalidValue: and what is taken.
    """
    if not isinstance(source, SOURCES):
        taken = "a path, the bytes of a file, or (H, W, 3) RGB uint8 pixels are needed"
        raise InvalidValue("image", f"{taken}, got {type(source).__name__}")


def name_of(source: ImageSource) -> str | None:
    """The path of an image; None for one that has none."""
    return os.fsdecode(source) if isinstance(source, str | os.PathLike) else None


@dataclass(frozen=True, slots=True)
class ImageReader:
    """Reads images within limits, large JPEGs no larger than needed for `long_side_px`."""

    limits: DecodeLimits
    long_side_px: int

    def read(self, source: ImageSource) -> Image:
        """Give the pixels of `source`.

        Raises:
            ImageRefused: it cannot be read; the subclass says why.
            InvalidValue: it is no `ImageSource`, or an array that is no (H, W, 3) uint8 image.
        """
        if isinstance(source, Image):
            return source
        if isinstance(source, np.ndarray):
            return Image(source)
        if isinstance(source, (bytes, bytearray, memoryview)):
            return decode(bytes(source), self.limits, self.long_side_px)
        check_source(source)
        data = read_bounded(Path(source), self.limits.max_bytes)
        return decode(data, self.limits, self.long_side_px)
