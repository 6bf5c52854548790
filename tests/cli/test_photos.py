import os
from pathlib import Path

import pytest

from vultus.cli.exit_codes import ExitCode
from vultus.cli.photos import each_photo, expand
from vultus.errors import BrokenImage, ImageNotFound


def tree(root: Path, *names: str) -> Path:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    return root


def test_files_folders_and_globs_are_expanded_in_order_and_once(tmp_path: Path) -> None:
    tree(tmp_path, "z.jpg", "in/b.jpg", "in/deep/a.png", "in/.hidden", "in/.cache/c.jpg", "x1.jpg")
    given = [str(tmp_path / name) for name in ("z.jpg", "in", "x?.jpg", "in/b.jpg")]
    names = [os.path.relpath(path, tmp_path) for path in expand(given)]
    assert names == ["z.jpg", "in/b.jpg", "in/deep/a.png", "x1.jpg"]


def test_a_file_whose_name_looks_like_a_glob_is_taken_as_it_is(tmp_path: Path) -> None:
    tree(tmp_path, "who [1].jpg")
    assert expand([str(tmp_path / "who [1].jpg")]) == [tmp_path / "who [1].jpg"]


@pytest.mark.parametrize("name", ["missing.jpg", "*.nothing"])
def test_a_name_that_matches_nothing_is_an_error(tmp_path: Path, name: str) -> None:
    with pytest.raises(ImageNotFound):
        expand([str(tmp_path / name)])


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (set(), ExitCode.DONE),
        ({"b"}, ExitCode.PARTLY_FAILED),
        ({"a", "b", "c"}, ExitCode.FAILED),
    ],
)
def test_a_bad_photo_is_reported_and_the_rest_goes_on(bad: set[str], code: int) -> None:
    done: list[str] = []
    failed: list[str] = []

    def work(photo: Path) -> None:
        if photo.name in bad:
            raise BrokenImage("jpeg", "it ends early")
        done.append(photo.name)

    photos = [Path(name) for name in "abc"]
    assert each_photo(photos, work, lambda photo, _: failed.append(photo.name), "testing") == code
    assert sorted(done + failed) == ["a", "b", "c"]
    assert set(failed) == bad
