import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from searching import Journal, directions, gallery
from vultus.domain.gallery import Gallery
from vultus.gallery.search.exact import ExactIndex
from vultus.gallery.search.faiss import FaissIndex
from vultus.gallery.search.graph import GraphOptions
from vultus.gallery.search.indexes import Indexes
from vultus.gallery.search.snapshot import Snapshots
from vultus.gallery.search.status import IndexStatus

GALLERY = gallery()
MANY = 2_000
ROWS = directions(MANY)
OPTIONS = GraphOptions(links=8, build_width=40, search_width=64)


@pytest.fixture
def journal() -> Journal:
    """A store with 2,000 faces, written twenty at a time."""
    journal = Journal()
    for first in range(0, MANY, 20):
        enroll(journal, first, 20)
    return journal


def enroll(journal: Journal, first: int, count: int) -> None:
    faces = range(first, first + count)
    journal.write([(1 + face, 1 + face) for face in faces], directions(MANY)[faces])


def enrolled(index) -> list[int]:
    return index.search(ROWS[:1], MANY).subjects[0].tolist()


@pytest.fixture
def snapshots(tmp_path: Path) -> Snapshots:
    return Snapshots(tmp_path)


@pytest.fixture
def opened(snapshots: Snapshots) -> Callable[[Journal], Indexes]:
    """Starts as a new process would."""
    return lambda journal: Indexes(journal, lambda gallery: FaissIndex(gallery.dim), snapshots)


def run(indexes: Indexes) -> None:
    """Ask one question, and end."""
    indexes.of(GALLERY).follow()
    indexes.close()


def test_the_second_start_reads_only_what_came_since(journal: Journal, opened) -> None:
    run(opened(journal))
    journal.write([(9_000, 9_000)], ROWS[:1], removed=[7])
    journal.asked_after.clear()
    follower = opened(journal).of(GALLERY)
    follower.follow()
    assert follower.index.keys().tolist() == [*range(1, 7), *range(8, MANY + 1), 9_000]
    assert min(journal.asked_after) >= 80


def test_an_index_that_is_read_from_the_store_as_fast_is_not_saved(
    snapshots: Snapshots, opened
) -> None:
    journal = Journal()
    enroll(journal, 0, 500)
    run(opened(journal))
    assert not snapshots.load(GALLERY, FaissIndex(16))


def test_an_index_that_changed_little_is_not_saved_again(
    journal: Journal, snapshots: Snapshots, opened
) -> None:
    run(opened(journal))
    journal.write(removed=[1])
    run(opened(journal))
    saved = FaissIndex(16)
    snapshots.load(GALLERY, saved)
    assert saved.revision == 100


def test_a_broken_snapshot_is_not_used(
    journal: Journal, tmp_path: Path, opened, caplog: pytest.LogCaptureFixture
) -> None:
    run(opened(journal))
    (saved,) = tmp_path.rglob("young.npz")
    saved.write_bytes(b"nonsense")
    with caplog.at_level(logging.WARNING):
        follower = opened(journal).of(GALLERY)
    assert "is not used: young.npz is not the file that was written" in caplog.text
    follower.follow()
    assert len(follower.index) == MANY


def test_a_snapshot_from_before_the_last_purge_is_not_used(journal: Journal, opened) -> None:
    run(opened(journal))
    journal.write(removed=[1, 2])
    journal.forget([1, 2])
    follower = opened(journal).of(GALLERY)
    follower.follow()
    assert follower.index.keys().tolist() == list(range(3, MANY + 1))


def test_a_snapshot_of_what_the_store_has_lost_is_not_used(journal: Journal, opened) -> None:
    run(opened(journal))
    restored = Journal()
    enroll(restored, 0, 30)
    follower = opened(restored).of(GALLERY)
    follower.follow()
    assert follower.index.keys().tolist() == list(range(1, 31))


