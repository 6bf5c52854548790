"""A measured number: its interval, what it means in a sentence, or why it could not be measured."""

from dataclasses import dataclass
from typing import Literal

Unit = Literal["share", "similarity", "number"]
"""A share lies in [0, 1] and is shown in percent; a similarity is a cosine."""
Better = Literal["higher", "lower", "neither"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of a report.

    `key` names it for programs and stays the same between versions. `low` and `high` bound the
    interval of 95 %, None where none was made. `value` is None where the data supports no such
    number: then `sentence` says why and what it takes.
    """

    key: str
    title: str
    value: float | None
    sentence: str
    low: float | None = None
    high: float | None = None
    unit: Unit = "share"
    better: Better = "neither"

    @property
    def measured(self) -> bool:
        """Whether there is a number."""
        return self.value is not None


def show(value: float | None, unit: Unit) -> str:
    """A value as people read it: `99.28 %`, `0.912`, `6,000`; a dash for none."""
    if value is None:
        return "-"
    if unit == "share":
        return percent(value)
    return f"{value:.3f}" if unit == "similarity" else f"{value:,.0f}"


def percent(share: float) -> str:
    """A share, or a difference of two, in percent; with enough digits to differ from 0 and 100."""
    distance = round(100 * min(abs(share), abs(1 - abs(share))), 9)
    digits = 2
    while digits < 6 and 0 < distance < 10 ** (1 - digits):
        digits += 1
    return f"{share * 100:.{digits}f} %"


def interval(figure: Figure) -> str:
    """The interval as people read it: `99.07 to 99.46 %`; nothing where none was made."""
    if figure.low is None or figure.high is None:
        return ""
    low, high = (show(end, figure.unit) for end in (figure.low, figure.high))
    return f"{low.removesuffix(' %')} to {high}"
