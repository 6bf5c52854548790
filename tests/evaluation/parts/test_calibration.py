import numpy as np
import pytest

from comparisons import some_trials
from vultus.evaluation.metrics.calibration import prior_weights
from vultus.evaluation.metrics.resampling import Resampling
from vultus.evaluation.parts import calibration
from vultus.matching.calibration import PairCalibration


def test_what_is_judged_is_what_the_pack_says_at_its_prior() -> None:
    trials = some_trials(40, 0)
    stated = PairCalibration((-1, 0.2, 0.6), (0.01, 0.3, 0.99), 0.5, "made up").at_prior(0.1)
    brier = calibration.figures(trials, stated, Resampling(1))[1]
    said = np.array([stated.probability(float(score)) for score in trials.scores])
    weights = prior_weights(trials.genuine, 0.1)
    assert brier.value == pytest.approx(np.average((said - trials.genuine) ** 2, weights=weights))
