from collections.abc import Iterator

import numpy as np
import pytest
from sqlalchemy import text

from pgvector_server import pgvector_server
from searching import directions, near
from vultus.domain.changes import NewSubject
from vultus.domain.gallery import Gallery
from vultus.domain.template import ModelId, Template
from vultus.errors import GalleryNotFound, InvalidValue, SearchUnavailable
from vultus.gallery.search.opening import SearchOptions, look_at_search
from vultus.gallery.search.pgvector import PgVectorOptions, PgVectorSearch
from vultus.gallery.search.pgvector_searches import PgVectorSearches
from vultus.gallery.search.status import IndexStatus
from vultus.gallery.store.opening import open_store
from vultus.gallery.store.requests import Enrolling, NewFace, NewGallery
from vultus.gallery.store.sql.postgres import PostgresDatabase
from vultus.gallery.store.sql.store import SqlStore

pytestmark = pytest.mark.service

MODEL = ModelId("fake", "1")
ROWS = directions(300)
OPTIONS = PgVectorOptions(index_from=100)


@pytest.fixture(scope="module")
def store() -> Iterator[SqlStore]:
    with pgvector_server() as url:
        store = open_store(url)
        yield store
        store.close()


@pytest.fixture
def gallery(store: SqlStore, request: pytest.FixtureRequest) -> Gallery:
    new = NewGallery(request.node.name[:200], MODEL, ROWS.shape[1])
    return store.create_gallery(new, actor="test")


@pytest.fixture
def search(store: SqlStore, gallery: Gallery) -> Iterator[PgVectorSearch]:
    search = PgVectorSearch(store.database, gallery, OPTIONS)
    yield search
    search.drop()


def enroll(store: SqlStore, gallery: Gallery, rows: np.ndarray) -> list[str]:
    """A subject per row; gives their ids."""
    entries = [Enrolling(NewSubject("somebody"), [NewFace(Template(row, MODEL))]) for row in rows]
    return [each.subject_id for each in store.enroll(gallery.id, entries, actor="test")]


def found(store: SqlStore, gallery: Gallery, search: PgVectorSearch, rows: np.ndarray) -> list[str]:
    """The ids of the nearest subjects of the rows."""
    keys = search.search(rows, 1).subjects[:, 0].tolist()
    subjects = store.subjects_by_key(gallery.id, keys)
    return [subjects[key].id for key in keys]


def plan(store: SqlStore, search: PgVectorSearch) -> str:
    """How PostgreSQL looks for the faces that are nearest to a probe."""
    wanted = text("EXPLAIN " + search._nearest.text)
    with store.database.reading() as connection:
        connection.execute(text("SET LOCAL enable_seqscan = off"))
        probe = {"probes": ["[" + ",".join(["1"] * 16) + "]"], "limit": 15}
        return "\n".join(connection.execute(wanted, probe).scalars())


def test_what_the_store_enrolls_is_found_without_further_ado(
    store: SqlStore, gallery: Gallery, search: PgVectorSearch
) -> None:
    ids = enroll(store, gallery, ROWS[:50])
    assert found(store, gallery, search, near(ROWS[:50])) == ids


def test_the_index_is_made_of_enough_faces_and_is_used(
    store: SqlStore, gallery: Gallery, search: PgVectorSearch
) -> None:
    enroll(store, gallery, ROWS[:99])
    assert not search.tend()
    ids = enroll(store, gallery, ROWS[99:])
    assert "faces_nearest" not in plan(store, search)
    assert search.tend()
    assert "Index Scan using faces_nearest" in plan(store, search)
    assert not search.tend()
    right = zip(found(store, gallery, search, near(ROWS[99:])), ids, strict=True)
    assert sum(a == b for a, b in right) > 0.98 * len(ids)


def test_the_index_changes_in_the_transaction_that_changes_a_face(
    store: SqlStore, gallery: Gallery, search: PgVectorSearch
) -> None:
    ids = enroll(store, gallery, ROWS)
    search.tend()
    with store.database.writing() as connection:
        gone = text("UPDATE faces SET deleted_at = now() WHERE gallery_key = :key")
        key = int(search._index.rpartition("_")[2])
        connection.execute(gone, {"key": key})
        assert found(store, gallery, search, ROWS[:1]) == ids[:1]
    assert search.search(ROWS[:1], 1).subjects.shape == (1, 0)


def test_a_write_that_is_rolled_back_was_never_found(
    store: SqlStore, gallery: Gallery, search: PgVectorSearch
) -> None:
    enroll(store, gallery, ROWS[:200])
    search.tend()
    before = search.search(ROWS, 3).faces.tolist()
    with store.database.engine.connect() as connection:
        connection.execute(text("UPDATE faces SET template = '{1" + ",0" * 15 + "}'"))
        connection.rollback()
    assert search.search(ROWS, 3).faces.tolist() == before


