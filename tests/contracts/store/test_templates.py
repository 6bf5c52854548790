"""What every store owes whoever turns an index's answers into subjects."""

import numpy as np

from stores import ACTOR, enroll, kinds, photo
from vultus.domain.changes import NewSubject
from vultus.domain.gallery import Gallery
from vultus.gallery.store.port import Store
from vultus.gallery.store.requests import NewGallery

pytestmark = kinds


def keys_of(store: Store, gallery: Gallery) -> list[int]:
    """The keys of subjects that have faces, in the order in which they got them."""
    return [
        key
        for page in store.changes(gallery.id, 0)
        for key in dict.fromkeys(page.subjects.tolist())
    ]


def test_subjects_come_in_order_of_their_keys_each_with_its_templates(
    store: Store, gallery: Gallery
) -> None:
    ada = enroll(store, gallery, "Ada", photo(1, 0, 0), photo(0, 1, 0), external_id="1")
    bob = enroll(store, gallery, "Bob", photo(0, 0, 1))
    found = store.templates_of(gallery.id, keys_of(store, gallery)[::-1])
    assert [subject.id for subject in found.subjects] == [ada.subject_id, bob.subject_id]
    assert found.subjects[0] == store.subject(gallery.id, ada.subject_id).subject
    assert found.starts.tolist() == [0, 2]
    assert found.face_ids == tuple(face.id for face in (*ada.faces, *bob.faces))
    assert np.array_equal(found.vectors, np.eye(3, dtype=np.float32))
    assert found.resultants.tolist() == [1, 1, 1]


def test_a_running_mean_brings_the_length_of_its_sum(store: Store, gallery: Gallery) -> None:
    ada = enroll(store, gallery, "Ada")
    store.update_template(gallery.id, ada.subject_id, [photo(1, 0, 0), photo(0, 1, 0)], actor=ACTOR)
    found = store.templates_of(gallery.id, keys_of(store, gallery))
    np.testing.assert_allclose(found.resultants, [np.sqrt(2)], rtol=1e-6)


def test_only_what_is_there_is_given(store: Store, gallery: Gallery) -> None:
    gone = enroll(store, gallery, "Gone", photo(1, 0, 0))
    half = enroll(store, gallery, "Half", photo(0, 1, 0), photo(0, 0, 1))
    bare = enroll(store, gallery, "Bare", photo(1, 1, 1))
    keys = keys_of(store, gallery)
    store.delete_subject(gallery.id, gone.subject_id, actor=ACTOR)
    store.delete_face(gallery.id, half.faces[0].id, actor=ACTOR)
    store.delete_face(gallery.id, bare.faces[0].id, actor=ACTOR)
    found = store.templates_of(gallery.id, [*keys, 10**9])
    assert [subject.name for subject in found.subjects] == ["Half"]
    assert found.face_ids == (half.faces[1].id,)


def test_subjects_of_another_gallery_are_not_given(store: Store, gallery: Gallery) -> None:
    other = store.create_gallery(NewGallery("other", gallery.model, gallery.dim), actor=ACTOR)
    enroll(store, other, "Eve", photo(1, 0, 0))
    assert store.templates_of(gallery.id, keys_of(store, other)).subjects == ()


def test_nobody_has_no_templates(store: Store, gallery: Gallery) -> None:
    store.create_subject(gallery.id, NewSubject("Ada"), actor=ACTOR)
    found = store.templates_of(gallery.id, [])
    assert (found.subjects, found.face_ids, len(found.starts)) == ((), (), 0)
