"""Arithmetic on rows of boxes, for detectors.

Boxes are (N, 4) float32 rows (x1, y1, x2, y2) of pixel edges: the box of the whole image is
(0, 0, width, height).
"""

import cv2
import numpy as np
from numpy.typing import NDArray

Boxes = NDArray[np.float32]
Scores = NDArray[np.float32]
Kept = NDArray[np.intp]


def suppress(
    xyxy: Boxes, scores: Scores, overlap: float, groups: NDArray[np.intp] | None = None
) -> Kept:
    """Greedy non-maximum suppression: indices of the boxes that stay, best first.

    A box falls when its intersection over union with a better one of its group exceeds `overlap`.
    """
    xywh = np.concatenate([xyxy[:, :2], xyxy[:, 2:] - xyxy[:, :2]], axis=1).tolist()
    of_one = [0] * len(xywh) if groups is None else groups.tolist()
    kept = cv2.dnn.NMSBoxesBatched(xywh, scores.tolist(), of_one, 0.0, overlap)
    order = np.asarray(kept, np.intp).reshape(-1)
    return order[np.argsort(-scores[order], kind="stable")]


def suppress_nested(xyxy: Boxes, scores: Scores, overlap: float) -> Kept:
    """The same, with the intersection as a share of the smaller box: boxes within boxes fall."""
    areas = np.prod(xyxy[:, 2:] - xyxy[:, :2], axis=1)
    left = np.argsort(-scores, kind="stable")
    kept = []
    while left.size:
        best, left = left[0], left[1:]
        kept.append(best)
        sides = np.minimum(xyxy[best, 2:], xyxy[left, 2:]) - np.maximum(
            xyxy[best, :2], xyxy[left, :2]
        )
        shared = np.prod(np.maximum(sides, 0), axis=1)
        left = left[shared <= overlap * np.minimum(areas[best], areas[left])]
    return np.array(kept, np.intp)


def proper(xyxy: Boxes) -> NDArray[np.bool_]:
    """Which of them have an area: (N,)."""
    return np.asarray(np.all(xyxy[:, :2] < xyxy[:, 2:], axis=1))


def moved(xyxy: Boxes, offsets: NDArray[np.float32]) -> Boxes:
    """Move each corner coordinate by a share of its box's size: `offsets` is (N, 4)."""
    size = xyxy[:, 2:] - xyxy[:, :2]
    return np.asarray(xyxy + offsets * np.concatenate([size, size], axis=1), np.float32)


def scaled(xyxy: Boxes, ratios: NDArray[np.float64]) -> Boxes:
    """Multiply x and y of each box by a ratio of its own: `ratios` is (N, 2)."""
    return np.asarray(xyxy * np.concatenate([ratios, ratios], axis=1), np.float32)


def squared(xyxy: Boxes) -> Boxes:
    """Grow the shorter side of each box to the longer, about the same centre."""
    centre = (xyxy[:, :2] + xyxy[:, 2:]) / 2
    half = np.max(xyxy[:, 2:] - xyxy[:, :2], axis=1, keepdims=True) / 2
    return np.concatenate([centre - half, centre + half], axis=1)
