"""How much of the comparisons has which score: all that error rates are made of.

One array holds many weighings at once, so that a bootstrap over people is a few large operations.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from vultus.evaluation.metrics.trials import NOT_COMPARED

Floats = NDArray[np.float64]
Weights = NDArray[np.float64]
"""(B, N): B ways to weigh N comparisons. Weight 2 is the same as a comparison made twice."""


@dataclass(frozen=True, eq=False)
class Levels:
    """Weights by score, in B weighings.

    `values` (U,) are scores that rise strictly, `genuine` and `impostor` (B, U) the weights that
    have exactly that score. What is missing to `genuine_total` and `impostor_total` (B,) has lower
    scores, or none, and is refused at every one of `values`.
    """

    values: NDArray[np.float32]
    genuine: Floats
    impostor: Floats
    genuine_total: Floats
    impostor_total: Floats

    def fmr(self) -> Floats:
        """(B, U + 1) false match rates at each value as the threshold, and above them all."""
        return self._rates[0]

    def fnmr(self) -> Floats:
        """(B, U + 1) false non-match rates, likewise."""
        return self._rates[1]

    @cached_property
    def _rates(self) -> tuple[Floats, Floats]:
        # Every figure needs them, and to add up is most of the work.
        accepted = reaching(self.genuine) / self.genuine_total[:, np.newaxis]
        return reaching(self.impostor) / self.impostor_total[:, np.newaxis], 1 - accepted


class Order:
    """Comparisons in the order of their scores, to be weighed again and again."""

    def __init__(self, scores: NDArray[np.float32], genuine: NDArray[np.bool_]) -> None:
        """Sort (N,) scores; those `NOT_COMPARED` count in the totals alone."""
        self._kinds = genuine
        sorted_ = np.argsort(scores, kind="stable")
        self._order = sorted_[scores[sorted_] > NOT_COMPARED]
        self._genuine = genuine[self._order]
        self._values, self._starts = np.unique(scores[self._order], return_index=True)

    @property
    def values(self) -> NDArray[np.float32]:
        """(U,) the scores that occur, rising."""
        return self._values

    def levels(self, weights: Weights | None = None) -> Levels:
        """Weigh them; without weights each comparison counts once."""
        if weights is None:
            weights = np.ones((1, len(self._kinds)))
        rising = weights[:, self._order]
        genuine = rising * self._genuine
        return Levels(
            self._values,
            self._by_value(genuine),
            self._by_value(rising - genuine),
            weights @ self._kinds,
            weights @ ~self._kinds,
        )

    def _by_value(self, weights: Weights) -> Floats:
        if len(self._starts) == weights.shape[1]:
            return weights
        return np.add.reduceat(weights, self._starts, axis=1)


def levels_of(genuine: NDArray[np.float32], impostor: NDArray[np.float32]) -> Levels:
    """Each of (G,) genuine and (I,) impostor scores once."""
    is_genuine = np.arange(len(genuine) + len(impostor)) < len(genuine)
    return Order(np.concatenate([genuine, impostor]), is_genuine).levels()


def reaching(weights: Floats) -> Floats:
    """(B, U + 1): how much of (B, U) weights lies at each value or above, and above them all."""
    above = np.zeros((len(weights), weights.shape[1] + 1))
    above[:, :-1] = weights[:, ::-1].cumsum(axis=1)[:, ::-1]
    return above


def above(score: np.float32) -> np.float32:
    """The least threshold that refuses a score."""
    return np.float32(np.nextafter(score, np.float32(np.inf)))
