"""The probability that two images show one person, fitted to comparisons of known people."""

from collections.abc import Callable
from enum import StrEnum

import numpy as np
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

from vultus.evaluation.calibrate.knots import Floats, thinned
from vultus.evaluation.metrics.calibration import need_people
from vultus.evaluation.metrics.estimate import independent, rule_of_three
from vultus.evaluation.metrics.trials import Trials
from vultus.matching.calibration import PairCalibration

LEAST = 100
"""So many comparisons make an end of a curve: a last one alone says nothing."""
MOST_KNOTS = 40
PRIOR = 0.5


class Calibrator(StrEnum):
    """How a curve is fitted. Isotonic follows the data as it rises; logistic assumes an S."""

    ISOTONIC = "isotonic"
    LOGISTIC = "logistic"


Fit = Callable[[Trials], tuple[Floats, Floats]]
"""N comparisons to knots of a rising curve in (0, 1)."""


def fit_pairs(
    trials: Trials, protocol: str, calibrator: Calibrator = Calibrator.ISOTONIC
) -> PairCalibration:
    """Fit the probability of a pair, at a prior of 0.5.

    Raises:
        TooFewComparisons: fewer than 100 people are in genuine comparisons, or in impostor ones.
    """
    compared = trials.lenient()
    need_people(compared.first, compared.second, "The probability of a pair")
    xs, ys = FITS[calibrator](compared)
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


def _isotonic(compared: Trials) -> tuple[Floats, Floats]:
    scores, same = compared.scores.astype(np.float64), compared.genuine
    fitted = IsotonicRegression(out_of_bounds="clip").fit(scores, same)
    said = fitted.predict(scores)
    low, high = np.sort(said)[[LEAST - 1, -LEAST]]
    least, most = (_supported(compared.only(end)) for end in (said <= low, said >= high))
    return fitted.X_thresholds_, fitted.y_thresholds_.clip(least, most)


def _supported(end: Trials) -> float:
    """What can be said of an end of the curve: never more than so many people show."""
    bound = rule_of_three(independent(end.first, end.second))
    return min(max(float(end.genuine.mean()), bound), 1 - bound)


def _logistic(compared: Trials) -> tuple[Floats, Floats]:
    scores, same = compared.scores.astype(np.float64), compared.genuine
    middle, spread = scores.mean(), scores.std() or 1.0
    model = LogisticRegression(C=1e6).fit(((scores - middle) / spread)[:, np.newaxis], same)
    xs = np.linspace(scores.min(), scores.max(), 10 * MOST_KNOTS)
    ys = model.predict_proba(((xs - middle) / spread)[:, np.newaxis])[:, 1]
    genuine, impostor = (
        rule_of_three(independent(compared.first[kind], compared.second[kind]))
        for kind in (same, ~same)
    )
    return xs, np.maximum.accumulate(ys).clip(impostor, 1 - genuine)


FITS: dict[Calibrator, Fit] = {Calibrator.ISOTONIC: _isotonic, Calibrator.LOGISTIC: _logistic}
