from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from photos import read, resized
from vultus.domain.face import Box
from vultus.errors import InvalidValue
from vultus.models.inference.onnx import OnnxNetwork, OnnxOptions
from vultus.models.inference.port import Tensors, TensorSpec
from vultus.vision.detect.yunet import YunetDetector

CPU = OnnxOptions(threads=1, provider="CPUExecutionProvider", optimization="all")
FILE = "models/face_detection_yunet_2023mar.onnx"


class OneFace:
    """Sees a face of 64 by 96 pixels of its input at a place of it; keeps what it was shown."""

    def __init__(self, x: int, y: int, side_px: int | None = None) -> None:
        self.inputs = (TensorSpec("input", np.dtype(np.float32), (1, 3, side_px, side_px)),)
        self.outputs = ()
        self.shown: list[NDArray[np.float32]] = []
        self._x, self._y = x, y

    def run(self, inputs: Tensors) -> dict[str, NDArray[Any]]:
        pixels = inputs["input"]
        self.shown.append(pixels)
        given = {}
        for stride in (8, 16, 32):
            columns = pixels.shape[3] // stride
            cells = columns * (pixels.shape[2] // stride)
            for kind, size in (("cls", 1), ("obj", 1), ("bbox", 4), ("kps", 10)):
                given[f"{kind}_{stride}"] = np.zeros((1, cells, size), np.float32)
        cell = self._y // 16 * (pixels.shape[3] // 16) + self._x // 16
        given["cls_16"][0, cell], given["obj_16"][0, cell] = 1, 0.81
        given["bbox_16"][0, cell] = 0, 0, np.log(4), np.log(6)
        given["kps_16"][0, cell] = np.arange(10) / 10
        return given


def test_a_cell_of_the_network_becomes_a_face_of_the_image() -> None:
    (face,) = YunetDetector(OneFace(160, 96)).detect(np.zeros((200, 250, 3), np.uint8))
    # The input has a margin of 32 pixels.
    assert face.box.xyxy == pytest.approx((96, 16, 160, 112))
    assert face.confidence == pytest.approx(0.9)
    np.testing.assert_allclose(face.landmarks.points[0], (128, 64 + 1.6), atol=1e-3)
    np.testing.assert_allclose(face.landmarks.points[4], (128 + 12.8, 64 + 14.4), atol=1e-3)


def test_the_network_sees_bgr_amid_grey_in_multiples_of_its_cells() -> None:
    network = OneFace(64, 64)
    rgb = np.zeros((200, 250, 3), np.uint8)
    rgb[:] = 10, 20, 30
    YunetDetector(network).detect(rgb)
    (seen,) = network.shown
    assert seen.shape == (1, 3, 288, 320)
    assert seen[0, :, 40, 40].tolist() == [30, 20, 10]
    assert (seen[0, :, :32] == 127).all()


def test_a_network_of_fixed_size_gets_that_size() -> None:
    network = OneFace(160, 96, side_px=320)
    (face,) = YunetDetector(network, min_face_px=20).detect(np.zeros((1024, 512, 3), np.uint8))
    assert [seen.shape for seen in network.shown] == [(1, 3, 320, 320)]
    assert face.box.xyxy == pytest.approx((384, 64, 640, 448))


@pytest.mark.parametrize(
    ("height", "width", "long_sides"),
    [(240, 250, [250]), (480, 640, [640, 256]), (2000, 3000, [1050, 256])],
)
def test_large_images_are_seen_twice(height: int, width: int, long_sides: list[int]) -> None:
    network = OneFace(0, 0)
    YunetDetector(network).detect(np.zeros((height, width, 3), np.uint8))
    seen = [max(pixels.shape) - 64 for pixels in network.shown]
    assert all(0 <= size - side < 32 for size, side in zip(seen, long_sides, strict=True))


def test_faces_below_the_smallest_are_not_given() -> None:
    rgb = np.zeros((200, 250, 3), np.uint8)
    assert len(YunetDetector(OneFace(160, 96), min_face_px=64).detect(rgb)) == 1
    assert YunetDetector(OneFace(160, 96), min_face_px=65).detect(rgb) == []


@pytest.mark.parametrize(
    "option", [{"min_face_px": 0}, {"threshold": 1.5}, {"threshold": 0.0}, {"overlap": 1.0}]
)
def test_an_option_out_of_range_is_refused(option: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue):
        YunetDetector(OneFace(0, 0), **option)


@pytest.mark.data
def test_the_boxes_are_those_of_opencv(data_dir: Path, samples_dir: Path) -> None:
    file = data_dir / FILE
    ours = YunetDetector(OnnxNetwork("detect", file.read_bytes(), CPU))
    for path in sorted(samples_dir.glob("group_*.jpg")):
        rgb = read(path)
        rgb = resized(rgb, 576 / max(rgb.shape))
        theirs = cv2.FaceDetectorYN.create(str(file), "", rgb.shape[1::-1], 0.7)
        found = ours.detect(rgb)
        for x, y, width, height, *points, confidence in theirs.detect(rgb[:, :, ::-1].copy())[1]:
            box = Box(x, y, x + width, y + height)
            if box.side < 44:
                continue
            same = max(found, key=lambda face: face.box.iou(box))
            assert same.box.iou(box) > 0.95
            assert same.confidence == pytest.approx(confidence, abs=0.01)
            wanted = np.reshape(points, (5, 2))
            np.testing.assert_allclose(same.landmarks.points, wanted, atol=0.02 * width)
