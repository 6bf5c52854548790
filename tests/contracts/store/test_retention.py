"""What every store owes about what goes for good."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from fakes import MODEL
from stores import ACTOR, enroll, everything, kinds, photo, purge
from vultus.domain.changes import NewSubject
from vultus.domain.gallery import Gallery, GalleryCounts
from vultus.errors import GalleryNotFound, MergeNotFound, RevisionPurged, SubjectNotFound
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
    assert purge(store, soon()) == Purged(galleries=0, subjects=1, faces=3)
    with pytest.raises(SubjectNotFound):
        store.restore_subject(gallery.id, ada.subject_id, actor=ACTOR)
    assert everything(store, gallery) == index
    assert store.counts(gallery.id) == GalleryCounts(1, 1)
    assert purge(store, soon()) == NOTHING


def test_what_was_deleted_lately_can_still_be_restored(store: Store, gallery: Gallery) -> None:
    ada = enroll(store, gallery, "Ada", photo())
    before = datetime.now(UTC) - timedelta(seconds=5)
    store.delete_subject(gallery.id, ada.subject_id, actor=ACTOR)
    revision = store.revision(gallery.id)
    assert purge(store, before) == NOTHING
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
    assert purge(store, soon()) == Purged(galleries=1, subjects=2, faces=4)
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
    assert purge(store, soon()) == Purged(0, subjects=1, faces=1)
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
    purge(store, soon())
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
    purge(store, soon())
    assert store.doomed_blobs() == ("crops/b.jpg",)
    store.delete_face(gallery.id, bob.faces[0].id, actor=ACTOR)
    purge(store, soon())
    both = with_crop(store, "crops/c.jpg")
    again = enroll(store, gallery, "Dan", both, both)
    store.delete_subject(gallery.id, again.subject_id, actor=ACTOR)
    purge(store, soon())
    assert store.doomed_blobs() == ("crops/a.jpg", "crops/b.jpg", "crops/c.jpg")


def keep_until(store: Store, gallery: Gallery, **dates: date | None) -> dict[str, str]:
    """Enroll subjects with a crop each, to be kept until a day; give their ids by their names."""
    entries = [
        Enrolling(NewSubject(name, retain_until=until), [with_crop(store, f"crops/{name}.jpg")])
        for name, until in dates.items()
    ]
    stored = store.enroll(gallery.id, entries, actor=ACTOR)
    return dict(zip(dates, (each.subject_id for each in stored), strict=True))


def long_ago() -> datetime:
    return datetime.now(UTC) - timedelta(days=30)


def test_subjects_go_for_good_when_their_time_is_over(store: Store, gallery: Gallery) -> None:
    ids = keep_until(store, gallery, over=date(2030, 1, 1), last_day=date(2030, 1, 2), ever=None)
    revision = store.revision(gallery.id)
    assert purge(store, long_ago(), date(2030, 1, 1)) == NOTHING
    assert purge(store, long_ago(), date(2030, 1, 2)) == Purged(0, 1, 1, expired=1)
    left = [item.subject.name for item in store.subjects(gallery.id).items]
    assert left == ["last_day", "ever"]
    assert store.doomed_blobs() == ("crops/over.jpg",)
    with pytest.raises(SubjectNotFound):
        store.restore_subject(gallery.id, ids["over"], actor=ACTOR)
    with pytest.raises(RevisionPurged):
        list(store.changes(gallery.id, revision))
    told = [event for event in store.events() if event.action == "subject.expired"]
    assert [event.subject_id for event in told] == [ids["over"]]
    assert purge(store, long_ago(), date(2030, 1, 2)) == NOTHING


def test_who_was_deleted_is_not_kept_past_the_date(store: Store, gallery: Gallery) -> None:
    ids = keep_until(store, gallery, over=date(2030, 1, 1), ever=None)
    for subject_id in ids.values():
        store.delete_subject(gallery.id, subject_id, actor=ACTOR)
    assert purge(store, long_ago(), date(2030, 1, 2)) == Purged(0, 1, 1, expired=1)
    store.restore_subject(gallery.id, ids["ever"], actor=ACTOR)


def test_who_is_in_a_deleted_gallery_is_not_kept_past_the_date(
    store: Store, gallery: Gallery
) -> None:
    keep_until(store, gallery, over=date(2030, 1, 1), ever=None)
    store.delete_gallery(gallery.id, actor=ACTOR)
    assert purge(store, long_ago(), date(2030, 1, 2)) == Purged(0, 1, 1, expired=1)
    assert purge(store, long_ago(), date(2030, 1, 2)) == NOTHING
    assert purge(store, soon(), date(2030, 1, 2)) == Purged(1, 1, 1)


@pytest.mark.parametrize("over", ["into", "other"])
def test_a_merge_of_somebody_whose_time_is_over_is_forgotten(
    store: Store, gallery: Gallery, over: str
) -> None:
    dates = {"into": None, "other": None, over: date(2030, 1, 1)}
    ids = keep_until(store, gallery, **dates, one=None, two=None)
    merge = store.merge_subjects(gallery.id, ids["into"], [ids["other"]], actor=ACTOR)
    kept = store.merge_subjects(gallery.id, ids["one"], [ids["two"]], actor=ACTOR)
    faces = 2 if over == "into" else 0
    assert purge(store, long_ago(), date(2030, 1, 2)) == Purged(0, 1, faces, expired=1)
    with pytest.raises(MergeNotFound):
        store.undo_merge(gallery.id, merge.id, actor=ACTOR)
    assert store.merges(gallery.id) == (kept,)


def test_a_restored_subject_is_not_purged(store: Store, gallery: Gallery) -> None:
    ada = enroll(store, gallery, "Ada", photo()).subject_id
    store.delete_subject(gallery.id, ada, actor=ACTOR)
    store.restore_subject(gallery.id, ada, actor=ACTOR)
    assert purge(store, soon()) == NOTHING
