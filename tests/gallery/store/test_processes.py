"""Several processes and threads on one store."""

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import numpy as np
import pytest

from stores import ACTOR, enroll, everything, follow, kinds, photo
from vultus.domain.changes import NewSubject, SubjectChange
from vultus.domain.gallery import Gallery, GalleryCounts
from vultus.errors import ExternalIdTaken, VersionConflict
from vultus.gallery.store.opening import open_store
from vultus.gallery.store.requests import Enrolling
from vultus.gallery.store.sql.store import SqlStore

pytestmark = kinds

WRITES = 12


@pytest.fixture(scope="module")
def processes() -> Iterator[ProcessPoolExecutor]:
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(4, mp_context=spawn) as pool:
        yield pool


def test_processes_write_one_after_the_other(
    store: SqlStore, store_url: str, gallery: Gallery, processes: ProcessPoolExecutor
) -> None:
    work = [processes.submit(_enroll_some, store_url, gallery.id, f"{n}") for n in range(4)]
    revisions = [revision for done in work for revision in done.result()]
    assert store.counts(gallery.id) == GalleryCounts(4 * WRITES, 4 * WRITES)
    last = gallery.revision + 4 * WRITES
    assert store.revision(gallery.id) == last == max(revisions)
    told = [page for after in range(gallery.revision, last) for page in _one(store, gallery, after)]
    assert len(told) == 4 * WRITES


def _one(store: SqlStore, gallery: Gallery, after: int) -> list[int]:
    """Keys of the faces that the write after a revision added."""
    pages = store.changes(gallery.id, after, limit=1)
    try:
        return [int(key) for key in next(pages).keys]
    finally:
        pages.close()  # type: ignore[attr-defined]


def _enroll_some(url: str, gallery_id: str, name: str) -> list[int]:
    store = open_store(url)
    revisions = []
    for n in range(WRITES):
        entry = Enrolling(NewSubject(f"{name} {n}"), [photo(1, n, 0)])
        store.enroll(gallery_id, [entry], actor=name)
        revisions.append(store.revision(gallery_id))
    store.close()
    assert revisions == sorted(set(revisions))
    return revisions


def test_what_another_process_wrote_is_seen_at_once(
    store: SqlStore, store_url: str, gallery: Gallery, processes: ProcessPoolExecutor
) -> None:
    index: dict[int, tuple[int, tuple[float, ...]]] = {}
    seen = 0
    for n in range(6):
        revision = processes.submit(_enroll_one, store_url, gallery.id, n).result()
        assert store.revision(gallery.id) == revision > seen
        index = follow(index, store, gallery, seen)
        seen = revision
        assert len(index) == n + 1
    assert index == everything(store, gallery)


def _enroll_one(url: str, gallery_id: str, n: int) -> int:
    store = open_store(url)
    store.enroll(gallery_id, [Enrolling(NewSubject(f"{n}"), [photo(1, n, 0)])], actor=ACTOR)
    revision = store.revision(gallery_id)
    store.close()
    return revision


def test_of_those_who_change_one_subject_at_once_one_succeeds(
    store: SqlStore, store_url: str, gallery: Gallery, processes: ProcessPoolExecutor
) -> None:
    ada = enroll(store, gallery, "Ada").subject_id
    for version in range(1, 4):
        work = [
            processes.submit(_rename, store_url, gallery.id, ada, version, f"{version}-{n}")
            for n in range(4)
        ]
        winners = [name for name in (each.result() for each in work) if name]
        assert winners == [store.subject(gallery.id, ada).subject.name]
        assert store.subject(gallery.id, ada).version == version + 1


def _rename(url: str, gallery_id: str, subject_id: str, version: int, name: str) -> str:
    store = open_store(url)
    change = SubjectChange(name=name)
    try:
        store.update_subject(gallery_id, subject_id, change, actor=ACTOR, expected_version=version)
    except VersionConflict:
        return ""
    finally:
        store.close()
    return name


def test_an_external_id_is_given_to_one_of_those_who_want_it(
    store: SqlStore, store_url: str, gallery: Gallery, processes: ProcessPoolExecutor
) -> None:
    work = [processes.submit(_create, store_url, gallery.id, "7") for _ in range(4)]
    assert sorted(each.result() for each in work) == [False, False, False, True]
    assert store.counts(gallery.id).subjects == 1


def _create(url: str, gallery_id: str, external_id: str) -> bool:
    store = open_store(url)
    try:
        store.create_subject(gallery_id, NewSubject("Ada", external_id), actor=ACTOR)
    except ExternalIdTaken:
        return False
    finally:
        store.close()
    return True


def test_threads_share_a_store(store: SqlStore, gallery: Gallery) -> None:
    ada = enroll(store, gallery, "Ada").subject_id

    def work(n: int) -> int:
        store.update_template(gallery.id, ada, [photo(1, n, 1, of=f"{n}")], actor=ACTOR)
        list(store.changes(gallery.id, 0))
        return store.revision(gallery.id)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(work, range(40)))
    (mean,) = store.faces(gallery.id, ada)
    total = np.sum([photo(1, n, 1).template.vector for n in range(40)], axis=0, dtype=np.float64)
    assert mean.weight == 40
    assert np.allclose(mean.template.vector * mean.resultant, total, atol=1e-4)
