import numpy as np
import pytest

from vultus.vision.detect.pyramid import MARGIN_PX, STRIP_PIXELS, Strip, Window, strips
from vultus.vision.halvings import Halvings

WINDOW = Window(side_px=12, stride_px=2)


def shown(height: int, width: int, min_face_px: float = 40) -> list[Strip]:
    rgb = np.full((height, width, 3), 200, np.uint8)
    return list(strips(rgb, Halvings(rgb), WINDOW, min_face_px, 0.7, outside=9))


def faces_px(found: list[Strip]) -> list[float]:
    """The face that fills the window, per level."""
    return sorted({strip.ratio[1] * WINDOW.side_px for strip in found})


def test_levels_go_from_the_smallest_face_to_one_that_overfills_the_frame() -> None:
    sizes = faces_px(shown(480, 640))
    assert sizes[0] == pytest.approx(40, rel=0.02)
    assert 0.7 * 960 <= sizes[-1] <= 960 * 1.1


@pytest.mark.parametrize(("height", "width"), [(1, 1), (5, 300), (19, 19)])
def test_an_image_too_small_for_a_face_is_not_shown(height: int, width: int) -> None:
    assert shown(height, width) == []


def test_around_each_level_is_a_margin() -> None:
    for strip in shown(100, 150):
        assert (strip.rgb[:, :MARGIN_PX] == 9).all()
        assert (strip.rgb[:MARGIN_PX] == 9).all()
        assert strip.rgb[MARGIN_PX + 1, MARGIN_PX + 1, 0] == 200


def test_a_place_in_a_strip_is_one_in_the_image() -> None:
    first = shown(480, 640)[0]
    height, width = (side - MARGIN_PX for side in first.rgb.shape[:2])
    corners = np.array([[MARGIN_PX, MARGIN_PX], [width, height]]) + first.shift
    np.testing.assert_allclose(corners * first.ratio, [[0, 0], [640, 480]], rtol=1e-5)


def test_large_levels_come_in_strips_that_hold_every_window_once() -> None:
    found = [strip for strip in shown(3000, 1000, min_face_px=12) if strip.level == 0]
    assert len(found) > 5
    tops = [
        strip.shift[1] + MARGIN_PX + row
        for strip in found
        for row in range(0, strip.rgb.shape[0] - WINDOW.side_px + 1, WINDOW.stride_px)
    ]
    assert tops == list(range(0, 3000 + 2 * MARGIN_PX - WINDOW.side_px + 1, WINDOW.stride_px))
    assert all(strip.rgb[:, :, 0].size < STRIP_PIXELS * 1.1 for strip in found)
