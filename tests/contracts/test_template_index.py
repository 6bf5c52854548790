"""What every search owes: the nearest subjects of a gallery as it is now.

Long, because it is one suite of promises for all adapters.
"""

import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from threading import Event, Thread
from uuid import uuid4

import numpy as np
import pytest
from elasticsearch import Elasticsearch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from elasticsearch_server import elasticsearch
from pgvector_server import pgvector_server
from searching import DIM, Vectors, changes, directions, gallery, near
from vultus.domain.gallery import TemplateChanges
from vultus.domain.template import ModelId
from vultus.errors import InvalidValue, TemplateSizeMismatch
from vultus.gallery.search.elasticsearch import ElasticsearchIndex
from vultus.gallery.search.exact import ExactIndex
from vultus.gallery.search.faiss import FaissIndex
from vultus.gallery.search.graph import GraphOptions
from vultus.gallery.search.pgvector import PgVectorOptions, PgVectorSearch
from vultus.gallery.search.port import Hits, TemplateIndex, TemplateSearch
from vultus.gallery.store.opening import open_store
from vultus.gallery.store.requests import NewGallery
from vultus.gallery.store.sql.store import SqlStore
from vultus.gallery.store.sql.tables import faces, galleries, subjects

EVERYBODY = 1_000
SMALL_GRAPH = GraphOptions(links=8, build_width=40, search_width=64)
NOW = datetime(2026, 1, 1, tzinfo=UTC)


class Searched(ABC):
    """One gallery that is written to and searched."""

    search: TemplateSearch
    recall = 1.0
    """At least this share of probes finds the subject that is in truth the nearest."""

    @abstractmethod
    def write(self, new: TemplateChanges) -> None:
        """Make the changes; they are searchable when this returns."""

    def nearest(self, probe: Vectors, k: int = EVERYBODY) -> list[int]:
        return self.search.search(probe.reshape(1, -1), k).subjects[0].tolist()


class InIndex(Searched):
    def __init__(self, index: TemplateIndex, recall: float = 1.0) -> None:
        self.search = self.index = index
        self.recall = recall

    def write(self, new: TemplateChanges) -> None:
        self.index.apply(new)


class InGraph(InIndex):
    """Whatever was written is in the graph as soon as that is due, and not young for long."""

    def __init__(self, dim: int) -> None:
        self.graph = FaissIndex(dim, graph_from=1, options=SMALL_GRAPH)
        super().__init__(self.graph, recall=0.98)

    def write(self, new: TemplateChanges) -> None:
        super().write(new)
        self.graph.tend()


class InDatabase(Searched):
    """Faces in the store's table; keys are unique there, so each gallery has a range of its own."""

    keys_before = 0

    def __init__(self, store: SqlStore, dim: int, index_from: int) -> None:
        InDatabase.keys_before += 1_000_000
        self._before = InDatabase.keys_before
        new = NewGallery(uuid4().hex, ModelId("fake", "1"), dim)
        created = store.create_gallery(new, actor="test")
        options = PgVectorOptions(index_from=index_from)
        self.pgvector = PgVectorSearch(store.database, created, options)
        self.search = _Shifted(self.pgvector, self._before)
        self.recall = 1.0 if index_from > EVERYBODY else 0.98
        self._database = store.database
        with self._database.reading() as connection:
            key = select(galleries.c.key).where(galleries.c.id == created.id)
            self._gallery = connection.execute(key).scalar_one()

    def write(self, new: TemplateChanges) -> None:
        with self._database.writing() as connection:
            gone = update(faces).where(faces.c.key.in_((new.removed + self._before).tolist()))
            connection.execute(gone.values(deleted_at=NOW))
            for subject in np.unique(new.subjects).tolist():
                connection.execute(
                    upsert(subjects).on_conflict_do_nothing(), self._subject(subject)
                )
            rows = zip(new.keys.tolist(), new.subjects.tolist(), new.vectors, strict=True)
            for face, subject, vector in rows:
                row = self._face(face, subject, vector)
                again = {"subject_key": row["subject_key"], "template": vector, "deleted_at": None}
                known = [faces.c.key]
                put = upsert(faces).on_conflict_do_update(index_elements=known, set_=again)
                connection.execute(put, row)
        self.pgvector.tend()

    def _subject(self, key: int) -> dict[str, object]:
        return {
            "key": self._before + key,
            "id": uuid4().hex,
            "gallery_key": self._gallery,
            "name": "somebody",
            "attributes": {},
            "version": 1,
            "search_text": "",
            "created_at": NOW,
            "updated_at": NOW,
        }

    def _face(self, key: int, subject: int, vector: Vectors) -> dict[str, object]:
        return {
            "key": self._before + key,
            "id": uuid4().hex,
            "gallery_key": self._gallery,
            "subject_key": self._before + subject,
            "template": vector,
            "weight": 1,
            "resultant": 1.0,
            "running": False,
            "revision": 1,
            "created_at": NOW,
        }


