"""What every store owes about galleries."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from fakes import MODEL
from stores import ACTOR, enroll, kinds, photo
from vultus.domain.changes import NewSubject, SubjectChange
from vultus.domain.gallery import Gallery, GalleryCounts, ThresholdPolicy
from vultus.errors import GalleryExists, GalleryNotFound, InvalidValue
from vultus.gallery.store.port import Store
from vultus.gallery.store.requests import GalleryChange, NewGallery

pytestmark = kinds


def test_a_gallery_is_found_by_its_id_and_by_its_name(store: Store) -> None:
    made = store.create_gallery(NewGallery("Besucher 🏛️", MODEL, 3, keep_crops=True), actor=ACTOR)
    assert store.gallery(made.id) == store.gallery("Besucher 🏛️") == made
    assert (made.model, made.dim, made.keep_crops) == (MODEL, 3, True)
    assert made.created_at.tzinfo is UTC
    assert made.created_at <= datetime.now(UTC)


def test_an_id_comes_before_a_name_that_reads_the_same(store: Store, gallery: Gallery) -> None:
    store.create_gallery(NewGallery(gallery.id, MODEL, 3), actor=ACTOR)
    assert store.gallery(gallery.id) == gallery


def test_galleries_are_listed_by_name(store: Store) -> None:
    for name in ("visitors", "a", "staff"):
        store.create_gallery(NewGallery(name, MODEL, 3), actor=ACTOR)
    assert [each.name for each in store.galleries()] == ["a", "staff", "visitors"]


@pytest.mark.parametrize("name", ["", " ", "x" * 1_001, "nul\0", "half \ud83d"])
def test_a_name_that_is_none_is_refused(store: Store, name: str) -> None:
    with pytest.raises(InvalidValue, match="name"):
        store.create_gallery(NewGallery(name, MODEL, 3), actor=ACTOR)
    assert store.galleries() == ()


def test_a_name_is_given_once(store: Store, gallery: Gallery) -> None:
    with pytest.raises(GalleryExists, match="staff"):
        store.create_gallery(NewGallery("staff", MODEL, 3), actor=ACTOR)
    other = store.create_gallery(NewGallery("other", MODEL, 3), actor=ACTOR)
    with pytest.raises(GalleryExists):
        store.update_gallery(other.id, GalleryChange(name="staff"), actor=ACTOR)
    assert store.galleries() == (other, gallery)


def test_a_gallery_is_renamed_and_told_to_keep_crops(store: Store, gallery: Gallery) -> None:
    change = GalleryChange(name="crew", keep_crops=True)
    changed = store.update_gallery(gallery.id, change, actor=ACTOR)
    assert (changed.name, changed.keep_crops) == ("crew", True)
    assert changed.revision == gallery.revision + 1
    assert store.gallery("crew") == changed


def test_a_change_that_changes_nothing_raises_no_revision(store: Store, gallery: Gallery) -> None:
    same = GalleryChange(name="staff", keep_crops=False)
    assert store.update_gallery(gallery.id, same, actor=ACTOR) == gallery


def test_a_gallery_has_a_policy_of_its_own_or_none(store: Store) -> None:
    own = ThresholdPolicy("fpir", 0.01)
    made = store.create_gallery(NewGallery("door", MODEL, 3, policy=own), actor=ACTOR)
    assert store.gallery("door").policy == own
    fixed = GalleryChange(policy="fixed", fpir=None)
    assert store.update_gallery(made.id, fixed, actor=ACTOR).policy == ThresholdPolicy("fixed")
    default = GalleryChange(policy=None, fpir=None)
    changed = store.update_gallery(made.id, default, actor=ACTOR)
    assert changed.policy is None
    assert store.update_gallery(made.id, default, actor=ACTOR) == changed


def test_a_deleted_gallery_frees_its_name_at_once(store: Store, gallery: Gallery) -> None:
    enroll(store, gallery, "Ada", photo())
    store.delete_gallery(gallery.id, actor=ACTOR)
    assert store.galleries() == ()
    again = store.create_gallery(NewGallery("staff", MODEL, 3), actor=ACTOR)
    assert store.counts(again.id) == GalleryCounts(0, 0)


def test_subjects_and_faces_are_counted(store: Store, gallery: Gallery) -> None:
    enroll(store, gallery, "Ada", photo(1, 0, 0), photo(0, 1, 0))
    gone = enroll(store, gallery, "Bob", photo())
    enroll(store, gallery, "Cid")
    store.delete_subject(gallery.id, gone.subject_id, actor=ACTOR)
    assert store.counts(gallery.id) == GalleryCounts(subjects=2, faces=2)


QUESTIONS: list[Callable[[Store, str], Any]] = [
    lambda store, gallery: store.gallery(gallery),
    lambda store, gallery: store.counts(gallery),
    lambda store, gallery: store.update_gallery(gallery, GalleryChange(), actor=ACTOR),
    lambda store, gallery: store.delete_gallery(gallery, actor=ACTOR),
    lambda store, gallery: store.create_subject(gallery, NewSubject("Ada"), actor=ACTOR),
    lambda store, gallery: store.subject(gallery, "x"),
    lambda store, gallery: store.subject_by_external_id(gallery, "x"),
    lambda store, gallery: store.subjects(gallery),
    lambda store, gallery: store.update_subject(gallery, "x", SubjectChange(), actor=ACTOR),
    lambda store, gallery: store.delete_subject(gallery, "x", actor=ACTOR),
    lambda store, gallery: store.delete_all_subjects(gallery, actor=ACTOR),
    lambda store, gallery: store.restore_subject(gallery, "x", actor=ACTOR),
    lambda store, gallery: store.merge_subjects(gallery, "x", ["y"], actor=ACTOR),
    lambda store, gallery: store.undo_merge(gallery, "x", actor=ACTOR),
    lambda store, gallery: store.merges(gallery),
    lambda store, gallery: store.enroll(gallery, [], actor=ACTOR),
    lambda store, gallery: store.faces(gallery, "x"),
    lambda store, gallery: store.face(gallery, "x"),
    lambda store, gallery: store.known_digests(gallery, ["x"]),
    lambda store, gallery: store.delete_face(gallery, "x", actor=ACTOR),
    lambda store, gallery: store.move_faces(gallery, ["x"], "y", actor=ACTOR),
    lambda store, gallery: store.update_template(gallery, "x", [photo()], actor=ACTOR),
    lambda store, gallery: store.revision(gallery),
    lambda store, gallery: list(store.changes(gallery, 0)),
    lambda store, gallery: list(store.export_subjects(gallery)),
    lambda store, gallery: store.import_subjects(gallery, [], actor=ACTOR),
]


def test_every_question_about_a_gallery_that_is_not_there_says_so(
    store: Store, gallery: Gallery
) -> None:
    store.delete_gallery(gallery.id, actor=ACTOR)
    for ask in QUESTIONS:
        for gallery_id in (gallery.id, "never was"):
            with pytest.raises(GalleryNotFound, match=gallery_id):
                ask(store, gallery_id)
