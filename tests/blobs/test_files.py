"""What only a directory does."""

import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from vultus.blobs.files import INCOMING, DirectoryBlobStore
from vultus.errors import BlobsUnavailable, InvalidValue


def test_only_the_owner_can_look(tmp_path: Path) -> None:
    DirectoryBlobStore(tmp_path / "blobs").put("crops/a.jpg", b"x")
    paths = [path for path in (tmp_path / "blobs").rglob("*")]
    assert len(paths) == 3
    assert all(stat.S_IMODE(path.stat().st_mode) & 0o077 == 0 for path in paths)


def test_a_name_is_a_blob_or_the_beginning_of_others(tmp_path: Path) -> None:
    blobs = DirectoryBlobStore(tmp_path)
    blobs.put("a/b", b"x")
    for name in ("a", "a/b/c"):
        with pytest.raises(InvalidValue, match=name):
            blobs.put(name, b"y")
    assert list(blobs.names()) == ["a/b"]
    assert list((tmp_path / INCOMING).iterdir()) == []


def test_a_link_out_of_the_directory_is_not_made_by_a_name(tmp_path: Path) -> None:
    blobs = DirectoryBlobStore(tmp_path / "blobs")
    with pytest.raises(InvalidValue):
        blobs.put("../outside", b"x")
    assert [path.name for path in tmp_path.iterdir()] == ["blobs"]


def test_a_place_that_cannot_be_used_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(BlobsUnavailable, match="file"):
        DirectoryBlobStore(tmp_path / "file" / "blobs")


def test_a_disk_without_room_is_told_of_and_keeps_the_old(tmp_path: Path) -> None:
    writer = f"""
import resource, signal
from pathlib import Path
from vultus.blobs.files import DirectoryBlobStore
from vultus.errors import BlobsUnavailable
blobs = DirectoryBlobStore(Path({str(tmp_path)!r}))
blobs.put("a", b"old")
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    blobs.put("a", b"x" * 10_000)
except BlobsUnavailable as error:
    print(error)
"""
    said = subprocess.run(
        [sys.executable, "-c", writer], capture_output=True, text=True, check=True
    )
    assert "File too large" in said.stdout
    assert DirectoryBlobStore(tmp_path).get("a") == b"old"
    assert list((tmp_path / INCOMING).iterdir()) == []


def test_what_a_dead_process_left_is_swept_away_after_a_while(tmp_path: Path) -> None:
    DirectoryBlobStore(tmp_path)
    old, young = tmp_path / INCOMING / "old", tmp_path / INCOMING / "young"
    for file in (old, young):
        file.write_bytes(b"half a fa")
    os.utime(old, (0, time.time() - 3_601))
    blobs = DirectoryBlobStore(tmp_path)
    assert list((tmp_path / INCOMING).iterdir()) == [young]
    assert list(blobs.names()) == []
