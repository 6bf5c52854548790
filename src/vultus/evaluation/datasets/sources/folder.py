"""A folder with a folder per person, or one photo per person, or both."""

from pathlib import Path

from vultus.errors import DatasetSourceUnreadable, NoPeople
from vultus.evaluation.datasets.sources.source import Source, file_image
from vultus.usecases.enroll import photos_in


def folder_source(folder: Path) -> Source:
    """List the images of a folder.

    Raises:
        DatasetSourceUnreadable: there is no such folder, or nothing in it.
    """
    try:
        photos = photos_in(folder)
    except NoPeople as error:
        raise DatasetSourceUnreadable(str(folder), error.problem) from error
    images = [
        file_image(photo.path, photo.path.relative_to(folder).as_posix(), photo.name)
        for photo in photos
        if not photo.path.is_dir()
    ]
    return Source(f"the folder {folder.absolute().name}", images)
