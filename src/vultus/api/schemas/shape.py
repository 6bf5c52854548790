"""What all shapes share: frozen, and nothing in them that is not declared."""

from collections.abc import Iterable, Sequence
from typing import Generic, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field

T = TypeVar("T")


class Shape(BaseModel):
    """Base of everything that is answered."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Asked(BaseModel):
    """Base of everything that is asked: an unknown field is a mistake, and is told."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class PageShape(Shape, Generic[T]):
    """Some of a list."""

    items: list[T]
    next: str | None = Field(
        None, description="asks for the next page, as the parameter `cursor`; null at the end"
    )

    @classmethod
    def of(cls, items: Iterable[T], cursor: str | None) -> Self:
        """Make a page."""
        return cls(items=list(items), next=cursor)


class ListShape(Shape, Generic[T]):
    """All of a list, which is as long as the request made it."""

    items: Sequence[T]
