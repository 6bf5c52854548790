"""Images that a CSV file lists: a row per image, with whom it shows.

The columns `path` and `subject` are needed, `split` is known; every other column is an attribute.
An empty cell says nothing. Paths are relative to the CSV file.
"""

from pathlib import Path

from vultus.errors import DatasetSourceUnreadable, InvalidValue, PhotosUnreadable
from vultus.evaluation.datasets.naming import check_split_name
from vultus.evaluation.datasets.sources.source import Source, SourceImage, file_image
from vultus.usecases.gallery.intake.rows import Row, each_row

NEEDED = "path", "subject"
KNOWN = *NEEDED, "split"


def csv_source(path: Path) -> Source:
    """Read the list; nothing is imported from one that has a fault.

    Raises:
        DatasetSourceUnreadable: it is no such CSV file, and where the fault is.
    """
    try:
        images = each_row(path, NEEDED, lambda row: _image(path.parent, row))
    except PhotosUnreadable as error:
        raise DatasetSourceUnreadable(str(path), error.problem) from error
    return Source(f"the list {path.name}", images)


def _image(folder: Path, row: Row) -> SourceImage:
    for needed in NEEDED:
        if not row[needed]:
            raise InvalidValue(needed, "it is empty")
    split = row.get("split") or None
    if split is not None:
        check_split_name(split)
    attributes = {key: cell for key, cell in row.items() if cell and key not in KNOWN}
    path = Path(row["path"])
    return file_image(folder / path, path.as_posix(), row["subject"], split, attributes)
