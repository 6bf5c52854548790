"""What every Detector promises, whatever network is behind it."""

import csv
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
import pytest

from photos import around, read, resized, shown_with, side_by_side
from vultus.domain.face import Detection
from vultus.models.inference.onnx import OnnxNetwork, OnnxOptions
from vultus.models.packs.importers.yunet import free_yunet
from vultus.models.packs.pack import Pack
from vultus.vision.detect.mtcnn import MtcnnDetector
from vultus.vision.detect.port import Detector
from vultus.vision.detect.yunet import YunetDetector

CPU = OnnxOptions(threads=1, provider="CPUExecutionProvider", optimization="all")
YUNET = "models/face_detection_yunet_2023mar.onnx"

PORTRAITS = [
    "people/Barack Obama/official.jpg",
    "people/Eileen Collins/astronaut.png",
    "photos/address.jpg",
    "photos/blue_room.jpg",
    "photos/half_a_face.jpg",
    "photos/stranger.jpg",
    "photos/transparent.png",
]
PORTRAIT = PORTRAITS[0]


def mtcnn(request: pytest.FixtureRequest, min_face_px: float) -> Detector:
    pack: Pack = request.getfixturevalue("dlib_pack")
    networks = {
        role: OnnxNetwork(role, pack.read(key), CPU)
        for role, key in pack.manifest.detector.networks.items()
    }
    return MtcnnDetector(**networks, min_face_px=min_face_px)


def yunet(request: pytest.FixtureRequest, min_face_px: float) -> Detector:
    model = free_yunet((request.getfixturevalue("data_dir") / YUNET).read_bytes(), YUNET)
    network = OnnxNetwork("detect", model.SerializeToString(), CPU)
    return YunetDetector(network, min_face_px=min_face_px)


def yunet_of_fixed_size(request: pytest.FixtureRequest, min_face_px: float) -> Detector:
    model = (request.getfixturevalue("data_dir") / YUNET).read_bytes()
    return YunetDetector(OnnxNetwork("detect", model, CPU), min_face_px=min_face_px)


@pytest.fixture(
    scope="module",
    params=[
        mtcnn,
        pytest.param(yunet, marks=pytest.mark.data),
        pytest.param(yunet_of_fixed_size, marks=pytest.mark.data),
    ],
)
def make(request: pytest.FixtureRequest) -> Callable[[float], Detector]:
    return lambda min_face_px: request.param(request, min_face_px)


@pytest.fixture(scope="module")
def detector(make: Callable[[float], Detector]) -> Detector:
    return make(40)


def only(found: list[Detection]) -> Detection:
    (face,) = found
    return face


def eyes_to_mouth(face: Detection) -> float:
    points = face.landmarks.points
    return float(np.linalg.norm(points[:2].mean(axis=0) - points[3:].mean(axis=0)))


def landmark_error(face: Detection, wanted: np.ndarray) -> float:
    """Mean distance of the landmarks from where they should be, in distances eyes to mouth."""
    apart = np.linalg.norm(face.landmarks.points - wanted, axis=1)
    return float(apart.mean()) / eyes_to_mouth(face)


@pytest.mark.parametrize("name", PORTRAITS)
def test_the_one_face_of_a_portrait_is_found(
    detector: Detector, portraits: Path, name: str
) -> None:
    face = only(detector.detect(read(portraits / name)))
    assert 0.8 < face.confidence <= 1
    left_eye, right_eye, nose, left_mouth, right_mouth = face.landmarks.points
    assert left_eye[0] < right_eye[0]
    assert left_mouth[0] < right_mouth[0]
    assert max(left_eye[1], right_eye[1]) < nose[1] < min(left_mouth[1], right_mouth[1])
    assert (face.landmarks.points > face.box.xyxy[:2]).all()
    assert (face.landmarks.points < face.box.xyxy[2:]).all()


@pytest.mark.parametrize(
    "rgb",
    [
        np.full((480, 640, 3), 127, np.uint8),
        np.zeros((100, 100, 3), np.uint8),
        np.random.default_rng(0).integers(0, 256, (480, 640, 3), np.uint8),
        np.indices((400, 400)).sum(axis=0)[:, :, None].repeat(3, axis=2).astype(np.uint8),
    ],
    ids=["grey", "black", "noise", "stripes"],
)
def test_where_there_is_no_face_none_is_found(detector: Detector, rgb: np.ndarray) -> None:
    assert detector.detect(rgb) == []


