"""What --on means: a dataset that is known, or a folder."""

from pathlib import Path

import pytest

from fakes import MemoryBlobs
from libraries import memory_library, painted_people
from painted import BLUE, CRIMSON, GREEN, RED
from vultus.cli.evaluate.material import open_dataset
from vultus.errors import DatasetNotFound
from vultus.evaluation.datasets.dataset import Dataset
from vultus.evaluation.datasets.importing import import_source
from vultus.evaluation.datasets.library import DatasetLibrary
from vultus.evaluation.datasets.sources.folder import folder_source


@pytest.fixture
def library() -> DatasetLibrary:
    return memory_library(MemoryBlobs())


@pytest.fixture
def photos(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of photos in the current one."""
    monkeypatch.chdir(tmp_path)
    return painted_people(tmp_path / "photos", {"Ann": (RED, CRIMSON), "Ben": (GREEN,)})


@pytest.fixture
def known(library: DatasetLibrary, tmp_path: Path) -> Dataset:
    """A dataset of that name, of other photos."""
    folder = painted_people(tmp_path / "others", {"Cid": (BLUE,)})
    return import_source(library, folder_source(folder), "photos").dataset


def test_a_name_that_is_known_is_no_folder(
    library: DatasetLibrary, known: Dataset, photos: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert open_dataset(library, "photos", None) == known
    assert "the folder of that name is ./photos" in capsys.readouterr().err
    assert open_dataset(library, f"photos@{known.version[:8]}", None) == known


@pytest.mark.parametrize("said", ["./photos", "photos/"])
def test_a_word_with_a_separator_is_a_folder_and_moves_no_name(
    library: DatasetLibrary, known: Dataset, photos: Path, said: str
) -> None:
    folder = open_dataset(library, said, None)
    assert len(folder.images) == 3
    assert library.get("photos") == known
    assert library.get(f"photos@{folder.version[:8]}") == folder


def test_a_folder_whose_name_nobody_has_becomes_the_dataset_of_it(
    library: DatasetLibrary, photos: Path
) -> None:
    first = open_dataset(library, "photos", None)
    assert library.get("photos") == first
    painted_people(photos, {"Cid": (BLUE,)})
    # The folder is measured as it is, and the name goes on meaning what it meant.
    assert len(open_dataset(library, str(photos), None).images) == 4
    assert open_dataset(library, "photos", None) == first


def test_a_folder_is_not_taken_for_the_beginning_of_a_version(
    library: DatasetLibrary, known: Dataset, photos: Path
) -> None:
    beginning = known.version[:6]
    photos.rename(photos.with_name(beginning))
    assert len(open_dataset(library, beginning, None).images) == 3


def test_what_is_neither_is_not_found(library: DatasetLibrary) -> None:
    for said in ("nowhere", "./nowhere"):
        with pytest.raises(DatasetNotFound):
            open_dataset(library, said, None)
