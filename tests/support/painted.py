"""Photos whose faces are coloured squares, and a recognizer of them.

The template of such a face points in the direction of its colour: red, green and blue are three
people, and shades of one are photos of one person.
"""

import time
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
from PIL import Image as pillow

from fakes import FIVE, MODEL, FakeEmbedder, detection_at
from vultus.domain.face import Detection
from vultus.domain.image import Rgb
from vultus.domain.template import ModelId
from vultus.matching.policy import Policy
from vultus.matching.thresholds import Threshold
from vultus.usecases.recognizer import Recognizer
from vultus.vision.align import Aligner
from vultus.vision.assess import QualityThresholds
from vultus.vision.decode import DecodeLimits
from vultus.vision.pipeline import FacePipeline
from vultus.vision.read import ImageReader

RED, CRIMSON, RUBY = (250, 10, 10), (220, 20, 40), (200, 50, 20)
GREEN, LIME = (10, 250, 10), (30, 230, 50)
BLUE = (10, 10, 250)

Colour = tuple[int, int, int]

LIMITS = DecodeLimits(max_bytes=10**6, max_pixels=10**7, max_side_px=10**4, max_frames=10)
POLICY = Policy(Threshold(0.9, "pack", fmr=1e-3, protocol="made up"), uncertain_from=0.8)
SIDE_PX = 60


def photo(*colours: Colour) -> bytes:
    """A PNG with a square of each colour, from left to right."""
    rgb = np.zeros((100, 20 + 100 * max(len(colours), 1), 3), np.uint8)
    for number, colour in enumerate(colours):
        left = 20 + 100 * number
        rgb[20 : 20 + SIDE_PX, left : left + SIDE_PX] = colour
    file = BytesIO()
    pillow.fromarray(rgb).save(file, "PNG")
    return file.getvalue()


def painted(path: Path, *colours: Colour) -> Path:
    """Write such a photo to a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(photo(*colours))
    return path


class SquareDetector:
    """Finds the squares of `photo`."""

    kind = "mtcnn"

    def detect(self, rgb: Rgb) -> list[Detection]:
        count, _, boxes, _ = cv2.connectedComponentsWithStats(
            (rgb.max(axis=2) > 100).astype(np.uint8)
        )
        return [detection_at(*boxes[number, :3].tolist()) for number in range(1, count)]


class SlowSquareDetector(SquareDetector):
    """The same, which takes its time over each photo with a square."""

    def __init__(self, takes_s: float) -> None:
        self._takes_s = takes_s

    def detect(self, rgb: Rgb) -> list[Detection]:
        found = super().detect(rgb)
        time.sleep(self._takes_s if found else 0)
        return found


def slow_recognizer(takes_s: float) -> Recognizer:
    """A recognizer of painted photos that takes so long over each."""
    plain = square_recognizer()
    pipeline = replace(plain.pipeline, detector=SlowSquareDetector(takes_s))
    return replace(plain, pipeline=pipeline)


def square_recognizer(
    quality: str = "off", policy: Policy | None = POLICY, model: ModelId = MODEL
) -> Recognizer:
    """A recognizer of painted photos; under any quality policy but `off` they are blurred."""
    embedder = FakeEmbedder()
    embedder.spec = replace(FakeEmbedder.spec, model=model)
    pipeline = FacePipeline(
        reader=ImageReader(LIMITS, long_side_px=4000),
        detector=SquareDetector(),
        aligner=Aligner(FIVE, 40, 40),
        embedder=embedder,
        thresholds=QualityThresholds.named(quality),
        long_side_px=4000,
        max_faces=0,
        order="left_to_right",
    )
    return Recognizer(pipeline, policy, None)