@pytest.mark.parametrize("shape", [(1, 1), (5, 300), (300, 5), (1, 3000), (13, 13), (33, 65)])
def test_an_image_too_small_for_a_face_gives_an_empty_list(
    detector: Detector, shape: tuple[int, int]
) -> None:
    assert detector.detect(np.full((*shape, 3), 90, np.uint8)) == []


def test_the_face_moves_with_the_image(detector: Detector, portraits: Path) -> None:
    rgb = read(portraits / PORTRAIT)
    face = only(detector.detect(rgb))
    moved = only(detector.detect(shown_with(rgb, left=61, top=34)))
    motion = np.array([61, 34])
    assert landmark_error(moved, face.landmarks.points + motion) < 0.08
    wanted = np.array(face.box.xyxy) + np.tile(motion, 2)
    np.testing.assert_allclose(moved.box.xyxy, wanted, atol=0.08 * face.box.width)


@pytest.mark.parametrize("factor", [0.35, 0.6, 1.7])
def test_the_face_grows_with_the_image(detector: Detector, portraits: Path, factor: float) -> None:
    rgb = read(portraits / PORTRAIT)
    face = only(detector.detect(rgb)).scaled(factor)
    scaled = only(detector.detect(resized(rgb, factor)))
    assert landmark_error(scaled, face.landmarks.points) < 0.1
    assert scaled.box.iou(face.box) > 0.75


@pytest.mark.parametrize("share", [0.9, 1, 1.2])
@pytest.mark.parametrize("name", PORTRAITS[:4])
def test_landmarks_stay_where_they_are_when_the_photo_is_cut_to_the_face(
    detector: Detector, portraits: Path, name: str, share: float
) -> None:
    rgb = read(portraits / name)
    face = only(detector.detect(rgb))
    crop, corner = around(rgb, face.box, share)
    alone = only(detector.detect(crop))
    assert landmark_error(alone, face.landmarks.points - corner) < 0.15


def test_a_face_that_fills_a_large_frame_is_found(detector: Detector, portraits: Path) -> None:
    rgb = read(portraits / PORTRAIT)
    crop, _ = around(rgb, only(detector.detect(rgb)).box, 1.1)
    large = resized(crop, 2000 / max(crop.shape))
    assert only(detector.detect(large)).box.side > 1200


def test_faces_below_the_smallest_are_not_looked_for(
    make: Callable[[float], Detector], portraits: Path
) -> None:
    rgb = read(portraits / PORTRAIT)
    face = only(make(40).detect(rgb))
    small = resized(rgb, 40 / face.box.side)
    assert len(make(20).detect(small)) == 1
    assert make(120).detect(small) == []


def test_the_most_confident_face_comes_first(detector: Detector, portraits: Path) -> None:
    photos = [read(portraits / name) for name in PORTRAITS]
    found = detector.detect(np.hstack([cv2.resize(photo, (400, 500)) for photo in photos]))
    confidences = [face.confidence for face in found]
    assert len(set(confidences)) == len(PORTRAITS)
    assert confidences == sorted(confidences, reverse=True)


def test_every_face_of_a_crowd_is_found(detector: Detector, portraits: Path) -> None:
    rgb = read(portraits / PORTRAIT)
    one, _ = around(rgb, only(detector.detect(rgb)).box, 1.6)
    crowd = side_by_side(resized(one, 100 / max(one.shape)), columns=16, rows=9)
    assert len(detector.detect(crowd)) == 16 * 9


def test_threads_share_a_detector(detector: Detector, portraits: Path) -> None:
    photos = [resized(read(portraits / name), 0.5) for name in PORTRAITS[:4]]
    alone = [detector.detect(photo) for photo in photos]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(detector.detect, photos * 4))
    assert together == alone * 4


def test_the_image_is_left_as_it_is_and_may_be_read_only(
    detector: Detector, portraits: Path
) -> None:
    rgb = read(portraits / PORTRAIT).copy()
    before = rgb.copy()
    rgb.flags.writeable = False
    assert detector.detect(rgb) == detector.detect(np.asfortranarray(before))
    np.testing.assert_array_equal(rgb, before)


@pytest.mark.data
def test_each_sample_photo_has_as_many_faces_as_its_manifest_says(
    detector: Detector, samples_dir: Path
) -> None:
    with (samples_dir / "manifest.csv").open() as file:
        expected = {row["file"]: int(row["expected_faces"]) for row in csv.DictReader(file)}
    found = {name: len(detector.detect(read(samples_dir / name))) for name in expected}
    assert found == expected
