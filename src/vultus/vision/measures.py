"""What can be measured on the picture of one face, in a tenth of a millisecond."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from vultus.domain.face import Box, Detection
from vultus.domain.image import Rgb
from vultus.vision.pose import Pose, pose_of

NORMAL_SIDE_PX = 48
"""Side of the chip at which sharpness is measured: a face of 40 px has detail for no more."""

CHIP_OF_BOX = 1.25
"""Side of a chip, in sides of the face's box."""

RIM = 0.15
"""What is left out on each side of the chip: hair, ears and background, in sides."""

SHADOWS, HIGHLIGHTS = 5, 95
"""Percentiles of luma."""


@dataclass(frozen=True, slots=True)
class Measures:
    """What was measured on one face.

    Attributes:
        size_px: shorter side of the box.
        sharpness: share of the change between neighbouring pixels that a blur would take away, in
            [0, 1]: 0.4 in focus, below 0.3 visibly blurred, whatever the light and the size.
        shadows: luma that 5 % of the face's middle do not reach, in [0, 1].
        highlights: luma that 5 % of the face's middle exceed, in [0, 1].
        pose: how the head is turned.
        outside: share of the box that lies outside the image, in [0, 1].
        confidence: the detector's, in [0, 1].
    """

    size_px: float
    sharpness: float
    shadows: float
    highlights: float
    pose: Pose
    outside: float
    confidence: float

    @property
    def contrast(self) -> float:
        """Range of luma over its sum (Michelson), in [0, 1]; indifferent to exposure."""
        return (self.highlights - self.shadows) / max(self.highlights + self.shadows, 1e-6)


def measure(detection: Detection, rgb: Rgb, chip: Rgb) -> Measures:
    """Measure one face.

    Args:
        detection: where it is.
        rgb: (H, W, 3) uint8, the image it is in.
        chip: (h, w, 3) uint8, the face aligned.
    """
    luma = _middle(chip, detection.box.side)
    shadows, highlights = np.percentile(luma, (SHADOWS, HIGHLIGHTS)) / 255
    return Measures(
        size_px=detection.box.side,
        sharpness=_sharpness(luma),
        shadows=float(shadows),
        highlights=float(highlights),
        pose=pose_of(detection.landmarks),
        outside=_outside(detection.box, rgb),
        confidence=detection.confidence,
    )


def _middle(chip: Rgb, box_side_px: float) -> NDArray[np.uint8]:
    """Luma of the middle of a chip, no finer than the image shows the face."""
    height, width = chip.shape[:2]
    side_px = min(NORMAL_SIDE_PX, max(box_side_px * CHIP_OF_BOX, NORMAL_SIDE_PX / 4))
    rows, columns = round(height * RIM), round(width * RIM)
    inner = cv2.cvtColor(chip[rows : height - rows, columns : width - columns], cv2.COLOR_RGB2GRAY)
    factor = side_px / min(height, width)
    luma = cv2.resize(inner, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    return np.asarray(luma, np.uint8)


def _sharpness(luma: NDArray[np.uint8]) -> float:
    """What a blur takes away: nearly nothing where there is little left to take.

    Source: Crété et al., The blur effect: perception and estimation with a new no-reference
        perceptual blur metric (2007).
    """
    sharp = luma.astype(np.float32)
    blurred = cv2.blur(sharp, (3, 3))
    changes, lost = 0.0, 0.0
    for axis in (0, 1):
        before, after = (np.abs(np.diff(image, axis=axis)) for image in (sharp, blurred))
        changes += float(before.sum())
        lost += float(np.maximum(before - after, 0).sum())
    return lost / changes if changes else 0.0


def _outside(box: Box, rgb: Rgb) -> float:
    height, width = rgb.shape[:2]
    return 1 - box.intersection(Box(0, 0, width, height)) / box.area
