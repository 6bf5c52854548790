"""What every store owes about a subject's running mean."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fakes import template
from stores import ACTOR, enroll, kinds, photo
from vultus.domain.changes import NewSubject
from vultus.domain.gallery import Gallery
from vultus.domain.template import ModelId, Template
from vultus.errors import InvalidValue, ModelMismatch, SubjectNotFound, TemplateSizeMismatch
from vultus.gallery.store.port import Store
from vultus.gallery.store.requests import Enrolling, KnownFace, NewFace

pytestmark = kinds

directions = st.lists(
    st.tuples(*(st.floats(-1, 1, width=32) for _ in range(3))).filter(
        lambda values: float(np.linalg.norm(values)) > 0.1
    ),
    min_size=1,
    max_size=8,
)


@given(first=directions, second=directions)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_it_is_the_mean_of_all_however_they_came(
    store: Store, gallery: Gallery, first: list[tuple[float]], second: list[tuple[float]]
) -> None:
    who = enroll(store, gallery, "Ada").subject_id
    all_of_them = [photo(*direction) for direction in (*first, *second)]
    total = np.sum([face.template.vector for face in all_of_them], axis=0, dtype=np.float64)
    if min(np.linalg.norm(total), np.linalg.norm(_sum(first))) < 1e-2:
        return
    store.update_template(gallery.id, who, all_of_them[: len(first)], actor=ACTOR)
    mean = store.update_template(gallery.id, who, all_of_them[len(first) :], actor=ACTOR)
    assert mean.weight == len(first) + len(second)
    assert mean.running
    assert mean.resultant == pytest.approx(np.linalg.norm(total), abs=1e-5)
    assert np.allclose(mean.template.vector * mean.resultant, total, atol=1e-5)
    assert store.faces(gallery.id, who) == (mean,)


def test_it_stands_beside_the_faces_that_are_there(store: Store, gallery: Gallery) -> None:
    ada = enroll(store, gallery, "Ada", photo(1, 0, 0, of="a"))
    mean = store.update_template(gallery.id, ada.subject_id, [photo(0, 1, 0)], actor=ACTOR)
    faces = store.faces(gallery.id, ada.subject_id)
    assert [face.id for face in faces] == [ada.faces[0].id, mean.id]
    assert np.array_equal(faces[0].template.vector, photo(1, 0, 0).template.vector)
    assert (mean.weight, mean.quality, mean.box, mean.crop) == (1, None, None, None)


def test_the_same_image_counts_once(store: Store, gallery: Gallery) -> None:
    ada = enroll(store, gallery, "Ada").subject_id
    images = [photo(1, 0, 0, of="a"), photo(1, 0, 0, of="a"), photo(0, 1, 0, of="b")]
    mean = store.update_template(gallery.id, ada, images, actor=ACTOR)
    assert mean.weight == 2
    before = store.revision(gallery.id)
    assert store.update_template(gallery.id, ada, images, actor=ACTOR) == mean
    assert store.revision(gallery.id) == before
    third = store.update_template(gallery.id, ada, [*images, photo(of="c")], actor=ACTOR)
    assert (third.id, third.weight) == (mean.id, 3)


def test_an_image_that_went_into_it_is_known(store: Store, gallery: Gallery) -> None:
    ada = enroll(store, gallery, "Ada").subject_id
    mean = store.update_template(gallery.id, ada, [photo(of="a")], actor=ACTOR)
    digest = photo(of="a").source_digest or ""
    assert store.known_digests(gallery.id, [digest]) == {digest: (KnownFace(mean.id, ada),)}
    (again,) = store.enroll(gallery.id, [Enrolling(ada, [photo(of="a")])], actor=ACTOR)
    assert (again.faces[0].id, again.faces[0].added) == (mean.id, False)


def test_a_deleted_one_begins_anew(store: Store, gallery: Gallery) -> None:
    ada = enroll(store, gallery, "Ada").subject_id
    old = store.update_template(gallery.id, ada, [photo(of="a")], actor=ACTOR)
    store.delete_face(gallery.id, old.id, actor=ACTOR)
    new = store.update_template(gallery.id, ada, [photo(of="a")], actor=ACTOR)
    assert (new.id != old.id, new.weight) == (True, 1)


@pytest.mark.parametrize("into", ["older", "younger"])
def test_after_a_merge_each_image_counts_once_and_new_ones_stay(
    store: Store, gallery: Gallery, into: str
) -> None:
    older, younger = (enroll(store, gallery, name).subject_id for name in ("Ada", "Augusta"))
    ada, other = (older, younger) if into == "older" else (younger, older)
    own, brought = photo(1, 0, 0, of="own"), photo(0, 1, 0, of="brought")
    given = {ada: own, other: brought}
    means = {
        subject: store.update_template(gallery.id, subject, [given[subject]], actor=ACTOR)
        for subject in (older, younger)
    }
    merge = store.merge_subjects(gallery.id, ada, [other], actor=ACTOR)
    again = store.update_template(gallery.id, ada, [own, brought], actor=ACTOR)
    assert again == means[ada]
    more = store.update_template(gallery.id, ada, [brought, photo(0, 0, 1, of="new")], actor=ACTOR)
    assert (more.id, more.weight) == (means[ada].id, 2)
    store.undo_merge(gallery.id, merge.id, actor=ACTOR)
    assert store.faces(gallery.id, ada) == (more,)
    assert [(face.id, face.weight) for face in store.faces(gallery.id, other)] == [
        (means[other].id, 1)
    ]


def test_who_got_a_mean_by_a_merge_alone_begins_one(store: Store, gallery: Gallery) -> None:
    ada, other = (enroll(store, gallery, name).subject_id for name in ("Ada", "Augusta"))
    brought = store.update_template(gallery.id, other, [photo(of="brought")], actor=ACTOR)
    merge = store.merge_subjects(gallery.id, ada, [other], actor=ACTOR)
    known = store.update_template(gallery.id, ada, [photo(of="brought")], actor=ACTOR)
    assert known.id == brought.id
    begun = store.update_template(gallery.id, ada, [photo(of="new")], actor=ACTOR)
    assert (begun.id != brought.id, begun.weight) == (True, 1)
    store.undo_merge(gallery.id, merge.id, actor=ACTOR)
    assert [face.id for face in store.faces(gallery.id, ada)] == [begun.id]


def test_a_mean_that_was_split_off_goes_on_where_it_is(store: Store, gallery: Gallery) -> None:
    ada, other = (enroll(store, gallery, name).subject_id for name in ("Ada", "Augusta"))
    mean = store.update_template(gallery.id, other, [photo(of="a")], actor=ACTOR)
    store.merge_subjects(gallery.id, ada, [other], actor=ACTOR)
    split = store.move_faces(gallery.id, [mean.id], NewSubject("Bob"), actor=ACTOR).subject.id
    assert store.update_template(gallery.id, split, [photo(of="b")], actor=ACTOR).id == mean.id


OTHER_MODEL = NewFace(Template(template(1, 0, 0).vector, ModelId("other", "2")))


@pytest.mark.parametrize(
    ("faces", "error"),
    [
        ([], InvalidValue),
        ([photo(1, 0, 0), photo(-1, 0, 0)], InvalidValue),
        ([photo(), OTHER_MODEL], ModelMismatch),
        ([NewFace(template(1, 0))], TemplateSizeMismatch),
    ],
)
def test_what_has_no_mean_changes_nothing(
    store: Store, gallery: Gallery, faces: list[NewFace], error: type[Exception]
) -> None:
    ada = enroll(store, gallery, "Ada").subject_id
    mean = store.update_template(gallery.id, ada, [photo(0, 1, 0)], actor=ACTOR)
    bob = enroll(store, gallery, "Bob").subject_id
    before = store.revision(gallery.id)
    with pytest.raises(error):
        store.update_template(gallery.id, bob, faces, actor=ACTOR)
    assert store.faces(gallery.id, bob) == ()
    assert store.faces(gallery.id, ada) == (mean,)
    assert store.revision(gallery.id) == before


def test_nobody_has_none(store: Store, gallery: Gallery) -> None:
    with pytest.raises(SubjectNotFound):
        store.update_template(gallery.id, "never was", [photo()], actor=ACTOR)


def _sum(directions: list[tuple[float]]) -> np.ndarray:
    return np.sum([photo(*each).template.vector for each in directions], axis=0, dtype=np.float64)
