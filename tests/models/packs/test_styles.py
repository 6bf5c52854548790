import json

import numpy as np
import pytest

from vultus.cli.new_pack import StyleName
from vultus.errors import InvalidValue
from vultus.models.packs.styles import STYLES, read_points

ARCFACE = STYLES["arcface"]
FIVE = [[30, 40], [70, 40], [50, 60], [35, 80], [65, 80]]


def test_the_command_line_offers_every_style():
    assert {style.value for style in StyleName} == set(STYLES)


@pytest.mark.parametrize(
    ("style", "pixel", "value"),
    [
        ("arcface", (0, 127.5, 255), (-1, 0, 1)),
        ("imagenet", (0, 255, 124), (-2.1179, 2.4286, 0.3568)),
        ("facenet", (0, 255, 128), (-0.9961, 0.9961, 0.0039)),
    ],
)
def test_pixels_become_the_values_that_the_family_was_trained_on(style, pixel, value):
    part = STYLES[style].input
    np.testing.assert_allclose((np.array(pixel) - part.mean) * part.scale, value, atol=1e-4)


@pytest.mark.parametrize("style", STYLES.values(), ids=list(STYLES))
def test_the_points_are_a_face_in_the_chip(style):
    for points in style.points.values():
        left_eye, right_eye, nose, left_mouth, right_mouth = np.array(points)
        assert left_eye[0] < nose[0] < right_eye[0]
        assert left_mouth[0] < nose[0] < right_mouth[0]
        assert max(left_eye[1], right_eye[1]) < nose[1] < min(left_mouth[1], right_mouth[1])
        assert (np.array(points) < style.input.width).all()


def test_a_changed_style_keeps_the_rest():
    changed = ARCFACE.changed(colour="bgr", mean=None)
    assert changed.input.colour == "bgr"
    assert changed.input.model_copy(update={"colour": "rgb"}) == ARCFACE.input
    assert changed.points == ARCFACE.points


def test_another_size_needs_points_of_its_own():
    with pytest.raises(InvalidValue, match="points"):
        ARCFACE.changed(width=96)
    assert ARCFACE.changed(FIVE, width=96).points == {"mtcnn": FIVE, "yunet": FIVE}


@pytest.mark.parametrize(
    "change", [{"width": 0}, {"height": 5000}, {"colour": "grey"}, {"scale": (0.0, 1.0, 1.0)}]
)
def test_an_impossible_value_is_named(change):
    with pytest.raises(InvalidValue, match=next(iter(change))):
        ARCFACE.changed(FIVE, **change)


def test_points_are_read_from_a_file(tmp_path):
    file = tmp_path / "points.json"
    file.write_text(json.dumps(FIVE))
    assert read_points(file) == tuple(map(tuple, FIVE))


@pytest.mark.parametrize(
    "text",
    ["", "[]", "[[1, 2]]", '[["x", 1]]', json.dumps([*FIVE, [1, 2]]), json.dumps(FIVE[:1] * 5)],
)
def test_a_file_of_anything_else_is_refused(tmp_path, text):
    file = tmp_path / "points.json"
    file.write_text(text)
    with pytest.raises(InvalidValue, match="five"):
        read_points(file)


def test_a_file_of_points_that_cannot_be_read_is_said_to_be_so(tmp_path):
    with pytest.raises(InvalidValue, match=r"absent\.json cannot be read \(No such file"):
        read_points(tmp_path / "absent.json")
