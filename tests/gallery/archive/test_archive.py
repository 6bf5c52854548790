import hashlib
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fakes import MODEL, template
from vultus.domain.face import Box, Quality
from vultus.domain.gallery import EnrolledSubject, Enrollment, Gallery, GalleryFace
from vultus.domain.subject import Subject
from vultus.errors import ArchiveInvalid, ArchiveTooNew, ArchiveUnwritable
from vultus.gallery.archive import writer as writing
from vultus.gallery.archive.arrays import write_arrays
from vultus.gallery.archive.reader import open_archive
from vultus.gallery.archive.writer import archive_at, archive_in

NOW = datetime(2031, 5, 6, 7, 8, 9, 123456, tzinfo=UTC)
GALLERY = Gallery("g1", "staff", MODEL, 3, keep_crops=True, revision=4, created_at=NOW)

Members = dict[str, bytes]


def subject(number: int, faces: int = 1) -> EnrolledSubject:
    subject_id = f"s{number}"
    own = tuple(
        GalleryFace(
            id=f"f{number}-{face}",
            subject_id=subject_id,
            template=template(1, number, face),
            weight=1,
            quality=Quality(0.25, ("too_dark",)),
            box=Box(1.5, 2, 3, 4),
            source_digest="ab" * 32,
            crop=f"crops/g1/f{number}-{face}.jpg",
            created_at=NOW,
        )
        for face in range(faces)
    )
    known = Subject(subject_id, f"Name {number}", f"e{number}", {"a": [1, None]})
    return EnrolledSubject(
        Enrollment(known, "g1", "paper", NOW.date(), 2, faces, NOW, NOW), own, {}
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "staff.vultus"


def write(path: Path, *subjects: EnrolledSubject) -> None:
    with archive_at(path, GALLERY) as archive:
        for each in subjects:
            archive.add(each, {face.id: face.id.encode() for face in each.faces})


def read(path: Path) -> tuple[list[EnrolledSubject], dict[str, bytes]]:
    subjects: list[EnrolledSubject] = []
    crops: dict[str, bytes] = {}
    with open_archive(path) as archive:
        for part in archive.parts(GALLERY):
            subjects += part.subjects
            crops |= part.crops
    return subjects, crops


def test_subjects_come_out_as_they_went_in_with_their_crops(path: Path) -> None:
    given = [subject(0, faces=2), subject(1, faces=0), subject(2)]
    write(path, *given)
    subjects, crops = read(path)
    assert [each.enrollment for each in subjects] == [each.enrollment for each in given]
    for before, after in zip(given, subjects, strict=True):
        for one, other in zip(before.faces, after.faces, strict=True):
            np.testing.assert_array_equal(one.template.vector, other.template.vector)
            assert (one.id, one.quality, one.box) == (other.id, other.quality, other.box)
    named = {face.crop: face.id.encode() for each in subjects for face in each.faces}
    assert crops == named
    assert sorted(crops.values()) == [b"f0-0", b"f0-1", b"f2-0"]
    assert all(str(name).startswith("crops/g1/") for name in crops)


def test_many_subjects_lie_in_several_parts(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "PART_FACES", 4)
    write(path, *(subject(number, faces=3) for number in range(5)))
    with open_archive(path) as archive:
        assert [len(part.subjects) for part in archive.parts(GALLERY)] == [2, 2, 1]
        assert (archive.manifest.subjects, archive.manifest.faces) == (5, 15)


def test_an_empty_gallery_is_an_archive_too(path: Path) -> None:
    write(path)
    assert read(path) == ([], {})


def test_nothing_in_an_archive_is_a_pickle(path: Path) -> None:
    write(path, subject(0))
    with zipfile.ZipFile(path) as archive:
        assert sorted(archive.namelist()) == [
            "manifest.json",
            "part-00000/crops.npz",
            "part-00000/subjects.jsonl",
            "part-00000/templates.npz",
        ]


def forged(path: Path, change: Callable[[Members], None], *, sealed: bool = False) -> Path:
    """The archive with some files changed; `sealed` puts sizes and digests right again."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    if sealed:
        manifest = json.loads(members["manifest.json"])
        for role, record in manifest["parts"][0].items():
            name = f"part-00000/{role}." + ("jsonl" if role == "subjects" else "npz")
            data = members[name]
            record |= {"size_bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        members["manifest.json"] = json.dumps(manifest).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def manifest_with(**values: Any) -> Callable[[Members], None]:
    def change(members: Members) -> None:
        manifest = json.loads(members["manifest.json"])
        members["manifest.json"] = json.dumps(manifest | values).encode()

    return change


def subject_with(**values: Any) -> Callable[[Members], None]:
    def change(members: Members) -> None:
        record = json.loads(members["part-00000/subjects.jsonl"])
        record["faces"][0] |= values.pop("face", {})
        members["part-00000/subjects.jsonl"] = json.dumps(record | values).encode()

    return change


def vectors_of(array: np.ndarray) -> Callable[[Members], None]:
    def change(members: Members) -> None:
        members["part-00000/templates.npz"] = write_arrays({"vectors": array})

    return change


def test_an_archive_of_a_newer_version_is_refused(path: Path) -> None:
    write(path, subject(0))
    with pytest.raises(ArchiveTooNew, match="format 3"):
        read(forged(path, manifest_with(version=3, something="new")))


@pytest.mark.parametrize(
    "change",
    [
        lambda members: members.pop("manifest.json"),
        lambda members: members.pop("part-00000/templates.npz"),
        lambda members: members.update({"manifest.json": b"{"}),
        lambda members: members.update({"manifest.json": b"[]"}),
        lambda members: members.update({"manifest.json": b"[" * 10_000}),
        lambda members: members.update({"part-00000/subjects.jsonl": b"{}"}),
        manifest_with(format="something else"),
        manifest_with(version="1"),
        manifest_with(parts=[{"subjects": {"size_bytes": -1, "sha256": "x"}}]),
        manifest_with(gallery=None),
    ],
)
def test_an_archive_with_a_wrong_file_is_refused_when_it_is_opened(
    path: Path, change: Callable[[Members], None]
) -> None:
    write(path, subject(0))
    with pytest.raises(ArchiveInvalid):  # noqa: SIM117
        with open_archive(forged(path, change)):
            pytest.fail("it was opened")


@pytest.mark.parametrize(
    "change",
    [
        subject_with(name=""),
        subject_with(name="x" * 10_000),
        subject_with(id="../../etc/passwd"),
        subject_with(external_id=""),
        subject_with(attributes=[1]),
        subject_with(attributes={"a": "\0"}),
        subject_with(created_at="2031-05-06T07:08:09"),
        subject_with(surprise=1),
        subject_with(face={"row": 7}),
        subject_with(face={"row": -1}),
        subject_with(face={"weight": 0}),
        subject_with(face={"box": [3, 3, 1, 1]}),
        vectors_of(np.array([[2, 0, 0]], np.float32)),
        vectors_of(np.array([[np.nan, 0, 0]], np.float32)),
        vectors_of(np.array([[1, 0, 0, 0]], np.float32)),
        vectors_of(np.array([[1, 0, 0]], np.float64)),
        lambda members: members.update({"part-00000/templates.npz": write_arrays({})}),
        lambda members: members.update({"part-00000/crops.npz": write_arrays({})}),
        lambda members: members.update(
            {"part-00000/crops.npz": write_arrays({"ends": np.zeros(9), "data": np.zeros(0)})}
        ),
        lambda members: members.update({"part-00000/subjects.jsonl": b"\xff\n"}),
    ],
)
def test_an_archive_with_a_wrong_value_is_refused(
    path: Path, change: Callable[[Members], None]
) -> None:
    write(path, subject(0))
    with pytest.raises(ArchiveInvalid, match="part 0 is wrong"):
        read(forged(path, change, sealed=True))


def test_the_forger_can_also_do_nothing(path: Path) -> None:
    write(path, subject(0))
    assert len(read(forged(path, lambda members: None, sealed=True))[0]) == 1


def test_a_bomb_is_refused_before_it_is_unpacked(path: Path) -> None:
    write(path, subject(0))
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["part-00000/templates.npz"] = bytes(10**8)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    with pytest.raises(ArchiveInvalid, match="larger than it may be"):
        read(path)


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_archive_is_refused(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(ArchiveInvalid):
        read(path)


def test_an_archive_goes_through_an_open_file(path: Path) -> None:
    with path.open("w+b") as file:
        with archive_in(file, GALLERY) as archive:
            archive.add(subject(1), {})
        with open_archive(file) as read:
            assert read.manifest.subjects == 1
        file.truncate(100)
        with pytest.raises(ArchiveInvalid, match="that was sent"), open_archive(file):
            pass


def test_a_full_disk_is_told() -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no device that is always full")
    with (
        full.open("wb", buffering=0) as file,
        pytest.raises(ArchiveUnwritable),
        archive_in(file, GALLERY) as archive,  # type: ignore[arg-type]
    ):
        archive.add(subject(1), {})
