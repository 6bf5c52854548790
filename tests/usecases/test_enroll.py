import os
from pathlib import Path

import pytest

from fakes import face
from vultus.domain.face import Face
from vultus.errors import BrokenImage, InvalidValue, NoPeople, SeveralFaces
from vultus.usecases.enroll import (
    Enrolled,
    Refused,
    enroll_photos,
    photos_in,
    sole_face,
    why_nobody,
)


def tree(root: Path, *names: str) -> Path:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"photo")
    return root


def test_a_folder_names_its_photos_and_a_lone_photo_names_itself(tmp_path: Path) -> None:
    folder = tree(tmp_path, "Ada/1.jpg", "Ada/2.png", "Bob Bo.jpg", ".DS_Store", "Ada/.hidden")
    listed = [(photo.name, photo.path.name) for photo in photos_in(folder)]
    assert listed == [("Ada", "1.jpg"), ("Ada", "2.png"), ("Bob Bo", "Bob Bo.jpg")]


@pytest.mark.parametrize("names", [(), (".hidden",)])
def test_a_folder_without_photos_is_an_error(tmp_path: Path, names: tuple[str, ...]) -> None:
    with pytest.raises(NoPeople):
        photos_in(tree(tmp_path, *names))


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(NoPeople, match="not a folder"):
        photos_in(tmp_path / "nowhere")


def test_a_photo_that_fails_is_refused_with_its_reason_and_the_rest_goes_on(tmp_path: Path) -> None:
    found: dict[str, list[Face]] = {"a": [face(1, 0)], "b": [], "c": [face(1, 0)] * 2}

    def faces_of(path: Path) -> list[Face]:
        if path.stem == "d":
            raise BrokenImage("jpeg", "it ends early")
        return found[path.stem]

    photos = photos_in(tree(tmp_path, "a.jpg", "b.jpg", "c.jpg", "d.jpg"))
    steps: list[tuple[int, int]] = []
    outcomes = enroll_photos(photos, faces_of, lambda done, total: steps.append((done, total)))
    codes = [getattr(getattr(outcome, "error", None), "code", "enrolled") for outcome in outcomes]
    assert codes == ["enrolled", "no_face", "several_faces", "broken_image"]
    assert isinstance(outcomes[0], Enrolled)
    assert isinstance(outcomes[1], Refused)
    assert steps == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_a_name_that_nobody_can_have_is_refused_and_the_rest_goes_on(tmp_path: Path) -> None:
    no_utf8 = os.fsdecode(b"caf\xe9")
    folder = tree(tmp_path, f"{no_utf8}/1.jpg", "Ada/1.jpg", " .jpg")
    refused, ada, other = enroll_photos(photos_in(folder), lambda _: [face(1, 0)])[::-1]
    assert isinstance(ada, Enrolled)
    assert ada.subject.name == "Ada"
    for each, place in ((refused, f"{no_utf8}/1.jpg"), (other, " .jpg")):
        assert isinstance(each, Refused)
        assert each.photo.path == tmp_path / place
        assert isinstance(each.error, InvalidValue)


def test_where_nobody_is_enrolled_the_first_few_reasons_are_told(tmp_path: Path) -> None:
    def faces_of(path: Path) -> list[Face]:
        raise BrokenImage("jpeg", "it ends early")

    photos = photos_in(tree(tmp_path, *(f"{number}.jpg" for number in range(8))))
    outcomes = enroll_photos(photos, faces_of)
    told = why_nobody([each for each in outcomes if isinstance(each, Refused)])
    assert told.startswith("none of 8 photos can be used (")
    assert told.count("The jpeg image is damaged: it ends early. Save it again") == 5
    assert str(tmp_path / "4.jpg") in told
    assert told.endswith("; and 3 more)")


GOOD, BLURRED, DARK = (
    face(1, 0),
    face(0, 1, reasons=("blurred",)),
    face(1, 1, reasons=("too_dark",)),
)


@pytest.mark.parametrize("faces", [[GOOD], [BLURRED, GOOD], [GOOD, BLURRED, DARK]])
def test_the_one_face_that_nothing_is_wrong_with_is_meant(faces: list[Face]) -> None:
    assert sole_face(faces) is GOOD


def test_a_lone_face_is_meant_whatever_is_wrong_with_it() -> None:
    assert sole_face([BLURRED]) is BLURRED


@pytest.mark.parametrize("faces", [[GOOD, face(0, 1)], [BLURRED, DARK]])
def test_nobody_is_chosen_among_several_alike(faces: list[Face]) -> None:
    with pytest.raises(SeveralFaces):
        sole_face(faces)
