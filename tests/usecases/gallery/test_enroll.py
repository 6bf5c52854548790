from pathlib import Path

import pytest

from fakes import MemoryBlobs
from painted import BLUE, CRIMSON, GREEN, LIME, RED, RUBY, painted, photo, square_recognizer
from vultus.domain.changes import NewSubject
from vultus.domain.face import Box
from vultus.domain.outcome import AlreadyThere, Enrolled, Outcome, Refused
from vultus.domain.template import ModelId
from vultus.errors import (
    BrokenImage,
    FaceNotAtBox,
    GalleryModelMismatch,
    ImageNotFound,
    InvalidValue,
    LooksLikeAnother,
    NoFace,
    PoorQuality,
    SeveralFaces,
    SubjectAmbiguous,
    VultusError,
)
from vultus.gallery.store.port import Store
from vultus.gallery.store.requests import Enrolling
from vultus.usecases.gallery.enroll import Lookalikes
from vultus.usecases.gallery.galleries import Galleries
from vultus.usecases.gallery.opened import OpenGallery
from vultus.vision.pipeline import FacePipeline


def sole(outcomes: list[Outcome]) -> Outcome:
    (outcome,) = outcomes
    return outcome


def refusal(outcomes: list[Outcome]) -> VultusError:
    outcome = sole(outcomes)
    assert isinstance(outcome, Refused)
    return outcome.error


def test_a_new_subject_is_created_with_its_first_face(gallery: OpenGallery) -> None:
    outcome = sole(gallery.enroll("Ada", photo(RED)))
    assert isinstance(outcome, Enrolled)
    assert outcome.created
    assert outcome.looks_like is None
    (face,) = gallery.faces("Ada")
    assert face.id == outcome.face_id
    assert face.template.similarity(outcome.face.template) == pytest.approx(1)
    assert face.box == outcome.face.detection.box


def test_further_photos_become_faces_of_the_same_subject(gallery: OpenGallery) -> None:
    first, second = gallery.enroll("Ada", [photo(RED), photo(CRIMSON)])
    third = sole(gallery.enroll("Ada", photo(RUBY)))
    ids = {
        outcome.subject.id for outcome in (first, second, third) if isinstance(outcome, Enrolled)
    }
    assert len(ids) == 1
    assert gallery.counts.subjects == 1
    assert gallery.counts.faces == 3


def test_the_same_photo_twice_changes_nothing(gallery: OpenGallery) -> None:
    first = sole(gallery.enroll("Ada", photo(RED)))
    revision = gallery.info.revision
    again = sole(gallery.enroll("Ada", photo(RED)))
    assert isinstance(first, Enrolled)
    assert isinstance(again, AlreadyThere)
    assert again.face_id == first.face_id
    assert gallery.info.revision == revision


def test_a_photo_that_is_there_is_not_looked_at_again(
    gallery: OpenGallery, monkeypatch: pytest.MonkeyPatch
) -> None:
    gallery.enroll("Ada", photo(RED))
    monkeypatch.delattr(FacePipeline, "faces")
    assert isinstance(sole(gallery.enroll("Ada", photo(RED))), AlreadyThere)


def test_all_that_is_known_of_a_subject_is_kept_when_it_is_created(gallery: OpenGallery) -> None:
    new = NewSubject("Ada", "2576", {"department": "engines"}, consent="on paper")
    gallery.enroll(new, photo(RED))
    enrollment = gallery.subject("2576")
    assert enrollment.subject.attributes == {"department": "engines"}
    assert enrollment.consent == "on paper"


def test_a_subject_that_exists_stays_as_it_is(gallery: OpenGallery) -> None:
    gallery.enroll(NewSubject("Ada", "2576"), photo(RED))
    gallery.enroll(NewSubject("Countess Lovelace", "2576", {"title": "countess"}), photo(CRIMSON))
    subject = gallery.subject("2576").subject
    assert subject.name == "Ada"
    assert subject.attributes == {}
    assert len(gallery.faces("2576")) == 2


