from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from fakes import MemoryBlobs
from libraries import memory_library
from vultus.errors import (
    DatasetAmbiguous,
    DatasetDamaged,
    DatasetImageLost,
    DatasetNotFound,
    InvalidValue,
)
from vultus.evaluation.datasets.dataset import Dataset, DatasetImage, Pair
from vultus.evaluation.datasets.library import DatasetLibrary
from vultus.evaluation.datasets.naming import image_blob, manifest_blob, name_blob
from vultus.evaluation.datasets.place import Place

ANN, BEN = b"a picture of Ann", b"a picture of Ben"


@pytest.fixture
def blobs() -> MemoryBlobs:
    return MemoryBlobs()


@pytest.fixture
def places() -> MemoryBlobs:
    return MemoryBlobs()


@pytest.fixture
def library(blobs: MemoryBlobs, places: MemoryBlobs) -> DatasetLibrary:
    return memory_library(blobs, places)


def added(library: DatasetLibrary, name: str, *contents: bytes, source: str = "a test") -> Dataset:
    images = tuple(
        DatasetImage(
            library.images.keep(content),
            f"person {number}",
            f"{number}.jpg",
            "train",
            {"light": "dim"},
        )
        for number, content in enumerate(contents)
    )
    pairs = (Pair(0, 1, False, 3),) if len(images) > 1 else ()
    dataset = Dataset(name, source, images, pairs)
    library.add(dataset)
    return dataset


def test_a_dataset_comes_back_as_it_was_added(blobs: MemoryBlobs, library: DatasetLibrary) -> None:
    dataset = added(library, "friends", ANN, BEN)
    found = memory_library(blobs).get("friends")
    assert found == dataset
    assert found.version == dataset.version
    assert [library.read(image.digest) for image in found.images] == [ANN, BEN]


def test_a_name_means_the_version_added_last(library: DatasetLibrary) -> None:
    first = added(library, "friends", ANN)
    second = added(library, "friends", ANN, BEN)
    assert library.get("friends") == second
    assert [each.versions for each in library.known()] == [(first.version, second.version)]


def test_adding_a_version_again_makes_it_the_current_one(library: DatasetLibrary) -> None:
    first = added(library, "friends", ANN)
    second = added(library, "friends", ANN, BEN)
    added(library, "friends", ANN)
    assert library.known()[0].versions == (second.version, first.version)


def test_a_version_can_be_added_beside_the_one_that_the_name_means(
    library: DatasetLibrary,
) -> None:
    first = added(library, "friends", ANN)
    second = added(library, "friends", ANN, BEN)
    beside = replace(second, source="beside")
    for _ in range(2):
        library.add(beside, moves_name=False)
        library.add(first, moves_name=False)
    assert library.known()[0].versions == (first.version, beside.version, second.version)
    library.add(replace(second, name="new"), moves_name=False)
    assert library.get("new").images == second.images


def test_a_part_of_a_dataset_is_none_to_keep(library: DatasetLibrary) -> None:
    part = added(library, "friends", ANN, BEN).subset("train")
    with pytest.raises(InvalidValue, match="part of friends, split train"):
        library.add(part)


def test_a_version_is_found_by_its_beginning_with_and_without_a_name(
    library: DatasetLibrary,
) -> None:
    first = added(library, "friends", ANN)
    added(library, "friends", ANN, BEN)
    assert library.get(first.version) == first
    assert library.get(first.version[:12]) == first
    assert library.get(f"friends@{first.version[:12]}") == first


@pytest.mark.parametrize("said", ["nobody", "", "friends@", "friends@0000", "nobody@", "abc"])
def test_what_is_not_there_is_said_so(library: DatasetLibrary, said: str) -> None:
    added(library, "friends", ANN)
    with pytest.raises(DatasetNotFound, match="vultus data list"):
        library.get(said)


