from collections.abc import Iterator
from threading import Thread

import numpy as np
import pytest
from elasticsearch import Elasticsearch

from elasticsearch_server import Node, elasticsearch
from searching import changes, directions, gallery
from vultus.errors import InvalidValue, SearchUnavailable
from vultus.gallery.search.elasticsearch import ElasticsearchIndex, ElasticsearchOptions

GALLERY = gallery("a" * 32, dim=4)
ALIAS = f"vultus-{GALLERY.id}"
ROWS = directions(5, dim=4)
OPTIONS = ElasticsearchOptions(shards=3, links=24, build_width=80, search_width=150)


@pytest.fixture
def node() -> Iterator[Node]:
    with elasticsearch() as node:
        yield node


@pytest.fixture
def client(node: Node) -> Iterator[Elasticsearch]:
    with Elasticsearch(node.url, max_retries=0) as client:
        yield client


@pytest.fixture
def index(client: Elasticsearch) -> ElasticsearchIndex:
    return ElasticsearchIndex(client, GALLERY, OPTIONS)


def enroll(index: ElasticsearchIndex, revision: int = 1) -> None:
    index.apply(changes(revision, [(face, face) for face in range(1, 6)], ROWS, dim=4))


def test_an_index_is_made_with_whole_vectors_and_an_alias(
    node: Node, index: ElasticsearchIndex
) -> None:
    (body,) = node.bodies(f"PUT /{ALIAS}-first")
    assert body == {
        "settings": {"number_of_shards": 3},
        "mappings": {
            "dynamic": "strict",
            "properties": {
                "gallery": {"type": "keyword"},
                "face": {"type": "long"},
                "subject": {"type": "long"},
                "embedding": {
                    "type": "dense_vector",
                    "dims": 4,
                    "index": True,
                    "similarity": "cosine",
                    "index_options": {"type": "hnsw", "m": 24, "ef_construction": 80},
                },
                "revision": {"type": "long"},
            },
        },
        "aliases": {ALIAS: {}},
    }


def test_a_second_process_uses_the_index_that_is_there(
    client: Elasticsearch, node: Node, index: ElasticsearchIndex
) -> None:
    enroll(index)
    again = ElasticsearchIndex(client, GALLERY)
    assert (again.revision, len(again)) == (1, 5)
    assert list(node.indices) == [f"{ALIAS}-first"]


