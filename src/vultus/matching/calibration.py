"""From similarity to probability. There are two, and they answer different questions.

The probability of a *pair* says of two given images whether they show one person. That of a
*search* says of the most similar of N subjects whether it is the person searched for: the larger
the gallery, the more strangers come that close, so the same similarity means less.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from vultus.errors import InvalidValue
from vultus.matching.size import SearchSize

MOST_POWER = 5


@dataclass(frozen=True, slots=True)
class PairCalibration:
    """A monotone, piecewise linear curve from cosine to probability.

    `similarities` rise strictly, `probabilities` never fall and stay inside (0, 1). `prior` is the
    share of same-person pairs that the probability assumes, `protocol` what it was fitted on.
    """

    similarities: tuple[float, ...]
    probabilities: tuple[float, ...]
    prior: float
    protocol: str

    def __post_init__(self) -> None:
        check_curve("calibration", self.similarities, self.probabilities)
        if not all(0 < number < 1 for number in (self.prior, *self.probabilities)):
            raise InvalidValue("calibration", "probabilities must lie strictly between 0 and 1")

    def probability(self, similarity: float) -> float:
        """Probability that both templates are one person, in (0, 1); flat beyond the knots."""
        return float(np.interp(similarity, self.similarities, self.probabilities))

    def at_prior(self, prior: float) -> Self:
        """The same evidence where a share `prior` of all pairs is of one person: Bayes' rule.

        Raises:
            InvalidValue: the prior is not strictly between 0 and 1.
        """
        if not 0 < prior < 1:
            raise InvalidValue("prior", f"{prior} is not strictly between 0 and 1")
        shift = log_odds(prior) - log_odds(self.prior)
        moved = tuple(logistic(log_odds(each) + shift) for each in self.probabilities)
        return replace(self, probabilities=moved, prior=prior)


@dataclass(frozen=True, slots=True)
class SearchCalibration:
    """How probably the most similar of N subjects is the person searched for.

    The log-odds of it are those on the knots, (`similarities`, `log_odds`), less `growth` times
    ln N: with independent subjects `growth` is 1, for twice as many strangers come twice as often
    that close. Less, too, `crowding` times the logarithm of the comparisons per subject, for one
    with several photos is mistaken more often, and comes closer when right. `least` and `most`
    bound what is ever said: more the data cannot support. `strangers` is the share of searches for
    somebody who is not enrolled.
    """

    similarities: tuple[float, ...]
    log_odds: tuple[float, ...]
    growth: float
    crowding: float
    least: float
    most: float
    strangers: float
    protocol: str

    def __post_init__(self) -> None:
        check_curve("calibration", self.similarities, self.log_odds)
        if not (0 <= self.growth <= MOST_POWER and 0 <= self.crowding <= MOST_POWER):
            raise InvalidValue("calibration", "growth and crowding must lie in [0, 5]")
        if not 0 < self.least <= self.most < 1 or not 0 < self.strangers < 1:
            raise InvalidValue("calibration", "probabilities must lie strictly between 0 and 1")

    def probability(self, similarity: float, size: SearchSize) -> float:
        """Probability that the best subject, which came with `similarity`, is the one."""
        at_one = float(np.interp(similarity, self.similarities, self.log_odds))
        grown = self.growth * math.log(max(size.subjects, 1))
        said = logistic(at_one - grown - self.crowding * math.log(size.per_subject))
        return min(max(said, self.least), self.most)


@dataclass(frozen=True, slots=True)
class Chances:
    """The probabilities of searches of one size."""

    search: SearchCalibration
    size: SearchSize

    def ranked(self, similarities: Sequence[float]) -> tuple[float, ...]:
        """Probabilities of the first candidates of a search, best first; their sum is below 1.

        The best one's is the search's. The others share what it leaves, by their own odds and
        those of nobody.
        """
        if not similarities:
            return ()
        best, *others = (self.search.probability(each, self.size) for each in similarities)
        odds = [each / (1 - each) for each in others]
        return best, *((1 - best) * each / (1 + sum(odds)) for each in odds)


@dataclass(frozen=True, slots=True)
class Calibration:
    """What a pack knows of probability: of pairs, and of searches where that was fitted, too."""

    pair: PairCalibration
    search: SearchCalibration | None = None

    def of_searches(self, size: SearchSize) -> Chances | None:
        """The probabilities of searches of a size; None where none were fitted."""
        return Chances(self.search, size) if self.search else None


def check_curve(name: str, xs: Sequence[float], ys: Sequence[float]) -> None:
    """Make sure that two or more knots rise strictly in x, and never fall in y.

    Raises:
        InvalidValue: they do not.
    """
    if len(xs) != len(ys) or len(xs) < 2:
        raise InvalidValue(name, "at least two knots of two numbers are needed")
    if not np.isfinite([*xs, *ys]).all():
        raise InvalidValue(name, "a knot is not finite")
    if (np.diff(xs) <= 0).any() or (np.diff(ys) < 0).any():
        raise InvalidValue(name, "the curve must rise")


def log_odds(probability: float) -> float:
    """ln(p / (1 - p)) of a probability strictly between 0 and 1."""
    return math.log(probability) - math.log1p(-probability)


def logistic(odds: float) -> float:
    """The probability whose log-odds are `odds`."""
    return 1 / (1 + math.exp(-odds)) if odds >= 0 else 1 - logistic(-odds)
