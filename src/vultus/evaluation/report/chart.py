"""What a report draws, as numbers: a browser, or another program, may draw it otherwise."""

from dataclasses import dataclass
from typing import Literal

from vultus.errors import InvalidValue

Form = Literal["line", "steps", "area", "points"]
Scale = Literal["linear", "log"]
Role = Literal["main", "second", "third", "fourth", "fifth", "genuine", "impostor", "reference"]
"""What a series is, which decides its colour; `reference` is drawn faint and dashed."""
Place = Literal["upper left", "upper right", "lower left", "lower right"]

MOST_POINTS = 500
"""Of one series; more would not be seen."""


@dataclass(frozen=True, slots=True)
class Series:
    """Points (x, y) of one curve, in order of x."""

    label: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    role: Role = "main"
    form: Form = "line"

    def __post_init__(self) -> None:
        if len(self.x) != len(self.y) or len(self.x) > MOST_POINTS:
            raise InvalidValue("series", f"{len(self.x)} x and {len(self.y)} y; at most 500 points")


@dataclass(frozen=True, slots=True)
class Axis:
    """What an axis shows. `share` axes are written in percent."""

    title: str
    scale: Scale = "linear"
    share: bool = True
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """A value on the x axis that deserves a line, such as a threshold."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """One picture of curves; `sentence` says how to read it."""

    key: str
    title: str
    sentence: str
    x: Axis
    y: Axis
    series: tuple[Series, ...]
    marks: tuple[Mark, ...] = ()
    legend: Place = "lower right"
