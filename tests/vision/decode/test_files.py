"""Reading files, never more than allowed."""

import os
from pathlib import Path

import pytest

from vultus.errors import ImageNotFound, ImageTooHeavy
from vultus.vision.decode import read_bounded

MOST = 100


def test_a_file_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "face.jpg"
    path.write_bytes(b"x" * 100)

    assert read_bounded(path, MOST) == b"x" * 100


def test_a_file_with_a_byte_too_many_is_refused_with_its_size(tmp_path: Path) -> None:
    path = tmp_path / "face.jpg"
    path.write_bytes(b"x" * 101)

    with pytest.raises(ImageTooHeavy) as refusal:
        read_bounded(path, MOST)
    assert refusal.value.facts == {"size_bytes": 101, "limit_bytes": 100}


def test_a_missing_file_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(ImageNotFound, match="no such file or directory") as refusal:
        read_bounded(tmp_path / "nobody.jpg", MOST)
    assert refusal.value.path == str(tmp_path / "nobody.jpg")


def test_a_link_that_leads_nowhere_is_said_to_be_one(tmp_path: Path) -> None:
    (tmp_path / "link.jpg").symlink_to("gone.jpg")

    with pytest.raises(ImageNotFound, match=r"a link to gone\.jpg, which is not there"):
        read_bounded(tmp_path / "link.jpg", MOST)


def test_a_directory_is_no_image(tmp_path: Path) -> None:
    with pytest.raises(ImageNotFound, match="not a file"):
        read_bounded(tmp_path, MOST)


def test_a_file_below_a_file_is_not_found(tmp_path: Path) -> None:
    (tmp_path / "face.jpg").write_bytes(b"x")

    with pytest.raises(ImageNotFound, match="not a directory"):
        read_bounded(tmp_path / "face.jpg" / "face.jpg", MOST)


def test_a_name_that_no_file_can_have_is_not_found() -> None:
    with pytest.raises(ImageNotFound, match="null"):
        read_bounded(Path("face\0.jpg"), MOST)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_that_nobody_fills_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")

    with pytest.raises(ImageNotFound, match="not a file"):
        read_bounded(tmp_path / "pipe.jpg", MOST)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read all")
def test_a_file_that_may_not_be_read_is_not_found(tmp_path: Path) -> None:
    path = tmp_path / "face.jpg"
    path.write_bytes(b"x")
    path.chmod(0)

    with pytest.raises(ImageNotFound, match="permission denied"):
        read_bounded(path, MOST)
