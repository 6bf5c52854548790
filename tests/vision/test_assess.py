from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from photos import read, resized, shown_with
from vultus.domain.face import Box, Detection, Landmarks, Quality
from vultus.domain.image import Rgb
from vultus.errors import InvalidValue
from vultus.usecases.recognizer import Recognizer
from vultus.vision.assess import POLICIES, QualityThresholds, Reason, assess
from vultus.vision.measures import Measures, measure

OFFICIAL = "people/Barack Obama/official.jpg"
GOOD = [OFFICIAL, "photos/address.jpg", "photos/stranger.jpg"]
STANDARD = QualityThresholds.named("standard")

Grader = Callable[..., Quality]


@pytest.fixture(scope="session")
def found(recognizer: Recognizer, portraits: Path) -> dict[str, tuple[Rgb, Detection]]:
    """Photos, and the face in each."""
    return {
        name: (read(portraits / name), recognizer.detect(portraits / name)[0].detection)
        for name in GOOD
    }


@pytest.fixture(scope="session")
def chip_of(recognizer: Recognizer) -> Callable[[Rgb, Detection], Rgb]:
    return lambda rgb, face: recognizer.pipeline.aligner.chips(rgb, [face.landmarks])[0]


@pytest.fixture(scope="session")
def measured(chip_of) -> Callable[[Rgb, Detection], Measures]:
    return lambda rgb, face: measure(face, rgb, chip_of(rgb, face))


@pytest.fixture(scope="session")
def graded(chip_of) -> Grader:
    def grade(rgb: Rgb, face: Detection, asked: QualityThresholds = STANDARD) -> Quality:
        return assess(face, rgb, chip_of(rgb, face), asked)

    return grade


def blurred(rgb: Rgb, face: Detection, share: float) -> Rgb:
    """Blurred by a share of the face's width."""
    return cv2.GaussianBlur(rgb, (0, 0), share * face.box.width) if share else rgb


def toned(rgb: Rgb, contrast: float, lift: float) -> Rgb:
    return np.clip(rgb * contrast + lift, 0, 255).astype(np.uint8)


def cut_through(rgb: Rgb, face: Detection) -> tuple[Rgb, Detection]:
    """The photo without what lies left of 40 % of the face."""
    left = round(face.box.x1 + 0.4 * face.box.width)
    x1, y1, x2, y2 = face.box.xyxy
    points = face.landmarks.points - np.array([left, 0], np.float32)
    moved = Detection(Box(x1 - left, y1, x2 - left, y2), Landmarks(points), face.confidence)
    return np.ascontiguousarray(rgb[:, left:]), moved


@pytest.mark.parametrize("photo", GOOD)
def test_a_good_portrait_has_a_high_score_and_no_reasons(found, graded, photo) -> None:
    quality = graded(*found[photo])
    assert quality.score > 0.7
    assert quality.reasons == ()


@pytest.mark.parametrize("photo", GOOD)
@pytest.mark.parametrize(
    ("reason", "spoil"),
    [
        (Reason.TOO_DARK, lambda rgb, face: (toned(rgb, 0.2, 0), face)),
        (Reason.TOO_BRIGHT, lambda rgb, face: (toned(rgb, 0.3, 190), face)),
        (Reason.LOW_CONTRAST, lambda rgb, face: (toned(rgb, 0.12, 100), face)),
        (Reason.BLURRED, lambda rgb, face: (blurred(rgb, face, 0.03), face)),
        (Reason.CUT_BY_FRAME, cut_through),
        (Reason.LOW_CONFIDENCE, lambda rgb, face: (rgb, replace(face, confidence=0.85))),
        (
            Reason.TOO_SMALL,
            lambda rgb, face: (resized(rgb, 24 / face.box.side), face.scaled(24 / face.box.side)),
        ),
    ],
)
def test_what_was_done_to_a_photo_is_the_only_reason(found, graded, photo, reason, spoil) -> None:
    rgb, face = found[photo]
    quality = graded(*spoil(rgb, face))
    assert quality.reasons == (reason,)
    assert quality.score < graded(rgb, face).score