def test_a_beginning_of_several_versions_means_none(
    library: DatasetLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vultus.evaluation.datasets.library.SHORTEST", 1)
    versions = [added(library, f"d{number}", ANN).version for number in range(17)]
    letter = max("0123456789abcdef", key=lambda each: sum(v.startswith(each) for v in versions))
    with pytest.raises(DatasetAmbiguous, match="more of its letters"):
        library.get(letter)


@pytest.mark.parametrize("name", ["", "Friends", "a/b", "../up", ".hidden", "x" * 65, "ä"])
def test_a_name_that_could_be_a_path_is_refused(library: DatasetLibrary, name: str) -> None:
    with pytest.raises(InvalidValue, match="name of the dataset"):
        added(library, name, ANN)


def test_a_damaged_manifest_is_not_used(blobs: MemoryBlobs, library: DatasetLibrary) -> None:
    version = added(library, "friends", ANN).version
    blob = manifest_blob(version)
    blobs.kept[blob] = blobs.kept[blob].replace(b"person 0", b"person 9")
    with pytest.raises(DatasetDamaged, match="not what was written"):
        library.get("friends")
    blobs.delete(blob)
    with pytest.raises(DatasetDamaged, match="is gone"):
        library.get("friends")


def test_a_damaged_copy_is_not_used(blobs: MemoryBlobs, library: DatasetLibrary) -> None:
    digest = added(library, "friends", ANN).images[0].digest
    blobs.put(image_blob(digest), BEN)
    with pytest.raises(DatasetImageLost, match="damaged"):
        library.read(digest)


def test_removing_takes_only_what_no_other_dataset_has(
    blobs: MemoryBlobs, library: DatasetLibrary
) -> None:
    added(library, "both", ANN, BEN)
    kept = added(library, "ann", ANN)
    assert library.remove("both") == {sha256(BEN).hexdigest()}
    assert [each.name for each in library.known()] == ["ann"]
    assert library.get("ann") == kept
    assert library.read(kept.images[0].digest) == ANN
    library.remove("ann")
    assert blobs.kept == {}


def test_removing_a_version_leaves_the_name_to_the_one_before(library: DatasetLibrary) -> None:
    first = added(library, "friends", ANN)
    second = added(library, "friends", ANN, BEN)
    library.remove(second.version[:12])
    assert library.get("friends") == first


def test_removing_clears_away_what_a_broken_import_or_removal_left(
    blobs: MemoryBlobs, places: MemoryBlobs, library: DatasetLibrary
) -> None:
    added(library, "friends", ANN)
    library.images.keep(b"of an import that died")
    blobs.put(manifest_blob("0" * 64), b"of a removal that died")
    places.put("0" * 64, b"{}")
    library.remove("friends")
    assert (blobs.kept, places.kept) == ({}, {})


def test_an_image_left_in_place_is_read_there_and_checked(
    tmp_path: Path, library: DatasetLibrary
) -> None:
    file = tmp_path / "archive"
    file.write_bytes(b"before" + ANN + b"after")
    digest = sha256(ANN).hexdigest()
    dataset = Dataset("friends", "a test", (DatasetImage(digest, "Ann", "ann.jpg"),))
    library.add(dataset, {digest: Place(str(file), 6, len(ANN))})
    assert library.read(digest) == ANN

    file.write_bytes(b"before" + ANN.upper() + b"after")
    with pytest.raises(DatasetImageLost, match="has changed since it was imported"):
        library.read(digest)
    file.write_bytes(b"before")
    with pytest.raises(DatasetImageLost, match="ends before"):
        library.read(digest)
    file.unlink()
    with pytest.raises(DatasetImageLost, match="Import the dataset again"):
        library.read(digest)
    library.images.keep(ANN)
    assert library.read(digest) == ANN


def test_a_derived_dataset_knows_where_its_images_lie(
    tmp_path: Path, blobs: MemoryBlobs, places: MemoryBlobs, library: DatasetLibrary
) -> None:
    file = tmp_path / "ann.jpg"
    file.write_bytes(ANN)
    digest = sha256(ANN).hexdigest()
    whole = Dataset("friends", "a test", (DatasetImage(digest, "Ann", "ann.jpg"),))
    library.add(whole, {digest: Place(str(file))})
    library.derive(replace(whole, name="part", parent=whole.version))
    library.remove("friends")
    assert memory_library(blobs, places).read(digest) == ANN
    assert library.get("part").parent == whole.version


def test_a_damaged_dataset_can_be_removed(blobs: MemoryBlobs, library: DatasetLibrary) -> None:
    version = added(library, "friends", ANN).version
    blobs.put(manifest_blob(version), b"damaged")
    assert library.remove("friends") == {sha256(ANN).hexdigest()}
    assert blobs.kept == {}


def test_no_image_goes_while_nobody_knows_which_are_needed(
    blobs: MemoryBlobs, library: DatasetLibrary
) -> None:
    added(library, "friends", ANN)
    damaged = added(library, "others", BEN).version
    whole = blobs.get(manifest_blob(damaged))
    blobs.put(manifest_blob(damaged), b"damaged")
    assert library.remove("friends") == set()
    blobs.put(manifest_blob(damaged), whole)
    assert library.read(library.get("others").images[0].digest) == BEN


def test_a_damaged_list_of_versions_is_said_so(blobs: MemoryBlobs, library: DatasetLibrary) -> None:
    added(library, "friends", ANN)
    blobs.put(name_blob("friends"), b"{}")
    with pytest.raises(DatasetDamaged, match="list of its versions"):
        library.get("friends")


def test_damaged_places_are_as_good_as_none(
    blobs: MemoryBlobs, places: MemoryBlobs, tmp_path: Path
) -> None:
    library = memory_library(blobs, places)
    digest = sha256(ANN).hexdigest()
    dataset = Dataset("friends", "a test", (DatasetImage(digest, "Ann", "ann.jpg"),))
    library.add(dataset, {digest: Place(str(tmp_path / "ann.jpg"))})
    places.put(dataset.version, b"[1]")
    with pytest.raises(DatasetImageLost, match="no copy of it is kept"):
        memory_library(blobs, places).read(digest)
