"""Photos that a CSV file lists: a row per photo, with whom it shows.

The columns `path` and `name` are needed; `external_id`, `consent`, `retain_until` (2031-12-31) and
`box` (x1 y1 x2 y2, in pixels of the file) are known; every other column is an attribute. An empty
cell says nothing. Paths are relative to the CSV file.
"""

from datetime import date
from pathlib import Path

from vultus.domain.changes import NewSubject
from vultus.domain.face import Box
from vultus.errors import InvalidValue
from vultus.usecases.gallery.intake.rows import Row, each_row
from vultus.usecases.gallery.photos import Photo

NEEDED = "path", "name"
KNOWN = *NEEDED, "external_id", "consent", "retain_until", "box"


def listed_photos(path: Path) -> list[Photo]:
    """Read the list; nothing is enrolled from one that has a fault.

    Raises:
        PhotosUnreadable: it is no such CSV file, and where the fault is.
    """
    return each_row(path, NEEDED, lambda row: _photo(path.parent, row))


def _photo(folder: Path, row: Row) -> Photo:
    subject = NewSubject(
        name=row["name"],
        external_id=row.get("external_id") or None,
        attributes={key: cell for key, cell in row.items() if cell and key not in KNOWN},
        consent=row.get("consent") or None,
        retain_until=read_date(row.get("retain_until", "")),
    )
    if not row["path"]:
        raise InvalidValue("path", "it is empty")
    return Photo.of(folder / row["path"], subject, read_box(row.get("box", "")))


def read_date(cell: str) -> date | None:
    """Read a day; None for an empty cell.

    Raises:
        InvalidValue: it is no date.
    """
    try:
        return date.fromisoformat(cell) if cell else None
    except ValueError as error:
        raise InvalidValue("retain_until", f"{cell!r} is no date like 2031-12-31") from error


def read_box(cell: str) -> Box | None:
    """Read the four corners of a box; None for an empty cell.

    Raises:
        InvalidValue: it is no box.
    """
    try:
        return Box(*map(float, cell.replace(",", " ").split())) if cell else None
    except (TypeError, ValueError) as error:
        raise InvalidValue("box", f"{cell!r} is not x1 y1 x2 y2") from error
