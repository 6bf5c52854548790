"""What a model makes of one image of a dataset: of its main face."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vultus.domain.face import Face
from vultus.domain.image import Image
from vultus.errors import ImageRefused
from vultus.usecases.recognizer import Recognizer
from vultus.vision.measures import measure

MEASURES = (
    "face_px",
    "confidence",
    "quality",
    "sharpness",
    "brightness",
    "contrast",
    "yaw",
    "pitch",
    "roll",
    "outside",
)
"""What is measured of a face: pixels, degrees, and shares in [0, 1]."""

UNREADABLE = -1
"""In place of a number of faces."""
NOTHING: NDArray[np.float32] = np.zeros(0, np.float32)
NOT_MEASURED: NDArray[np.float32] = np.full(len(MEASURES), math.nan, np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Embedded:
    """How many faces an image shows, and of the main one its template and `MEASURES`.

    `faces` is `UNREADABLE` of an image that cannot be decoded. `vector` is (D,) float32, and empty
    of such an image or where no face was found; `measures` is (len(MEASURES),) float32, then all
    NaN.
    """

    faces: int
    vector: NDArray[np.float32]
    measures: NDArray[np.float32]


def embed_image(recognizer: Recognizer, data: bytes) -> Embedded:
    """Find the main face of an image, as verifying does, and make its template."""
    try:
        image = recognizer.pipeline.reader.read(data)
    except ImageRefused:
        return Embedded(UNREADABLE, NOTHING, NOT_MEASURED)
    portrait = recognizer.portrait(image)
    if not portrait.faces:
        return Embedded(0, NOTHING, NOT_MEASURED)
    main = portrait.main
    return Embedded(len(portrait.faces), main.template.vector, _measured(recognizer, image, main))


def _measured(recognizer: Recognizer, image: Image, face: Face) -> NDArray[np.float32]:
    detection = face.detection.scaled(1 / image.shrink)
    (chip,) = recognizer.pipeline.aligner.chips(image.rgb, [detection.landmarks])
    found = measure(detection, image.rgb, chip)
    values = (
        face.detection.box.side,
        found.confidence,
        face.quality.score,
        found.sharpness,
        (found.shadows + found.highlights) / 2,
        found.contrast,
        found.pose.yaw_deg,
        found.pose.pitch_deg,
        found.pose.roll_deg,
        found.outside,
    )
    return np.array(values, np.float32)
