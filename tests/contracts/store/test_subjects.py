"""What every store owes about subjects."""

from datetime import date
from typing import Any

import pytest

from stores import ACTOR, enroll, kinds, photo
from vultus.domain.changes import NewSubject, SubjectChange
from vultus.domain.gallery import Gallery
from vultus.domain.subject import NOTHING
from vultus.errors import (
    ExternalIdTaken,
    GalleryError,
    InvalidValue,
    SubjectNotFound,
    VersionConflict,
)
from vultus.gallery.store.port import Store
from vultus.gallery.store.requests import SubjectQuery

pytestmark = kinds


def test_a_subject_is_read_as_it_was_written(store: Store, gallery: Gallery) -> None:
    attributes = {"department": "engines", "floor": 3, "badge": None, "tags": ["a", {"b": 1.5}]}
    new = NewSubject("Ada Lovelace", "2576", attributes, "paper form of 1842", date(2042, 12, 10))
    made = store.create_subject(gallery.id, new, actor=ACTOR)
    assert store.subject(gallery.id, made.subject.id) == made
    assert store.subject_by_external_id(gallery.id, "2576") == made
    assert made.subject.name == "Ada Lovelace"
    assert made.subject.attributes == attributes
    assert (made.consent, made.retain_until) == ("paper form of 1842", date(2042, 12, 10))
    assert (made.version, made.face_count, made.gallery_id) == (1, 0, gallery.id)


@pytest.mark.parametrize(
    "name",
    [
        "x",
        "x" * 1_000,
        "👩🏽‍🚀 Ada",
        "محمد بن موسى",
        "עדה\u200f לאבלייס",
        "李 小龍",
        "e\u0301",
        "a'b\"c\\%_",
    ],
)
def test_any_name_is_kept_to_the_character(store: Store, gallery: Gallery, name: str) -> None:
    made = store.create_subject(gallery.id, NewSubject(name), actor=ACTOR)
    assert store.subject(gallery.id, made.subject.id).subject.name == name
    assert store.subjects(gallery.id).items == (made,)


@pytest.mark.parametrize("name", ["", "  \t", "x" * 1_001, "x" * 10_000, "a\0b", "half \udc00"])
def test_a_name_that_is_none_is_refused_and_nothing_is_lost(
    store: Store, gallery: Gallery, name: str
) -> None:
    ada = store.create_subject(gallery.id, NewSubject("Ada"), actor=ACTOR)
    with pytest.raises(InvalidValue, match="name"):
        store.create_subject(gallery.id, NewSubject(name), actor=ACTOR)
    with pytest.raises(InvalidValue, match="name"):
        store.update_subject(gallery.id, ada.subject.id, SubjectChange(name=name), actor=ACTOR)
    assert store.subjects(gallery.id).items == (ada,)


NO_ATTRIBUTES: list[Any] = [
    ["a", "list"],
    "text",
    None,
    {"set": {1, 2}},
    {"tuple": (1, 2)},
    {1: "a key that is a number"},
    {"not a number": float("nan")},
    {"endless": float("inf")},
    {"nul": "a\0b"},
    {"n\0l": "key"},
    {"deep": [{"half": "\ud800"}]},
    {"large": "x" * 16_384},
    {"many digits": 2**63},
    {"more digits": 10**5_000},
]


@pytest.mark.parametrize("attributes", NO_ATTRIBUTES, ids=range(len(NO_ATTRIBUTES)))
def test_attributes_that_are_no_json_object_are_refused(
    store: Store, gallery: Gallery, attributes: Any
) -> None:
    ada = store.create_subject(gallery.id, NewSubject("Ada"), actor=ACTOR)
    with pytest.raises(InvalidValue, match="attributes"):
        store.create_subject(gallery.id, NewSubject("Bob", attributes=attributes), actor=ACTOR)
    with pytest.raises(InvalidValue, match="attributes"):
        SubjectChange(attributes=attributes)
    assert store.subjects(gallery.id).items == (ada,)


@pytest.mark.parametrize("external_id", ["", " ", "x" * 256, "a\0"])
def test_an_external_id_that_is_none_is_refused(
    store: Store, gallery: Gallery, external_id: str
) -> None:
    with pytest.raises(InvalidValue, match="external_id"):
        store.create_subject(gallery.id, NewSubject("Ada", external_id), actor=ACTOR)


