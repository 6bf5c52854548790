import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes import detection_at
from vultus.vision.detect.select import choose

SMALL, LARGE, MIDDLE = (
    detection_at(10, 0, side=20),
    detection_at(200, 0, side=90),
    detection_at(120, 0, side=50),
)
FOUND = [SMALL, LARGE, MIDDLE]


@pytest.mark.parametrize(
    ("max_faces", "order", "chosen"),
    [
        (0, "left_to_right", [SMALL, MIDDLE, LARGE]),
        (0, "largest_first", [LARGE, MIDDLE, SMALL]),
        (2, "left_to_right", [MIDDLE, LARGE]),
        (2, "largest_first", [LARGE, MIDDLE]),
        (1, "left_to_right", [LARGE]),
        (9, "largest_first", [LARGE, MIDDLE, SMALL]),
    ],
)
def test_the_largest_are_kept_and_put_in_order(max_faces, order, chosen) -> None:
    assert choose(FOUND, max_faces, order) == chosen


def test_left_and_right_are_told_by_the_middle_of_the_face() -> None:
    wide, narrow = detection_at(0, 0, side=100), detection_at(20, 0, side=20)
    assert choose([wide, narrow], 0, "left_to_right") == [narrow, wide]


@given(
    st.lists(st.integers(0, 99).map(lambda x: detection_at(x, x, side=1 + x))), st.integers(0, 9)
)
def test_nothing_is_made_up_and_no_larger_face_is_left_out(found, max_faces) -> None:
    chosen = choose(found, max_faces, "largest_first")
    assert len(chosen) == min(len(found), max_faces or len(found))
    areas = sorted((face.box.area for face in found), reverse=True)
    assert [face.box.area for face in chosen] == areas[: len(chosen)]
