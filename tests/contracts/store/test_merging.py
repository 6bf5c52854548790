"""What every store owes about merging subjects, and taking it back."""

from dataclasses import replace

import pytest

from stores import ACTOR, enroll, everything, kinds, photo
from vultus.domain.changes import NewSubject
from vultus.domain.gallery import EnrolledSubject, Gallery, GalleryCounts
from vultus.errors import (
    ExternalIdTaken,
    InvalidMerge,
    MergeNotFound,
    MergeNotUndoable,
    SubjectNotFound,
)
from vultus.gallery.store.port import Store
from vultus.gallery.store.requests import Enrolling

pytestmark = kinds


def exported(store: Store, gallery: Gallery) -> list[EnrolledSubject]:
    """Everything in a gallery but the traces that merging and undoing leave."""
    return [
        replace(each, enrollment=replace(each.enrollment, version=0, updated_at=gallery.created_at))
        for each in store.export_subjects(gallery.id)
    ]


@pytest.fixture
def three(store: Store, gallery: Gallery) -> tuple[str, str, str]:
    """Ada and Bob have a face of one image; Cid has a running mean."""
    ada = enroll(store, gallery, "Ada", photo(1, 0, 0, of="both"), external_id="1")
    bob = enroll(store, gallery, "Bob", photo(0, 1, 0, of="both"), photo(0, 0, 1), external_id="2")
    cid = enroll(store, gallery, "Cid", photo(1, 1, 0))
    store.update_template(gallery.id, cid.subject_id, [photo(of="mean")], actor=ACTOR)
    return ada.subject_id, bob.subject_id, cid.subject_id


def test_the_others_faces_go_to_the_one(
    store: Store, gallery: Gallery, three: tuple[str, str, str]
) -> None:
    ada, bob, cid = three
    before = store.revision(gallery.id)
    merge = store.merge_subjects(gallery.id, ada, [cid, bob], actor=ACTOR)
    assert (merge.into, merge.others) == (ada, (bob, cid))
    assert store.merges(gallery.id) == (merge,)
    assert store.counts(gallery.id) == GalleryCounts(subjects=1, faces=4)
    assert store.subject(gallery.id, ada).subject.external_id == "1"
    with pytest.raises(SubjectNotFound):
        store.subject(gallery.id, bob)
    assert store.revision(gallery.id) == before + 1


def test_undoing_gives_back_what_was_there(
    store: Store, gallery: Gallery, three: tuple[str, str, str]
) -> None:
    ada, bob, cid = three
    before = exported(store, gallery)
    index = everything(store, gallery)
    merge = store.merge_subjects(gallery.id, ada, [bob, cid], actor=ACTOR)
    back = store.undo_merge(gallery.id, merge.id, actor=ACTOR)
    assert [each.subject.name for each in back] == ["Bob", "Cid"]
    assert exported(store, gallery) == before
    assert everything(store, gallery) == index
    assert store.merges(gallery.id) == ()


def test_what_changed_since_stays_as_it_was_changed(
    store: Store, gallery: Gallery, three: tuple[str, str, str]
) -> None:
    ada, bob, cid = three
    bobs = store.faces(gallery.id, bob)
    merge = store.merge_subjects(gallery.id, ada, [bob, cid], actor=ACTOR)
    new = Enrolling(ada, [photo(1, 2, 3)])
    added = store.enroll(gallery.id, [new], actor=ACTOR)[0].faces[0].id
    store.delete_face(gallery.id, bobs[1].id, actor=ACTOR)
    split = store.move_faces(
        gallery.id,
        [face.id for face in store.faces(gallery.id, ada)[-2:]],
        NewSubject("x"),
        actor=ACTOR,
    )
    store.undo_merge(gallery.id, merge.id, actor=ACTOR)
    assert [face.id for face in store.faces(gallery.id, bob)] == [bobs[0].id]
    assert split.face_count == 2
    assert added in {face.id for face in store.faces(gallery.id, split.subject.id)}