class _Shifted:
    def __init__(self, search: TemplateSearch, before: int) -> None:
        self._search, self._before = search, before

    def search(self, probes: Vectors, k: int) -> Hits:
        found = self._search.search(probes, k)
        subjects, faces = (
            np.where(x < 0, x, x - self._before) for x in (found.subjects, found.faces)
        )
        return Hits(subjects, faces, found.similarities)


@pytest.fixture(scope="module")
def store() -> Iterator[SqlStore]:
    with pgvector_server() as url:
        store = open_store(url)
        yield store
        store.close()


@pytest.fixture(scope="module")
def cluster() -> Iterator[Elasticsearch]:
    url = os.environ.get("VULTUS_TEST_ELASTICSEARCH_URL")
    if url is None:
        pytest.skip("no Elasticsearch: set VULTUS_TEST_ELASTICSEARCH_URL to one")
    with Elasticsearch(url) as client:
        yield client


@pytest.fixture(scope="module")
def stand_in() -> Iterator[Elasticsearch]:
    with elasticsearch() as node, Elasticsearch(node.url) as client:
        yield client


Open = Callable[..., Searched]


def _elasticsearch(client: Elasticsearch, ends: ExitStack, recall: float) -> Open:
    def opened(dim: int = DIM) -> Searched:
        index = ElasticsearchIndex(client, gallery(uuid4().hex, dim))
        ends.callback(index.drop)
        return InIndex(index, recall)

    return opened


def _pgvector(store: SqlStore, ends: ExitStack, index_from: int) -> Open:
    def opened(dim: int = DIM) -> Searched:
        searched = InDatabase(store, dim, index_from)
        ends.callback(searched.pgvector.drop)
        return searched

    return opened


SERVED = [pytest.param("elasticsearch", marks=pytest.mark.service)]
IN_DATABASE = [
    pytest.param("pgvector", marks=pytest.mark.service),
    pytest.param("pgvector indexed", marks=pytest.mark.service),
]
IN_MEMORY = ["exact", "faiss", "faiss graph"]
INDEXES = [*IN_MEMORY, "elasticsearch stand-in", *SERVED]


@pytest.fixture(params=[*INDEXES, *IN_DATABASE])
def opened(request: pytest.FixtureRequest) -> Iterator[Open]:
    """Opens a new, empty gallery at each call."""
    with ExitStack() as ends:
        match request.param:
            case "exact":
                yield lambda dim=DIM: InIndex(ExactIndex(dim))
            case "faiss":
                yield lambda dim=DIM: InIndex(FaissIndex(dim))
            case "faiss graph":
                yield lambda dim=DIM: InGraph(dim)
            case "elasticsearch stand-in":
                yield _elasticsearch(request.getfixturevalue("stand_in"), ends, recall=1.0)
            case "elasticsearch":
                yield _elasticsearch(request.getfixturevalue("cluster"), ends, recall=0.98)
            case "pgvector":
                yield _pgvector(request.getfixturevalue("store"), ends, index_from=10**9)
            case "pgvector indexed":
                yield _pgvector(request.getfixturevalue("store"), ends, index_from=1)


@pytest.fixture
def searched(opened: Open) -> Searched:
    return opened()


@pytest.fixture
def index(opened: Open) -> TemplateIndex:
    searched = opened()
    assert isinstance(searched, InIndex)
    return searched.index


only_indexes = pytest.mark.parametrize("opened", INDEXES, indirect=True)


