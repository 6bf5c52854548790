from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from vultus.errors import InvalidValue
from vultus.models.inference.port import Tensors, TensorSpec
from vultus.vision.detect.mtcnn import CHUNK_PIXELS, LOOKS, OUTPUT_PX, MtcnnDetector

RGB = TensorSpec("rgb", np.dtype(np.uint8), (None, None, None, 3))
POINTS = np.array([[0.3, 0.4], [0.7, 0.4], [0.5, 0.6], [0.35, 0.8], [0.65, 0.8]], np.float32)


class Bright:
    """Stands in for a network of the cascade: sure of every window whose middle is white."""

    inputs, outputs = (RGB,), ()

    def __init__(self) -> None:
        self.batches: list[int] = []

    def run(self, inputs: Tensors) -> dict[str, NDArray[Any]]:
        rgb = inputs["rgb"]
        self.batches.append(len(rgb))
        middle = rgb.shape[1] // 2
        scores = np.where(rgb[:, middle, middle, 0] > 250, 0.9, 0.1).astype(np.float32)
        return {
            "scores": scores,
            "offsets": np.zeros((len(rgb), 4), np.float32),
            "landmarks": np.tile(POINTS, (len(rgb), 1, 1)),
        }


class BrightWindows(Bright):
    """The same for windows of 12 pixels at every second place."""

    def run(self, inputs: Tensors) -> dict[str, NDArray[Any]]:
        white = inputs["rgb"][:, 6:-5:2, 6:-5:2, 0] > 250
        scores = np.where(white, 0.9, 0.1).astype(np.float32)
        return {"scores": scores, "offsets": np.zeros((1, 4, *scores.shape[1:]), np.float32)}


def spots(*places: tuple[int, int]) -> NDArray[np.uint8]:
    """White squares of 4 pixels, in the middle of what the cascade takes for faces of 12."""
    rgb = np.zeros((200, 300, 3), np.uint8)
    for x, y in places:
        rgb[y - 2 : y + 2, x - 2 : x + 2] = 255
    return rgb


def test_a_face_is_given_where_it_is_seen() -> None:
    (face,) = MtcnnDetector(BrightWindows(), Bright(), Bright(), 12).detect(spots((100, 60)))
    assert face.confidence == pytest.approx(0.9)
    assert ((face.box.x1 + face.box.x2) / 2, (face.box.y1 + face.box.y2) / 2) == pytest.approx(
        (100, 60), abs=2.5
    )
    in_box = (face.landmarks.points - face.box.xyxy[:2]) / (face.box.width, face.box.height)
    np.testing.assert_allclose(in_box, POINTS, atol=1e-4)


def test_any_number_of_faces_is_seen_in_chunks() -> None:
    places = [(x, y) for x in range(20, 290, 20) for y in range(20, 190, 20)]
    last = Bright()
    found = MtcnnDetector(BrightWindows(), Bright(), last, 12).detect(spots(*places))
    assert len(found) == len(places)
    assert sum(last.batches) >= len(places) * len(LOOKS)
    assert max(last.batches) == CHUNK_PIXELS // OUTPUT_PX**2


def test_what_only_the_first_look_takes_for_a_face_is_none() -> None:
    class Once(Bright):
        def run(self, inputs: Tensors) -> dict[str, NDArray[Any]]:
            given = super().run(inputs)
            return given if len(self.batches) == 1 else given | {"scores": given["scores"] * 0.5}

    assert MtcnnDetector(BrightWindows(), Bright(), Once(), 12).detect(spots((100, 60))) == []


def test_a_face_without_an_area_is_none() -> None:
    class InsideOut(Bright):
        def run(self, inputs: Tensors) -> dict[str, NDArray[Any]]:
            return super().run(inputs) | {
                "offsets": np.tile(np.float32([2, 0, -2, 0]), (len(inputs["rgb"]), 1))
            }

    assert MtcnnDetector(BrightWindows(), Bright(), InsideOut(), 12).detect(spots((100, 60))) == []


@pytest.mark.parametrize(
    "option",
    [
        {"min_face_px": 11},
        {"factor": 1.0},
        {"factor": 0.0},
        {"thresholds": (0.6, 1.2, 0.7)},
        {"min_confidence": 0},
    ],
)
def test_an_option_out_of_range_is_refused(option: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue):
        MtcnnDetector(BrightWindows(), Bright(), Bright(), **option)
