"""Where a face is in an image, and how good a picture of it that is."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from vultus.domain.template import Template
from vultus.errors import InvalidValue


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels of the image, x to the right and y down from its outer corner.

    The corners may lie outside the image: a face cut by the frame keeps its true extent.
    """

    x1: float
    y1: float
    x2: float
    y2: float

    def __post_init__(self) -> None:
        if not (self.x1 < self.x2 and self.y1 < self.y2):
            raise InvalidValue("box", f"{self.xyxy} has no area")

    @property
    def xyxy(self) -> tuple[float, float, float, float]:
        """The corners as (x1, y1, x2, y2)."""
        return self.x1, self.y1, self.x2, self.y2

    @property
    def width(self) -> float:
        """Width in pixels."""
        return self.x2 - self.x1

    @property
    def height(self) -> float:
        """Height in pixels."""
        return self.y2 - self.y1

    @property
    def area(self) -> float:
        """Area in square pixels."""
        return self.width * self.height

    @property
    def side(self) -> float:
        """The shorter side in pixels: what "a face of 40 px" means."""
        return min(self.width, self.height)

    def scaled(self, factor: float) -> Self:
        """The same box in an image `factor` times as large."""
        return type(self)(*(value * factor for value in self.xyxy))

    def intersection(self, other: "Box") -> float:
        """Area that both boxes cover, in square pixels."""
        width = min(self.x2, other.x2) - max(self.x1, other.x1)
        height = min(self.y2, other.y2) - max(self.y1, other.y1)
        return max(width, 0.0) * max(height, 0.0)

    def iou(self, other: "Box") -> float:
        """Intersection over union, in [0, 1]."""
        shared = self.intersection(other)
        return shared / (self.area + other.area - shared)


@dataclass(frozen=True, slots=True, eq=False)
class Landmarks:
    """Five points of a face in pixels of the image, from its outer corner as for boxes.

    `points` is (5, 2) float32, read-only, rows (x, y) in this order: the eye on the image's left,
    the eye on its right, the tip of the nose, the corner of the mouth on its left, the one on its
    right.
    """

    points: NDArray[np.float32]

    def __post_init__(self) -> None:
        points = np.array(self.points, dtype=np.float32)
        if points.shape != (5, 2) or not np.isfinite(points).all():
            raise InvalidValue("landmarks", f"five finite (x, y) points are needed, got {points}")
        points.flags.writeable = False
        object.__setattr__(self, "points", points)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Landmarks) and np.array_equal(self.points, other.points)

    def __hash__(self) -> int:
        return hash(self.points.tobytes())

    def scaled(self, factor: float) -> "Landmarks":
        """The same points in an image `factor` times as large."""
        return Landmarks(self.points * np.float32(factor))


@dataclass(frozen=True, slots=True)
class Detection:
    """A face that a detector found.

    `confidence` in [0, 1] is the detector's own, and no probability of identity.
    """

    box: Box
    landmarks: Landmarks
    confidence: float

    def scaled(self, factor: float) -> "Detection":
        """The same face in an image `factor` times as large."""
        return Detection(self.box.scaled(factor), self.landmarks.scaled(factor), self.confidence)


@dataclass(frozen=True, slots=True)
class Quality:
    """How good a picture of a face is for recognising it.

    `score` in [0, 1], higher is better; `reasons` names what is wrong, empty when nothing is.
    """

    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AssessedFace:
    """A face that was found, and how good its picture is."""

    detection: Detection
    quality: Quality


@dataclass(frozen=True, slots=True)
class Face(AssessedFace):
    """A face with its template: all that recognition needs, and nothing of the pixels."""

    template: Template
