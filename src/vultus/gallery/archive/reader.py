"""Reads an archive that somebody else may have made: checked, bounded, without pickles."""

import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from vultus.domain.gallery import EnrolledSubject, Gallery
from vultus.errors import ArchiveInvalid, ArchiveTooNew, InvalidValue
from vultus.gallery.archive.arrays import BOUNDED_KINDS, read_arrays
from vultus.gallery.archive.format import (
    FORMAT,
    MANIFEST,
    MAX_FILE_BYTES,
    MAX_MANIFEST_BYTES,
    NEWEST,
    FileRecord,
    ManifestRecord,
    PartRecord,
    SubjectRecord,
    file_name,
)
from vultus.gallery.archive.records import enrolled_subject

CHUNK_BYTES = 1024**2
BROKEN = OSError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error
"""What reading from a damaged ZIP file raises."""

NO_CROPS: dict[str, NDArray[Any]] = {
    "ends": np.empty(0, np.int64),
    "data": np.empty(0, np.uint8),
}


@dataclass(frozen=True, slots=True)
class Part:
    """Some subjects of an archive, and the JPEG crops of their faces by the names these give."""

    subjects: list[EnrolledSubject]
    crops: Mapping[str, bytes]


@contextmanager
def open_archive(source: Path | BinaryIO) -> Iterator["ArchiveReader"]:
    """Open an archive, and make sure that every file in it is the one that its manifest names.

    Args:
        source: where it is, or the open file itself.

    Raises:
        ArchiveInvalid: it is no archive, or damaged.
        ArchiveTooNew: a newer Vultus wrote it.
    """
    name = str(source) if isinstance(source, Path) else "that was sent"
    try:
        archive = zipfile.ZipFile(source)
    except BROKEN as error:
        raise ArchiveInvalid(name, str(error)) from error
    with archive:
        reader = ArchiveReader(name, archive)
        reader.verify()
        yield reader


class ArchiveReader:
    """An open archive. `name` stands for it in errors."""

    def __init__(self, name: str, archive: zipfile.ZipFile) -> None:
        self._name = name
        self._archive = archive
        self.manifest = self._manifest()

    def verify(self) -> None:
        """Read every file, and compare it with what the manifest says.

        Raises:
            ArchiveInvalid: one is missing, or another one.
        """
        for number, part in enumerate(self.manifest.parts):
            for role, record in _files(part):
                for _ in self._chunks(file_name(number, role), record):
                    pass

    def parts(self, gallery: Gallery) -> Iterator[Part]:
        """Read the subjects as those of `gallery`, which has the model of the archive.

        Raises:
            ArchiveInvalid: a value cannot be what its name says.
        """
        for number, part in enumerate(self.manifest.parts):
            try:
                yield self._part(number, part, gallery)
            except (InvalidValue, ValueError, TypeError, LookupError) as error:
                raise self._invalid(f"part {number} is wrong: {_first_line(error)}") from error

    def _part(self, number: int, part: PartRecord, gallery: Gallery) -> Part:
        lines = self._whole(number, "subjects", part.subjects).splitlines()
        records = [SubjectRecord.model_validate_json(line) for line in lines]
        vectors = self._arrays(number, "templates", part.templates)["vectors"]
        if vectors.dtype != np.float32 or vectors.shape[1:] != (gallery.dim,):
            raise InvalidValue("vectors", f"rows of {gallery.dim} float32 numbers are needed")
        subjects = [enrolled_subject(record, gallery, vectors) for record in records]
        names = [face.crop for each in subjects for face in each.faces if face.crop]
        arrays = self._arrays(number, "crops", part.crops) if part.crops else NO_CROPS
        return Part(subjects, _crops(names, arrays["ends"], arrays["data"]))

    def _manifest(self) -> ManifestRecord:
        document = b"".join(self._unpacked(MANIFEST, MAX_MANIFEST_BYTES))
        try:
            claims = json.loads(document)
            if not isinstance(claims, dict) or claims.get("format") != FORMAT:
                raise self._invalid("it is no archive of a gallery")
            if isinstance(claims["version"], int) and claims["version"] > NEWEST:
                raise ArchiveTooNew(self._name, claims["version"], NEWEST)
            return ManifestRecord.model_validate_json(document)
        except (ValueError, KeyError, RecursionError) as error:
            raise self._invalid(f"its manifest is wrong: {_first_line(error)}") from error

    def _arrays(self, number: int, role: str, record: FileRecord) -> dict[str, NDArray[Any]]:
        return read_arrays(BytesIO(self._whole(number, role, record)), MAX_FILE_BYTES)

    def _whole(self, number: int, role: str, record: FileRecord) -> bytes:
        return b"".join(self._chunks(file_name(number, role), record))

    def _chunks(self, name: str, record: FileRecord) -> Iterator[bytes]:
        seen, size_bytes = hashlib.sha256(), 0
        for chunk in self._unpacked(name, record.size_bytes):
            seen.update(chunk)
            size_bytes += len(chunk)
            yield chunk
        if size_bytes != record.size_bytes or seen.hexdigest() != record.sha256:
            raise self._invalid(f"{name} is not the file that the manifest names")

    def _unpacked(self, name: str, most_bytes: int) -> Iterator[bytes]:
        try:
            member = self._archive.getinfo(name)
            if member.compress_type not in BOUNDED_KINDS or member.file_size > most_bytes:
                raise self._invalid(f"{name} is larger than it may be")
            with self._archive.open(member) as stream:
                while chunk := stream.read(CHUNK_BYTES):
                    yield chunk
        except KeyError as error:
            raise self._invalid(f"{name} is missing") from error
        except BROKEN as error:
            raise self._invalid(f"{name} is damaged: {error}") from error

    def _invalid(self, problem: str) -> ArchiveInvalid:
        return ArchiveInvalid(self._name, problem)


def _files(part: PartRecord) -> list[tuple[str, FileRecord]]:
    roles = ("subjects", part.subjects), ("templates", part.templates), ("crops", part.crops)
    return [(role, record) for role, record in roles if record is not None]


def _crops(names: list[str], ends: NDArray[np.int64], data: NDArray[np.uint8]) -> dict[str, bytes]:
    if len(ends) != len(names) or (np.diff(ends, prepend=0) < 0).any():
        raise InvalidValue("crops", "they are not as many as the faces that have one")
    *pieces, _ = np.split(data, ends)
    return {name: piece.tobytes() for name, piece in zip(names, pieces, strict=True)}


def _first_line(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False, include_input=False)[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    return str(error)
