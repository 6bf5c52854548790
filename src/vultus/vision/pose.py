"""How a head is turned, from five landmarks."""

import math
from dataclasses import dataclass

from vultus.domain.face import Landmarks

NOSE_DEPTH = 0.45
"""How far the tip of the nose stands out before the eyes, in distances between the eyes."""

NOSE_LEVEL = 0.55
"""How far down from the eyes to the mouth the tip of the nose is when looking straight ahead."""

EYES_TO_MOUTH = 1.09
"""From the eyes to the mouth, in distances between the eyes."""

TINY_PX = 1e-6


@dataclass(frozen=True, slots=True)
class Pose:
    """Angles in degrees, all 0 for a face upright and straight ahead.

    `yaw` is positive when the nose points to the image's right, `pitch` when it points down,
    `roll` when the head leans clockwise in the image. An open mouth looks like a head held up, a
    smile like one held down: expect errors of 10 degrees, in `pitch` of 20.
    """

    yaw_deg: float
    pitch_deg: float
    roll_deg: float


def pose_of(landmarks: Landmarks) -> Pose:
    """Estimate the pose from where the tip of the nose lies between the eyes and the mouth."""
    # As complex numbers, turned so that the face is upright.
    left_eye, right_eye, nose, left_mouth, right_mouth = (
        complex(x, y) for x, y in landmarks.points.tolist()
    )
    across = right_eye - left_eye + right_mouth - left_mouth
    upright = across.conjugate() / max(abs(across), TINY_PX)
    eyes = (left_eye + right_eye) / 2 * upright
    down = (left_mouth + right_mouth) / 2 * upright - eyes
    level = (nose * upright - eyes).imag / (down.imag or TINY_PX)
    aside = (nose * upright - eyes - level * down).real
    width = ((right_eye - left_eye) * upright).real
    return Pose(
        yaw_deg=math.degrees(math.atan2(aside, NOSE_DEPTH * max(width, TINY_PX))),
        pitch_deg=math.degrees(math.atan((level - NOSE_LEVEL) * EYES_TO_MOUTH / NOSE_DEPTH)),
        roll_deg=math.degrees(math.atan2(across.imag, across.real)),
    )
