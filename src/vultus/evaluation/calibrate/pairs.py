"""The probability that two images show one person, fitted to comparisons of known people."""

from collections.abc import Callable
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

from vultus.errors import TooFewComparisons
from vultus.evaluation.calibrate.knots import Floats, thinned
from vultus.evaluation.metrics.estimate import rule_of_three
from vultus.evaluation.metrics.trials import Trials
from vultus.matching.calibration import PairCalibration

LEAST = 100
"""So many comparisons of each kind are needed; of fewer a curve would show their accidents."""
MOST_KNOTS = 40
PRIOR = 0.5


class Calibrator(StrEnum):
    """How a curve is fitted. Isotonic follows the data as it rises; logistic assumes an S."""

    ISOTONIC = "isotonic"
    LOGISTIC = "logistic"


Fit = Callable[[Floats, NDArray[np.bool_]], tuple[Floats, Floats]]
"""(N,) scores and whether each is of one person, to knots of a rising curve in (0, 1)."""


def fit_pairs(
    trials: Trials, protocol: str, calibrator: Calibrator = Calibrator.ISOTONIC
) -> PairCalibration:
    """Fit the probability of a pair, at a prior of 0.5.

    Raises:
        TooFewComparisons: fewer than 100 are of one person, or of two.
    """
    compared = trials.lenient()
    xs, ys = _fitted(compared, calibrator)
    similarities, probabilities = thinned(xs, ys, MOST_KNOTS)
    share = float(compared.genuine.mean())
    moved = PairCalibration(similarities, probabilities, share, protocol).at_prior(PRIOR)
    knots = tuple(moved.probability(each) for each in similarities)
    return PairCalibration(similarities, knots, PRIOR, protocol)


def cross_fitted(trials: Trials, calibrator: Calibrator = Calibrator.ISOTONIC) -> Floats:
    """(N,) probabilities of trials, those of each fold by a curve that never saw its people.

    NaN where a trial never took place. The folds must have no person in common.
    """
    said = np.full(len(trials), np.nan)
    for fold in np.unique(trials.folds):
        held_out = trials.folds == fold
        curve = fit_pairs(trials.only(~held_out), "the other folds", calibrator)
        known = held_out & trials.compared
        said[known] = np.interp(trials.scores[known], curve.similarities, curve.probabilities)
    return said


def _fitted(compared: Trials, calibrator: Calibrator) -> tuple[Floats, Floats]:
    same = compared.genuine
    rarer = int(min(same.sum(), (~same).sum()))
    if rarer < LEAST:
        raise TooFewComparisons("The probability of a pair, by the rarer kind,", rarer, LEAST)
    return FITS[calibrator](compared.scores.astype(np.float64), same)


def _isotonic(scores: Floats, same: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    fitted = IsotonicRegression(out_of_bounds="clip").fit(scores, same)
    said = fitted.predict(scores)
    low, high = np.sort(said)[[LEAST - 1, -LEAST]]
    least, most = (_supported(same[end]) for end in (said <= low, said >= high))
    return fitted.X_thresholds_, fitted.y_thresholds_.clip(least, most)


def _supported(same: NDArray[np.bool_]) -> float:
    """What can be said of an end of the curve: never more than so many comparisons show."""
    bound = rule_of_three(len(same))
    return min(max(float(same.mean()), bound), 1 - bound)


def _logistic(scores: Floats, same: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    middle, spread = scores.mean(), scores.std() or 1.0
    model = LogisticRegression(C=1e6).fit(((scores - middle) / spread)[:, np.newaxis], same)
    xs = np.linspace(scores.min(), scores.max(), 10 * MOST_KNOTS)
    ys = model.predict_proba(((xs - middle) / spread)[:, np.newaxis])[:, 1]
    least, most = rule_of_three(int((~same).sum())), 1 - rule_of_three(int(same.sum()))
    return xs, np.maximum.accumulate(ys).clip(least, most)


FITS: dict[Calibrator, Fit] = {Calibrator.ISOTONIC: _isotonic, Calibrator.LOGISTIC: _logistic}
