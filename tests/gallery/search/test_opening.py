import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from elasticsearch_server import elasticsearch
from searching import MODEL, directions
from vultus.domain.changes import NewSubject
from vultus.domain.gallery import Gallery
from vultus.domain.template import Template
from vultus.errors import SearchUnavailable, SettingInvalid
from vultus.gallery.search.elasticsearch import ElasticsearchIndex
from vultus.gallery.search.exact import ExactIndex
from vultus.gallery.search.faiss import FaissIndex
from vultus.gallery.search.follower import Follower
from vultus.gallery.search.opening import SearchOptions, open_searches
from vultus.gallery.store.opening import open_store
from vultus.gallery.store.requests import Enrolling, NewFace, NewGallery
from vultus.gallery.store.sql.store import SqlStore

ROWS = directions(20)


@pytest.fixture
def store(sqlite_url: str) -> Iterator[SqlStore]:
    store = open_store(sqlite_url)
    yield store
    store.close()


@pytest.fixture
def gallery(store: SqlStore) -> Gallery:
    """A gallery with a subject per row."""
    gallery = store.create_gallery(NewGallery("people", MODEL, ROWS.shape[1]), actor="test")
    entries = [Enrolling(NewSubject("one"), [NewFace(Template(row, MODEL))]) for row in ROWS]
    store.enroll(gallery.id, entries, actor="test")
    return gallery


def opened(store: SqlStore, gallery: Gallery, saved: Path, options: SearchOptions) -> Follower:
    follower = open_searches(store, options, saved).of(gallery)
    assert isinstance(follower, Follower)
    return follower


@pytest.mark.parametrize(("kind", "of"), [("faiss", FaissIndex), ("exact", ExactIndex)])
def test_a_kind_names_an_index(store, gallery, tmp_path: Path, kind, of) -> None:
    follower = opened(store, gallery, tmp_path, SearchOptions(kind))
    assert isinstance(follower.index, of)
    assert follower.search(ROWS, 1).similarities.min() == pytest.approx(1, abs=1e-6)


def test_a_cluster_is_named_by_its_address(store, gallery, tmp_path: Path) -> None:
    with elasticsearch() as node:
        options = SearchOptions("elasticsearch", elasticsearch_url=node.url, links=20)
        follower = opened(store, gallery, tmp_path, options)
        assert isinstance(follower.index, ElasticsearchIndex)
        assert follower.search(ROWS, 1).similarities.min() == pytest.approx(1, abs=1e-6)
        follower.index._client.close()
    (made,) = node.bodies(f"PUT /vultus-{gallery.id}-first")
    assert made["mappings"]["properties"]["embedding"]["index_options"]["m"] == 20


def test_what_is_said_of_the_graph_reaches_it(store, gallery, tmp_path: Path) -> None:
    options = SearchOptions(graph_from=10, links=4, build_width=20)
    searches = open_searches(store, options, tmp_path)
    searches.rebuild(gallery)
    index = searches.of(gallery).index
    assert index.recipe == "graph from 10, 4 links, build width 20"
    assert not index.tend()


def test_without_the_client_a_cluster_cannot_be_searched(
    store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "elasticsearch", None)
    with pytest.raises(SearchUnavailable, match=r"pip install 'vultus\[elasticsearch\]'"):
        open_searches(store, SearchOptions("elasticsearch"), tmp_path)


def test_pgvector_needs_postgresql(store, tmp_path: Path) -> None:
    with pytest.raises(SettingInvalid, match="needs a store on PostgreSQL"):
        open_searches(store, SearchOptions("pgvector"), tmp_path)