def test_an_external_id_belongs_to_one_subject_of_a_gallery(store: Store, gallery: Gallery) -> None:
    ada = store.create_subject(gallery.id, NewSubject("Ada", "7"), actor=ACTOR)
    bob = store.create_subject(gallery.id, NewSubject("Bob"), actor=ACTOR)
    with pytest.raises(ExternalIdTaken, match=ada.subject.id):
        store.create_subject(gallery.id, NewSubject("Cid", "7"), actor=ACTOR)
    taken = SubjectChange(external_id="7")
    with pytest.raises(ExternalIdTaken, match=ada.subject.id):
        store.update_subject(gallery.id, bob.subject.id, taken, actor=ACTOR)
    store.delete_subject(gallery.id, ada.subject.id, actor=ACTOR)
    changed = store.update_subject(gallery.id, bob.subject.id, taken, actor=ACTOR)
    assert store.subject_by_external_id(gallery.id, "7") == changed


def test_a_change_touches_what_it_names_and_nothing_else(store: Store, gallery: Gallery) -> None:
    made = store.create_subject(
        gallery.id, NewSubject("Ada", "7", {"floor": 3}, "yes", date(2042, 1, 1)), actor=ACTOR
    )
    change = SubjectChange(name="Ada King", consent=None)
    changed = store.update_subject(gallery.id, made.subject.id, change, actor=ACTOR)
    assert changed.subject.name == "Ada King"
    assert changed.subject.external_id == "7"
    assert changed.subject.attributes == {"floor": 3}
    assert (changed.consent, changed.retain_until) == (None, date(2042, 1, 1))
    assert (changed.version, changed.created_at) == (2, made.created_at)
    assert changed.updated_at > made.updated_at
    assert store.subject(gallery.id, made.subject.id) == changed


def test_a_change_that_changes_nothing_raises_no_version(store: Store, gallery: Gallery) -> None:
    made = store.create_subject(gallery.id, NewSubject("Ada", "7", {"a": 1}), actor=ACTOR)
    before = store.revision(gallery.id)
    same = SubjectChange(name="Ada", external_id="7", attributes={"a": 1}, consent=None)
    assert store.update_subject(gallery.id, made.subject.id, same, actor=ACTOR) == made
    assert store.revision(gallery.id) == before


@pytest.mark.parametrize(("old", "new"), [(1, True), (1, "1"), (0, False), (None, 0), ([], {})])
def test_values_that_python_takes_for_equal_are_told_apart(
    store: Store, gallery: Gallery, old: Any, new: Any
) -> None:
    made = store.create_subject(gallery.id, NewSubject("Ada", attributes={"a": old}), actor=ACTOR)
    change = SubjectChange(attributes={"a": new})
    changed = store.update_subject(gallery.id, made.subject.id, change, actor=ACTOR)
    assert repr(changed.subject.attributes["a"]) == repr(new)
    assert changed.version == 2


@pytest.mark.parametrize("number", [1e19, -1e19, 1e308, 2.0**63, 5e-324, 1.5, 2**63 - 1, -(2**63)])
def test_a_number_is_read_as_it_was_written(store: Store, gallery: Gallery, number: float) -> None:
    new = NewSubject("Ada", attributes={"a": number, "nested": [{"b": number}]})
    ada = store.create_subject(gallery.id, new, actor=ACTOR)
    read = ada.subject.attributes
    assert repr(read) == repr(dict(new.attributes))
    change = SubjectChange(attributes={**read, "more": 1})
    changed = store.update_subject(gallery.id, ada.subject.id, change, actor=ACTOR)
    assert repr(changed.subject.attributes["a"]) == repr(number)
    assert store.subjects(gallery.id, SubjectQuery(attributes={"a": number})).items == (changed,)


def test_attributes_are_taken_away(store: Store, gallery: Gallery) -> None:
    made = store.create_subject(gallery.id, NewSubject("Ada", attributes={"a": 1}), actor=ACTOR)
    change = SubjectChange(attributes=NOTHING)
    changed = store.update_subject(gallery.id, made.subject.id, change, actor=ACTOR)
    assert changed.subject.attributes == {}


