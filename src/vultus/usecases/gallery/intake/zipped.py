"""Photos in a ZIP file, read where they lie: nothing is extracted to disk.

A photo shows the person whose name its folder has, or, without a folder, its own.
"""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path, PurePosixPath

from vultus.domain.changes import NewSubject
from vultus.errors import BrokenImage, ImageTooHeavy, InvalidValue, PhotosUnreadable
from vultus.gallery.archive.arrays import BOUNDED_KINDS
from vultus.usecases.gallery.photos import Photo

MAX_MEMBERS = 100_000
"""Most entries of a ZIP file."""

ENCRYPTED = 0x1


@contextmanager
def zipped_photos(path: Path) -> Iterator[list[Photo]]:
    """List the photos in a ZIP file in order of name; they can be read until the block ends.

    Raises:
        PhotosUnreadable: it is no ZIP file, has too many entries, or no photo is in it.
    """
    try:
        archive = zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile, NotImplementedError) as error:
        raise PhotosUnreadable(str(path), f"it is no ZIP file ({error})") from error
    with archive:
        yield _photos(path, archive)


def _photos(path: Path, archive: zipfile.ZipFile) -> list[Photo]:
    members = archive.infolist()
    if len(members) > MAX_MEMBERS:
        problem = f"it has {len(members):,} entries, at most {MAX_MEMBERS:,} are allowed"
        raise PhotosUnreadable(str(path), problem)
    shown = [member for member in members if not member.is_dir() and not _is_hidden(member)]
    if not shown:
        raise PhotosUnreadable(str(path), "no photo is in it")
    try:
        return [_photo(archive, member) for member in sorted(shown, key=_by_name)]
    except InvalidValue as error:
        raise PhotosUnreadable(str(path), str(error).removesuffix(".")) from error


def _photo(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Photo:
    place = PurePosixPath(member.filename)
    name = place.parent.name or place.stem
    return Photo(member.filename, NewSubject(name), partial(_read, archive, member))


def _by_name(member: zipfile.ZipInfo) -> str:
    return member.filename


def _is_hidden(member: zipfile.ZipInfo) -> bool:
    parts = PurePosixPath(member.filename).parts
    return any(part.startswith(".") or part == "__MACOSX" for part in parts)


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo, max_bytes: int) -> bytes:
    if member.file_size > max_bytes:
        raise ImageTooHeavy(member.file_size, max_bytes)
    if member.flag_bits & ENCRYPTED:
        raise BrokenImage("zipped", "it is encrypted")
    if member.compress_type not in BOUNDED_KINDS:
        raise BrokenImage("zipped", "it is packed in an unusual way, use plain deflate")
    try:
        with archive.open(member) as stream:
            return stream.read(member.file_size)
    except (OSError, EOFError, ValueError, zipfile.BadZipFile, zlib.error) as error:
        raise BrokenImage("zipped", str(error) or "it ends early") from error
