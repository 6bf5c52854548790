import numpy as np
import pytest

from searching import Journal, changes, directions, near
from vultus.gallery.search.check import check_index
from vultus.gallery.search.exact import ExactIndex
from vultus.gallery.search.follower import Follower

GALLERY = "the only one"
ROWS = directions(30)


@pytest.fixture
def journal() -> Journal:
    journal = Journal()
    journal.write([(face, face // 3) for face in range(1, 31)], ROWS)
    return journal


@pytest.fixture
def follower(journal: Journal) -> Follower:
    return Follower(journal, GALLERY, ExactIndex(16))


def test_an_index_that_only_lags_is_clean(journal: Journal, follower: Follower) -> None:
    found = check_index(journal, GALLERY, follower)
    assert found.clean
    assert (found.templates, found.revision) == (30, 1)


def test_every_difference_is_named(journal: Journal, follower: Follower) -> None:
    follower.follow()
    journal.at = 2  # a write that the index is told of wrongly
    wrong = np.concatenate([near(ROWS[:1], 0.01), ROWS[1:2], ROWS[:1]])
    told = [(1, 0), (2, 77), (99, 4)]
    follower.index.apply(changes(2, told, wrong, removed=[30, 12]))
    found = check_index(journal, GALLERY, follower)
    assert not found.clean
    assert (found.missing, found.extra, found.different) == ((12, 30), (99,), (1, 2))


def test_a_gallery_that_is_written_to_all_the_time_is_not_settled(journal: Journal) -> None:
    class Moving(ExactIndex):
        def keys(self):
            journal.write([(100 + journal.at, 1)], ROWS[:1])
            return super().keys()

    found = check_index(journal, GALLERY, Follower(journal, GALLERY, Moving(16)))
    assert not found.settled
    assert not found.clean


def test_an_empty_gallery_has_a_clean_index() -> None:
    journal = Journal()
    assert check_index(journal, GALLERY, Follower(journal, GALLERY, ExactIndex(16))).clean