def test_two_processes_that_start_at_once_make_one_index(client: Elasticsearch, node: Node) -> None:
    threads = [Thread(target=ElasticsearchIndex, args=(client, GALLERY)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert list(node.indices) == [f"{ALIAS}-first"]


def test_faces_are_written_in_bulk_with_the_revision_as_version(
    node: Node, index: ElasticsearchIndex
) -> None:
    index.apply(changes(7, [(1, 3)], ROWS[:1], removed=[2], dim=4))
    version = {"version": 7, "version_type": "external_gte"}
    embedding = ROWS[0].tolist()
    assert node.bodies(f"PUT /{ALIAS}/_bulk") == [
        {"index": {"_id": "1", **version}},
        {"gallery": GALLERY.id, "face": 1, "subject": 3, "embedding": embedding},
        {"delete": {"_id": "2", **version}},
    ]


def test_many_faces_go_in_several_requests(client: Elasticsearch, node: Node) -> None:
    index = ElasticsearchIndex(client, GALLERY)
    rows = directions(2_500, dim=4)
    index.apply(changes(1, [(face, 1) for face in range(2_500)], rows, dim=4))
    assert node.requests.count(f"PUT /{ALIAS}/_bulk") == 3
    assert len(index) == 2_500


def test_a_search_asks_for_neighbours_within_the_gallery(
    node: Node, index: ElasticsearchIndex
) -> None:
    enroll(index)
    index.search(ROWS[:2], 1)
    bodies = node.bodies(f"POST /{ALIAS}/_msearch")
    assert bodies[0] == bodies[2] == {}
    assert bodies[3] == {
        "knn": {
            "field": "embedding",
            "query_vector": ROWS[1].tolist(),
            "k": 15,
            "num_candidates": 150,
            "filter": {"term": {"gallery": GALLERY.id}},
        },
        "size": 15,
        "_source": False,
        "docvalue_fields": [{"field": "face"}, {"field": "subject"}],
        "track_total_hits": False,
    }


def test_where_neighbours_do_not_settle_it_every_face_is_compared(
    node: Node, index: ElasticsearchIndex
) -> None:
    enroll(index)
    index.search(ROWS[:1], 3)
    assert node.bodies(f"POST /{ALIAS}/_msearch")[-1] == {
        "query": {
            "script_score": {
                "query": {"bool": {"filter": [{"term": {"gallery": GALLERY.id}}]}},
                "script": {
                    "source": "(cosineSimilarity(params.probe, 'embedding') + 1) / 2",
                    "params": {"probe": ROWS[0].tolist()},
                },
            }
        },
        "collapse": {"field": "subject"},
        "sort": [{"_score": "desc"}, {"subject": "asc"}, {"face": "asc"}],
        "track_scores": True,
        "size": 3,
        "_source": False,
        "docvalue_fields": [{"field": "face"}, {"field": "subject"}],
        "track_total_hits": False,
    }


def test_a_batch_goes_in_few_requests(node: Node, index: ElasticsearchIndex) -> None:
    enroll(index)
    index.search(directions(250, dim=4), 1)
    asked = [body for body in node.bodies(f"POST /{ALIAS}/_msearch") if "knn" in body]
    assert len(asked) % 250 == 0
    assert node.requests.count(f"POST /{ALIAS}/_msearch") < 20


def test_rebuilding_switches_the_alias_and_removes_the_old_index_in_one_step(
    node: Node, index: ElasticsearchIndex
) -> None:
    enroll(index)
    index.replace([changes(2, [(1, 1)], ROWS[:1], dim=4)])
    (name,) = node.indices
    assert name != f"{ALIAS}-first"
    assert node.aliases == {ALIAS: {name}}
    assert node.bodies("POST /_aliases") == [
        {
            "actions": [
                {"add": {"index": name, "alias": ALIAS}},
                {"remove_index": {"index": f"{ALIAS}-first"}},
            ]
        }
    ]


def test_a_rebuild_that_fails_leaves_no_index_behind(node: Node, index: ElasticsearchIndex) -> None:
    node.failing = lambda path: path == "/_aliases"
    with pytest.raises(SearchUnavailable):
        index.replace([changes(2, [(1, 1)], ROWS[:1], dim=4)])
    assert list(node.indices) == [f"{ALIAS}-first"]


def test_of_two_processes_that_write_one_face_the_later_revision_wins(
    client: Elasticsearch, index: ElasticsearchIndex
) -> None:
    """One reads revision 2 and is slow; meanwhile the other has followed to revision 3."""
    enroll(index)
    slow = ElasticsearchIndex(client, GALLERY)
    index.apply(changes(3, [(2, 9)], ROWS[:1], removed=[1], dim=4))
    slow._write(ALIAS, changes(2, [(1, 7), (2, 7)], ROWS[:2], dim=4), through_alias=True)
    slow._follow_to(ALIAS, 2, through_alias=True)
    slow._client.indices.refresh(index=ALIAS)
    assert index.revision == 3
    assert index.keys().tolist() == [2, 3, 4, 5]
    assert index.entries(np.array([2])).subjects.tolist() == [9]


def test_writes_that_meet_a_rebuild_are_not_taken_for_done(
    client: Elasticsearch, node: Node, index: ElasticsearchIndex
) -> None:
    enroll(index)
    other = ElasticsearchIndex(client, GALLERY)

    def rebuild_first(path: str) -> bool:
        if path.endswith("/_bulk"):
            node.failing = lambda path: False
            other.replace([changes(1, [(1, 1)], ROWS[:1], dim=4)])
        return False

    node.failing = rebuild_first
    with pytest.raises(SearchUnavailable, match="it was rebuilt meanwhile"):
        index.apply(changes(2, [(6, 6)], ROWS[:1], dim=4))
    assert index.revision == 1


def test_nothing_is_written_where_the_index_has_gone(
    client: Elasticsearch, node: Node, index: ElasticsearchIndex
) -> None:
    client.indices.delete(index=f"{ALIAS}-first")
    with pytest.raises(SearchUnavailable):
        enroll(index)
    assert not node.indices
    index.replace([changes(2, [(1, 1)], ROWS[:1], dim=4)])
    assert (index.revision, len(index)) == (2, 1)


def test_a_cluster_that_refuses_is_not_available(node: Node, index: ElasticsearchIndex) -> None:
    enroll(index)
    node.failing = lambda path: True
    with pytest.raises(SearchUnavailable, match="unavailable_shards_exception"):
        index.search(ROWS[:1], 1)


def test_a_cluster_that_does_not_answer_is_not_available() -> None:
    with (
        Elasticsearch("http://127.0.0.1:9", max_retries=0) as nobody,
        pytest.raises(SearchUnavailable, match="ConnectionError"),
    ):
        ElasticsearchIndex(nobody, GALLERY)


def test_more_subjects_than_a_cluster_gives_cannot_be_asked_for(index: ElasticsearchIndex) -> None:
    with pytest.raises(InvalidValue, match="at most 10,000"):
        index.search(ROWS[:1], 10_001)


def test_of_a_gallery_that_is_gone_no_index_is_left(node: Node, index: ElasticsearchIndex) -> None:
    enroll(index)
    index.replace([changes(2, [(1, 1)], ROWS[:1], dim=4)])
    index.drop()
    assert (node.indices, node.aliases) == ({}, {})
