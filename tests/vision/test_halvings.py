import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from vultus.vision.halvings import Halvings

RAMP = np.broadcast_to(np.arange(256, dtype=np.uint8)[None, :, None], (256, 256, 3)).copy()
CHECKERBOARD = np.where(np.indices((256, 256)).sum(axis=0) % 2, 255, 0).astype(np.uint8)
CHECKERBOARD = np.repeat(CHECKERBOARD[:, :, None], 3, axis=2)


def scaling(factor: float, left: float = 0, top: float = 0) -> NDArray[np.float64]:
    return np.array([[[factor, 0, left], [0, factor, top]]])


def test_a_patch_at_full_size_is_that_part_of_the_image() -> None:
    (patch,) = Halvings(RAMP).cut(scaling(1, left=7, top=3), 20, 10)
    np.testing.assert_array_equal(patch, RAMP[3:13, 7:27])


@given(factor=st.floats(0.3, 15), left=st.floats(0, 20))
def test_a_patch_shows_the_places_that_it_maps_to(factor: float, left: float) -> None:
    (patch,) = Halvings(RAMP).cut(scaling(factor, left), 15, 15)
    # Pixel i of the ramp has the value i and its centre at i + 0.5.
    expected = left + factor * (np.arange(15) + 0.5) - 0.5
    inside = (expected > 0) & (expected < 255)
    np.testing.assert_allclose(patch[7, inside, 0], expected[inside], atol=1.01)


@pytest.mark.parametrize("factor", [2, 3, 4.5, 9])
def test_what_is_shrunk_is_averaged(factor: float) -> None:
    (patch,) = Halvings(CHECKERBOARD).cut(scaling(factor), 20, 20)
    assert np.ptp(patch) <= 1
    assert patch.mean() == pytest.approx(127.5, abs=1)


def test_outside_the_image_a_patch_has_the_given_value() -> None:
    (patch,) = Halvings(np.full((8, 8, 3), 200, np.uint8)).cut(scaling(1, left=-4), 8, 8, outside=9)
    assert (patch[:, :3] == 9).all()
    assert (patch[:, 5:] == 200).all()


def test_no_places_give_no_patches() -> None:
    assert Halvings(RAMP).cut(np.empty((0, 2, 3)), 20, 10).shape == (0, 10, 20, 3)


@pytest.mark.parametrize("shape", [(1, 1), (1, 300), (5, 3), (257, 31)])
def test_images_of_any_shape_are_resized_and_cut(shape: tuple[int, int]) -> None:
    sizes = Halvings(np.full((*shape, 3), 50, np.uint8))
    target = np.zeros((3, 4, 3), np.uint8)
    sizes.resize_into(target)
    assert (target == 50).all()
    assert sizes.cut(scaling(64, left=-60), 4, 4).shape == (1, 4, 4, 3)


def test_a_part_of_a_larger_array_can_be_filled() -> None:
    canvas = np.zeros((20, 20, 3), np.uint8)
    Halvings(CHECKERBOARD).resize_into(canvas[4:-4, 4:-4])
    assert (canvas[4:-4, 4:-4] > 120).all()
    assert canvas[:4].max() == 0
