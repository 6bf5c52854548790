"""The commands on a folder, a list and a gallery, in a home of their own."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import vultus
from painted import BLUE, CRIMSON, GREEN, LIME, RED, painted
from vultus.cli.app import app
from vultus.cli.data.check import PAGE
from vultus.cli.exit_codes import ExitCode
from vultus.errors import CropsMissing, DatasetNotFound, InvalidValue, SplitImpossible

Data = Callable[..., Result]


@pytest.fixture
def home(vultus_home: Path, tmp_path: Path) -> Path:
    """A home in which the default pack is installed."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "packs").symlink_to(vultus_home / "packs")
    return home


@pytest.fixture
def data(home: Path) -> Data:
    """Run `vultus data …`."""
    environment = {"VULTUS_HOME": str(home), "COLUMNS": "140"}
    return lambda *words: CliRunner(env=environment).invoke(app, ["data", *map(str, words)])


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Two photos of each of two people, and what is no photo."""
    folder = tmp_path / "Our Photos"
    for name, colour in {
        "ada/1.png": RED,
        "ada/2.png": CRIMSON,
        "bob/1.png": GREEN,
        "bob/2.png": LIME,
    }.items():
        painted(folder / name, colour)
    return folder


def as_json(done: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_folder_becomes_a_dataset_that_is_listed_and_shown(data: Data, photos: Path) -> None:
    done = data("import", "folder", photos)
    assert done.exit_code == 0, done.output
    assert "4 images of 2 people" in done.output
    (entry,) = as_json(data("list", "--json"))
    assert (entry["name"], entry["images"], entry["people"]) == ("our-photos", 4, 2)
    shown = data("show", "our-photos", "--images").output
    assert entry["version"] in shown
    assert "bob/2.png" in shown


def test_importing_again_makes_no_second_version(data: Data, photos: Path) -> None:
    data("import", "folder", photos)
    data("import", "folder", photos)
    assert len(as_json(data("list", "--json"))) == 1


def test_what_is_no_image_is_left_out_and_named(data: Data, photos: Path) -> None:
    (photos / "ada" / "notes.txt").write_text("hello")
    done = data("import", "folder", photos, "--json")
    assert done.exit_code == ExitCode.PARTLY_FAILED
    assert as_json(done)[0]["images"] == 4
    assert "ada/notes.txt is left out: This is text" in done.stderr


def test_a_list_brings_splits_and_attributes(data: Data, photos: Path) -> None:
    file = photos / "list.csv"
    file.write_text("path,subject,split,age\nada/1.png,Ada,train,36\nbob/1.png,Bob,test,\n")
    done = data("import", "csv", file, "--as", "listed", "--json")
    assert done.exit_code == 0, done.output
    (found,) = as_json(done)
    assert found["attributes"] == ["age"]
    assert found["splits"] == {
        "test": {"images": 1, "people": 1},
        "train": {"images": 1, "people": 1},
    }


def test_a_gallery_that_keeps_crops_becomes_a_dataset(
    data: Data, home: Path, portraits: Path
) -> None:
    settings = vultus.load_settings(home=home, inference={"threads": 1})
    with vultus.open_galleries(settings) as galleries:
        for name, keep_crops in (("kept", True), ("unkept", False)):
            gallery = galleries.create(name, keep_crops=keep_crops)
            gallery.enroll("Barack Obama", portraits / "people" / "Barack Obama" / "official.jpg")
    done = data("import", "gallery", "kept", "--json")
    assert done.exit_code == 0, done.output
    assert as_json(done)[0]["images"] == 1
    assert isinstance(data("import", "gallery", "unkept").exception, CropsMissing)


def test_a_split_is_a_new_version_and_diff_says_who_moved(data: Data, photos: Path) -> None:
    data("import", "folder", photos, "--as", "faces")
    (before,) = as_json(data("list", "--json"))
    (after,) = as_json(data("split", "faces", "--shares", "a=0.5, b=0.5", "--json"))
    assert after["parent"] == before["version"]
    assert after["splits"]["a"] == {"images": 2, "people": 1}
    (found,) = as_json(data("diff", before["version"][:8], "faces", "--json"))
    assert len(found["moved"]) == 4
    assert found["added"] == found["removed"] == found["relabelled"] == []
    said = data("diff", before["version"], "faces").output
    assert "ada/1.png: no split became" in said


def test_the_same_datasets_are_said_to_be_the_same(data: Data, photos: Path) -> None:
    data("import", "folder", photos, "--as", "faces")
    assert "the same images" in data("diff", "faces", "faces").output


def test_shares_that_cannot_be_say_why(data: Data, photos: Path) -> None:
    data("import", "folder", photos, "--as", "faces")
    assert isinstance(data("split", "faces", "--shares", "a=0.5").exception, SplitImpossible)
    assert isinstance(data("split", "faces", "--shares", "a/b=1").exception, InvalidValue)
    done = data("split", "faces", "--shares", "a=half,b=half")
    assert done.exit_code == 2
    assert "train=0.6" in done.output


def test_a_check_names_what_it_finds_and_shows_it(
    data: Data, portraits: Path, photos: Path, tmp_path: Path
) -> None:
    for name, photo in {
        "Barack Obama/1.jpg": "photos/address.jpg",
        "Barack Obama/2.jpg": "photos/blue_room.jpg",
        "Somebody/1.jpg": "people/Barack Obama/official.jpg",
        "Somebody/2.jpg": "photos/blue_room.jpg",
        "Ada/1.png": photos / "ada" / "1.png",
    }.items():
        target = tmp_path / "mixed" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(portraits / photo, target)
    data("import", "folder", tmp_path / "mixed")
    done = data("check", "mixed", "--json", "--pictures", tmp_path / "pages")
    assert done.exit_code == ExitCode.FOUND, done.output
    kinds = [found["kind"] for found in as_json(done)]
    assert sorted(kinds) == ["few-images", "lookalike", "no-face", "two-names"]
    page = (tmp_path / "pages" / PAGE).read_text()
    assert page.count("data:image/jpeg") >= 4


def test_a_check_without_findings_ends_well(data: Data, photos: Path) -> None:
    data("import", "folder", photos, "--as", "faces")
    done = data("check", "faces", "--ignore", "no-face", "--ignore", "near-copy")
    assert done.exit_code == 0, done.output
    assert "nothing was found" in done.output


def test_a_kind_of_finding_that_is_none_is_refused(data: Data) -> None:
    done = data("check", "faces", "--ignore", "ugly")
    assert done.exit_code == 2
    assert "few-images" in done.output


def test_images_in_place_are_missed_when_they_change(data: Data, photos: Path) -> None:
    data("import", "folder", photos, "--in-place", "--as", "faces")
    painted(photos / "ada" / "1.png", BLUE)
    (photos / "ada" / "2.png").unlink()
    found = as_json(data("check", "faces", "--ignore", "no-face", "--json"))
    assert [each["kind"] for each in found] == ["lost", "lost"]
    assert [each["images"][0]["name"] for each in found] == ["ada/1.png", "ada/2.png"]


def test_a_removed_dataset_is_gone_with_its_images(data: Data, photos: Path, home: Path) -> None:
    data("import", "folder", photos, "--as", "faces")
    assert list((home / "blobs" / "datasets" / "images").rglob("*/*"))
    done = data("remove", "faces", "--yes")
    assert done.exit_code == 0, done.output
    assert "in none any more: 4" in done.output
    assert not list((home / "blobs" / "datasets" / "images").rglob("*/*"))
    assert isinstance(data("show", "faces").exception, DatasetNotFound)
