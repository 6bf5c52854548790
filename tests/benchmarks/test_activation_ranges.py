import tarfile
from pathlib import Path

from benchmarks.activation_ranges import photos_of_strangers

PAIRS = "1\t1\nAnna\t1\t2\nBert\t1\tCleo\t1\n"


def test_one_photo_is_taken_of_people_whom_no_pair_names(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "rest.tar", "w") as tar:
        for name in ("Dora_0002", "Anna_0003", "Emil_0001", "Dora_0001", "Cleo_0002", "Fred_0001"):
            person = name.partition("_")[0]
            tar.addfile(tarfile.TarInfo(f"lfw-deepfunneled/{person}/{name}.jpg"))
    assert photos_of_strangers(tmp_path / "rest.tar", PAIRS, people=2) == [
        "lfw-deepfunneled/Dora/Dora_0001.jpg",
        "lfw-deepfunneled/Fred/Fred_0001.jpg",
    ]
