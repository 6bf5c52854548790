from pathlib import Path

import pytest

from fakes import MemoryBlobs
from libraries import MAX_BYTES, memory_library, painted_people
from painted import BLUE, CRIMSON, GREEN, RED, painted
from vultus.errors import DatasetSourceUnreadable, ImageTooHeavy, InvalidValue, UnsupportedImage
from vultus.evaluation.datasets.importing import import_source
from vultus.evaluation.datasets.library import DatasetLibrary
from vultus.evaluation.datasets.naming import IMAGES, dataset_name
from vultus.evaluation.datasets.sources.folder import folder_source
from vultus.evaluation.datasets.sources.listed import csv_source
from vultus.evaluation.datasets.sources.source import NamedPair, Source, file_image


@pytest.fixture
def blobs() -> MemoryBlobs:
    return MemoryBlobs()


@pytest.fixture
def library(blobs: MemoryBlobs) -> DatasetLibrary:
    return memory_library(blobs)


@pytest.fixture
def people(tmp_path: Path) -> Path:
    return painted_people(tmp_path / "people", {"Ann": (RED, CRIMSON), "Ben": (GREEN,)})


def test_a_folder_per_person_becomes_a_dataset(library: DatasetLibrary, people: Path) -> None:
    painted(people / "Cleo.png", BLUE)
    steps: list[tuple[int, int]] = []
    imported = import_source(
        library, folder_source(people), "mine", step=lambda *each: steps.append(each)
    )
    dataset = library.get("mine")
    assert imported.dataset == dataset
    assert imported.left_out == ()
    assert [(image.subject, image.name) for image in dataset.images] == [
        ("Ann", "Ann/0.png"),
        ("Ann", "Ann/1.png"),
        ("Ben", "Ben/0.png"),
        ("Cleo", "Cleo.png"),
    ]
    assert dataset.source == "the folder people"
    assert steps == [(1, 4), (2, 4), (3, 4), (4, 4)]
    (people / "Ann" / "0.png").unlink()
    assert library.read(dataset.images[0].digest).startswith(b"\x89PNG")


def test_the_same_folder_gives_the_same_version_wherever_it_lies(
    library: DatasetLibrary, people: Path, tmp_path: Path
) -> None:
    first = import_source(library, folder_source(people), "mine").dataset
    (tmp_path / "elsewhere").mkdir()
    moved = people.rename(tmp_path / "elsewhere" / "people")
    assert import_source(library, folder_source(moved), "mine").dataset.version == first.version


def test_what_is_no_image_is_left_out_with_the_reason(
    library: DatasetLibrary, people: Path
) -> None:
    (people / "Ann" / "notes.txt").write_text("born in May")
    (people / "Ann" / "huge.png").write_bytes(bytes(MAX_BYTES + 1))
    imported = import_source(library, folder_source(people), "mine")
    assert len(imported.dataset.images) == 3
    assert [(each.name, type(each.error)) for each in imported.left_out] == [
        ("Ann/huge.png", ImageTooHeavy),
        ("Ann/notes.txt", UnsupportedImage),
    ]


def test_in_place_copies_nothing(blobs: MemoryBlobs, library: DatasetLibrary, people: Path) -> None:
    dataset = import_source(library, folder_source(people), "mine", in_place=True).dataset
    assert list(blobs.names(IMAGES)) == []
    assert library.read(dataset.images[0].digest) == (people / "Ann" / "0.png").read_bytes()


def test_an_import_that_was_broken_off_leaves_no_dataset_and_goes_on_where_it_stopped(
    library: DatasetLibrary, blobs: MemoryBlobs, people: Path
) -> None:
    def die(done: int, of: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_source(library, folder_source(people), "mine", step=die)
    assert library.known() == []
    copied = set(blobs.names(IMAGES))
    assert copied

    kept = {name: blobs.kept[name] for name in copied}
    import_source(library, folder_source(people), "mine")
    assert all(blobs.kept[name] is data for name, data in kept.items())
    assert len(library.get("mine").images) == 3


def test_nothing_is_made_of_a_folder_without_images(
    library: DatasetLibrary, tmp_path: Path
) -> None:
    with pytest.raises(DatasetSourceUnreadable, match="not a folder"):
        folder_source(tmp_path / "nowhere")
    (tmp_path / "notes.txt").write_text("nothing")
    with pytest.raises(DatasetSourceUnreadable, match="nothing in it is an image"):
        import_source(library, folder_source(tmp_path), "mine")
    assert library.known() == []


def test_a_bad_name_is_refused_before_anything_is_read(
    blobs: MemoryBlobs, library: DatasetLibrary, people: Path
) -> None:
    with pytest.raises(InvalidValue):
        import_source(library, folder_source(people), "../mine")
    assert blobs.kept == {}


def test_a_pair_must_name_images_that_are_there(library: DatasetLibrary, people: Path) -> None:
    found = folder_source(people)
    pair = NamedPair("Ann/0.png", "Ann/7.png", True, 0)
    with pytest.raises(DatasetSourceUnreadable, match=r"Ann/7\.png, which a pair names"):
        import_source(library, Source("a test", found.images, [pair]), "mine")


def test_an_image_may_be_named_once(library: DatasetLibrary, people: Path) -> None:
    image = file_image(people / "Ann" / "0.png", "ann", "Ann")
    with pytest.raises(DatasetSourceUnreadable, match="ann is in it 2 times"):
        import_source(library, Source("a test", [image, image]), "mine")


def test_a_name_that_is_no_text_is_refused_before_anything_is_read(
    library: DatasetLibrary, people: Path
) -> None:
    image = file_image(people / "Ann" / "0.png", "Ann/\udcff.png", "Ann")
    with pytest.raises(DatasetSourceUnreadable, match="rename it"):
        import_source(library, Source("made up", (image,)), "mine")
    assert library.known() == []


def test_a_list_gives_splits_and_attributes(library: DatasetLibrary, people: Path) -> None:
    (people / "list.csv").write_text(
        "path;subject;split;light\nAnn/0.png;Ann;train;dim\nBen/0.png;Ben;;\n"
    )
    dataset = import_source(library, csv_source(people / "list.csv"), "mine").dataset
    ann, ben = dataset.images
    assert (ann.subject, ann.split, dict(ann.attributes)) == ("Ann", "train", {"light": "dim"})
    assert (ben.subject, ben.split, dict(ben.attributes)) == ("Ben", None, {})
    assert dataset.source == "the list list.csv"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("path,name\na.png,Ann\n", "the column 'subject' is missing"),
        ("path,subject\n,Ann\n", "line 2: path is not valid: it is empty"),
        ("path,subject\na.png,\n", "line 2: subject is not valid: it is empty"),
        ("path,subject,split\na.png,Ann,a/b\n", "line 2: the name of the split is not valid"),
        ("path,subject\na.png,Ann,more\n", "3 cells under 2 columns"),
        ("path,subject\n", "lists no"),
    ],
)
def test_a_list_with_a_fault_is_refused_with_its_line(
    tmp_path: Path, text: str, problem: str
) -> None:
    (tmp_path / "list.csv").write_text(text)
    with pytest.raises(DatasetSourceUnreadable, match=problem):
        csv_source(tmp_path / "list.csv")


@pytest.mark.parametrize(
    ("said", "name"), [("My Photos", "my-photos"), ("Ärzte 2024", "rzte-2024"), ("…", "dataset")]
)
def test_any_text_has_a_nearest_name(said: str, name: str) -> None:
    assert dataset_name(said) == name
