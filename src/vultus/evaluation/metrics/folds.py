"""Accuracy over folds: each is decided at the threshold that decides best on all the others.

Such a threshold is one of the scores of the others: those of the fold itself have no say in it.

Source: Huang et al., Labeled Faces in the Wild (2007), the View 2 protocol.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vultus.errors import TooFewComparisons
from vultus.evaluation.metrics.estimate import Estimate, estimate
from vultus.evaluation.metrics.levels import Floats, Levels, Order, Weights, reaching
from vultus.evaluation.metrics.resampling import Resampling, Statistic
from vultus.evaluation.metrics.trials import Trials

Decided = tuple[Floats, Floats]
"""(B, F) shares of right decisions, and the thresholds that made them."""


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
        raise TooFewComparisons("accuracy over folds", folds, 2)
    shares, thresholds = _Folds(trials).decide(np.ones((1, len(trials))))
    replicates = resampling.replicate(fold_accuracy(trials), trials.first, trials.second)
    return FoldAccuracy(
        estimate(float(shares[0].mean()), replicates[:, 0]),
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
        self._ends = np.append(self._order.values, np.float32(np.inf))
        self._parts = [_Part(trials, fold, self._ends) for fold in np.unique(trials.folds)]

    def decide(self, weights: Weights) -> Decided:
        right = _right(self._order.levels(weights))
        shares, thresholds = [], []
        for part in self._parts:
            own, total = part.right(weights)
            others = right - own
            others[:, part.alone] = -np.inf
            best = _best(others)
            shares.append(np.take_along_axis(own, best[:, np.newaxis], axis=1)[:, 0] / total)
            thresholds.append(self._ends[best].astype(np.float64))
        return np.stack(shares, axis=1), np.stack(thresholds, axis=1)


class _Part:
    """The comparisons of one fold; `alone` are places of `ends` that no other has."""

    def __init__(self, trials: Trials, fold: int, ends: NDArray[np.float32]) -> None:
        self._rows = np.flatnonzero(trials.folds == fold)
        own = trials.only(self._rows)
        self._order = Order(own.scores, own.genuine)
        self._places = np.searchsorted(self._order.values, ends)
        others = np.append(trials.scores[trials.folds != fold], np.float32(np.inf))
        self.alone = np.flatnonzero(~np.isin(ends, others))

    def right(self, weights: Weights) -> tuple[Floats, Floats]:
        """(B, U + 1) weights of right decisions at every one of `ends`, and (B,) all weights."""
        own = weights[:, self._rows]
        return np.take(_right(self._order.levels(own)), self._places, axis=1), own.sum(axis=1)


def _right(levels: Levels) -> Floats:
    """(B, U + 1): the weight of right decisions at each value as the threshold."""
    refused = levels.impostor_total[:, np.newaxis] - reaching(levels.impostor)
    return reaching(levels.genuine) + refused


def _best(right: Floats) -> NDArray[np.int64]:
    """(B,): where most is right; the middle one of several such places."""
    best = right >= right.max(axis=1, keepdims=True) - 0.5
    middle = best.sum(axis=1) // 2 + 1
    places: NDArray[np.int64] = np.argmax(best.cumsum(axis=1) >= middle[:, np.newaxis], axis=1)
    return places
