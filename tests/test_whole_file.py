import os
import stat
from pathlib import Path

import pytest

from vultus.whole_file import ABANDONED_S, written_whole


def test_a_file_is_there_when_it_is_whole_for_its_owner_alone(tmp_path: Path) -> None:
    target = tmp_path / "archive"
    target.write_bytes(b"before")
    target.chmod(0o644)
    with written_whole(target) as file:
        file.write(b"after")
        assert target.read_bytes() == b"before"
    assert target.read_bytes() == b"after"
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [target]


def test_two_may_write_one_file_at_once(tmp_path: Path) -> None:
    target = tmp_path / "archive"
    with written_whole(target) as one:
        with written_whole(target) as other:
            one.write(b"one" * 1000)
            other.write(b"other")
        assert target.read_bytes() == b"other"
    assert target.read_bytes() == b"one" * 1000
    assert list(tmp_path.iterdir()) == [target]


def _write_half(target: Path, error: type[BaseException]) -> None:
    with written_whole(target) as file:
        file.write(b"half")
        raise error


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError, ValueError])
def test_what_fails_leaves_nothing(tmp_path: Path, error: type[BaseException]) -> None:
    with pytest.raises(error):
        _write_half(tmp_path / "archive", error)
    assert list(tmp_path.iterdir()) == []


def test_what_a_dead_process_left_goes_with_the_next_of_the_name(tmp_path: Path) -> None:
    old, young, other = (
        tmp_path / name for name in (".a[1].old.part", ".a[1].new.part", ".a1.x.part")
    )
    for left in (old, young, other):
        left.write_bytes(b"half")
    for left in (old, other):
        os.utime(left, (0, left.stat().st_mtime - ABANDONED_S - 1))
    with written_whole(tmp_path / "a[1]"):
        pass
    assert sorted(tmp_path.iterdir()) == sorted([young, other, tmp_path / "a[1]"])


def test_a_long_name_can_be_written(tmp_path: Path) -> None:
    with written_whole(tmp_path / ("x" * 250)) as file:
        file.write(b"whole")
    assert (tmp_path / ("x" * 250)).read_bytes() == b"whole"


def test_where_no_file_can_be_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    for target in (tmp_path / "taken", tmp_path / "no" / "folder"):
        with pytest.raises(OSError, match=r"taken|folder"), written_whole(target):
            pass
    assert list(tmp_path.iterdir()) == [tmp_path / "taken"]
