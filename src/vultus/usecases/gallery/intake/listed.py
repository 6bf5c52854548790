"""Photos that a CSV file lists: a row per photo, with whom it shows.

The columns `path` and `name` are needed; `external_id`, `consent`, `retain_until` (2031-12-31) and
`box` (x1 y1 x2 y2, in pixels of the file) are known; every other column is an attribute. An empty
cell says nothing. Paths are relative to the CSV file.
"""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from vultus.domain.face import Box
from vultus.errors import InvalidValue, PhotosUnreadable
from vultus.gallery.store.requests import NewSubject
from vultus.usecases.gallery.photos import Photo

NEEDED = "path", "name"
KNOWN = *NEEDED, "external_id", "consent", "retain_until", "box"
DELIMITERS = ",;\t"

Row = dict[str, str]


def listed_photos(path: Path) -> list[Photo]:
    """Read the list; nothing is enrolled from one that has a fault.

    Raises:
        PhotosUnreadable: it is no such CSV file, and where the fault is.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            photos = list(_photos(path, file.readlines()))
    except UnicodeDecodeError as error:
        raise PhotosUnreadable(str(path), "it is not UTF-8") from error
    except OSError as error:
        raise PhotosUnreadable(str(path), error.strerror or "it cannot be read") from error
    if not photos:
        raise PhotosUnreadable(str(path), "it lists no photo")
    return photos


def _photos(path: Path, lines: list[str]) -> Iterator[Photo]:
    heading = lines[0] if lines else ""
    delimiter = max(DELIMITERS, key=heading.count)
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True, strict=True)
    try:
        columns = _columns(next(reader, []))
        for cells in reader:
            if any(cells):
                yield _photo(path.parent, _row(columns, cells))
    except (InvalidValue, csv.Error) as error:
        problem = f"line {reader.line_num}: {str(error).removesuffix('.')}"
        raise PhotosUnreadable(str(path), problem) from error


def _columns(heading: list[str]) -> list[str]:
    columns = [column.strip() for column in heading]
    for needed in NEEDED:
        if needed not in columns:
            raise InvalidValue("the heading", f"the column {needed!r} is missing")
    if len(set(columns)) < len(columns) or "" in columns:
        raise InvalidValue("the heading", "every column needs a name of its own")
    return columns


def _row(columns: list[str], cells: list[str]) -> Row:
    if len(cells) != len(columns):
        raise InvalidValue("the row", f"it has {len(cells)} cells under {len(columns)} columns")
    return {column: cell.strip() for column, cell in zip(columns, cells, strict=True)}


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
