from threading import Thread

import numpy as np
import pytest

from searching import Journal, changes, directions
from vultus.domain.gallery import TemplateChanges
from vultus.errors import StoreUnavailable
from vultus.gallery.search.exact import ExactIndex
from vultus.gallery.search.faiss import FaissIndex
from vultus.gallery.search.follower import Follower
from vultus.gallery.search.status import IndexStatus

GALLERY = "the only one"


class Noting(ExactIndex):
    """An index that remembers what it was told."""

    def __init__(self, dim: int) -> None:
        super().__init__(dim)
        self.applied: list[int] = []
        self.replaced = 0

    def apply(self, new: TemplateChanges) -> None:
        self.applied.append(len(new.keys) + len(new.removed))
        super().apply(new)

    def replace(self, pages) -> None:
        self.replaced += 1
        super().replace(pages)


@pytest.fixture
def journal() -> Journal:
    return Journal()


@pytest.fixture
def index() -> Noting:
    return Noting(16)


@pytest.fixture
def follower(journal: Journal, index: Noting) -> Follower:
    return Follower(journal, GALLERY, index)


def nearest(follower: Follower, probe: np.ndarray) -> list[int]:
    return follower.search(probe.reshape(1, -1), 10).subjects[0].tolist()


def test_a_query_sees_what_was_written_before_it(journal: Journal, follower: Follower) -> None:
    rows = directions(2)
    assert nearest(follower, rows[0]) == []
    journal.write([(1, 1)], rows[:1])
    assert nearest(follower, rows[0]) == [1]
    journal.write([(2, 2)], rows[1:], removed=[1])
    assert nearest(follower, rows[0]) == [2]


def test_an_index_that_is_up_to_date_is_told_nothing(
    journal: Journal, index: Noting, follower: Follower
) -> None:
    journal.write([(1, 1)], directions(1))
    follower.follow()
    journal.write(removed=[1])
    for _ in range(3):
        follower.follow()
    assert (index.replaced, index.applied) == (1, [1])


def test_a_write_that_fills_several_pages_is_taken_over_at_once(index: Noting) -> None:
    journal = Journal()
    journal.write([(0, 0)], directions(1))
    follower = Follower(journal, GALLERY, index)
    follower.follow()
    journal.write([(face, face) for face in range(1, 25_002)], np.zeros((25_001, 16), np.float32))
    follower.follow()
    assert index.applied == [25_001]


def test_where_removals_are_purged_the_index_is_built_anew(
    journal: Journal, index: Noting, follower: Follower
) -> None:
    rows = directions(2)
    journal.write([(1, 1), (2, 2)], rows)
    follower.follow()
    journal.write(removed=[1])
    journal.forget([1])
    assert nearest(follower, rows[0]) == [2]
    assert (index.replaced, index.applied) == (2, [])


def test_where_the_store_went_back_the_index_is_built_anew(
    journal: Journal, index: Noting, follower: Follower
) -> None:
    rows = directions(2)
    journal.write([(1, 1)], rows[:1])
    index.apply(changes(7, [(1, 1), (2, 2)], rows))
    assert nearest(follower, rows[1]) == [1]
    assert (index.revision, index.replaced) == (1, 1)


def test_the_status_tells_how_far_behind_the_index_is(journal: Journal, follower: Follower) -> None:
    for face in (1, 2, 3):
        journal.write([(face, 1)], directions(1))
    assert follower.status() == IndexStatus(templates=0, revision=0, store_revision=3)
    assert follower.status().lag == 3
    follower.follow()
    assert follower.status() == IndexStatus(templates=3, revision=3, store_revision=3)


def test_rebuilding_asks_the_store_for_everything(
    journal: Journal, index: Noting, follower: Follower
) -> None:
    journal.write([(1, 1)], directions(1))
    follower.follow()
    follower.rebuild()
    assert (index.replaced, index.keys().tolist()) == (2, [1])


def test_when_the_store_fails_the_next_query_tries_again(
    journal: Journal, follower: Follower
) -> None:
    journal.write([(1, 1)], directions(1))
    journal.failing = True
    with pytest.raises(StoreUnavailable):
        follower.follow()
    journal.failing = False
    follower.follow()
    assert follower.status().lag == 0


def test_every_thread_finds_what_it_has_just_written() -> None:
    journal = Journal()
    follower = Follower(journal, GALLERY, FaissIndex(16))
    rows = directions(400)
    lost: list[int] = []

    def enroll(first: int) -> None:
        for face in range(first, first + 100):
            journal.write([(face, face)], rows[face - 1 : face])
            if follower.search(rows[face - 1 : face], 1).subjects.tolist() != [[face]]:
                lost.append(face)

    threads = [Thread(target=enroll, args=(first,)) for first in (1, 101, 201, 301)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (lost, len(follower.index)) == ([], 400)
