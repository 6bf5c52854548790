"""Files that commands write: whole or not at all, and one sentence when they cannot be."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from vultus.cli.draw import Pictures
from vultus.cli.output import whole_file
from vultus.cli.portraits import PORTRAITS, obtain_portraits
from vultus.cli.templates import TemplateFile
from vultus.domain.image import Image
from vultus.domain.template import ModelId
from vultus.errors import FileUnwritable
from vultus.models.packs.sources.port import Progress, Wanted, silent

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VULTUS_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "home"


class PostedPortraits:
    """A source that has every portrait at hand."""

    scheme = "pypi"

    def fetch(self, wanted: Wanted, target: Path, progress: Progress) -> None:
        target.write_bytes(b"a portrait")


def test_templates_that_cannot_be_written_leave_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "templates.npz").mkdir()
    with pytest.raises(FileUnwritable, match=r"templates\.npz cannot be written"):
        TemplateFile(ModelId("dlib", "1"), 128).write(tmp_path / "templates.npz")
    assert list(tmp_path.iterdir()) == [tmp_path / "templates.npz"]


def test_work_that_breaks_off_leaves_the_file_of_before(tmp_path: Path) -> None:
    target = tmp_path / "kept"
    target.write_bytes(b"before")

    def interrupted() -> None:
        with whole_file(target) as file:
            file.write(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("kept", b"before")]


def test_pictures_that_cannot_be_written_are_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    pictures = Pictures(tmp_path / "file" / "drawn", lambda _: Image(np.zeros((9, 9, 3), np.uint8)))
    with pytest.raises(FileUnwritable, match="drawn"):
        pictures.write(Path("photo.jpg"), [])


@pytest.mark.parametrize("taken", ["demo", "demo/people"])
def test_portraits_that_cannot_be_kept_are_named(tmp_path: Path, taken: str) -> None:
    (tmp_path / taken).parent.mkdir(exist_ok=True)
    (tmp_path / taken).touch()
    with pytest.raises(FileUnwritable, match="demo"):
        obtain_portraits(PostedPortraits(), tmp_path / "demo", silent)


def test_portraits_are_put_in_their_places(tmp_path: Path) -> None:
    obtain_portraits(PostedPortraits(), tmp_path, silent)
    assert all((tmp_path / each.place).is_file() for each in PORTRAITS)
    assert not (tmp_path / ".arriving").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("embed", "photo.jpg", "--npz", "file/templates.npz"),
        ("detect", "photo.jpg", "--draw", "file/drawn"),
        ("identify", "photo.jpg", "--draw", "file/drawn"),
        ("demo", "--folder", "file/demo"),
    ],
)
def test_a_place_that_takes_no_files_is_told_before_any_work(
    run: Run, home: Path, words: tuple[str, ...]
) -> None:
    Path("file").touch()
    Path("photo.jpg").touch()
    code, out, err = run(*words)
    assert (code, out) == (1, "")
    assert "file/" in err
    assert "cannot be written: there is a file where a folder is needed" in err
    assert not home.exists()