@pytest.mark.parametrize("nonsense", ["", "\0", "\ud800", "x" * 10_000, "'; --", "💥", "%00"])
def test_what_cannot_be_an_id_is_found_nowhere(
    store: Store, gallery: Gallery, nonsense: str
) -> None:
    for ask in (
        lambda: store.gallery(nonsense),
        lambda: store.counts(nonsense),
        lambda: store.revision(nonsense),
        lambda: store.subject(gallery.id, nonsense),
        lambda: store.subject_by_external_id(gallery.id, nonsense),
        lambda: store.face(gallery.id, nonsense),
        lambda: store.delete_subject(gallery.id, nonsense, actor=ACTOR),
        lambda: store.undo_merge(gallery.id, nonsense, actor=ACTOR),
        lambda: store.merge_subjects(gallery.id, nonsense, [nonsense + "x"], actor=ACTOR),
    ):
        with pytest.raises((GalleryError, InvalidValue)):
            ask()
    assert store.revision(gallery.id) == gallery.revision


def test_the_second_of_two_writers_is_told_that_he_is_late(store: Store, gallery: Gallery) -> None:
    seen = store.create_subject(gallery.id, NewSubject("Ada"), actor=ACTOR)
    who = seen.subject.id
    first = SubjectChange(name="first")
    store.update_subject(gallery.id, who, first, actor=ACTOR, expected_version=seen.version)
    second = SubjectChange(name="second")
    with pytest.raises(VersionConflict) as conflict:
        store.update_subject(gallery.id, who, second, actor=ACTOR, expected_version=seen.version)
    assert conflict.value.facts == {"subject": who, "expected": 1, "actual": 2}
    with pytest.raises(VersionConflict):
        store.delete_subject(gallery.id, who, actor=ACTOR, expected_version=seen.version)
    assert store.subject(gallery.id, who).subject.name == "first"


def test_a_deleted_subject_is_gone_with_its_faces(store: Store, gallery: Gallery) -> None:
    stored = enroll(store, gallery, "Ada", photo(), external_id="7")
    store.delete_subject(gallery.id, stored.subject_id, actor=ACTOR)
    with pytest.raises(SubjectNotFound, match=stored.subject_id):
        store.subject(gallery.id, stored.subject_id)
    with pytest.raises(SubjectNotFound, match="7"):
        store.subject_by_external_id(gallery.id, "7")
    with pytest.raises(SubjectNotFound):
        store.faces(gallery.id, stored.subject_id)
    with pytest.raises(SubjectNotFound):
        store.delete_subject(gallery.id, stored.subject_id, actor=ACTOR)
    assert store.subjects(gallery.id).items == ()


def test_all_subjects_are_deleted_at_once(store: Store, gallery: Gallery) -> None:
    for name in ("Ada", "Bob", "Cid"):
        enroll(store, gallery, name, photo())
    before = store.revision(gallery.id)
    assert store.delete_all_subjects(gallery.id, actor=ACTOR) == 3
    assert store.revision(gallery.id) == before + 1
    assert store.delete_all_subjects(gallery.id, actor=ACTOR) == 0
    assert store.revision(gallery.id) == before + 1
    assert store.subjects(gallery.id).items == ()


def test_a_deletion_is_taken_back_with_the_faces_that_went_with_it(
    store: Store, gallery: Gallery
) -> None:
    stored = enroll(store, gallery, "Ada", photo(1, 0, 0), photo(0, 1, 0), external_id="7")
    gone_before, stays = (face.id for face in stored.faces)
    store.delete_face(gallery.id, gone_before, actor=ACTOR)
    store.delete_subject(gallery.id, stored.subject_id, actor=ACTOR)
    back = store.restore_subject(gallery.id, stored.subject_id, actor=ACTOR)
    assert back.subject.name == "Ada"
    assert [face.id for face in store.faces(gallery.id, back.subject.id)] == [stays]
    assert store.subjects(gallery.id).items == (back,)


def test_restoring_a_live_subject_changes_nothing(store: Store, gallery: Gallery) -> None:
    made = store.create_subject(gallery.id, NewSubject("Ada"), actor=ACTOR)
    before = store.revision(gallery.id)
    assert store.restore_subject(gallery.id, made.subject.id, actor=ACTOR) == made
    assert store.revision(gallery.id) == before


def test_a_subject_does_not_return_to_an_external_id_that_is_taken(
    store: Store, gallery: Gallery
) -> None:
    stored = enroll(store, gallery, "Ada", photo(), external_id="7")
    store.delete_subject(gallery.id, stored.subject_id, actor=ACTOR)
    store.create_subject(gallery.id, NewSubject("Bob", "7"), actor=ACTOR)
    with pytest.raises(ExternalIdTaken):
        store.restore_subject(gallery.id, stored.subject_id, actor=ACTOR)
    with pytest.raises(SubjectNotFound):
        store.restore_subject(gallery.id, "never was", actor=ACTOR)
    assert store.counts(gallery.id).subjects == 1
