"""A threshold is a number with a history."""

from dataclasses import dataclass

from vultus.errors import InvalidValue


@dataclass(frozen=True, slots=True)
class Threshold:
    """The similarity from which on two templates count as one person.

    Accept iff `similarity >= threshold.similarity`. `fmr` is the false match rate measured there on
    `protocol`; None where somebody set the number by hand and measured nothing. `origin` says who
    named it: `pack`, `setting`, `call`, or `policy` where it follows from the size of a gallery.
    """

    similarity: float
    origin: str
    fmr: float | None
    protocol: str | None

    def __post_init__(self) -> None:
        if not -1 <= self.similarity <= 1:
            raise InvalidValue("threshold", f"{self.similarity} is no cosine in [-1, 1]")
        if self.fmr is not None and not 0 < self.fmr < 1:
            raise InvalidValue("threshold", f"an fmr of {self.fmr} is no rate")
