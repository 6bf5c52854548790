import os
import zipfile
from pathlib import Path

import pytest

from painted import CRIMSON, GREEN, LIME, RED, painted, photo
from vultus.domain.gallery import GalleryCounts
from vultus.domain.outcome import Enrolled, Refused
from vultus.errors import NoPeople, PhotosUnreadable
from vultus.usecases.gallery.opened import OpenGallery


def kinds(outcomes: list) -> list[str]:
    return [type(outcome).__name__ for outcome in outcomes]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    people = tmp_path / "people"
    painted(people / "Ada" / "1.png", RED)
    painted(people / "Ada" / "2.png", CRIMSON)
    painted(people / "Bob.png", GREEN)
    painted(people / "Cy" / "empty.png")
    (people / "notes.txt").write_text("no photo")
    return people


def test_a_folder_is_enrolled_with_an_outcome_for_every_file(
    gallery: OpenGallery, folder: Path
) -> None:
    steps: list[tuple[int, int]] = []
    outcomes = gallery.enroll_from(folder, lambda done, of: steps.append((done, of)))
    assert kinds(outcomes) == ["Enrolled", "Enrolled", "Enrolled", "Refused", "Refused"]
    assert steps == [(done, 5) for done in range(1, 6)]
    assert gallery.counts == GalleryCounts(subjects=2, faces=3)


def test_enrolling_again_goes_on_where_it_stopped(gallery: OpenGallery, folder: Path) -> None:
    outcomes = gallery.enroll_photos([])
    assert list(outcomes) == []
    gallery.enroll("Ada", folder / "Ada" / "1.png")
    assert kinds(gallery.enroll_from(folder))[:3] == ["AlreadyThere", "Enrolled", "Enrolled"]
    revision = gallery.info.revision
    assert kinds(gallery.enroll_from(folder))[:3] == ["AlreadyThere"] * 3
    assert gallery.info.revision == revision


def test_a_folder_whose_name_nobody_can_have_is_refused_and_the_rest_goes_on(
    gallery: OpenGallery, tmp_path: Path
) -> None:
    bad = tmp_path / "people" / os.fsdecode(b"caf\xe9") / "1.png"
    painted(bad, RED)
    painted(tmp_path / "people" / "Ada" / "1.png", GREEN)
    enrolled, refused = gallery.enroll_from(tmp_path / "people")
    assert isinstance(enrolled, Enrolled)
    assert isinstance(refused, Refused)
    assert refused.photo == str(bad)
    assert refused.error.code == "invalid_value"


def test_a_zip_file_is_enrolled_like_its_folder(gallery: OpenGallery, tmp_path: Path) -> None:
    path = tmp_path / "people.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Ada/1.png", photo(RED))
        archive.writestr("Bob.png", photo(GREEN))
    assert kinds(gallery.enroll_from(path)) == ["Enrolled", "Enrolled"]
    assert gallery.identify(photo(LIME))[0].subject == gallery.subject("Bob").subject


def test_a_list_is_enrolled_with_its_attributes(gallery: OpenGallery, tmp_path: Path) -> None:
    painted(tmp_path / "both.png", RED, GREEN)
    rows = (
        "path,name,external_id,box,team",
        "both.png,Ada,1,20 20 80 80,engines",
        "both.png,Bob,2,120 20 180 80,stores",
    )
    (tmp_path / "list.csv").write_text("\n".join(rows))
    assert kinds(gallery.enroll_from(tmp_path / "list.csv")) == ["Enrolled", "Enrolled"]
    assert gallery.subject("2").subject.attributes == {"team": "stores"}
    assert gallery.identify(photo(LIME))[0].subject == gallery.subject("2").subject


def test_what_holds_no_photos_is_an_error(gallery: OpenGallery, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(NoPeople):
        gallery.enroll_from(tmp_path / "empty")
    with pytest.raises(PhotosUnreadable):
        gallery.enroll_from(tmp_path / "nowhere.zip")
