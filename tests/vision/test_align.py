import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from vultus.domain.face import Landmarks
from vultus.errors import InvalidValue
from vultus.vision.align import Aligner, similarity_transform

POINTS = np.array([[30, 40], [70, 40], [50, 60], [35, 80], [65, 80]], np.float32)
FACE = (POINTS + 0.5) * 1.5 + (40, 25)

turns = st.floats(-np.pi, np.pi)
scales = st.floats(0.3, 4)
shifts = st.tuples(st.floats(-100, 100), st.floats(-100, 100))
faces = st.lists(st.floats(0, 200), min_size=10, max_size=10).map(
    lambda numbers: np.array(numbers, np.float32).reshape(5, 2)
)


def similarity(turn: float, scale: float, shift: tuple[float, float]) -> NDArray[np.float64]:
    cos, sin = scale * np.cos(turn), scale * np.sin(turn)
    return np.array([[cos, -sin, shift[0]], [sin, cos, shift[1]]])


def moved(points: NDArray[np.float32], affine: NDArray[np.float64]) -> NDArray[np.float32]:
    return (points @ affine[:, :2].T + affine[:, 2]).astype(np.float32)


def after(second: NDArray[np.float64], first: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.column_stack([second[:, :2] @ first[:, :2], moved(first[:, 2], second)])


def picture(size_px: int = 256) -> NDArray[np.uint8]:
    """Soft spots, unlike in every direction."""
    noise = np.random.default_rng(3).integers(0, 255, (12, 12, 3), np.uint8)
    return cv2.resize(noise, (size_px, size_px), interpolation=cv2.INTER_CUBIC)


def chip_of(rgb: NDArray[np.uint8], points: NDArray[np.float32]) -> NDArray[np.uint8]:
    (chip,) = Aligner(POINTS, 100, 120).chips(rgb, [Landmarks(points)])
    return chip


@given(turn=turns, scale=scales, shift=shifts)
def test_a_similarity_is_recovered(turn: float, scale: float, shift: tuple[float, float]) -> None:
    wanted = similarity(turn, scale, shift)
    found = similarity_transform(POINTS, moved(POINTS, wanted))
    np.testing.assert_allclose(found, wanted, atol=1e-4)


@given(face=faces, turn=turns, scale=scales, shift=shifts)
def test_alignment_follows_the_face(
    face: NDArray[np.float32], turn: float, scale: float, shift: tuple[float, float]
) -> None:
    motion = similarity(turn, scale, shift)
    before, later = (similarity_transform(POINTS, face) for face in (face, moved(face, motion)))
    np.testing.assert_allclose(later, after(motion, before), atol=1e-3)


@given(face=faces, shift=shifts, factor=st.floats(0.8, 1.25), turn=st.floats(-0.2, 0.2))
def test_no_other_similarity_brings_the_points_closer(
    face: NDArray[np.float32], shift: tuple[float, float], factor: float, turn: float
) -> None:
    best = similarity_transform(POINTS, face)
    other = after(similarity(turn, factor, shift), best)
    distances = [np.sum((moved(POINTS, affine) - face) ** 2) for affine in (best, other)]
    assert distances[0] <= distances[1] + 1e-2


@pytest.mark.parametrize("turn", [0, 0.5, 2, np.pi])
@pytest.mark.parametrize("scale", [0.7, 1, 2.5])
def test_a_photo_turned_scaled_and_moved_gives_the_same_chip(turn: float, scale: float) -> None:
    motion = similarity(turn, scale, (800, 800))
    centres = motion.copy()
    centres[:, 2] += motion[:, :2] @ (0.5, 0.5) - 0.5
    rgb = picture()
    turned = cv2.warpAffine(rgb, centres, (1600, 1600), flags=cv2.INTER_LINEAR)
    difference = cv2.absdiff(chip_of(turned, moved(FACE, motion)), chip_of(rgb, FACE))
    assert difference.mean() < 2


def test_a_face_that_already_lies_on_the_points_is_cut_out_as_it_is() -> None:
    rgb = picture()
    np.testing.assert_array_equal(chip_of(rgb, POINTS + 0.5 + (20, 30)), rgb[30:150, 20:120])


def test_a_large_face_is_averaged_down() -> None:
    fine = np.random.default_rng(4).integers(0, 255, (2000, 2000, 3), np.uint8)
    assert chip_of(fine, (POINTS + 0.5) * 16).std() < fine.std() / 8


def test_what_lies_outside_the_image_is_black() -> None:
    chip = chip_of(np.full((100, 100, 3), 200, np.uint8), POINTS + 0.5 - (50, 0))
    assert (chip[:99, 51:] == 200).all()
    assert (chip[:, :49] == 0).all()


@pytest.mark.parametrize("place", [0, 37, 1e9, -1e30])
def test_landmarks_that_coincide_still_give_a_chip(place: float) -> None:
    assert chip_of(picture(), np.full((5, 2), place)).shape == (120, 100, 3)


def test_mirrored_landmarks_do_not_mirror_the_chip() -> None:
    affine = similarity_transform(POINTS, POINTS * (-1, 1))
    assert np.linalg.det(affine[:, :2]) >= 0


def test_several_faces_give_a_chip_each_in_their_order() -> None:
    rgb = picture()
    both = Aligner(POINTS, 100, 120).chips(rgb, [Landmarks(FACE), Landmarks(POINTS)])
    np.testing.assert_array_equal(both, [chip_of(rgb, FACE), chip_of(rgb, POINTS)])


def test_no_landmarks_give_no_chips() -> None:
    assert Aligner(POINTS, 100, 120).chips(picture(), []).shape == (0, 120, 100, 3)


@pytest.mark.parametrize("points", [POINTS[:4], np.full((5, 2), 7, np.float32)])
def test_points_that_are_not_five_places_are_refused(points: NDArray[np.float32]) -> None:
    with pytest.raises(InvalidValue):
        Aligner(points, 100, 120)


def test_a_chip_taken_as_one_face_is_its_own_chip() -> None:
    chip = picture()[:120, :100]
    whole = Aligner(POINTS, 100, 120).whole(chip)
    np.testing.assert_array_equal(chip_of(chip, whole.landmarks.points), chip)


@given(width=st.integers(1, 3000), height=st.integers(1, 3000))
def test_an_image_taken_as_one_face_is_seen_upright_and_in_proportion(
    width: int, height: int
) -> None:
    whole = Aligner(POINTS, 100, 120).whole(np.broadcast_to(np.uint8(0), (height, width, 3)))
    assert whole.box.xyxy == (0, 0, width, height)
    points = whole.landmarks.points
    factor = min(width / 100, height / 120)
    np.testing.assert_allclose(np.ptp(points, axis=0), np.ptp(POINTS, axis=0) * factor, rtol=1e-3)
    assert (points > 0).all()
    assert (points < (width, height)).all()
