"""Photos of a folder, a ZIP file or a CSV file, whichever a path is."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vultus.usecases.gallery.intake.folder import folder_photos
from vultus.usecases.gallery.intake.listed import listed_photos
from vultus.usecases.gallery.intake.zipped import zipped_photos
from vultus.usecases.gallery.photos import Photo


@contextmanager
def photos_from(path: Path) -> Iterator[list[Photo]]:
    """List the photos; they can be read until the block ends.

    Raises:
        NoPeople: a folder in which there is no photo.
        PhotosUnreadable: no ZIP file and no CSV file, or one that gives no photo.
    """
    if path.is_dir():
        yield folder_photos(path)
    elif path.suffix.lower() == ".csv":
        yield listed_photos(path)
    else:
        with zipped_photos(path) as photos:
            yield photos
