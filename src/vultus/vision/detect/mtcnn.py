"""MTCNN: three small networks that propose, refine and place faces.

Source: Zhang et al., Joint Face Detection and Alignment Using Multitask Cascaded Convolutional
Networks (2016). What differs from the usual cascade, and why:

- What reaches over the image's edge is cut with grey, the networks' zero. The usual cascade clips
  it there and stretches the rest, which distorts the face and misplaces its landmarks; black
  instead of grey is taken for an edge of the face, and loses faces that the frame cuts.
- The pyramid has a grey margin and goes on until its window is larger than the image, so that a
  face that fills or overfills the frame is proposed at all.
- Proposals are moved before they suppress each other, not after: fewer reach the second network.
- The last network looks at each face again from five places, and the mean counts. Landmarks stray
  a third as much, and what only looks like a face is seldom taken for one five times.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vultus.domain.face import Box, Detection, Landmarks
from vultus.domain.image import Rgb
from vultus.errors import InvalidValue
from vultus.models.inference.port import Network, Tensors
from vultus.vision.detect.boxes import (
    Boxes,
    moved,
    proper,
    scaled,
    squared,
    suppress,
    suppress_nested,
)
from vultus.vision.detect.pyramid import Strip, Window, strips
from vultus.vision.halvings import Affines, Halvings

WINDOW = Window(side_px=12, stride_px=2)
REFINE_PX = 24
OUTPUT_PX = 48
GREY = 127

CHUNK_PIXELS = 32 * 24 * 24
"""Most pixels in one call of a network: enough to be fast, few enough to bound the memory."""

OVERLAP_IN_LEVEL = 0.6
OVERLAP_REFINED = 0.8
OVERLAP = 0.7

LOOKS = np.array([(0, 0), (0.06, 0), (-0.06, 0), (0, 0.06), (0, -0.06)], np.float32)
"""Where around a face's box the last network looks again, in sides of the box."""


