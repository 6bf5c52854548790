import os
from pathlib import Path

import pytest

from vultus.cli.exit_codes import ExitCode
from vultus.cli.photos import each_photo, expand, labels
from vultus.errors import BrokenImage, ImageNotFound, InvalidValue


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


def test_folders_that_a_glob_matches_are_expanded_too(tmp_path: Path) -> None:
    tree(tmp_path, "2023/a.jpg", "2024/deep/b.jpg", "2024/.hidden", "c.jpg")
    (tmp_path / "2025").mkdir()
    names = [os.path.relpath(path, tmp_path) for path in expand([str(tmp_path / "*")])]
    assert names == ["2023/a.jpg", "2024/deep/b.jpg", "c.jpg"]


@pytest.mark.parametrize("name", ["missing.jpg", "*.nothing", "empty", "emp*", "x" * 5000])
def test_where_there_is_no_photo_at_all_that_is_an_error(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    for given in ([name], [name, "neither.jpg"]):
        with pytest.raises(ImageNotFound) as caught:
            expand([str(tmp_path / each) for each in given])
        assert caught.value.path == str(tmp_path / name)


def test_an_empty_folder_is_said_to_be_one(tmp_path: Path) -> None:
    with pytest.raises(ImageNotFound, match="no photo is in this folder"):
        expand([str(tmp_path)])


@pytest.mark.parametrize("name", ["missing.jpg", "*.nothing", "empty"])
def test_among_photos_one_that_is_not_there_stays_to_be_reported(tmp_path: Path, name: str) -> None:
    tree(tmp_path, "a.jpg", "z.jpg")
    (tmp_path / "empty").mkdir()
    given = [str(tmp_path / each) for each in ("a.jpg", name, "z.jpg")]
    assert expand(given) == [Path(each) for each in given]


@pytest.mark.parametrize("given", ["link.jpg", ".", "*", "in"])
def test_a_link_that_leads_nowhere_is_a_photo_that_fails(
    tmp_path: Path, given: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree(tmp_path, "in/a.jpg")
    for link in ("link.jpg", "in/link.jpg"):
        (tmp_path / link).symlink_to("nowhere")
    monkeypatch.chdir(tmp_path)
    found = expand([given])
    broken = [path for path in found if path.name == "link.jpg"]
    assert len(broken) == (1 if given in ("link.jpg", "in") else 2)


def test_an_empty_name_is_not_the_folder_one_is_in(tmp_path: Path) -> None:
    for given in ([""], ["", str(tree(tmp_path, "a.jpg"))]):
        with pytest.raises(InvalidValue, match="empty"):
            expand(given)


@pytest.mark.parametrize(
    ("photos", "called"),
    [
        (["a.jpg", "in/b.jpg"], ["a.jpg", "b.jpg"]),
        (["in/a.jpg", "in/deep/a.jpg", "in/b.jpg"], ["a.jpg", "deep/a.jpg", "b.jpg"]),
        (["x/1/a.jpg", "x/2/a.jpg"], ["1/a.jpg", "2/a.jpg"]),
        (["a.jpg", "x/a.jpg"], ["a.jpg", "x/a.jpg"]),
        (["a.jpg", "/x/a.jpg"], ["a.jpg", "/x/a.jpg"]),
        (["/x/a.jpg", "/y/a.jpg"], ["x/a.jpg", "y/a.jpg"]),
    ],
)
def test_photos_of_one_name_are_called_by_what_tells_their_paths_apart(
    photos: list[str], called: list[str]
) -> None:
    paths = [Path(photo) for photo in photos]
    assert [labels(paths)[path] for path in paths] == called


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
