import tarfile
from io import BytesIO
from pathlib import Path

import pytest

from fakes import MemoryBlobs
from libraries import memory_library
from painted import BLUE, CRIMSON, GREEN, RED, RUBY, photo
from vultus.errors import DatasetSourceUnreadable
from vultus.evaluation.datasets.dataset import Pair
from vultus.evaluation.datasets.importing import import_source
from vultus.evaluation.datasets.sources.lfw import lfw_source, read_pairs

PHOTOS = {
    "Al_Bo/Al_Bo_0001.jpg": photo(RED),
    "Al_Bo/Al_Bo_0002.jpg": photo(CRIMSON),
    "Al_Bo/Al_Bo_0003.jpg": photo(RUBY),
    "Cy/Cy_0001.jpg": photo(GREEN),
    "Di/Di_0001.jpg": photo(BLUE),
}
VIEW_2 = "2\t1\nAl_Bo\t1\t3\nAl_Bo\t2\tCy\t1\nAl_Bo\t1\t2\nCy\t1\tDi\t1\n"


def listed(directory: Path) -> Path:
    """The lists of both views."""
    directory.mkdir(exist_ok=True)
    (directory / "pairs.txt").write_text(VIEW_2)
    (directory / "pairsDevTrain.txt").write_text("1\nAl_Bo\t1\t3\nAl_Bo\t2\tCy\t1\n")
    (directory / "pairsDevTest.txt").write_text("0\n")
    (directory / "peopleDevTrain.txt").write_text("2\nAl_Bo\t3\nCy\t1\n")
    (directory / "peopleDevTest.txt").write_text("1\nDi\t1\n")
    return directory


def packed(directory: Path) -> Path:
    """Images in two tar files, as LFW is often kept."""
    names = sorted(PHOTOS)
    for archive, members in {"a.tar": names[:3], "b.tar": names[3:]}.items():
        with tarfile.open(directory / archive, "w") as tar:
            tar.addfile(tarfile.TarInfo("lfw/README"))
            for name in members:
                member = tarfile.TarInfo(f"lfw/{name}")
                member.size = len(PHOTOS[name])
                tar.addfile(member, BytesIO(PHOTOS[name]))
    return directory


def unpacked(directory: Path) -> Path:
    """Images in a folder per person, below another."""
    for name, data in PHOTOS.items():
        path = directory / "lfw-deepfunneled" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return directory


@pytest.mark.parametrize("laid_out", [packed, unpacked])
@pytest.mark.parametrize("in_place", [False, True])
def test_both_layouts_give_the_same_dataset(tmp_path: Path, laid_out: type, in_place: bool) -> None:
    library = memory_library(MemoryBlobs())
    source = lfw_source(laid_out(listed(tmp_path)))
    dataset = import_source(library, source, "lfw", in_place=in_place).dataset
    assert [image.name for image in dataset.images] == sorted(PHOTOS)
    assert [library.read(image.digest) for image in dataset.images] == [
        PHOTOS[name] for name in sorted(PHOTOS)
    ]
    assert [image.subject for image in dataset.images] == ["Al_Bo"] * 3 + ["Cy", "Di"]
    assert dataset.pairs == (
        Pair(0, 2, True, 0),
        Pair(1, 3, False, 0),
        Pair(0, 1, True, 1),
        Pair(3, 4, False, 1),
    )
    assert {image.split for image in dataset.images} == {None}


def test_the_first_view_is_split_into_people_to_train_and_to_test_on(tmp_path: Path) -> None:
    source = lfw_source(unpacked(listed(tmp_path)), view=1)
    dataset = import_source(memory_library(MemoryBlobs()), source, "lfw").dataset
    assert [image.split for image in dataset.images] == ["train"] * 4 + ["test"]
    assert dataset.pairs == (Pair(0, 2, True, 0), Pair(1, 3, False, 0))
    assert len(dataset.subset("train").pairs) == 2


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(DatasetSourceUnreadable, match="no image like"):
        lfw_source(tmp_path)
    unpacked(tmp_path)
    with pytest.raises(DatasetSourceUnreadable, match=r"pairs\.txt is needed"):
        lfw_source(tmp_path)
    listed(tmp_path)
    (tmp_path / "lfw-deepfunneled" / "Cy" / "Cy_0001.jpg").unlink()
    with pytest.raises(DatasetSourceUnreadable, match=r"1 images .* as Cy/Cy_0001\.jpg"):
        lfw_source(tmp_path)


def test_a_damaged_archive_is_named(tmp_path: Path) -> None:
    (listed(tmp_path) / "a.tar").write_bytes(b"not a tar file" * 100)
    with pytest.raises(DatasetSourceUnreadable, match=r"a\.tar"):
        lfw_source(tmp_path)


@pytest.mark.parametrize(
    "text", ["", "two\n", "1\nAl 1 2\n", "1\nAl 1 2\nAl 1\n", "1\nAl x 2\nB 1 C 1\n"]
)
def test_a_list_of_pairs_with_a_fault_is_refused(tmp_path: Path, text: str) -> None:
    (unpacked(listed(tmp_path)) / "pairs.txt").write_text(text)
    with pytest.raises(DatasetSourceUnreadable, match=r"pairs\.txt"):
        lfw_source(tmp_path)


@pytest.mark.data
def test_view_2_of_the_real_lists_has_ten_folds_of_disjoint_people(data_dir: Path) -> None:
    pairs = read_pairs((data_dir / "lfw" / "pairs.txt").read_text())
    people = [
        {
            name.partition("/")[0]
            for pair in pairs
            if pair.fold == fold
            for name in (pair.first, pair.second)
        }
        for fold in range(10)
    ]
    assert len(pairs) == 6_000
    assert sum(pair.same for pair in pairs) == 3_000
    assert len(set().union(*people)) == sum(map(len, people)) == 4_281
