from io import BytesIO

import numpy as np
import pytest
from PIL import Image as pillow

from fakes import FIVE, FakeDetector, FakeEmbedder, detection_at
from vultus.domain.face import Detection
from vultus.errors import InvalidValue
from vultus.vision.align import Aligner
from vultus.vision.assess import QualityThresholds
from vultus.vision.decode import DecodeLimits
from vultus.vision.pipeline import FacePipeline
from vultus.vision.read import ImageReader

LIMITS = DecodeLimits(max_bytes=10**7, max_pixels=10**7, max_side_px=10**5, max_frames=10)
GREY = np.full((600, 800, 3), 127, np.uint8)


def pipeline(*found: Detection, long_side_px: int = 4000, max_faces: int = 0) -> FacePipeline:
    return FacePipeline(
        reader=ImageReader(LIMITS, long_side_px),
        detector=FakeDetector(*found),
        aligner=Aligner(FIVE, 40, 40),
        embedder=FakeEmbedder(),
        thresholds=QualityThresholds.named("standard"),
        long_side_px=long_side_px,
        max_faces=max_faces,
        order="left_to_right",
    )


def jpeg(rgb: np.ndarray) -> bytes:
    file = BytesIO()
    pillow.fromarray(rgb).save(file, "JPEG")
    return file.getvalue()


def test_every_face_gets_a_template_of_the_model_from_its_own_chip() -> None:
    rgb = GREY.copy()
    rgb[:, 400:] = (200, 0, 0)
    left, right = pipeline(detection_at(500, 100), detection_at(100, 100)).faces(rgb)
    assert left.detection.box.x1 < right.detection.box.x1
    assert left.template.similarity(right.template) < 0.9
    np.testing.assert_allclose(left.template.vector, [0.577] * 3, atol=1e-3)


def test_an_image_without_faces_gives_an_empty_list() -> None:
    assert pipeline().faces(GREY) == []


def test_bytes_and_pixels_give_the_same_faces() -> None:
    one = pipeline(detection_at(100, 100))
    assert one.detect(jpeg(GREY)) == one.detect(GREY)


def test_faces_found_in_a_shrunk_image_are_given_in_pixels_of_the_file() -> None:
    (found,) = pipeline(detection_at(100, 50), long_side_px=400).detect(GREY)
    assert found.detection.box.xyxy == pytest.approx((200, 100, 280, 180))


def test_a_jpeg_decoded_at_reduced_scale_still_answers_in_pixels_of_the_file() -> None:
    large = np.full((1600, 2400, 3), 127, np.uint8)
    one = pipeline(detection_at(100, 50), long_side_px=600)
    assert one.reader.read(jpeg(large)).shrink == 4
    (found,) = one.detect(jpeg(large))
    assert found.detection.box.xyxy == pytest.approx((400, 200, 560, 360))


def test_face_only_takes_the_whole_image_as_the_face() -> None:
    (found,) = pipeline(detection_at(1, 1), detection_at(90, 90)).faces(GREY, face_only=True)
    assert found.detection.box.xyxy == (0, 0, 800, 600)


def test_only_the_largest_faces_are_kept_when_there_are_too_many() -> None:
    found = [detection_at(x, 10, side) for x, side in ((0, 40), (200, 90), (400, 60))]
    kept = pipeline(*found, max_faces=2).detect(GREY)
    assert [face.detection.box.width for face in kept] == [90, 60]


@pytest.mark.parametrize(
    "wrong", [GREY.astype(np.float32), GREY[..., 0], np.zeros((0, 5, 3), np.uint8)]
)
def test_pixels_of_another_kind_are_refused(wrong: np.ndarray) -> None:
    with pytest.raises(InvalidValue):
        pipeline().detect(wrong)
