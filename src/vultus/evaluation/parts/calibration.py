"""Whether the probabilities that a pack states hold on these pairs."""

import numpy as np

from vultus.errors import TooFewComparisons
from vultus.evaluation.metrics.calibration import (
    brier,
    calibration_error,
    expected_calibration_error,
    need_people,
    prior_weights,
    reliability,
)
from vultus.evaluation.metrics.estimate import estimate
from vultus.evaluation.metrics.levels import Floats
from vultus.evaluation.metrics.resampling import Resampling
from vultus.evaluation.metrics.trials import Trials
from vultus.evaluation.parts import charts, trade_off
from vultus.evaluation.report.chart import Chart
from vultus.evaluation.report.figure import Figure
from vultus.matching.calibration import PairCalibration

FIGURE = "The calibration error"


def figures(
    trials: Trials, calibration: PairCalibration, resampling: Resampling
) -> tuple[Figure, Figure]:
    """The calibration error with its interval, and the Brier score, at the calibration's prior.

    Raises:
        TooFewComparisons: no pair of one kind could be compared.
    """
    compared = trials.lenient()
    said, same = _said(compared, calibration), compared.genuine
    weights = prior_weights(same, calibration.prior)
    return (
        _error(compared, said, weights, calibration, resampling),
        Figure(
            "calibration.brier",
            "Brier score",
            brier(said, same, weights),
            "Mean squared distance of the stated probability from the truth, 0 or 1. 0 is best; "
            "always saying 50 % gives 0.25.",
            unit="similarity",
            better="lower",
        ),
    )


def charts_of(trials: Trials, calibration: PairCalibration) -> tuple[Chart, ...]:
    """The reliability diagram, if there are enough people for one."""
    compared = trials.lenient()
    try:
        need_people(compared.first, compared.second, FIGURE)
    except TooFewComparisons:
        return ()
    said = _said(compared, calibration)
    return (charts.reliability(reliability(said, compared.genuine, calibration.prior)),)


def _error(
    compared: Trials,
    said: Floats,
    weights: Floats,
    calibration: PairCalibration,
    resampling: Resampling,
) -> Figure:
    key, title = "calibration.ece", "Calibration error (ECE)"
    try:
        need_people(compared.first, compared.second, FIGURE)
    except TooFewComparisons as error:
        return Figure(key, title, None, str(error))
    same = compared.genuine
    replicates = resampling.replicate(
        calibration_error(said, same, weights), compared.first, compared.second
    )
    measured = estimate(expected_calibration_error(said, same, weights), replicates[:, 0])
    fitted = f"at a prior of {calibration.prior:g}; fitted on {calibration.protocol}"
    return trade_off.of_estimate(
        key,
        title,
        measured,
        "How far the stated probability of a pair is from the share that is so, on average "
        f"over 15 bins, {fitted}. On the people it was fitted on it looks better than it is.",
    )


def _said(trials: Trials, calibration: PairCalibration) -> Floats:
    return np.asarray(calibration.probabilities_of(trials.scores), np.float64)