def test_an_external_id_of_ones_own_makes_another_person_of_the_same_name(
    gallery: OpenGallery,
) -> None:
    gallery.enroll(NewSubject("Ada", "1"), photo(RED))
    gallery.enroll(NewSubject("Ada", "2"), photo(GREEN))
    assert gallery.counts.subjects == 2


def test_a_name_that_two_subjects_have_is_not_guessed(gallery: OpenGallery) -> None:
    for external_id in ("1", "2"):
        gallery.add_subject(NewSubject("Ada", external_id))
    with pytest.raises(SubjectAmbiguous, match="2 subjects answer to 'Ada'"):
        gallery.enroll("Ada", photo(RED))


def test_however_many_have_a_name_they_are_counted_and_a_few_are_named(
    gallery: OpenGallery, store: Store
) -> None:
    new = [Enrolling(NewSubject("Ada")) for _ in range(501)]
    stored = store.enroll(gallery.id, new, actor="tester")
    with pytest.raises(SubjectAmbiguous, match="501 subjects answer to 'Ada'") as caught:
        gallery.subject("Ada")
    assert caught.value.ids.split(", ") == [each.subject_id for each in stored[:5]]


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (photo(), NoFace),
        (photo(RED, GREEN), SeveralFaces),
        (photo(RED)[:-30], BrokenImage),
        ("nowhere.jpg", ImageNotFound),
    ],
)
def test_a_photo_that_shows_no_single_face_is_refused_with_the_reason(
    gallery: OpenGallery, content: bytes | str, error: type[VultusError]
) -> None:
    assert isinstance(refusal(gallery.enroll("Ada", content)), error)
    assert gallery.counts.subjects == 0


def test_one_refused_photo_does_not_stop_the_others(gallery: OpenGallery) -> None:
    outcomes = gallery.enroll("Ada", [photo(), photo(RED), b"no image"])
    assert [type(outcome) for outcome in outcomes] == [Refused, Enrolled, Refused]


def test_a_box_says_which_of_several_faces_is_meant(gallery: OpenGallery) -> None:
    both = photo(RED, GREEN)
    gallery.enroll("Bob", both, box=Box(130, 30, 170, 90))
    (face,) = gallery.faces("Bob")
    assert face.box is not None
    assert face.box.x1 == pytest.approx(120)
    assert gallery.identify(photo(LIME))[0].subject == gallery.subject("Bob").subject


def test_of_one_photo_several_people_can_be_enrolled(gallery: OpenGallery) -> None:
    both = photo(RED, GREEN)
    for name, x in (("Ada", 20), ("Bob", 120)):
        outcome = sole(gallery.enroll(name, both, box=Box(x, 20, x + 60, 80)))
        assert isinstance(outcome, Enrolled)


def test_a_box_beside_every_face_is_refused(gallery: OpenGallery) -> None:
    assert isinstance(refusal(gallery.enroll("Ada", photo(RED), box=Box(0, 0, 9, 9))), FaceNotAtBox)
    assert isinstance(refusal(gallery.enroll("Ada", photo(), box=Box(0, 0, 9, 9))), NoFace)


def test_a_photo_that_looks_like_somebody_else_is_refused_and_names_the_subject(
    gallery: OpenGallery,
) -> None:
    gallery.enroll("Ada", photo(RED))
    error = refusal(gallery.enroll("Bob", photo(CRIMSON)))
    assert isinstance(error, LooksLikeAnother)
    assert error.name == "Ada"
    assert error.subject == gallery.subject("Ada").subject.id
    assert gallery.counts.subjects == 1


def test_a_photo_that_looks_more_like_its_own_subject_is_enrolled(gallery: OpenGallery) -> None:
    gallery.enroll("Ada", photo(RED))
    gallery.enroll(NewSubject("Bob"), photo(GREEN))
    gallery.split([gallery.faces("Bob")[0].id], "Ada")
    gallery.enroll("Bob", photo(BLUE))
    assert isinstance(sole(gallery.enroll("Ada", photo(CRIMSON))), Enrolled)


