"""What every store owes about blobs that no face has: none is lost, and none is taken away."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from stores import ACTOR, enroll, kinds, photo
from vultus.domain.gallery import Gallery, GalleryCounts
from vultus.errors import BlobNotHeld, ExternalIdTaken
from vultus.gallery.store.port import Store
from vultus.gallery.store.requests import NewFace

pytestmark = kinds

CROP, OTHER = "crops/a.jpg", "crops/b.jpg"
PAST = datetime(2026, 1, 1, tzinfo=UTC)


def later() -> datetime:
    return datetime.now(UTC) + timedelta(hours=1)


def with_crop(name: str, of: str | None = None) -> NewFace:
    return replace(photo(1, 2, 3, of=of), crop=name)


def test_a_held_blob_is_not_deleted_until_its_time_is_over(store: Store) -> None:
    store.hold_blobs([CROP], until=later())
    assert store.doomed_blobs() == ()
    store.hold_blobs([OTHER], until=PAST)
    assert store.doomed_blobs() == (OTHER,)
    assert store.doomed_blobs() == (OTHER,)
    store.forget_blobs([OTHER])
    assert store.doomed_blobs() == ()


def test_a_face_takes_its_crop_for_good(store: Store, gallery: Gallery) -> None:
    store.hold_blobs([CROP, OTHER], until=PAST)
    ada = enroll(store, gallery, "Ada", with_crop(CROP))
    assert store.face(gallery.id, ada.faces[0].id).crop == CROP
    assert store.doomed_blobs() == (OTHER,)
    store.delete_subject(gallery.id, ada.subject_id, actor=ACTOR)
    assert store.doomed_blobs() == (OTHER,)  # for the subject can be restored


def test_the_crops_of_many_faces_are_taken_at_once(store: Store, gallery: Gallery) -> None:
    names = [f"crops/{number}.jpg" for number in range(2_000)]
    store.hold_blobs(names, until=PAST)
    enroll(store, gallery, "Ada", *map(with_crop, names))
    assert store.doomed_blobs() == ()


def test_a_face_does_not_take_a_crop_that_may_be_deleted(store: Store, gallery: Gallery) -> None:
    store.hold_blobs([CROP], until=PAST)
    store.hold_blobs([OTHER], until=later())
    assert store.doomed_blobs() == (CROP,)  # and now somebody deletes it
    with pytest.raises(BlobNotHeld, match=CROP):
        enroll(store, gallery, "Ada", with_crop(OTHER), with_crop(CROP))
    store.forget_blobs([CROP])
    with pytest.raises(BlobNotHeld, match=CROP):
        enroll(store, gallery, "Ada", with_crop(CROP))
    assert store.counts(gallery.id) == GalleryCounts(0, 0)
    assert store.release_blobs([OTHER]) == (OTHER,)


def test_a_write_that_fails_leaves_the_crop_held(store: Store, gallery: Gallery) -> None:
    enroll(store, gallery, "Ada", external_id="1")
    bob = enroll(store, gallery, "Bob", photo(), external_id="2")
    (exported,) = [
        each
        for each in store.export_subjects(gallery.id)
        if each.enrollment.subject.id == bob.subject_id
    ]
    taken = replace(exported.enrollment.subject, id="0" * 32, external_id="1")
    faces = tuple(replace(face, id="1" * 32, crop=CROP) for face in exported.faces)
    given = replace(exported, enrollment=replace(exported.enrollment, subject=taken), faces=faces)
    store.hold_blobs([CROP], until=PAST)
    with pytest.raises(ExternalIdTaken):
        store.import_subjects(gallery.id, [given], actor=ACTOR)
    assert store.doomed_blobs() == (CROP,)


def test_an_imported_face_takes_its_crop(store: Store, gallery: Gallery) -> None:
    enroll(store, gallery, "Ada", photo())
    (exported,) = store.export_subjects(gallery.id)
    store.delete_all_subjects(gallery.id, actor=ACTOR)
    given = replace(exported, faces=tuple(replace(face, crop=CROP) for face in exported.faces))
    with pytest.raises(BlobNotHeld):
        store.import_subjects(gallery.id, [given], actor=ACTOR)
    store.hold_blobs([CROP], until=PAST)
    assert store.import_subjects(gallery.id, [given], actor=ACTOR) == 1
    assert store.doomed_blobs() == ()


def test_the_crop_of_a_face_that_is_there_already_is_not_taken(
    store: Store, gallery: Gallery
) -> None:
    store.hold_blobs([CROP, OTHER], until=PAST)
    for crop in (CROP, OTHER):
        enroll(store, gallery, "Ada", with_crop(crop, of="one photo"), external_id="1")
    assert store.counts(gallery.id) == GalleryCounts(1, 1)
    assert store.doomed_blobs() == (OTHER,)


def test_blobs_that_were_let_go_of_are_doomed_but_for_those_of_faces(
    store: Store, gallery: Gallery
) -> None:
    store.hold_blobs([CROP, OTHER], until=later())
    enroll(store, gallery, "Ada", with_crop(CROP))
    assert store.release_blobs([CROP, OTHER, "never was"]) == (OTHER,)
    assert store.doomed_blobs() == (OTHER,)
    with pytest.raises(BlobNotHeld):
        enroll(store, gallery, "Bob", with_crop(OTHER))
