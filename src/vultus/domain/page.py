"""Long lists, a part at a time."""

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

LONGEST = 1_000
"""Most items of a page."""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some of a list in stable order; `cursor` asks for the next page, None at the end."""

    items: tuple[T, ...]
    cursor: str | None
