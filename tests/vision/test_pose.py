import numpy as np
import pytest

from vultus.domain.face import Landmarks
from vultus.vision.pose import Pose, pose_of

HEAD = np.array(
    [[-0.5, 0, 0], [0.5, 0, 0], [0, 0.6, 0.45], [-0.38, 1.09, 0], [0.38, 1.09, 0]], np.float64
)
"""Five points of a head: x to the image's right, y down, z towards the camera."""


def seen(yaw_deg: float = 0, pitch_deg: float = 0, roll_deg: float = 0) -> Pose:
    yaw, pitch, roll = np.radians([yaw_deg, pitch_deg, roll_deg])
    x, y, z = HEAD.T
    x, z = x * np.cos(yaw) + z * np.sin(yaw), z * np.cos(yaw) - x * np.sin(yaw)
    y = y * np.cos(pitch) + z * np.sin(pitch)
    x, y = x * np.cos(roll) - y * np.sin(roll), x * np.sin(roll) + y * np.cos(roll)
    return pose_of(Landmarks(np.stack([x, y], axis=1) * 80 + 200))


def test_a_face_straight_ahead_is_not_turned() -> None:
    pose = seen()
    assert pose.yaw_deg == pytest.approx(0, abs=0.1)
    assert pose.pitch_deg == pytest.approx(0, abs=1)
    assert pose.roll_deg == pytest.approx(0, abs=0.1)


@pytest.mark.parametrize("yaw_deg", [-60, -30, -10, 10, 30, 60])
def test_yaw_is_positive_when_the_nose_points_to_the_images_right(yaw_deg: float) -> None:
    assert seen(yaw_deg=yaw_deg).yaw_deg == pytest.approx(yaw_deg, abs=1)


@pytest.mark.parametrize("pitch_deg", [-40, -20, 20, 40])
def test_pitch_is_positive_when_the_nose_points_down(pitch_deg: float) -> None:
    assert seen(pitch_deg=pitch_deg).pitch_deg == pytest.approx(pitch_deg, abs=3)


@pytest.mark.parametrize("roll_deg", [-150, -45, 20, 90])
@pytest.mark.parametrize("yaw_deg", [-30, 0, 30])
def test_roll_is_positive_clockwise_and_leaves_yaw_alone(roll_deg: float, yaw_deg: float) -> None:
    pose = seen(yaw_deg=yaw_deg, roll_deg=roll_deg)
    assert pose.roll_deg == pytest.approx(roll_deg, abs=0.5)
    assert pose.yaw_deg == pytest.approx(yaw_deg, abs=1)


@pytest.mark.parametrize("points", [np.zeros((5, 2)), np.arange(10).reshape(5, 2)])
def test_points_that_are_no_face_still_have_a_pose(points: np.ndarray) -> None:
    pose = pose_of(Landmarks(points))
    assert np.isfinite([pose.yaw_deg, pose.pitch_deg, pose.roll_deg]).all()
