import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.calibration import calibration_curve

from vultus.errors import InvalidValue, TooFewComparisons
from vultus.evaluation.metrics.calibration import (
    brier,
    calibration_error,
    expected_calibration_error,
    need_people,
    prior_weights,
    reliability,
)

SAID = np.array([0.1, 0.1, 0.2, 0.8, 0.9, 0.9])
SAME = np.array([False, False, True, False, True, True])
ONES = np.ones(6)


def test_brier_is_the_mean_squared_distance_from_the_truth() -> None:
    by_hand = (0.01 + 0.01 + 0.64 + 0.64 + 0.01 + 0.01) / 6
    assert brier(SAID, SAME, ONES) == pytest.approx(by_hand)


def test_the_calibration_error_is_the_mean_gap_of_the_bins() -> None:
    # Bins of three: 0.4 / 3 said and 1 / 3 so; 2.6 / 3 said and 2 / 3 so.
    assert expected_calibration_error(SAID, SAME, ONES, bins=2) == pytest.approx(0.6 / 3)


def test_the_diagram_says_what_was_said_and_what_was_so() -> None:
    diagram = reliability(SAID, SAME, prior=0.5, bins=2)
    low, high = diagram.bins
    assert (low.low, low.high, low.comparisons) == (0.1, 0.2, 3)
    assert low.said == pytest.approx(0.4 / 3)
    assert high.observed == pytest.approx(2 / 3)
    assert low.share == pytest.approx(0.5)


def test_weights_bring_the_data_to_a_prior() -> None:
    same = np.array([True, False, False, False])
    weights = prior_weights(same, 0.5)
    assert weights.sum() == pytest.approx(4)
    assert weights[same].sum() == pytest.approx(2)
    # One genuine comparison at 0.5 and three impostors at 0.5 are calibrated at even odds.
    assert expected_calibration_error(np.full(4, 0.5), same, weights) == pytest.approx(0)
    assert expected_calibration_error(np.full(4, 0.5), same, np.ones(4)) == pytest.approx(0.25)


@pytest.mark.parametrize("prior", [0.0, 1.0, -1.0, float("nan")])
def test_a_prior_that_is_no_share_is_refused(prior: float) -> None:
    with pytest.raises(InvalidValue):
        prior_weights(SAME, prior)


def test_one_kind_alone_has_no_prior() -> None:
    with pytest.raises(TooFewComparisons):
        prior_weights(np.ones(3, np.bool_), 0.5)


def test_a_calibration_error_takes_people_and_not_comparisons() -> None:
    first = np.repeat(np.arange(100), 2)
    second = np.where(np.arange(200) % 2, first, (first + 1) % 100)
    need_people(first, second, "It")
    with pytest.raises(TooFewComparisons, match="50 people in genuine comparisons; at least 100"):
        need_people(first[:100].repeat(9), second[:100].repeat(9), "It")
    impostors = first != second
    with pytest.raises(TooFewComparisons, match="0 people in genuine"):
        need_people(first[impostors], second[impostors], "It")
    with pytest.raises(TooFewComparisons, match="0 people in impostor"):
        need_people(first[~impostors], second[~impostors], "It")


@given(st.integers(0, 200))
def test_bins_are_those_of_scikit_learn_where_no_two_probabilities_are_equal(seed: int) -> None:
    rng = np.random.default_rng(seed)
    said = rng.permutation(np.linspace(0.01, 0.99, 150))
    same = rng.random(150) < said
    if not 0 < same.sum() < 150:
        return
    observed, mean = calibration_curve(same, said, n_bins=15, strategy="quantile")
    ours = expected_calibration_error(said, same, np.ones(150), bins=15)
    assert ours == pytest.approx(np.abs(observed - mean).mean())


def test_equal_probabilities_share_a_bin_whatever_their_order() -> None:
    said = np.repeat([0.2, 0.8], 50)
    same = np.tile([True, False], 50)
    shuffled = np.random.default_rng(0).permutation(100)
    one = expected_calibration_error(said, same, np.ones(100))
    assert one == pytest.approx(0.3)
    other = expected_calibration_error(said[shuffled], same[shuffled], np.ones(100))
    assert other == pytest.approx(one)


def test_what_is_honest_is_calibrated_and_what_boasts_is_not() -> None:
    rng = np.random.default_rng(1)
    said = rng.random(20_000)
    same = rng.random(20_000) < said
    assert expected_calibration_error(said, same, np.ones(20_000)) < 0.02
    boasting = np.where(said > 0.5, 0.99, 0.01)
    assert expected_calibration_error(boasting, same, np.ones(20_000)) > 0.2


def test_a_draw_keeps_the_share_of_genuine_comparisons() -> None:
    statistic = calibration_error(SAID, SAME, ONES, bins=2)
    drawn = np.where(SAME, 5.0, 1.0)[np.newaxis]
    assert statistic(drawn) == pytest.approx(statistic(np.ones((1, 6))))
