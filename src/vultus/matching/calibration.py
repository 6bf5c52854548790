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
from numpy.typing import NDArray

from vultus.errors import InvalidValue
from vultus.matching.size import SearchSize

MOST_POWER = 5
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PairCalibration:
    """A monotone curve from cosine to probability.

    Its knots are `similarities`, which rise strictly, and `probabilities`, which never fall and
    stay inside (0, 1); between them it is linear. `prior` is the share of same-person pairs that
    its answers assume. `knots_prior` is the share that the knots assume, where that is another;
    None where it is the same. `protocol` says what it was fitted on.
    """

    similarities: tuple[float, ...]
    probabilities: tuple[float, ...]
    prior: float
    protocol: str
    knots_prior: float | None = None

    def __post_init__(self) -> None:
        check_curve("calibration", self.similarities, self.probabilities)
        priors = [each for each in (self.prior, self.knots_prior) if each is not None]
        if not all(0 < number < 1 for number in (*priors, *self.probabilities)):
            raise InvalidValue("calibration", "probabilities must lie strictly between 0 and 1")

    def probability(self, similarity: float) -> float:
        """Probability that both templates are one person, in (0, 1); flat beyond the knots."""
        return float(self.probabilities_of(np.float64(similarity)))

    def probabilities_of(self, similarities: NDArray[np.floating] | np.float64) -> Floats:
        """The same of many similarities at once, in their shape."""
        said: Floats = np.asarray(np.interp(similarities, self.similarities, self.probabilities))
        if self.knots_prior is None:
            return said
        # Bayes' rule for each answer. Knots that are moved, and joined by lines, break it.
        same = said * (self.prior / self.knots_prior)
        different = (1 - said) * ((1 - self.prior) / (1 - self.knots_prior))
        moved: Floats = same / (same + different)
        return moved

    def at_prior(self, prior: float) -> Self:
        """The same evidence where a share `prior` of all pairs is of one person: Bayes' rule.

        Raises:
            InvalidValue: the prior is not strictly between 0 and 1.
        """
        if not 0 < prior < 1:
            raise InvalidValue("prior", f"{prior} is not strictly between 0 and 1")
        fitted = self.prior if self.knots_prior is None else self.knots_prior
        return replace(self, prior=prior, knots_prior=None if prior == fitted else fitted)


@dataclass(frozen=True, slots=True)
class SearchCalibration:
    """How probably the most similar of N subjects is the person searched for.

    The log-odds of it are those on the knots, (`similarities`, `log_odds`), from which two terms
    are taken off. The first is `growth` times ln N. Were all subjects independent, `growth` would
    be 1: among twice as many, a stranger comes as close twice as often. The second is `crowding`
    times the logarithm of the comparisons per subject: the more photos a subject has, the more
    often a stranger resembles one of them, and the closer the subject comes to photos of their own,
    so that the same similarity says less. `least` and `most` bound the probability to what the data
    can support. `strangers` is the share of searches for people who are not enrolled.
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
class SearchProbabilities:
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

    def of_searches(self, size: SearchSize) -> SearchProbabilities | None:
        """The probabilities of searches of a size; None where none were fitted."""
        return SearchProbabilities(self.search, size) if self.search else None


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
