"""What is saved of an index, while others delete and purge."""

from collections.abc import Callable
from pathlib import Path

import pytest

from searching import Journal, directions, gallery
from vultus.gallery.search.faiss import FaissIndex
from vultus.gallery.search.indexes import Indexes
from vultus.gallery.search.snapshot import Snapshots

GALLERY = gallery()
MANY = 2_000
GONE = 7
"""A face that is deleted and purged."""
OTHERS = [face for face in range(1, MANY + 1) if face != GONE]


@pytest.fixture
def journal() -> Journal:
    """A store with 2,000 faces, written a hundred at a time."""
    journal = Journal()
    rows = directions(MANY)
    for first in range(0, MANY, 100):
        faces = range(first, first + 100)
        journal.write([(1 + face, 1 + face) for face in faces], rows[faces])
    return journal


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    return tmp_path / "saved"


@pytest.fixture
def opened(saved: Path) -> Callable[..., Indexes]:
    """Starts as a new process would."""

    def start(journal: Journal, index: Callable[[int], FaissIndex] = FaissIndex) -> Indexes:
        return Indexes(journal, lambda gallery: index(gallery.dim), Snapshots(saved))

    return start


class Interrupted(FaissIndex):
    """An index during whose work something else happens."""

    def __init__(
        self,
        dim: int,
        while_tended: Callable[[], None] = lambda: None,
        while_saved: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(dim)
        self._while_tended, self._while_saved = while_tended, while_saved

    def tend(self) -> bool:
        self._while_tended()
        return True

    def save(self, folder: Path) -> int:
        revision = super().save(folder)
        self._while_saved()
        return revision


def purge(journal: Journal) -> None:
    journal.write(removed=[GONE])
    journal.forget([GONE])


def files(saved: Path) -> list[Path]:
    return [path for path in saved.rglob("*") if path.is_file()]


def keys_in(saved: Path) -> list[int]:
    index = FaissIndex(GALLERY.dim)
    assert Snapshots(saved).load(GALLERY, index)
    return index.keys().tolist()


def run(indexes: Indexes) -> None:
    """Ask one question, and end."""
    indexes.of(GALLERY).follow()
    indexes.close()


@pytest.mark.parametrize("end", [Indexes.tend, Indexes.close])
def test_a_gallery_that_another_process_deleted_is_not_saved(
    journal: Journal, saved: Path, opened, end: Callable[[Indexes], None]
) -> None:
    ours, theirs = opened(journal), opened(journal)
    ours.of(GALLERY).follow()
    journal.gone = True
    theirs.forget(GALLERY)
    end(ours)
    assert files(saved) == []
    assert len(ours.of(GALLERY).index) == 0


def test_a_gallery_that_is_deleted_while_it_is_saved_is_not_kept(
    journal: Journal, saved: Path, opened
) -> None:
    def delete() -> None:
        journal.gone = True

    run(opened(journal, lambda dim: Interrupted(dim, while_saved=delete)))
    assert files(saved) == []


def test_an_index_that_is_forgotten_while_it_is_tended_is_not_saved(
    journal: Journal, saved: Path, opened
) -> None:
    indexes: Indexes = opened(
        journal, lambda dim: Interrupted(dim, while_tended=lambda: indexes.forget(GALLERY))
    )
    for work in (indexes.tend, lambda: indexes.rebuild(GALLERY)):
        indexes.of(GALLERY).follow()
        work()
        assert files(saved) == []


def test_what_others_deleted_before_is_not_saved(journal: Journal, saved: Path, opened) -> None:
    indexes = opened(journal)
    indexes.of(GALLERY).follow()
    purge(journal)
    indexes.close()
    assert keys_in(saved) == OTHERS


def test_what_others_purge_while_it_is_saved_is_not_kept(
    journal: Journal, saved: Path, opened
) -> None:
    theirs = opened(journal)

    def purge_once() -> None:
        if not journal.purged:
            purge(journal)
            theirs.forget_purged()

    ours = opened(journal, lambda dim: Interrupted(dim, while_saved=purge_once))
    ours.of(GALLERY).follow()
    ours.tend()
    assert files(saved) == []
    ours.tend()
    assert keys_in(saved) == OTHERS


def test_a_purge_removes_saved_indexes_of_galleries_that_are_gone(
    journal: Journal, saved: Path, opened
) -> None:
    run(opened(journal))
    assert keys_in(saved)
    journal.gone = True
    opened(journal).forget_purged()
    assert files(saved) == []


def test_a_purge_removes_what_a_process_left_that_died_while_it_saved(
    journal: Journal, saved: Path, opened
) -> None:
    run(opened(journal))
    whole = files(saved)
    for home in (GALLERY.id, "1" * 32):
        left = saved / home / ("a" * 32)
        left.mkdir(parents=True)
        (left / "young.npz").write_bytes(b"templates")
        (saved / home / f"{left.name}.part").touch()
    opened(journal).forget_purged()
    assert files(saved) == whole
    assert len(keys_in(saved)) == MANY


def test_a_purge_leaves_alone_what_is_no_saved_index(journal: Journal, saved: Path, opened) -> None:
    opened(journal).forget_purged()
    (saved / "notes").mkdir(parents=True)
    (saved / "notes" / "a.txt").touch()
    opened(journal).forget_purged()
    assert files(saved) == [saved / "notes" / "a.txt"]


def test_a_purge_on_another_machine_takes_the_saved_index_of_this_one(
    journal: Journal, saved: Path, opened
) -> None:
    indexes = opened(journal)
    indexes.of(GALLERY).follow()
    indexes.tend()
    journal.write(removed=[GONE])
    indexes.tend()
    assert GONE in keys_in(saved)  # for the face can still be restored
    journal.forget([GONE])
    journal.write()
    indexes.tend()
    assert files(saved) == []
    indexes.tend()
    assert keys_in(saved) == OTHERS


def test_a_saved_index_that_cannot_be_used_is_removed(
    journal: Journal, saved: Path, opened
) -> None:
    run(opened(journal))
    restored = Journal()
    restored.write([(1, 1)], directions(1))
    assert len(opened(restored).of(GALLERY).index) == 0
    assert files(saved) == []


def test_what_cannot_be_compared_with_the_store_at_the_end_is_not_saved(
    journal: Journal, saved: Path, opened, caplog: pytest.LogCaptureFixture
) -> None:
    indexes = opened(journal)
    indexes.of(GALLERY).follow()
    journal.failing = True
    indexes.close()
    assert "was not saved" in caplog.text
    assert files(saved) == []


def test_what_cannot_be_removed_is_told(
    journal: Journal,
    saved: Path,
    opened,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    run(opened(journal))
    monkeypatch.setattr("shutil.rmtree", lambda *_, **__: None)
    opened(journal).forget(GALLERY)
    assert f"{saved / GALLERY.id} has templates, and could not be removed" in caplog.text
