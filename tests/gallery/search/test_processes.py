"""Several processes on one store see each other's writes at their next query."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess

import numpy as np
import pytest

from pgvector_server import pgvector_server
from searching import directions
from vultus.domain.changes import NewSubject
from vultus.domain.template import ModelId, Template
from vultus.gallery.search.faiss import FaissIndex
from vultus.gallery.search.follower import Follower
from vultus.gallery.search.pgvector import PgVectorSearch
from vultus.gallery.search.port import TemplateSearch
from vultus.gallery.store.opening import open_store
from vultus.gallery.store.requests import Enrolling, NewFace, NewGallery

MODEL = ModelId("fake", "1")
ROWS = directions(30)


@dataclass
class Process:
    """Another process that has the store and its search open."""

    process: SpawnProcess
    pipe: Connection

    def enroll(self, row: np.ndarray) -> str:
        """Enroll a new subject, and give its id."""
        return self._ask("enroll", row)

    def delete(self, subject_id: str) -> None:
        self._ask("delete", subject_id)

    def nearest(self, row: np.ndarray) -> str | None:
        """The id of the nearest subject."""
        return self._ask("nearest", row)

    def _ask(self, what: str, value: object):
        self.pipe.send((what, value))
        return self.pipe.recv()


def work(url: str, kind: str, pipe: Connection) -> None:
    """What such a process does until it is told nothing more."""
    store = open_store(url)
    gallery = store.gallery("people")
    search: TemplateSearch
    if kind == "pgvector":
        search = PgVectorSearch(store.database, gallery)
    else:
        search = Follower(store, gallery.id, FaissIndex(gallery.dim))
    while True:
        try:
            what, value = pipe.recv()
        except EOFError:
            break
        if what == "enroll":
            entry = Enrolling(NewSubject("somebody"), [NewFace(Template(value, MODEL))])
            pipe.send(store.enroll(gallery.id, [entry], actor="test")[0].subject_id)
        elif what == "delete":
            pipe.send(store.delete_subject(gallery.id, value, actor="test"))
        else:
            keys = search.search(value[None], 1).subjects[0].tolist()
            named = store.subjects_by_key(gallery.id, keys)
            pipe.send(named[keys[0]].id if keys else None)
    store.close()


@contextmanager
def started(url: str, kind: str) -> Iterator[Process]:
    ours, theirs = get_context("spawn").Pipe()
    process = get_context("spawn").Process(target=work, args=(url, kind, theirs))
    process.start()
    theirs.close()
    with ours:
        yield Process(process, ours)
    process.join(timeout=30)
    assert process.exitcode == 0


@pytest.fixture(
    params=[
        "sqlite",
        pytest.param("postgres", marks=pytest.mark.service),
        pytest.param("pgvector", marks=pytest.mark.service),
    ]
)
def place(request: pytest.FixtureRequest) -> Iterator[tuple[str, str]]:
    """The URL of a store with an empty gallery, and the kind of search."""
    if request.param == "pgvector":
        with pgvector_server() as url:
            yield _with_gallery(url), "pgvector"
    else:
        yield _with_gallery(request.getfixturevalue(f"{request.param}_url")), "faiss"


def _with_gallery(url: str) -> str:
    store = open_store(url)
    store.create_gallery(NewGallery("people", MODEL, ROWS.shape[1]), actor="test")
    store.close()
    return url


def test_what_one_process_writes_another_finds_at_its_next_query(place: tuple[str, str]) -> None:
    url, kind = place
    with started(url, kind) as one, started(url, kind) as other:
        assert other.nearest(ROWS[0]) is None
        for turn, row in enumerate(ROWS):
            writer, reader = (one, other) if turn % 2 else (other, one)
            enrolled = writer.enroll(row)
            assert reader.nearest(row) == enrolled
            if turn % 3 == 0:
                reader.delete(enrolled)
                assert writer.nearest(row) != enrolled
