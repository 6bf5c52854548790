"""The library on real photos, with the real default pack."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as pillow

from vultus.domain.face import Box, Face
from vultus.errors import (
    BrokenImage,
    ImageNotFound,
    InvalidValue,
    NoFace,
    NoPeople,
    ThresholdMissing,
)
from vultus.matching.policy import Decision
from vultus.usecases.recognizer import Recognizer

OBAMA = "people/Barack Obama/official.jpg"
COLLINS = "people/Eileen Collins/astronaut.png"
ADDRESS, BLUE_ROOM = "photos/address.jpg", "photos/blue_room.jpg"
HALF, STRANGER, TRANSPARENT = (
    f"photos/{name}" for name in ("half_a_face.jpg", "stranger.jpg", "transparent.png")
)


@pytest.mark.parametrize("photo", [ADDRESS, BLUE_ROOM, HALF, TRANSPARENT])
def test_the_same_person_matches(recognizer: Recognizer, portraits: Path, photo: str) -> None:
    answer = recognizer.verify(portraits / OBAMA, portraits / photo)
    assert answer.decision is Decision.MATCH
    assert answer.threshold.origin == "pack"


@pytest.mark.parametrize("photo", [STRANGER, COLLINS])
def test_a_different_person_does_not_match(
    recognizer: Recognizer, portraits: Path, photo: str
) -> None:
    assert recognizer.verify(portraits / OBAMA, portraits / photo).decision is Decision.UNKNOWN


def test_a_face_cut_by_the_frame_is_found_and_that_is_said(
    recognizer: Recognizer, portraits: Path
) -> None:
    (found,) = recognizer.detect(portraits / HALF)
    assert found.detection.box.x2 > 551
    assert found.quality.reasons == ("cut_by_frame",)


def test_nothing_is_wrong_with_good_portraits(recognizer: Recognizer, portraits: Path) -> None:
    for photo in (OBAMA, COLLINS, ADDRESS, BLUE_ROOM, STRANGER, TRANSPARENT):
        (found,) = recognizer.detect(portraits / photo)
        assert found.quality.reasons == ()


def test_the_parts_of_faces_that_face_recognition_finds_are_found_and_recognised(
    recognizer: Recognizer, portraits: Path, left_of_a_face: Path
) -> None:
    # Its own tests promise these boxes, in photos of half a face each.
    for photo, theirs in (
        (left_of_a_face, Box(0, 142, 191, 365)),
        (portraits / HALF, Box(349, 142, 551, 409)),
    ):
        (found,) = recognizer.detect(photo)
        ours, shared = found.detection.box, found.detection.box.intersection(theirs)
        assert shared > 0.8 * theirs.area
        assert shared > 0.5 * ours.area
        assert recognizer.verify(portraits / OBAMA, photo).decision is Decision.MATCH


def test_path_bytes_and_pixels_give_the_same_template(
    recognizer: Recognizer, portraits: Path
) -> None:
    path = portraits / ADDRESS
    with pillow.open(path) as picture:
        rgb = np.asarray(picture.convert("RGB"))
    by_path, by_bytes, by_pixels = (
        recognizer.faces(source)[0].template for source in (path, path.read_bytes(), rgb)
    )
    assert by_path.similarity(by_bytes) == pytest.approx(1)
    assert by_path.similarity(by_pixels) > 0.999


def test_a_transparent_photo_is_recognised_like_its_opaque_twin(
    recognizer: Recognizer, portraits: Path
) -> None:
    assert recognizer.verify(portraits / ADDRESS, portraits / TRANSPARENT).similarity > 0.99


def test_a_tight_crop_taken_as_one_face_is_the_same_person(
    recognizer: Recognizer, portraits: Path
) -> None:
    (found,) = recognizer.faces(portraits / ADDRESS)
    box = found.detection.box
    with pillow.open(portraits / ADDRESS) as picture:
        centre_x, centre_y = (box.x1 + box.x2) / 2, (box.y1 + box.y2) / 2
        half = 0.75 * box.width
        edges = (centre_x - half, centre_y - half, centre_x + half, centre_y + half)
        crop = np.asarray(picture.convert("RGB").crop(tuple(map(round, edges))))
    (alone,) = recognizer.faces(crop, face_only=True)
    assert alone.template.similarity(found.template) > 0.93


def test_people_of_a_folder_are_named_and_a_stranger_is_not(
    recognizer: Recognizer, portraits: Path
) -> None:
    people = recognizer.people(portraits / "people")
    assert [subject.name for subject in people.subjects] == ["Barack Obama", "Eileen Collins"]
    named = {
        photo.name: [answer.subject.name if answer.subject else None for answer in answers]
        for photo in sorted((portraits / "photos").iterdir())
        for answers in [people.identify(photo)]
    }
    assert named == {
        "address.jpg": ["Barack Obama"],
        "blue_room.jpg": ["Barack Obama"],
        "half_a_face.jpg": ["Barack Obama"],
        "stranger.jpg": [None],
        "transparent.png": ["Barack Obama"],
    }


def test_an_unknown_face_still_has_its_candidates(recognizer: Recognizer, portraits: Path) -> None:
    people = recognizer.people(portraits / "people")
    (answer,) = people.identify(portraits / STRANGER, top_k=5)
    assert answer.decision is Decision.UNKNOWN
    assert len(answer.candidates) == 2


def test_threads_may_share_a_recognizer(recognizer: Recognizer, portraits: Path) -> None:
    photos = [portraits / name for name in (ADDRESS, BLUE_ROOM, STRANGER)] * 4
    alone = [recognizer.faces(photo) for photo in photos[:3]] * 4
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(recognizer.faces, photos))
    assert [len(faces) for faces in together] == [len(faces) for faces in alone]
    assert all(_similarity(one, other) > 0.9999 for one, other in zip(alone, together, strict=True))


def test_a_photo_without_a_face_cannot_be_verified(recognizer: Recognizer, portraits: Path) -> None:
    with pytest.raises(NoFace) as caught:
        recognizer.verify(np.zeros((200, 200, 3), np.uint8), portraits / ADDRESS)
    assert caught.value.image == "first"


def test_the_photo_that_cannot_be_verified_is_named(
    recognizer: Recognizer, portraits: Path, tmp_path: Path
) -> None:
    grey, broken = tmp_path / "grey.png", tmp_path / "broken.jpg"
    pillow.new("RGB", (200, 200), "grey").save(grey)
    broken.write_bytes((portraits / ADDRESS).read_bytes()[:5000])
    for photo, error in ((grey, NoFace), (broken, BrokenImage)):
        with pytest.raises(error) as caught:
            recognizer.verify(portraits / ADDRESS, photo)
        assert caught.value.image == str(photo)


def test_bad_input_says_what_is_wrong(recognizer: Recognizer, tmp_path: Path) -> None:
    with pytest.raises(ImageNotFound):
        recognizer.faces(tmp_path / "missing.jpg")
    with pytest.raises(BrokenImage):
        recognizer.faces(b"\xff\xd8\xff\xe0 and nothing more")


@pytest.mark.parametrize("what", ["nothing", "file", "Pillow's image"])
def test_what_is_no_image_is_refused_with_what_is_taken(
    recognizer: Recognizer, portraits: Path, what: str
) -> None:
    with (portraits / ADDRESS).open("rb") as file, pillow.open(file) as picture:
        source: Any = {"nothing": None, "file": file, "Pillow's image": picture}[what]
        with pytest.raises(InvalidValue, match=f"are needed, got {type(source).__name__}"):
            recognizer.faces(source)


@pytest.mark.parametrize("top_k", [0, 1.5])
def test_a_number_of_candidates_is_checked_even_where_there_is_no_face(
    recognizer: Recognizer, portraits: Path, top_k: Any
) -> None:
    people = recognizer.people(portraits / "people")
    for photo in (np.zeros((200, 200, 3), np.uint8), portraits / ADDRESS):
        with pytest.raises(InvalidValue, match="top_k"):
            people.identify(photo, top_k=top_k)


def test_a_folder_in_which_nobody_shows_a_face_is_an_error(
    recognizer: Recognizer, tmp_path: Path
) -> None:
    (tmp_path / "nobody.txt").write_text("not a photo")
    with pytest.raises(NoPeople, match=r"none of 1 photos .*nobody\.txt: This is text"):
        recognizer.people(tmp_path)


def test_nothing_is_decided_without_a_threshold(recognizer: Recognizer, portraits: Path) -> None:
    undecided = Recognizer(recognizer.pipeline, matching=None, calibration=None)
    assert undecided.faces(portraits / ADDRESS)
    with pytest.raises(ThresholdMissing, match="dlib"):
        undecided.verify(portraits / ADDRESS, portraits / OBAMA)


def _similarity(one: list[Face], other: list[Face]) -> float:
    return one[0].template.similarity(other[0].template)