@dataclass(frozen=True, slots=True)
class MtcnnDetector:
    """Finds faces by the cascade of the networks that `importers/mtcnn.py` describes.

    `min_face_px` is the shorter side of the smallest face looked for; time falls with its square.
    `thresholds` decide what each of the three networks lets pass, `min_confidence` what is a face
    in the end; below 0.8 hardly any could be recognised. `factor` is the ratio of neighbouring
    levels of the pyramid.

    Raises:
        InvalidValue: an option is out of its range.
    """

    proposal: Network
    refine: Network
    output: Network
    min_face_px: float = 40
    thresholds: tuple[float, float, float] = (0.6, 0.7, 0.7)
    min_confidence: float = 0.8
    factor: float = 0.709

    def __post_init__(self) -> None:
        if self.min_face_px < WINDOW.side_px:
            raise InvalidValue("min_face_px", f"{self.min_face_px} is below {WINDOW.side_px}")
        if not all(0 < least < 1 for least in (*self.thresholds, self.min_confidence)):
            raise InvalidValue("thresholds and min_confidence", "they must lie between 0 and 1")
        if not 0.1 <= self.factor <= 0.9:
            raise InvalidValue("factor", f"{self.factor} is not between 0.1 and 0.9")

    @property
    def kind(self) -> str:
        """The name under which a pack lists this detector's five points."""
        return "mtcnn"

    def detect(self, rgb: Rgb) -> list[Detection]:
        """Find every face of an (H, W, 3) uint8 RGB image of any size, most confident first."""
        sizes = Halvings(rgb)
        boxes = self._propose(rgb, sizes)
        for stage in (self._refine, self._decide):
            boxes = stage(sizes, boxes) if len(boxes) else boxes
        return self._settle(sizes, boxes) if len(boxes) else []

    def _propose(self, rgb: Rgb, sizes: Halvings) -> Boxes:
        pyramid = strips(rgb, sizes, WINDOW, self.min_face_px, self.factor, GREY)
        found = [self._propose_in(strip) for strip in pyramid]
        if not found:
            return np.empty((0, 4), np.float32)
        corners, ratios, offsets, scores, levels = map(np.concatenate, zip(*found, strict=True))
        windows = np.concatenate([corners, corners + WINDOW.side_px], axis=1)
        boxes = scaled(moved(windows, offsets), ratios)
        kept = suppress(boxes, scores, OVERLAP_IN_LEVEL, levels)
        kept = kept[suppress(boxes[kept], scores[kept], OVERLAP)]
        return squared(boxes[kept])

    def _propose_in(self, strip: Strip) -> tuple[NDArray[Any], ...]:
        """Windows of a strip that may show a face: corner, ratio, offsets, score, level of each."""
        given = self.proposal.run({"rgb": strip.rgb[np.newaxis]})
        scores = given["scores"][0]
        rows, columns = np.nonzero(scores >= self.thresholds[0])
        corners = np.stack([columns, rows], axis=1) * WINDOW.stride_px + strip.shift
        return (
            corners.astype(np.float32),
            np.full(corners.shape, strip.ratio),
            given["offsets"][0][:, rows, columns].T,
            scores[rows, columns],
            np.full(len(rows), strip.level),
        )

    def _refine(self, sizes: Halvings, squares: Boxes) -> Boxes:
        given = _look(self.refine, sizes, squares, REFINE_PX)
        sure = given["scores"] >= self.thresholds[1]
        boxes = moved(squares[sure], given["offsets"][sure])
        return squared(boxes[suppress(boxes, given["scores"][sure], OVERLAP_REFINED)])

    def _decide(self, sizes: Halvings, squares: Boxes) -> Boxes:
        given = _look(self.output, sizes, squares, OUTPUT_PX)
        sure = given["scores"] >= self.thresholds[2]
        boxes = moved(squares[sure], given["offsets"][sure])
        return boxes[suppress_nested(boxes, given["scores"][sure], OVERLAP)]

    def _settle(self, sizes: Halvings, boxes: Boxes) -> list[Detection]:
        """Look again at each face from places around its box, and take the mean of what is seen."""
        squares = np.repeat(squared(boxes), len(LOOKS), axis=0)
        squares += np.tile(LOOKS, (len(boxes), 2)) * _sides(squares)
        given = _look(self.output, sizes, squares, OUTPUT_PX)
        points = squares[:, np.newaxis, :2] + given["landmarks"] * _sides(squares)[:, np.newaxis]
        seen = (moved(squares, given["offsets"]), points, given["scores"])
        boxes, landmarks, scores = (_mean_of_looks(rows) for rows in seen)
        sure = np.flatnonzero((scores >= self.min_confidence) & proper(boxes))
        return [
            Detection(Box(*boxes[i].tolist()), Landmarks(landmarks[i]), float(scores[i]))
            for i in sure[suppress_nested(boxes[sure], scores[sure], OVERLAP)]
        ]


def _look(network: Network, sizes: Halvings, squares: Boxes, side_px: int) -> Tensors:
    """Run a network on what lies in each square; its outputs by name, a row per square."""
    to_image = _affines(squares, side_px)
    chunk = CHUNK_PIXELS // side_px**2
    chunks = [
        network.run({"rgb": sizes.cut(to_image[start : start + chunk], side_px, side_px, GREY)})
        for start in range(0, len(squares), chunk)
    ]
    return {name: np.concatenate([chunk[name] for chunk in chunks]) for name in chunks[0]}


def _affines(squares: Boxes, side_px: int) -> Affines:
    affines = np.zeros((len(squares), 2, 3))
    affines[:, [0, 1], [0, 1]] = _sides(squares) / side_px
    affines[:, :, 2] = squares[:, :2]
    return affines


def _sides(squares: Boxes) -> NDArray[np.float32]:
    return squares[:, 2:3] - squares[:, 0:1]


def _mean_of_looks(rows: NDArray[np.floating]) -> NDArray[np.float32]:
    of_faces = rows.reshape(-1, len(LOOKS), *rows.shape[1:])
    return np.asarray(of_faces.mean(axis=1), np.float32)
