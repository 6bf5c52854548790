"""What every store owes about what goes for good."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from fakes import MODEL
from stores import ACTOR, enroll, everything, kinds, photo
from vultus.domain.changes import NewSubject
from vultus.domain.gallery import Gallery, GalleryCounts
from vultus.errors import GalleryNotFound, MergeNotFound, SubjectNotFound
from vultus.gallery.store.port import Store
from vultus.gallery.store.requests import Enrolling, NewFace, NewGallery, Purged

pytestmark = kinds

NOTHING = Purged(0, 0, 0)


def soon() -> datetime:
    return datetime.now(UTC) + timedelta(seconds=1)


def with_crop(store: Store, name: str) -> NewFace:
    store.hold_blobs([name], until=soon() + timedelta(hours=1))
    return replace(photo(1, 2, 3), crop=name)


def test_what_was_deleted_long_enough_ago_is_gone_for_good(store: Store, gallery: Gallery) -> None:
    ada = enroll(store, gallery, "Ada", photo(), photo())
    bob = enroll(store, gallery, "Bob", photo(1, 0, 0), photo(0, 1, 0))
    store.delete_subject(gallery.id, ada.subject_id, actor=ACTOR)
    store.delete_face(gallery.id, bob.faces[0].id, actor=ACTOR)
    index = everything(store, gallery)
    assert store.purge(soon(), actor=ACTOR) == Purged(galleries=0, subjects=1, faces=3)
    with pytest.raises(SubjectNotFound):
        store.restore_subject(gallery.id, ada.subject_id, actor=ACTOR)
    assert everything(store, gallery) == index
    assert store.counts(gallery.id) == GalleryCounts(1, 1)
    assert store.purge(soon(), actor=ACTOR) == NOTHING


def test_what_was_deleted_lately_can_still_be_restored(store: Store, gallery: Gallery) -> None:
    ada = enroll(store, gallery, "Ada", photo())
    before = datetime.now(UTC) - timedelta(seconds=5)
    store.delete_subject(gallery.id, ada.subject_id, actor=ACTOR)
    revision = store.revision(gallery.id)
    assert store.purge(before, actor=ACTOR) == NOTHING
    assert store.revision(gallery.id) == revision
    assert store.restore_subject(gallery.id, ada.subject_id, actor=ACTOR).face_count == 1


def test_a_deleted_gallery_goes_with_everything_in_it(store: Store, gallery: Gallery) -> None:
    ada = enroll(store, gallery, "Ada", photo(), with_crop(store, "crops/a.jpg"))
    bob = enroll(store, gallery, "Bob", photo())
    store.update_template(gallery.id, bob.subject_id, [photo(of="x")], actor=ACTOR)
    store.merge_subjects(gallery.id, ada.subject_id, [bob.subject_id], actor=ACTOR)
    other = store.create_gallery(NewGallery("other", MODEL, 3), actor=ACTOR)
    enroll(store, other, "Ada", photo())
    store.delete_gallery(gallery.id, actor=ACTOR)
    assert store.purge(soon(), actor=ACTOR) == Purged(galleries=1, subjects=2, faces=4)
    with pytest.raises(GalleryNotFound):
        store.gallery(gallery.id)
    assert store.galleries() == (store.gallery("other"),)
    assert store.counts(other.id) == GalleryCounts(1, 1)
    assert store.doomed_blobs() == ("crops/a.jpg",)
    assert store.events(gallery_id=gallery.id)[-1].action == "gallery.removed"


def test_a_merge_can_be_undone_until_it_is_purged(store: Store, gallery: Gallery) -> None:
    ada = enroll(store, gallery, "Ada", photo(1, 0, 0, of="both")).subject_id
    bob = enroll(store, gallery, "Bob", photo(0, 1, 0), photo(of="both")).subject_id
    merge = store.merge_subjects(gallery.id, ada, [bob], actor=ACTOR)
    index = everything(store, gallery)
    assert store.purge(soon(), actor=ACTOR) == Purged(0, subjects=1, faces=1)
    assert store.merges(gallery.id) == ()
    with pytest.raises(MergeNotFound):
        store.undo_merge(gallery.id, merge.id, actor=ACTOR)
    assert everything(store, gallery) == index


def test_crops_of_purged_faces_are_listed_until_they_are_deleted(
    store: Store, gallery: Gallery
) -> None:
    crops = [with_crop(store, f"crops/{n}.jpg") for n in range(3)]
    ada = enroll(store, gallery, "Ada", *crops, photo())
    for face in ada.faces[1:]:
        store.delete_face(gallery.id, face.id, actor=ACTOR)
    assert store.doomed_blobs() == ()
    store.purge(soon(), actor=ACTOR)
    assert store.doomed_blobs() == ("crops/1.jpg", "crops/2.jpg")
    assert store.doomed_blobs(limit=1) == ("crops/1.jpg",)
    store.forget_blobs(["crops/1.jpg", "never was"])
    assert store.doomed_blobs() == ("crops/2.jpg",)


def test_a_crop_that_another_face_has_is_kept(store: Store, gallery: Gallery) -> None:
    shared = with_crop(store, "crops/a.jpg")
    ada = enroll(store, gallery, "Ada", shared, with_crop(store, "crops/b.jpg"))
    bob = enroll(store, gallery, "Bob", with_crop(store, "crops/a.jpg"))
    for face in ada.faces:
        store.delete_face(gallery.id, face.id, actor=ACTOR)
    store.purge(soon(), actor=ACTOR)
    assert store.doomed_blobs() == ("crops/b.jpg",)
    store.delete_face(gallery.id, bob.faces[0].id, actor=ACTOR)
    store.purge(soon(), actor=ACTOR)
    both = with_crop(store, "crops/c.jpg")
    again = enroll(store, gallery, "Dan", both, both)
    store.delete_subject(gallery.id, again.subject_id, actor=ACTOR)
    store.purge(soon(), actor=ACTOR)
    assert store.doomed_blobs() == ("crops/a.jpg", "crops/b.jpg", "crops/c.jpg")


def test_subjects_are_deleted_when_their_time_is_over(store: Store, gallery: Gallery) -> None:
    dates = (date(2030, 1, 1), date(2030, 1, 2), None)
    names = ("over", "last day", "for good")
    entries = [
        Enrolling(NewSubject(name, retain_until=until), [photo()])
        for name, until in zip(names, dates, strict=True)
    ]
    store.enroll(gallery.id, entries, actor=ACTOR)
    assert store.expire(date(2030, 1, 1), actor=ACTOR) == 0
    assert store.expire(date(2030, 1, 2), actor="retention") == 1
    left = [item.subject.name for item in store.subjects(gallery.id).items]
    assert left == ["last day", "for good"]
    event = store.events()[-1]
    assert (event.action, event.actor) == ("subject.expired", "retention")
    assert store.expire(date(2030, 1, 2), actor=ACTOR) == 0
    assert store.purge(soon(), actor=ACTOR) == Purged(0, subjects=1, faces=1)


def test_a_restored_subject_is_not_purged(store: Store, gallery: Gallery) -> None:
    ada = enroll(store, gallery, "Ada", photo()).subject_id
    store.delete_subject(gallery.id, ada, actor=ACTOR)
    store.restore_subject(gallery.id, ada, actor=ACTOR)
    assert store.purge(soon(), actor=ACTOR) == NOTHING
