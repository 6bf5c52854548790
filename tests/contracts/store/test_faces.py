"""What every store owes about faces."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from fakes import MODEL, template
from stores import ACTOR, enroll, everything, kinds, photo
from vultus.domain.changes import NewSubject
from vultus.domain.face import Box, Quality
from vultus.domain.gallery import Gallery, GalleryCounts
from vultus.domain.template import ModelId, Template
from vultus.errors import (
    ExternalIdTaken,
    FaceNotFound,
    ModelMismatch,
    SubjectAmbiguous,
    SubjectNotFound,
    TemplateSizeMismatch,
)
from vultus.gallery.store.port import Store
from vultus.gallery.store.requests import (
    Enrolling,
    KnownFace,
    NewFace,
    NewGallery,
    StoredFace,
    StoredSubject,
)

pytestmark = kinds

OTHER_MODEL = Template(template(1, 0, 0).vector, ModelId("other", "2"))
OTHER_SIZE = template(1, 0, 0, 0)


def test_a_face_is_read_as_it_was_written(store: Store, gallery: Gallery) -> None:
    rng = np.random.default_rng(0)
    face = NewFace(
        template(*rng.standard_normal(3)),
        Quality(0.875, ("blurred", "small")),
        Box(-1.5, 2.25, 30, 41.125),
        "ab" * 32,
        "crops/1.jpg",
    )
    store.hold_blobs(["crops/1.jpg"], until=datetime.now(UTC) + timedelta(hours=1))
    stored = enroll(store, gallery, "Ada", face)
    read = store.face(gallery.id, stored.faces[0].id)
    assert store.faces(gallery.id, stored.subject_id) == (read,)
    assert np.array_equal(read.template.vector, face.template.vector)
    assert read.template.model == MODEL
    assert (read.quality, read.box) == (face.quality, face.box)
    assert (read.source_digest, read.crop) == ("ab" * 32, "crops/1.jpg")
    assert (read.weight, read.resultant, read.running) == (1, 1.0, False)
    assert read.subject_id == stored.subject_id


def test_faces_come_in_the_order_they_were_added(store: Store, gallery: Gallery) -> None:
    stored = enroll(store, gallery, "Ada", *(photo(1, n, 0) for n in range(20)))
    more = Enrolling(stored.subject_id, [photo(0, 0, 1)])
    (added,) = store.enroll(gallery.id, [more], actor=ACTOR)
    ids = [face.id for face in store.faces(gallery.id, stored.subject_id)]
    assert ids == [face.id for face in (*stored.faces, *added.faces)]
    assert store.subject(gallery.id, stored.subject_id).face_count == 21


def test_the_same_image_again_changes_nothing(store: Store, gallery: Gallery) -> None:
    first = enroll(store, gallery, "Ada", photo(of="a"), external_id="7")
    before = store.revision(gallery.id), everything(store, gallery), store.events(limit=9)
    again = enroll(store, gallery, "Ada", photo(0, 1, 0, of="a"), external_id="7")
    assert again.subject_id == first.subject_id
    assert again.faces == (StoredFace(first.faces[0].id, added=False),)
    assert not again.created
    assert before == (store.revision(gallery.id), everything(store, gallery), store.events(limit=9))


def test_the_same_image_may_show_two_people(store: Store, gallery: Gallery) -> None:
    ada = enroll(store, gallery, "Ada", photo(1, 0, 0, of="both"))
    bob = enroll(store, gallery, "Bob", photo(0, 1, 0, of="both"))
    digest = photo(of="both").source_digest
    assert digest is not None
    assert store.known_digests(gallery.id, [digest, "unknown"]) == {
        digest: (
            KnownFace(ada.faces[0].id, ada.subject_id),
            KnownFace(bob.faces[0].id, bob.subject_id),
        )
    }


def test_an_image_whose_face_was_deleted_can_be_enrolled_again(
    store: Store, gallery: Gallery
) -> None:
    first = enroll(store, gallery, "Ada", photo(of="a"))
    store.delete_face(gallery.id, first.faces[0].id, actor=ACTOR)
    assert store.known_digests(gallery.id, [photo(of="a").source_digest or ""]) == {}
    entry = Enrolling(first.subject_id, [photo(of="a")])
    assert store.enroll(gallery.id, [entry], actor=ACTOR)[0].faces[0].added


def test_a_list_may_name_a_person_and_an_image_twice(store: Store, gallery: Gallery) -> None:
    entries = [
        Enrolling(NewSubject("Ada", "7"), [photo(of="a"), photo(of="a"), photo(of="b")]),
        Enrolling(NewSubject("Ada again", "7"), [photo(of="b"), photo(of="c"), photo()]),
        Enrolling(NewSubject("Bob"), [photo(of="a")]),
    ]
    first, second, third = store.enroll(gallery.id, entries, actor=ACTOR)
    assert [face.added for face in first.faces] == [True, False, True]
    assert [face.added for face in second.faces] == [False, True, True]
    assert second.faces[0].id == first.faces[2].id
    assert (first.created, second.created, third.created) == (True, False, True)
    assert first.subject_id == second.subject_id != third.subject_id
    assert store.subject(gallery.id, first.subject_id).subject.name == "Ada"
    assert store.counts(gallery.id) == GalleryCounts(subjects=2, faces=5)


def test_a_new_subject_that_is_meant_by_name_is_the_one_of_that_name(
    store: Store, gallery: Gallery
) -> None:
    entry = Enrolling(NewSubject("Ada"), [photo(of="a")], by_name=True)
    first, second = store.enroll(gallery.id, [entry, entry], actor=ACTOR)
    (again,) = store.enroll(gallery.id, [entry], actor=ACTOR)
    assert (first.created, second.created, again.created) == (True, False, False)
    assert first.subject_id == second.subject_id == again.subject_id
    assert again.faces == second.faces == (StoredFace(first.faces[0].id, added=False),)
    with_id = Enrolling(NewSubject("Ada", "7"), [photo(of="a")], by_name=True)
    assert store.enroll(gallery.id, [with_id], actor=ACTOR)[0].created
    store.delete_subject(gallery.id, first.subject_id, actor=ACTOR)
    other = store.create_gallery(NewGallery("other", MODEL, 3), actor=ACTOR)
    assert store.enroll(other.id, [entry], actor=ACTOR)[0].created


@pytest.mark.parametrize("name", ["Ada Lovelace", "%_\\", "🦅"])
def test_of_a_name_that_several_have_nobody_is_chosen(
    store: Store, gallery: Gallery, name: str
) -> None:
    for _ in range(2):
        enroll(store, gallery, name, photo())
    revision = store.revision(gallery.id)
    with pytest.raises(SubjectAmbiguous, match="2 subjects answer"):
        store.enroll(gallery.id, [Enrolling(NewSubject(name), by_name=True)], actor=ACTOR)
    assert store.revision(gallery.id) == revision
    entry = Enrolling(NewSubject(name.lower() + "s"), by_name=True)
    assert store.enroll(gallery.id, [entry], actor=ACTOR)[0].created


def test_thousands_are_written_as_one_change(store: Store, gallery: Gallery) -> None:
    before = store.revision(gallery.id)
    entries = [Enrolling(NewSubject(f"{n}", f"{n}"), [photo(of=f"{n}")]) for n in range(3_000)]
    stored = store.enroll(gallery.id, entries, actor=ACTOR)
    assert all(each.created and each.faces[0].added for each in stored)
    assert store.revision(gallery.id) == before + 1
    again = store.enroll(gallery.id, entries, actor=ACTOR)
    assert [each.subject_id for each in again] == [each.subject_id for each in stored]
    assert not any(each.faces[0].added for each in again)
    assert store.counts(gallery.id) == GalleryCounts(3_000, 3_000)


@pytest.mark.parametrize(
    ("spoiler", "error"),
    [
        (Enrolling(NewSubject("Bob"), [NewFace(OTHER_MODEL)]), ModelMismatch),
        (Enrolling(NewSubject("Bob"), [photo(), NewFace(OTHER_SIZE)]), TemplateSizeMismatch),
        (Enrolling("never was", [photo()]), SubjectNotFound),
    ],
)
def test_a_list_with_one_fault_writes_nothing(
    store: Store, gallery: Gallery, spoiler: Enrolling, error: type[Exception]
) -> None:
    before = store.revision(gallery.id)
    entries = [Enrolling(NewSubject("Ada"), [photo()]), spoiler]
    with pytest.raises(error):
        store.enroll(gallery.id, entries, actor=ACTOR)
    assert store.counts(gallery.id) == GalleryCounts(0, 0)
    assert store.revision(gallery.id) == before


def test_enrolling_nobody_changes_nothing(store: Store, gallery: Gallery) -> None:
    assert store.enroll(gallery.id, [], actor=ACTOR) == ()
    assert store.revision(gallery.id) == gallery.revision


def test_a_face_is_deleted_and_its_subject_stays(store: Store, gallery: Gallery) -> None:
    stored = enroll(store, gallery, "Ada", photo())
    face_id = stored.faces[0].id
    store.delete_face(gallery.id, face_id, actor=ACTOR)
    assert store.faces(gallery.id, stored.subject_id) == ()
    with pytest.raises(FaceNotFound, match=face_id):
        store.face(gallery.id, face_id)
    with pytest.raises(FaceNotFound, match=face_id):
        store.delete_face(gallery.id, face_id, actor=ACTOR)


def test_faces_are_split_off_into_a_new_subject(store: Store, gallery: Gallery) -> None:
    ada = enroll(store, gallery, "Ada", photo(1, 0, 0), photo(0, 1, 0), photo(0, 0, 1))
    moved = [face.id for face in ada.faces[:2]]
    before = store.revision(gallery.id)
    bob = store.move_faces(gallery.id, moved, NewSubject("Bob", "7"), actor=ACTOR)
    assert (bob.subject.name, bob.face_count) == ("Bob", 2)
    assert [face.id for face in store.faces(gallery.id, bob.subject.id)] == moved
    assert [face.id for face in store.faces(gallery.id, ada.subject_id)] == [ada.faces[2].id]
    assert store.revision(gallery.id) == before + 1


def test_a_face_that_moves_to_where_its_image_is_known_is_deleted(
    store: Store, gallery: Gallery
) -> None:
    ada = enroll(store, gallery, "Ada", photo(1, 0, 0, of="both"), photo(0, 1, 0, of="own"))
    bob = enroll(store, gallery, "Bob", photo(0, 0, 1, of="both"))
    faces = [face.id for face in ada.faces]
    after = store.move_faces(gallery.id, faces, bob.subject_id, actor=ACTOR)
    assert after.face_count == 2
    assert {face.id for face in store.faces(gallery.id, bob.subject_id)} == {
        bob.faces[0].id,
        ada.faces[1].id,
    }
    assert store.faces(gallery.id, ada.subject_id) == ()


def test_moving_to_where_they_are_changes_nothing(store: Store, gallery: Gallery) -> None:
    ada = enroll(store, gallery, "Ada", photo())
    before = store.revision(gallery.id)
    store.move_faces(gallery.id, [ada.faces[0].id], ada.subject_id, actor=ACTOR)
    assert store.revision(gallery.id) == before


def test_moving_what_or_where_is_not_there_changes_nothing(store: Store, gallery: Gallery) -> None:
    ada = enroll(store, gallery, "Ada", photo(), external_id="7")
    face = ada.faces[0].id
    before = store.revision(gallery.id)
    with pytest.raises(FaceNotFound):
        store.move_faces(gallery.id, [face, "never was"], NewSubject("Bob"), actor=ACTOR)
    with pytest.raises(SubjectNotFound):
        store.move_faces(gallery.id, [face], "never was", actor=ACTOR)
    with pytest.raises(ExternalIdTaken):
        store.move_faces(gallery.id, [face], NewSubject("Bob", "7"), actor=ACTOR)
    assert store.revision(gallery.id) == before
    assert store.counts(gallery.id) == GalleryCounts(1, 1)


def test_the_version_of_a_subject_rises_with_its_faces(store: Store, gallery: Gallery) -> None:
    ada, bob = (enroll(store, gallery, name, photo(of=name)) for name in ("Ada", "Bob"))

    def versions() -> list[int]:
        return [store.subject(gallery.id, each.subject_id).version for each in (ada, bob)]

    def add(of: str) -> StoredSubject:
        entries = [Enrolling(ada.subject_id, [photo(of=of)])]
        return store.enroll(gallery.id, entries, actor=ACTOR)[0]

    assert versions() == [1, 1]
    assert not add("Ada").faces[0].added
    assert versions() == [1, 1]
    face = add("a second").faces[0].id
    assert versions() == [2, 1]
    store.move_faces(gallery.id, [face], bob.subject_id, actor=ACTOR)
    assert versions() == [3, 2]
    store.move_faces(gallery.id, [face], bob.subject_id, actor=ACTOR)
    assert versions() == [3, 2]
    store.delete_face(gallery.id, face, actor=ACTOR)
    assert versions() == [3, 3]
    store.update_template(gallery.id, ada.subject_id, [photo(of="b")], actor=ACTOR)
    assert versions() == [4, 3]
    store.update_template(gallery.id, ada.subject_id, [photo(of="b")], actor=ACTOR)
    assert versions() == [4, 3]
    merge = store.merge_subjects(gallery.id, ada.subject_id, [bob.subject_id], actor=ACTOR)
    assert store.subject(gallery.id, ada.subject_id).version == 5
    store.undo_merge(gallery.id, merge.id, actor=ACTOR)
    assert versions() == [6, 4]
