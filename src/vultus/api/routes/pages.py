"""Lists that are made in one piece, given page by page."""

import base64
import json
from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeVar

from fastapi import Query
from pydantic_core import from_json

from vultus.domain.page import LONGEST
from vultus.errors import InvalidValue

T = TypeVar("T")

FARTHEST = 100_000
"""No list that is ordered anew goes farther."""

Limit = Annotated[int, Query(ge=1, le=LONGEST, description="most items of a page")]
Cursor = Annotated[str | None, Query(max_length=2_000, description="`next` of the page before")]


def page(
    items: Sequence[T], position: Callable[[T], Sequence[Any]], cursor: str | None, limit: int
) -> tuple[Sequence[T], str | None]:
    """Cut a page out of a list.

    Args:
        items: all of the list.
        position: the place of an item, by which the list is sorted and which no other has.
        cursor: where the page before ended.
        limit: most items.

    Raises:
        InvalidValue: the cursor is none of ours.
    """
    ordered = sorted(items, key=lambda item: list(position(item)))
    if cursor is not None:
        after = _opened(cursor)
        try:
            ordered = [item for item in ordered if list(position(item)) > after]
        except TypeError:
            raise InvalidValue("cursor", "it is none of this list") from None
    found = ordered[:limit]
    return found, _closed(list(position(found[-1]))) if len(ordered) > limit else None


def _opened(cursor: str) -> list[Any]:
    try:
        # Unlike json's, it refuses what is too deep as it refuses all that is no JSON.
        place = from_json(base64.urlsafe_b64decode(cursor.encode("ascii") + b"=="))
    except ValueError:
        place = None
    if not isinstance(place, list):
        raise InvalidValue("cursor", "it is none of this list")
    return place


def _closed(place: list[Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def offset_of(cursor: str | None) -> int:
    """Where a page begins in a list that is ordered anew for each page.

    Raises:
        InvalidValue: the cursor is none of ours, or beyond all lists.
    """
    place = [0] if cursor is None else _opened(cursor)
    if len(place) != 1 or type(place[0]) is not int or not 0 <= place[0] <= FARTHEST:
        raise InvalidValue("cursor", "it is none of this list")
    start: int = place[0]
    return start


def offset_after(end: int, found: int) -> str | None:
    """The cursor behind a page that ends at `end`, when so many were found."""
    return _closed([end]) if found > end and end <= FARTHEST else None
