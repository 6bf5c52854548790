"""What every store owes the indexes that follow it."""

import random
from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np
import pytest

from stores import ACTOR, enroll, everything, follow, kinds, photo, purge
from vultus.domain.changes import NewSubject, SubjectChange
from vultus.domain.gallery import Gallery
from vultus.domain.subject import Subject
from vultus.errors import RevisionPurged
from vultus.gallery.store.port import Store
from vultus.gallery.store.requests import Enrolling, NewGallery

pytestmark = kinds


def test_an_empty_gallery_has_one_empty_page(store: Store, gallery: Gallery) -> None:
    (page,) = store.changes(gallery.id, 0)
    assert (page.keys.shape, page.vectors.shape, page.removed.shape) == ((0,), (0, 3), (0,))
    assert (page.revision, page.complete) == (store.revision(gallery.id), True)


def test_a_page_tells_of_faces_in_the_types_an_index_takes(store: Store, gallery: Gallery) -> None:
    enroll(store, gallery, "Ada", photo(3, 4, 0))
    (page,) = store.changes(gallery.id, 0)
    assert (page.keys.dtype, page.subjects.dtype, page.removed.dtype) == (np.int64,) * 3
    assert page.vectors.dtype == np.float32
    assert np.array_equal(page.vectors, np.array([[0.6, 0.8, 0]], np.float32))


def test_only_what_changed_is_told(store: Store, gallery: Gallery) -> None:
    ada = enroll(store, gallery, "Ada", photo(1, 0, 0), photo(0, 1, 0))
    seen = store.revision(gallery.id)
    assert [len(page.keys) for page in store.changes(gallery.id, seen)] == [0]
    store.delete_face(gallery.id, ada.faces[0].id, actor=ACTOR)
    store.update_subject(gallery.id, ada.subject_id, SubjectChange(name="Bob"), actor=ACTOR)
    (page,) = store.changes(gallery.id, seen)
    assert (len(page.keys), len(page.removed), page.revision) == (0, 1, seen + 2)
    assert [len(page.removed) for page in store.changes(gallery.id, 0)] == [0]


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
def test_every_page_ends_where_another_reader_can_begin(
    store: Store, gallery: Gallery, limit: int
) -> None:
    for count in (1, 4, 2):
        enroll(store, gallery, f"{count}", *(photo(1, n, count) for n in range(count)))
    truth = everything(store, gallery)
    pages = list(store.changes(gallery.id, 0, limit=limit))
    assert all(len(page.keys) + len(page.removed) <= limit for page in pages)
    assert [page.complete for page in pages] == [False] * (len(pages) - 1) + [True]
    index: dict[int, tuple[int, tuple[float, ...]]] = {}
    for page in pages:
        for key, subject, vector in zip(page.keys, page.subjects, page.vectors, strict=True):
            index[int(key)] = int(subject), tuple(vector.tolist())
        assert follow(index, store, gallery, page.revision, limit) == truth


def test_readers_of_any_revision_come_to_the_same_end(store: Store, gallery: Gallery) -> None:
    chance = random.Random(7)
    followers = [(store.revision(gallery.id), everything(store, gallery))]
    for _ in range(60):
        chance.choice(CHANGES)(store, gallery, chance)
        followers.append((store.revision(gallery.id), everything(store, gallery)))
    truth = followers[-1][1]
    assert len(truth) == store.counts(gallery.id).faces > 0
    for revision, index in followers:
        assert follow(index, store, gallery, revision, limit=5) == truth


def _add(store: Store, gallery: Gallery, chance: random.Random) -> None:
    direction = [chance.uniform(0.1, 1) for _ in range(3)]
    to = chance.choice([NewSubject("x"), *_subjects(store, gallery)])
    store.enroll(gallery.id, [Enrolling(to, [photo(*direction), photo()])], actor=ACTOR)


def _fold(store: Store, gallery: Gallery, chance: random.Random) -> None:
    for subject in _subjects(store, gallery)[:1]:
        direction = [chance.uniform(0.1, 1) for _ in range(3)]
        store.update_template(gallery.id, subject, [photo(*direction)], actor=ACTOR)


def _delete_face(store: Store, gallery: Gallery, chance: random.Random) -> None:
    for face in _faces(store, gallery)[:1]:
        store.delete_face(gallery.id, face, actor=ACTOR)


def _split(store: Store, gallery: Gallery, chance: random.Random) -> None:
    for face in _faces(store, gallery)[-1:]:
        store.move_faces(gallery.id, [face], NewSubject("split"), actor=ACTOR)


