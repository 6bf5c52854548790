"""Rows of a CSV file with a heading, separated by comma, semicolon or tab."""

import csv
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from vultus.errors import InvalidValue, PhotosUnreadable

DELIMITERS = ",;\t"

Row = dict[str, str]
T = TypeVar("T")


def each_row(path: Path, needed: Sequence[str], make: Callable[[Row], T]) -> list[T]:
    """Make something of every row that is not empty; what `make` refuses is told with its line.

    Raises:
        PhotosUnreadable: it is no CSV file with the columns that are needed, or has no row, or
            `make` raised InvalidValue.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            made = list(_made(path, file.readlines(), needed, make))
    except UnicodeDecodeError as error:
        raise PhotosUnreadable(str(path), "it is not UTF-8") from error
    except OSError as error:
        raise PhotosUnreadable(str(path), error.strerror or "it cannot be read") from error
    if not made:
        raise PhotosUnreadable(str(path), "it lists no photo")
    return made


def _made(
    path: Path, lines: list[str], needed: Sequence[str], make: Callable[[Row], T]
) -> Iterator[T]:
    heading = lines[0] if lines else ""
    delimiter = max(DELIMITERS, key=heading.count)
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True, strict=True)
    try:
        columns = _columns(next(reader, []), needed)
        for cells in reader:
            if any(cells):
                yield make(_row(columns, cells))
    except (InvalidValue, csv.Error) as error:
        problem = f"line {reader.line_num}: {str(error).removesuffix('.')}"
        raise PhotosUnreadable(str(path), problem) from error


def _columns(heading: list[str], needed: Sequence[str]) -> list[str]:
    columns = [column.strip() for column in heading]
    for column in needed:
        if column not in columns:
            raise InvalidValue("the heading", f"the column {column!r} is missing")
    if len(set(columns)) < len(columns) or "" in columns:
        raise InvalidValue("the heading", "every column needs a name of its own")
    return columns


def _row(columns: list[str], cells: list[str]) -> Row:
    if len(cells) != len(columns):
        raise InvalidValue("the row", f"it has {len(cells)} cells under {len(columns)} columns")
    return {column: cell.strip() for column, cell in zip(columns, cells, strict=True)}
