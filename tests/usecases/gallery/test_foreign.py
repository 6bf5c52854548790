from collections.abc import Iterator

import pytest

from painted import BLUE, CRIMSON, GREEN, RED, photo
from vultus.domain.outcome import AlreadyThere, Enrolled, Refused
from vultus.errors import ImageNotFound, ImageTooHeavy, SourceUnavailable
from vultus.gallery.foreign.port import ForeignFace
from vultus.usecases.gallery.foreign import add_faceless, foreign_photos
from vultus.usecases.gallery.opened import OpenGallery


class Theirs:
    """A gallery of another system: photos by subject, of which some were not kept."""

    def __init__(self, **photos: list[bytes | None]) -> None:
        self.photos = photos
        self.breaks_at: str | None = None
        self.fetched: list[str] = []

    def subjects(self) -> list[str]:
        return list(self.photos)

    def faces(self) -> Iterator[ForeignFace]:
        for subject, photos in self.photos.items():
            for number in range(len(photos)):
                yield ForeignFace(f"{subject}-{number}", subject)

    def photo(self, face: ForeignFace, limit_bytes: int) -> bytes:
        if face.id == self.breaks_at:
            raise SourceUnavailable("theirs", "the connection failed")
        self.fetched.append(face.id)
        content = self.photos[face.subject][int(face.id.rpartition("-")[2])]
        if content is None:
            raise ImageNotFound(face.id, "none was kept")
        if len(content) > limit_bytes:
            raise ImageTooHeavy(len(content), limit_bytes)
        return content


def imported(gallery: OpenGallery, theirs: Theirs) -> list[object]:
    return list(gallery.enroll_photos(foreign_photos(gallery, theirs)))


def test_everybody_is_enrolled_from_their_photos(gallery: OpenGallery) -> None:
    outcomes = imported(gallery, Theirs(Ada=[photo(RED), photo(CRIMSON)], Bob=[photo(GREEN)]))
    assert [type(each) for each in outcomes] == [Enrolled] * 3
    assert {each.subject.name: each.face_count for each in gallery.subjects().items} == {
        "Ada": 2,
        "Bob": 1,
    }


def test_nothing_is_lost_of_what_cannot_be_enrolled(gallery: OpenGallery) -> None:
    theirs = Theirs(Ada=[None, photo(RED)], Bob=[photo()], Eve=[])
    first, second, third = imported(gallery, theirs)
    assert isinstance(first, Refused)
    assert (first.photo, type(first.error)) == ("Ada-0", ImageNotFound)
    assert isinstance(second, Enrolled)
    assert isinstance(third, Refused)
    assert add_faceless(gallery, theirs) == 2
    assert [each.subject.name for each in gallery.subjects().items] == ["Ada", "Bob", "Eve"]


def test_an_import_that_was_broken_off_goes_on(gallery: OpenGallery) -> None:
    theirs = Theirs(Ada=[photo(RED), photo(CRIMSON)], Bob=[photo(GREEN)])
    theirs.breaks_at = "Ada-1"
    with pytest.raises(SourceUnavailable):
        imported(gallery, theirs)
    assert gallery.counts.faces == 1
    theirs.breaks_at = None
    outcomes = imported(gallery, theirs)
    assert [type(each) for each in outcomes] == [AlreadyThere, Enrolled, Enrolled]
    assert (gallery.counts.subjects, gallery.counts.faces) == (2, 3)
    assert add_faceless(gallery, theirs) == 0


def test_people_who_are_here_get_the_photos(gallery: OpenGallery) -> None:
    gallery.enroll("Ada", photo(RED))
    imported(gallery, Theirs(Ada=[photo(CRIMSON)], Bob=[photo(BLUE)]))
    assert (gallery.counts.subjects, gallery.counts.faces) == (2, 3)


def test_photos_are_fetched_one_by_one_when_their_turn_comes(gallery: OpenGallery) -> None:
    theirs = Theirs(Ada=[photo(RED)], Bob=[photo(GREEN)])
    outcomes = gallery.enroll_photos(foreign_photos(gallery, theirs))
    assert theirs.fetched == []
    next(outcomes)
    assert theirs.fetched == ["Ada-0"]
