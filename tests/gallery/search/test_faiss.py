import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from threading import Event, Thread

import numpy as np
import pytest

from searching import changes, directions, near
from vultus.gallery.search.exact import ExactIndex
from vultus.gallery.search.faiss import FaissIndex
from vultus.gallery.search.graph import GraphOptions
from vultus.gallery.search.holding_files import GRAPH

OPTIONS = GraphOptions(links=8, build_width=40, search_width=64)
ROWS = directions(4_000)


def with_graph(graph_from: int = 1_000, filled: int = 2_000) -> FaissIndex:
    index = FaissIndex(16, graph_from=graph_from, options=OPTIONS)
    index.apply(enrolling(1, range(filled)))
    index.tend()
    return index


def enrolling(revision: int, faces: range):
    return changes(revision, [(face, face) for face in faces], ROWS[faces])


def found(index: FaissIndex, faces: range | list[int]) -> np.ndarray:
    """Whether each face is what is found where its template is."""
    return index.search(ROWS[faces], 1).subjects[:, 0] == np.array(faces)


def test_a_graph_is_only_made_of_enough_templates() -> None:
    index = FaissIndex(16, graph_from=1_000, options=OPTIONS)
    index.apply(enrolling(1, range(999)))
    assert not index.tend()
    index.apply(enrolling(2, range(999, 1_000)))
    assert index.tend()
    assert not index.tend()


def test_without_a_size_to_make_it_from_there_is_no_graph() -> None:
    index = FaissIndex(16)
    index.apply(enrolling(1, range(2_000)))
    assert not index.tend()


def test_who_is_enrolled_beside_the_graph_is_found_at_once() -> None:
    index = with_graph()
    index.apply(enrolling(2, range(2_000, 2_050)))
    assert found(index, range(2_000, 2_050)).all()
    assert found(index, range(2_000)).mean() > 0.98


def test_the_graph_grows_when_there_are_many_beside_it() -> None:
    index = with_graph()
    index.apply(enrolling(2, range(2_000, 2_100)))
    assert not index.tend()
    index.apply(enrolling(3, range(2_100, 2_200)))
    assert index.tend()
    assert len(index) == 2_200
    assert found(index, range(2_200)).mean() > 0.98


def test_the_graph_is_made_anew_when_much_of_it_is_dead() -> None:
    index = with_graph()
    index.apply(changes(2, removed=list(range(400))))
    assert not index.tend()
    assert found(index, range(400, 2_000)).mean() > 0.98
    index.apply(changes(3, removed=list(range(400, 600))))
    assert index.tend()
    assert len(index) == 1_400
    assert found(index, range(600, 2_000)).mean() > 0.98
    assert not found(index, range(600)).any()


def test_a_face_that_changed_and_was_linked_again_can_be_deleted() -> None:
    index = with_graph()
    for revision in (2, 3):
        faces = [(face, face) for face in range(150)]
        index.apply(changes(revision, faces, ROWS[2_000 + revision * 150 :][:150]))
        assert index.tend()
    index.apply(changes(4, removed=list(range(150))))
    assert index.keys().tolist() == list(range(150, 2_000))
    again = index.search(ROWS[2_450:2_600], 5)
    assert again.subjects.min() >= 150


def test_with_few_left_there_is_no_graph_any_more() -> None:
    index = with_graph()
    index.apply(changes(2, removed=list(range(10, 2_000))))
    index.tend()
    assert found(index, range(10)).all()
    assert index.recipe == with_graph().recipe
    assert not index.tend()


def test_a_graph_of_which_most_is_dead_still_finds_the_rest() -> None:
    index = with_graph()
    index.apply(changes(2, removed=list(range(5, 2_000))))
    assert found(index, range(5)).all()
    assert index.search(ROWS[:1], 100).subjects.shape == (1, 5)


def test_a_graph_for_which_there_is_no_room_is_an_error_of_the_file(tmp_path: Path) -> None:
    (tmp_path / GRAPH).symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left"):
        with_graph().save(tmp_path)


def changing(index: FaissIndex, exact: ExactIndex, until: Callable[[], bool]) -> None:
    """Enroll, change and delete in both until it is enough."""
    chance = np.random.default_rng(3)
    for revision in count(2):
        if until():
            return
        faces = np.unique(chance.integers(0, 3_000, 20))
        gone = np.unique(chance.integers(0, 3_000, 10))
        kept = [face for face in faces.tolist() if face not in gone]
        vectors = near(ROWS[kept], 0.3, seed=revision)
        new = changes(revision, [(face, face % 700) for face in kept], vectors, gone.tolist())
        index.apply(new)
        exact.apply(new)


def test_what_happens_while_the_graph_is_made_is_not_lost() -> None:
    index, exact = FaissIndex(16, graph_from=1_000, options=OPTIONS), ExactIndex(16)
    for each in (index, exact):
        each.apply(enrolling(1, range(3_000)))
    tending = Thread(target=index.tend)
    tending.start()
    changing(index, exact, until=lambda: not tending.is_alive())
    assert index.revision > 2
    assert index.keys().tolist() == exact.keys().tolist()
    held, expected = (each.entries(exact.keys()) for each in (index, exact))
    order, other = np.argsort(held.keys), np.argsort(expected.keys)
    assert np.array_equal(held.subjects[order], expected.subjects[other])
    assert np.array_equal(held.vectors[order], expected.vectors[other])
    probes = near(ROWS[:200])
    right = index.search(probes, 1).faces == exact.search(probes, 1).faces
    assert right.mean() > 0.97


def test_a_graph_that_was_made_of_what_was_replaced_is_not_used() -> None:
    index = FaissIndex(16, graph_from=1_000, options=OPTIONS)
    index.apply(enrolling(1, range(3_000)))
    tending = Thread(target=index.tend)
    tending.start()
    while not index._tending.locked() and tending.is_alive():
        time.sleep(0.001)
    index.replace([enrolling(2, range(3_000, 3_010))])
    tending.join()
    assert index.keys().tolist() == list(range(3_000, 3_010))
    assert found(index, range(3_000, 3_010)).all()


def test_only_one_thread_tends() -> None:
    index = FaissIndex(16, graph_from=1_000, options=OPTIONS)
    index.apply(enrolling(1, range(4_000)))
    outcomes: list[bool] = []
    threads = [Thread(target=lambda: outcomes.append(index.tend())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count(True) == 1


def test_a_closed_index_makes_no_graph_and_can_be_searched() -> None:
    index = FaissIndex(16, graph_from=1_000, options=OPTIONS)
    index.apply(enrolling(1, range(1_000)))
    index.close()
    assert not index.tend()
    assert found(index, range(1_000)).all()


@pytest.mark.parametrize("graph_from", [None, 500], ids=["without graph", "with graph"])
def test_many_threads_get_the_answers_that_one_would(graph_from: int | None) -> None:
    index = FaissIndex(16, graph_from=graph_from, options=OPTIONS, threads=2)
    index.apply(enrolling(1, range(1_000)))
    index.tend()
    probes = near(ROWS[:96])
    expected = index.search(probes, 3).faces.tolist()
    wrong: list[int] = []
    stop = Event()

    def ask(size: int) -> None:
        for start in range(0, len(probes), size):
            batch = index.search(probes[start : start + size], 3).faces.tolist()
            if batch != expected[start : start + size]:
                wrong.append(start)
            if stop.is_set():
                return

    threads = [Thread(target=ask, args=(size,)) for size in (1, 1, 7, 32, 96)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
