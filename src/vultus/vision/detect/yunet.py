"""YuNet: one small network that finds faces and their landmarks at once.

Source: Wu et al., YuNet: A Tiny Millisecond-level Face Detector (2023); the file is OpenCV Zoo's
`face_detection_yunet_2023mar.onnx`. It runs through the `Network` port and is decoded here instead
of by OpenCV's `FaceDetectorYN`: the boxes are the same, ONNX Runtime is twice as fast, threads can
share it, and execution providers and model servers apply to it as to every other network.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from vultus.domain.face import Box, Detection, Landmarks
from vultus.domain.image import Rgb
from vultus.errors import InvalidValue
from vultus.models.inference.port import Network, Tensors
from vultus.vision.detect.boxes import suppress
from vultus.vision.halvings import Halvings

Rows = NDArray[np.float32]
"""(N, 15): the box x1, y1, x2, y2, five landmarks x, y, and the confidence."""

STRIDES = (8, 16, 32)
CELL_PX = 32
"""The sides of the network's input are multiples of it."""

SMALLEST_PX = 14
"""The smallest face that the network finds reliably, in its own input."""

LONG_SIDE_PX = 640
SMALL_LONG_SIDE_PX = 256
"""At this size a face that fills the frame is found; larger it may be missed."""

MARGIN_PX = CELL_PX
GREY = 127
"""With a margin of it a face is placed well that the frame cuts or that fills it."""


@dataclass(frozen=True, slots=True)
class YunetDetector:
    """Finds faces in an image shown at one size or two.

    Attributes:
        network: takes `input`, (1, 3, H, W) float32 BGR; H and W vary, or are fixed and equal.
        min_face_px: shorter side of the smallest face that is given.
        threshold: least confidence.
        overlap: intersection over union at which two boxes are one face.

    Raises:
        InvalidValue: an option is out of its range.
    """

    network: Network
    min_face_px: float = 40
    threshold: float = 0.7
    overlap: float = 0.3

    def __post_init__(self) -> None:
        if self.min_face_px <= 0:
            raise InvalidValue("min_face_px", f"{self.min_face_px} is not above 0")
        if not (0 < self.threshold < 1 and 0 < self.overlap < 1):
            raise InvalidValue("threshold and overlap", "they must lie between 0 and 1")

    @property
    def kind(self) -> str:
        """The name under which a pack lists this detector's five points."""
        return "yunet"

    def detect(self, rgb: Rgb) -> list[Detection]:
        """Find every face of an (H, W, 3) uint8 RGB image of any size, most confident first."""
        sizes, shape = Halvings(rgb), rgb.shape[:2]
        rows = np.concatenate([self._look(sizes, shape, scale) for scale in self._scales(shape)])
        rows = rows[np.min(rows[:, 2:4] - rows[:, 0:2], axis=1) >= self.min_face_px]
        kept = suppress(rows[:, :4], rows[:, 14], self.overlap)
        return [_detection(row) for row in rows[kept]]

    def _scales(self, shape: tuple[int, ...]) -> Iterator[float]:
        long_side_px = max(shape)
        scale = min(1, max(LONG_SIDE_PX / long_side_px, SMALLEST_PX / self.min_face_px))
        if self._fixed_side_px:
            scale = min(scale, (self._fixed_side_px - 2 * MARGIN_PX) / long_side_px)
        yield scale
        if min(shape) * scale > SMALL_LONG_SIDE_PX:
            yield SMALL_LONG_SIDE_PX / long_side_px

    @property
    def _fixed_side_px(self) -> int | None:
        return self.network.inputs[0].shape[-1]

    def _look(self, sizes: Halvings, shape: tuple[int, ...], scale: float) -> Rows:
        """Find faces in the image at a scale, in pixels of the image."""
        height, width = (max(round(side * scale), 1) for side in shape)
        canvas = self._canvas(height, width)
        sizes.resize_into(canvas[MARGIN_PX:, MARGIN_PX:][:height, :width])
        given = self.network.run({"input": cv2.dnn.blobFromImage(canvas, swapRB=True)})
        columns = canvas.shape[1]
        rows = np.concatenate(
            [_decode(given, stride, columns // stride, self.threshold) for stride in STRIDES]
        )
        ratio = np.array([shape[1] / width, shape[0] / height], np.float32)
        rows[:, :14] = (rows[:, :14] - MARGIN_PX) * np.tile(ratio, 7)
        return rows

    def _canvas(self, height: int, width: int) -> Rgb:
        side_px = self._fixed_side_px
        if side_px:
            return np.full((side_px, side_px, 3), GREY, np.uint8)
        cells = [-(-(side + 2 * MARGIN_PX) // CELL_PX) for side in (height, width)]
        return np.full((cells[0] * CELL_PX, cells[1] * CELL_PX, 3), GREY, np.uint8)


def _decode(given: Tensors, stride: int, columns: int, threshold: float) -> Rows:
    """The faces whose centre lies in a cell of this stride, in pixels of the network's input."""
    face, quality = (np.clip(given[f"{kind}_{stride}"][0, :, 0], 0, 1) for kind in ("cls", "obj"))
    confidence = np.sqrt(face * quality)
    cells = np.flatnonzero(confidence >= threshold)
    corners = np.stack([cells % columns, cells // columns], axis=1)
    boxes = given[f"bbox_{stride}"][0, cells]
    centres, halves = (corners + boxes[:, :2]) * stride, np.exp(boxes[:, 2:]) * stride / 2
    points = (given[f"kps_{stride}"][0, cells] + np.tile(corners, 5)) * stride
    rows = [centres - halves, centres + halves, points, confidence[cells, np.newaxis]]
    return np.concatenate(rows, axis=1, dtype=np.float32)


def _detection(row: Rows) -> Detection:
    return Detection(Box(*row[:4].tolist()), Landmarks(row[4:14].reshape(5, 2)), float(row[14]))
