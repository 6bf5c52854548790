"""The commands on the photos of a newcomer: three of one person, one each of two others."""

import json
import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as pillow
from typer.testing import CliRunner, Result

from crowd import crowd
from evaluations import comparisons, evaluation
from vultus.cli.app import app
from vultus.cli.exit_codes import ExitCode
from vultus.errors import (
    DatasetNotFound,
    EvaluationUnreadable,
    ExtraMissing,
    InvalidValue,
    TooFewComparisons,
)
from vultus.evaluation.report.files import dump
from vultus.evaluation.templates.cache import TemplateCache
from vultus.evaluation.templates.embedded import NOT_MEASURED, Embedded

Vultus = Callable[..., Result]


@pytest.fixture
def vultus(vultus_home: Path, tmp_path: Path) -> Vultus:
    """Run a command with a home of its own, in which the default pack is installed."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "packs").symlink_to(vultus_home / "packs")
    environment = {"VULTUS_HOME": str(home), "COLUMNS": "120"}
    return lambda *words: CliRunner(env=environment).invoke(app, ["evaluate", *map(str, words)])


@pytest.fixture
def photos(portraits: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    for name, photo in {
        "obama/1.jpg": "photos/address.jpg",
        "obama/2.jpg": "photos/blue_room.jpg",
        "collins/1.jpg": "photos/stranger.jpg",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(portraits / photo, folder / name)
    return folder


def test_few_photos_give_what_they_can_and_say_what_the_rest_takes(
    vultus: Vultus, photos: Path, tmp_path: Path
) -> None:
    report, kept = tmp_path / "report.html", tmp_path / "result.json"
    done = vultus("everything", "--on", photos, "--report", report, "--json", kept)
    assert done.exit_code == 0, done.output
    assert "2 pairs drawn from the dataset" in done.output
    assert "1 genuine pairs and 2 pairs of different people" in done.output
    assert "it takes 100 to see a rate of 1 %" in done.output
    assert "It takes at least two people with two photos each" in done.output
    assert report.read_text().count("data:image/jpeg") >= 4
    assert 'jpeg": "/9j' not in kept.read_text()
    assert json.loads(kept.read_text())["studied"]["images"] == 3


def test_a_report_can_do_without_faces(vultus: Vultus, photos: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.html"
    vultus("all-against-all", "--on", photos, "--report", report, "--no-pictures")
    assert "data:image" not in report.read_text()


def test_a_result_says_what_the_figures_depend_on(
    vultus: Vultus, photos: Path, tmp_path: Path
) -> None:
    kept = tmp_path / "result.json"
    vultus("all-against-all", "--on", photos, "--json", kept)
    environment = json.loads(kept.read_text())["environment"]
    settings = {fact["name"] for fact in environment["settings"]}
    assert {
        "decode.max_pixels",
        "detect.max_faces",
        "inference.optimization",
        "bootstrap draws",
        "bootstrap seed",
    } <= settings
    assert {"pillow", "scikit-image"} <= {fact["name"] for fact in environment["software"]}


def test_lists_say_who_is_enrolled(vultus: Vultus, photos: Path, tmp_path: Path) -> None:
    listed = photos / "photos.csv"
    listed.write_text(
        "path,subject,role\nobama/1.jpg,obama,gallery\nobama/2.jpg,obama,probe\n"
        "collins/1.jpg,collins,probe\n"
    )
    environment = {"VULTUS_HOME": str(tmp_path / "home")}
    CliRunner(env=environment).invoke(app, ["data", "import", "csv", str(listed)])
    words = "identification", "--on", "photos", "--gallery-of", "role=gallery"
    done = vultus(*words, "--probes-of", "role=probe")
    assert done.exit_code == 0, done.output
    assert "1 person is enrolled with the photos that were listed" in done.output
    assert "It takes a gallery of at least two people" in done.output
    assert vultus(*words).exit_code == 2
    wrong = vultus(*words, "--probes-of", "role=door").exception
    assert isinstance(wrong, InvalidValue)


def test_photos_that_support_nothing_fail_with_the_reason(vultus: Vultus, photos: Path) -> None:
    shutil.rmtree(photos / "collins")
    done = vultus("identification", "--on", photos)
    assert done.exit_code == 1
    assert "It takes at least two people" in done.output


def test_the_imported_folder_is_a_dataset_that_can_be_named_again(
    vultus: Vultus, photos: Path
) -> None:
    first = vultus("verification", "--on", photos)
    again = vultus("verification", "--on", "photos")
    assert first.output == again.output


def test_two_packs_are_not_compared_on_too_few_people(vultus: Vultus, photos: Path) -> None:
    shutil.copyfile(photos / "obama/2.jpg", photos / "collins/2.jpg")
    for words in (("compare", "dlib", "dlib"), ("gate", "dlib", "--against", "dlib")):
        error = vultus(*words, "--on", photos).exception
        assert isinstance(error, TooFewComparisons)
        assert (error.comparisons, error.needed, error.unit) == (2, 30, "people")


@pytest.fixture
def crowd_of_people(vultus: Vultus, tmp_path: Path) -> Path:
    """A folder of 32 people with three photos each, whose templates are made up and kept."""
    folder, home = tmp_path / "crowd", tmp_path / "home"
    vectors, people = crowd(32, photos=3)
    made = {}
    for row, (vector, person) in enumerate(zip(vectors, people, strict=True)):
        file = folder / str(person) / f"{row}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        pillow.new("RGB", (24, 24), (row, 0, 0)).save(file)
        padded = np.zeros(128, np.float32)
        padded[: len(vector)] = vector
        made[sha256(file.read_bytes()).hexdigest()] = Embedded(1, padded, NOT_MEASURED)
    vultus("verification", "--on", folder)
    (kept,) = (home / "templates").iterdir()
    TemplateCache(kept).add(made)
    return folder


def test_the_same_pack_twice_shows_no_difference_and_passes_the_gate(
    vultus: Vultus, crowd_of_people: Path
) -> None:
    compared = vultus("compare", "dlib", "dlib", "--on", crowd_of_people)
    assert compared.exit_code == 0, compared.output
    assert "of 32 people of crowd" in compared.output
    assert "No figure tells dlib@1 and dlib@1 apart" in compared.output
    passed = vultus("gate", "dlib", "--against", "dlib", "--on", crowd_of_people)
    assert passed.exit_code == 0, passed.output
    for guarded in ("FMR at its own threshold", "Recognition rate (rank 1)", "FNIR at FPIR 10 %"):
        assert f"{guarded} is not worse beyond chance" in passed.output


def test_a_second_pack_and_baselines_stand_beside(vultus: Vultus, photos: Path) -> None:
    done = vultus("all-against-all", "--on", photos, "--second-pack", "dlib", "--baselines")
    assert done.exit_code == 0, done.output
    for beside in ("dlib@1", "chance", "eigenfaces", "lbp"):
        assert beside in done.output


@pytest.fixture
def results(tmp_path: Path) -> tuple[Path, Path]:
    """A model, and a clearly better one, on the same pairs."""
    paths = tmp_path / "worse.json", tmp_path / "better.json"
    for path, shift in zip(paths, (0.0, 0.3), strict=True):
        path.write_text(dump(evaluation(path.stem, comparisons(people=30, shift=shift))))
    return paths


def test_results_are_compared_without_the_photos(
    vultus: Vultus, results: tuple[Path, Path]
) -> None:
    done = vultus("compare", *results)
    assert "better@1 is better than worse@1, beyond chance" in done.output
    answer = json.loads(vultus("compare", *results, "--json").output)
    winners = {each["key"]: each["winner"] for each in answer["figures"]}
    assert winners["eer"] == winners["fnmr@threshold"] == "second"
    # No two different people are that alike, whoever compares them.
    assert winners["fmr@threshold"] == "neither"
    assert answer["verdict"] in done.output


def test_the_gate_lets_the_better_through_and_stops_the_worse(
    vultus: Vultus, results: tuple[Path, Path]
) -> None:
    worse, better = results
    assert vultus("gate", better, "--against", worse).exit_code == 0
    stopped = vultus("gate", worse, "--against", better)
    assert stopped.exit_code == ExitCode.REGRESSED
    assert "Equal error rate is worse" in stopped.output
    answer = json.loads(vultus("gate", worse, "--against", better, "--json").output)
    assert not answer["passed"]
    assert answer["reasons"]
    assert vultus("gate", worse, "--against", better, "--allow", "1").exit_code == 0


def test_a_result_is_shown_again_and_its_page_made_again(
    vultus: Vultus, results: tuple[Path, Path], tmp_path: Path
) -> None:
    done = vultus("show", results[0], "--report", tmp_path / "again.html")
    assert "99.18 %" in done.output
    assert "worse@1 on made up" in (tmp_path / "again.html").read_text()


def test_what_is_no_dataset_or_no_result_is_named(
    vultus: Vultus, photos: Path, tmp_path: Path
) -> None:
    assert isinstance(vultus("verification", "--on", "nowhere").exception, DatasetNotFound)
    split = vultus("verification", "--on", photos, "--split", "test").exception
    assert isinstance(split, InvalidValue)
    assert "vultus data split" in str(split)
    missing = vultus("show", tmp_path / "nothing.json").exception
    assert isinstance(missing, EvaluationUnreadable)


def test_a_missing_extra_is_named_with_its_cure(
    vultus: Vultus, monkeypatch: pytest.MonkeyPatch
) -> None:
    from vultus.usecases import extras

    monkeypatch.setattr(extras, "find_spec", lambda module: None)
    error = vultus("show", "anything.json").exception
    assert isinstance(error, ExtraMissing)
    assert "vultus[evaluation]" in str(error)