def test_a_snapshot_of_another_life_of_the_store_is_not_used(journal: Journal, opened) -> None:
    """The store was restored from a backup, and has got further since than it was."""
    run(opened(journal))
    restored = Journal()
    for first in range(0, MANY - 60, 20):
        enroll(restored, first, 20)
    for first in range(MANY - 60, MANY, 10):  # the same keys, at other revisions, of other people
        restored.write([(1 + face, 5_000 + face) for face in range(first, first + 10)], ROWS[:10])
    follower = opened(restored).of(GALLERY)
    assert len(follower.index) == 0
    follower.follow()
    assert max(enrolled(follower)) > 5_000


def test_a_purge_of_old_removals_does_not_make_a_snapshot_unusable(
    journal: Journal, opened
) -> None:
    journal.write(removed=[1])
    journal.write(removed=[2])
    run(opened(journal))
    journal.forget([1, 2])
    assert len(opened(journal).of(GALLERY).index) == MANY - 2


def test_a_purge_removes_the_snapshot_that_still_has_what_was_purged(
    journal: Journal, snapshots: Snapshots, opened
) -> None:
    run(opened(journal))
    journal.write(removed=[1])
    opened(journal).forget_purged()
    assert snapshots.revision(GALLERY.id) == 100  # for the face can still be restored
    journal.forget([1])
    opened(journal).forget_purged()
    assert snapshots.revision(GALLERY.id) is None


def test_tending_builds_the_graph_and_saves_it(journal: Journal, snapshots: Snapshots) -> None:
    def new_index(gallery: Gallery) -> FaissIndex:
        return FaissIndex(gallery.dim, graph_from=500, options=OPTIONS)

    indexes = Indexes(journal, new_index, snapshots)
    indexes.of(GALLERY).follow()
    indexes.tend()
    saved = new_index(GALLERY)
    assert snapshots.load(GALLERY, saved)
    assert not saved.tend()  # for there is a graph already
    assert len(saved) == MANY


def test_a_gallery_has_one_follower_whoever_asks(journal: Journal, opened) -> None:
    indexes = opened(journal)
    with ThreadPoolExecutor(8) as threads:
        followers = set(threads.map(lambda _: indexes.of(GALLERY), range(64)))
    assert len(followers) == 1
    assert indexes.of(gallery("1" * 32)) not in followers


def test_of_a_gallery_that_is_gone_nothing_is_kept(
    journal: Journal, snapshots: Snapshots, opened
) -> None:
    indexes = opened(journal)
    run(indexes)
    indexes.forget(GALLERY)
    assert not snapshots.load(GALLERY, FaissIndex(16))
    assert len(indexes.of(GALLERY).index) == 0


def test_a_full_disk_costs_the_snapshot_and_nothing_else(
    journal: Journal, tmp_path: Path, opened, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / GALLERY.id).write_text("where the folder should be")
    indexes = opened(journal)
    run(indexes)
    assert "was not saved" in caplog.text
    assert len(indexes.of(GALLERY).index) == MANY


def test_a_rebuilt_index_has_its_graph_and_is_saved(journal: Journal, snapshots: Snapshots) -> None:
    def new_index(gallery: Gallery) -> FaissIndex:
        return FaissIndex(gallery.dim, graph_from=500, options=OPTIONS)

    indexes = Indexes(journal, new_index, snapshots)
    indexes.rebuild(GALLERY)
    saved = new_index(GALLERY)
    assert snapshots.load(GALLERY, saved)
    assert (saved.tend(), saved.revision) == (False, 100)
    assert indexes.check(GALLERY).clean


def test_before_the_first_query_the_status_tells_what_the_snapshot_lacks(
    journal: Journal, opened
) -> None:
    run(opened(journal))
    journal.write(removed=[1])
    assert opened(journal).status(GALLERY) == IndexStatus(MANY, 100, 101)


def test_indexes_that_cannot_be_saved_are_followed_all_the_same(
    journal: Journal, snapshots: Snapshots
) -> None:
    indexes = Indexes(journal, lambda gallery: ExactIndex(gallery.dim), snapshots)
    run(indexes)
    indexes.tend()
    assert len(indexes.of(GALLERY).index) == MANY
