"""From similarity to probability, along knots that were fitted on a stated protocol."""

from dataclasses import dataclass

import numpy as np

from vultus.errors import InvalidValue


@dataclass(frozen=True, slots=True)
class Calibration:
    """A monotone, piecewise linear curve from cosine to probability.

    `similarities` rise strictly, `probabilities` never fall and stay inside (0, 1). `prior` is the
    share of same-person pairs that the probability assumes, `protocol` what it was fitted on.
    """

    similarities: tuple[float, ...]
    probabilities: tuple[float, ...]
    prior: float
    protocol: str

    def __post_init__(self) -> None:
        if len(self.similarities) != len(self.probabilities) or len(self.similarities) < 2:
            raise InvalidValue("calibration", "at least two knots of two numbers are needed")
        if (np.diff(self.similarities) <= 0).any() or (np.diff(self.probabilities) < 0).any():
            raise InvalidValue("calibration", "the curve must rise")
        if not all(0 < probability < 1 for probability in self.probabilities):
            raise InvalidValue("calibration", "probabilities must lie strictly between 0 and 1")

    def probability(self, similarity: float) -> float:
        """Probability that both templates are one person, in (0, 1); flat beyond the knots."""
        return float(np.interp(similarity, self.similarities, self.probabilities))
