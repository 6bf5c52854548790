"""What every store owes about the audit log."""

import json

import pytest

from stores import ACTOR, enroll, kinds, photo
from vultus.domain.changes import NewSubject, SubjectChange
from vultus.domain.gallery import AuditEvent, Gallery
from vultus.errors import SubjectNotFound
from vultus.gallery.store.port import Store
from vultus.gallery.store.requests import Enrolling, GalleryChange

pytestmark = kinds


def last(store: Store, count: int = 1) -> list[AuditEvent]:
    return list(store.events(limit=1_000)[-count:])


def test_each_write_says_who_did_what_to_whom(store: Store, gallery: Gallery) -> None:
    assert [(each.action, each.actor) for each in last(store)] == [("gallery.created", ACTOR)]
    ada = enroll(store, gallery, "Ada", photo(of="a"), photo())
    (event,) = last(store)
    assert (event.action, event.gallery_id, event.subject_id) == (
        "subject.created",
        gallery.id,
        ada.subject_id,
    )
    assert event.details == {"faces": 2}
    store.enroll(gallery.id, [Enrolling(ada.subject_id, [photo()])], actor="other")
    assert (last(store)[0].action, last(store)[0].actor) == ("faces.added", "other")
    change = SubjectChange(name="Ada King", consent="yes")
    store.update_subject(gallery.id, ada.subject_id, change, actor=ACTOR)
    assert last(store)[0].details == {"fields": ["consent", "name"]}


def test_writes_have_names_of_their_own(store: Store, gallery: Gallery) -> None:
    gid = gallery.id
    ada = enroll(store, gallery, "Ada", photo(), photo())
    bob = store.create_subject(gid, NewSubject("Bob"), actor=ACTOR).subject.id
    store.update_gallery(gid, GalleryChange(keep_crops=True), actor=ACTOR)
    store.update_template(gid, bob, [photo()], actor=ACTOR)
    store.move_faces(gid, [ada.faces[0].id], NewSubject("Cid"), actor=ACTOR)
    store.delete_face(gid, ada.faces[1].id, actor=ACTOR)
    merge = store.merge_subjects(gid, ada.subject_id, [bob], actor=ACTOR)
    store.undo_merge(gid, merge.id, actor=ACTOR)
    store.delete_subject(gid, bob, actor=ACTOR)
    store.restore_subject(gid, bob, actor=ACTOR)
    store.delete_all_subjects(gid, actor=ACTOR)
    store.delete_gallery(gid, actor=ACTOR)
    assert [each.action for each in store.events()] == [
        "gallery.created",
        "subject.created",
        "subject.created",
        "gallery.updated",
        "template.updated",
        "subject.created",
        "faces.moved",
        "face.deleted",
        "subjects.merged",
        "subjects.merged",
        "merge.undone",
        "merge.undone",
        "subject.deleted",
        "subject.restored",
        "gallery.emptied",
        "gallery.deleted",
    ]


def test_a_write_that_fails_leaves_no_event(store: Store, gallery: Gallery) -> None:
    before = store.events()
    with pytest.raises(SubjectNotFound):
        store.delete_subject(gallery.id, "never was", actor=ACTOR)
    assert store.events() == before


def test_names_and_templates_stay_out_of_it(store: Store, gallery: Gallery) -> None:
    new = NewSubject("Ada Lovelace", "ext-2576", {"secret": "attribute"}, "consented")
    (ada,) = store.enroll(gallery.id, [Enrolling(new, [photo(of="a")])], actor=ACTOR)
    change = SubjectChange(name="Augusta", attributes={"other": "secret"})
    store.update_subject(gallery.id, ada.subject_id, change, actor=ACTOR)
    store.delete_subject(gallery.id, ada.subject_id, actor=ACTOR)
    log = json.dumps([dict(each.details) for each in store.events()])
    for secret in ("Ada", "Lovelace", "2576", "secret", "consented", "Augusta"):
        assert secret not in log


def test_events_are_found_by_gallery_and_subject_and_page_by_page(
    store: Store, gallery: Gallery
) -> None:
    ada = enroll(store, gallery, "Ada", photo())
    enroll(store, gallery, "Bob")
    store.record("gallery.exported", actor="other", gallery_id=gallery.id, details={"faces": 1})
    store.record("key.created", actor="admin")
    everything = store.events()
    assert [each.sequence for each in everything] == sorted(each.sequence for each in everything)
    assert store.events(subject_id=ada.subject_id) == everything[1:2]
    assert store.events(gallery_id=gallery.id) == everything[:4]
    assert store.events(limit=2) == everything[:2]
    assert store.events(after=everything[1].sequence) == everything[2:]
    assert everything[3].details == {"faces": 1}
    assert (everything[4].gallery_id, everything[4].details) == (None, {})


def test_recording_raises_no_revision(store: Store, gallery: Gallery) -> None:
    store.record("gallery.exported", actor=ACTOR, gallery_id=gallery.id)
    assert store.revision(gallery.id) == gallery.revision
