"""Photos of a folder with a folder per person, or one photo per person, or both."""

from pathlib import Path

from vultus.domain.changes import NewSubject
from vultus.errors import InvalidValue
from vultus.usecases import enroll
from vultus.usecases.gallery.photos import Content, Photo


def folder_photos(folder: Path) -> list[Photo]:
    """List the photos of a folder in order of name.

    One that shows somebody whose name nobody can have is refused when it is read.

    Raises:
        NoPeople: there is no such folder, or no file in it.
    """
    return [_photo(found) for found in enroll.photos_in(folder)]


def _photo(found: enroll.Photo) -> Photo:
    try:
        return Photo.of(found.path, NewSubject(found.name))
    except InvalidValue as problem:
        return _refused(found.path, problem)


def _refused(path: Path, problem: InvalidValue) -> Photo:
    def read(max_bytes: int) -> Content:
        raise problem

    return Photo(str(path), "", read)
