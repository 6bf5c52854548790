import pytest

from painted import BLUE, CRIMSON, GREEN, RED, photo
from vultus.domain.changes import NewSubject
from vultus.errors import NoFace, SubjectNotFound, SubjectWithoutFaces
from vultus.matching.policy import Decision
from vultus.usecases.gallery.opened import OpenGallery


def test_the_subjects_most_similar_face_decides(gallery: OpenGallery) -> None:
    gallery.enroll("Ada", photo(RED))
    gallery.enroll("Ada", photo(BLUE))
    answer = gallery.verify(photo(CRIMSON), "Ada")
    assert answer.decision is Decision.MATCH
    assert answer.face_id == gallery.faces("Ada")[0].id
    assert answer.subject.name == "Ada"
    assert "reaches the threshold" in answer.reasons[0]


def test_somebody_else_is_unknown(gallery: OpenGallery) -> None:
    gallery.enroll("Ada", photo(RED))
    assert gallery.verify(photo(GREEN), "Ada").decision is Decision.UNKNOWN


def test_of_several_faces_the_largest_is_compared_and_that_is_said(gallery: OpenGallery) -> None:
    gallery.enroll("Ada", photo(RED))
    answer = gallery.verify(photo(RED, GREEN), "Ada")
    assert any("of 2 faces in one photo the largest" in reason for reason in answer.reasons)


def test_a_photo_without_a_face_is_an_error(gallery: OpenGallery) -> None:
    gallery.enroll("Ada", photo(RED))
    with pytest.raises(NoFace):
        gallery.verify(photo(), "Ada")


def test_a_subject_without_faces_cannot_be_verified(gallery: OpenGallery) -> None:
    gallery.add_subject(NewSubject("Ada"))
    with pytest.raises(SubjectWithoutFaces):
        gallery.verify(photo(RED), "Ada")


def test_an_unknown_subject_is_an_error(gallery: OpenGallery) -> None:
    with pytest.raises(SubjectNotFound, match="'Nobody'"):
        gallery.verify(photo(RED), "Nobody")
