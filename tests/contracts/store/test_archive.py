"""What every store owes about galleries on their way out and in."""

from datetime import date

import pytest

from fakes import MODEL
from stores import ACTOR, enroll, everything, kinds, photo
from vultus.domain.changes import NewSubject
from vultus.domain.gallery import EnrolledSubject, Gallery
from vultus.domain.template import ModelId
from vultus.errors import ExternalIdTaken, ModelMismatch, TemplateSizeMismatch
from vultus.gallery.store.port import Store
from vultus.gallery.store.requests import Enrolling, NewGallery, SubjectQuery

pytestmark = kinds


@pytest.fixture
def full(store: Store, gallery: Gallery) -> Gallery:
    ada = NewSubject("Ada", "1", {"floor": 3}, "yes", date(2042, 1, 1))
    store.enroll(
        gallery.id, [Enrolling(ada, [photo(1, 0, 0, of="a"), photo(0, 1, 0)])], actor=ACTOR
    )
    bob = enroll(store, gallery, "Bob", photo(0, 0, 1))
    folded = [photo(1, 1, 0, of="b"), photo(1, 0, 1, of="c"), photo(0, 1, 1)]
    store.update_template(gallery.id, bob.subject_id, folded, actor=ACTOR)
    enroll(store, gallery, "Cid")
    gone = enroll(store, gallery, "Dan", photo())
    store.delete_subject(gallery.id, gone.subject_id, actor=ACTOR)
    return gallery


def copy(store: Store, name: str = "copy") -> Gallery:
    return store.create_gallery(NewGallery(name, MODEL, 3), actor=ACTOR)


def archive(store: Store, gallery: Gallery) -> list[EnrolledSubject]:
    return list(store.export_subjects(gallery.id))


def test_the_living_come_out_in_order(store: Store, full: Gallery) -> None:
    out = archive(store, full)
    assert [each.enrollment.subject.name for each in out] == ["Ada", "Bob", "Cid"]
    assert [len(each.faces) for each in out] == [2, 2, 0]
    assert [each.enrollment.face_count for each in out] == [2, 2, 0]
    mean = out[1].faces[1]
    digests = tuple(sorted(photo(of=name).source_digest or "" for name in "bc"))
    assert (mean.weight, out[1].folded_sources) == (3, {mean.id: digests})


def test_what_goes_in_is_what_came_out(store: Store, full: Gallery) -> None:
    into = copy(store)
    assert store.import_subjects(into.id, archive(store, full), actor=ACTOR) == 3
    moved = [
        (each.enrollment.subject, each.enrollment.version, each.faces, each.folded_sources)
        for each in archive(store, into)
    ]
    assert moved == [
        (each.enrollment.subject, each.enrollment.version, each.faces, each.folded_sources)
        for each in archive(store, full)
    ]
    found = store.subjects(into.id, SubjectQuery("ada", {"floor": 3})).items
    assert [(each.consent, each.retain_until) for each in found] == [("yes", date(2042, 1, 1))]
    assert len(everything(store, into)) == 4


def test_a_mean_goes_on_where_it_was(store: Store, full: Gallery) -> None:
    into = copy(store)
    store.import_subjects(into.id, archive(store, full), actor=ACTOR)
    bob = archive(store, full)[1].enrollment.subject.id
    new = [photo(of="b"), photo(1, 2, 3, of="d")]
    here, there = (
        store.update_template(gallery.id, bob, new, actor=ACTOR) for gallery in (full, into)
    )
    assert here == there
    assert here.weight == 4


def test_what_is_there_is_left_alone(store: Store, full: Gallery) -> None:
    into = copy(store)
    out = archive(store, full)
    store.import_subjects(into.id, out[:1], actor=ACTOR)
    assert store.import_subjects(into.id, out, actor=ACTOR) == 2
    before = store.revision(into.id)
    assert store.import_subjects(into.id, out, actor=ACTOR) == 0
    assert store.revision(into.id) == before
    assert [each.enrollment.subject.id for each in archive(store, into)] == [
        each.enrollment.subject.id for each in out
    ]


def test_an_archive_brings_back_what_was_deleted(store: Store, full: Gallery) -> None:
    out = archive(store, full)
    store.delete_all_subjects(full.id, actor=ACTOR)
    assert store.import_subjects(full.id, out, actor=ACTOR) == 3
    assert [each.faces for each in archive(store, full)] == [each.faces for each in out]


def test_a_face_that_lives_on_with_another_subject_is_not_doubled(
    store: Store, full: Gallery
) -> None:
    out = archive(store, full)
    ada, bob = (each.enrollment.subject.id for each in out[:2])
    store.merge_subjects(full.id, ada, [bob], actor=ACTOR)
    assert store.import_subjects(full.id, out, actor=ACTOR) == 1
    assert [len(each.faces) for each in archive(store, full)] == [4, 0, 0]


def test_a_fault_in_it_writes_nothing(store: Store, full: Gallery) -> None:
    out = archive(store, full)
    into = copy(store)
    store.create_subject(into.id, NewSubject("Eve", "1"), actor=ACTOR)
    before = store.revision(into.id)
    with pytest.raises(ExternalIdTaken):
        store.import_subjects(into.id, out, actor=ACTOR)
    small = store.create_gallery(NewGallery("small", MODEL, 2), actor=ACTOR)
    with pytest.raises(TemplateSizeMismatch):
        store.import_subjects(small.id, out, actor=ACTOR)
    other = store.create_gallery(NewGallery("other", ModelId("other", "1"), 3), actor=ACTOR)
    with pytest.raises(ModelMismatch):
        store.import_subjects(other.id, out, actor=ACTOR)
    assert store.revision(into.id) == before
    assert [store.counts(each.id).subjects for each in (into, small, other)] == [1, 0, 0]


def test_an_archive_with_one_external_id_twice_is_refused(store: Store, full: Gallery) -> None:
    other = copy(store, "other")
    enroll(store, other, "Eve", external_id="1")
    both = [*archive(store, full), *archive(store, other)]
    with pytest.raises(ExternalIdTaken):
        store.import_subjects(copy(store).id, both, actor=ACTOR)


def test_more_come_out_than_are_read_at_once(store: Store, gallery: Gallery) -> None:
    entries = [Enrolling(NewSubject(f"{n}"), [photo(1, n, 0)]) for n in range(1_203)]
    store.enroll(gallery.id, entries, actor=ACTOR)
    out = archive(store, gallery)
    assert [each.enrollment.subject.name for each in out] == [f"{n}" for n in range(1_203)]
    assert all(len(each.faces) == 1 for each in out)
    into = copy(store)
    assert store.import_subjects(into.id, out, actor=ACTOR) == 1_203
    assert [each.faces for each in archive(store, into)] == [each.faces for each in out]
