"""Photos of a folder with a folder per person, or one photo per person, or both."""

from pathlib import Path

from vultus.domain.changes import NewSubject
from vultus.usecases.enroll import photos_in
from vultus.usecases.gallery.photos import Photo


def folder_photos(folder: Path) -> list[Photo]:
    """List the photos of a folder in order of name.

    Raises:
        NoPeople: there is no such folder, or no file in it.
    """
    return [Photo.of(found.path, NewSubject(found.subject.name)) for found in photos_in(folder)]