def _delete_and_restore(store: Store, gallery: Gallery, chance: random.Random) -> None:
    subjects = _subjects(store, gallery)
    for subject in chance.sample(subjects, min(2, len(subjects))):
        store.delete_subject(gallery.id, subject, actor=ACTOR)
    for subject in subjects[:1]:
        store.restore_subject(gallery.id, subject, actor=ACTOR)


def _merge(store: Store, gallery: Gallery, chance: random.Random) -> None:
    subjects = _subjects(store, gallery)
    if len(subjects) > 2:
        into, *others = chance.sample(subjects, 3)
        store.merge_subjects(gallery.id, into, others, actor=ACTOR)


def _undo(store: Store, gallery: Gallery, chance: random.Random) -> None:
    for merge in store.merges(gallery.id)[:1]:
        store.undo_merge(gallery.id, merge.id, actor=ACTOR)


CHANGES: list[Callable[[Store, Gallery, random.Random], None]] = [
    _add,
    _add,
    _fold,
    _delete_face,
    _split,
    _delete_and_restore,
    _merge,
    _undo,
]


def _subjects(store: Store, gallery: Gallery) -> list[str]:
    return [item.subject.id for item in store.subjects(gallery.id).items]


def _faces(store: Store, gallery: Gallery) -> list[str]:
    return [face.id for each in store.export_subjects(gallery.id) for face in each.faces]


def test_a_reader_sees_one_moment_while_others_write(store: Store, gallery: Gallery) -> None:
    stored = enroll(store, gallery, "Ada", *(photo(1, n, 0) for n in range(5)))
    before = store.revision(gallery.id)
    pages = store.changes(gallery.id, 0, limit=2)
    first = next(pages)
    store.delete_subject(gallery.id, stored.subject_id, actor=ACTOR)
    enroll(store, gallery, "Bob", photo())
    purge(store, datetime.now(UTC))
    rest = list(pages)
    assert len(first.keys) + sum(len(page.keys) for page in rest) == 5
    assert rest[-1].revision == before


def test_who_missed_what_is_purged_must_begin_anew(store: Store, gallery: Gallery) -> None:
    stored = enroll(store, gallery, "Ada", photo(1, 0, 0), photo(0, 1, 0))
    behind = store.revision(gallery.id)
    store.delete_face(gallery.id, stored.faces[0].id, actor=ACTOR)
    knows = store.revision(gallery.id)
    index = everything(store, gallery)
    purge(store, datetime.now(UTC))
    with pytest.raises(RevisionPurged):
        list(store.changes(gallery.id, behind))
    assert follow(index, store, gallery, knows) == everything(store, gallery) == index


def test_a_revision_that_never_was_cannot_be_followed(store: Store, gallery: Gallery) -> None:
    with pytest.raises(RevisionPurged):
        list(store.changes(gallery.id, store.revision(gallery.id) + 1))


def test_a_reader_that_stops_early_blocks_nobody(store: Store, gallery: Gallery) -> None:
    enroll(store, gallery, "Ada", *(photo(1, n, 0) for n in range(5)))
    for _ in range(30):
        pages = store.changes(gallery.id, 0, limit=1)
        next(pages)
        pages.close()  # type: ignore[attr-defined]
    enroll(store, gallery, "Bob", photo())


def test_keys_become_subjects_and_faces(store: Store, gallery: Gallery) -> None:
    stored = enroll(store, gallery, "Ada", photo(), external_id="7")
    gone = enroll(store, gallery, "Bob", photo())
    (page,) = store.changes(gallery.id, 0)
    store.delete_subject(gallery.id, gone.subject_id, actor=ACTOR)
    keys = [*page.subjects, 10**12]
    assert store.subjects_by_key(gallery.id, keys) == {
        page.subjects[0]: Subject(stored.subject_id, "Ada", "7")
    }
    assert store.face_ids_by_key(gallery.id, page.keys) == {page.keys[0]: stored.faces[0].id}
    assert store.subjects_by_key(gallery.id, []) == {}
    other = store.create_gallery(NewGallery("other", gallery.model, 3), actor=ACTOR)
    assert store.subjects_by_key(other.id, keys) == {}
    assert store.face_ids_by_key(other.id, page.keys) == {}


def test_keys_are_never_used_again(store: Store, gallery: Gallery) -> None:
    stored = enroll(store, gallery, "Ada", photo())
    (page,) = store.changes(gallery.id, 0)
    store.delete_subject(gallery.id, stored.subject_id, actor=ACTOR)
    purge(store, datetime.now(UTC))
    enroll(store, gallery, "Bob", photo())
    (after,) = store.changes(gallery.id, 0)
    assert after.keys[0] > page.keys[0]
    assert after.subjects[0] > page.subjects[0]
