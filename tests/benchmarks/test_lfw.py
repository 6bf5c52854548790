import tarfile
from pathlib import Path

import numpy as np
import pytest

from benchmarks.lfw import photos_of, read_pairs, read_photos
from benchmarks.lfw_faces import PhotoFaces, central, main_face
from vultus.evaluation.datasets.sources.source import NamedPair

TWO_FOLDS = "2\t1\nAda\t1\t12\nAda\t2\tBob\t1\nEve\t1\t2\nEve\t3\tMia\t4\n"


def photo(person: str, number: int) -> str:
    return f"lfw-deepfunneled/{person}/{person}_{number:04d}.jpg"


def test_pairs_carry_their_kind_and_their_fold() -> None:
    assert read_pairs(TWO_FOLDS) == [
        NamedPair(photo("Ada", 1), photo("Ada", 12), same=True, fold=0),
        NamedPair(photo("Ada", 2), photo("Bob", 1), same=False, fold=0),
        NamedPair(photo("Eve", 1), photo("Eve", 2), same=True, fold=1),
        NamedPair(photo("Eve", 3), photo("Mia", 4), same=False, fold=1),
    ]


def test_a_list_that_is_cut_short_is_refused() -> None:
    with pytest.raises(ValueError, match="3 pairs and announces 4"):
        read_pairs(TWO_FOLDS.rsplit("Eve", 1)[0])


@pytest.mark.data
def test_view_2_names_6000_pairs_of_7701_photos_which_the_archive_has(data_dir: Path) -> None:
    pairs = read_pairs((data_dir / "lfw" / "pairs.txt").read_text())
    assert sum(pair.same for pair in pairs) == 3000
    with tarfile.open(data_dir / "lfw" / "lfw-pairs.tar", "r:") as tar:
        assert photos_of(pairs) == sorted(tar.getnames())
    ((_, first),) = read_photos(data_dir / "lfw" / "lfw-pairs.tar", photos_of(pairs)[:1])
    assert first.startswith(b"\xff\xd8")


def test_one_face_of_a_photo_is_chosen_and_a_photo_without_a_face_is_absent(tmp_path: Path) -> None:
    central_box, large_box = (115, 115, 135, 135), (60, 60, 180, 180)
    PhotoFaces(
        photos=np.array(["two", "none", "one"]),
        owners=np.array([0, 2, 0]),
        boxes=np.array([central_box, large_box, large_box], float),
        vectors=np.eye(3, dtype=np.float32),
    ).save(tmp_path / "kept" / "faces.npz")
    faces = PhotoFaces.load(tmp_path / "kept" / "faces.npz")
    assert faces.templates(main_face)["two"].argmax() == 2
    assert faces.templates(central)["two"].argmax() == 0
    assert faces.templates(central).keys() == {"two", "one"}
