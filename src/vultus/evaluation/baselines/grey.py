"""Small grey pictures of aligned faces, which the classical methods work on."""

import cv2
import numpy as np
from numpy.typing import NDArray

from vultus.errors import InvalidValue

SIDE_PX = 64

Grey = NDArray[np.uint8]
"""(N, 64, 64) grey pictures of one face each."""


def grey_faces(chips: NDArray[np.uint8]) -> Grey:
    """Make aligned chips grey and small, with light spread evenly over the range.

    Args:
        chips: (N, H, W, 3) RGB, as the align step of a recognizer cuts them.

    Raises:
        InvalidValue: they are no such pictures.
    """
    if chips.ndim != 4 or chips.shape[3] != 3 or chips.dtype != np.uint8:
        raise InvalidValue("chips", f"{chips.shape} {chips.dtype} is not (N, H, W, 3) uint8")
    faces = [_grey(chip) for chip in chips]
    return np.array(faces, np.uint8).reshape(-1, SIDE_PX, SIDE_PX)


def _grey(chip: NDArray[np.uint8]) -> NDArray[np.uint8]:
    small = cv2.resize(chip, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.equalizeHist(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)), np.uint8)
