import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vultus.domain.face import Box
from vultus.vision.detect.boxes import moved, proper, squared, suppress, suppress_nested

places = st.integers(0, 60)
sides = st.integers(1, 40)
rows = st.lists(st.tuples(places, places, sides, sides), max_size=25).map(
    lambda found: np.array([(x, y, x + w, y + h) for x, y, w, h in found], np.float32).reshape(
        -1, 4
    )
)


def falling(count: int) -> np.ndarray:
    """Scores that fall from box to box."""
    return np.linspace(0.9, 0.1, count, dtype=np.float32)


@given(rows, st.sampled_from([0.3, 0.5, 0.7]))
def test_each_box_stays_unless_it_overlaps_a_better_one_that_stays(boxes, overlap) -> None:
    kept: list[int] = []
    for index, box in enumerate(boxes.tolist()):
        if all(Box(*box).iou(Box(*boxes[other].tolist())) <= overlap for other in kept):
            kept.append(index)
    assert suppress(boxes, falling(len(boxes)), overlap).tolist() == kept


def test_boxes_of_different_groups_leave_each_other_alone() -> None:
    boxes = np.array([[0, 0, 10, 10]] * 4, np.float32)
    kept = suppress(boxes, np.array([0.1, 0.4, 0.3, 0.2], np.float32), 0.5, np.array([0, 1, 0, 1]))
    assert kept.tolist() == [1, 2]


def test_a_box_within_a_better_one_falls() -> None:
    boxes = np.array([[0, 0, 100, 100], [40, 40, 60, 60], [90, 90, 130, 130]], np.float32)
    assert suppress(boxes, falling(3), 0.7).tolist() == [0, 1, 2]
    assert suppress_nested(boxes, falling(3), 0.7).tolist() == [0, 2]


@given(rows)
def test_what_stays_of_nested_boxes_is_apart(boxes) -> None:
    kept = [Box(*boxes[i].tolist()) for i in suppress_nested(boxes, falling(len(boxes)), 0.7)]
    for index, box in enumerate(kept):
        for other in kept[:index]:
            assert box.intersection(other) <= 0.7 * min(box.area, other.area) + 1e-3


@given(rows)
def test_squares_have_the_centre_and_the_longer_side(boxes) -> None:
    for before, after in zip(boxes, squared(boxes), strict=True):
        assert after[2] - after[0] == pytest.approx(after[3] - after[1], abs=1e-3)
        assert after[2] - after[0] == pytest.approx(max(before[2:] - before[:2]), abs=1e-3)
        np.testing.assert_allclose(after[:2] + after[2:], before[:2] + before[2:], atol=1e-3)


def test_offsets_count_in_sides_of_the_box() -> None:
    boxes = np.array([[10, 20, 30, 60]], np.float32)
    offsets = np.array([[0.5, 0, -0.5, 0.25]], np.float32)
    np.testing.assert_allclose(moved(boxes, offsets), [[20, 20, 20, 70]])
    assert proper(boxes).tolist() == [True]
    assert proper(moved(boxes, offsets)).tolist() == [False]
