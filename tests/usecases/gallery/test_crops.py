"""Every crop that is kept belongs to a face, or goes with the next purge."""

import os
import signal
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path

import pytest

from fakes import MODEL, MemoryBlobs, template
from painted import CRIMSON, GREEN, RED, photo
from vultus.blobs.files import DirectoryBlobStore
from vultus.domain.changes import NewSubject
from vultus.domain.outcome import AlreadyThere
from vultus.errors import BlobsUnavailable, ExternalIdTaken, GalleryNotFound, StoreError
from vultus.gallery.crops import kept_crops, new_crop_name
from vultus.gallery.store.opening import open_store
from vultus.gallery.store.port import Store
from vultus.gallery.store.requests import Enrolling, NewFace, NewGallery
from vultus.usecases.gallery.galleries import Galleries
from vultus.usecases.gallery.opened import OpenGallery

AT_ONCE = timedelta(0)


class Interrupted(MemoryBlobs):
    """A place of blobs where something happens once a blob is there."""

    def __init__(self, then: Callable[[], None]) -> None:
        super().__init__()
        self._then = then

    def put(self, name: str, data: bytes) -> None:
        super().put(name, data)
        self._then()


@pytest.fixture
def keeping(galleries: Galleries) -> OpenGallery:
    return galleries.create("keeping", keep_crops=True)


def with_blobs(gallery: OpenGallery, blobs: MemoryBlobs) -> OpenGallery:
    return replace(gallery, workings=replace(gallery.workings, blobs=blobs))


def test_of_a_gallery_that_is_deleted_meanwhile_no_crop_stays(
    galleries: Galleries, keeping: OpenGallery
) -> None:
    blobs = Interrupted(lambda: galleries.delete("keeping"))
    with pytest.raises(GalleryNotFound):
        with_blobs(keeping, blobs).enroll("Ada", photo(RED))
    assert blobs.kept == {}
    assert keeping.workings.store.doomed_blobs() == ()


def test_of_a_photo_that_somebody_else_enrolled_meanwhile_one_crop_stays(
    keeping: OpenGallery, blobs: MemoryBlobs
) -> None:
    ada = NewSubject("Ada", "1")
    slow = Interrupted(lambda: keeping.enroll(ada, photo(RED)) and None)
    (outcome,) = with_blobs(keeping, slow).enroll(ada, photo(RED))
    assert isinstance(outcome, AlreadyThere)
    assert slow.kept == {}
    assert list(blobs.kept) == [face.crop for face in keeping.faces("Ada")]


def test_a_place_that_fails_midway_keeps_nothing(
    galleries: Galleries, keeping: OpenGallery, tmp_path: Path
) -> None:
    keeping.enroll("Ada", [photo(RED), photo(CRIMSON)])
    keeping.export(tmp_path / "keeping.vultus")

    def fail() -> None:
        if len(full.kept) == 2:
            raise BlobsUnavailable("here", "no room")

    full = Interrupted(fail)
    elsewhere = replace(galleries, workings=replace(galleries.workings, blobs=full))
    with pytest.raises(BlobsUnavailable):
        elsewhere.import_archive(tmp_path / "keeping.vultus", name="restored")
    assert full.kept == {}
    assert galleries.open("restored").counts.faces == 0


def test_of_an_import_that_is_refused_no_crop_stays(
    galleries: Galleries, keeping: OpenGallery, blobs: MemoryBlobs, tmp_path: Path
) -> None:
    keeping.enroll(NewSubject("Ada", "1"), photo(RED))
    keeping.export(tmp_path / "keeping.vultus")
    before = dict(blobs.kept)
    galleries.create("other").add_subject(NewSubject("Bob", "1"))
    with pytest.raises(ExternalIdTaken):
        galleries.import_archive(tmp_path / "keeping.vultus", name="other")
    assert blobs.kept == before


def test_an_import_that_is_repeated_keeps_no_second_crop(
    galleries: Galleries, keeping: OpenGallery, blobs: MemoryBlobs, tmp_path: Path
) -> None:
    keeping.enroll("Ada", photo(RED))
    keeping.export(tmp_path / "keeping.vultus")
    before = dict(blobs.kept)
    galleries.import_archive(tmp_path / "keeping.vultus")
    assert blobs.kept == before


def test_a_crop_that_waits_for_its_face_is_not_purged(
    galleries: Galleries, keeping: OpenGallery
) -> None:
    blobs = Interrupted(lambda: galleries.purge(AT_ONCE) and None)
    gallery = with_blobs(keeping, blobs)
    gallery.enroll("Ada", photo(RED))
    assert [face.crop for face in gallery.faces("Ada")] == list(blobs.kept)


def test_a_photo_enrolled_anew_keeps_its_crop_when_the_old_one_is_purged(
    galleries: Galleries, keeping: OpenGallery, blobs: MemoryBlobs
) -> None:
    keeping.enroll("Ada", photo(RED))
    keeping.delete_subject("Ada")
    keeping.enroll("Ada", photo(RED))
    assert len(blobs.kept) == 2
    galleries.purge(AT_ONCE)
    assert list(blobs.kept) == [face.crop for face in keeping.faces("Ada")]


def test_where_a_crop_cannot_be_deleted_at_once_a_purge_does_it(
    galleries: Galleries, keeping: OpenGallery, caplog: pytest.LogCaptureFixture
) -> None:
    class Stuck(Interrupted):
        works = False

        def delete(self, name: str) -> None:
            if not self.works:
                raise BlobsUnavailable("here", "no permission")
            super().delete(name)

    def fail() -> None:
        raise StoreError

    blobs = Stuck(fail)
    with pytest.raises(StoreError):
        with_blobs(keeping, blobs).enroll("Ada", photo(GREEN))
    assert len(blobs.kept) == 1
    assert "stay until a purge" in caplog.text
    blobs.works = True
    replace(galleries, workings=replace(galleries.workings, blobs=blobs)).purge()
    assert blobs.kept == {}


def put_and_die(url: str, gallery_id: str, folder: str, name: str, *, written: bool) -> None:
    """Put a crop, write its face or not, and be killed."""
    store = open_store(url)
    with kept_crops({name: b"a face"}, store, DirectoryBlobStore(Path(folder)), AT_ONCE):
        if written:
            face = NewFace(template(1, 0, 0), crop=name)
            store.enroll(gallery_id, [Enrolling(NewSubject("Ada"), [face])], actor="who dies")
        os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize("written", [False, True])
def test_a_crop_whose_process_was_killed_goes_with_a_purge_unless_a_face_has_it(
    galleries: Galleries, store: Store, store_url: str, tmp_path: Path, written: bool
) -> None:
    gallery = store.create_gallery(NewGallery("keeping", MODEL, 3), actor="tester")
    folder, name = tmp_path / "blobs", new_crop_name(gallery.id)
    process = get_context("spawn").Process(
        target=put_and_die,
        args=(store_url, gallery.id, str(folder), name),
        kwargs={"written": written},
    )
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    blobs = DirectoryBlobStore(folder)
    assert blobs.exists(name)
    replace(galleries, workings=replace(galleries.workings, blobs=blobs)).purge(AT_ONCE)
    assert blobs.exists(name) == written
