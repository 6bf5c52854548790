"""How good a picture of a face is for recognising it, and what is wrong with it.

The properties are those of ISO/IEC 29794-5 (face image quality), measured simply. They guide people
and filters, and predict no accuracy.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from vultus.domain.face import Detection, Quality
from vultus.domain.image import Rgb
from vultus.errors import InvalidValue
from vultus.vision.measures import Measures, measure


class Reason(StrEnum):
    """What can be wrong with the picture of a face."""

    TOO_SMALL = "too_small"
    BLURRED = "blurred"
    TOO_DARK = "too_dark"
    TOO_BRIGHT = "too_bright"
    LOW_CONTRAST = "low_contrast"
    TURNED_AWAY = "turned_away"
    CUT_BY_FRAME = "cut_by_frame"
    LOW_CONFIDENCE = "low_confidence"


@dataclass(frozen=True, slots=True)
class QualityThresholds:
    """What is asked of a face. Each field bounds the measure of its name, angles to either side."""

    min_size_px: float
    min_sharpness: float
    min_highlights: float
    max_shadows: float
    min_contrast: float
    max_yaw_deg: float
    max_pitch_deg: float
    max_outside: float
    min_confidence: float

    @staticmethod
    def named(policy: str) -> "QualityThresholds":
        """The thresholds of a policy: `off`, which asks nothing, `standard` or `strict`.

        Raises:
            InvalidValue: there is no policy of that name.
        """
        if policy not in POLICIES:
            raise InvalidValue("quality policy", f"{policy!r} is not one of {', '.join(POLICIES)}")
        return POLICIES[policy]


POLICIES = {
    "off": QualityThresholds(
        min_size_px=0,
        min_sharpness=0,
        min_highlights=0,
        max_shadows=1,
        min_contrast=0,
        max_yaw_deg=180,
        max_pitch_deg=180,
        max_outside=1,
        min_confidence=0,
    ),
    "standard": QualityThresholds(
        min_size_px=36,
        min_sharpness=0.27,
        min_highlights=0.3,
        max_shadows=0.65,
        min_contrast=0.15,
        max_yaw_deg=40,
        max_pitch_deg=40,
        max_outside=0.2,
        min_confidence=0.9,
    ),
    "strict": QualityThresholds(
        min_size_px=80,
        min_sharpness=0.32,
        min_highlights=0.4,
        max_shadows=0.5,
        min_contrast=0.2,
        max_yaw_deg=20,
        max_pitch_deg=25,
        max_outside=0.05,
        min_confidence=0.98,
    ),
}


def assess(detection: Detection, rgb: Rgb, chip: Rgb, thresholds: QualityThresholds) -> Quality:
    """Grade the picture of one face.

    Args:
        detection: where it is.
        rgb: (H, W, 3) uint8, the image it is in.
        chip: (h, w, 3) uint8, the face aligned.
        thresholds: what is asked; they decide the reasons, and not the score.
    """
    measures = measure(detection, rgb, chip)
    return Quality(_score(measures), tuple(map(str, _reasons(measures, thresholds))))


def _reasons(measures: Measures, asked: QualityThresholds) -> Iterator[Reason]:
    if measures.size_px < asked.min_size_px:
        yield Reason.TOO_SMALL
    if measures.sharpness < asked.min_sharpness:
        yield Reason.BLURRED
    # Too much or too little light leaves little contrast: then the light is what is wrong.
    if measures.highlights < asked.min_highlights:
        yield Reason.TOO_DARK
    elif measures.shadows > asked.max_shadows:
        yield Reason.TOO_BRIGHT
    elif measures.contrast < asked.min_contrast:
        yield Reason.LOW_CONTRAST
    pose = measures.pose
    if abs(pose.yaw_deg) > asked.max_yaw_deg or abs(pose.pitch_deg) > asked.max_pitch_deg:
        yield Reason.TURNED_AWAY
    if measures.outside > asked.max_outside:
        yield Reason.CUT_BY_FRAME
    if measures.confidence < asked.min_confidence:
        yield Reason.LOW_CONFIDENCE


def _score(measures: Measures) -> float:
    """The product of a grade per property, each from 0 where it is hopeless to 1 where it is good.

    The ends come from LFW and from its photos blurred, darkened and shrunk.
    """
    return math.prod(
        (
            _grade(math.log2(max(measures.size_px, 1)), math.log2(12), math.log2(96)),
            _grade(measures.sharpness, 0.12, 0.36),
            _grade(measures.highlights, 0.1, 0.45),
            _grade(measures.shadows, 0.8, 0.5),
            _grade(measures.contrast, 0.05, 0.22),
            _grade(abs(measures.pose.yaw_deg), 70, 20),
            _grade(abs(measures.pose.pitch_deg), 70, 30),
            _grade(measures.outside, 0.6, 0.02),
            _grade(measures.confidence, 0.6, 0.98),
        )
    )


def _grade(value: float, hopeless: float, good: float) -> float:
    return max(0.0, min((value - hopeless) / (good - hopeless), 1.0))