def test_a_face_turned_away_is_named(found, graded) -> None:
    rgb, face = found[OFFICIAL]
    points = face.landmarks.points.copy()
    points[2, 0] += 0.5 * (points[1, 0] - points[0, 0])
    assert graded(rgb, replace(face, landmarks=Landmarks(points))).reasons == ("turned_away",)


@pytest.mark.parametrize("photo", GOOD)
def test_sharpness_and_score_fall_with_every_blur(found, measured, graded, photo) -> None:
    rgb, face = found[photo]
    softer = [blurred(rgb, face, share) for share in (0, 0.01, 0.02, 0.03, 0.05)]
    sharpness = [measured(photo, face).sharpness for photo in softer]
    assert sharpness == sorted(sharpness, reverse=True)
    scores = [graded(photo, face).score for photo in softer]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] > 2 * scores[-1]


@pytest.mark.parametrize("size_px", [30, 48, 80])
def test_a_smaller_photo_is_not_a_blurred_one(found, measured, size_px) -> None:
    rgb, face = found[OFFICIAL]
    factor = size_px / face.box.side
    small = measured(resized(rgb, factor), face.scaled(factor))
    assert small.size_px == pytest.approx(size_px)
    assert small.sharpness > STANDARD.min_sharpness


@pytest.mark.parametrize("gain", [0.5, 0.8, 1.1])
def test_light_changes_neither_sharpness_nor_contrast_much(found, measured, gain) -> None:
    rgb, face = found[OFFICIAL]
    before, after = measured(rgb, face), measured(toned(rgb, gain, 0), face)
    assert after.sharpness == pytest.approx(before.sharpness, abs=0.05)
    assert after.contrast == pytest.approx(before.contrast, abs=0.05)
    assert after.highlights == pytest.approx(before.highlights * gain, abs=0.03)


def test_the_part_of_the_box_outside_the_image_is_measured(found, measured) -> None:
    rgb, face = found[OFFICIAL]
    assert measured(rgb, face).outside == 0
    assert measured(*cut_through(rgb, face)).outside == pytest.approx(0.4, abs=0.01)
    beside = Detection(Box(-50, 0, -10, 40), face.landmarks, 1)
    assert measured(rgb, beside).outside == 1


@pytest.mark.parametrize("chip", [np.zeros((112, 112, 3), np.uint8), np.zeros((8, 6, 3), np.uint8)])
def test_a_chip_without_anything_on_it_has_a_score_of_zero(found, chip) -> None:
    _, face = found[OFFICIAL]
    assert assess(face, shown_with(chip, 500, 500, 500, 500), chip, STANDARD).score == 0


def test_the_policy_off_names_nothing_and_scores_all_the_same(found, graded) -> None:
    rgb, face = found[OFFICIAL]
    dark, tiny = toned(rgb, 0.01, 0), replace(face, confidence=0.1)
    off = graded(dark, tiny, QualityThresholds.named("off"))
    assert off.reasons == ()
    assert off.score == graded(dark, tiny).score


def test_strict_asks_at_least_as_much_as_standard_in_every_field() -> None:
    for field in fields(QualityThresholds):
        off, standard, strict = (getattr(POLICIES[name], field.name) for name in POLICIES)
        if field.name.startswith("min_"):
            assert off <= standard <= strict
        else:
            assert off >= standard >= strict


def test_an_unknown_policy_is_refused() -> None:
    with pytest.raises(InvalidValue, match="harsh"):
        QualityThresholds.named("harsh")


@pytest.mark.data
def test_of_the_sample_portraits_nearly_all_are_good(recognizer, samples_dir) -> None:
    largest = [
        max(recognizer.detect(path), key=lambda face: face.detection.box.area)
        for path in sorted(samples_dir.glob("*.jpg"))
        if not path.name.startswith("noface")
    ]
    assert [face.quality.reasons for face in largest if face.quality.reasons] == []
    assert min(face.quality.score for face in largest) > 0.6