def test_lookalikes_can_be_noted_or_ignored(open_galleries, galleries: Galleries) -> None:
    galleries.create("staff").enroll("Ada", photo(RED))
    noted = open_galleries(lookalikes=Lookalikes.NOTE).open("staff").enroll("Bob", photo(CRIMSON))
    ignored = open_galleries(lookalikes=Lookalikes.IGNORE).open("staff").enroll("Cy", photo(RUBY))
    (note, silence) = (sole(noted), sole(ignored))
    assert isinstance(note, Enrolled)
    assert isinstance(silence, Enrolled)
    assert note.looks_like is not None
    assert note.looks_like.subject.name == "Ada"
    assert silence.looks_like is None


def test_a_pack_without_a_threshold_enrolls_and_names_no_lookalike(open_galleries) -> None:
    gallery = open_galleries(square_recognizer(policy=None)).create("staff")
    gallery.enroll("Ada", photo(RED))
    assert isinstance(sole(gallery.enroll("Bob", photo(CRIMSON))), Enrolled)


@pytest.mark.parametrize("quality", ["standard", "strict"])
def test_a_poor_picture_is_refused_with_what_is_wrong(open_galleries, quality: str) -> None:
    gallery = open_galleries(square_recognizer(quality)).create("staff")
    error = refusal(gallery.enroll("Ada", photo(RED)))
    assert isinstance(error, PoorQuality)
    assert "blurred" in error.reasons
    assert "blurred" in str(error)


def test_a_gallery_of_another_pack_is_not_written(open_galleries, galleries: Galleries) -> None:
    galleries.create("staff")
    other = square_recognizer(model=ModelId("other", "1"))
    with pytest.raises(GalleryModelMismatch, match="vultus enroll --gallery NEW --pack other"):
        open_galleries(other).open("staff").enroll("Ada", photo(RED))


def test_crops_are_kept_only_where_the_gallery_says_so(
    galleries: Galleries, blobs: MemoryBlobs
) -> None:
    galleries.create("bare").enroll("Ada", photo(RED))
    assert not blobs.kept
    keeping = galleries.create("keeping", keep_crops=True)
    keeping.enroll("Ada", photo(RED))
    (face,) = keeping.faces("Ada")
    assert list(blobs.kept) == [face.crop]
    (found,) = keeping.recognizer.faces(blobs.kept[str(face.crop)])
    assert found.template.similarity(face.template) > 0.99


def test_a_refused_photo_leaves_no_crop(galleries: Galleries, blobs: MemoryBlobs) -> None:
    keeping = galleries.create("keeping", keep_crops=True)
    keeping.enroll("Ada", photo(RED))
    keeping.enroll("Bob", photo(CRIMSON))
    assert len(blobs.kept) == 1


@pytest.mark.parametrize("name", ["", "  ", "x" * 10_000])
def test_a_name_that_is_none_is_refused(gallery: OpenGallery, name: str) -> None:
    with pytest.raises(InvalidValue, match="name is not valid"):
        gallery.enroll(name, photo(RED))


@pytest.mark.parametrize(
    "name", ["🦅🦅", "عَدَا لوفليس", "O'Brien; DROP TABLE", "%_\\", "Ada\u200dLovelace"]
)
def test_a_subject_of_any_name_is_found_again_by_it(gallery: OpenGallery, name: str) -> None:
    gallery.enroll(name, photo(RED))
    gallery.enroll(name, photo(CRIMSON))
    assert gallery.counts.subjects == 1
    assert gallery.subject(name).subject.name == name


def test_paths_are_names_in_the_report(gallery: OpenGallery, tmp_path: Path) -> None:
    path = painted(tmp_path / "ada.png", RED)
    assert sole(gallery.enroll("Ada", path)).photo == str(path)