def test_deleted_and_merged_subjects_are_gone_at_once(
    store: SqlStore, gallery: Gallery, search: PgVectorSearch
) -> None:
    ids = enroll(store, gallery, ROWS)
    search.tend()
    store.delete_subject(gallery.id, ids[0], actor="test")
    store.merge_subjects(gallery.id, ids[1], [ids[2]], actor="test")
    assert ids[0] not in found(store, gallery, search, ROWS[:1])
    assert found(store, gallery, search, ROWS[2:3]) == ids[1:2]


def test_an_index_whose_making_was_broken_off_is_made_again(
    store: SqlStore, gallery: Gallery, search: PgVectorSearch
) -> None:
    enroll(store, gallery, ROWS)
    search.tend()
    _mark(store, search, "indisvalid = false")
    assert search.tend()
    assert not search.tend()


def test_while_another_process_makes_the_index_nobody_else_does(
    store: SqlStore, gallery: Gallery, search: PgVectorSearch
) -> None:
    enroll(store, gallery, ROWS)
    with store.database.engine.connect() as other:
        other.execute(text("SELECT pg_advisory_lock(hashtext(:name))"), {"name": search._index})
        assert not search.tend()
        other.execute(text("SELECT pg_advisory_unlock_all()"))
    assert search.tend()


def test_the_searches_of_a_store_lag_behind_nothing(store: SqlStore, gallery: Gallery) -> None:
    searches = PgVectorSearches(store.database, store, OPTIONS)
    ids = enroll(store, gallery, ROWS)
    assert found(store, gallery, searches.of(gallery), ROWS[:5]) == ids[:5]
    revision = store.revision(gallery.id)
    assert searches.status(gallery) == IndexStatus(300, revision, revision)
    searches.tend()
    assert searches.check(gallery).clean
    searches.close()


def test_an_index_that_is_missing_or_broken_off_is_reported(
    store: SqlStore, gallery: Gallery, search: PgVectorSearch
) -> None:
    enroll(store, gallery, ROWS[:99])
    assert search.problem() is None
    enroll(store, gallery, ROWS[99:])
    assert "there is no index" in (search.problem() or "")
    search.tend()
    assert search.problem() is None
    _mark(store, search, "indisvalid = false")
    assert "broken off" in (search.problem() or "")
    check = PgVectorSearches(store.database, store, OPTIONS).check(gallery)
    assert (check.clean, check.problem) == (False, search.problem())
    search.rebuild()
    assert search.problem() is None


def test_an_index_that_lacks_faces_is_reported(
    store: SqlStore, gallery: Gallery, search: PgVectorSearch
) -> None:
    enroll(store, gallery, ROWS[:100])
    search.tend()
    _mark(store, search, "indisready = false")
    enroll(store, gallery, ROWS[100:])
    _mark(store, search, "indisready = true")
    assert "of 100 faces with a known template the index finds" in (search.problem() or "")


def _mark(store: SqlStore, search: PgVectorSearch, change: str) -> None:
    """Change what PostgreSQL has noted about the index."""
    noted = text(f"UPDATE pg_index SET {change} WHERE indexrelid = to_regclass(:name)")
    with store.database.writing() as connection:
        connection.execute(noted, {"name": search._index})


def test_the_index_of_a_gallery_comes_with_tending_and_goes_with_the_gallery(
    store: SqlStore, gallery: Gallery
) -> None:
    searches = PgVectorSearches(store.database, store, OPTIONS)
    enroll(store, gallery, ROWS)
    search = searches.of(gallery)
    assert search is searches.of(gallery)
    searches.tend()
    assert "faces_nearest" in plan(store, search)
    searches.rebuild(gallery)
    assert "faces_nearest" in plan(store, search)
    store.delete_gallery(gallery.id, actor="test")
    # As another process would, which never searched in it.
    PgVectorSearches(store.database, store).forget(gallery)
    assert "faces_nearest" not in plan(store, search)


def test_templates_that_pgvector_cannot_index_are_refused(store: SqlStore) -> None:
    wide = store.create_gallery(NewGallery("wide", MODEL, 2_001), actor="test")
    with pytest.raises(InvalidValue, match="at most 2,000"):
        PgVectorSearch(store.database, wide)


def test_a_gallery_of_another_store_is_not_found(store: SqlStore, gallery: Gallery) -> None:
    store.delete_gallery(gallery.id, actor="test")
    with pytest.raises(GalleryNotFound):
        PgVectorSearch(store.database, gallery)


def test_a_server_that_has_pgvector_is_known_without_a_gallery(store: SqlStore) -> None:
    looked_at = look_at_search(SearchOptions("pgvector"), store.database, 5)
    assert looked_at == "pgvector in the store"


def test_a_server_that_may_not_use_pgvector_says_so(store: SqlStore, gallery: Gallery) -> None:
    with store.database.engine.connect() as connection:
        alone = connection.execution_options(isolation_level="AUTOCOMMIT")
        for statement in ("CREATE ROLE guest LOGIN", "CREATE DATABASE plain"):
            alone.execute(text(statement))
    elsewhere = store.database.engine.url.set(database="plain", username="guest")
    plain = PostgresDatabase(elsewhere, timeout_s=5)
    try:
        with pytest.raises(SearchUnavailable, match="pgvector is missing"):
            PgVectorSearch(plain, gallery)
    finally:
        plain.close()