def test_merges_upon_merges_are_taken_back_in_turn(
    store: Store, gallery: Gallery, three: tuple[str, str, str]
) -> None:
    ada, bob, cid = three
    before = exported(store, gallery)
    first = store.merge_subjects(gallery.id, bob, [ada], actor=ACTOR)
    second = store.merge_subjects(gallery.id, cid, [bob], actor=ACTOR)
    with pytest.raises(MergeNotUndoable, match="gone"):
        store.undo_merge(gallery.id, first.id, actor=ACTOR)
    assert store.merges(gallery.id) == (second,)
    store.undo_merge(gallery.id, second.id, actor=ACTOR)
    store.undo_merge(gallery.id, first.id, actor=ACTOR)
    assert exported(store, gallery) == before


def test_a_merge_is_undone_once(
    store: Store, gallery: Gallery, three: tuple[str, str, str]
) -> None:
    merge = store.merge_subjects(gallery.id, three[0], three[1:], actor=ACTOR)
    store.undo_merge(gallery.id, merge.id, actor=ACTOR)
    for merge_id in (merge.id, "never was"):
        with pytest.raises(MergeNotFound, match=merge_id):
            store.undo_merge(gallery.id, merge_id, actor=ACTOR)


def test_undoing_waits_for_an_external_id_that_is_taken(
    store: Store, gallery: Gallery, three: tuple[str, str, str]
) -> None:
    ada, bob, _ = three
    merge = store.merge_subjects(gallery.id, ada, [bob], actor=ACTOR)
    other = store.create_subject(gallery.id, NewSubject("Eve", "2"), actor=ACTOR)
    with pytest.raises(ExternalIdTaken, match=other.subject.id):
        store.undo_merge(gallery.id, merge.id, actor=ACTOR)
    store.delete_subject(gallery.id, other.subject.id, actor=ACTOR)
    assert store.undo_merge(gallery.id, merge.id, actor=ACTOR)[0].face_count == 2


def test_a_merged_subject_returns_by_undoing_alone(
    store: Store, gallery: Gallery, three: tuple[str, str, str]
) -> None:
    ada, bob, _ = three
    store.merge_subjects(gallery.id, ada, [bob], actor=ACTOR)
    with pytest.raises(SubjectNotFound):
        store.restore_subject(gallery.id, bob, actor=ACTOR)


def test_a_merge_is_not_undone_over_what_an_import_brought_back(
    store: Store, gallery: Gallery, three: tuple[str, str, str]
) -> None:
    ada, bob, _ = three
    out = list(store.export_subjects(gallery.id))
    merge = store.merge_subjects(gallery.id, ada, [bob], actor=ACTOR)
    assert store.import_subjects(gallery.id, out, actor=ACTOR) == 1
    with pytest.raises(MergeNotUndoable, match="import"):
        store.undo_merge(gallery.id, merge.id, actor=ACTOR)


def test_a_face_that_lives_elsewhere_by_now_is_not_restored(
    store: Store, gallery: Gallery, three: tuple[str, str, str]
) -> None:
    ada, bob, _ = three
    out = list(store.export_subjects(gallery.id))
    store.delete_subject(gallery.id, bob, actor=ACTOR)
    store.import_subjects(gallery.id, out, actor=ACTOR)
    store.merge_subjects(gallery.id, ada, [bob], actor=ACTOR)
    back = store.restore_subject(gallery.id, bob, actor=ACTOR)
    faces = [face.id for each in store.export_subjects(gallery.id) for face in each.faces]
    assert len(set(faces)) == len(faces)
    assert back.face_count == 1


def test_subjects_that_cannot_be_merged_are_left_alone(
    store: Store, gallery: Gallery, three: tuple[str, str, str]
) -> None:
    ada, bob, _ = three
    before = store.revision(gallery.id)
    for others in ([ada], [bob, ada], [bob, bob], []):
        with pytest.raises(InvalidMerge, match=ada):
            store.merge_subjects(gallery.id, ada, others, actor=ACTOR)
    for into, others in ((ada, [bob, "never was"]), ("never was", [ada])):
        with pytest.raises(SubjectNotFound, match="never was"):
            store.merge_subjects(gallery.id, into, others, actor=ACTOR)
    assert store.revision(gallery.id) == before
    assert store.counts(gallery.id).subjects == 3
