"""What only SQLite does: its file, its log, its locks."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from sqlalchemy import event

import read_only_store
import small_disk
from fakes import MODEL
from stores import ACTOR, enroll, purge
from vultus.domain.changes import NewSubject
from vultus.domain.gallery import Gallery, GalleryCounts
from vultus.domain.template import Template
from vultus.errors import (
    StoreBusy,
    StoreDamaged,
    StoreFull,
    StoreReadOnly,
    StoreUnavailable,
    StoreUnsuitable,
)
from vultus.gallery.store.opening import open_store
from vultus.gallery.store.requests import Enrolling, NewFace, NewGallery
from vultus.gallery.store.sql.store import SqlStore

DIM = 512


@pytest.fixture
def store(sqlite_url: str) -> Iterator[SqlStore]:
    opened = open_store(sqlite_url, timeout_s=0.2)
    yield opened
    opened.close()


@pytest.fixture
def gallery(store: SqlStore) -> Gallery:
    return store.create_gallery(NewGallery("staff", MODEL, DIM), actor=ACTOR)


@pytest.fixture
def path(store: SqlStore) -> Path:
    return Path(store.database.place)


def face(seed: int) -> NewFace:
    vector = np.random.default_rng(seed).standard_normal(DIM).astype(np.float32)
    return NewFace(Template(vector / np.linalg.norm(vector), MODEL))


def test_every_connection_waits_for_the_disk_and_checks_references(store: SqlStore) -> None:
    settings = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}
    for _ in range(3):
        with store.database.reading() as first, store.database.reading() as second:
            for connection in (first, second):
                found = {
                    name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in settings
                }
                assert found == settings


def test_what_is_purged_is_in_no_file_any_more(
    store: SqlStore, gallery: Gallery, path: Path
) -> None:
    new = NewSubject("Zacharias Quillfeather", "ext-quill", {"secret": "vermilion"})
    (stored,) = store.enroll(gallery.id, [Enrolling(new, [face(1)])], actor=ACTOR)
    enroll(store, gallery, "Somebody Else", face(2))
    template = face(1).template.vector.tobytes()
    traces = (b"Quillfeather", b"quillfeather", b"ext-quill", b"vermilion", template[:64])
    assert all(_is_in_files(path, trace) for trace in traces)
    store.delete_subject(gallery.id, stored.subject_id, actor=ACTOR)
    purge(store, datetime.now(UTC))
    assert [trace for trace in traces if _is_in_files(path, trace)] == []
    assert _is_in_files(path, b"Somebody Else")


def _is_in_files(path: Path, trace: bytes) -> bool:
    return any(trace in file.read_bytes() for file in path.parent.glob(f"{path.name}*"))


def test_a_purge_does_not_wait_for_readers(store: SqlStore, gallery: Gallery) -> None:
    stored = enroll(store, gallery, "Ada", face(1), face(2))
    reader = store.changes(gallery.id, 0, limit=1)
    next(reader)
    store.delete_subject(gallery.id, stored.subject_id, actor=ACTOR)
    assert purge(store, datetime.now(UTC)).faces == 2
    assert sum(len(page.keys) for page in reader) == 1


def test_who_waits_too_long_for_another_writer_is_told(
    store: SqlStore, gallery: Gallery, path: Path
) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreBusy, match="locked"):
            enroll(store, gallery, "Ada", face(1))
        assert store.counts(gallery.id) == GalleryCounts(0, 0)
    enroll(store, gallery, "Ada", face(1))


def test_a_full_disk_loses_nothing(store: SqlStore, gallery: Gallery) -> None:
    enroll(store, gallery, "Ada", face(1))
    before = store.revision(gallery.id)
    event.listen(store.database.engine, "begin", _leave_no_room)
    with pytest.raises(StoreFull, match="full"):
        enroll(store, gallery, "Bob", *(face(seed) for seed in range(200)))
    event.remove(store.database.engine, "begin", _leave_no_room)
    assert store.revision(gallery.id) == before
    assert store.counts(gallery.id) == GalleryCounts(1, 1)


def _leave_no_room(connection: object) -> None:
    used = connection.exec_driver_sql("PRAGMA page_count").scalar()  # type: ignore[attr-defined]
    connection.exec_driver_sql(f"PRAGMA max_page_count = {used + 2}")  # type: ignore[attr-defined]


@pytest.mark.parametrize("room", [0, 4096])
def test_a_store_on_a_disk_without_room_says_so_and_loses_nothing(
    tmp_path: Path, room: int
) -> None:
    said = _mounted("mount -t tmpfs -o size=3m tmpfs", tmp_path, small_disk, str(room))
    assert said[:2] == ["StoreFull", "StoreFull"]
    assert said[2] == "1 subjects"


def test_a_store_is_read_where_neither_file_nor_folder_can_be_written(
    store: SqlStore, gallery: Gallery, tmp_path: Path
) -> None:
    enroll(store, gallery, "Ada", face(1))
    store.close()
    before = sorted(tmp_path.iterdir())
    mount = 'mount --bind "$1" "$1" && mount -o remount,bind,ro'
    assert _mounted(mount, tmp_path, read_only_store) == ["1 subjects", "StoreReadOnly"]
    assert sorted(tmp_path.iterdir()) == before


def _mounted(mount: str, folder: Path, program: ModuleType, given: str = "") -> list[str]:
    """What a program says of a folder that has a file system of its own, in its own namespace."""
    if shutil.which("unshare") is None:
        pytest.skip("there is no unshare, to mount a file system with")
    command = f'{mount} "$1" && exec "$2" "$3" "$1" "$4"'
    done = subprocess.run(
        [
            "unshare",
            "--mount",
            "sh",
            "-c",
            command,
            "sh",
            str(folder),
            sys.executable,
            str(program.__file__),
            given,
        ],
        capture_output=True,
        text=True,
    )
    if done.returncode and ("unshare" in done.stderr or "mount" in done.stderr):
        pytest.skip(f"no file system can be mounted here: {done.stderr.strip()}")
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_a_database_that_cannot_be_written_is_read(
    store: SqlStore, gallery: Gallery, path: Path
) -> None:
    enroll(store, gallery, "Ada", face(1))
    read_only = open_store(f"sqlite:///file:{path}?mode=ro&uri=true")
    assert read_only.counts(gallery.id) == GalleryCounts(1, 1)
    assert len(list(read_only.changes(gallery.id, 0))) == 1
    with pytest.raises(StoreReadOnly):
        enroll(read_only, gallery, "Bob", face(2))
    read_only.close()
    assert store.counts(gallery.id) == GalleryCounts(1, 1)


def test_a_file_that_is_no_database_is_damaged_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_bytes(b"Dear sir or madam, " * 1_000)
    with pytest.raises(StoreDamaged, match="not a database"):
        open_store(f"sqlite:///{path}")
    assert path.read_bytes() == b"Dear sir or madam, " * 1_000


def test_a_damaged_page_is_told_of(sqlite_url: str, store: SqlStore, gallery: Gallery) -> None:
    enroll(store, gallery, "Ada", *(face(seed) for seed in range(100)))
    store.close()
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    middle = os.path.getsize(path) // 2
    with path.open("r+b") as file:
        file.seek(middle)
        file.write(b"\xff" * (os.path.getsize(path) - middle))
    again = open_store(sqlite_url)
    with pytest.raises(StoreDamaged):
        list(again.changes(gallery.id, 0))
    again.close()


def test_a_place_where_no_file_can_be_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for place in (tmp_path, tmp_path / "file" / "store.db"):
        with pytest.raises(StoreUnavailable, match=str(place)):
            open_store(f"sqlite:///{place}")


def test_a_store_in_memory_is_refused() -> None:
    with pytest.raises(StoreUnsuitable, match="memory"):
        open_store("sqlite:///:memory:")