def test_it_finds_who_is_nearest(searched: Searched) -> None:
    people = directions(300)
    templates = np.concatenate([near(people, 0.5, seed) for seed in range(2, 7)])
    owners = np.tile(np.arange(1, 301), 5)
    searched.write(changes(1, zip(range(1, 1501), owners, strict=True), templates))
    probes = near(people, 0.5, seed=9)
    similarities = np.stack(
        [(probes @ templates[owners == owner].T).max(axis=1) for owner in range(1, 301)], axis=1
    )
    hits = searched.search.search(probes, 5)
    right = hits.subjects[:, 0] == similarities.argmax(axis=1) + 1
    assert right.mean() >= searched.recall
    best = -np.sort(-similarities, axis=1)[:, :5]
    assert (np.abs(hits.similarities - best) < 1e-5).mean() >= searched.recall


# Their cosines with one another are equal or far apart, in whatever order they are summed.
POINTS = np.array(
    [[1, 0, 0, 0], [0, 1, 0, 0], [0.6, 0.8, 0, 0], [0, 0, 1, 0], [-1, 0, 0, 0], [0, 0, 0.6, 0.8]],
    np.float32,
)
FACE = st.integers(1, 12)
WRITES = st.lists(
    st.dictionaries(
        FACE, st.none() | st.tuples(st.integers(1, 5), st.integers(0, len(POINTS) - 1)), min_size=1
    ),
    max_size=6,
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(writes=WRITES, k=st.integers(1, 7), probe=st.sampled_from(list(POINTS)))
def test_whatever_is_written_it_answers_as_a_list_would(opened, writes, k, probe) -> None:
    searched, held = opened(4), {}
    for revision, write in enumerate(writes, 1):
        kept = {face: what for face, what in write.items() if what is not None}
        removed = sorted(write.keys() - kept.keys())
        held = {face: what for face, what in (held | kept).items() if face not in removed}
        owners = [(face, subject) for face, (subject, _) in kept.items()]
        points = POINTS[[point for _, point in kept.values()]].reshape(-1, 4)
        searched.write(changes(revision, owners, points, removed, dim=4))

    best: dict[int, tuple[float, int]] = {}
    for face, (subject, point) in sorted(held.items()):
        cosine = float(POINTS[point] @ probe)
        if subject not in best or cosine > best[subject][0]:
            best[subject] = (cosine, face)
    expected = sorted(
        (-round(cosine, 5), subject, face) for subject, (cosine, face) in best.items()
    )
    hits = searched.search.search(probe[None], k)
    assert hits.subjects[0].tolist() == [subject for _, subject, _ in expected[:k]]
    assert hits.faces[0].tolist() == [face for _, _, face in expected[:k]]
    assert hits.similarities[0] == pytest.approx(
        [-cosine for cosine, _, _ in expected[:k]], abs=1e-5
    )


def test_an_empty_gallery_has_nobody(searched: Searched) -> None:
    hits = searched.search.search(directions(3), 5)
    assert hits.subjects.shape == hits.faces.shape == hits.similarities.shape == (3, 0)


def test_no_probes_have_no_answers(searched: Searched) -> None:
    searched.write(changes(1, [(1, 1)], directions(1)))
    assert len(searched.search.search(np.empty((0, DIM), np.float32), 5).subjects) == 0


def test_who_was_removed_is_not_found_any_more(searched: Searched) -> None:
    rows = directions(3)
    searched.write(changes(1, [(1, 1), (2, 2), (3, 3)], rows))
    searched.write(changes(2, removed=[2]))
    assert sorted(searched.nearest(rows[1])) == [1, 3]


def test_when_all_are_removed_nobody_is_left(searched: Searched) -> None:
    rows = directions(20)
    searched.write(changes(1, [(face, face) for face in range(1, 21)], rows))
    searched.write(changes(2, removed=list(range(1, 21))))
    assert searched.nearest(rows[0]) == []


def test_a_template_that_changed_is_found_where_it_is_now(searched: Searched) -> None:
    old, new, other = directions(3)
    searched.write(changes(1, [(1, 1), (2, 2)], np.stack([old, other])))
    searched.write(changes(2, [(1, 1)], new[None]))
    hits = searched.search.search(np.stack([old, new]), 1)
    assert hits.subjects[1].tolist() == [1]
    assert hits.similarities[1, 0] == pytest.approx(1, abs=1e-6)
    assert hits.similarities[0, 0] < 0.99


def test_a_face_that_moved_belongs_to_its_new_subject_alone(searched: Searched) -> None:
    rows = directions(2)
    searched.write(changes(1, [(1, 1), (2, 1)], rows))
    searched.write(changes(2, [(2, 2)], rows[1:]))
    assert searched.nearest(rows[1], 1) == [2]
    assert sorted(searched.nearest(rows[1])) == [1, 2]


def test_equal_similarities_go_to_the_lower_subject_and_the_lower_face(searched: Searched) -> None:
    same = np.repeat(directions(1), 40, axis=0)
    owners = [(face, 30 - face // 2) for face in range(1, 41)]
    searched.write(changes(1, owners, same))
    hits = searched.search.search(same[:1], 4)
    assert hits.subjects[0].tolist() == [10, 11, 12, 13]
    assert hits.faces[0].tolist() == [40, 38, 36, 34]


def test_a_subject_with_very_many_faces_hides_nobody(searched: Searched) -> None:
    middle = directions(1)
    crowd = near(np.repeat(middle, 2_500, axis=0), 0.1)
    others = near(np.repeat(middle, 3, axis=0), 1.0)
    owners = [(face, 1) for face in range(1, 2_501)] + [(2_501, 2), (2_502, 3), (2_503, 4)]
    searched.write(changes(1, owners, np.concatenate([crowd, others])))
    found = searched.nearest(middle[0], 4)
    assert found[0] == 1
    assert found[1:] == [2 + each for each in np.argsort(-(others @ middle[0]))]


def test_of_more_subjects_than_there_are_it_gives_all(searched: Searched) -> None:
    searched.write(changes(1, [(face, 1 + face % 7) for face in range(1, 31)], directions(30)))
    hits = searched.search.search(directions(2, seed=5), 100)
    assert hits.subjects.shape == (2, 7)
    assert sorted(hits.subjects[0].tolist()) == list(range(1, 8))
    assert (np.diff(hits.similarities, axis=1) <= 0).all()


def test_a_batch_is_answered_as_its_probes_are_one_by_one(searched: Searched) -> None:
    searched.write(changes(1, [(face, face // 3) for face in range(1, 201)], directions(200)))
    probes = directions(50, seed=8)
    together = searched.search.search(probes, 4)
    alone = [searched.search.search(probe[None], 4) for probe in probes]
    assert together.subjects.tolist() == [each.subjects[0].tolist() for each in alone]
    assert together.faces.tolist() == [each.faces[0].tolist() for each in alone]
    assert together.similarities.tolist() == [each.similarities[0].tolist() for each in alone]


def test_galleries_side_by_side_know_nothing_of_each_other(opened: Open) -> None:
    rows = directions(2)
    one, other = opened(), opened()
    one.write(changes(1, [(1, 1)], rows[:1]))
    other.write(changes(1, [(2, 2)], rows[1:]))
    assert one.nearest(rows[1]) == [1]
    assert other.nearest(rows[0]) == [2]


@pytest.mark.parametrize("k", [0, -1])
def test_fewer_than_one_subject_cannot_be_asked_for(searched: Searched, k: int) -> None:
    with pytest.raises(InvalidValue, match="k is not valid"):
        searched.search.search(directions(1), k)


@pytest.mark.parametrize(
    "probes",
    [
        np.full((1, DIM), np.nan, np.float32),
        np.full((1, DIM), np.inf, np.float32),
        np.zeros((1, DIM + 1), np.float32),
        np.zeros(DIM, np.float32),
    ],
    ids=["nan", "infinite", "too long", "no rows"],
)
def test_what_is_no_row_of_numbers_is_no_probe(searched: Searched, probes: Vectors) -> None:
    with pytest.raises(InvalidValue, match="probes is not valid"):
        searched.search.search(probes, 1)


# Elasticsearch shows the faces of one write one after the other.
@pytest.mark.parametrize("opened", [*IN_MEMORY, *IN_DATABASE], indirect=True)
def test_while_it_is_written_to_a_search_sees_each_write_wholly_or_not(searched: Searched) -> None:
    here = directions(1)
    searched.write(changes(1, [(1, 1)], here))
    seen: set[tuple[int, ...]] = set()
    done = Event()

    def look() -> None:
        while not done.is_set():
            seen.add(tuple(searched.nearest(here[0])))

    threads = [Thread(target=look) for _ in range(3)]
    for thread in threads:
        thread.start()
    for revision in range(2, 40):
        # One subject comes with the write that another goes with.
        owner = 1 + revision % 2
        searched.write(changes(revision, [(revision, owner)], here, removed=[revision - 1]))
    done.set()
    for thread in threads:
        thread.join()
    assert seen <= {(1,), (2,)}


# What only indexes owe that follow a store


@only_indexes
def test_a_new_index_knows_nothing(index: TemplateIndex) -> None:
    assert (index.revision, len(index), index.keys().tolist()) == (0, 0, [])


@only_indexes
def test_it_says_what_it_has_followed_to(index: TemplateIndex) -> None:
    index.apply(changes(4, [(1, 1), (2, 1)], directions(2)))
    assert (index.revision, len(index)) == (4, 2)
    index.apply(changes(9))
    assert (index.revision, len(index)) == (9, 2)


@only_indexes
def test_changes_that_are_known_already_change_nothing(index: TemplateIndex) -> None:
    rows = directions(2)
    first, second = changes(1, [(1, 1), (2, 2)], rows), changes(2, removed=[1])
    for each in (first, second, second, first):
        index.apply(each)
    assert (index.revision, index.keys().tolist()) == (2, [2])


@only_indexes
def test_it_gives_what_it_holds(index: TemplateIndex) -> None:
    rows = directions(5)
    index.apply(changes(1, [(9, 1), (3, 2), (7, 3), (5, 4), (4, 4)], rows))
    index.apply(changes(2, [(3, 8)], rows[4:], removed=[7]))
    assert index.keys().tolist() == [3, 4, 5, 9]
    held = index.entries(np.array([3, 4, 7, 11]))
    order = np.argsort(held.keys)
    assert held.keys[order].tolist() == [3, 4]
    assert held.subjects[order].tolist() == [8, 4]
    assert held.vectors[order] == pytest.approx(rows[[4, 4]], abs=1e-6)


@only_indexes
def test_what_replaces_it_is_all_that_is_left(index: TemplateIndex) -> None:
    rows = directions(4)
    index.apply(changes(8, [(1, 1), (2, 2)], rows[:2]))
    index.replace(iter([changes(5, [(2, 3)], rows[2:3]), changes(6, [(4, 4)], rows[3:])]))
    assert (index.revision, index.keys().tolist()) == (6, [2, 4])
    assert index.search(rows[:1], 9).subjects.shape == (1, 2)
    index.apply(changes(7, removed=[2]))
    assert index.keys().tolist() == [4]


@only_indexes
def test_while_it_is_replaced_searches_see_what_was(index: TemplateIndex) -> None:
    rows = directions(2)
    index.apply(changes(1, [(1, 1)], rows[:1]))

    def pages() -> Iterator[TemplateChanges]:
        yield changes(2, [(2, 2)], rows[1:])
        assert index.search(rows[1:], 5).subjects.tolist() == [[1]]
        assert index.revision == 1

    index.replace(pages())
    assert index.search(rows[:1], 5).subjects.tolist() == [[2]]


@only_indexes
def test_a_replacement_that_fails_leaves_what_was(index: TemplateIndex) -> None:
    rows = directions(2)
    index.apply(changes(1, [(1, 1)], rows[:1]))

    def pages() -> Iterator[TemplateChanges]:
        yield changes(2, [(2, 2)], rows[1:])
        raise ConnectionError

    with pytest.raises(ConnectionError):
        index.replace(pages())
    assert (index.revision, index.keys().tolist()) == (1, [1])


@only_indexes
def test_templates_of_another_size_are_refused(index: TemplateIndex) -> None:
    index.apply(changes(1, [(1, 1)], directions(1)))
    with pytest.raises(TemplateSizeMismatch):
        index.apply(changes(2, [(2, 2)], directions(1, DIM + 1), dim=DIM + 1))
    with pytest.raises(TemplateSizeMismatch):
        index.replace([changes(2, [(2, 2)], directions(1, DIM - 1), dim=DIM - 1)])
    assert (index.revision, index.keys().tolist()) == (1, [1])
