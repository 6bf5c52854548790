from pathlib import Path
from typing import Any

import pytest


@pytest.mark.parametrize(
    "words",
    [
        ["enroll"],
        ["enroll", "PHOTO"],
        ["enroll", "--subject", "Ada"],
        ["enroll", "PHOTO", "--subject", "Ada", "--folder", "."],
        ["enroll", "--folder", ".", "--zip", "people.zip"],
        ["enroll", "PHOTO", "PHOTO2", "--subject", "Ada", "--box", "1,2,3,4"],
        ["enroll", "PHOTO", "--subject", "Ada", "--lookalikes", "never"],
        ["enroll", "--folder", ".", "--external-id", "7"],
        ["identify"],
        ["identify", "PHOTO", "--people", ".", "--gallery", "staff"],
        ["identify", "PHOTO", "--templates", "t.npz"],
        ["verify", "PHOTO"],
        ["verify", "PHOTO", "PHOTO2", "--subject", "Ada"],
        ["verify", "PHOTO", "PHOTO2", "--gallery", "staff"],
    ],
)
def test_a_command_line_that_says_too_little_or_too_much_is_refused(
    run: Any, tmp_path: Path, words: list[str]
) -> None:
    for name in ("PHOTO", "PHOTO2", "people.zip", "t.npz"):
        (tmp_path / name).write_bytes(b"")
    assert run(*words)[0] == 2


@pytest.mark.parametrize(
    "option", [["--draw", "drawn"], ["--face-only"], ["--min-face", "20"]], ids=lambda each: each[0]
)
def test_what_is_of_photos_alone_is_refused_with_templates(
    run: Any, tmp_path: Path, option: list[str]
) -> None:
    code, _, err = run("identify", "--templates", "t.npz", *option)
    assert code == 2
    assert option[0] in err
    assert not (tmp_path / "drawn").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--folder", "nowhere"], "Nobody could be enrolled from nowhere"),
        (["--zip", "list.csv"], "No photos can be taken from list.csv: it is no ZIP file"),
        (["--csv", "list.csv"], "list.csv: line 2: name is not valid: it is empty."),
        (["--csv", "nowhere.csv"], "No photos can be taken from nowhere.csv: No such file"),
        (["nowhere.jpg", "--subject", "Ada"], "No image can be read at nowhere.jpg"),
        (["list.csv", "--subject", "Ada", "--box", "1,2"], "box is not valid"),
    ],
)
def test_photos_that_cannot_be_listed_are_told_before_a_gallery_is_made(
    run: Any, tmp_path: Path, words: list[str], said: str
) -> None:
    (tmp_path / "list.csv").write_text("path,name\nada.jpg,\n")
    code, out, err = run("enroll", *words, "-g", "staff")
    assert (code, out) == (1, "")
    assert said in err
    assert run("gallery", "list")[1] == ""


def test_identifying_in_a_gallery_that_is_not_there_makes_none(run: Any, tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_bytes(b"")
    code, _, err = run("identify", "photo.jpg")
    assert code == 1
    assert "There is no gallery 'default'." in err
