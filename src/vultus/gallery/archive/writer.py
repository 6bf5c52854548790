"""Writes a gallery into an archive, whole or not at all."""

import hashlib
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from vultus.domain.gallery import EnrolledSubject, Gallery
from vultus.errors import ArchiveUnwritable
from vultus.gallery.archive.arrays import write_arrays
from vultus.gallery.archive.format import (
    FORMAT,
    MANIFEST,
    NEWEST,
    FileRecord,
    GalleryRecord,
    ManifestRecord,
    ModelRecord,
    PartRecord,
    PolicyRecord,
    file_name,
)
from vultus.gallery.archive.records import subject_record
from vultus.whole_file import written_whole

PART_FACES = 10_000
"""A part ends at the subject that brings so many faces, or so many bytes of crops and lines."""
PART_BYTES = 64 * 1024**2


@contextmanager
def archive_at(target: Path, gallery: Gallery) -> Iterator["ArchiveWriter"]:
    """Write an archive; it is at `target` when the block ends well, and nowhere otherwise.

    Only its owner may read it.

    Raises:
        ArchiveUnwritable: it cannot be written there.
    """
    try:
        with written_whole(target) as file, _written_to(file, gallery) as writer:
            yield writer
    except OSError as error:
        raise ArchiveUnwritable(str(target), error.strerror or str(error)) from error


@contextmanager
def archive_in(file: BinaryIO, gallery: Gallery) -> Iterator["ArchiveWriter"]:
    """Write an archive into an open file; it is whole when the block ends well.

    Raises:
        ArchiveUnwritable: there is no room for it.
    """
    try:
        with _written_to(file, gallery) as writer:
            yield writer
    except OSError as error:
        raise ArchiveUnwritable("to send", error.strerror or str(error)) from error


class ArchiveWriter:
    """Gathers subjects into parts, and writes each part when it is large enough."""

    def __init__(self, archive: zipfile.ZipFile, gallery: Gallery) -> None:
        self._archive = archive
        self._gallery = gallery
        self._parts: list[PartRecord] = []
        self._subjects = self._faces = 0
        self._part = _Part(gallery.dim)

    def add(self, subject: EnrolledSubject, crops: Mapping[str, bytes]) -> None:
        """Add a subject; `crops` are JPEG files by the ids of its faces, of those that have one."""
        self._part.add(subject, crops)
        self._subjects += 1
        self._faces += len(subject.faces)
        if self._part.is_full:
            self._end_part()

    def finish(self) -> None:
        """Write what is left, and the manifest."""
        self._end_part()
        manifest = ManifestRecord(
            format=FORMAT,
            version=NEWEST,
            made_by=f"vultus {version('vultus')}",
            gallery=_gallery_record(self._gallery),
            subjects=self._subjects,
            faces=self._faces,
            parts=tuple(self._parts),
        )
        document = manifest.model_dump_json(indent=1).encode()
        self._archive.writestr(MANIFEST, document, zipfile.ZIP_DEFLATED)

    def _end_part(self) -> None:
        part = self._part
        if not part.lines:
            return
        self._parts.append(
            PartRecord(
                subjects=self._write("subjects", "".join(part.lines).encode(), packed=True),
                templates=self._write("templates", write_arrays({"vectors": part.vectors()})),
                crops=self._write("crops", write_arrays(part.crop_arrays()))
                if part.crops
                else None,
            )
        )
        self._part = _Part(self._gallery.dim)

    def _write(self, role: str, data: bytes, *, packed: bool = False) -> FileRecord:
        kind = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        self._archive.writestr(file_name(len(self._parts), role), data, kind)
        return FileRecord(size_bytes=len(data), sha256=hashlib.sha256(data).hexdigest())


class _Part:
    """Lines, templates and crops that are not written yet."""

    def __init__(self, dim: int) -> None:
        self._dim = dim
        self._rows: list[NDArray[np.float32]] = []
        self._size_bytes = 0
        self.lines: list[str] = []
        self.crops: list[bytes] = []

    @property
    def is_full(self) -> bool:
        return len(self._rows) >= PART_FACES or self._size_bytes >= PART_BYTES

    def add(self, subject: EnrolledSubject, crops: Mapping[str, bytes]) -> None:
        line = subject_record(subject, len(self._rows), crops).model_dump_json() + "\n"
        self.lines.append(line)
        self._rows += [face.template.vector for face in subject.faces]
        own = [crops[face.id] for face in subject.faces if face.id in crops]
        self.crops += own
        self._size_bytes += len(line) + sum(map(len, own))

    def vectors(self) -> NDArray[np.float32]:
        return np.array(self._rows, np.float32).reshape(-1, self._dim)

    def crop_arrays(self) -> dict[str, NDArray[Any]]:
        return {
            "ends": np.cumsum([len(crop) for crop in self.crops], dtype=np.int64),
            "data": np.frombuffer(b"".join(self.crops), np.uint8),
        }


@contextmanager
def _written_to(file: BinaryIO, gallery: Gallery) -> Iterator[ArchiveWriter]:
    with zipfile.ZipFile(file, "w", allowZip64=True) as archive:
        writer = ArchiveWriter(archive, gallery)
        yield writer
        writer.finish()


def _gallery_record(gallery: Gallery) -> GalleryRecord:
    own = gallery.policy
    return GalleryRecord(
        name=gallery.name,
        model=ModelRecord(pack=gallery.model.pack, version=gallery.model.version),
        dim=gallery.dim,
        keep_crops=gallery.keep_crops,
        policy=PolicyRecord.model_validate({"kind": own.kind, "fpir": own.fpir}) if own else None,
    )
