from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace

import pytest

from compreface_server import KEY, Collection, compreface_server
from vultus.errors import ImageNotFound, ImageTooHeavy, SourceInvalid, SourceUnavailable
from vultus.gallery.foreign.compreface import PAGE, CompreFaceGallery


@pytest.fixture
def theirs() -> Iterator[Collection]:
    with compreface_server() as collection:
        yield collection


@contextmanager
def opened(url: str, key: str = KEY) -> Iterator[CompreFaceGallery]:
    with closing(CompreFaceGallery.at(url, key)) as gallery:
        yield replace(gallery, pauses_s=(0.0, 0.0))


def test_everybody_is_listed_with_every_face(theirs: Collection) -> None:
    theirs.add("Ada", b"one", b"two")
    theirs.faceless.append("Bob")
    with opened(theirs.url) as gallery:
        faces = list(gallery.faces())
        assert [face.subject for face in faces] == ["Ada", "Ada"]
        assert [gallery.photo(face, 10) for face in faces] == [b"one", b"two"]
        assert gallery.subjects() == ["Ada", "Bob"]


def test_a_list_of_many_pages_is_read_to_its_end(theirs: Collection) -> None:
    theirs.add("Ada", *[b"photo"] * (2 * PAGE + 1))
    with opened(theirs.url) as gallery:
        assert len({face.id for face in gallery.faces()}) == 2 * PAGE + 1
    assert len(theirs.asked) == 3


def test_an_empty_collection_has_nobody(theirs: Collection) -> None:
    with opened(theirs.url) as gallery:
        assert list(gallery.faces()) == []
        assert gallery.subjects() == []


def test_a_photo_that_was_not_kept_is_an_error_of_that_photo(theirs: Collection) -> None:
    theirs.add("Ada", b"")
    with opened(theirs.url) as gallery:
        (face,) = gallery.faces()
        with pytest.raises(ImageNotFound, match="kept no image"):
            gallery.photo(face, 10)


def test_a_photo_that_is_too_heavy_is_not_read_to_its_end(theirs: Collection) -> None:
    theirs.add("Ada", bytes(11))
    with opened(theirs.url) as gallery:
        (face,) = gallery.faces()
        with pytest.raises(ImageTooHeavy):
            gallery.photo(face, 10)


def test_a_server_that_stumbles_is_asked_again(theirs: Collection) -> None:
    theirs.add("Ada", b"one")
    theirs.failures += [500, 503]
    with opened(theirs.url) as gallery:
        assert len(list(gallery.faces())) == 1


def test_a_server_that_stays_down_is_an_error(theirs: Collection) -> None:
    theirs.failures += [503] * 3
    with opened(theirs.url) as gallery, pytest.raises(SourceUnavailable, match="503"):
        gallery.subjects()


def test_nobody_there_is_an_error() -> None:
    with compreface_server() as gone:
        url = gone.url
    with opened(url) as gallery, pytest.raises(SourceUnavailable, match="connection"):
        gallery.subjects()


def test_a_wrong_key_is_an_error_that_says_so(theirs: Collection) -> None:
    with opened(theirs.url, "another") as gallery, pytest.raises(SourceUnavailable, match="key"):
        gallery.subjects()
    assert len(theirs.asked) == 1


@pytest.mark.parametrize(
    "answer",
    [
        b"<html>",
        b"[]",
        b"{}",
        b'{"subjects": 7, "faces": [{}], "total_pages": 1}',
        b'{"faces": [{"image_id": "../../admin", "subject": "Ada"}], "total_pages": 1}',
    ],
)
def test_an_answer_that_is_none_of_compreface_is_an_error(
    theirs: Collection, answer: bytes
) -> None:
    theirs.answer = answer
    none_of_theirs = pytest.raises(SourceUnavailable, match="none of CompreFace")
    with opened(theirs.url) as gallery, none_of_theirs:
        list(gallery.faces())


def test_names_that_are_none_are_an_error(theirs: Collection) -> None:
    theirs.answer = b'{"subjects": 7}'
    with opened(theirs.url) as gallery, pytest.raises(SourceUnavailable):
        gallery.subjects()


@pytest.mark.parametrize("url", ["localhost:8000", "ftp://localhost", "http://", ""])
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(SourceInvalid):
        CompreFaceGallery.at(url, KEY)
