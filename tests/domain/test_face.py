import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vultus.domain.face import Box, Detection, Landmarks
from vultus.errors import InvalidValue

coordinates = st.floats(-1e4, 1e4, allow_nan=False)
sizes = st.floats(0.5, 1e4, allow_nan=False)
boxes = st.builds(
    lambda x, y, w, h: Box(x, y, x + w, y + h), coordinates, coordinates, sizes, sizes
)


@pytest.mark.parametrize(
    "xyxy", [(0, 0, 0, 5), (3, 0, 2, 5), (0, 5, 4, 5), (0, 0, float("nan"), 5)]
)
def test_a_box_without_area_is_refused(xyxy: tuple[float, ...]) -> None:
    with pytest.raises(InvalidValue):
        Box(*xyxy)


@given(boxes, boxes)
def test_overlap_is_symmetric_and_a_fraction(one: Box, other: Box) -> None:
    assert one.iou(other) == pytest.approx(other.iou(one))
    assert 0 <= one.iou(other) <= 1 + 1e-9


@given(boxes)
def test_a_box_overlaps_itself_wholly(box: Box) -> None:
    assert box.iou(box) == pytest.approx(1)


def test_overlap_of_half_shifted_squares_is_a_third() -> None:
    assert Box(0, 0, 2, 2).iou(Box(1, 0, 3, 2)) == pytest.approx(1 / 3)


@given(boxes, boxes, st.floats(0.1, 8))
def test_overlap_does_not_depend_on_the_scale_of_the_image(one: Box, other: Box, by: float) -> None:
    assert one.scaled(by).iou(other.scaled(by)) == pytest.approx(one.iou(other), abs=1e-6)


@pytest.mark.parametrize("points", [np.zeros((4, 2)), np.zeros((5, 3)), np.full((5, 2), np.nan)])
def test_landmarks_are_five_finite_points(points: np.ndarray) -> None:
    with pytest.raises(InvalidValue):
        Landmarks(points)


def test_landmarks_cannot_be_changed_afterwards() -> None:
    source = np.zeros((5, 2), np.float32)
    landmarks = Landmarks(source)
    source += 1
    assert not landmarks.points.any()
    with pytest.raises(ValueError, match="read-only"):
        landmarks.points[0, 0] = 1


def test_a_scaled_detection_keeps_its_confidence() -> None:
    found = Detection(Box(1, 2, 3, 5), Landmarks(np.ones((5, 2))), 0.9)
    twice = found.scaled(2)
    assert twice.box == Box(2, 4, 6, 10)
    assert (twice.landmarks.points == 2).all()
    assert twice.confidence == 0.9
