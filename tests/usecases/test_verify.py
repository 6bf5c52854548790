import pytest

from fakes import detection_at, face, template
from vultus.domain.face import Face, Quality
from vultus.errors import NoFace
from vultus.matching.policy import Decision, Policy
from vultus.matching.thresholds import Threshold
from vultus.usecases.verify import Portrait, verify

POLICY = Policy(Threshold(0.9, "pack", fmr=1e-3, protocol="made up"), uncertain_from=0.8)


def photo(faces: list[Face]) -> Portrait:
    """A photo of 40 x 40 pixels."""
    return Portrait(faces, 40, 40)


def test_the_same_direction_is_a_match_with_its_reason() -> None:
    answer = verify(photo([face(1, 0)]), photo([face(1, 0.1)]), POLICY, None)
    assert answer.decision is Decision.MATCH
    assert answer.reasons == ("similarity 0.995 reaches the threshold 0.900",)


def test_of_several_faces_the_largest_is_compared_and_that_is_said() -> None:
    answer = verify(
        photo([face(0, 1, side=30), face(1, 0, side=60)]), photo([face(1, 0)]), POLICY, None
    )
    assert answer.decision is Decision.MATCH
    assert "of 2 faces in one photo the largest near its middle was compared" in answer.reasons


def test_a_poor_picture_is_named_among_the_reasons() -> None:
    answer = verify(photo([face(1, 0)]), photo([face(1, 0, reasons=("too_dark",))]), POLICY, None)
    assert "one face is too dark" in answer.reasons


@pytest.mark.parametrize(("first", "second"), [([], [face(1, 0)]), ([face(1, 0)], [])])
def test_a_photo_without_a_face_is_an_error(first: list, second: list) -> None:
    with pytest.raises(NoFace):
        verify(photo(first), photo(second), POLICY, None)


def at(x: float, y: float, side: float) -> Face:
    return Face(detection_at(x, y, side), Quality(0.9, ()), template(1, 0))


@pytest.mark.parametrize(
    ("faces", "main"),
    [
        ([at(80, 80, 40), at(10, 80, 38)], 0),
        ([at(0, 80, 45), at(80, 80, 40)], 1),
        ([at(30, 30, 100), at(90, 90, 20)], 0),
    ],
)
def test_the_main_face_is_the_largest_unless_it_is_far_from_the_middle(
    faces: list[Face], main: int
) -> None:
    assert Portrait(faces, 200, 200).main is faces[main]
