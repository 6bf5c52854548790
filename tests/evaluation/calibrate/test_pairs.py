import numpy as np
import pytest

from crowd import crowd
from vultus.errors import TooFewComparisons
from vultus.evaluation.calibrate.pairs import Calibrator, cross_fitted, fit_pairs
from vultus.evaluation.calibrate.sample import sampled_trials
from vultus.evaluation.metrics.calibration import expected_calibration_error, prior_weights

TRIALS = sampled_trials(*crowd(600, photos=4))


@pytest.mark.parametrize("calibrator", Calibrator)
def test_people_never_seen_are_given_probabilities_that_hold(calibrator: Calibrator) -> None:
    said = cross_fitted(TRIALS, calibrator)
    weights = prior_weights(TRIALS.genuine, 0.5)
    assert expected_calibration_error(said, TRIALS.genuine, weights) < 0.02


@pytest.mark.parametrize("calibrator", Calibrator)
def test_a_curve_has_few_knots_and_states_its_prior(calibrator: Calibrator) -> None:
    curve = fit_pairs(TRIALS, "made up", calibrator)
    assert len(curve.similarities) <= 40
    assert (curve.prior, curve.protocol) == (0.5, "made up")
    assert curve.probability(-1) < 0.05
    assert curve.probability(1) > 0.95


@pytest.mark.parametrize("calibrator", Calibrator)
def test_nothing_is_said_that_so_many_people_cannot_support(calibrator: Calibrator) -> None:
    # 600 people make 3,600 genuine comparisons; two make one of the impostor ones.
    curve = fit_pairs(TRIALS, "made up", calibrator)
    assert 1 - curve.probability(1) >= 3 / 600 * 0.9
    assert curve.probability(-1) >= 3 / 300 * 0.9


@pytest.mark.parametrize("calibrator", Calibrator)
def test_more_photos_of_the_same_people_make_nothing_surer(calibrator: Calibrator) -> None:
    few, many = (
        fit_pairs(sampled_trials(*crowd(150, photos, spread=0.2)), "made up", calibrator)
        for photos in (3, 9)
    )
    for curve in (few, many):
        assert 1 - curve.probability(1) == pytest.approx(3 / 150, rel=0.25)
        assert curve.probability(-1) == pytest.approx(3 / 75, rel=0.25)


def test_a_lone_error_at_the_end_does_not_hide_behind_a_few_others() -> None:
    # The most similar pair of two people: what lies above it is too little to be certain of.
    scores = TRIALS.scores.copy()
    scores[np.flatnonzero(~TRIALS.genuine)[0]] = np.sort(scores)[-5]
    spoilt = type(TRIALS)(scores, TRIALS.first, TRIALS.second, TRIALS.rows, TRIALS.folds)
    assert fit_pairs(spoilt, "made up").probability(1) < 1 - 1 / TRIALS.genuine.sum()


def test_the_mix_of_the_data_does_not_move_the_curve() -> None:
    kept = np.flatnonzero(TRIALS.genuine | (np.arange(len(TRIALS)) % 4 == 0))
    rarer = fit_pairs(TRIALS.only(kept), "a quarter of the impostors", Calibrator.LOGISTIC)
    whole = fit_pairs(TRIALS, "all", Calibrator.LOGISTIC)
    middles = np.linspace(0.3, 0.7, 9)
    for similarity in middles:
        assert rarer.probability(similarity) == pytest.approx(
            whole.probability(similarity), abs=0.06
        )


def test_too_few_people_are_refused_however_many_photos_they_have() -> None:
    with pytest.raises(TooFewComparisons, match="99 people in genuine comparisons; at least 100"):
        fit_pairs(sampled_trials(*crowd(99, photos=6)), "too few")


def test_what_never_took_place_has_no_probability() -> None:
    scores = TRIALS.scores.copy()
    scores[7] = -2
    some = type(TRIALS)(scores, TRIALS.first, TRIALS.second, TRIALS.rows, TRIALS.folds)
    assert np.isnan(cross_fitted(some)).tolist() == [row == 7 for row in range(len(some))]
