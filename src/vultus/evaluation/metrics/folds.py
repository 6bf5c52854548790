"""Accuracy over folds: each is decided at the threshold that decides best on all the others.

Source: Huang et al., Labeled Faces in the Wild (2007), the View 2 protocol.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vultus.errors import TooFewComparisons
from vultus.evaluation.metrics.estimate import Estimate, bounded_share, estimate, independent
from vultus.evaluation.metrics.levels import Floats, Levels, Order, Weights, above, reaching
from vultus.evaluation.metrics.resampling import Resampling, Statistic
from vultus.evaluation.metrics.trials import Trials

Decided = tuple[Floats, Floats]
"""(B, F) shares of right decisions, and the thresholds that made them."""
LOWEST, HIGHEST = -1.0, float(above(np.float32(1)))
"""Thresholds that accept every cosine, and none."""


@dataclass(frozen=True, slots=True)
class FoldAccuracy:
    """Share of right decisions: the mean over the folds, and `standard_error` of that mean.

    `shares` and `thresholds` are those of each fold.
    """

    mean: Estimate
    standard_error: float
    shares: tuple[float, ...]
    thresholds: tuple[float, ...]


def accuracy_over_folds(trials: Trials, resampling: Resampling) -> FoldAccuracy:
    """Decide each fold at the threshold of the others.

    Raises:
        TooFewComparisons: there are not two folds.
    """
    folds = len(np.unique(trials.folds))
    if folds < 2:
        raise TooFewComparisons("Accuracy over folds", folds, 2, "folds")
    shares, thresholds = _Folds(trials).decide(np.ones((1, len(trials))))
    replicates = resampling.replicate(fold_accuracy(trials), trials.first, trials.second)
    mean = estimate(float(shares[0].mean()), replicates[:, 0])
    return FoldAccuracy(
        bounded_share(mean, independent(trials.first, trials.second)),
        float(np.std(shares[0], ddof=1) / math.sqrt(folds)),
        tuple(shares[0].tolist()),
        tuple(thresholds[0].tolist()),
    )


def fold_accuracy(trials: Trials) -> Statistic:
    """The mean share of right decisions over the folds, for a bootstrap."""
    folds = _Folds(trials)

    def statistic(weights: Weights) -> Floats:
        shares, _ = folds.decide(weights)
        counted = np.isfinite(shares)
        sums: Floats = np.where(counted, shares, 0).sum(axis=1, keepdims=True)
        means: Floats = sums / counted.sum(axis=1, keepdims=True)
        return means

    return statistic


class _Folds:
    def __init__(self, trials: Trials) -> None:
        self._order = Order(trials.scores, trials.genuine)
        values = self._order.values.astype(np.float64)
        # Between two neighbouring scores every threshold decides alike.
        self._lows, self._highs = np.append(LOWEST, values), np.append(values, HIGHEST)
        self._parts = [_Part(trials, fold, self._highs) for fold in np.unique(trials.folds)]

    def decide(self, weights: Weights) -> Decided:
        right = _right(self._order.levels(weights))
        shares, thresholds = [], []
        for part in self._parts:
            own, total = part.right(weights)
            threshold = self._best(right - own[:, part.places])
            decided = np.take_along_axis(own, part.place(threshold)[:, np.newaxis], axis=1)
            shares.append(decided[:, 0] / total)
            thresholds.append(threshold)
        return np.stack(shares, axis=1), np.stack(thresholds, axis=1)

    def _best(self, right: Floats) -> Floats:
        """(B,): the middle of the widest range of thresholds that decide most rightly.

        A score that only the held-out fold has, or nobody in a draw, changes nothing at `right`, so
        that no range ends there: both ends are scores of the other folds.
        """
        best = right >= right.max(axis=1, keepdims=True) - 0.5
        begins = best.copy()
        begins[:, 1:] &= ~best[:, :-1]
        lows = np.maximum.accumulate(np.where(begins, self._lows, -np.inf), axis=1)
        widths = np.where(best, self._highs - lows, -1)
        ends = widths.argmax(axis=1)
        low = np.take_along_axis(lows, ends[:, np.newaxis], axis=1)[:, 0]
        middle: Floats = (low + self._highs[ends]) / 2
        return middle


class _Part:
    """The comparisons of one fold; `places` say where the scores of all folds stand among them."""

    def __init__(self, trials: Trials, fold: int, values: Floats) -> None:
        self._rows = np.flatnonzero(trials.folds == fold)
        own = trials.only(self._rows)
        self._order = Order(own.scores, own.genuine)
        self.places = self.place(values)

    def place(self, thresholds: Floats) -> NDArray[np.int64]:
        """(T,) the first of the fold's own scores that reaches each threshold."""
        return np.searchsorted(self._order.values.astype(np.float64), thresholds)

    def right(self, weights: Weights) -> tuple[Floats, Floats]:
        """(B, V + 1) weights of right decisions at the fold's own scores, and (B,) all weights."""
        own = weights[:, self._rows]
        return _right(self._order.levels(own)), own.sum(axis=1)


def _right(levels: Levels) -> Floats:
    """(B, U + 1): the weight of right decisions at each value as the threshold."""
    refused = levels.impostor_total[:, np.newaxis] - reaching(levels.impostor)
    return reaching(levels.genuine) + refused
